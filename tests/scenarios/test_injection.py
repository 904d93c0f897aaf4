import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from metropulse.injection import relabel, share_of

VALUES = np.array(["mobile", "desktop", "tablet"])


@given(
    st.lists(st.sampled_from(["mobile", "desktop", "tablet"]), min_size=2, max_size=200),
    st.floats(0, 1),
    st.integers(0, 2**32),
)
def test_the_share_ends_at_its_target_from_either_side(values: list[str], share: float, seed: int) -> None:
    before = np.array(values)
    after = relabel(before, "mobile", share, np.random.default_rng(seed))
    assert before.tolist() == values, "the input is left alone"
    if set(values) == {"mobile"} and share < 1:
        assert after.tolist() == values
        return
    wanted = round(share * len(values))
    assert (after == "mobile").sum() == wanted
    assert (after != before).sum() == abs(wanted - (before == "mobile").sum()), "no row more than needed"
    assert set(after.tolist()) <= {*values, "mobile"}


def test_others_shrink_alike() -> None:
    before = VALUES[np.random.default_rng(0).integers(0, 3, 30_000)]
    after = relabel(before, "mobile", 0.60, np.random.default_rng(1))
    assert share_of(after, "mobile") == 0.60
    expected = np.array([(before == one).sum() for one in VALUES[1:]])
    got = np.array([(after == one).sum() for one in VALUES[1:]])
    assert chisquare(got, expected * got.sum() / expected.sum()).pvalue > 0.001


def test_others_grow_alike() -> None:
    before = np.array(["mobile"] * 8000 + ["desktop"] * 1500 + ["tablet"] * 500)
    after = relabel(before, "mobile", 0.60, np.random.default_rng(1))
    assert share_of(after, "mobile") == 0.60
    assert (after == "desktop").sum() / (after == "tablet").sum() == pytest.approx(3, abs=0.25)


def test_a_longer_value_is_not_cut_off() -> None:
    after = relabel(np.array(["a", "b"]), "afternoon", 1.0, np.random.default_rng(0))
    assert after.tolist() == ["afternoon", "afternoon"]


def test_the_same_seed_relabels_the_same_rows() -> None:
    before = VALUES[np.random.default_rng(0).integers(0, 3, 3000)]
    once = relabel(before, "mobile", 0.6, np.random.default_rng(4))
    assert np.array_equal(once, relabel(before, "mobile", 0.6, np.random.default_rng(4)))
    assert not np.array_equal(once, relabel(before, "mobile", 0.6, np.random.default_rng(5)))
