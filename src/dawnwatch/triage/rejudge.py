"""Holding what one packet measured against the thresholds of another, from the packets alone.

A verdict that these numbers cannot give is unknown, not guessed: what the other run checks and this one did not
measure, or a rule that was another.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.sections import Drop, QualityCheck, SlicePerformance

__all__ = ["Facts", "rejudge"]


@dataclass(frozen=True)
class Facts:
    """The facts that hold, and those of which it cannot be told."""

    holding: frozenset[str]
    unknown: frozenset[str] = frozenset()

    def get(self, fact: str) -> bool | None:
        """Whether a fact holds; None where it cannot be told."""
        return None if fact in self.unknown else fact in self.holding


def rejudge(measured: TriagePacket, under: TriagePacket) -> Facts:
    """Return the facts of one packet's measurements under the other's thresholds.

    Facts that rest on no threshold (a check that faulted, labels that come late) stay as they were measured. Where a
    packet's own thresholds do not give back the facts it holds, nothing is claimed of those facts.
    """
    found = _verdicts(measured, under)
    own = _verdicts(measured, measured)
    for fact, holds in own.items():
        if holds is not (fact in measured.facts):
            found[fact] = None
    rest = frozenset(measured.facts) - found.keys()
    return Facts(
        rest | {fact for fact, holds in found.items() if holds},
        frozenset(fact for fact, holds in found.items() if holds is None),
    )


def _verdicts(measured: TriagePacket, under: TriagePacket) -> dict[str, bool | None]:
    """Return whether each fact that rests on thresholds holds; None where it cannot be told."""
    red, yellow = _drift(measured, under)
    degraded, noise = _performance(measured, under)
    return {
        "quality_failed": _any([*_quality(measured, under)]),
        "red_drift": red,
        "yellow_drift": yellow,
        "performance_degraded": degraded,
        "drop_within_noise": noise,
    }


def _any(verdicts: list[bool | None]) -> bool | None:
    """Whether any holds: one that does settles it, whatever is unknown of the others."""
    return True if True in verdicts else None if None in verdicts else False


def _quality(measured: TriagePacket, under: TriagePacket) -> list[bool | None]:
    others = {(check.name, check.column): check for check in under.quality.checks}
    ours = {(check.name, check.column) for check in measured.quality.checks}
    verdicts = [_fails(check, others.get((check.name, check.column))) for check in measured.quality.checks]
    return [*verdicts, *(None for key in others if key not in ours)]


def _fails(check: QualityCheck, other: QualityCheck | None) -> bool | None:
    """Whether a check's count fails under the limit of the same check in the other run."""
    if check.failed_rows is None:
        return False
    if other is None:
        # Not made there, by configuration or for want of the column: what passed here fails under neither.
        return None if check.outcome is Outcome.FAILED else False
    if other.threshold is None or (check.rule and other.rule and check.rule != other.rule):
        return None
    return check.failed_rows / max(check.rows, 1) > other.threshold


def _drift(measured: TriagePacket, under: TriagePacket) -> tuple[bool | None, bool | None]:
    others = {feature.name: feature for feature in under.drift.features}
    ours = {feature.name: feature.kind for feature in measured.drift.features}
    # Neither a feature that is not measured here nor one in bins of another kind has a PSI to hold against a bound.
    red: list[bool | None] = [None for name, other in others.items() if ours.get(name) != other.kind]
    yellow = list(red)
    for feature in measured.drift.features:
        other = others.get(feature.name)
        if feature.psi is None or other is None or other.kind != feature.kind:
            continue  # what the other run does not watch has no band there
        red.append(feature.psi >= other.red)
        yellow.append(other.yellow <= feature.psi < other.red)
    return _any(red), _any(yellow)


def _performance(measured: TriagePacket, under: TriagePacket) -> tuple[bool | None, bool | None]:
    """Return whether the AUC fell beyond the other's threshold, surely; and whether only within noise."""
    section, rules = measured.performance, under.performance
    if section.drop.value is None:
        return section.outcome is Outcome.FAILED, section.outcome is Outcome.WARNED
    declared = {s.column for s in rules.slices}
    slices = [s for s in section.slices if s.column in declared]
    unmeasured = bool(declared - {s.column for s in section.slices})
    corrected = 1 - (1 - rules.confidence) / max(len(slices), 1)  # Bonferroni, as the run itself does
    bound = section.reference.bound + section.current.bound
    outcomes = [_outcome(section.drop, bound, rules.confidence, under)]
    outcomes += [_outcome(s.drop, _bound(s), corrected, under) for s in slices if s.drop.value is not None]
    if Outcome.FAILED in outcomes:
        return True, False
    noise = Outcome.WARNED in outcomes
    return (None, None) if unmeasured else (False, noise)


def _bound(part: SlicePerformance) -> float:
    return part.reference.bound + part.current.bound


def _outcome(drop: Drop, bound: float, level: float, under: TriagePacket) -> Outcome:
    rules = under.performance
    if drop.value is None or drop.value <= rules.threshold:
        return Outcome.PASSED
    if rules.significance == "off":
        return Outcome.FAILED
    low = _low(drop, bound, level)
    return Outcome.FAILED if low is not None and low > 0 else Outcome.WARNED


def _low(drop: Drop, bound: float, level: float) -> float | None:
    """Return the lower end of the drop's interval at another level: it is normal, widened by the binning error."""
    if drop.interval is None or drop.value is None:
        return None
    if abs(level - drop.confidence) < 1e-12:
        return drop.interval[0]
    error = max(drop.value - drop.interval[0] - bound, 0.0) / _z(drop.confidence)
    return drop.value - _z(level) * error - bound


def _z(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 2)
