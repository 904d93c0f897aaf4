"""Why the severity moved: thresholds, data, model or severity table, and "cannot be told" where it cannot."""

from __future__ import annotations

import math
from typing import Any

import pytest

from dawnwatch import TriagePacket
from dawnwatch.model.comparison import Flip, Step
from dawnwatch.model.slice_words import slice_line
from dawnwatch.triage.why import fall_sentence
from tests.monitoring.windows import SHIFTED, check, replaced, window
from tests.triage.builders import weak_slice
from tests.triage.comparing import auc, judged, monitor, psi, step


def flip(of: Step, fact: str) -> Flip:
    (only,) = [flip for flip in of.flips if flip.fact == fact]
    return only


def with_provenance(packet: TriagePacket, **more: Any) -> TriagePacket:
    return packet.model_copy(update={"id": packet.id + "x", "provenance": packet.provenance.model_copy(update=more)})


def scored_by(packet: TriagePacket, model: str, version: str | None = None) -> TriagePacket:
    source = f"the model's ({model}): the log has no score column"
    return with_provenance(packet, model=model, model_version=version, score_source=source)


def test_moved_thresholds_alone() -> None:
    found = step(judged("both"), judged("both", thresholds=auc(0.5)))
    assert (found.severity_before, found.severity_after) == ("critical", "high")
    assert (found.attribution, found.causes) == ("alone", ["thresholds"])
    assert found.text == "critical → high: thresholds alone (auc_drop 0.05 → 0.5)"
    degraded = flip(found, "performance_degraded")
    assert (degraded.holds, degraded.attribution, degraded.causes) == (False, "alone", ["thresholds"])
    assert degraded.text.startswith("auc_drop 0.05 → 0.5: performance_degraded no longer holds (it was: AUC fell by 0.")
    assert {"data", "baseline", "policy", "model"} <= set(found.same)


def test_moved_data_alone() -> None:
    found = step(judged("healthy"), judged("shifted"))
    assert (found.attribution, found.causes) == ("alone", ["data"])
    assert found.text == "low → high: data (the current window) alone"
    flips = {f.fact: (f.holds, f.causes) for f in found.flips}
    assert flips == {"red_drift": (True, ["data"])}
    assert flip(found, "red_drift").text.startswith("red_drift now holds (PSI of device 0.")
    assert {"thresholds", "settings", "baseline", "policy"} <= set(found.same)
    assert "data" not in found.same


def test_a_fall_of_the_auc_in_another_window_is_the_datas_only_where_the_model_is_shown_to_be_the_same() -> None:
    # Logged scores: whichever model wrote them, the packets do not show that it is the same.
    logged = step(judged("healthy"), judged("worse"))
    assert (logged.attribution, logged.causes) == ("unknown", ["data", "model"])
    because = "data (the current window) or the model: the packets cannot tell which"
    assert logged.text == f"low → high: {because}{fall_sentence(judged('worse'), brief=True)}"
    # Scored by this run, and the baseline's AUC equal to the last digit.
    scored = step(scored_by(judged("healthy"), "forest"), scored_by(judged("worse"), "forest"))
    assert (scored.attribution, scored.causes) == ("alone", ["data"])
    assert (flip(scored, "performance_degraded").causes) == ["data"]


def test_both_moved_and_the_data_would_have_done_it_alone() -> None:
    found = step(judged("healthy"), judged("shifted", thresholds=psi(0.3)))
    assert flip(found, "red_drift").attribution == "alone"
    assert (found.attribution, found.causes) == ("alone", ["data"])


def test_both_moved_and_the_thresholds_would_have_done_it_alone() -> None:
    found = step(judged("shifted"), judged("shifted_again", thresholds=psi(5, yellow=4)))
    assert (found.attribution, found.causes) == ("alone", ["thresholds"])
    assert "data" in {change.cause for change in found.changes}
    assert flip(found, "red_drift").causes == ["thresholds"]


