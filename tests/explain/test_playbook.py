"""The playbook is drawn from the run's own table, and says what the code does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest
from typer.main import get_command

from dawnwatch.cli.app import app
from dawnwatch.config.policy import DEFAULT_RULES, FACTS, PolicyRule
from dawnwatch.explain.example import example
from dawnwatch.explain.pages import PAGES, page
from dawnwatch.explain.playbook import FIRST_STEP, INPUTS, playbook
from dawnwatch.explain.shell import Shell, commands
from dawnwatch.explain.why import ASKS, HID, NOISE, UNRESOLVED, bars
from dawnwatch.model.enums import Severity
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.words import cause_title
from dawnwatch.triage.decide import actions
from dawnwatch.triage.severity import first_rule, sla_for
from dawnwatch.triage.verdicts import CLASSES
from tests.explain.packets import HOURS, VARIANTS, metropulse, with_policy
from tests.report import sample_packet, watched_packet
from tests.report.html_page import Page
from tests.triage.builders import evidence, feature, performance

OWN = [
    PolicyRule(name="night_watch", severity=Severity.HIGH, all=["red_drift"], none=["quality_failed"]),
    PolicyRule(name="the_rest", severity=Severity.LOW),
]


def rules_drawn(text: str) -> list[str]:
    return [str(attrs["data-rule"]) for _, attrs in Page(text).tags if "data-rule" in attrs]


def test_the_tree_is_the_policy_in_its_order() -> None:
    assert rules_drawn(page("playbook", metropulse())) == [rule.name for rule in DEFAULT_RULES]


def test_a_changed_policy_changes_the_page() -> None:
    packet = with_policy(sample_packet.metropulse(), OWN)
    text = page("playbook", packet)
    assert rules_drawn(text) == ["night_watch", "the_rest"]
    assert "degraded_and_red_drift" not in text
    assert playbook(packet, Shell()).data["policy"][0]["none"] == ["quality_failed"]
    # Only severities of the table have a card.
    assert [card.severity for card in playbook(packet, Shell()).values["cards"]] == [Severity.HIGH, Severity.LOW]
    longer = packet.policy[0].model_copy(update={"sla_hours": 6.0})
    moved = packet.model_copy(update={"policy": [longer, *packet.policy[1:]]})
    assert "within 6 hours" in page("playbook", moved)
    assert "within 6 hours" not in text


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_every_variant_draws_its_table(variant: str) -> None:
    assert len(rules_drawn(page("playbook", VARIANTS[variant]()))) == len(DEFAULT_RULES)


def test_a_packet_from_before_it_held_its_table_says_so() -> None:
    text = page("playbook", sample_packet.metropulse())
    assert rules_drawn(text) == []
    assert "did not keep its severity table" in Page(text).text
    assert [card.severity for card in playbook(sample_packet.metropulse(), Shell()).values["cards"]] == [
        Severity.CRITICAL
    ]


def test_the_shipped_facts_lead_to_the_shipped_rule() -> None:
    packet = example()
    rules = [PolicyRule(**r.model_dump(include={"name", "severity", "all", "any", "none"})) for r in packet.policy]
    assert first_rule(rules, frozenset(packet.facts)).name == packet.rule


def test_the_inputs_and_the_further_facts_are_all_there_are() -> None:
    asked = [fact for choices in INPUTS.values() for fact in chain(*choices.values())]
    further = playbook(metropulse(), Shell()).values["further"]
    assert len(asked) == len(set(asked))
    assert sorted([*asked, *further]) == sorted(FACTS | CLASSES)


def test_the_first_step_is_what_triage_recommends() -> None:
    worse = performance(0.1, (0.05, 0.15), "failed")
    red = feature("hour", 0.5, "RED", "night 20% → 60%")

    def first(severity: Severity, **seen: object) -> str:
        sla = sla_for(severity, HOURS[severity], datetime(2026, 1, 1, tzinfo=UTC))
        return actions(evidence(**seen), severity, sla)[0].action  # type: ignore[arg-type]

    def said(severity: Severity) -> set[str]:
        return set(re.findall(r"[a-z]+", FIRST_STEP[severity].lower()))

    for severity, seen in [
        (Severity.CRITICAL, {"judged": worse}),
        (Severity.CRITICAL, {"features": [red]}),
        (Severity.HIGH, {"judged": worse}),
        (Severity.HIGH, {"features": [red]}),
        (Severity.LOW, {}),
    ]:
        words = set(re.findall(r"[a-z]+", first(severity, **seen).lower()))
        assert words <= said(severity), (severity, words - said(severity))


KNOWN = Shell(
    packet=Path("my runs/2026.json"),
    again="dawnwatch run --config conf/fares.toml --results 'my runs'",
    last_good="dawnwatch run --config last-good.toml --results 'my runs'",
    config=Path("conf/fares.toml"),
    decide="--config conf/fares.toml",
)


def asked(shell: Shell) -> list[str]:
    return sorted({command for severity in Severity for command, _ in commands(severity, shell)})


@pytest.mark.parametrize("command", [*asked(Shell()), *asked(KNOWN)])
def test_every_command_can_be_typed(command: str) -> None:
    program, *arguments = shlex.split(command)
    if program != "dawnwatch":
        assert command.startswith("python -m json.tool ")
        return
    verbs = get_command(app).commands  # type: ignore[attr-defined]
    verb, *rest = arguments
    command_of = verbs[verb]
    if hasattr(command_of, "commands"):  # a group: `decision record`
        verb, *rest = rest
        command_of = command_of.commands[verb]
    # Parses the options without running the verb.
    context = command_of.make_context(verb, rest, resilient_parsing=False)
    assert context.params


def test_commands_name_the_runs_own_packet_folder_and_configuration() -> None:
    text = Page(page("playbook", metropulse(), shell=KNOWN)).text
    assert "python -m json.tool 'my runs/2026.json' | less" in text
    assert "dawnwatch what-if 'my runs/2026.json'" in text
    assert "dawnwatch run --config conf/fares.toml --results 'my runs' --label after-fix" in text
    assert "last-good.toml is conf/fares.toml with that model under [model]" in text
    assert "monitoring_results" not in text
    assert "dawnwatch.toml" not in text
    assert "PACKET.json" not in text


def test_where_nothing_is_known_of_a_run_its_page_names_no_folder() -> None:
    text = Page(page("playbook", metropulse())).text
    assert "dawnwatch what-if PACKET.json" in text
    assert "PACKET.json stands for its packet's file" in text
    for name in PAGES:
        assert "monitoring_results" not in page(name, metropulse())
        assert "latest" not in Page(page(name, metropulse())).text.split()


def test_without_a_last_good_model_none_is_asked_for() -> None:
    typed = [command for command, _ in commands(Severity.CRITICAL, replace(KNOWN, last_good=None))]
    assert not [command for command in typed if "last-good" in command]
    assert typed[-3:] == [
        "dawnwatch what-if 'my runs/2026.json'",
        "dawnwatch decide 'my runs/2026.json' --config conf/fares.toml",
        "dawnwatch decision record 'my runs/2026.json' --decision wait",
    ]


def test_a_decision_is_only_offered_for_replay_where_its_data_can_be_found() -> None:
    for severity in (Severity.CRITICAL, Severity.HIGH):
        assert [command for command, _ in commands(severity, KNOWN) if command.startswith("dawnwatch decide ")]
    assert not [c for s in Severity for c, _ in commands(s, Shell()) if c.startswith("dawnwatch decide ")]


def test_each_part_of_the_fall_stands_with_its_interval_and_what_it_asks() -> None:
    packet = with_policy(sample_packet.with_causes())
    text = Page(page("playbook", packet)).text
    assert "Why it fell, and what each part asks" in text
    drawn = {bar.title: bar for bar in bars(packet)}
    for cause in packet.diagnosis.causes:
        bar = drawn[cause_title(cause)]
        took = cause.interval is not None and cause.interval[0] > 0
        asked = ASKS[cause.cause] if cause.resolvable else UNRESOLVED
        assert bar.asks == (asked if took else NOISE)
        assert f"{bar.title} {bar.said} {bar.asks}" in text
        # Within the track, and in its order.
        assert 0 <= bar.low <= bar.left + bar.width <= bar.low + bar.span <= 100.01
    assert "Why it fell" not in Page(page("playbook", metropulse())).text


def test_a_part_that_surely_hid_some_of_the_fall_asks_for_nothing() -> None:
    packet = sample_packet.with_causes()
    hid = packet.diagnosis.causes[0].model_copy(update={"amount": -0.02, "interval": (-0.03, -0.01)})
    diagnosis = packet.diagnosis.model_copy(update={"causes": [hid]})
    (bar,) = bars(packet.model_copy(update={"diagnosis": diagnosis}))
    assert (bar.asks, bar.shown, bar.zero) == (HID, True, 100)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (watched_packet.rescored, f"✗ failed Scores, asked again {watched_packet.STALE}"),
        (watched_packet.doubtful, "✗ failed Sign in the log: link The scores follow"),
        (watched_packet.mixed_versions, "Worse by 0.265 (95% interval 0.228 to 0.302)"),
        (watched_packet.late_feed, "✗ failed The monitor's feed The newest row is 30 hours old"),
    ],
)
def test_what_the_run_saw_of_serving_and_of_its_feed_stands_beside_the_causes(
    make: Callable[[], TriagePacket], said: str
) -> None:
    assert said in Page(page("playbook", with_policy(make()))).text
