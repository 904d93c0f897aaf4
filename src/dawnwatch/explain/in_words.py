"""What each pillar's check means, in a packet's own numbers."""

from __future__ import annotations

from dawnwatch.explain.chance import by_chance
from dawnwatch.model import numbers
from dawnwatch.model.certainty import certainty, evidence_behind
from dawnwatch.model.distances import PSI, title_of
from dawnwatch.model.enums import Pillar
from dawnwatch.model.packet import ThresholdInForce, TriagePacket
from dawnwatch.model.sized import size_of

__all__ = ["in_words"]

MOST_NAMED = 3
"""Features of another distance that are named."""


def in_words(packet: TriagePacket, pillar: Pillar) -> list[str]:
    """Return a few sentences: what is asked, how it is judged, and what came out here."""
    match pillar:
        case Pillar.QUALITY:
            return _quality(packet)
        case Pillar.DRIFT:
            return _drift(packet)
        case Pillar.PERFORMANCE:
            return _performance(packet)


def _quality(packet: TriagePacket) -> list[str]:
    limit = _limit(packet, "missing")
    nulls = [c for c in packet.quality.checks if c.kind == "missingness" and c.rows]
    empty = [c for c in nulls if c.failed_rows]
    said = [
        "Is the data what the model was built for: its columns and types, no more nulls than allowed, values within "
        "their bounds, no row twice? What fails here makes everything below it doubtful.",
        f"A column fails when strictly more than {numbers.share(limit.value['max'])} of its rows are missing"
        f"{_because(limit)}.",
    ]
    if empty:
        worst = max(empty, key=lambda c: (c.failed_rows or 0) / c.rows)
        share = numbers.share((worst.failed_rows or 0) / worst.rows)
        said.append(f"Of {len(nulls)} columns here, {worst.column} lacks most: {share} of {worst.rows:,} rows.")
    else:
        said.append(f"None of {len(nulls)} columns lacks a value here.")
    return said


def _drift(packet: TriagePacket) -> list[str]:
    limit = _limit(packet, "psi")
    said = [
        "PSI adds, over a feature's bins, (share now - share then) x ln(share now / share then): how far the mix "
        "moved, whatever the number of rows. It says that the inputs changed, not that the model suffers.",
        f"YELLOW from {limit.value['yellow']:g}, RED from {limit.value['red']:g}{_because(limit)}.",
    ]
    others = [f for f in packet.drift.features if f.method != PSI]
    said += [
        f"{f.name} is judged by {title_of(f.method)} in its place: YELLOW from {f.yellow:g}, RED from {f.red:g}."
        for f in others[:MOST_NAMED]
    ]
    if len(others) > MOST_NAMED:
        said.append(f"So are {len(others) - MOST_NAMED} more by a distance of their own.")
    features = [f for f in packet.drift.features if f.psi is not None]
    if features:
        top = max(features, key=lambda f: f.psi or 0.0)
        most = max(top.bins, key=lambda b: b.contribution, default=None)
        judged = "" if top.method == PSI else f" by {size_of(top)}"
        band = f" ({top.band.value}{judged})" if top.band else ""
        said.append(f"Largest here: {top.name}, {numbers.number(top.psi)}{band}.")
        if most is not None:
            said.append(
                f"Most of it is {most.bin}: {numbers.share(most.reference)} then, {numbers.share(most.current)} now, "
                f"which adds {numbers.number(most.contribution)}."
            )
        chance = by_chance(top)
        if chance is not None:
            said.append(chance.short)
        if top.significance is not None:
            said.append(
                f"It is {certainty(top.significance)}, over {evidence_behind(top.significance, top.current_rows)}."
            )
    return said


def _performance(packet: TriagePacket) -> list[str]:
    limit, section = _limit(packet, "auc_drop"), packet.performance
    said = [
        "The AUC is the chance that a positive row scores above a negative one: 0.5 is guessing, 1 is perfect. It is "
        "compared with rows the model never learned from.",
        f"A fall of strictly more than {limit.value['max']:g} fails where it is more than chance, and only warns where "
        f"it is not{_because(limit)}.",
    ]
    if section.drop.value is None:
        said.append(f"Not computed here: {section.reason or 'no reason given'}.")
    else:
        size, bounds = section.drop.value, section.drop.interval
        if size < 0 and bounds is not None:
            bounds = (-bounds[1], -bounds[0])  # the size of a rise is written without its sign
        moved = numbers.estimate(abs(size), bounds, section.drop.confidence)
        then, now = numbers.number(section.reference.value), numbers.number(section.current.value)
        sure = certainty(section.drop.significance)
        what = "rise" if size < 0 else "fall"
        said.append(f"Here it went from {then} to {now}: a {what} of {moved}{f', {sure}' if sure else ''}.")
    said += section.cautions[:1]
    return said


def _limit(packet: TriagePacket, name: str) -> ThresholdInForce:
    return next(t for t in packet.thresholds if t.name == name and t.column is None)


def _because(limit: ThresholdInForce) -> str:
    return f" (because: {limit.because.rstrip('.')})" if limit.because else " (no reason was written down)"