def test_both_moved_and_only_together_do_it() -> None:
    # The leaning window is RED from 0.1 on only, and the healthy one under neither.
    found = step(judged("healthy"), judged("leaning", thresholds=psi(0.1)))
    assert flip(found, "red_drift").attribution == "together"
    assert flip(found, "red_drift").text.endswith(
        "data (the current window) and thresholds together; neither would have done it alone "
        "(psi yellow 0.1, red 0.2 → yellow 0.05, red 0.1)"
    )


def test_both_moved_and_either_would_have_done_it() -> None:
    found = step(judged("shifted"), judged("healthy", thresholds=psi(5, yellow=4)))
    assert (found.attribution, set(found.causes)) == ("either", {"data", "thresholds"})
    assert found.text.startswith("high → low: data (the current window) or thresholds: either would have done it")


def test_a_moved_severity_table_alone() -> None:
    rules = [{"name": "never_mind", "severity": "low"}]
    found = step(judged("both"), judged("both", policy=rules))
    assert (found.attribution, found.causes, found.flips) == ("alone", ["policy"], [])
    assert found.text == "critical → low: the severity table alone"
    assert ("policy", "rule never_mind") in {(change.cause, change.what) for change in found.changes}


def test_thresholds_and_severity_table_together() -> None:
    # Under either alone the run stays critical: the table asks for what the thresholds no longer find.
    rules = [
        {"name": "moved", "severity": "critical", "all": ["red_drift"]},
        {"name": "rest", "severity": "medium"},
    ]
    found = step(judged("both"), judged("both", thresholds=psi(5, yellow=4), policy=rules))
    assert (found.severity_after, found.attribution, set(found.causes)) == (
        "medium",
        "together",
        {"thresholds", "policy"},
    )


def test_settings_that_no_packet_lists_by_elimination() -> None:
    late = step(judged("worse"), judged("worse", labels={"expected": "late"}))
    assert (late.attribution, late.causes) == ("alone", ["settings"])
    assert late.text == "high → low: other settings alone"


def test_a_feature_no_longer_watched_is_a_setting_and_no_threshold() -> None:
    before = judged("shifted")
    after = check(window(device=SHIFTED), model={"features": ["age"]}, columns={"device": {}, "age": {}})
    found = step(before, after)
    assert ("settings", "watched features", "age, device", "age") in [
        (c.cause, c.what, c.before, c.after) for c in found.changes
    ]
    assert "data" in found.same
    assert (flip(found, "red_drift").attribution, flip(found, "red_drift").causes) == ("alone", ["settings"])
    assert found.text == "high → low: other settings alone"


def test_a_feature_newly_watched_cannot_be_told_from_new_data() -> None:
    before = check(window(), model={"features": ["age"]}, columns={"device": {}, "age": {}})
    found = step(before, judged("shifted"))
    assert (flip(found, "red_drift").attribution, flip(found, "red_drift").causes) == ("unknown", ["data", "settings"])


def test_another_distance_of_a_feature_is_a_setting_with_its_name() -> None:
    before = judged("leaning")
    after = judged("leaning", columns={"device": {"method": "hellinger"}, "age": {}})
    found = step(before, after)
    assert [(c.cause, c.what, c.before, c.after) for c in found.changes if c.what.startswith("distance")] == [
        ("settings", "distance of device", "PSI", "Hellinger")
    ]


def test_another_bound_of_a_column_is_a_setting() -> None:
    before = judged("healthy")
    after = check(window(), columns={"device": {}, "age": {"range": {"min": 30, "max": 200}}})
    middle = check(window(), columns={"device": {}, "age": {"range": {"min": -100, "max": 200}}})
    found = step(middle, after)
    assert [(c.cause, c.what) for c in found.changes] == [("settings", "rule range of age")]
    # The count of rows below 30 is in one packet only, but nothing else differs.
    assert (found.attribution, found.causes) == ("alone", ["settings"])
    assert step(before, after).causes == ["settings"]


