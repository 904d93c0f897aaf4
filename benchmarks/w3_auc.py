"""W3: AUC with DeLong's interval, overall and for ten slices, of ten million rows."""

from __future__ import annotations

from typing import Any

from benchmarks import data, ours
from benchmarks.peers.line import Task, Timed
from benchmarks.work import DESIGN, Contestant, Group, Scale, Target, Work

__all__ = ["WORK", "counting", "counts", "overall", "rows", "sklearn", "sorting"]

ROWS = 10_000_000
SLICES = 10
TABLES = {
    "roles": {"label": "label", "score": "score", "slices": ["segment"]},
    "performance": {"exact_rows": 0},
    "columns": {"segment": {"monitor": True}},
}


def _arrays(path: str) -> Any:
    import numpy as np
    import pyarrow.parquet as pq

    table = pq.read_table(path, read_dictionary=["segment"]).unify_dictionaries().combine_chunks()
    segment = table.column("segment").chunk(0) if table.column("segment").num_chunks else table.column("segment")
    codes = segment.indices.to_numpy().astype(np.int32)
    return table.column("score").to_numpy(), table.column("label").to_numpy(), codes


def _told(estimates: list[Any], kind: str) -> dict[str, Any]:
    whole = estimates[0].auc
    return {
        f"AUC{kind}": whole.value,
        f"sum of the slices' AUC{kind}": sum(e.auc.value for e in estimates[1:]),
        "half width of the interval": (whole.interval()[1] - whole.interval()[0]) / 2,
        "largest bound": max(e.auc.bound for e in estimates),
        "loops": ours.loops(),
    }


def rows(task: Task) -> Timed:
    """Exact, from the rows in memory, with intervals."""
    scores, labels, codes = _arrays(task["current"])
    _told(ours.estimates_from_rows(scores[:5000], labels[:5000], codes[:5000], SLICES), "")
    return lambda: _told(ours.estimates_from_rows(scores, labels, codes, SLICES), "")


def counts(task: Task) -> Timed:
    """From the counts of a profile that is there, with intervals and bounds: what judging costs."""
    monitor = ours.fitted(TABLES, task["reference"])
    _told(ours.estimates_from_profile(monitor.observe(task["warm"]), "segment", SLICES), "")
    seen = monitor.observe(task["current"])
    return lambda: _told(ours.estimates_from_profile(seen, "segment", SLICES), " (binned)")


def counting(task: Task) -> Timed:
    """Profile the rows from Parquet, then the same: what it costs from the start."""
    monitor = ours.fitted(TABLES, task["reference"])
    _told(ours.estimates_from_profile(monitor.observe(task["warm"]), "segment", SLICES), "")
    return lambda: _told(ours.estimates_from_profile(monitor.observe(task["current"]), "segment", SLICES), " (binned)")


def sklearn(task: Task) -> Timed:
    """roc_auc_score, overall and per slice; no interval."""
    from sklearn.metrics import roc_auc_score

    scores, labels, codes = _arrays(task["current"])

    def timed() -> dict[str, Any]:
        each = []
        for code in range(SLICES):
            here = codes == code
            each.append(roc_auc_score(labels[here], scores[here]))
        return {"AUC": roc_auc_score(labels, scores), "sum of the slices' AUC": sum(each)}

    return timed


def overall(task: Task) -> Timed:
    """roc_auc_score overall alone."""
    from sklearn.metrics import roc_auc_score

    scores, labels, _ = _arrays(task["current"])
    return lambda: {"AUC": roc_auc_score(labels, scores)}


def sorting(task: Task) -> Timed:
    """Sort the scores once, which an exact AUC cannot do without."""
    import numpy as np

    scores, *_ = _arrays(task["current"])
    return lambda: {"rows": np.argsort(scores).size}


def _data(rows: int, reference: int) -> dict[str, Any]:
    return {
        "reference": str(data.single("w3-reference", reference, data.scored)),
        "warm": str(data.single("w3-warm", 5000, data.scored)),
        "current": str(data.single("w3", rows, data.scored)),
    }


EXACT, COUNTS, COUNTING = "dawnwatch, exact, from rows", "dawnwatch, from counts", "dawnwatch, from Parquet to counts"
NUMPY = f"{EXACT}, NumPy loops"
SKLEARN, OVERALL = "scikit-learn, overall and per slice", "scikit-learn, overall alone"
SORT = "limit: argsort of the scores"


def _groups(scale: Scale) -> list[Group]:
    size, reference = scale.rows(ROWS), scale.rows(ROWS // 10)
    contestants = (
        Contestant(EXACT, "w3_auc:rows", note="with DeLong intervals"),
        Contestant(NUMPY, "w3_auc:rows", variables={"DAWNWATCH_NATIVE": "0"}, note="nothing compiled"),
        Contestant(COUNTS, "w3_auc:counts", note="with intervals and a bound; the counts are there"),
        Contestant(COUNTING, "w3_auc:counting", note="reads and counts the rows first"),
        Contestant(SKLEARN, "w3_auc:sklearn", note="no intervals"),
        Contestant(OVERALL, "w3_auc:overall", note="no intervals, no slices"),
        Contestant(SORT, "w3_auc:sorting", limit=True),
    )
    agree = ("AUC", "sum of the slices' AUC", "AUC (binned)", "sum of the slices' AUC (binned)")
    return [Group("auc", size, lambda: _data(size, reference), contestants, EXACT, agree=agree)]


WORK = Work(
    "W3",
    "AUC with DeLong intervals, overall and for 10 slices, 10 M rows",
    _groups,
    (
        Target(
            "exact with intervals, faster than scikit-learn without",
            lambda f: f.times("auc", SKLEARN, EXACT),
            5,
            source=DESIGN,
        ),
        Target(
            "from the profile, faster than scikit-learn without intervals",
            lambda f: f.times("auc", SKLEARN, COUNTS),
            80,
            source=DESIGN,
        ),
    ),
)
