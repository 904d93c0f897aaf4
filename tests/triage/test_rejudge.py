"""One packet's measurements under another's thresholds: what judging the rows themselves would have said."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from dawnwatch.model.enums import Outcome
from dawnwatch.triage.rejudge import rejudge
from tests.monitoring.scenarios import SCENARIOS, packet_of
from tests.triage.comparing import auc, judged, psi

SETTINGS: dict[str, dict[str, Any]] = {
    "usual": {},
    "psi 0.02": {"thresholds": psi(0.02)},
    "psi 5": {"thresholds": psi(5, yellow=4)},
    "psi of device": {"columns": {"device": {"psi": {"yellow": 0.001, "red": 9}}, "age": {}}},
    "device by total variation": {"columns": {"device": {"method": "total_variation"}, "age": {}}},
    "all by energy, low bands": {
        "drift": {"method": "energy"},
        "thresholds": {"energy": {"yellow": 0.001, "red": 0.002}},
    },
    "scores and labels count": {
        "drift": {"prediction": "high", "label": "medium"},
        "thresholds": {"prediction": {"red": 0.005}, "label": {"red": 0.0005}},
    },
    "scores and labels count, by size": {
        "drift": {"prediction": "high", "label": "medium"},
        "thresholds": {"prediction": {"red": 0.005}, "label": {"red": 2e-6}},
        "significance": {"judge": "off"},
    },
    "auc 0": {"thresholds": auc(0.0)},
    "auc 0.3": {"thresholds": auc(0.3)},
    "missing 0.1": {"thresholds": {"missing": {"max": 0.1}}},
    "missing of age": {"columns": {"device": {}, "age": {"missing": {"max": 0.5}}}},
    "significance off": {"significance": {"judge": "off"}},
    "budget of a half": {"significance": {"level": 0.5}},
    "hardly any budget": {"significance": {"level": 1e-12}},
    "many units": {"significance": {"min_units": 10_000}},
}
ASKED = {"domain_classifier": True}
SETTINGS = {name: tables | {"drift": ASKED | tables.get("drift", {})} for name, tables in SETTINGS.items()}
TESTED = {
    *("performance_degraded", "drop_within_noise", "red_drift", "yellow_drift", "red_within_noise", "too_few_units"),
    *("red_prediction_drift", "red_label_drift", "windows_told_apart", "estimate_gap"),
}
OFF = {"significance off", "scores and labels count, by size"}
WINDOWS = ["healthy", "shifted", "leaning", "worse", "few", "both", "gaps"]


@pytest.mark.parametrize("window", WINDOWS)
def test_it_says_what_judging_the_window_again_says(window: str) -> None:
    runs = {name: judged(window, **tables) for name, tables in SETTINGS.items()}
    for one, other in product(runs, repeat=2):
        found = rejudge(runs[one], runs[other])
        # What was not tested there has no p-value to hold against a budget here, nor where there were too few units.
        untested = one in OFF | {"many units"} and other not in {one} | OFF
        assert found.unknown <= (TESTED if untested else set()), (one, other)
        assert found.holding == set(runs[other].facts) - found.unknown, (one, other)


def test_the_settings_above_make_every_fact_that_rests_on_a_threshold_flip() -> None:
    """Else the test above would hold of a function that returns the packet's own facts."""
    seen = {
        fact: {fact in judged(window, **tables).facts for window in WINDOWS for tables in SETTINGS.values()}
        for fact in [*TESTED, "quality_failed"]
    }
    assert all(values == {True, False} for values in seen.values()), seen


@pytest.mark.parametrize("name", SCENARIOS)
def test_under_its_own_thresholds_a_packet_has_its_own_facts(name: str) -> None:
    packet = packet_of(name)
    found = rejudge(packet, packet)
    assert (found.holding, found.unknown) == (frozenset(packet.facts), frozenset())


def test_a_feature_only_the_other_run_watches_is_unknown_unless_another_settles_it() -> None:
    both = judged("healthy")
    half = both.drift.model_copy(update={"features": [f for f in both.drift.features if f.name == "age"]})
    narrow = both.model_copy(update={"drift": half})
    assert {"red_drift", "yellow_drift"} <= rejudge(narrow, both).unknown
    assert not rejudge(both, narrow).unknown
    other_bins = both.drift.model_copy(
        update={"features": [f.model_copy(update={"kind": "categorical"}) for f in both.drift.features]}
    )
    assert "red_drift" in rejudge(both, both.model_copy(update={"drift": other_bins})).unknown
    red = judged("healthy", thresholds=psi(1e-6)).model_copy(update={"drift": judged("shifted").drift})
    assert rejudge(judged("shifted"), red).get("red_drift") is True


def test_another_rule_of_the_same_check_is_unknown() -> None:
    packet = judged("gaps")
    checks = [
        c.model_copy(update={"rule": "is a whole number"}) if c.column == "age" else c for c in packet.quality.checks
    ]
    other = packet.model_copy(update={"quality": packet.quality.model_copy(update={"checks": checks})})
    assert rejudge(packet, other).get("quality_failed") is None


def test_slices_the_packet_did_not_measure_are_unknown() -> None:
    packet = judged("healthy")
    without = packet.model_copy(update={"performance": packet.performance.model_copy(update={"slices": []})})
    assert rejudge(without, packet).unknown == {"performance_degraded", "drop_within_noise", "too_few_units"}
    assert not rejudge(packet, without).unknown


def test_facts_that_do_not_follow_from_the_packets_own_numbers_are_unknown() -> None:
    packet = judged("healthy").model_copy(update={"facts": ["red_drift"]})
    assert rejudge(packet, packet).get("red_drift") is None


def test_what_rests_on_no_threshold_stays() -> None:
    packet = judged("healthy").model_copy(update={"facts": ["check_errored"]})
    assert rejudge(packet, judged("worse")).get("check_errored") is True


def test_the_budget_is_shared_by_the_tests_that_both_runs_make() -> None:
    packet = judged("worse", thresholds=auc(0.0))
    test = packet.performance.drop.significance
    assert test is not None
    # Just significant among the features and the drop; not among the slices too.
    drop = packet.performance.drop.model_copy(
        update={"significance": test.model_copy(update={"p_value": 0.01 / 4, "significant": False})}
    )
    slices = [
        s.model_copy(update={"drop": s.drop.model_copy(update={"value": 0.0})}) for s in packet.performance.slices
    ]
    section = packet.performance.model_copy(update={"drop": drop, "slices": slices, "outcome": Outcome.WARNED})
    noise = packet.model_copy(update={"performance": section, "facts": ["drop_within_noise"]})
    assert rejudge(noise, noise).holding == {"drop_within_noise"}
    alone = noise.model_copy(update={"performance": section.model_copy(update={"slices": []})})
    assert rejudge(noise, alone).holding == {"performance_degraded"}
    sure = packet.error_budget
    assert sure is not None
    wider = noise.model_copy(update={"error_budget": sure.model_copy(update={"level": 0.5})})
    assert rejudge(noise, wider).holding == {"performance_degraded"}


def test_a_packet_of_before_there_were_tests_says_nothing_of_another_budget() -> None:
    packet = judged("worse")
    old = packet.model_copy(update={"error_budget": None})
    assert rejudge(packet, old).get("performance_degraded") is None
