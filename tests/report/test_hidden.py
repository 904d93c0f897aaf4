"""A pillar that found nothing is no pass where it saw nothing, or what is not to be believed."""

from __future__ import annotations

import io

import pytest
import sample_packet
from rich.console import Console

from dawnwatch.explain.pipeline import checkpoints
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.self_watch import Watch
from dawnwatch.report.hidden import hidden, shown_outcome
from dawnwatch.report.html import to_html
from dawnwatch.report.lines import drift_lines, performance_lines
from dawnwatch.report.terminal import PacketView

GONE = "drift and accuracy are blinded in device_type: the column is absent"
ONE = "performance is blinded: 95% of the scores are one and the same"


def held() -> TriagePacket:
    """The sample's packet had nothing moved: both pillars passed."""
    packet = sample_packet.metropulse()
    section = packet.performance
    drop = section.drop.model_copy(update={"value": 0.001, "interval": (-0.01, 0.01), "outcome": Outcome.PASSED})
    performance = section.model_copy(update={"outcome": Outcome.PASSED, "drop": drop, "slices": []})
    drift = packet.drift.model_copy(update={"outcome": Outcome.PASSED, "features": []})
    return packet.model_copy(update={"performance": performance, "drift": drift, "self_watch": []})


def blinded(packet: TriagePacket, pillar: str, message: str) -> TriagePacket:
    watch = Watch(
        name="blinded",
        outcome=Outcome.FAILED,
        subject=pillar,
        value=0.95,
        limit=0.9,
        unit="share",
        message=message,
        fact="pillar_blinded",
    )
    return packet.model_copy(update={"self_watch": [*packet.self_watch, watch]})


def terminal(packet: TriagePacket) -> str:
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(PacketView(packet))
    return console.export_text()


def test_what_saw_all_and_found_nothing_passed() -> None:
    packet = held()
    for pillar in Pillar:
        assert hidden(packet, pillar) == []
    assert shown_outcome(packet, Pillar.PERFORMANCE) is Outcome.PASSED
    assert performance_lines(packet)[0].endswith("a fall above 0.05 fails. None is shown.")
    assert not [line for line in performance_lines(packet) if line.startswith("no pass")]
    assert "No pass:" not in to_html(packet)


@pytest.mark.parametrize(
    ("pillar", "message", "doubted"),
    [("drift", GONE, {Pillar.DRIFT, Pillar.PERFORMANCE}), ("performance", ONE, {Pillar.PERFORMANCE})],
)
def test_a_blinded_pillar_is_no_pass(pillar: str, message: str, doubted: set[Pillar]) -> None:
    packet = blinded(held(), pillar, message)
    assert {one for one in Pillar if hidden(packet, one)} == doubted
    for one in doubted:
        assert shown_outcome(packet, one) is Outcome.WARNED
    lines = {Pillar.DRIFT: drift_lines(packet), Pillar.PERFORMANCE: performance_lines(packet)}
    for one, said in lines.items():
        assert (f"no pass: {message}" in said) is (one in doubted)
    said = terminal(packet)
    assert "! Performance: " in said
    assert "\N{CHECK MARK} Performance" not in said
    assert "Passed" not in said
    assert f"No pass:</b> {message}" in to_html(packet)
    (point,) = [point for point in checkpoints(packet) if point.name == "performance.auc_drop"]
    assert point.outcome is Outcome.WARNED


def test_scores_that_are_all_one_rank_nothing() -> None:
    packet = held()
    section = packet.performance
    one = section.current.model_copy(update={"value": 0.5, "variance": 0.0, "interval": (0.5, 0.5)})
    packet = packet.model_copy(update={"performance": section.model_copy(update={"current": one})})
    assert hidden(packet, Pillar.PERFORMANCE) == ["every score is the same, so nothing is ranked"]


def test_a_failure_is_told_as_one_and_not_as_a_doubt() -> None:
    packet = blinded(sample_packet.metropulse(), "performance", ONE)
    assert shown_outcome(packet, Pillar.PERFORMANCE) is Outcome.FAILED
    assert not [line for line in performance_lines(packet) if line.startswith("no pass")]
