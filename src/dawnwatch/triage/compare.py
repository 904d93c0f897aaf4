"""Packets side by side as data. Pure: it reads nothing but the packets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from dawnwatch.errors import UsageError
from dawnwatch.model.comparison import CheckRow, ComparedRun, Comparison, FeatureRow, OutputRow, SliceRow, WeakSliceRow
from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.quality import QualityCheck
from dawnwatch.model.sized import output_name
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.steps import step_between

__all__ = ["compare"]


def compare(packets: Sequence[TriagePacket], sources: Sequence[str] = ()) -> Comparison:
    """Compare two or more packets, each with its neighbour.

    Parameters
    ----------
    packets : in the order to show them in
    sources : the file of each, for the reader; may be left out

    Raises
    ------
    UsageError
        With fewer than two packets, or where one is given twice.
    """
    if len(packets) < 2:
        raise UsageError("compare needs at least two packets: files, labels, or `latest`")
    _require_distinct(packets, sources)
    packets = [_with_facts(packet) for packet in packets]
    names = _names(packets)
    return Comparison(
        runs=[
            _run(packet, name, source)
            for packet, name, source in zip(packets, names, sources or [""] * len(packets), strict=True)
        ],
        steps=[
            step_between(before, after, pair)
            for (before, after), pair in zip(pairwise(packets), pairwise(names), strict=True)
        ],
        features=_features(packets),
        slices=_slices(packets),
        outputs=_outputs(packets),
        weak_slices=_weak_slices(packets),
        checks=_checks(packets),
        warnings=_warnings(packets),
    )


def _require_distinct(packets: Sequence[TriagePacket], sources: Sequence[str]) -> None:
    for place, packet in enumerate(packets):
        for earlier in range(place):
            if packets[earlier].id == packet.id:
                named = dict.fromkeys(sources[i] for i in (earlier, place)) if sources else [packet.id]
                raise UsageError(f"{' and '.join(named)}: the same packet twice; give two that differ")


def _with_facts(packet: TriagePacket) -> TriagePacket:
    """Give a packet of schema 1.0, which has neither facts nor a severity table, the facts its sections make true."""
    if packet.policy:
        return packet
    evidence = Evidence(packet.quality, packet.drift, packet.performance, not_judged=tuple(packet.could_not_judge))
    return packet.model_copy(update={"facts": sorted(evidence.facts)})


def _names(packets: Sequence[TriagePacket]) -> list[str]:
    """Name each run by its label; by its time where it has none, by both where a label comes twice."""
    times = Counter(packet.label for packet in packets)
    to_the_minute = Counter(f"{packet.created_at:%m-%d %H:%M}" for packet in packets)
    names = []
    for packet in packets:
        minute = f"{packet.created_at:%m-%d %H:%M}"
        when = minute if to_the_minute[minute] == 1 else f"{packet.created_at:%m-%d %H:%M:%S}"
        if packet.label and times[packet.label] == 1:
            names.append(packet.label)
        else:
            names.append(f"{packet.label} {when}" if packet.label else when)
    return [name if names.index(name) == i else f"{name} ({i + 1})" for i, name in enumerate(names)]


def _run(packet: TriagePacket, name: str, source: str) -> ComparedRun:
    section = packet.performance
    return ComparedRun(
        name=name,
        source=source,
        id=packet.id,
        label=packet.label,
        project=packet.project,
        created_at=packet.created_at,
        severity=packet.severity,
        rule=packet.rule,
        rule_text=packet.rule_text,
        sla_hours=packet.sla.hours,
        facts=packet.facts,
        thresholds=packet.thresholds,
        domain=packet.drift.domain,
        quality=packet.quality.outcome,
        drift=packet.drift.outcome,
        performance=section.outcome,
        reference=section.reference,
        current=section.current,
        drop=section.drop,
        auc_threshold=section.threshold,
        reason=section.reason,
        causes=packet.diagnosis.causes,
        slice_search=packet.diagnosis.slice_search,
    )


def _features(packets: Sequence[TriagePacket]) -> list[FeatureRow]:
    found = [{f.name: f.model_copy(update={"bins": [], "unseen": []}) for f in p.drift.features} for p in packets]
    rows = [FeatureRow(name=name, runs=[run.get(name) for run in found]) for name in _keys(found)]
    return sorted(rows, key=lambda row: -_largest([f.psi for f in row.runs if f]))


def _outputs(packets: Sequence[TriagePacket]) -> list[OutputRow]:
    found = [{output_name(o): o.model_copy(update={"bins": []}) for o in p.drift.outputs} for p in packets]
    return [OutputRow(name=name, runs=[run.get(name) for run in found]) for name in _keys(found)]


def _slices(packets: Sequence[TriagePacket]) -> list[SliceRow]:
    found = [{(s.column, s.value): s for s in packet.performance.slices} for packet in packets]
    rows = [SliceRow(column=key[0], value=key[1], runs=[run.get(key) for run in found]) for key in _keys(found)]
    return sorted(rows, key=lambda row: -_largest([s.drop.value for s in row.runs if s]))


def _weak_slices(packets: Sequence[TriagePacket]) -> list[WeakSliceRow]:
    found = [{one.text: one for one in packet.diagnosis.weak_slices} for packet in packets]
    rows = [WeakSliceRow(text=text, runs=[run.get(text) for run in found]) for text in _keys(found)]
    return sorted(rows, key=lambda row: -_largest([one.contribution for one in row.runs if one]))


def _largest(values: Sequence[float | None]) -> float:
    """Return the largest value; below any PSI or fall where there is none."""
    return max((value for value in values if value is not None), default=-2.0)


def _checks(packets: Sequence[TriagePacket]) -> list[CheckRow]:
    found = [
        {(c.name, c.column): c.model_copy(update={"examples": []}) for c in packet.quality.checks} for packet in packets
    ]
    rows = [CheckRow(name=key[0], column=key[1], runs=[run.get(key) for run in found]) for key in _keys(found)]
    return sorted(rows, key=lambda row: -max(map(_weight, row.runs)))


def _weight(check: QualityCheck | None) -> float:
    """Order checks: those that failed by their share of rows, then those not judged, then those that passed."""
    if check is None or check.outcome is Outcome.PASSED:
        return 0.0
    return 2.0 + (check.failed_rows or 0) / max(check.rows, 1) if check.outcome is Outcome.FAILED else 1.0


def _keys(found: Sequence[dict]) -> list:  # type: ignore[type-arg]
    """Return the keys of all runs, each once, in the order in which they come."""
    return list(dict.fromkeys(key for run in found for key in run))


def _warnings(packets: Sequence[TriagePacket]) -> list[str]:
    projects = list(dict.fromkeys(packet.project for packet in packets))
    if len(projects) == 1:
        return []
    return [f"the packets are of different projects ({', '.join(projects)}): their numbers may not be comparable"]
