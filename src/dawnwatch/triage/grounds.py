"""What each fact of a packet rests on: the measured values that make it hold, most telling first, in words."""

from __future__ import annotations

from dawnwatch.model.certainty import is_shown
from dawnwatch.model.distances import title_of
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.numbers import number, share
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.sized import amount_of, output_name
from dawnwatch.triage.headline import check_title

__all__ = ["grounds"]


def grounds(packet: TriagePacket, fact: str) -> list[str]:
    """Return what a fact that holds in this packet rests on; nothing for one that rests on no number."""
    match fact:
        case "red_drift":
            return _in_band(packet, Band.RED, shown=True)
        case "yellow_drift":
            return _in_band(packet, Band.YELLOW, shown=True)
        case "red_within_noise":
            return _in_band(packet, Band.RED, shown=False)
        case "too_few_units":
            drop = packet.performance.drop
            untested = drop.significance is not None and drop.significance.reason is not None
            of_auc = (
                [f"{packet.performance.auc_title} fell by {number(drop.value)}"]
                if untested and (drop.value or 0.0) > 0
                else []
            )
            return of_auc + _in_band(packet, Band.RED, shown=False)
        case "serving_failed":
            return [packet.performance.serving.message] if packet.performance.serving else []
        case "serving_doubtful":
            return [one.message for one in packet.performance.symptoms if one.outcome is Outcome.FAILED]
        case "clock_displaced":
            return [f.clock.message for f in packet.drift.features if f.clock is not None and f.clock.shown]
        case "version_worse":
            limit = [packet.performance.threshold]
            worse = [one for one in packet.performance.versions if one.outcome is Outcome.FAILED]
            return [
                f"AUC of version {one.version} lower by {number(one.drop.value, apart_from=limit)}" for one in worse
            ]
        case "red_prediction_drift" | "red_label_drift":
            moved = [o for o in packet.drift.outputs if f"red_{o.what}_drift" == fact]
            return [f"PSI of the {output_name(o)} {amount_of(o, 2)}" for o in moved]
        case "estimate_gap":
            found = packet.performance.estimates
            return [found.beside] if found is not None and found.beside is not None else []
        case "windows_told_apart":
            return [packet.drift.domain.text] if packet.drift.domain else []
        case _ if any(one.fact == fact for one in packet.self_watch):
            return [one.message for one in packet.self_watch if one.fact == fact and one.outcome is Outcome.FAILED]
        case "quality_failed":
            return _failed(packet)
        case "performance_degraded":
            return _falls(packet, Outcome.FAILED)
        case "drop_within_noise":
            return _falls(packet, Outcome.WARNED)
        case "check_not_judged":
            return list(packet.could_not_judge)
        case "accuracy_not_judged":
            return [packet.performance.reason] if packet.performance.reason else []
        case _:
            return []


def _in_band(packet: TriagePacket, band: Band, *, shown: bool) -> list[str]:
    found = [f for f in packet.drift.features if f.band is band and is_shown(f.significance) is shown]
    found.sort(key=lambda feature: -(feature.psi or 0.0))
    return [f"{title_of(feature.method)} of {feature.name} {amount_of(feature, 2)}" for feature in found]


def _failed(packet: TriagePacket) -> list[str]:
    found = [check for check in packet.quality.checks if check.outcome is Outcome.FAILED]
    found.sort(key=lambda check: -(check.failed_rows or 0) / max(check.rows, 1))
    return [f"{check_title(check)}: {share((check.failed_rows or 0) / max(check.rows, 1))} of rows" for check in found]


def _falls(packet: TriagePacket, outcome: Outcome) -> list[str]:
    """Return the overall fall, then those of slices, largest first, as far as each came to this outcome."""
    section = packet.performance
    limit = [section.threshold]
    overall = [section.drop] if section.drop.outcome is outcome else []
    slices = sorted((s for s in section.slices if s.outcome is outcome), key=lambda s: -(s.drop.value or 0.0))
    return [f"{section.auc_title} fell by {number(drop.value, apart_from=limit)}" for drop in overall] + [
        f"in {s.name} by {number(s.drop.value, apart_from=limit)}" for s in slices
    ]
