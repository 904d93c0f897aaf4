"""The packet on one screen."""

from __future__ import annotations

import io
import re

import pytest
import sample_packet
from rich.console import Console

from dawnwatch.explain.example import example
from dawnwatch.model.enums import Band
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.score_meaning import OperatingPoint, PointMetric
from dawnwatch.report import summaries
from dawnwatch.report.terminal import PacketView


def printed(packet: TriagePacket, width: int = 80, encoding: str = "utf-8", *, terminal: bool = False) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
    system = "truecolor" if terminal else "auto"
    console = Console(file=stream, width=width, force_terminal=terminal or None, color_system=system)
    console.print(PacketView(packet))
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_demo_fits_one_small_screen(packet: TriagePacket) -> None:
    lines = printed(packet, 80).splitlines()
    assert len(lines) <= 24
    assert all(len(line) <= 80 for line in lines)


@pytest.mark.parametrize("width", [80, 120])
def test_the_essentials_are_there(packet: TriagePacket, width: int) -> None:
    said = words(printed(packet, width))
    wanted = [
        "CRITICAL",
        "degraded_and_red_drift",
        "due 2026-03-02 10:00 UTC",
        "✓ Quality: all 17 checks passed",
        "✗ Drift: 2 watched features: 2 RED",
        "hour_bucket PSI 0.553 RED",
        "device_type PSI 0.294 RED",
        "86.2%",
        "decision: Retrain",
    ]
    if width == 80:
        wanted += [
            packet.headline,
            "AUC fell by 0.060 (95% interval 0.050 to 0.070)",
            "before 0.759 (0.751 to 0.767), n 14,000; now 0.699 (0.693 to 0.705), n 30,000",
            "3 slices: 3 degraded",
            *packet.diagnosis.cautions,
            *(action.action for action in packet.actions[:3]),
        ]
    for text in wanted:
        assert text in said


def test_a_wide_terminal_uses_two_columns(packet: TriagePacket) -> None:
    assert len(printed(packet, 120).splitlines()) < len(printed(packet, 80).splitlines())


def test_no_colour_codes_when_piped(any_packet: TriagePacket) -> None:
    assert "\x1b" not in printed(any_packet)


