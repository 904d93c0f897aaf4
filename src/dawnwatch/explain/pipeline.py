"""The pipeline map: where in the ML pipeline each check lives, what its failure means, and what it came to."""

from __future__ import annotations

from collections.abc import Iterable

from dawnwatch.checks.registry import CheckSpec, all_checks
from dawnwatch.explain.checkpoint import Checkpoint, Line, counted, worst
from dawnwatch.explain.document import Document
from dawnwatch.explain.readings import readings
from dawnwatch.explain.stages import BY_KIND, MEANING, STAGES, stage_of
from dawnwatch.model import numbers
from dawnwatch.model.auc import VersionPerformance
from dawnwatch.model.certainty import certainty
from dawnwatch.model.distances import DISTANCES, PSI, title_of
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.feature_drift import FeatureDrift, OutputDrift
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.quality import QualityCheck
from dawnwatch.model.sized import by_size, size_of
from dawnwatch.report import summaries
from dawnwatch.report.hidden import hidden, shown_outcome
from dawnwatch.report.lines import causes_lines
from dawnwatch.report.serving import beside
from dawnwatch.report.words import BAND_OUTCOME, shown

__all__ = ["checkpoints", "pipeline"]

AUC_DROP = "performance.auc_drop"


def pipeline(packet: TriagePacket) -> Document:
    """Return the page."""
    found = checkpoints(packet)
    stages = [
        {
            "key": key,
            "title": title,
            "text": text,
            "points": [point for point in found if point.stage == key],
            "outcome": worst(point.outcome for point in found if point.stage == key),
        }
        for key, (title, text) in STAGES.items()
    ]
    gravest = [Outcome.FAILED, Outcome.ERRORED, Outcome.WARNED, Outcome.NOT_COMPUTED, Outcome.PASSED]
    first = min(found, key=lambda point: gravest.index(point.outcome) if point.outcome else len(gravest))
    unjustified = sum(threshold.because is None for threshold in packet.thresholds)
    return Document(
        name="pipeline",
        title="Pipeline map",
        scripts=["pipeline.js"],
        data={"first": first.key},
        values={
            "stages": stages,
            "quality": summaries.quality(packet.quality),
            "drift": summaries.drift(packet.drift),
            "performance": summaries.performance(packet.performance),
            "seen": {pillar.value: shown_outcome(packet, pillar) for pillar in Pillar},
            "why": next(iter(causes_lines(packet)), ""),
            "unjustified": unjustified,
        },
    )


def checkpoints(packet: TriagePacket) -> list[Checkpoint]:
    """Return every checkpoint in the order of the stages: registered checks, then what is read beside them."""
    by_name: dict[str, list[QualityCheck]] = {}
    for check in packet.quality.checks:
        by_name.setdefault(check.name.rpartition(".")[2], []).append(check)
    points = [_point(spec, packet, by_name.pop(spec.short, [])) for spec in all_checks()]
    # A packet of a plug-in's check, or of a later version, still has its place.
    points += [_unregistered(name, checks, packet) for name, checks in by_name.items()]
    points += readings(packet)
    order = list(STAGES)
    return sorted(points, key=lambda point: order.index(point.stage))


def _point(spec: CheckSpec, packet: TriagePacket, checks: list[QualityCheck]) -> Checkpoint:
    if spec.threshold in {"prediction", "label"}:
        outputs = [o for o in packet.drift.outputs if o.what == spec.threshold]
        lines = [_feature_line(output) for output in outputs]
        found = _output_found(outputs)
    elif spec.threshold == "domain":
        domain = packet.drift.domain
        lines = [] if domain is None else [Line(domain.outcome, "all features", domain.text)]
        found = counted(lines)
    elif spec.pillar is Pillar.DRIFT:
        mine = [f for f in packet.drift.features if (f.method == PSI) is (spec.threshold == "psi")]
        lines = [_feature_line(feature) for feature in summaries.by_psi(mine)]
        found = summaries.shifts(mine)
    elif spec.pillar is Pillar.PERFORMANCE:
        lines = _performance_lines(spec.name, packet)
        found = summaries.performance(packet.performance) if spec.name == AUC_DROP else counted(lines)
    else:
        lines = _quality_lines(checks)
        found = counted(lines)
    return Checkpoint(
        stage=stage_of(spec),
        name=spec.name,
        question=spec.summary,
        meaning=MEANING.get(spec.name, ""),
        outcome=worst(line.outcome for line in lines),
        found=found,
        thresholds=_thresholds(spec.threshold, packet),
        lines=lines,
    )


