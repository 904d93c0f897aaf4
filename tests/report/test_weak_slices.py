"""Weak slices where a person reads them: the report's table and the terminal's line."""

from __future__ import annotations

import io
from typing import Any

from rich.console import Console
from tests.report.html_page import Page
from tests.triage.builders import weak_slice

from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.weak_slices import SliceCondition, SliceSearch, WeakSlice
from dawnwatch.report.html import to_html
from dawnwatch.report.terminal import PacketView

SEARCH = SliceSearch(level=0.05, tests=40, bins=30, conjunctions=10)


def holding(packet: TriagePacket, *slices: WeakSlice, **more: Any) -> TriagePacket:
    update = {"weak_slices": list(slices), "slice_search": SEARCH, **more}
    return packet.model_copy(update={"diagnosis": packet.diagnosis.model_copy(update=update)})


def screen(packet: TriagePacket) -> str:
    stream = io.StringIO()
    Console(file=stream, width=80).print(PacketView(packet))
    return " ".join(stream.getvalue().split())


def page(packet: TriagePacket) -> str:
    return Page(to_html(packet)).text


def test_the_report_holds_all_numbers_of_a_slice(packet: TriagePacket) -> None:
    said = page(holding(packet, weak_slice()))
    for words in (
        "40 slices tested together",
        "device = tablet and 3 < age ≤ 5",
        "got worse",
        "found on half of the sampled rider values (2,500 rows now), confirmed on the other half (2,500 rows now)",
        "2,000, 1,003",
        "(10.0%, 20.0%)",
        "0.761 (95% interval 0.740 to 0.780)",
        "0.552 (95% interval 0.510 to 0.590)",
        "0.209 (95% interval 0.160 to 0.260)",
        "64%: 0.032 (95% interval 0.020 to 0.040), of which 0.030 got worse and 0.002 mix",
        "2e-07",
    ):
        assert words in said, words


def test_what_was_not_computed_says_so(packet: TriagePacket) -> None:
    alone = weak_slice(degradation=None, composition=None, contribution_interval=None, share_of_drop=None)
    assert "not computed: the column is in no sample of rows" in page(holding(packet, alone))
    assert "None was found" in page(holding(packet))
    assert "Weak slices" not in page(packet)


def test_names_from_the_data_cannot_act(packet: TriagePacket) -> None:
    nasty = SliceCondition(column="<b>", value="</script>\x1b[31m", text="<b> = </script>\x1b[31m")
    made = holding(packet, weak_slice(conditions=[nasty]))
    assert "<b> = </script>" not in to_html(made)
    assert "\x1b" not in to_html(made)
    assert "\x1b" not in screen(made)


def test_the_terminal_tells_the_first_and_counts_the_rest(packet: TriagePacket) -> None:
    assert "weak slice" not in screen(packet)
    said = screen(holding(packet, weak_slice()))
    assert "weak slice · device = tablet and 3 < age ≤ 5: AUC 0.761 → 0.552, elsewhere by -0.004, 64% of the" in said
    said = screen(holding(packet, weak_slice(), weak_slice(), weak_slice()))
    assert "2 weak slices more in the report" in said
