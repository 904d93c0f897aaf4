"""Labels are withheld with known chances, so that the AUC of all rows is known and can be missed."""

import numpy as np
import pytest

from dawnwatch.stats.arrival import arrival_curve
from dawnwatch.stats.inverse_chance import arrival_bias, class_first, excess_positives, weighted_auc
from dawnwatch.stats.replicates import auc_replicates
from dawnwatch.stats.scored import Scored

GROUPS, ROWS, TABLES = 32, 2000, 200
CHANCE = np.array([0.85, 0.3, 0.6])
"""Of a label to come, by slice."""
MEANS = np.array([60.0, 12.0])
"""Hours a label takes, of 0 and of 1: something that happened is known sooner."""


def _rows(rng, rows=ROWS):
    """Three slices, of which the model ranks the second badly; 100 units."""
    part = rng.integers(0, 3, rows)
    label = (rng.random(rows) < np.array([0.3, 0.5, 0.2])[part]).astype(int)
    skill = np.array([2.0, 0.2, 1.2])[part]
    score = np.clip((rng.normal(0, 1, rows) + skill * label) * 40 + 200, 0, 511).astype(int)
    unit = rng.integers(0, 100, rows)
    return Scored(unit % GROUPS, label, score, np.zeros(rows, int), part[:, None])


def _whole():
    """AUC of ever so many rows."""
    rows = _rows(np.random.default_rng(0), 400_000)
    table = np.stack([np.bincount(rows.score[rows.label == y], minlength=512) for y in (0, 1)])
    return float(auc_replicates(table[None].astype(float))[0])


def _inside(part, truth):
    low, high = part.interval(0.95)
    return low <= truth <= high


def test_recovers_the_auc_of_all_rows_where_labels_are_withheld_by_slice():
    truth, raw, weighted = _whole(), 0, 0
    for seed in range(TABLES):
        rng = np.random.default_rng(seed + 1)
        rows = _rows(rng)
        came = rng.random(ROWS) < CHANCE[rows.bins[:, 0]]
        found = weighted_auc(rows, came, GROUPS)
        raw += _inside(found.raw, truth)
        weighted += _inside(found.auc, truth)
    assert weighted >= 0.91 * TABLES
    assert raw < 0.6 * TABLES


def test_recovers_it_where_positives_come_first_and_slices_differ():
    """Delays differ by class, and a slice's labels are lost besides; the curves are of a reference that has matured."""
    truth, raw, weighted = _whole(), 0, 0
    for seed in range(TABLES):
        rng = np.random.default_rng(seed + 1)
        before = _rows(rng)
        delay = rng.exponential(MEANS[before.label])
        curves = [
            arrival_curve(np.full(own.sum(), 1e4), delay[own], before.group[own], GROUPS)
            for own in (before.label == 0, before.label == 1)
        ]
        rows = _rows(rng)
        age = rng.uniform(12, 96, ROWS)
        came = rng.exponential(MEANS[rows.label]) <= age
        came &= rng.random(ROWS) < CHANCE[rows.bins[:, 0]]
        shares = np.where(rows.label[came] == 1, curves[1].at(age[came]), curves[0].at(age[came]))
        found = weighted_auc(rows, came, GROUPS, 1 / np.maximum(shares, 0.05))
        raw += _inside(found.raw, truth)
        weighted += _inside(found.auc, truth)
    assert weighted >= 0.91 * TABLES
    assert raw < 0.75 * TABLES


def test_bias_is_shown_where_slices_differ_and_hardly_ever_where_they_do_not():
    shown = biased = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        rows = _rows(rng, 1000)
        even, by_slice = rng.random(1000) < 0.6, rng.random(1000) < CHANCE[rows.bins[:, 0]]
        shown += arrival_bias(rows.bins, even, rows.group, GROUPS).shown
        biased += arrival_bias(rows.bins, by_slice, rows.group, GROUPS).shown
    assert shown <= 1
    assert biased >= 99


