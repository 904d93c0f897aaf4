"""Packets side by side as data."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dawnwatch import UsageError
from dawnwatch.model.comparison import Comparison
from dawnwatch.model.weak_slices import SliceCondition
from dawnwatch.triage.compare import compare
from tests.triage.builders import weak_slice
from tests.triage.comparing import auc, judged


def test_rows_line_up_and_the_worst_comes_first() -> None:
    found = compare([judged("healthy"), judged("shifted"), judged("gaps")])
    assert [run.name for run in found.runs] == ["healthy", "shifted", "gaps"]
    assert [step.before for step in found.steps] == ["healthy", "shifted"]
    assert found.features[0].name == "device"
    assert [f.band for f in found.features[0].runs if f] == ["GREEN", "RED", "GREEN"]
    assert (found.checks[0].name, found.checks[0].column) == ("missing", "age")
    assert {row.value for row in found.slices} == {"mobile", "desktop", "tablet"}
    falls = [max(s.drop.value for s in row.runs if s and s.drop.value is not None) for row in found.slices]
    assert falls == sorted(falls, reverse=True)


def test_what_one_run_lacks_is_null() -> None:
    whole = judged("healthy")
    empty = judged("shifted")
    empty = empty.model_copy(
        update={
            "drift": empty.drift.model_copy(update={"features": []}),
            "performance": empty.performance.model_copy(update={"slices": []}),
            "quality": empty.quality.model_copy(update={"checks": []}),
        }
    )
    found = compare([whole, empty])
    for rows in (found.features, found.slices, found.checks):
        assert rows
        assert all(row.runs[0] is not None and row.runs[1] is None for row in rows)


def test_runs_of_one_label_are_told_apart_by_their_time() -> None:
    first = judged("healthy")
    second = first.model_copy(update={"id": "b", "created_at": first.created_at + timedelta(days=1)})
    third = first.model_copy(update={"id": "c", "label": None})
    fourth = third.model_copy(update={"id": "d"})
    names = [run.name for run in compare([first, second, third, fourth]).runs]
    assert len(set(names)) == 4
    assert names[0] == f"healthy {first.created_at:%m-%d %H:%M:%S}"
    assert names[1] == f"healthy {second.created_at:%m-%d %H:%M}"


def test_no_bins_examples_or_values_of_the_data_are_carried_along() -> None:
    text = compare([judged("gaps"), judged("shifted")]).model_dump_json()
    assert '"bins":[{' not in text
    assert '"examples":[{' not in text


def test_it_is_json_and_reads_back() -> None:
    found = compare([judged("healthy"), judged("both", thresholds=auc(0.5))])
    assert Comparison.model_validate_json(found.model_dump_json()) == found


def test_other_projects_are_warned_of_and_compared() -> None:
    found = compare([judged("healthy"), judged("shifted", project={"name": "Other"})])
    assert found.warnings == [
        "the packets are of different projects (Demo, Other): their numbers may not be comparable"
    ]
    assert found.steps[0].severity_after == "high"


def test_one_packet_or_the_same_twice_is_refused() -> None:
    packet = judged("healthy")
    with pytest.raises(UsageError, match="at least two packets"):
        compare([packet])
    with pytest.raises(UsageError, match=r"^a\.json and b\.json: the same packet twice"):
        compare([packet, judged("both"), packet], ["a.json", "c.json", "b.json"])


def test_the_parts_of_a_fall_stand_beside_each_other() -> None:
    runs = compare([judged("healthy"), judged("worse")]).runs
    assert runs[0].causes == []
    assert {cause.cause for cause in runs[1].causes} == {"mix", "concept"}


def test_weak_slices_stand_beside_each_other_by_their_conditions() -> None:
    one, two = weak_slice(), weak_slice(degradation=0.05)
    other = weak_slice(conditions=[SliceCondition(column="age", value="> 9", text="age > 9")], degradation=0.001)
    runs = [judged("healthy"), judged("worse"), judged("both")]
    named = [[], [other, one], [two]]
    packets = [
        packet.model_copy(update={"diagnosis": packet.diagnosis.model_copy(update={"weak_slices": found})})
        for packet, found in zip(runs, named, strict=True)
    ]
    found = compare(packets)
    assert [row.text for row in found.weak_slices] == [one.text, "age > 9"]
    assert [row.runs for row in found.weak_slices] == [[None, one, two], [None, other, None]]
    assert all(run.slice_search is not None for run in found.runs)
