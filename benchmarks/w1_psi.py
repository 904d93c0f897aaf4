"""W1: PSI of twenty features, a million rows against a million."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import data, ours
from benchmarks.limits import binned, decode
from benchmarks.peers.line import Task, Timed
from benchmarks.work import Contestant, Group, Scale, Target, Work

__all__ = ["WORK"]

ROWS = 1_000_000
NAMES = data.columns_of(data.drifted(moved=False))
NUMBERS, TEXTS = [n for n in NAMES if n[0] == "x"], [n for n in NAMES if n[0] == "c"]
TABLES = {"columns": {name: {"monitor": True} for name in NAMES}}


def _answer(packet: Any) -> dict[str, Any]:
    psi = {feature.name: feature.psi for feature in packet.drift.features}
    return {"features": len(psi), "largest PSI": max(psi.values()), "PSI": psi}


def _head(path: str, rows: int = 1000) -> Any:
    import pyarrow.parquet as pq

    return pq.ParquetFile(path).read_row_group(0).slice(0, rows)


def parquet(task: Task) -> Timed:
    """From scratch: both sides read from Parquet, the bins learned from the whole reference."""
    ours.warm(TABLES, _head(task["reference"]))
    return lambda: _answer(ours.fitted(TABLES, task["reference"]).check(task["current"]))


def frame(task: Task) -> Timed:
    """From scratch, from two pandas frames; `objects` makes their strings Python's, as in pandas 2."""
    import pandas as pd

    def read(path: str) -> pd.DataFrame:
        found = pd.read_parquet(path)
        return found.astype(dict.fromkeys(TEXTS, object)) if task.get("objects") else found

    ours.warm(TABLES, _head(task["reference"]).to_pandas())
    reference, current = read(task["reference"]), read(task["current"])
    return lambda: _answer(ours.fitted(TABLES, reference).check(current))


def check_fitted(task: Task) -> Timed:
    """The current side alone, on a monitor that was fitted before."""
    ours.warm(TABLES, _head(task["reference"]))
    monitor = ours.fitted(TABLES, task["reference"])
    return lambda: _answer(monitor.check(task["current"]))


def stored(task: Task) -> Timed:
    """The current side, with the reference read from its stored profile."""
    path = ours.stored_profile(TABLES, Path(task["reference"]))
    ours.warm(TABLES, _head(task["reference"]))
    return lambda: _answer(ours.fitted_from_profile(TABLES, path).check(task["current"]))


def _data(rows: int) -> dict[str, Any]:
    return {
        "reference": str(data.single("w1-reference", rows, data.drifted(moved=False))),
        "current": str(data.single("w1-current", rows, data.drifted(moved=True))),
        "numbers": NUMBERS,
        "texts": TEXTS,
    }


OURS, OURS_FRAME = "dawnwatch, from Parquet", "dawnwatch, from pandas"
OBJECTS = "dawnwatch, from pandas, strings as objects"
FITTED, STORED = "dawnwatch, current side only", "dawnwatch, stored reference profile"
EVIDENTLY, EVIDENTLY_PSI = "Evidently, DataDriftPreset", "Evidently, 20 × ValueDrift psi"
BINNED = "limit: decode and bin one side"


def _groups(scale: Scale) -> list[Group]:
    rows = scale.rows(ROWS)
    script = "evidently_psi"
    contestants = (
        Contestant(OURS, "w1_psi:parquet"),
        Contestant(OURS_FRAME, "w1_psi:frame"),
        Contestant(OBJECTS, "w1_psi:frame", settings={"objects": True}),
        Contestant(FITTED, "w1_psi:check_fitted", note="the reference was profiled before"),
        Contestant(STORED, "w1_psi:stored", note="reads the reference's profile, not its rows"),
        Contestant(EVIDENTLY, f"{script}:preset", "evidently", packages=("evidently",), note="its default methods"),
        Contestant(EVIDENTLY_PSI, f"{script}:psi", "evidently", packages=("evidently",)),
        Contestant("NannyML, Jensen-Shannon", "nannyml_univariate:jensen_shannon", "nannyml", packages=("nannyml",)),
        Contestant("NannyML, KS and chi-squared", "nannyml_univariate:tests", "nannyml", packages=("nannyml",)),
        Contestant("whylogs, two profiles and their drift", "whylogs_drift:drift", "whylogs", packages=("whylogs",)),
        Contestant("alibi-detect, TabularDrift", "alibi_tabular:tabular", "alibi-detect", packages=("alibi-detect",)),
        Contestant("frouros, PSI", "frouros_psi:psi", "frouros", packages=("frouros",), note="the ten numbers alone"),
        Contestant("limit: decode one side", "w1_psi:decode", limit=True),
        Contestant(BINNED, "w1_psi:binned", limit=True),
    )
    note = (
        "Peers start from frames (or arrays) that are already in memory; reading them is not in their time. Ours from "
        "Parquet reads both sides in its time, and also checks schema, missing values and duplicates."
    )
    return [Group("psi", rows, lambda: _data(rows), contestants, OURS_FRAME, note=note)]


WORK = Work(
    "W1",
    "PSI of 20 features, 1 M reference rows against 1 M current rows",
    _groups,
    (
        Target(
            "faster than Evidently's PSI, both from frames", lambda f: f.times("psi", EVIDENTLY_PSI, OURS_FRAME), 10
        ),
        Target("… strings as Python objects for both", lambda f: f.times("psi", EVIDENTLY_PSI, OBJECTS), 10),
        Target("faster than Evidently's DataDriftPreset", lambda f: f.times("psi", EVIDENTLY, OURS_FRAME), 10),
        Target(
            "current side with a stored profile, over decode and binning",
            lambda f: f.times("psi", STORED, BINNED),
            2,
            "at most",
        ),
    ),
    ("PSI values differ between libraries by how they bin; ours has the reference's exact quantiles.",),
)
# The functions that the worker finds here by name.
__all__ += ["binned", "check_fitted", "decode", "frame", "parquet", "stored"]