def test_even_weights_give_the_raw_auc_and_lose_no_rows():
    rng = np.random.default_rng(5)
    rows = _rows(rng)
    found = weighted_auc(rows, np.ones(ROWS, bool), GROUPS)
    assert found.auc.value == pytest.approx(found.raw.value, abs=1e-9)
    assert found.effective == pytest.approx(ROWS)
    assert found.cut == 0


def test_rows_like_none_that_has_a_label_are_told():
    rng = np.random.default_rng(6)
    rows = _rows(rng)
    came = (rows.bins[:, 0] != 1) & (rng.random(ROWS) < 0.5)
    found = weighted_auc(rows, came, GROUPS)
    assert found.cut == pytest.approx((rows.bins[:, 0] == 1).mean())


def test_bias_cannot_be_asked_where_every_row_has_a_label():
    rows = _rows(np.random.default_rng(7))
    assert arrival_bias(rows.bins, np.ones(ROWS, bool), rows.group, GROUPS) is None


def _by_score(rows, kept, weights):
    key = (rows.group * 2 + rows.label) * 32 + rows.score // 16
    return np.bincount(key[kept], weights, GROUPS * 64).reshape(GROUPS, 2, 32)


def test_positives_that_come_first_show_at_the_same_score_and_slices_do_not():
    """What weights by features cannot know is told by the baseline's chances at each score."""
    first = even = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        before, rows = _rows(rng, 4000), _rows(rng)
        reference = _by_score(before, np.ones(4000, bool), np.ones(4000))
        for by_class in (True, False):
            chance = np.array([0.5, 0.9])[rows.label] if by_class else CHANCE[rows.bins[:, 0]]
            came = rng.random(ROWS) < chance
            found = weighted_auc(rows, came, GROUPS)
            low, high = excess_positives(reference, _by_score(rows, came, found.weights)).interval(0.999)
            first += by_class and low > 0
            even += not by_class and not low <= 0 <= high
    assert first >= 99
    assert even <= 1


def test_a_class_that_comes_first_alone_leaves_the_raw_auc_right_and_weights_by_a_telling_feature_do_not():
    """The reason why the score is no feature of the chance: it would tell the class."""
    truth, rng = _whole(), np.random.default_rng(3)
    rows = _rows(rng, 60_000)
    by_score = Scored(rows.group, rows.label, rows.score, rows.stratum, rows.score[:, None] // 64)
    came = rng.random(60_000) < np.array([0.3, 0.9])[rows.label]
    raw, weighted = weighted_auc(rows, came, GROUPS).raw.value, weighted_auc(by_score, came, GROUPS).auc.value
    assert raw == pytest.approx(truth, abs=0.008)
    assert abs(weighted - truth) > 0.015


def test_granting_a_class_its_odds_leaves_weights_by_slice_and_takes_back_those_by_a_class() -> None:
    """By slice both readings agree; where positives come first the granted one is near the raw AUC, which is right."""
    agree = nearer = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        before, rows = _rows(rng, 6000), _rows(rng, 4000)
        table = _by_score(before, np.ones(6000, bool), np.ones(6000)).sum(axis=0)
        chance = ((table[1] + 0.5) / (table.sum(axis=0) + 1))[rows.score // 16]
        came = rng.random(4000) < CHANCE[rows.bins[:, 0]]
        found, (granted, _) = weighted_auc(rows, came, GROUPS), class_first(rows, came, GROUPS, chance[came])
        agree += abs(granted - found.auc.value) < abs(granted - found.raw.value)
        by_score = Scored(rows.group, rows.label, rows.score, rows.stratum, rows.score[:, None] // 32)
        came = rng.random(4000) < np.array([0.4, 0.8])[rows.label]
        found, (granted, odds) = weighted_auc(by_score, came, GROUPS), class_first(by_score, came, GROUPS, chance[came])
        nearer += abs(granted - found.raw.value) < abs(granted - found.auc.value)
        assert odds == pytest.approx(2.0, rel=0.35)
    assert agree == 60
    assert nearer >= 57
