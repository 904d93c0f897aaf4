"""Weak slices: how often whole runs name one where nothing happened, and the one to which something did."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import sqrt

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.stats import norm

from benchmarks.verify_stats.simulate import sizes, unit_traits
from benchmarks.verify_stats.study import HEAVY, REFERENCE_UNITS, UNITS, Cell, Right
from dawnwatch import Config, Monitor, TriagePacket

__all__ = ["FLATTER", "HEALTHY", "SICK", "flatter_cells", "healthy_cells", "weak_cells"]

HEALTHY, FLATTER, SICK = 200, 300, 50
"""Simulated runs of each row: each profiles and judges two whole windows."""
REFERENCE_ROWS = 20_000
AUC = 0.8
TRAITS = 0.5
"""Standard deviation of the units' mean scores, and of their base rates on the logistic scale."""
CATEGORIES = {"plan": 2, "device": 3, "store": 5, "line": 5, "route": 10}
NUMBERS = ("fare", "age", "speed")
Columns = dict[str, NDArray[np.int64]]
Texts = frozenset[str]

WEAK: dict[str, tuple[Texts, float]] = {
    "one condition, 20 % of rows": (frozenset({"store = v0"}), 0.2),
    "one condition, 20 % of rows, falls by 0.1": (frozenset({"store = v0"}), 0.1),
    "two conditions, 17 % of rows": (frozenset({"plan = v0", "device = v0"}), 0.2),
    "three conditions, 13 % of rows": (frozenset({"plan = v0", "device = v0", "line = v0"}), 0.2),
}
"""What gets worse, and by how much its AUC falls. In the last row `line` has v0 in four rows of five."""
GROWN = "a bad one, from 10 to 40 % of rows"


def _window(
    rng: np.random.Generator,
    units: int,
    rows: int,
    clustered: bool,
    *,
    weak: Texts = frozenset(),
    auc: float = AUC,
    all_auc: float = AUC,
    share: float | None = None,
) -> pa.Table:
    """A window; within the slice of these conditions the AUC is `auc`, in all other rows `all_auc`.

    Every column is drawn by itself, but for `city`, which a unit keeps. `share` of the rows has store v0, if given.
    """
    traits = TRAITS if clustered else 0.0
    unit = np.repeat(np.arange(units), sizes(rng, units, rows, HEAVY["heavy"]))
    mean, rate = unit_traits(rng, units, traits)
    columns = {name: rng.integers(0, size, rows) for name, size in CATEGORIES.items()}
    if "line = v0" in weak:
        columns["line"] = np.where(rng.random(rows) < 0.75, 0, columns["line"])
    if share is not None:
        columns["store"] = np.where(rng.random(rows) < share, 0, rng.integers(1, 5, rows))
    columns["city"] = rng.integers(0, 6, units)[unit]
    inside = np.full(rows, bool(weak))
    for condition in weak:
        name, value = condition.split(" = v")
        inside &= columns[name] == int(value)
    label = (rng.random(rows) < rate[unit]).astype(np.int64)
    apart = np.where(inside, norm.ppf(auc), norm.ppf(all_auc)) * sqrt(2 + 2 * traits**2)
    score = mean[unit] + apart * label + rng.normal(size=rows)
    named = {name: np.char.add("v", codes.astype(str)) for name, codes in columns.items()}
    numbers = {name: rng.normal(size=rows) for name in NUMBERS}
    return pa.table({"event": np.arange(rows), "unit": unit, **named, **numbers, "label": label, "score": score})


def _sloped(rng: np.random.Generator, units: int, rows: int, clustered: bool, slope: float) -> pa.Table:
    """A window whose scores are the log odds of the labels where `slope` is 1; the less it is, the less they tell.

    The log odds rise with `fare`, by one for a standard deviation, and in a store.
    """
    window = _window(rng, units, rows, clustered)
    mean = unit_traits(rng, units, TRAITS if clustered else 0.0)[0]
    in_store = np.asarray(window["store"]) == "v0"
    score = np.asarray(window["fare"]) + in_store / 2 + mean[np.asarray(window["unit"])]
    label = (rng.random(rows) < 1 / (1 + np.exp(-slope * score))).astype(np.int64)
    return window.drop_columns(["label", "score"]).append_column("label", [label]).append_column("score", [score])


