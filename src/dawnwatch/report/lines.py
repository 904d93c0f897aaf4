"""Each pillar in a few lines of plain text for the terminal, the most telling first."""

from __future__ import annotations

from dawnwatch.model import numbers
from dawnwatch.model.causes import UNEXPLAINED
from dawnwatch.model.certainty import doubt
from dawnwatch.model.enums import Band, Outcome, Pillar
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.measurement import Interval
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.performance import Performance
from dawnwatch.model.score_meaning import Calibration, OperatingPoint
from dawnwatch.model.sized import by_size, sized
from dawnwatch.model.slice_words import slice_line
from dawnwatch.report import summaries
from dawnwatch.report.hidden import hidden
from dawnwatch.report.words import OUTCOME_WORD, cause_title, shorten, shorten_name, shown

__all__ = [
    "action_lines",
    "causes_lines",
    "caution_lines",
    "deciding_lines",
    "drift_lines",
    "performance_lines",
    "quality_lines",
]

MOST = 3
"""Checks, drifters and actions named; what is left is counted."""
CAUTIONS = 2
NAME = 32
"""Characters of a column's or feature's name."""
SINCE = 300
"""Characters of what several windows say."""
CUT = 150
"""Characters of a sentence that came with the packet."""


def quality_lines(packet: TriagePacket) -> list[str]:
    """Return the pillar's summary and the first checks that did not pass."""
    unclean = sorted(
        (c for c in packet.quality.checks if c.outcome != Outcome.PASSED),
        key=lambda c: (summaries.WORST_FIRST.index(c.outcome), -(c.failed_rows or 0)),
    )
    lines = [f"Quality: {summaries.quality(packet.quality)}"]
    for c in unclean[:MOST]:
        where = shorten_name(shown(c.column), NAME) if c.column is not None else "whole table"
        # Of the many kinds of a value out of place, which one it is.
        what = c.name.replace("_", " ") if c.kind == "range" else c.kind
        lines.append(f"{OUTCOME_WORD[c.outcome]} · {where} · {what}: {shorten(c.message, CUT)}")
    return lines + _left(len(unclean) - MOST, "more did not pass")


def drift_lines(packet: TriagePacket) -> list[str]:
    """Return the pillar's summary, the top drifters and the share of new units."""
    features = summaries.by_psi(packet.drift.features)
    moved = [f for f in features if f.band in (Band.RED, Band.YELLOW)]
    lines = [f"Drift: {summaries.drift(packet.drift)}", *_unseen(packet, Pillar.DRIFT), *map(_drifter, moved[:MOST])]
    lines += _left(len(moved) - MOST, "more drifted")
    lines += [
        f"{shorten_name(shown(f.name), NAME)} not computed: {shorten(f.reason or 'no reason given', CUT)}"
        for f in [f for f in features if f.size is None][:1]
    ]
    lines += [shorten(shown(f.beyond.message), CUT + NAME) for f in features if f.beyond is not None][:MOST]
    if packet.drift.outputs:
        lines.append(shorten(f"apart: {summaries.outputs(packet.drift)}", CUT + NAME))
    domain = packet.drift.domain
    if domain and domain.outcome is Outcome.FAILED and domain.auc is not None:
        size = f"{numbers.number(domain.auc)}{_span(domain.interval)}"
        lines.append(f"all features at once tell the windows apart: AUC {size}")
    if packet.drift.novelty:
        new = packet.drift.novelty
        said = f"{numbers.share(new.current_share)} of rows from a {shown(new.unit)} new to the {new.against}"
        if new.baseline_share is not None:
            said += f" (baseline: {numbers.share(new.baseline_share)})"
        lines.append(said)
    lines += [shorten(other.text, SINCE) for other in packet.diagnosis.baselines if other.reason is None]
    return lines


def _drifter(f: FeatureDrift) -> str:
    # A test that was not passed says more than that the size is partly chance.
    band = (not doubt(f.significance) and by_size(f)) or (f.band.value if f.band else "")
    moved = f" · {shorten(f.moved_most, 60)}" if f.moved_most else ""
    unsure = f", {doubt(f.significance)}" if doubt(f.significance) else ""
    return f"{shorten_name(shown(f.name), NAME)} {sized(f)} {band}{unsure}{moved}"


def performance_lines(packet: TriagePacket) -> list[str]:
    """Return the pillar's summary with the slices', both AUCs, what the fall is made of, and the first weak slice.

    The summary gives the level of its interval; further intervals of the same level stand without it.
    """
    section = packet.performance
    slices = f" {_upper(summaries.slices(section))}." if section.slices else ""
    said = summaries.performance(section)
    if slices and not said.endswith("."):
        said += "."  # a reason why nothing was computed is no whole sentence
    lines = [f"Performance: {said}{slices}", *_unseen(packet, Pillar.PERFORMANCE)]
    lines += _aucs(section)
    lines += [] if section.unscored is None else [section.unscored]
    if section.maturity is not None:
        lines.append(shorten(shown(section.maturity.message), SINCE))
    lines += causes_lines(packet)
    if section.drop.needed is not None:
        lines.append(section.drop.needed.text)
    if section.over_time is not None and (section.over_time.windows > 1 or section.over_time.worse):
        lines.append(shorten(section.over_time.text, SINCE))
    lines += summaries.expected(section)
    if section.calibration is not None and section.calibration.changed:
        lines.append(_level(section.calibration))
    point = section.operating_point
    if point is not None and any(one.changed for one in point.metrics):
        lines += _answers(point)
    weak = packet.diagnosis.weak_slices
    lines += [f"weak slice · {shorten(shown(slice_line(found)), CUT)}" for found in weak[:1]]
    return lines + _left(len(weak) - 1, "more in the report", "weak slice")