def test_a_check_made_for_what_the_window_held_is_put_down_to_the_data() -> None:
    infinite = [math.inf, *window(seed=7)["age"].to_pylist()[1:]]
    after = monitor().check(replaced(window(seed=7), "age", infinite))
    found = step(judged("healthy"), after)
    assert (flip(found, "quality_failed").attribution, flip(found, "quality_failed").causes) == ("alone", ["data"])


def test_late_labels_beside_a_new_window_cannot_be_told_apart() -> None:
    found = step(judged("healthy"), judged("worse", labels={"expected": "late"}))
    late = flip(found, "accuracy_not_judged")
    assert (late.attribution, late.causes) == ("unknown", ["data", "settings"])
    # The severity did not move, and where it does it is no surer than the fact that moved it.
    rules = [{"name": "blind", "severity": "high", "all": ["accuracy_not_judged"]}, {"name": "rest", "severity": "low"}]
    blind = step(judged("healthy", policy=rules), judged("worse", policy=rules, labels={"expected": "late"}))
    assert (blind.severity_after, blind.attribution) == ("high", "unknown")
    assert blind.causes == ["data", "settings"]


def test_a_model_of_another_name_and_the_same_rows() -> None:
    healthy, worse = judged("healthy"), judged("worse")
    before = scored_by(healthy, "forest")
    after = scored_by(worse.model_copy(update={"provenance": healthy.provenance}), "ridge")
    found = step(before, after)
    assert (found.attribution, found.causes) == ("alone", ["model"])
    assert found.text.startswith("low → high: the model alone; of the fall a changed concept explains 0.")


def test_a_model_and_a_window_at_once_cannot_be_told_apart_for_the_auc_but_can_for_drift() -> None:
    found = step(scored_by(judged("healthy"), "forest"), scored_by(judged("both"), "ridge"))
    degraded = flip(found, "performance_degraded")
    assert (degraded.attribution, degraded.causes) == ("unknown", ["data", "model"])
    assert "data (the current window) or the model: the packets cannot tell which; of the fall" in degraded.text
    assert (flip(found, "red_drift").attribution, flip(found, "red_drift").causes) == ("alone", ["data"])
    assert found.attribution == "unknown"


def test_the_same_name_and_another_version_is_another_model() -> None:
    packet = judged("healthy")
    found = step(scored_by(packet, "forest", "1"), scored_by(scored_by(packet, "forest", "2"), "forest", "2"))
    assert [(c.cause, c.before, c.after) for c in found.changes] == [
        ("model", "forest, version 1", "forest, version 2")
    ]


def test_a_model_that_ranks_the_same_baseline_otherwise_is_another_one_whatever_its_name() -> None:
    before = scored_by(judged("healthy"), "forest")
    section = before.performance
    reference = section.reference.model_copy(update={"value": 0.9})
    after = scored_by(
        before.model_copy(update={"performance": section.model_copy(update={"reference": reference})}), "forest"
    )
    assert [change.cause for change in step(before, after).changes] == ["model"]
    assert "model" in step(before, scored_by(before, "forest")).same


def test_logged_scores_in_another_window_leave_the_model_open() -> None:
    found = step(judged("healthy"), judged("shifted"))
    assert "model" not in found.same
    assert found.unproved == ["which model wrote the logged scores"]


def test_another_baseline_and_another_window_cannot_be_told_apart() -> None:
    before, after = judged("healthy"), judged("shifted")
    moved = after.provenance.drift_baseline.model_copy(update={"fingerprint": "rows:1:columns:0"})
    found = step(before, with_provenance(after, drift_baseline=moved))
    assert (found.attribution, found.causes) == ("unknown", ["data", "baseline"])
    assert found.text == "low → high: data (the current window) or the baseline: the packets cannot tell which"


def test_a_check_that_one_run_did_not_make_cannot_be_told_apart() -> None:
    before, after = judged("healthy"), judged("gaps", thresholds={"missing": {"max": 0.01}})
    checks = [check for check in before.quality.checks if check.name != "missing"]
    before = before.model_copy(update={"quality": before.quality.model_copy(update={"checks": checks})})
    found = step(before, after)
    assert flip(found, "quality_failed").attribution == "unknown"
    assert found.attribution == "unknown"


