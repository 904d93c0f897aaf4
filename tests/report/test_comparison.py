"""Compared runs as people read them: in the terminal, as Markdown and as a page."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import sample_packet
from rich.console import Console
from tests.triage.builders import weak_slice

from dawnwatch.model.comparison import Comparison
from dawnwatch.model.enums import Severity
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.weak_slices import SliceCondition, SliceSearch, WeakSlice
from dawnwatch.report.comparison.html import to_html
from dawnwatch.report.comparison.markdown import to_markdown
from dawnwatch.report.comparison.table import side_by_side
from dawnwatch.report.comparison.terminal import ComparisonView
from dawnwatch.triage.compare import compare

DASH = "\N{EN DASH}"
HOSTILE = "</script><script>alert(1)</script>|`*\x1b[31m"


def run(packet: TriagePacket, name: str, **more: Any) -> TriagePacket:
    return packet.model_copy(update={"id": name, "label": name, **more})


def of(*packets: TriagePacket) -> Comparison:
    return compare([run(packet, f"run {i}") for i, packet in enumerate(packets)])


@pytest.fixture
def variants() -> Comparison:
    """Every packet that is hard to show, side by side."""
    made = sorted(sample_packet.VARIANTS.items())
    return compare([run(make(), name) for name, make in made])


def printed(comparison: Comparison, width: int = 80, encoding: str = "utf-8", *, terminal: bool = False) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    system = "truecolor" if terminal else "auto"
    Console(file=stream, width=width, force_terminal=terminal or None, color_system=system).print(
        ComparisonView(comparison)
    )
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)


def three(packet: TriagePacket) -> Comparison:
    return compare(
        [
            run(packet, "baseline"),
            run(packet, "tight"),
            run(packet, "loose", severity=Severity.HIGH, rule="red_drift"),
        ]
    )


def test_three_runs_fit_one_small_screen(packet: TriagePacket) -> None:
    lines = printed(three(packet)).splitlines()
    assert len(lines) <= 24
    assert all(len(line) <= 80 for line in lines)
    for name in ("baseline", "tight", "loose"):
        assert name in lines[0]


def test_a_rule_too_long_for_its_column_breaks_after_an_underscore(packet: TriagePacket) -> None:
    rule = printed(three(packet), 78).splitlines()[2:4]
    assert rule[0].split()[:3] == ["≠", "rule", "degraded_and_"]
    assert rule[1].split()[0] == "red_drift"
    assert "degraded_and_red_drift" in printed(three(packet), 120)


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_nothing_runs_over_the_edge_and_every_run_is_there(variants: Comparison, width: int) -> None:
    text = printed(variants, width)
    assert max(map(len, text.splitlines())) <= width
    for made in variants.runs:
        assert made.name in text
    assert text.count("CRITICAL") == sum(made.severity is Severity.CRITICAL for made in variants.runs)


def test_colour_only_repeats_what_signs_and_words_say(packet: TriagePacket) -> None:
    plain, coloured = printed(three(packet)), printed(three(packet), terminal=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split() == plain.split()


def test_ascii_streams_get_ascii_signs(variants: Comparison) -> None:
    text = printed(variants, 100, "ascii")
    assert "!=" in text
    assert "->" in text


def test_a_brief_table_counts_what_it_leaves_out() -> None:
    found = of(sample_packet.many_features(), sample_packet.metropulse())
    brief = {section.title: section for section in side_by_side(found, brief=True)}
    whole = {section.title: section for section in side_by_side(found)}
    drift = "Drift (PSI)"
    assert len(brief[drift].rows) == 3
    assert brief[drift].left == f"{len(whole[drift].rows) - 3} more features"
    assert whole[drift].left == ""
    assert len(whole[drift].rows) == len(found.features)


def test_when_a_run_was_made_is_shown_and_no_difference(packet: TriagePacket) -> None:
    later = run(packet, "later").model_copy(update={"created_at": packet.created_at + timedelta(days=1)})
    found = of(packet, later)
    (made,) = (row for section in side_by_side(found) for row in section.rows if row.name == "made")
    assert made.cells[0].text != made.cells[1].text
    assert not made.differs
    assert not made.moved(1)
    assert f"|  | made | {made.cells[0].text} | {made.cells[1].text} |" in to_markdown(found)


def test_a_run_that_has_no_such_row_has_a_dash(packet: TriagePacket) -> None:
    bare = packet.model_copy(update={"drift": packet.drift.model_copy(update={"features": []})})
    rows = {row.name: row for section in side_by_side(of(packet, bare)) for row in section.rows}
    assert [cell.text for cell in rows["hour_bucket"].cells][1] == DASH
    assert rows["hour_bucket"].moved(1)
    assert not rows["hour_bucket"].moved(0)


def test_late_labels_are_not_computed_and_no_pass() -> None:
    found = of(sample_packet.metropulse(), sample_packet.late_labels())
    rows = {row.name: row for section in side_by_side(found) for row in section.rows}
    assert rows["fall"].cells[1].text == f"{DASH} not computed"
    assert rows["current"].cells[1].text == "not computed"


def test_psi_is_never_rounded_across_its_bound(packet: TriagePacket) -> None:
    close = packet.drift.features[0].model_copy(update={"psi": 0.1998, "band": "YELLOW"})
    near = packet.model_copy(update={"drift": packet.drift.model_copy(update={"features": [close]})})
    rows = {row.name: row for section in side_by_side(of(near, packet)) for row in section.rows}
    assert rows[close.name].cells[0].text == "0.1998 ! YELLOW"


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_markdown_rows_have_a_cell_for_each_run(variants: Comparison) -> None:
    table = [line for line in to_markdown(variants).split("## The packets")[0].splitlines() if line.startswith("|")]
    assert len(table) > 20
    cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
    assert cells == {len(variants.runs) + 3}


def test_markdown_lets_no_name_act(packet: TriagePacket) -> None:
    hostile = run(packet, "hostile").model_copy(update={"label": HOSTILE, "project": "<img src=x onerror=alert(1)>"})
    text = to_markdown(compare([hostile, run(packet, "plain", project=hostile.project)]))
    assert not re.search(r"(?<!\\)<(?!=)", text)
    assert "\x1b" not in text
    assert r"\</script\>" in text


def test_markdown_says_what_differs_what_is_the_same_and_what_is_not_known(packet: TriagePacket) -> None:
    text = to_markdown(three(packet))
    assert "severity critical → critical → high." in text
    assert "- the same in both: thresholds" in text
    assert "| ≠ | severity | ■ critical | ■ critical | **▲ high** |" in text


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────


class Page(HTMLParser):
    """What a browser would fetch or run, and whether every element is closed."""

    VOID = {"meta", "br", "wbr", "img", "link", "input"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.fetched += [
            f"{value}" for name, value in attrs if name in {"src", "href"} and not f"{value}".startswith("#")
        ]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page_is_whole_and_needs_nothing(variants: Comparison) -> None:
    page = Page(to_html(variants))
    assert page.open == []
    assert page.fetched == []
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert page.tags.count("html") == 1


def test_a_page_lets_no_name_act(packet: TriagePacket) -> None:
    text = to_html(compare([run(packet, HOSTILE, project=HOSTILE), run(packet, "plain", project=HOSTILE)]))
    assert "<script" not in text
    assert "\x1b" not in text
    assert "&lt;/script&gt;" in text
    assert "default-src 'none'" in text


def test_a_page_has_both_colour_schemes_and_every_run_and_step(variants: Comparison) -> None:
    text = to_html(variants)
    assert "prefers-color-scheme: dark" in text
    assert text.count('class="why') == len(variants.steps)
    for made in variants.runs:
        assert f'<th scope="col">{made.name}</th>' in text


def test_the_parts_of_a_fall_have_rows_of_their_own() -> None:
    fell, held = sample_packet.with_causes(), sample_packet.metropulse().model_copy(update={"id": "other"})
    (table,) = [part for part in side_by_side(compare([held, fell])) if part.title == "Performance (AUC)"]
    cells = {row.name: [cell.text for cell in row.cells] for row in table.rows}
    assert cells["of it novelty of user_id"] == ["\N{EN DASH}", "0.041 (0.029 to 0.053)"]
    names = [row.name for row in table.rows]
    assert names.index("of it novelty of user_id") < names.index("of it mix") < names.index("of it concept")


def test_weak_slices_have_rows_and_a_run_without_one_says_whether_it_searched() -> None:
    def named(name: str, tests: int, *found: WeakSlice) -> TriagePacket:
        packet = run(sample_packet.metropulse(), name)
        search = SliceSearch(level=0.1, tests=tests)
        diagnosis = packet.diagnosis.model_copy(update={"slice_search": search, "weak_slices": list(found)})
        return packet.model_copy(update={"diagnosis": diagnosis})

    grew = weak_slice(kind="composition", share_of_drop=None)
    hostile = weak_slice(conditions=[SliceCondition(column="age", value=HOSTILE, text=f"age = {HOSTILE}")])
    found = compare([named("a", 14), named("b", 0), named("c", 14, weak_slice(), hostile), named("d", 14, grew)])
    (table,) = [part for part in side_by_side(found) if part.title == "Weak slices that were found"]
    cells = {row.name: [cell.text for cell in row.cells] for row in table.rows}
    fell = "fell 0.209 (0.160 to 0.260), 64% of the drop"
    assert cells[weak_slice().text] == ["not found", "not searched", fell, "10% → 20% of rows"]
    for text in (printed(found, 240), to_markdown(found), to_html(found)):
        assert "0.160 to 0.260" in " ".join(text.split())
        assert "\x1b" not in text
    assert "<script" not in to_html(found)
    # A packet of before slices were searched for has none.
    assert not compare([run(sample_packet.metropulse(), name) for name in "ab"]).weak_slices
