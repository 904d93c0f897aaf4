"""What a slice adds to the fall: against scikit-learn's AUC, leaving out by hand, and cases that are one part only."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from dawnwatch.stats.placements import placement_losses, placement_weights
from dawnwatch.stats.slice_parts import SliceParts, slice_parts, slice_parts_of_each

GROUPS = 16


class Rows:
    """A window: labels, scores, which rows are of the slice, and their groups."""

    def __init__(self, seed: int, rows: int, share: float, inside: float = 1.0, rest: float = 1.0) -> None:
        rng = np.random.default_rng(seed)
        self.labels = rng.integers(0, 2, rows)
        self.inside = rng.random(rows) < share
        self.groups = rng.integers(0, GROUPS, rows)
        self.scores = rng.normal(size=rows) + np.where(self.inside, inside, rest) * self.labels

    def table(self, inside: NDArray[np.bool_] | None = None, without: int | None = None) -> NDArray[np.int64]:
        """A score bin for each row, so that nothing is lost."""
        mask = self.inside if inside is None else inside
        kept = self.groups != without
        found = np.zeros((GROUPS, 2, 2, self.labels.size), np.int64)
        ranks = np.argsort(np.argsort(self.scores))
        np.add.at(found, (self.groups[kept], mask[kept].astype(int), self.labels[kept], ranks[kept]), 1)
        return found

    @property
    def auc(self) -> float:
        return float(roc_auc_score(self.labels, self.scores))


def parts(before: Rows, now: Rows) -> SliceParts:
    found = slice_parts(before.table(), now.table())
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(6))
def test_slice_and_rest_make_the_whole_fall(seed: int) -> None:
    before, now = Rows(seed, 400, 0.2), Rows(seed + 50, 300, 0.5, inside=0.2, rest=0.7)
    found = parts(before, now)
    other = slice_parts(before.table(~before.inside), now.table(~now.inside))
    assert other is not None
    # The others' getting worse is theirs, and the mix is the same mix seen from either side.
    assert other.composition.value == pytest.approx(found.composition.value)
    assert other.base_rates.value == pytest.approx(found.base_rates.value)
    fall = found.total.value + other.degradation.value + found.base_rates.value
    assert fall == pytest.approx(before.auc - now.auc)
    assert found.total.value == pytest.approx(found.degradation.value + found.composition.value)


def test_a_slice_that_got_worse_and_one_that_grew_are_told_apart() -> None:
    worse = parts(Rows(1, 4000, 0.2), Rows(2, 4000, 0.2, inside=0.0))
    assert worse.degradation.value > 10 * abs(worse.composition.value)
    more = parts(Rows(3, 4000, 0.1, inside=0.0), Rows(4, 4000, 0.5, inside=0.0))
    assert more.composition.value > 5 * abs(more.degradation.value)
    assert more.composition.p_value is not None
    assert more.composition.p_value < 1e-4


@pytest.mark.parametrize("seed", range(3))
def test_the_variance_is_that_of_leaving_each_group_out(seed: int) -> None:
    before, now = Rows(seed, 300, 0.3), Rows(seed + 9, 300, 0.4, inside=0.5)
    left = []
    for group in range(GROUPS):
        found = slice_parts(before.table(without=group), now.table(without=group))
        assert found is not None
        left.append([part.value for part in (found.degradation, found.composition, found.total)])
    expected = (GROUPS - 1) / GROUPS * ((np.array(left) - np.mean(left, axis=0)) ** 2).sum(axis=0)
    found = parts(before, now)
    have = [part.variance for part in (found.degradation, found.composition, found.total)]
    assert have == pytest.approx(expected.tolist())


def test_without_groups_there_is_no_interval_and_without_rows_nothing() -> None:
    before, now = Rows(1, 200, 0.3), Rows(2, 200, 0.3)
    alone = slice_parts(before.table().sum(axis=0, keepdims=True), now.table().sum(axis=0, keepdims=True))
    assert alone is not None
    assert (alone.total.interval(), alone.total.p_value) == (None, None)
    assert slice_parts(before.table(np.zeros(200, bool)), now.table()) is None


def test_all_slices_at_once_are_as_each_alone() -> None:
    before, now = Rows(5, 300, 0.3), Rows(6, 200, 0.5, inside=0.2)
    tables = [side.table().sum(axis=0, keepdims=True) for side in (before, now)]
    slices = [np.concatenate([table[0], np.zeros_like(table[0, :1])]) for table in tables]  # the last holds no row
    rest, inside, empty = slice_parts_of_each(slices[0], slices[1])
    assert inside == slice_parts(*tables)
    assert rest == slice_parts(*(table[:, ::-1] for table in tables))
    assert empty is None


def test_its_interval_covers() -> None:
    """Of what the same slice adds among all rows there are, over 300 pairs of windows; 95 % less three errors."""
    many = [parts(Rows(1000 + 2 * i, 4000, 0.2), Rows(1001 + 2 * i, 4000, 0.4, inside=0.3)) for i in range(40)]
    whole = float(np.mean([found.total.value for found in many]))
    covered = 0
    for seed in range(300):
        interval = parts(Rows(2 * seed, 600, 0.2), Rows(2 * seed + 1, 600, 0.4, inside=0.3)).total.interval()
        assert interval is not None
        covered += interval[0] <= whole <= interval[1]
    assert covered >= 300 * (0.95 - 3 * (0.05 * 0.95 / 300) ** 0.5)


def test_what_it_is_worse_by_is_of_the_placements() -> None:
    """How much larger it calls a slice's mean loss, against each row's placement loss."""
    before, now = Rows(1, 300, 0.3), Rows(2, 200, 0.4, inside=0.2)
    found = parts(before, now)
    for at, rows in enumerate((before, now)):
        losses, weights = placement_losses(rows.labels, rows.scores), placement_weights(rows.labels)
        of_parts = [np.average(losses[part], weights=weights[part]) for part in (rows.inside, ~rows.inside)]
        assert found.worse[at].value == pytest.approx(of_parts[0] - of_parts[1])
    assert found.grew.value == pytest.approx(now.inside.mean() - before.inside.mean())


def relabelled(rows: Rows, seed: int, positives: float) -> Rows:
    """The same rows with fewer positives in the slice, whose scores follow the labels as before."""
    rng = np.random.default_rng(seed)
    labels = np.where(rows.inside, rng.random(rows.labels.size) < positives, rows.labels).astype(rows.labels.dtype)
    rows.scores = rows.scores + np.where(rows.inside, 0.2, 1.0) * (labels - rows.labels)
    rows.labels = labels
    return rows


def test_fewer_positives_are_not_more_rows() -> None:
    """Of a slice that holds its share of rows exactly, no composition comes, whatever its base rate does."""
    before, now = (Rows(seed, 6000, 0.3, inside=0.2) for seed in (1, 2))
    now.inside = before.inside
    found = parts(before, relabelled(now, 3, 0.05))
    assert found.grew.value == 0
    assert found.composition.value == pytest.approx(0, abs=1e-12)
    assert abs(found.base_rates.value) > 0.01
    assert found.grew_and_is_worse is not None
    assert found.grew_and_is_worse > 0.05


@pytest.mark.parametrize(
    ("before", "now", "named"),
    [
        (Rows(3, 4000, 0.1, inside=0.0), Rows(4, 4000, 0.5, inside=0.0), True),
        (Rows(3, 4000, 0.5, inside=0.0), Rows(4, 4000, 0.1, inside=0.0), False),
        (Rows(3, 4000, 0.1, inside=1.5), Rows(4, 4000, 0.5, inside=0.0), False),
        (Rows(3, 4000, 0.1, inside=0.0), Rows(4, 4000, 0.5, inside=1.5), False),
        (Rows(3, 4000, 0.3, inside=0.0), Rows(4, 4000, 0.3, inside=0.0), False),
    ],
    ids=["grew, worse", "shrank", "was better", "is better", "as large"],
)
def test_it_grew_and_is_worse_only_where_all_of_that_is_so(before: Rows, now: Rows, *, named: bool) -> None:
    value = parts(before, now).grew_and_is_worse
    assert value is not None
    assert (value < 1e-3) == named
