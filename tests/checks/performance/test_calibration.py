"""Scores that claim to be chances, on real windows through the real line."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import expit, logit
from sklearn.metrics import brier_score_loss, log_loss

from dawnwatch.model.score_meaning import Calibration
from dawnwatch.report.html import to_html
from dawnwatch.report.lines import performance_lines
from tests.checks.windows import config, log, packet, put

N = 8000
PROBABILITY = {"roles": {"score_kind": "probability"}}


def window(seed: int, off: float = 0.0) -> pa.Table:
    """Labels that come true with the chance that the score says, on the logistic scale less `off`."""
    rng = np.random.default_rng(seed)
    score = expit(rng.normal(-0.5, 1.0, N))
    return put(log(N, seed), score=score, label=(rng.random(N) < expit(logit(score) - off)).astype(int))


def of(current: pa.Table, reference: pa.Table) -> Calibration:
    found = packet(current, reference, config(**PROBABILITY)).performance.calibration
    assert found is not None
    return found


def test_losses_are_sklearns_to_within_the_score_bins() -> None:
    current, reference = window(2), window(1)
    found = of(current, reference)
    for table, brier, loss in (
        (current, found.brier, found.log_loss),
        (reference, found.brier_before, found.log_loss_before),
    ):
        label, score = table["label"].to_numpy(), table["score"].to_numpy()
        assert brier == pytest.approx(brier_score_loss(label, score), abs=2e-3)
        assert loss == pytest.approx(log_loss(label, score), abs=2e-3)


def test_honest_scores_have_not_changed() -> None:
    found = of(window(2), window(1))
    low, high = found.in_the_large_interval
    assert not found.changed
    assert low < 0 < high
    assert found.ece < 0.04
    assert sum(part.rows for part in found.bins) == N
    assert [part.predicted for part in found.bins] == sorted(part.predicted for part in found.bins)


def test_rarer_positives_move_the_level_and_not_the_ranking() -> None:
    current, reference = window(2, off=0.7), window(1)
    found = of(current, reference)
    mean_off = float(np.mean(current["score"].to_numpy()) - np.mean(current["label"].to_numpy()))
    assert found.in_the_large == pytest.approx(mean_off, abs=2e-3)
    assert found.in_the_large_interval[0] > 0.08
    assert found.changed
    judged = packet(current, reference, config(**PROBABILITY))
    assert judged.performance.drop.value == pytest.approx(0, abs=0.02)
    assert any(line.startswith("calibration moved: scores promise") for line in performance_lines(judged))
    page = to_html(judged)
    assert "Expected calibration error" in page
    assert 'data-chart="calibration"' in page


def test_a_ranking_claims_no_chances() -> None:
    assert packet(window(2), window(1), config(roles={"score_kind": "ranking"})).performance.calibration is None


def test_without_labels_there_is_none() -> None:
    late = put(window(2), label=None)
    assert packet(late, window(1), config(labels={"expected": "late"}, **PROBABILITY)).performance.calibration is None
