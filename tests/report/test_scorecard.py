"""The scorecard in words: on a terminal and as Markdown."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console
from tests.triage.ledgers import HOUR, day, said

from dawnwatch.model.enums import Severity
from dawnwatch.model.scorecard import Move, Scorecard
from dawnwatch.report.scorecard.markdown import to_markdown
from dawnwatch.report.scorecard.terminal import ScorecardView
from dawnwatch.triage.cases import cases
from dawnwatch.triage.scorecard import scorecard

MOVE = Move(threshold="psi", title="PSI", now=0.2, to=0.36, false=8, silenced=7, real=4, without_counts=2)


def card(*, pages: int = 12, label: str | None = None, moves: tuple[Move, ...] = (), **more: Any) -> Scorecard:
    """Pages on every other day: a third real, advice followed in most, recovered the day after."""
    packets, entries = [], []
    for number in range(pages):
        packets += [day(2 * number, "high", red=("device",), label=label), day(2 * number + 1)]
        alarm = "real" if number % 3 == 0 else "false_alarm"
        decided = packets[-2].decision.verdict if number else "retrain"
        entries.append(said(f"day {2 * number}", after=(1 + number) * HOUR, decision=decided, alarm=alarm))
    return scorecard(cases(packets, entries), "MetroPulse", moves=moves, **more)


def shown(found: Scorecard, width: int = 100, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding)
    Console(file=file, width=width, highlight=False).print(ScorecardView(found))
    file.flush()
    return raw.getvalue().decode(encoding)


def test_the_terminal_says_what_was_counted() -> None:
    text = shown(card(moves=(MOVE,)))
    flat = " ".join(text.split())
    assert "12 pages (high or worse): 4 judged real, 8 false, 0 unclear; 0 judged by nobody" in flat
    assert "Precision: 4 of 12, 33% (95% interval 14% to 61%)" in flat
    assert "Time to decision: 6.5 hours in the median of 12 pages, 1 hour to 12 hours" in flat
    assert "drift of device 0.200 8 (8 by it alone) 0.400 4 0.400" in flat
    assert "PSI (psi) 0.2 0.36 silences 7 of 8 false pages and none of 4 real ones" in flat
    assert "Of 2 judged pages the counts are gone" in flat
    assert max(map(len, text.splitlines())) <= 100


def test_only_the_newest_pages_are_listed_on_a_terminal_and_all_in_markdown() -> None:
    found = card(pages=20)
    assert "The newest 12 of 20" in shown(found)
    assert to_markdown(found).count(" | high | ") == 20


def test_ascii_will_do() -> None:
    assert "advised: " in shown(card(), width=60, encoding="ascii")


def test_what_is_not_enough_is_said_and_no_rate_given() -> None:
    for text in (" ".join(shown(card(pages=3)).split()), to_markdown(card(pages=3))):
        assert "not enough pages judged: 3 of at least 10" in text
        assert "%" not in text


def test_an_empty_span_is_said() -> None:
    nothing = scorecard([], "MetroPulse", page_at=Severity.CRITICAL)
    assert "No window was judged." in to_markdown(nothing)
    assert "Nothing was decided about a page yet" in to_markdown(nothing)


def test_markdown_is_a_table_whatever_the_names_hold() -> None:
    packets = [day(0, "high", red=("a|b <script>",), project="x | <!-- keep -->")]
    found = scorecard(cases(packets, [said("day 0", alarm="real")]), "x | <!-- keep -->")
    text = to_markdown(found, level=3)
    assert text.startswith("### Scorecard: x \\| &lt;!-- keep --&gt;\n\n#### Pages\n")
    (row,) = [line for line in text.splitlines() if line.startswith("| drift of a")]
    assert row == "| drift of a\\|b &lt;script&gt; | 0.200 | 0 |  | 1 | 0.400 |"
    assert "<script>" not in text


def test_control_characters_of_the_data_cannot_act() -> None:
    packets = [day(0, "high", red=("\x1b[31m",))]
    found = scorecard(cases(packets, []), "MetroPulse")
    assert "\x1b[31m" not in to_markdown(found)
    assert "\x1b[31m" not in shown(found)


@pytest.mark.parametrize(
    ("later", "words"),
    [
        ([], "no later window"),
        ([day(1)], "recovered, next window"),
        ([day(1, "high", red=("device",)), day(2), day(3, "high", red=("device",))], "2 windows later, failed again"),
        ([day(1, "high", red=("device",))], "not recovered"),
        ([day(1, features={"device": None})], "not known"),
    ],
)
def test_what_came_of_each_page(later: list[Any], words: str) -> None:
    found = scorecard(cases([day(0, "high", red=("device",)), *later], []), "MetroPulse")
    first = to_markdown(found).strip().splitlines()[-1]
    assert words in first
