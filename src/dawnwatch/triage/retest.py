"""The facts that rest on a size and on a test, from one packet's measurements under another's thresholds and budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dawnwatch.config.policy import ESTIMATE_GAP
from dawnwatch.model.auc import Drop
from dawnwatch.model.enough_units import few_units
from dawnwatch.model.measurement import Significance
from dawnwatch.model.packet import TriagePacket

__all__ = ["any_holds", "tested_facts"]

Sure = Literal["shown", "noise", "few"] | None
"""More than chance, within noise, of too few units to tell; or None where these packets do not say."""
Size = Literal["red", "yellow", "drop", "version", "prediction", "label", "domain"]


@dataclass(frozen=True)
class _Part:
    """One thing that reached a threshold, or that is unknown to have reached it."""

    size: Size
    significance: Significance | None
    reached: bool = True


def any_holds(verdicts: Sequence[bool | None]) -> bool | None:
    """Whether any holds: one that does settles it, whatever is unknown of the others."""
    return True if True in verdicts else None if None in verdicts else False


def tested_facts(measured: TriagePacket, under: TriagePacket) -> dict[str, bool | None]:
    """Return whether each fact holds that rests on drift or on the AUC's fall; None where it cannot be told."""
    features, unwatched = _features(measured, under)
    drops, unmeasured = _drops(measured, under)
    versions, unsplit = _versions(measured, under)
    outputs, unscored = _outputs(measured, under)
    counted = [output for output, raises in outputs if raises]
    sharing = (*features, *drops, *versions, *counted)
    gap = _gap(measured)
    tests = sum(p.significance is not None and p.significance.p_value is not None for p in sharing)
    tests += gap is not None and any(ESTIMATE_GAP in {*r.all, *r.any, *r.none} for r in under.policy)
    every = (*features, *drops, *versions, *(output for output, _ in outputs))
    parts = [(part, _sure(part.significance, tests, under)) for part in every if part.reached]
    few = [state == "few" for part, state in parts if part in counted]
    drop = measured.performance.drop
    sure = _sure(drop.significance, tests, under)
    overall = False if drop.value is None else None if sure is None else sure == "few"

    def holds(*sizes: Size, sure: Sure, unknown: bool) -> bool | None:
        found = [None if state is None else state == sure for part, state in parts if part.size in sizes]
        return any_holds([*found, *([None] if unknown else [])])

    degraded = holds("drop", sure="shown", unknown=unmeasured)
    noise = holds("drop", sure="noise", unknown=unmeasured)
    return {
        "red_drift": holds("red", sure="shown", unknown=unwatched),
        "yellow_drift": holds("yellow", sure="shown", unknown=unwatched),
        "red_within_noise": holds("red", sure="noise", unknown=unwatched),
        "too_few_units": any_holds([holds("red", "drop", sure="few", unknown=unwatched or unmeasured), *few, overall]),
        "red_prediction_drift": holds("prediction", sure="shown", unknown="prediction" in unscored),
        "windows_told_apart": holds("domain", sure="shown", unknown="domain" in unscored),
        "red_label_drift": holds("label", sure="shown", unknown="label" in unscored),
        "performance_degraded": degraded,
        ESTIMATE_GAP: False if gap is None else _gap_holds(gap, tests, measured, under),
        "version_worse": holds("version", sure="shown", unknown=unsplit),
        "drop_within_noise": False if degraded else None if degraded is None and noise else noise,
    }


def _features(measured: TriagePacket, under: TriagePacket) -> tuple[list[_Part], bool]:
    """Return the features both watch, by their band there; and whether one is watched there and not measured here."""
    others = {feature.name: feature for feature in under.drift.features}
    ours = {feature.name: feature for feature in measured.drift.features}
    # A feature that is not measured here, or in bins of another kind, has nothing to hold against a bound there.
    unwatched = any(name not in ours or ours[name].kind != other.kind for name, other in others.items())
    parts = []
    for feature in measured.drift.features:
        other = others.get(feature.name)
        if feature.psi is None or other is None or other.kind != feature.kind:
            continue  # what the other run does not watch has no band there
        value = feature.psi if other.method == "psi" else feature.distances.get(other.method)
        if value is None:
            unwatched = True
            continue
        size: Size = "red" if value >= other.red else "yellow"
        parts.append(_Part(size, feature.significance, value >= other.yellow))
    return parts, unwatched


def _outputs(measured: TriagePacket, under: TriagePacket) -> tuple[list[tuple[_Part, bool]], set[str]]:
    """Return scores and labels by the other's bounds, with whether they raise severity there; and what is missing."""
    others = {output.what: output for output in under.drift.outputs}
    ours = {output.what: output for output in measured.drift.outputs}
    found: list[tuple[_Part, bool]] = []
    for what, output in ours.items():
        other = others.get(what)
        if output.psi is not None and other is not None:
            found.append((_Part(what, output.significance, output.psi >= other.red), other.raises))
    missing: set[str] = {what for what in others if what not in ours}
    domain, there = measured.drift.domain, under.drift.domain
    if there is not None and (domain is None or domain.auc is None):
        missing |= {"domain"} if there.auc is not None else set()
    elif there is not None and domain is not None and domain.auc is not None:
        found.append((_Part("domain", domain.significance, domain.auc > there.threshold), there.raises))
    return found, missing


def _drops(measured: TriagePacket, under: TriagePacket) -> tuple[list[_Part], bool]:
    """Return the falls both judge; and whether a slice is declared there and not measured here."""
    section, rules = measured.performance, under.performance
    if section.drop.value is None:
        return [], False
    declared = {s.column for s in rules.slices}
    drops: list[Drop] = [section.drop, *(s.drop for s in section.slices if s.column in declared)]
    found = [_Part("drop", drop.significance, drop.value > rules.threshold) for drop in drops if drop.value is not None]
    return found, bool(declared - {s.column for s in section.slices})


def _versions(measured: TriagePacket, under: TriagePacket) -> tuple[list[_Part], bool]:
    """Return the gaps of the model's versions; and whether they are told apart there and not here."""
    ours, others = measured.performance.versions, under.performance.versions
    if not ours or not others:
        return [], bool(others)
    limit = under.performance.threshold
    found = [one.drop for one in ours if one.drop.value is not None]
    return [_Part("version", drop.significance, (drop.value or 0.0) > limit) for drop in found], False


def _gap(measured: TriagePacket) -> float | None:
    """Return the p-value of estimates that labels refute; None where none was tested."""
    found = measured.performance.estimates
    return None if found is None else found.gap_p_value


def _gap_holds(p_value: float, tests: int, measured: TriagePacket, under: TriagePacket) -> bool | None:
    """Whether a gap counts under the other's error budget; None where it has none, or nobody knows who shares it."""
    own, rules = measured.error_budget, under.error_budget
    if own is None or rules is None:
        return None
    if rules.judge == "off":
        return p_value <= rules.level
    # How many tests would share it there, a packet that tested nothing does not say.
    unknown = own.judge == "off" or (own.tests == 0 and under is not measured)
    return None if unknown else p_value <= rules.level / max(tests, 1)


def _sure(significance: Significance | None, tests: int, under: TriagePacket) -> Sure:
    rules = under.error_budget
    if rules is not None and rules.judge == "off":
        return "shown"
    if rules is None or significance is None:
        return None
    of = significance
    units = of.units_at_most if of.units is None else of.units
    if units is not None and few_units(of.unit or "", units, of.units_in_effect, None, rules.min_units):
        return "few"
    if significance.p_value is None:
        return None
    return "shown" if significance.p_value <= rules.level / max(tests, 1) else "noise"