def test_colour_adds_nothing_that_is_not_also_said(packet: TriagePacket) -> None:
    coloured = printed(packet, terminal=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == printed(packet)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_streams_that_carry_no_signs(any_packet: TriagePacket, encoding: str) -> None:
    text = printed(any_packet, encoding=encoding)
    assert text.isascii()
    assert "Quality" in text


def test_signs_have_ascii_twins(packet: TriagePacket) -> None:
    text = printed(packet, encoding="ascii")
    assert "+ Quality: all 17 checks passed" in text
    assert "x Drift" in text


def test_words_of_the_data_cannot_drive_the_terminal() -> None:
    text = printed(sample_packet.hostile())
    assert "\u202e" not in text
    assert "\\x1b[31m" in text
    assert "[bold]red[/bold]" in text


def test_what_did_not_pass_is_named_failed_first() -> None:
    text = words(printed(sample_packet.failed_quality()))
    assert "58 checks: 5 failed, 1 errored, 1 not computed, 51 passed" in text
    assert text.index("failed · passenger_age · missingness") < text.index("failed · whole table · duplicates")
    assert "4 more did not pass" in text
    assert "quality.range of geo_hash could not be judged: the check faulted: boom" in text
    assert text.count("could not") == 1


def test_late_labels_are_never_a_pass() -> None:
    text = words(printed(sample_packet.late_labels()))
    assert "Performance: not computed: labels are declared late" in text
    assert "✓ Performance" not in text


def test_the_parts_of_a_fall_stand_in_one_line() -> None:
    said = words(printed(sample_packet.with_causes(), 80))
    assert "why it fell: novelty of user_id 0.041 (0.029 to 0.053); " in said
    for cause in sample_packet.with_causes().diagnosis.causes:
        assert f"{cause.cause}" in said
        assert cause.interval is None or f"({cause.interval[0]:.3f} to {cause.interval[1]:.3f})" in said
    assert "why it fell" not in printed(sample_packet.metropulse(), 80)
    assert len(printed(sample_packet.with_causes(), 80).splitlines()) <= 24


def test_the_worked_example_fits_one_small_screen_with_every_interval() -> None:
    packet = example()
    text = printed(packet, 80)
    assert len(text.splitlines()) <= 24
    assert max(map(len, text.splitlines())) <= 80
    # Of a hundred columns it leaves a line of 24 to the file, and what comes next is one more.
    assert len(printed(packet, 100).splitlines()) <= 23
    said = words(text)
    moved = [f for f in [*packet.drift.features, *packet.drift.outputs] if f.band is not Band.GREEN]
    assert len(moved) == 3
    for feature in moved:
        assert feature.interval is not None
        assert f"PSI {feature.psi:.3f} ({feature.interval[0]:.3f} to {feature.interval[1]:.3f}) RED" in said
    for cause in packet.diagnosis.causes:
        assert cause.interval is not None
        assert f"{cause.amount:.3f} ({cause.interval[0]:.3f} to {cause.interval[1]:.3f})" in said
    assert packet.performance.calibration is not None
    low, high = packet.performance.calibration.in_the_large_interval
    assert f"({low:.3f} to {high:.3f}) more than comes true" in said


def test_scores_that_promise_too_little_turn_their_interval_round() -> None:
    packet = example()
    of = packet.performance.calibration
    assert of is not None
    less = of.model_copy(update={"in_the_large": -0.03, "in_the_large_interval": (-0.05, -0.01)})
    section = packet.performance.model_copy(update={"calibration": less})
    said = words(printed(packet.model_copy(update={"performance": section})))
    assert "scores promise 0.030 (0.010 to 0.050) less than comes true" in said


def test_no_change_at_the_threshold_is_cut_off_and_the_cost_comes_first(packet: TriagePacket) -> None:
    moved = [
        PointMetric(name=name, value=0.5 + i, before=0.4, change=0.1, change_interval=(0.05, 0.15), changed=True)  # type: ignore[arg-type]
        for i, name in enumerate(("precision", "recall", "f1", "cost"))
    ]
    point = OperatingPoint(
        threshold=0.5,
        rows=900,
        said_yes=0.4,
        said_yes_before=0.3,
        metrics=moved,
        cost_unit="EUR",
        confidence=0.95,
        message="long",
    )
    section = packet.performance.model_copy(update={"operating_point": point})
    said = words(printed(packet.model_copy(update={"performance": section})))
    assert "at the threshold 0.5: cost of a row 0.400 before, now 3.500 EUR (a change of 0.050 to 0.150)" in said
    assert said.index("cost of a row") < said.index("F1 0.400 before, now 2.500 (a change of")


def test_where_nobody_can_tell_the_screen_says_why_once(packet: TriagePacket) -> None:
    why = "20 of the most popular values of item_id went from 8.3% to 30% of the rows together"
    unsure = packet.decision.model_copy(update={"verdict": "cannot_tell", "reasons": [why]})
    doubtful = packet.model_copy(update={"decision": unsure})
    assert f"why: {why}" in words(printed(doubtful))
    said = doubtful.model_copy(update={"headline": f"{why[0].lower()}{why[1:]}; all checks pass."})
    assert "why: " not in printed(said)
    certain = unsure.model_copy(update={"verdict": "wait"})
    assert "why: " not in printed(packet.model_copy(update={"decision": certain}))


def test_a_change_that_rounds_to_nothing_is_no_rise(packet: TriagePacket) -> None:
    drop = packet.performance.drop.model_copy(update={"value": -0.0002, "interval": (-0.0104, 0.01)})
    still = packet.performance.model_copy(update={"drop": drop})
    said = summaries.performance(still)
    assert said.startswith("AUC hardly moved (")
    assert "interval of its change -0.010 to 0.010); a fall above" in said
    fell = packet.performance.model_copy(update={"drop": drop.model_copy(update={"value": 0.0002})})
    assert "interval of its change -0.010 to 0.010)" in summaries.performance(fell)