def _unseen(packet: TriagePacket, pillar: Pillar) -> list[str]:
    """Say why little follows from a pillar's finding nothing; nothing where it found something, or saw all."""
    if getattr(packet, pillar.value).outcome is not Outcome.PASSED:
        return []
    return [f"no pass: {shorten(shown(reason), CUT)}" for reason in hidden(packet, pillar)[:1]]


def _aucs(section: Performance) -> list[str]:
    now = "now" if section.auc_title == "AUC" else "now, weighted,"
    told = [
        f"{name} {numbers.number(auc.value)}{_span(auc.interval)}, n {auc.n:,}"
        for name, auc in (("before", section.reference), (now, section.current))
        if auc.value is not None
    ]
    level = "" if section.drop.interval is not None else f" ({numbers.confidence(section.confidence)} intervals)"
    return [f"{'; '.join(told)}{level}"] if told else []


def _answers(of: OperatingPoint) -> list[str]:
    """Return a line for each measure at the threshold that changed, so that none is cut off; the cost first."""
    moved = [one for one in of.metrics if one.changed and one.change_interval is not None]
    unit = f" {shown(of.cost_unit)}" if of.cost_unit else ""
    lines = []
    for one in sorted(moved, key=lambda one: one.name != "cost"):
        name = {"f1": "F1", "cost": "cost of a row"}.get(one.name, one.name)
        of_it = unit if one.name == "cost" else ""
        bounds = numbers.interval(one.change_interval or (0.0, 0.0))
        lines.append(
            f"at the threshold {of.threshold:g}: {name} {numbers.number(one.before)} before, now "
            f"{numbers.number(one.value)}{of_it} (a change of {bounds})"
        )
    return lines


def _level(of: Calibration) -> str:
    """Say by how much the scores promise too much or too little; the baseline's own gap stands in the report."""
    value, (low, high) = of.in_the_large, of.in_the_large_interval
    if value < 0:
        low, high = -high, -low
    size = f"{numbers.number(abs(value))} ({numbers.interval((low, high))})"
    which = "of the rows that have a label " if of.partial else ""
    return f"calibration moved: {which}scores promise {size} {'more' if value > 0 else 'less'} than comes true"


def causes_lines(packet: TriagePacket) -> list[str]:
    """Return the parts of the fall in a line, those that are more than noise first, or why no part is named.

    Nothing where no fall was shown.
    """
    if not packet.diagnosis.causes and packet.performance.outcome is Outcome.FAILED:
        asked = next((one for one in packet.diagnosis.unresolved if one.startswith(UNEXPLAINED)), None)
        return [] if asked is None else [f"why it fell is not told: {asked.partition(': ')[2]}"]
    sure: list[str] = []
    less: list[str] = []
    noise: list[str] = []
    for cause in packet.diagnosis.causes:
        # What kind of cause it is stays whole; only a long column's name is cut.
        short = None if cause.column is None else shorten_name(shown(cause.column), NAME)
        name = cause_title(cause.model_copy(update={"column": short}))
        told = f"{name[:1].lower()}{name[1:]} {numbers.number(cause.amount)}{_span(cause.interval)}"
        if cause.offsets and cause.interval is not None:
            given = f"{numbers.number(-cause.amount)}{_span((-cause.interval[1], -cause.interval[0]))}"
            less.append(f"{name[:1].lower()}{name[1:]} offsets the fall by {given}")
        else:
            (sure if cause.shown else noise).append(told)
    parts = [*sure, *less, *([f"within noise {', '.join(noise)}"] if noise else [])]
    return [f"why it fell: {'; '.join(parts)}"] if parts else []


def action_lines(packet: TriagePacket) -> list[str]:
    """Return the first actions in their order."""
    return [shorten(a.action, CUT) for a in packet.actions[:MOST]]


def deciding_lines(packet: TriagePacket) -> list[str]:
    """Return why it cannot be told what to do, where nothing above says so; nothing where something is to be done."""
    told = " ".join([packet.headline, *packet.could_not_judge[:2]]).lower()
    reasons = packet.decision.reasons[:1] if packet.decision.verdict == "cannot_tell" else []
    return [shorten(shown(reason), SINCE) for reason in reasons if reason.lower() not in told]


def caution_lines(packet: TriagePacket) -> list[str]:
    """Return the first cautions: the diagnosis', then the pillars'."""
    every = [*packet.diagnosis.cautions, *packet.drift.cautions, *packet.performance.cautions]
    unique = list(dict.fromkeys(every))
    return [shorten(text, CUT) for text in unique[:CAUTIONS]] + _left(
        len(unique) - CAUTIONS, "more in the report", "caution"
    )


def _span(bounds: Interval | None) -> str:
    return "" if bounds is None else f" ({numbers.interval(bounds)})"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _left(count: int, what: str, noun: str = "") -> list[str]:
    if count <= 0:
        return []
    return [f"{numbers.plural(count, noun)} {what}" if noun else f"{numbers.count(count)} {what}"]