def _unregistered(name: str, checks: list[QualityCheck], packet: TriagePacket) -> Checkpoint:
    lines = _quality_lines(checks)
    threshold = {"missingness": "missing", "range": "range", "duplicates": "duplicates"}.get(checks[0].kind, "none")
    return Checkpoint(
        stage=BY_KIND[checks[0].kind],
        name=f"quality.{name}",
        question=checks[0].rule,
        meaning="",
        outcome=worst(line.outcome for line in lines),
        found=counted(lines),
        thresholds=_thresholds(threshold, packet),
        lines=lines,
    )


def _quality_lines(checks: Iterable[QualityCheck]) -> list[Line]:
    lines = [
        Line(check.outcome, "whole table" if check.column is None else shown(check.column), check.message)
        for check in checks
    ]
    return sorted(lines, key=lambda line: line.outcome is Outcome.PASSED)


def _feature_line(feature: FeatureDrift) -> Line:
    if feature.size is None or feature.band is None:
        return Line(feature.outcome, shown(feature.name), f"not computed: {feature.reason or 'no reason given'}")
    moved = f"; {feature.moved_most}" if feature.moved_most else ""
    sure = f", {certainty(feature.significance)}" if certainty(feature.significance) else ""
    sure += f"; {only}" if (only := by_size(feature)) else ""
    bands = f"yellow from {feature.yellow:g}, red from {feature.red:g}"
    text = f"{feature.band.value}: {size_of(feature)}{sure}, {bands}{moved}"
    return Line(BAND_OUTCOME[feature.band], shown(feature.name), text)


def _output_found(outputs: list[OutputDrift]) -> str:
    if not outputs:
        return "There is none in this run."
    return f"{outputs[0].reading}. {'It raises severity here.' if outputs[0].raises else 'It informs only.'}"


def _performance_lines(name: str, packet: TriagePacket) -> list[Line]:
    section = packet.performance
    if name == "performance.rescore":
        asked = section.serving
        return [] if asked is None else [Line(asked.outcome, shown(asked.score), asked.message)]
    if name == "performance.version_gap":
        return [Line(one.outcome, shown(one.version), _version(one, section.threshold)) for one in section.versions]
    if name != AUC_DROP:
        return []
    if section.drop.value is None and section.reason is None and not section.slices:
        return []
    lines = [
        Line(
            section.drop.outcome,
            "overall" if section.auc_title == "AUC" else f"overall, {section.auc_title}",
            _moved(section.reference.value, section.current.value, section.reason),
        )
    ]
    lines += [
        Line(s.outcome, shown(s.name), _moved(s.reference.value, s.current.value, s.reason)) for s in section.slices
    ]
    # No fall among scores that are not to be believed is no pass.
    return lines + [Line(Outcome.WARNED, "what it reads", why) for why in hidden(packet, Pillar.PERFORMANCE)]


def _version(one: VersionPerformance, limit: float) -> str:
    if one.drop.value is None:
        return f"not computed: {one.reason or 'no reason given'}"
    return f"{numbers.short_share(one.share)} of the rows, AUC {numbers.number(one.auc.value)}: {beside(one, limit)}"


def _moved(reference: float | None, current: float | None, reason: str | None) -> str:
    if reference is None or current is None:
        return f"not computed: {reason or 'no reason given'}"
    return f"AUC {numbers.number(reference)} → {numbers.number(current)} ({numbers.signed(current - reference)})"


def _thresholds(name: str, packet: TriagePacket) -> list[tuple[str, str]]:
    if name == "none":
        return [("no failing row", "It has no threshold: one failing row fails it.")]
    names = {name} if name != "distance" else DISTANCES.keys() - {PSI}
    found = sorted((t for t in packet.thresholds if t.name in names), key=lambda t: t.column is not None)
    return [
        (
            (f"{title_of(t.name)} " if name == "distance" else "")
            + numbers.threshold_value(t.value)
            + (f" for {shown(t.column)}" if t.column is not None else ""),
            t.because or "no justification given",
        )
        for t in found
    ]
