"""Mix and concept on rows whose truth is known in closed form."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy.stats import norm

from dawnwatch.stats.density_ratio import cells_of
from dawnwatch.stats.mix import mix_of
from dawnwatch.stats.scored import Replicated, Scored, Weights, auc_part
from tests.stats.by_pairs import delong_by_pairs

GROUPS = 64


def rows(seed: int, *, share: float, apart: tuple[float, float], n: int = 20_000, other: float = 0.5) -> Scored:
    """Rows of two kinds, a `share` of kind 0, whose classes lie `apart`; a second feature is idle."""
    rng = np.random.default_rng(seed)
    kind = (rng.random(n) >= share).astype(np.int64)
    idle = (rng.random(n) >= other).astype(np.int64)
    label = rng.integers(0, 2, n)
    score = rng.normal(size=n) + np.array(apart)[kind] * (label - 0.5)
    code = np.clip((score + 5) * 50, 0, 499).astype(np.int64)
    return Scored(rng.integers(0, GROUPS, n), label, code, np.zeros(n, np.int64), np.stack([kind, idle], axis=1))


def truth(share: float, apart: tuple[float, float]) -> float:
    """AUC of the whole: pairs within and across the two kinds, whose centres lie at half of `apart`."""
    shares = (share, 1 - share)
    means = [norm.cdf((p / 2 + q / 2) / sqrt(2)) for p in apart for q in apart]
    weights = [s * t for s in shares for t in shares]
    return float(np.dot(means, weights))


@pytest.mark.parametrize("features", [1, 4, 12, 60])
def test_every_combination_of_bins_is_told_apart_however_many_features_there_are(features: int) -> None:
    bins = np.random.default_rng(features).integers(0, 6, (500, features))
    bins[250:] = bins[:250]
    cells, at = cells_of(bins)
    assert np.array_equal(cells[at], bins)
    assert len(cells) == len(np.unique(bins, axis=0))


PLAYERS = {"kind": [0], "idle": [1]}


def test_a_changed_mix_is_told_from_a_changed_concept() -> None:
    then, now = rows(0, share=0.2, apart=(0.2, 2.0)), rows(1, share=0.7, apart=(0.2, 1.6), other=0.9)
    found = mix_of(then, now, PLAYERS, groups=GROUPS)
    assert found.total is not None
    mix = (truth(0.2, (0.2, 2.0)) - truth(0.7, (0.2, 2.0)) + truth(0.2, (0.2, 1.6)) - truth(0.7, (0.2, 1.6))) / 2
    assert found.total.value == pytest.approx(mix, abs=0.01)
    low, high = found.total.interval(0.99)
    assert low < mix < high
    concept = auc_part(then, GROUPS) - auc_part(now, GROUPS) - found.total
    rest = truth(0.2, (0.2, 2.0)) - truth(0.7, (0.2, 1.6)) - mix
    assert concept.value == pytest.approx(rest, abs=0.015)


def test_the_mix_is_shared_out_to_the_feature_that_matters() -> None:
    then, now = rows(2, share=0.2, apart=(0.2, 2.0)), rows(3, share=0.7, apart=(0.2, 2.0), other=0.9)
    found = mix_of(then, now, PLAYERS, groups=GROUPS)
    assert found.total is not None
    assert sum(part.value for part in found.players.values()) == pytest.approx(found.total.value)
    assert found.players["kind"].value == pytest.approx(found.total.value, abs=0.003)
    low, high = found.players["idle"].interval()
    assert low < 0.003
    assert high > -0.003


def test_what_a_kind_of_rows_carries_adds_up_and_names_the_kind() -> None:
    then, now = rows(4, share=0.5, apart=(2.0, 2.0)), rows(5, share=0.5, apart=(0.0, 2.0))
    found = mix_of(then, now, PLAYERS, groups=GROUPS)
    assert found.total is not None
    kinds, idle = ([part.value for part in parts] for parts in found.carried)
    rest = (auc_part(then, GROUPS) - auc_part(now, GROUPS) - found.total).value
    assert sum(kinds) == pytest.approx(rest, abs=0.005)
    assert sum(idle) == pytest.approx(rest, abs=0.005)
    assert kinds[0] > 2 * kinds[1]
    assert idle[0] == pytest.approx(idle[1], abs=0.02)


def test_only_what_carries_more_than_its_share_stands_out() -> None:
    then, now = rows(4, share=0.5, apart=(2.0, 2.0)), rows(5, share=0.3, apart=(0.0, 2.0), other=0.8)
    kinds, idle = mix_of(then, now, PLAYERS, groups=GROUPS).excess
    low, _ = kinds[0].interval(0.999)
    assert low > 0.01
    assert kinds[1].value < 0
    # A bystander's bins carry much of the fall, and no more than their share of it.
    for part in idle:
        low, high = part.interval(0.999)
        assert low < 0
        assert high < 0.02


def test_where_all_rows_rank_worse_alike_none_stands_out() -> None:
    then = rows(10, share=0.5, apart=(0.6, 2.0))
    now = rows(11, share=0.5, apart=(0.6, 2.0))
    label = np.where(np.random.default_rng(12).random(now.label.size) < 0.2, 1 - now.label, now.label)
    now = Scored(now.group, label, now.score, now.stratum, now.bins)
    for parts in mix_of(then, now, PLAYERS, groups=GROUPS).excess:
        for part in parts:
            assert part.interval(0.999)[0] < 0


def test_windows_with_nothing_in_common_are_not_split() -> None:
    then, now = rows(6, share=0.001, apart=(1.0, 1.0)), rows(7, share=0.999, apart=(1.0, 1.0))
    found = mix_of(then, now, PLAYERS, groups=GROUPS)
    assert found.total is None
    assert found.overlap < 0.1


def test_strata_are_not_mixed_with_each_other() -> None:
    plain = rows(8, share=0.5, apart=(1.0, 1.0))
    then = Scored(plain.group, plain.label, plain.score, plain.bins[:, 0], plain.bins)
    other = rows(9, share=0.9, apart=(1.0, 1.0))
    now = Scored(other.group, other.label, other.score, other.bins[:, 0], other.bins)
    found = mix_of(then, now, {"idle": [1], "kind": [0]}, groups=GROUPS)
    assert found.total is not None
    # The kind is the stratum here: its share moved, and that is nobody's mix.
    assert found.total.value == pytest.approx(0, abs=0.003)


@pytest.mark.parametrize("seed", range(3))
def test_weighted_aucs_are_those_of_repeated_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    few = rows(seed, share=0.5, apart=(1.0, 0.5), n=60)
    times = rng.integers(0, 4, 60)
    whole = Replicated(few, GROUPS)
    order = np.lexsort((few.score, few.label, few.stratum))
    odds = np.tile(np.arange(4.0)[:, None], GROUPS + 1)
    found = whole.auc(Weights(times[order], odds))[0]
    at = np.repeat(np.arange(60), times)
    assert found == pytest.approx(delong_by_pairs(few.score[at].astype(float), few.label[at])[0])
