"""The plan and its scaffold as documents."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import sample_packet
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dawnwatch import Config, TriagePacket
from dawnwatch.checks.registry import all_checks
from dawnwatch.config.policy import DEFAULT_RULES
from dawnwatch.model.enums import Pillar, Severity
from dawnwatch.model.packet import Verdict
from dawnwatch.report.kept import read
from dawnwatch.report.plan.document import HOMELESS, SECTIONS, plan_text, template_text
from dawnwatch.report.plan.people import SUPPORTED

ROOT = Path(__file__).parents[2]
METROPULSE = ROOT / "scenarios/metropulse/dawnwatch.toml"
PARSER = MarkdownIt("commonmark").enable("table")
HOSTILE = "why | not\n\n# heading\n<!-- keep: x -->\n| a | b |"


def tables_of(markdown: str) -> list[list[list[str]]]:
    """Every table of a document, by rows and cells, as a parser of CommonMark and GFM tables sees them."""
    tables: list[list[list[str]]] = []
    for before, token in zip([None, *PARSER.parse(markdown)], PARSER.parse(markdown), strict=False):
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type == "inline" and before is not None and before.type in {"th_open", "td_open"}:
            tables[-1][-1].append(token.content)
    return tables


def rows_of(markdown: str, header: str) -> dict[str, list[str]]:
    """The rows of the table whose first header is `header`, by their first cell."""
    (table,) = [table for table in tables_of(markdown) if table[0][0] == header]
    return {row[0]: row[1:] for row in table[1:]}


def headings(markdown: str) -> list[str]:
    tokens = PARSER.parse(markdown)
    return [tokens[i + 1].content for i, token in enumerate(tokens) if token.type == "heading_open"]


TITLES = [f"{number}. {section.title}" for number, section in enumerate(SECTIONS, start=1)]


def test_every_packet_makes_a_whole_document(any_packet: TriagePacket) -> None:
    plan = plan_text(Config.load(METROPULSE), any_packet)
    assert headings(plan)[1:] == TITLES
    for table in tables_of(plan):
        assert len({len(row) for row in table}) == 1
    assert set(read(plan, "p").blocks) == {section.kept for section in SECTIONS}
    assert read(plan, "p").untouched


def test_hostile_words_stay_where_they_are() -> None:
    why = {"because": HOSTILE}
    config = Config.from_dict(
        {
            "project": {"name": HOSTILE, "owner": HOSTILE, "notify": [HOSTILE]},
            "roles": {"slices": ["a|b"]},
            "model": {"features": ["a|b", "c\nd"]},
            "thresholds": dict.fromkeys(("psi", "missing", "auc_drop", "range", "duplicates"), why),
            "columns": {"a|b": why, "c\nd": {**why, "allowed": ["x|y", "`"], "pattern": "p|q"}},
            "plan": {"purpose": HOSTILE, "sources": {HOSTILE: {"owner": HOSTILE}}, "blind_spots": [HOSTILE]},
        }
    )
    plan = plan_text(config, sample_packet.VARIANTS["hostile"](), gaps=[HOSTILE])
    assert headings(plan)[1:] == [*TITLES, "What this plan lacks"]
    assert set(read(plan, "p").blocks) == {section.kept for section in SECTIONS}
    flat = " ".join(HOSTILE.replace("<", "&lt;").replace(">", "&gt;").split())
    assert rows_of(plan, "Check")["`missing`"][-1] == flat
    assert rows_of(plan, "Feature")["a|b"][-1] == flat
    for table in tables_of(plan):
        assert len({len(row) for row in table}) == 1


def test_every_threshold_stands_there_with_its_reason(packet: TriagePacket) -> None:
    config = Config.load(METROPULSE)
    plan = plan_text(config, packet)
    for threshold in config.thresholds_in_force():
        assert " ".join((threshold.because or "").split()) in plan
    assert rows_of(plan, "Check")["`missing`"][1] == "5.0%"
    assert rows_of(plan, "Check")["`range`"][1] == "no row"
    assert rows_of(plan, "Column")["`timestamp`"][1] == "from 874627200 below 893289600"
    assert rows_of(plan, "Feature")["`device_type`"][:3] == ["PSI", "0.1", "0.2"]


def test_every_quality_check_stands_there() -> None:
    checks = [spec for spec in all_checks() if spec.pillar is Pillar.QUALITY]
    rows = rows_of(plan_text(Config(), None), "Check")
    assert list(rows) == [f"`{spec.short}`" for spec in checks]
    assert rows["`duplicates`"][0].endswith("(not checked: no `[roles] keys`)")
    rows = rows_of(plan_text(Config.load(METROPULSE), None), "Check")
    assert rows["`duplicates`"][0].endswith("(key: `user_id` + `item_id`)")


def test_bands_and_missingness_of_a_columns_own() -> None:
    tables = {
        "model": {"features": ["a"]},
        "columns": {
            "a": {"psi": {"red": 0.5, "because": "jumpy"}, "missing": {"max": 0.3, "because": "optional"}},
            "b": {"private": True, "allowed": ["secret"], "because": "personal"},
        },
    }
    plan = plan_text(Config.from_dict(tables), None)
    assert rows_of(plan, "Feature")["`a`"] == ["PSI", "0.1", "0.5", "\N{EN DASH}", "jumpy"]
    assert rows_of(plan, "Column")["`a`"][2:] == ["30.0%", "\N{EN DASH}", "optional"]
    assert "secret" not in plan
    assert "| Shown as counts only | `b` |" in plan


def test_the_playbook_is_the_policy() -> None:
    plan = plan_text(Config(), None)
    (rules,) = [table for table in tables_of(plan) if "Holds when" in table[0]]
    assert [row[1] for row in rules[1:]] == [f"`{rule.name}`" for rule in DEFAULT_RULES]
    other: dict[str, Any] = {
        "policy": [{"name": "any", "severity": "critical", "any": ["red_drift"]}, {"name": "rest", "severity": "low"}],
        "sla": {"critical": "30h"},
        "project": {"owner": "Ada"},
        "plan": {"paged": {"medium": "Grace"}},
        "alerts": {"at": "critical", "to": ["https://hooks.example/T0/secret"]},
    }
    plan = plan_text(Config.from_dict(other), None)
    (rules,) = [table for table in tables_of(plan) if "Holds when" in table[0]]
    assert [row[1:3] for row in rules[1:]] == [["`any`", "critical"], ["`rest`", "low"]]
    levels = rows_of(plan, "Severity")
    assert levels["**critical**"][1:] == ["30 hours", "Ada", "web hook at hooks.example"]
    assert levels["**medium**"][2:] == ["Grace", "none: alerts begin at critical"]
    assert levels["**low**"][2:] == ["nobody", "none: alerts begin at critical"]
    assert list(levels) == [f"**{severity.value}**" for severity in Severity]
    assert "secret" not in plan


def test_every_decision_says_what_supports_it() -> None:
    assert list(SUPPORTED) == list(get_args(Verdict))


BLANK: dict[str, Any] = {
    "project": {"name": " ", "owner": " ", "notify": [" "]},
    "plan": {"purpose": " ", "escalation": [" "], "blind_spots": [" "], "sources": {"log": {"holds": " "}}},
}


@pytest.mark.parametrize("tables", [{}, BLANK])
def test_no_cell_is_empty_or_says_none_alone_where_nothing_is_configured(
    tables: dict[str, Any], packet: TriagePacket
) -> None:
    for run in (None, packet):
        plan = plan_text(Config.from_dict(tables), run)
        cells = [cell for table in tables_of(plan) for row in table[1:] for cell in row[1:]]
        assert not [cell for cell in cells if cell.strip() in {"", "none", "None", "nothing", ","}]
        assert not re.search(r"^(\d+\.|-|#+ .*:)\s*$", plan, re.MULTILINE)


def test_what_is_not_checked_says_what_it_lacks() -> None:
    rows = rows_of(plan_text(Config(), None), "Check")
    for check, lack in {
        "allowed": "no column has `allowed`",
        "pattern": "no column has `pattern`",
        "label_values": "no `[roles] label`",
        "score_range": "the score is no probability",
        "duplicates": "no `[roles] keys`",
    }.items():
        assert rows[f"`{check}`"][0].endswith(f"(not checked: {lack})")
    tables: dict[str, Any] = {
        "roles": {"label": "l", "score": "s", "score_kind": "probability", "keys": ["k"]},
        "columns": {"a": {"allowed": ["x"], "pattern": "x"}},
    }
    assert "not checked" not in plan_text(Config.from_dict(tables), None)


def test_a_window_that_was_not_given_says_what_stands_in(packet: TriagePacket) -> None:
    alone = packet.model_copy(
        update={
            "provenance": packet.provenance.model_copy(update={"performance_baseline": None, "training_rows": None})
        }
    )
    for run, said in ((None, "given with the run, else the drift baseline"), (alone, "the drift baseline, as none")):
        rows = rows_of(plan_text(Config(), run), "Window")
        assert rows["Performance baseline"][1].startswith(said)
        assert rows["Training rows"][1].startswith(said)


def test_without_label_and_score_it_says_that_accuracy_is_not_judged() -> None:
    plan = plan_text(Config(), None)
    assert "| Label | *not stated: `[roles] label`* |" in plan
    assert "| Score | *not stated: `[roles] score, or [model] path`* |" in plan
    assert "| Judged | no, without a label" in plan
    tables = {"roles": {"label": "l", "score_kind": "probability"}, "model": {"path": "m.skops"}}
    plan = plan_text(Config.from_dict(tables), None)
    assert "| Score | the model scores the rows (probability) |" in plan
    assert "| Judged |" not in plan


def test_without_a_run_it_says_so(packet: TriagePacket) -> None:
    config = Config.load(METROPULSE)
    assert "No run has been saved yet" in plan_text(config, None)
    assert "No run has been saved yet" not in plan_text(config, packet)
    assert packet.headline in plan_text(config, packet).replace("\\", "")


def test_a_run_under_other_thresholds_is_told_apart(packet: TriagePacket) -> None:
    config = Config.load(METROPULSE)
    used = [t.model_copy(update={"value": {"max": 0.01}}) if t.name == "auc_drop" else t for t in packet.thresholds]
    assert any(t.name == "auc_drop" for t in used)
    plan = plan_text(config, packet.model_copy(update={"thresholds": used}))
    assert "That run had other thresholds than this plan: `auc_drop`." in plan
    same = packet.model_copy(update={"thresholds": config.thresholds_in_force()})
    assert "other thresholds" not in plan_text(config, same)


def test_late_labels_are_a_blind_spot() -> None:
    plan = plan_text(Config.from_dict({"labels": {"expected": "late"}, "plan": {"label_delay": "30 days"}}), None)
    assert "| Label delay | 30 days; until then accuracy is not computed |" in plan
    assert "- Accuracy of rows whose labels have not come." in plan


def test_the_review_date() -> None:
    plan = Config.from_dict({"plan": {"reviewed": date(2026, 11, 24), "review_every": "26w"}})
    assert "| Next review | 2027-05-25 |" in plan_text(plan, None)


def test_a_second_writing_is_the_first() -> None:
    config = Config.load(METROPULSE)
    once = plan_text(config, None)
    assert plan_text(config, None, kept=read(once, "p").blocks) == once
    kept = {"escalation": "Call Ada.\n\n| a | b |\n| --- | --- |", "lessons": "We learned.", "empty": ""}
    once = plan_text(config, None, kept=kept)
    assert plan_text(config, None, kept=read(once, "p").blocks) == once
    assert read(once, "p").blocks.items() >= kept.items()


NAMES = st.sampled_from([*(section.kept for section in SECTIONS), "lessons", "two words", "Escalation"])
CONTENT = st.text(st.sampled_from("ab |#\n*-`<>!")).filter(lambda text: "<!--" not in text and "-->" not in text)


@given(st.dictionaries(NAMES, CONTENT.map(lambda text: text.strip("\n"))))
def test_nothing_people_wrote_is_lost(kept: dict[str, str]) -> None:
    blocks = read(plan_text(Config(), None, kept=kept), "p").blocks
    assert blocks.items() >= kept.items()
    assert read(template_text(kept=blocks), "p").blocks.items() >= kept.items()


def test_a_block_without_a_home_goes_to_the_end() -> None:
    plan = plan_text(Config(), None, kept={"lessons": "We learned.", "system": "Ours."})
    assert plan.index("Ours.") < plan.index("## 2.") < plan.index(HOMELESS) < plan.index("We learned.")
    assert HOMELESS not in plan_text(Config(), None, kept={"system": "Ours."})


def test_the_template_has_the_same_sections_and_asks() -> None:
    template = template_text()
    assert headings(template)[1:] == TITLES
    for section in SECTIONS:
        body = template.split(f". {section.title}\n")[1].split("\n## ")[0]
        assert "?" in body.split("<!--")[0]
        assert tables_of(re.sub(r"<!--.*?-->\n", "\n", body))
    assert read(template, "p").untouched


def test_an_unfilled_form_is_no_writing_and_a_filled_one_is() -> None:
    blocks = read(template_text(), "p").blocks
    assert plan_text(Config(), None, kept=blocks) == plan_text(Config(), None)
    filled = blocks | {"system": blocks["system"].replace("| Owner |  |", "| Owner | Ada |")}
    assert filled != blocks
    plan = plan_text(Config(), None, kept=filled)
    assert read(plan, "p").blocks["system"] == filled["system"]


@pytest.mark.parametrize("kept", [section.kept for section in SECTIONS])
def test_every_section_keeps_its_block(kept: str) -> None:
    plan = plan_text(Config(), None, kept={kept: "written by hand"})
    title = next(section.title for section in SECTIONS if section.kept == kept)
    body = plan.split(f". {title}\n")[1].split("\n## ")[0]
    assert f"<!-- keep: {kept} -->\nwritten by hand\n<!-- /keep -->" in body


def test_only_the_reason_of_the_bounds_justifies_them() -> None:
    watched = {"range": {"min": 0}, "because": "it shifts first"}
    tables = {
        "model": {"features": ["a", "b"]},
        "columns": {
            "a": watched,
            "b": {**watched, "monitor": False, "bounds_because": "nothing is below it"},
            "c": {"range": {"min": 0}, "because": "counted from zero"},
            "d": {"monitor": True, "because": "it shifts first"},
            "e": {"type": "string", "because": "kept for audits"},
        },
    }
    plan = plan_text(Config.from_dict(tables), None)
    why = {name: row[-1] for name, row in rows_of(plan, "Column").items()}
    assert why == {
        "`a`": "*not stated: `columns.a.bounds_because`*",
        "`b`": "nothing is below it",
        "`c`": "counted from zero",
        "`d`": "\N{EN DASH}",
        "`e`": "kept for audits",
    }
    assert rows_of(plan, "Feature")["`a`"][-1] == "it shifts first"
    assert rows_of(plan, "Not judged")["`b`"] == ["it shifts first"]
