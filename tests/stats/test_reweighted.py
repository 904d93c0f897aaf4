"""A reference in another window's mix, on rows whose mix is known."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch.stats.reweighted import reweighted
from dawnwatch.stats.scored import Scored

GROUPS, SCORES = 32, 10


def reference(share: float, rows: int = 20_000) -> Scored:
    """Rows of two kinds, with labels and scores of each kind's own."""
    rng = np.random.default_rng(0)
    kind = (rng.random(rows) >= share).astype(np.int64)
    label = (rng.random(rows) < np.array([0.2, 0.6])[kind]).astype(np.int64)
    nothing = np.zeros(rows, np.int64)
    score = rng.integers(0, SCORES, rows)
    return Scored(rng.integers(0, GROUPS, rows), label, score, nothing, np.stack([kind, nothing], axis=1))


def kinds(share: float, rows: int = 10_000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    kind = (rng.random(rows) >= share).astype(np.int64)
    return rng.integers(0, GROUPS, rows), np.stack([kind, np.zeros(rows, np.int64)], axis=1)


def test_the_labels_come_in_the_new_mix() -> None:
    then = reference(0.8)
    found = reweighted(then, *kinds(0.3), scores=SCORES, groups=GROUPS)
    share = found.tables[0, 1].sum() / found.tables[0].sum()
    assert share == pytest.approx(0.3 * 0.2 + 0.7 * 0.6, abs=0.01)
    assert found.tables[0].sum() == pytest.approx(20_000)
    assert found.by_group.sum(axis=0) == pytest.approx(found.tables[0])
    assert found.outside == 0
    # Each old kind weighs 0.3 / 0.8 and 0.7 / 0.2.
    assert found.share == pytest.approx(1 / (0.8 * 0.375**2 + 0.2 * 3.5**2), abs=0.02)
    assert found.rows == pytest.approx(found.effective.sum())


def test_without_a_group_its_rows_have_no_weight() -> None:
    then = reference(0.8)
    found = reweighted(then, *kinds(0.3), scores=SCORES, groups=GROUPS)
    rest = then.only(then.group != 4)
    group, bins = kinds(0.3)
    alone = reweighted(rest, group[group != 4], bins[group != 4], scores=SCORES, groups=GROUPS)
    assert found.tables[5] == pytest.approx(alone.tables[0], rel=0.02, abs=1)


def test_rows_that_the_reference_never_held_lie_outside() -> None:
    then, (group, bins) = reference(0.8), kinds(0.3)
    bins[:6000, 1] = 1
    first = reweighted(then, group, bins, scores=SCORES, groups=GROUPS)
    assert first.outside == pytest.approx(0.6, abs=1e-9)
    assert first.lacking == pytest.approx([0, 0.6], abs=1e-9)
    known = np.zeros(len(bins), bool)
    known[6000:7000] = True
    found = reweighted(then, group, bins, scores=SCORES, groups=GROUPS, strange=known)
    assert found.outside == pytest.approx(0.7, abs=1e-9)


def test_rows_of_a_kind_that_was_hardly_there_lie_outside_too() -> None:
    found = reweighted(reference(0.999), *kinds(0.02), scores=SCORES, groups=GROUPS)
    assert found.outside == pytest.approx(0.98, abs=0.01)
    assert found.share < 0.2
