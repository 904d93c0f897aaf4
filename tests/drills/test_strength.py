"""Strength: the measures agree with others' implementations, and the search meets its target."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from dawnwatch.drills.strength import TARGETS, auc, ece, psi_between, solve


def test_auc_is_that_of_scikit_learn_ties_included() -> None:
    rng = np.random.default_rng(0)
    label, score = rng.integers(0, 2, 500), rng.integers(0, 30, 500) / 30
    assert auc(label, score) == pytest.approx(roc_auc_score(label, score), abs=1e-12)


def test_an_auc_of_one_class_is_refused() -> None:
    with pytest.raises(ValueError, match="single class"):
        auc([1, 1], [0.2, 0.3])


def test_the_calibration_error_by_hand() -> None:
    # Two scores, each in a bin of its own: |0.2 - 0.5| in half of the rows, |0.8 - 0.75| in the other half.
    label, score = [0, 1, 0, 1, 1, 1, 1, 0], [0.2] * 4 + [0.8] * 4
    assert ece(label, score) == pytest.approx(0.5 * 0.3 + 0.5 * 0.05)


def test_calibrated_scores_have_a_small_error_that_the_noise_makes() -> None:
    rng = np.random.default_rng(0)
    score = rng.random(20_000)
    assert 0 < ece(rng.random(20_000) < score, score) < 0.02


def test_psi_by_hand() -> None:
    before, after = pa.chunked_array([["a"] * 33 + ["b"] * 67]), pa.chunked_array([["a"] * 60 + ["b"] * 40])
    assert psi_between(before, after) == pytest.approx(0.27 * np.log(60 / 33) + 0.27 * np.log(67 / 40))


def test_a_null_is_a_category() -> None:
    before, after = pa.chunked_array([["a", "a", "b", "b"]]), pa.chunked_array([["a", None, "b", None]])
    assert psi_between(before, after) > 1


@pytest.mark.parametrize("target", [0.1, 0.33, 0.999])
def test_the_nearest_dose_is_found(target: float) -> None:
    assert solve(lambda dose: dose / 1000, target, 1000) == round(target * 1000)


def test_what_cannot_be_reached_is_none() -> None:
    assert solve(lambda dose: dose / 1000, 0.5, 400) is None
    assert solve(lambda dose: dose / 1000, 0.5, 0) is None
    # A step over the target ends too far from it on either side.
    assert solve(lambda dose: 0.0 if dose < 5 else 1.0, 0.5, 10) is None


def test_weak_is_half_of_middle_and_strong_its_double() -> None:
    for targets in TARGETS.values():
        assert targets["weak"] * 2 == targets["middle"] == targets["strong"] / 2
