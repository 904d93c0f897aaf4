"""The benchmark of estimates: its windows and page, and NannyML on the same rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.drills.peers import answers
from benchmarks.envs import interpreter
from benchmarks.estimates.cases import KINDS, Case, cases
from benchmarks.estimates.table import SHIFTS, page, windows_of

from dawnwatch.stats.estimates import METRICS, measures

ROWS = 5000


def record(work: str, window: int, contestant: str, line: dict[str, Any]) -> dict[str, Any]:
    key = Case("movielens", work, window, window).key
    return {**key, "contestant": contestant, "line": line}


def ours(value: float, truth: float, *, p_value: float | None = 0.5, answer: str = "pape") -> dict[str, Any]:
    told = {metric: [value, value - 0.02, value + 0.02] for metric in ("auc", "accuracy", "f1")}
    return {
        "answer": answer,
        "gap_p_value": p_value,
        "truth": dict.fromkeys(("auc", "accuracy", "f1"), truth),
        "cbpe": {name: [of[0] + 0.1, of[1] + 0.1, of[2] + 0.1] for name, of in told.items()},
        "pape": {} if answer == "cannot_tell" else told,
    }


def test_the_page_counts_what_was_off_what_held_and_what_it_would_not_tell() -> None:
    records = [
        record("tilted", 0, "dawnwatch", ours(0.70, 0.71)),
        record("tilted", 1, "dawnwatch", ours(0.75, 0.70, p_value=None, answer="cannot_tell")),
        record("turned", 0, "dawnwatch", ours(0.70, 0.30, p_value=1e-9)),
        record("turned", 0, "nannyml", {"auc": [0.71, 0.69, 0.73], "alerts": 0}),
        record("tilted", 2, "dawnwatch", {"unreachable": "too few rows"}),
    ]
    assert [window.shift for window in windows_of(records)] == ["covariate", "covariate", "concept (in all rows)"]
    lines = page(records).split("## Accuracy")[0].splitlines()
    covariate, concept = (next(x for x in lines if x.startswith(f"| {of} ")) for of in ("covariate", "concept (in"))
    assert covariate == (
        "| covariate | 2 | 0.705 | 0.010 | -0.010 | 100 % | 0.120 | +0.120 | 0 % |  |  |  | 50 % | 0 of 2 |  |"
    )
    assert concept == (
        "| concept (in all rows) | 1 | 0.300 | 0.400 | +0.400 | 0 % | 0.500 | +0.500 | 0 % "
        "| 0.410 | +0.410 | 0 % | 0 % | 1 of 1 | 0 of 1 |"
    )


def test_every_kind_counts_as_a_shift() -> None:
    assert set(KINDS.values()) == set(SHIFTS)


@pytest.mark.parametrize(("time", "windows"), [("at", 2), (None, 0)])
def test_only_data_with_a_time_have_windows_in_its_order(time: str | None, windows: int) -> None:
    class Data:
        name = "movielens"

    Data.time = time  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "benchmarks.estimates.cases.find_kind", lambda name: type("K", (), {"applies": lambda s, d: False})()
        )
        found = [case.work for case in cases(Data(), range(10, 11))]  # type: ignore[arg-type]
    assert found.count("time") == windows
    assert set(found) - {"time"} == {"units", "tilted", "blind", "strange", "turned"}


@pytest.mark.skipif(interpreter("nannyml") is None, reason="`make bench-peers` has not installed NannyML")
def test_nannyml_expects_the_same_of_scores_that_are_chances(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    score, moved = rng.beta(2, 2, 4 * ROWS), rng.beta(3, 2, ROWS)
    for name, scores in (("baseline", score), ("window", moved)):
        table = pa.table({"score": scores, "label": (rng.random(scores.size) < scores).astype(int)})
        pq.write_table(table, tmp_path / f"{name}.parquet")
    split = {"baseline": str(tmp_path / "baseline.parquet"), "windows": [str(tmp_path / "window.parquet")]}
    python = interpreter("nannyml")
    assert python is not None
    task = {"label": "label", "score": "score", "threshold": 0.5, "splits": [split]}
    (theirs,) = answers(python, "nannyml_estimates", task)
    chance = np.sort(moved)
    found = measures(1 - chance, chance, int(np.searchsorted(chance, 0.5)))
    for name, value in zip(METRICS, found.tolist(), strict=True):
        if name in theirs:
            assert theirs[name][0] == pytest.approx(value, abs=0.01), name
    assert theirs["alerts"] >= 0
