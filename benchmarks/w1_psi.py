"""W1: PSI of twenty features, a million rows against a million."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import data, ours
from benchmarks.limits import binned, decode
from benchmarks.peers.line import Task, Timed
from benchmarks.work import DESIGN, Contestant, Group, Scale, Target, Work

__all__ = ["WORK"]

ROWS = 1_000_000
NAMES = data.columns_of(data.drifted(moved=False))
NUMBERS, TEXTS = [n for n in NAMES if n[0] == "x"], [n for n in NAMES if n[0] == "c"]
TABLES = {"columns": {name: {"monitor": True} for name in NAMES}}


def _answer(packet: Any) -> dict[str, Any]:
    psi = {feature.name: feature.psi for feature in packet.drift.features}
    return {"features": len(psi), "largest PSI": max(psi.values()), "PSI": psi, "loops": ours.loops()}


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
FITTED, STORED = "dawnwatch, current side only", "dawnwatch, stored reference profile, current side only"
NUMPY, NUMPY_STORED = f"{OURS}, NumPy loops", f"{STORED}, NumPy loops"
EVIDENTLY, EVIDENTLY_PSI = "Evidently, DataDriftPreset", "Evidently, 20 × ValueDrift psi"
NANNYML, NANNYML_KS = "NannyML, Jensen-Shannon", "NannyML, KS and chi-squared"
FROUROS = "frouros, PSI"
DECODE, BINNED = "limit: decode one side", "limit: decode and bin one side"
PLAIN = {"DAWNWATCH_NATIVE": "0"}


def _groups(scale: Scale) -> list[Group]:
    rows = scale.rows(ROWS)
    script = "evidently_psi"
    contestants = (
        Contestant(OURS, "w1_psi:parquet"),
        Contestant(OURS_FRAME, "w1_psi:frame"),
        Contestant(OBJECTS, "w1_psi:frame", settings={"objects": True}),
        Contestant(FITTED, "w1_psi:check_fitted", note="the reference was profiled before"),
        Contestant(STORED, "w1_psi:stored", note="reads the reference's profile, not its rows"),
        Contestant(NUMPY, "w1_psi:parquet", variables=PLAIN, note="nothing compiled"),
        Contestant(NUMPY_STORED, "w1_psi:stored", variables=PLAIN, note="nothing compiled"),
        Contestant(EVIDENTLY, f"{script}:preset", "evidently", packages=("evidently",), note="its default methods"),
        Contestant(EVIDENTLY_PSI, f"{script}:psi", "evidently", packages=("evidently",)),
        Contestant(NANNYML, "nannyml_univariate:jensen_shannon", "nannyml", packages=("nannyml",)),
        Contestant(NANNYML_KS, "nannyml_univariate:tests", "nannyml", packages=("nannyml",)),
        Contestant("whylogs, two profiles and their drift", "whylogs_drift:drift", "whylogs", packages=("whylogs",)),
        Contestant("alibi-detect, TabularDrift", "alibi_tabular:tabular", "alibi-detect", packages=("alibi-detect",)),
        Contestant(FROUROS, "frouros_psi:psi", "frouros", packages=("frouros",), note="the ten numbers alone"),
        Contestant(DECODE, "w1_psi:decode", limit=True),
        Contestant(BINNED, "w1_psi:binned", limit=True),
    )
    note = (
        "Peers start from frames (or arrays) that are already in memory; reading them is not in their time. Ours from "
        "Parquet reads both sides in its time, and also checks schema, missing values and duplicates."
    )
    return [Group("psi", rows, lambda: _data(rows), contestants, OURS_FRAME, note=note)]


def _faster(peer: str, limit: float) -> list[Target]:
    """Both comparisons: ours from Parquet, and, for half as much, from frames as the peer's; never less than once."""
    return [
        Target(f"{peer}, over ours from Parquet", lambda f: f.times("psi", peer, OURS), limit, source=DESIGN),
        Target("… over ours from pandas", lambda f: f.times("psi", peer, OURS_FRAME), max(limit / 2, 1), source=DESIGN),
    ]


def _smaller(ours_: str, peer: str) -> Target:
    text = f"peak memory of {ours_}, over that of {peer}"
    return Target(text, lambda f: f.times("psi", ours_, peer, "peak_mib"), 0.2, "at most", source=DESIGN)


WORK = Work(
    "W1",
    "PSI of 20 features, 1 M reference rows against 1 M current rows",
    _groups,
    (
        *_faster(EVIDENTLY, 80),
        *_faster(EVIDENTLY_PSI, 30),
        *_faster(NANNYML, 40),
        *_faster(NANNYML_KS, 10),
        *_faster(FROUROS, 1),
        Target(
            "stored reference profile, current side only, over decoding it",
            lambda f: f.times("psi", STORED, DECODE),
            2,
            "at most",
            source=DESIGN,
        ),
        *(_smaller(one, peer) for one in (OURS, OURS_FRAME) for peer in (EVIDENTLY, EVIDENTLY_PSI)),
    ),
    ("PSI values differ between libraries by how they bin; ours has the reference's exact quantiles.",),
)
# The functions that the worker finds here by name.
__all__ += ["binned", "check_fitted", "decode", "frame", "parquet", "stored"]
