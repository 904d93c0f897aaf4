"""Each way in which scores go wrong is put into scores that are right, and must be read as what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dawnwatch.stats.misfit import Misfit, differs, misfit

N = 3000
Scores = np.ndarray[Any, np.dtype[np.float64]]


class Log:
    """Scores of 300 units in order of time, and the features they come from."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.units = self.rng.integers(0, 300, N).astype(np.uint64)
        self.device = self.rng.choice(["mobile", "desktop", "tablet"], N)
        self.x = self.rng.normal(size=N)
        self.city = self.rng.choice(["rome", "oslo"], N).astype(object)
        self.scores = self.score(self.x, self.device == "mobile")

    def score(self, x: Scores, mobile: np.ndarray[Any, np.dtype[np.bool_]]) -> Scores:
        return 1 / (1 + np.exp(-(x + 0.5 * mobile)))

    def read(self, logged: Scores, **how: Any) -> Misfit:
        off = differs(logged, self.scores, 1e-4)
        features = {"device": self.device.astype(object), "x": self.x, "city": self.city}
        given = {"units": self.units, "order": np.arange(N), "whole": True, "features": features, "tolerance": 1e-4}
        return misfit(logged, self.scores, off, **(given | how))


def put(scores: Scores, rows: Any, values: Any) -> Scores:
    changed = scores.copy()
    changed[rows] = values
    return changed


def some(log: Log) -> Any:
    return log.rng.permutation(N)[:600]


def shuffled(log: Log) -> Scores:
    rows = some(log)
    return put(log.scores, rows, log.scores[log.rng.permutation(rows)])


def within_units(log: Log) -> Scores:
    """Every row has the score of its unit's row before."""
    order = np.argsort(log.units, kind="stable")
    late = order[1:][log.units[order[1:]] == log.units[order[:-1]]]
    before = order[:-1][log.units[order[1:]] == log.units[order[:-1]]]
    return put(log.scores, late, log.scores[before])


KINDS: dict[str, Callable[[Log], Scores]] = {
    "constant": lambda log: put(log.scores, some(log), 0.5),
    "lagged": lambda log: put(log.scores, np.arange(1000, N), log.scores[np.arange(1000, N) - 137]),
    "shuffled": shuffled,
    "rescaled": lambda log: log.scores**2,
    "skewed": lambda log: log.score(np.where(log.city == "oslo", 0.0, log.x), log.device == "mobile"),
    "alike": lambda log: log.score(log.x + log.rng.normal(size=N), log.device == "mobile"),
    "reversed": lambda log: 1 - log.scores,
    "unexplained": lambda log: log.rng.random(N) ** 3,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_each_kind_is_read_as_itself(kind: str, seed: int) -> None:
    log = Log(seed)
    assert log.read(KINDS[kind](log)).kind == kind


def test_a_default_is_named() -> None:
    found = Log(1).read(put(Log(1).scores, np.arange(300), 0.25))
    assert (found.kind, found.score, found.share) == ("constant", 0.25, 1.0)


def test_the_lag_is_counted_in_rows_of_the_log() -> None:
    log = Log(2)
    found = log.read(KINDS["lagged"](log))
    assert (found.lag, found.within_unit) == (137, False)
    assert found.share == pytest.approx(1.0)


def test_the_lag_of_a_unit_is_found_in_a_sample_whose_rows_have_lost_their_neighbours() -> None:
    log = Log(3)
    found = log.read(within_units(log), whole=False)
    assert (found.kind, found.lag, found.within_unit) == ("lagged", 1, True)


def test_without_all_rows_a_late_score_is_one_of_other_rows() -> None:
    log = Log(4)
    assert log.read(KINDS["lagged"](log), whole=False).kind == "shuffled"


def test_rows_are_taken_in_the_order_of_time() -> None:
    log = Log(5)
    order = log.rng.permutation(N)
    logged = log.scores.copy()
    logged[order[20:]] = log.scores[order[:-20]]
    assert (log.read(logged, order=order).lag, log.read(logged).kind) == (20, "shuffled")


def test_the_feature_and_value_the_differences_lie_in_are_named() -> None:
    log = Log(6)
    apart = log.read(KINDS["skewed"](log)).apart
    assert apart is not None
    assert (apart.column, apart.value, apart.outside) == ("city", "oslo", 0.0)
    assert apart.inside > 0.99


def test_a_feature_that_was_nothing_to_the_model_is_named_where_every_row_differs() -> None:
    log = Log(7)
    found = log.read(log.score(np.zeros(N), log.device == "mobile"))
    assert found.apart is not None
    assert found.apart.column == "x"


def test_ties_are_no_lag() -> None:
    """With three scores in all, a third of the rows have the score of any row before by chance."""
    log = Log(8)
    log.scores = log.rng.choice([0.2, 0.5, 0.8], N)
    assert log.read(log.rng.permutation(log.scores)).kind == "shuffled"


@pytest.mark.parametrize(
    ("logged", "again", "apart"), [(0.5, 0.50009, False), (0.5, 0.5002, True), (900, 900.05, False)]
)
def test_the_tolerance_grows_with_large_scores(logged: float, again: float, apart: bool) -> None:
    assert differs(np.array([logged]), np.array([again]), 1e-4).tolist() == [apart]


def test_a_handful_of_rows_is_not_read() -> None:
    log = Log(9)
    assert log.read(put(log.scores, [1, 2, 3], 0.5)).kind == "unexplained"
