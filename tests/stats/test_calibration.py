from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import brier_score_loss
from sklearn.metrics import log_loss as their_log_loss

from dawnwatch.stats.calibration import brier, calibration_of_groups, equal_mass, log_loss

GROUPS, CELLS = 32, 400


def rows(rng: np.random.Generator, n: int, off: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Scores on a grid of `CELLS`, and labels that come true with their chance, on the logistic scale off by `off`."""
    code = np.clip((expit(rng.normal(-0.5, 1.2, n)) * CELLS).astype(int), 0, CELLS - 1)
    score = (code + 0.5) / CELLS
    return code, (rng.random(n) < expit(np.log(score / (1 - score)) - off)).astype(int)


def table(code: np.ndarray, label: np.ndarray, unit: np.ndarray) -> np.ndarray:
    found = np.zeros((GROUPS, 2, CELLS), np.int64)
    np.add.at(found, (unit % GROUPS, label, code), 1)
    return found


SCORES = (np.arange(CELLS) + 0.5) / CELLS


def test_brier_and_log_loss_are_sklearns() -> None:
    code, label = rows(np.random.default_rng(1), 3000)
    neg, pos = table(code, label, np.zeros(3000, int)).sum(axis=0)
    assert brier(neg, pos, SCORES) == pytest.approx(brier_score_loss(label, SCORES[code]), abs=1e-12)
    assert log_loss(neg, pos, SCORES) == pytest.approx(their_log_loss(label, SCORES[code]), abs=1e-12)


def test_without_rows_there_is_no_loss() -> None:
    assert brier([0], [0], [0.5]) is None
    assert log_loss([0], [0], [0.5]) is None
    assert log_loss([1], [0], [1.0]) == pytest.approx(-np.log(1e-7))


def test_the_error_is_that_of_bins_of_equal_rows() -> None:
    """By hand, from the rows in order of their scores."""
    rng = np.random.default_rng(2)
    n = 3000
    score = np.sort(rng.random(n))
    label = (rng.random(n) < score**2).astype(int)
    parts = [(score[at : at + 200], label[at : at + 200]) for at in range(0, n, 200)]
    by_hand = sum(200 / n * abs(s.mean() - y.mean()) for s, y in parts)
    tables = np.zeros((GROUPS, 2, n), np.int64)
    tables[np.arange(n) % GROUPS, label, np.arange(n)] = 1
    found = calibration_of_groups(tables, score)
    assert found is not None
    assert found.rows.tolist() == [200] * 15
    assert found.ece.value == pytest.approx(by_hand, abs=1e-12)
    assert found.in_the_large.value == pytest.approx(score.mean() - label.mean(), abs=1e-12)
    np.testing.assert_allclose(found.predicted, [s.mean() for s, _ in parts], atol=1e-12)


def test_rows_of_one_score_stay_together() -> None:
    assert equal_mass([10, 0, 10, 980]).tolist() == [0, 0, 0, 1]
    assert equal_mass([0, 0]).tolist() == [0, 0]


def test_intervals_cover_and_know_which_rows_belong_together() -> None:
    """Units are as a whole above or below what their scores promise, by 0.5 on the logistic scale."""
    rng = np.random.default_rng(3)
    covered = {"units": 0, "rows": 0}
    for _ in range(300):
        unit = np.repeat(np.arange(200), 20)
        off = rng.normal(0, 0.8, 200)[unit]
        code, _ = rows(rng, unit.size)
        score = SCORES[code]
        truth = float(np.mean(score - expected_share(score)))
        label = (rng.random(unit.size) < expit(np.log(score / (1 - score)) - off)).astype(int)
        for name, by in (("units", unit), ("rows", rng.integers(0, GROUPS, unit.size))):
            found = calibration_of_groups(table(code, label, by), SCORES)
            assert found is not None
            low, high = found.in_the_large.interval(0.95)
            covered[name] += low <= truth <= high
    assert 275 <= covered["units"] <= 297, covered
    assert covered["rows"] < 250, covered


def expected_share(score: np.ndarray) -> np.ndarray:
    """The chance of a positive over all units: the logistic curve with normal noise on its scale, by quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    logits = np.log(score / (1 - score))[:, None] - 0.8 * nodes[None, :]
    return np.asarray(expit(logits) @ weights / weights.sum())


def test_one_group_alone_has_no_interval() -> None:
    assert calibration_of_groups(np.ones((1, 2, 3)), [0.1, 0.5, 0.9]) is None
    assert calibration_of_groups(np.zeros((4, 2, 3)), [0.1, 0.5, 0.9]) is None


def test_scores_that_are_all_one_leave_no_empty_bin() -> None:
    table = np.zeros((8, 2, 40), np.int64)
    table[:, :, 20] = 50
    found = calibration_of_groups(table, np.linspace(0, 1, 40))
    assert found is not None
    assert found.rows.tolist() == [800]
