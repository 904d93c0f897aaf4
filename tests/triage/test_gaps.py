"""What a plan lacks: each thing found when it is taken away from a complete one, and none of it otherwise."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from dawnwatch import Config, TriagePacket
from dawnwatch.profiling.infer import THRESHOLDS
from dawnwatch.triage.gaps import gaps

TODAY = date(2027, 1, 1)
WHY = {"because": "weighed for this model"}
COMPLETE: dict[str, Any] = {
    "project": {"name": "fares", "owner": "Ada", "notify": ["ada@fares.example"]},
    "roles": {"label": "late", "slices": ["zone"], "keys": ["ride"]},
    "model": {"features": ["zone", "fare"]},
    "thresholds": dict.fromkeys(("psi", "missing", "auc_drop", "range", "duplicates"), WHY),
    "columns": {
        "zone": WHY,
        "fare": {"monitor": False, "range": {"min": 0}, "bounds_because": "no fare is negative", **WHY},
    },
    "plan": {
        **dict.fromkeys(("purpose", "schedule", "label_delay", "retention", "cost", "privacy"), "said"),
        "blind_spots": ["what was never offered"],
        "escalation": ["page the platform"],
        "sources": {"log": {"holds": "rides", "owner": "data"}},
        "reviewed": date(2026, 12, 1),
        "review_every": "26w",
    },
}


def found(tables: dict[str, Any], packet: TriagePacket | None = None, today: date = TODAY) -> list[str]:
    return gaps(Config.from_dict(tables), packet, today)


def changed(path: str, value: Any = None) -> dict[str, Any]:
    """The complete tables with one setting taken away, or replaced."""
    tables = deepcopy(COMPLETE)
    *places, last = path.split(".")
    table = tables
    for place in places:
        table = table[place]
    if value is None:
        del table[last]
    else:
        table[last] = value
    return tables


def test_a_complete_plan_lacks_nothing() -> None:
    assert found(COMPLETE) == []


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("project.name", "project.name: the model has no name"),
        ("project.owner", "project.owner: nobody owns this model"),
        ("project.notify", "project.notify: no one is notified"),
        ("roles.label", "roles.label: no label is named"),
        ("roles.slices", "roles.slices: no slice is declared"),
        ("roles.keys", "roles.keys: no key is named"),
        ("thresholds.psi", "thresholds.psi.because: no justification"),
        ("thresholds.duplicates", "thresholds.duplicates.because: no justification"),
        ("columns.zone", "columns.zone.because: watched for drift, and nothing says why"),
        ("columns.fare.range", "columns.fare: the model uses this feature and nothing monitors it"),
        ("model.features", "model.features: not named"),
        ("plan.sources", "plan.sources: no data source is named"),
        ("plan.sources.log.owner", "plan.sources.log.owner: nobody owns this data source"),
        ("plan.sources.log.holds", "plan.sources.log.holds: nothing says what"),
        ("plan.escalation", "plan.escalation: nothing says who is next"),
        ("plan.purpose", "plan.purpose: nothing says what the model decides"),
        ("plan.schedule", "plan.schedule: nothing says when it runs"),
        ("plan.label_delay", "plan.label_delay: nothing says how long labels take"),
        ("plan.retention", "plan.retention: nothing says how long"),
        ("plan.cost", "plan.cost: nothing says what running it costs"),
        ("plan.privacy", "plan.privacy: nothing says what must not be shown"),
        ("plan.blind_spots", "plan.blind_spots: nothing says what this monitoring cannot see"),
        ("plan.reviewed", "plan.reviewed: nothing says when people last"),
        ("plan.review_every", "plan.review_every: nothing says how often"),
    ],
)
def test_what_is_taken_away_is_found(path: str, said: str) -> None:
    lines = found(changed(path))
    assert [line for line in lines if line.startswith(said)], lines


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("project.owner", "  ", "project.owner: nobody owns this model"),
        ("plan.cost", " ", "plan.cost: nothing says"),
        ("plan.escalation", [" "], "plan.escalation: nothing says"),
        ("thresholds.psi", {"because": " \n"}, "thresholds.psi.because: no justification"),
        ("columns.fare.psi", {"red": 0.3}, "columns.fare.psi.because: no justification"),
        ("sla", {"critical": "none"}, "sla.critical: nothing is due at this severity; give it a time"),
        ("columns.note", {"pattern": "a+"}, "columns.note.bounds_because: has bounds, and nothing says why"),
        # Why a feature's drift is watched, or not, says nothing of its bounds.
        ("columns.zone", {"allowed": ["a"], **WHY}, "columns.zone.bounds_because: has bounds, and nothing says why"),
        ("columns.fare.bounds_because", " ", "columns.fare.bounds_because: has bounds, and nothing says why"),
        ("columns.note", {"monitor": False, "pattern": "a+", **WHY}, "columns.note.bounds_because: has bounds"),
        # Nor do the bounds' reasons say why its drift is watched.
        ("columns.zone", {"allowed": ["a"], "bounds_because": "the zones"}, "columns.zone.because: watched for drift"),
    ],
)
def test_what_says_nothing_is_found(path: str, value: Any, said: str) -> None:
    (line,) = found(changed(path, value))
    assert line.startswith(said)


def test_a_column_whose_drift_is_no_question_justifies_its_bounds_by_its_because() -> None:
    assert found(changed("columns.note", {"pattern": "a+", **WHY})) == []
    assert found(changed("columns.note", {"pattern": "a+", "bounds_because": "only these"})) == []


def test_watching_nothing_is_found() -> None:
    tables = changed("columns.zone", {"monitor": False, "allowed": ["a"], "bounds_because": "the zones", **WHY})
    assert found(tables) == ["columns: no feature's drift is watched; set monitor = true"]


def test_destinations_notify_as_people_do() -> None:
    assert found(changed("project.notify") | {"alerts": {"to": ["alerts.jsonl"]}}) == []


def test_a_threshold_of_its_own_justifies_a_watched_feature() -> None:
    assert found(changed("columns.zone", {"psi": {"red": 0.3, **WHY}})) == []


def test_the_words_of_init_justify_nothing() -> None:
    tables = deepcopy(COMPLETE) | {"thresholds": deepcopy(THRESHOLDS)}
    lines = found(tables)
    assert [line.partition(":")[0] for line in lines] == [f"thresholds.{name}.because" for name in THRESHOLDS]
    assert all("`dawnwatch init`" in line for line in lines)


def test_a_review_is_overdue_the_day_after_it_was_due() -> None:
    due = Config.from_dict(COMPLETE).plan.review_due
    assert due == date(2027, 6, 1)
    assert found(COMPLETE, today=due) == []
    assert found(COMPLETE, today=date(2027, 6, 2)) == [
        "plan.reviewed: the review was due on 2027-06-01; go through the plan and set the day"
    ]


def test_a_bare_configuration_lacks_nearly_everything() -> None:
    keys = {line.partition(":")[0] for line in found({})}
    assert {"project.owner", "project.notify", "roles.slices", "thresholds.psi.because", "plan.sources"} <= keys
    assert len(keys) >= 20
