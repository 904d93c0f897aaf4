import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from metropulse.affinity import Affinity, out_of_fold


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 1)), min_size=1, max_size=60), st.floats(0.1, 50))
def test_learned_means_agree_with_pandas(rows: list[tuple[int, int]], smoothing: float) -> None:
    table = pd.DataFrame(rows, columns=["key", "label"])
    overall = table.label.mean()
    grouped = table.groupby("key").label.agg(["sum", "count"])
    expected = (grouped["sum"] + smoothing * overall) / (grouped["count"] + smoothing)
    learned = Affinity.learn(table.key.to_numpy(), table.label.to_numpy(), smoothing=smoothing)
    asked = np.arange(0, 12)
    got = learned.of(asked)
    wanted = expected.reindex(asked).fillna(overall).to_numpy()
    assert np.allclose(got, wanted, rtol=0, atol=1e-12)
    assert got.min() >= 0
    assert got.max() <= 1


def test_out_of_fold_ignores_the_rows_own_label() -> None:
    """Flipping one row's label must not move that row's own affinity."""
    rng = np.random.default_rng(5)
    keys, label = rng.integers(0, 30, 500), rng.integers(0, 2, 500)
    before = out_of_fold(keys, label, np.random.default_rng(1))
    for row in range(0, 500, 25):
        flipped = label.copy()
        flipped[row] = 1 - flipped[row]
        after = out_of_fold(keys, flipped, np.random.default_rng(1))
        assert after[row] == before[row]
        assert (after != before).sum() > 0


def test_folds_do_not_give_the_label_away_as_leave_one_out_does() -> None:
    """Within a rider, leave-one-out ranks every negative above every positive: an AUC of exactly 0.

    Folds give rows of both labels the same value, so that nothing can be read off it row by row.
    """
    rng = np.random.default_rng(2)
    label = rng.integers(0, 2, 500)
    keys = np.ones(500, dtype=np.int64)
    left_out = (label.sum() - label) / (len(label) - 1)
    assert roc_auc_score(label, left_out) == 0
    values = out_of_fold(keys, label, rng)
    assert 0.3 < roc_auc_score(label, values) < 0.7
    for value in np.unique(values):
        assert set(label[values == value].tolist()) == {0, 1}


def test_folds_are_balanced_and_deterministic() -> None:
    keys = np.zeros(23, dtype=np.int64)
    label = (np.arange(23) % 2).astype(np.int64)
    once = out_of_fold(keys, label, np.random.default_rng(3))
    again = out_of_fold(keys, label, np.random.default_rng(3))
    assert np.array_equal(once, again)
    # One key: every row of a fold has the same affinity, the mean of the other folds.
    assert len(np.unique(once.round(12))) <= 5


@pytest.mark.parametrize("unknown", [-5, 0, 7, 10**9])
def test_unknown_keys_have_the_overall_mean(unknown: int) -> None:
    learned = Affinity.learn(np.array([1, 1, 9]), np.array([1, 0, 0]))
    assert learned.of(np.array([unknown]))[0] == pytest.approx(1 / 3)