def _judged(reference: pa.Table, current: pa.Table, clustered: bool) -> TriagePacket:
    roles = {"label": "label", "score": "score", "keys": ["event"], "score_kind": "ranking"}
    watched = {name: {"monitor": True} for name in (*CATEGORIES, "city", *NUMBERS)}
    config = Config.from_dict({"roles": roles | ({"unit": "unit"} if clustered else {}), "columns": watched})
    return Monitor(config).fit(reference).check(current)


def _healthy(rows: int, clustered: bool, fallen: bool, rng: np.random.Generator) -> Right:
    reference = _window(rng, REFERENCE_UNITS, REFERENCE_ROWS, clustered)
    current = _window(rng, UNITS, rows, clustered, all_auc=AUC - 0.1 if fallen else AUC)
    packet = _judged(reference, current, clustered)
    falls = [(b.reference.value or 0.0) - (b.current.value or 0.0) for b in packet.performance.bins]
    return {
        "names a slice": bool(packet.diagnosis.weak_slices),
        "a bin seems to have fallen by 0.05": max(falls) > 0.05,
    }


def _flatter(slope: float, clustered: bool, rng: np.random.Generator) -> Right:
    reference = _sloped(rng, REFERENCE_UNITS, REFERENCE_ROWS, clustered, 1.0)
    found = _judged(reference, _sloped(rng, UNITS, 5000, clustered, slope), clustered).diagnosis.weak_slices
    return {"names a slice": bool(found), "says there is more of one": any(one.kind == "composition" for one in found)}


def _weak(kind: str, rows: int, clustered: bool, rng: np.random.Generator) -> Right:
    texts, fall = WEAK[kind]
    shape = {"weak": texts}
    reference = _window(rng, REFERENCE_UNITS, REFERENCE_ROWS, clustered, **shape)
    return _found(reference, _window(rng, UNITS, rows, clustered, **shape, auc=AUC - fall), texts, clustered)


def _grown(rows: int, clustered: bool, rng: np.random.Generator) -> Right:
    texts = frozenset({"store = v0"})
    reference, current = (
        _window(rng, units, size, clustered, weak=texts, auc=0.6, share=share)
        for units, size, share in ((REFERENCE_UNITS, REFERENCE_ROWS, 0.1), (UNITS, rows, 0.4))
    )
    return _found(reference, current, texts, clustered)


def _found(reference: pa.Table, current: pa.Table, texts: Texts, clustered: bool) -> Right:
    found = _judged(reference, current, clustered).diagnosis.weak_slices
    named = [frozenset(condition.text for condition in one.conditions) for one in found]
    return {
        "named first": named[:1] == [texts],
        "named": texts in named,
        "names another": any(one != texts for one in named),
    }


def healthy_cells() -> Iterator[Cell]:
    """Where nothing happened, and where the whole model got worse, so that no slice is to blame."""
    for clustered, alike in ((False, "none"), (True, "medium")):
        for rows in (2000, 5000, 20_000):
            yield Cell(("nothing", alike, f"{rows:,}"), partial(_healthy, rows, clustered, False))
        yield Cell(("all rows fell by 0.1", alike, "5,000"), partial(_healthy, 5000, clustered, True))


def flatter_cells() -> Iterator[Cell]:
    """Where labels follow the scores less in every row alike: in bins of high scores there are then fewer positives."""
    for clustered, alike in ((False, "none"), (True, "medium")):
        for slope in (0.6, 0.4):
            yield Cell((f"1 to {slope}", alike, "5,000"), partial(_flatter, slope, clustered))


def weak_cells() -> Iterator[Cell]:
    """One slice got worse by 0.2 unless it says otherwise, or grew."""
    for clustered, alike, rows in ((False, "none", 5000), (True, "medium", 5000), (True, "medium", 2000)):
        for kind in WEAK:
            yield Cell((kind, alike, f"{rows:,}"), partial(_weak, kind, rows, clustered))
        yield Cell((GROWN, alike, f"{rows:,}"), partial(_grown, rows, clustered))
