"""A season of windows in which each incident is known: played, decided by the packet's advice, judged by the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from dawnwatch import Monitor, TriagePacket
from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.inject import inject
from dawnwatch.drills.play import ROWS
from dawnwatch.drills.registry import find_kind
from dawnwatch.drills.split import Split, by_unit
from dawnwatch.drills.truth import Strength, Truth
from dawnwatch.errors import UsageError
from dawnwatch.model.enums import Severity
from dawnwatch.model.packet import Verdict
from dawnwatch.store.ledger import Ledger

__all__ = ["Drilled", "play"]

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
DAY = timedelta(days=1)
BENIGN = ("mobile_surge", "night_concentration")
HARMFUL = (
    "time_zone_shift",
    "cold_start",
    "unseen_category",
    "null_burst",
    "unit_change",
    "sentinels",
    "replayed_duplicates",
    "dropped_column",
    "retyped_column",
    "concept_flip",
    "slow_concept_drift",
    "shuffled_scores",
    "stale_scores",
    "constant_scores",
)
AGAINST = 0.2
"""Share of the pages with advice that are decided against it."""
TAKEN: tuple[Verdict, ...] = ("fix_pipeline", "rollback", "retrain", "wait")
"""What someone who decides against the advice does instead."""
STRENGTHS: tuple[Strength, ...] = ("weak", "middle", "strong")


@dataclass(frozen=True)
class Drilled:
    """One drilled window: what happened in it, and the packet of it."""

    truth: Truth
    packet: TriagePacket


def play(data: DataSet, drills: int, seed: int, folder: Path) -> list[Drilled]:
    """Play drills into a results folder, each with the window of the day after, and keep their ledger.

    A third of the drills are changes of mix that harm nothing, a fifth clean windows, the others harmful at all
    strengths. Someone decides each page, a few hours later by a seeded draw: what it advises, in one of five against
    it. On the next day the incident is over where that was the right action or there was none to end, and goes on
    where it was not. Then the page is judged: real where the incident was harmful, else a false alarm.
    """
    rng = np.random.default_rng([seed, 9])
    split = by_unit(data, seed)
    monitor, ledger = split.monitor(), Ledger(folder)
    played: list[Drilled] = []
    for number, (table, truth) in enumerate(_windows(split, drills, seed, rng)):
        at = START + 2 * number * DAY
        packet = _judge(monitor, table, at, _name(truth), folder)
        taken = _attend(ledger, packet, truth, rng)
        over = not truth.harmful or taken == truth.action
        kind, strength = ("clean", "middle") if over else (truth.kind, truth.strength)
        table, left = _injected(split, kind, strength, seed + 10_000 + number)
        after = _judge(monitor, table, at + DAY, f"the day after: {_name(left)}", folder)
        _attend(ledger, after, left, rng)
        played.append(Drilled(truth, packet))
        print(f"{number + 1} of {drills}: {_name(truth)}: {packet.severity.value}", flush=True)
    return played


def _name(truth: Truth) -> str:
    return truth.kind if truth.measure is None else f"{truth.kind} {truth.strength}"


def _attend(ledger: Ledger, packet: TriagePacket, truth: Truth, rng: np.random.Generator) -> Verdict | None:
    """Decide a page and judge it a day later; whoever was not paged finds a harmful window later, too.

    Returns what was decided, mostly what is advised; None where nobody was paged.
    """
    paged = packet.severity.rank >= Severity.HIGH.rank
    waited, judged = timedelta(hours=float(rng.gamma(2, 1.5))), packet.created_at + DAY
    advised, taken = packet.decision.verdict, None
    if paged:
        against = advised != "cannot_tell" and rng.random() < AGAINST
        others = [verdict for verdict in TAKEN if verdict != advised]
        taken = others[rng.integers(len(others))] if against else advised
        note = "against the advice" if against else "as advised"
        ledger.add(packet, decision=taken, by="drill", note=note, at=packet.created_at + waited)
    if paged or truth.harmful:
        ledger.add(packet, alarm="real" if truth.harmful else "false_alarm", by="drill", note=truth.told, at=judged)
    return taken


def _windows(split: Split, drills: int, seed: int, rng: np.random.Generator) -> Iterator[tuple[pa.Table, Truth]]:
    clean, benign = drills // 5, drills // 3
    harmful = [name for name in HARMFUL if find_kind(name).applies(split.data)]
    names = ["clean"] * clean + [BENIGN[n % len(BENIGN)] for n in range(benign)]
    names += [harmful[n % len(harmful)] for n in range(drills - len(names))]
    for number, at in enumerate(rng.permutation(len(names))):
        yield _injected(split, names[at], STRENGTHS[number % len(STRENGTHS)], seed + 1000 + number)


def _injected(split: Split, name: str, strength: Strength, seed: int) -> tuple[pa.Table, Truth]:
    """Inject an incident; one that these rows cannot show so strongly becomes weaker, and at last none."""
    weaker = STRENGTHS[: STRENGTHS.index(strength) + 1][::-1]
    for kind, one in [*((name, one) for one in weaker), ("clean", "middle")]:
        try:
            found = inject(split, find_kind(kind), one, seed=seed, rows=ROWS)  # type: ignore[arg-type]
        except UsageError:
            continue
        return found.table, found.truth
    raise UsageError(f"{split.data.name}: not even a clean window of {ROWS:,} rows can be drawn")


def _judge(monitor: Monitor, table: pa.Table, at: datetime, label: str, folder: Path) -> TriagePacket:
    """Judge a window and keep the run under the season's clock."""
    seen = monitor.observe(table)
    packet = monitor.judge(seen, label=label)
    due = None if packet.sla.hours is None else at + timedelta(hours=packet.sla.hours)
    sla = packet.sla.model_copy(update={"due_at": due})
    packet = packet.model_copy(update={"created_at": at, "sla": sla})
    monitor.keep(packet, seen, folder)
    return packet