def test_another_version_of_the_software_by_elimination_and_never_for_certain_beside_new_data() -> None:
    before = judged("both")
    facts = {"severity": "high", "rule": "red_drift", "facts": ["red_drift"]}
    after = with_provenance(before.model_copy(update=facts), dawnwatch="9.9", libraries={"numpy": "9"})
    found = step(before, after)
    assert {change.what for change in found.changes} >= {"dawnwatch", "numpy"}
    assert (found.attribution, found.causes) == ("alone", ["software"])
    beside = step(judged("healthy"), with_provenance(judged("shifted"), dawnwatch="9.9"))
    assert beside.causes == ["data"]
    assert "whether both versions of the software measure alike" in beside.unproved


def test_nothing_differs() -> None:
    packet = judged("both")
    found = step(packet, with_provenance(packet))
    assert (found.changes, found.flips, found.attribution) == ([], [], None)
    assert found.text == "stays critical: nothing differs in rows, model, thresholds or severity table"


def test_another_rule_of_the_same_severity() -> None:
    found = step(judged("shifted"), judged("worse"))
    assert found.text == "stays high, by another rule: red_drift → performance_degraded"
    flips = {flip.fact: flip.holds for flip in found.flips}
    assert flips == {"red_drift": False, "performance_degraded": True, "estimate_gap": True}


def test_a_packet_of_schema_1_0_has_no_table_and_says_so() -> None:
    old = judged("shifted").model_copy(update={"policy": [], "facts": [], "schema_version": "1.0"})
    found = step(old, judged("healthy"))
    assert flip(found, "red_drift").causes == ["data"]
    assert "whether the severity table is the same: a packet of schema 1.0 does not hold it" in found.unproved
    assert "policy" not in found.same


@pytest.mark.parametrize("names", [("healthy", "both"), ("worse", "shifted"), ("gaps", "few")])
def test_backwards_the_same_things_differ_and_the_same_facts_flip(names: tuple[str, str]) -> None:
    there, back = (step(*(judged(name) for name in pair)) for pair in (names, names[::-1]))
    assert [(c.what, c.before, c.after) for c in there.changes] == [(c.what, c.after, c.before) for c in back.changes]
    assert {(f.fact, f.holds) for f in there.flips} == {(f.fact, not f.holds) for f in back.flips}
    assert {f.fact: f.causes for f in there.flips} == {f.fact: f.causes for f in back.flips}


def with_weak_slice(packet: TriagePacket) -> TriagePacket:
    return packet.model_copy(update={"diagnosis": packet.diagnosis.model_copy(update={"weak_slices": [weak_slice()]})})


def test_what_the_fall_is_made_of_stands_where_the_fall_moved_the_severity() -> None:
    worse = with_weak_slice(judged("worse"))
    (shown,) = [cause for cause in worse.diagnosis.causes if cause.interval and cause.interval[0] > 0]
    explains = f"a changed concept explains {shown.amount:.3f} ({shown.interval[0]:.3f} to {shown.interval[1]:.3f})"
    came = step(judged("healthy"), worse)
    assert came.text.endswith(f"; of the fall {explains}")
    degraded = flip(came, "performance_degraded").text
    assert f"; of the fall {explains}; the changed mix " in degraded
    assert degraded.endswith("; weakest slice " + slice_line(weak_slice()))
    # It went: what it was made of is told of the run that had it.
    went = step(worse, judged("healthy"))
    assert went.text.endswith(f"; of the fall {explains}")
    assert explains in flip(went, "performance_degraded").text


def test_a_fall_that_a_threshold_alone_made_one_is_not_put_down_to_its_causes() -> None:
    found = step(judged("both"), judged("both", thresholds=auc(0.5)))
    assert "of the fall" not in found.text
    assert "of the fall" not in flip(found, "performance_degraded").text
    # Nor is a severity that drift moved.
    assert "of the fall" not in step(judged("healthy"), judged("shifted")).text
