"""Thresholds behind false pages: what another value would have done, checked by judging again under it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dawnwatch import Monitor
from dawnwatch.model.ledger import Alarm
from dawnwatch.model.scorecard import Move
from dawnwatch.monitoring.moves import moves, rounded_above
from dawnwatch.monitoring.scorecard import read_scorecard
from dawnwatch.store.files import ResultsFolder
from dawnwatch.store.find import packets
from dawnwatch.store.ledger import Ledger
from dawnwatch.triage.cases import cases
from tests.monitoring.windows import SHIFTED, config, reference, window

MILD = (0.60, 0.22, 0.18)
"""Shares of devices just in the RED band."""


@pytest.fixture(scope="module")
def monitor() -> Monitor:
    return Monitor(config()).fit(reference())


@pytest.fixture(scope="module")
def kept(monitor: Monitor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six mild shifts judged false and five strong ones judged real, kept as `dawnwatch run` keeps them."""
    folder = tmp_path_factory.mktemp("results")
    for number in range(11):
        seen = monitor.observe(window(seed=10 + number, device=MILD if number < 6 else SHIFTED))
        packet = monitor.judge(seen)
        assert packet.severity.value == "high"
        monitor.keep(packet, seen, folder)
        Ledger(folder).add(packet, alarm="false_alarm" if number < 6 else "real")
    return folder


def moved(folder: Path, **alarms: Alarm) -> list[Move]:
    """What is made of the pages; `alarms` by fingerprint of the window stand in for those of the ledger."""
    found, _ = packets(ResultsFolder(folder))
    entries, _ = Ledger(folder).entries()
    entries = [e.model_copy(update={"alarm": alarms.get(e.id, e.alarm)}) for e in entries]
    every = cases([named.packet for named in found], entries)
    return moves(every, {named.packet.id: named.path.parent for named in found})


def test_the_value_named_silences_the_false_pages_and_keeps_the_real_ones(kept: Path, monitor: Monitor) -> None:
    (move,) = moved(kept)
    assert (move.threshold, move.now, move.false, move.silenced, move.real) == ("psi", 0.2, 6, 6, 5)
    assert move.to is not None
    assert move.reason is None
    severities = []
    for number in range(11):
        seen = monitor.observe(window(seed=10 + number, device=MILD if number < 6 else SHIFTED))
        severities.append(monitor.judge(seen, config=monitor.config.override(psi=move.to)).severity.value)
    assert set(severities[:6]) <= {"medium", "low"}
    assert severities[6:] == ["high"] * 5
    # No smaller value of three digits does it.
    below = monitor.config.override(psi=move.to - 0.001)
    again = [monitor.judge(monitor.observe(window(seed=10 + n, device=MILD)), config=below) for n in range(6)]
    assert "high" in {packet.severity.value for packet in again}


def test_it_stands_in_the_scorecard(kept: Path) -> None:
    card, faults = read_scorecard(kept)
    assert faults == []
    assert card.moves == moved(kept)
    assert (card.precision.hits, card.precision.of) == (5, 11)
    assert [record.name for record in card.checks] == ["drift of device"]


def test_no_value_is_named_that_would_lose_a_real_page(kept: Path) -> None:
    entries, _ = Ledger(kept).entries()
    swapped: dict[str, Alarm] = {e.id: "real" if e.alarm == "false_alarm" else "false_alarm" for e in entries}
    (move,) = moved(kept, **swapped)
    assert (move.to, move.silenced) == (None, 0)
    assert move.reason is not None
    assert move.reason.endswith("the least that silences one, loses 6 of the real ones")


def test_few_pages_or_none_that_was_real_name_no_value(kept: Path) -> None:
    entries, _ = Ledger(kept).entries()
    (move,) = moved(kept, **dict.fromkeys([e.id for e in entries[:4]], "unclear"))
    assert (move.to, move.reason) == (None, "not enough pages judged: 7 of at least 10")
    (move,) = moved(kept, **dict.fromkeys([e.id for e in entries], "false_alarm"))
    assert move.to is None
    assert move.reason == "no page was judged real, so nothing tells what a higher value would miss"


def test_a_page_that_failed_for_more_than_one_reason_is_not_silenced_by_one(monitor: Monitor, tmp_path: Path) -> None:
    for number in range(10):
        seen = monitor.observe(window(seed=40 + number, device=MILD, effect=0.2 if number < 5 else 1.0))
        packet = monitor.judge(seen)
        monitor.keep(packet, seen, tmp_path)
        Ledger(tmp_path).add(packet, alarm="false_alarm" if number < 5 else "real")
    found = {move.threshold: move.reason for move in moved(tmp_path)}
    assert found == dict.fromkeys(("psi", "auc_drop"), "no value of it alone silences one of them")


def test_counts_that_are_gone_are_said(kept: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(kept, copy)
    for path in sorted((copy / "profiles").iterdir())[:2]:
        path.unlink()
    (move,) = moved(copy)
    assert (move.without_counts, move.false + move.real) == (2, 9)


@pytest.mark.parametrize(
    ("value", "strictly", "above"),
    [(0.2, False, 0.2), (0.2, True, 0.201), (0.20001, False, 0.201), (12.34, False, 12.4), (0.0, True, 0.001)],
)
def test_values_are_rounded_up_to_three_digits(value: float, strictly: bool, above: float) -> None:
    assert rounded_above(value, strictly=strictly) == above
