"""The AUC expected of the scores, on real windows through the real line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch.checks.performance.expected import expected_auc_of
from dawnwatch.model.score_meaning import ExpectedAuc
from dawnwatch.report.lines import performance_lines
from tests.checks.windows import config, context, log, packet, put

N = 6000


def expected(current: pa.Table, reference: pa.Table | None = None, **tables: Any) -> ExpectedAuc:
    found = expected_auc_of(context(current, log(N, 1) if reference is None else reference, config(**tables)))
    assert found is not None
    return found


@pytest.mark.parametrize("unit", ["rider", None])
def test_where_nothing_changed_it_is_the_realised_auc_within_noise(unit: str | None) -> None:
    current = log(N, 2)
    found = expected(current, roles={"unit": unit})
    assert found.value is not None
    assert found.interval is not None
    assert found.gap is not None
    assert found.gap_p_value is not None
    assert found.rows == N
    assert found.value == pytest.approx(packet(current).performance.current.value, abs=0.02)
    assert abs(found.gap) < 0.03
    assert found.gap_p_value > 0.05


def test_flipped_labels_are_a_gap_and_the_terminal_says_so() -> None:
    current = log(N, 2)
    current = put(current, label=1 - current["label"].to_numpy())
    judged = packet(current, log(N, 1))
    found = judged.performance.expected_auc
    assert found is not None
    assert found.gap is not None
    assert found.gap == pytest.approx(-0.52, abs=0.04)
    assert found.gap_p_value is not None
    assert found.gap_p_value < 1e-6
    assert "scores mean less than they did" in found.message
    assert "they no longer mean what they meant" in performance_lines(judged)[-1]


def test_where_labels_are_late_it_stands_alone() -> None:
    judged = packet(put(log(N, 2), label=None), log(N, 1), config(labels={"expected": "late"}))
    found = judged.performance.expected_auc
    assert judged.performance.current.value is None
    assert found is not None
    assert found.value == pytest.approx(0.76, abs=0.03)
    assert (found.gap, found.gap_p_value) == (None, None)
    assert performance_lines(judged)[-1].startswith(f"estimated from {N:,} scores alone: AUC {found.value:.3f}")


def test_sharper_scores_are_expected_to_rank_better() -> None:
    """Rows that lie further from the middle are easier: no label is needed to know it."""
    many = log(4 * N, 3)
    edge = np.abs(many["score"].to_numpy() - 0.6) > 0.15
    current = many.filter(pa.array(edge))
    found = expected(current)
    assert found.value is not None
    assert found.value > 0.79
    assert found.gap is not None
    assert abs(found.gap) < 0.03


def test_rows_of_new_units_are_beyond_what_scores_can_tell() -> None:
    current = put(log(N, 2), rider=np.random.default_rng(2).integers(1000, 1060, N))
    found = expected(current)
    assert (found.value, found.interval, found.gap) == (None, None, None)
    assert found.reason is not None
    assert found.reason.startswith("100% of the rows are of rider values new to the model")


def test_without_scores_it_says_why() -> None:
    current = put(log(N, 2), score=pa.nulls(N, pa.float64()))
    assert expected(current).reason == "no row of the current window has a score"


def test_a_few_nan_scores_are_left_out_and_end_nothing() -> None:
    scores = log(N, 2)["score"].to_numpy().copy()
    scores[::10] = np.nan
    found = expected(put(log(N, 2), score=scores))
    assert found.rows == N - N // 10
    assert found.value == pytest.approx(0.76, abs=0.03)


def test_with_too_few_labels_in_the_baseline_it_says_why() -> None:
    reference = put(log(N, 1), label=np.r_[np.ones(5, int), np.zeros(N - 5, int)])
    assert expected(log(N, 2), reference).reason == (
        "not enough labels: fewer than 20 scored rows of one class in the performance baseline"
    )


def test_without_a_score_column_there_is_none() -> None:
    assert expected_auc_of(context(log(N, 2), log(N, 1), config(roles={"score": None}))) is None
