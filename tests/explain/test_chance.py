"""What chance alone does to a feature's PSI: the packet's own noise, and what it means in rows."""

from __future__ import annotations

import pytest

from dawnwatch.explain.chance import by_chance, times
from dawnwatch.explain.drift import drift
from dawnwatch.explain.example import example
from dawnwatch.model.feature_drift import FeatureDrift


def hour_bucket() -> FeatureDrift:
    return example().drift.features[0]


def test_the_noise_is_the_packets_own_and_so_is_its_design_effect() -> None:
    for feature in example().drift.features:
        found = by_chance(feature)
        assert found is not None
        assert feature.significance is not None
        assert (found.mean, found.limit) == (feature.by_chance, feature.by_chance_limit)
        assert found.effect == pytest.approx(feature.significance.design_effect, rel=1e-9)
        assert found.unit == "user_id"


def test_it_says_what_so_many_rows_tell_and_what_more_rows_do_not_bring() -> None:
    found = by_chance(hour_bucket())
    assert found is not None
    assert found.effect is not None
    assert "these 70,000 and 30,000 rows tell as much as 799 and 342 independent ones" in found.long
    assert f"take away at most {100 / found.effect:.1f}% of this noise" in found.long


def test_rows_that_differ_within_a_unit_are_not_called_worth_more() -> None:
    found = by_chance(example().drift.features[1])
    assert found is not None
    assert found.effect is not None
    assert found.effect < 1
    assert "are not taken to be independent" in found.long
    assert "tell as much as" not in found.long


def test_independent_rows_have_no_design_effect() -> None:
    mean = 3 * (1 / 70_000 + 1 / 30_000)
    feature = hour_bucket().model_copy(update={"by_chance": mean, "by_chance_limit": None, "significance": None})
    found = by_chance(feature)
    assert found is not None
    assert (found.effect, found.stretch, found.long) == (None, None, "")
    assert found.short == "Chance alone would give about 0.00014 with so many rows."


def test_what_no_packet_holds_is_not_made_up() -> None:
    assert by_chance(hour_bucket().model_copy(update={"by_chance": None})) is None


def test_the_page_is_given_the_same_noise() -> None:
    packet = example()
    for shown, feature in zip(drift(packet).data["features"], packet.drift.features, strict=True):
        found = by_chance(feature)
        assert found is not None
        noise = shown["noise"]
        assert (noise["effect"], noise["stretch"], noise["text"]) == (found.effect, found.stretch, found.long)
        assert packet.error_budget is not None
        assert noise["least"] == packet.error_budget.min_units == 50


def test_a_design_effect_is_written_with_two_digits_or_whole() -> None:
    assert [times(effect) for effect in (87.6, 9.94, 0.6217, 123.4)] == ["88", "9.9", "0.62", "123"]
