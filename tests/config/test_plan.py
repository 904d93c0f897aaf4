"""The table `[plan]`: strict like every other, and of no account for what is counted or judged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dawnwatch import Config, ConfigError
from dawnwatch.model.enums import Severity


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"shedule": "daily"}, "unknown key 'plan.shedule'. Did you mean 'schedule'?"),
        ({"sources": {"log": {"ownr": "x"}}}, "unknown key 'plan.sources.log.ownr'. Did you mean 'owner'?"),
        ({"paged": {"criticl": "x"}}, "unknown key 'plan.paged.criticl'. Did you mean 'critical'?"),
        ({"escalation": [""]}, "plan.escalation[0]: must not be empty; got ''"),
        ({"blind_spots": "all"}, "plan.blind_spots: must be a list; got 'all'"),
        ({"purpose": 5}, "plan.purpose: must be text in quotes; got 5"),
        ({"reviewed": "soon"}, "plan.reviewed: must be a day such as 2027-02-24, without quotes or a time; got 'soon'"),
        ({"reviewed": 5}, "plan.reviewed: must be a day such as 2027-02-24, without quotes or a time; got 5"),
        ({"review_every": "often"}, "plan.review_every: must be a number with h, d or w, such as \"26w\"; got 'often'"),
        ({"review_every": "none"}, "plan.review_every: must be a number with h, d or w, such as \"26w\"; got 'none'"),
        ({"review_every": "0d"}, "plan.review_every: must be a number with h, d or w, such as \"26w\"; got '0d'"),
    ],
)
def test_what_it_refuses(table: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Config.from_dict({"plan": table})
    assert str(refused.value) == f"configuration: {said}"


def test_a_time_is_no_day(tmp_path: Path) -> None:
    path = tmp_path / "dawnwatch.toml"
    path.write_text("[plan]\nreviewed = 2026-11-24T06:00:00Z\n")
    with pytest.raises(ConfigError, match=r"plan\.reviewed: must be a day such as 2027-02-24"):
        Config.load(path)


def test_the_next_review(tmp_path: Path) -> None:
    path = tmp_path / "dawnwatch.toml"
    path.write_text('[plan]\nreviewed = 2026-11-24\nreview_every = "26w"\n')
    plan = Config.load(path).plan
    assert (plan.reviewed, plan.review_due) == (date(2026, 11, 24), date(2027, 5, 25))
    assert Config.from_dict({"plan": {"reviewed": date(2026, 11, 24)}}).plan.review_due is None
    assert Config.from_dict({"plan": {"review_every": "1d"}}).plan.review_due is None
    late = {"reviewed": date(9999, 12, 1), "review_every": "26w"}
    assert Config.from_dict({"plan": late}).plan.review_due == date.max


def test_who_is_paged() -> None:
    paged = Config.from_dict({"plan": {"paged": {"high": "Ada"}}}).plan.paged
    assert (paged.at(Severity.HIGH), paged.at(Severity.CRITICAL)) == ("Ada", None)


def test_it_changes_nothing_that_is_counted() -> None:
    bare, planned = Config(), Config.from_dict({"plan": {"schedule": "daily", "reviewed": date(2026, 1, 1)}})
    assert planned.counted == bare.counted
    assert planned.profiled == bare.profiled
    assert planned.fingerprint != bare.fingerprint


def test_it_survives_an_override_and_a_round_trip() -> None:
    config = Config.from_dict({"plan": {"reviewed": date(2026, 1, 1), "sources": {"log": {"owner": "x"}}}})
    assert config.override(psi=0.3).plan == config.plan
    assert Config.from_dict(config.model_dump(mode="json", exclude_unset=True)).plan == config.plan
