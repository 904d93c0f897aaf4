"""What each pillar came to in one sentence, said alike in the pictures, the report and the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.model import numbers
from dawnwatch.model.auc import Drop, SlicePerformance
from dawnwatch.model.certainty import doubt, is_shown
from dawnwatch.model.distances import PSI, title_of
from dawnwatch.model.drift import Drift
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.estimates import Estimate, Estimates
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import Quality
from dawnwatch.model.sized import sized
from dawnwatch.report.words import OUTCOME_WORD, shown

__all__ = ["apart", "by_psi", "drift", "expected", "outputs", "performance", "quality", "shifts", "slices"]

WORST_FIRST = [Outcome.FAILED, Outcome.ERRORED, Outcome.WARNED, Outcome.NOT_COMPUTED, Outcome.PASSED]

FEW, ALWAYS = 12, 4
"""Features that a report never folds, and of more those that always stand open."""


def by_psi(features: Sequence[FeatureDrift]) -> list[FeatureDrift]:
    """Return features by PSI, largest first, those not computed last."""
    return sorted(features, key=lambda f: (f.psi is None, -(f.psi or 0.0), f.name))


def apart(features: Sequence[FeatureDrift]) -> tuple[list[tuple[int, FeatureDrift]], list[tuple[int, FeatureDrift]]]:
    """Return which of a packet's features stand open and which are folded away, each with its place.

    Nothing is folded of up to `FEW` features; of more, those that are GREEN but for the first four.
    """
    placed = list(enumerate(features))
    if len(placed) <= FEW:
        return placed, []
    folded = [at for at, f in placed if f.band == Band.GREEN and at >= ALWAYS]
    return [one for one in placed if one[0] not in folded], [placed[at] for at in folded]


def quality(section: Quality) -> str:
    """Say how many checks came to what."""
    checks = section.checks
    if not checks:
        return "not computed: no quality check ran"
    if all(c.outcome == Outcome.PASSED for c in checks):
        return f"all {numbers.count(len(checks))} checks passed" if len(checks) > 1 else "the one check passed"
    found = [(o, sum(c.outcome == o for c in checks)) for o in WORST_FIRST]
    said = ", ".join(f"{n} {OUTCOME_WORD[o]}" for o, n in found if n)
    return f"{numbers.plural(len(checks), 'check')}: {said}"


def drift(section: Drift) -> str:
    """Say how many features are in which band."""
    return shifts(section.features) if section.features else "not computed: no feature is watched for drift"


def outputs(section: Drift) -> str:
    """Say how far scores and labels moved, and whether that counts; "" where there are none."""
    said = []
    for o in section.outputs:
        what = "scores" if o.what == "prediction" else "labels"
        if o.size is None:
            said.append(f"{what} not computed: {shown(o.reason or 'no reason given')}")
            continue
        unsure = f", {doubt(o.significance)}" if o.band is not Band.GREEN and doubt(o.significance) else ""
        # What has not moved needs no number to be believed; the report has it.
        size = "" if o.band is Band.GREEN else f" {sized(o)}"
        said.append(f"{what}{size} {o.band.value if o.band else ''}{unsure}")
    informing = [o.what for o in section.outputs if not o.raises]
    if len(informing) == 1 < len(section.outputs):
        said.append(f"the {'scores' if informing[0] == 'prediction' else 'labels'} inform only")
    elif informing:
        said.append("this informs only")
    return "; ".join(said)


def shifts(features: Sequence[FeatureDrift]) -> str:
    """Say how many of these features are in which band; by which distance, where it is not the PSI."""
    if not features:
        return "no feature is judged by it"
    said = []
    for band in reversed(Band):
        found = [f for f in features if f.band is band]
        unsure = sum(band is not Band.GREEN and not is_shown(f.significance) for f in found)
        if found:
            said.append(f"{len(found)} {band.value}" + (f" ({unsure} not more than chance)" if unsure else ""))
    without = sum(f.band is None for f in features)
    said += [f"{without} not computed"] * bool(without)
    other = dict.fromkeys(title_of(f.method) for f in features if f.method != PSI)
    said += [f"judged by {', '.join(other)}{' or PSI' * any(f.method == PSI for f in features)}"] * bool(other)
    return f"{numbers.plural(len(features), 'watched feature')}: {', '.join(said)}"


def performance(section: Performance) -> str:
    """Say what the AUC did, with the interval of its change, and what that came to."""
    value, bounds, limit = section.drop.value, section.drop.interval, section.threshold
    if value is None:
        return f"not computed: {shown(section.reason or 'no reason given')}"
    if value <= 0 and bounds is not None:
        # The size of a rise is written without its sign, so its interval is turned round.
        bounds = (-bounds[1], -bounds[0])
    near = [limit] if value > 0 else []
    if bounds is not None and not numbers.number(abs(value), apart_from=near).strip("0."):
        # Bounds of the change: of a rise they are turned round already.
        low, high = bounds if value <= 0 else (-bounds[1], -bounds[0])
        sure = numbers.confidence(section.drop.confidence)
        span = f"{sure} interval of its change {numbers.interval((low, high))}"
        return f"AUC hardly moved ({span}); a fall above {limit:g} fails. {_verdict(section)}"
    size = numbers.estimate(abs(value), bounds, section.drop.confidence, apart_from=near)
    moved = "fell" if value > 0 else "rose" if value < 0 else "moved"
    return f"{section.auc_title} {moved} by {size}; a fall above {limit:g} fails. {_verdict(section)}"


def _verdict(section: Performance) -> str:
    overall = section.drop.outcome
    return {
        Outcome.FAILED: "Degraded." if overall is Outcome.FAILED else "Degraded in a slice.",
        Outcome.WARNED: f"Above it, but {doubt(section.drop.significance) or 'within noise'}."
        if overall is Outcome.WARNED
        else _slice_doubt(section),
        Outcome.PASSED: f"Not told from chance: {doubt(section.drop.significance)}."
        if _untested(section.drop)
        else "None is shown.",
    }.get(section.outcome, "Not judged.")


def _slice_doubt(section: Performance) -> str:
    untested = all(_untested(s.drop) for s in section.slices if s.outcome is Outcome.WARNED)
    if untested:
        return f"A slice is above it, and was not tested: {_lacking(section.slices)}."
    return "A slice is above it, but not by more than chance."


def _lacking(slices: Sequence[SlicePerformance]) -> str:
    """Say what slices that were not tested have too few of."""
    by_unit = any(_untested(s.drop) and s.drop.significance and s.drop.significance.unit for s in slices)
    return f"too few {'units' if by_unit else 'rows'}"


def _untested(drop: Drop) -> bool:
    """Whether a fall has a size and nobody can tell it from chance."""
    return drop.significance is not None and drop.significance.reason is not None


def expected(section: Performance) -> list[str]:
    """Say what the scores alone lead one to expect, where that tells more than the labels do; a line or two, or none.

    It does where labels have not all come, beside what those that have realise, and where they and the scores
    disagree by more than chance.
    """
    of = section.estimates
    if of is None:
        return _expected_auc(section)
    if of.chosen is None:
        # Where labels tell, nobody misses an estimate.
        return [] if section.current.value is not None else [f"metrics not estimated: {of.reason or 'no reason given'}"]
    auc = of.chosen.metric("auc")
    if auc is None or auc.value is None:
        return []
    value = numbers.estimate(auc.value, auc.interval, of.confidence)
    record = [] if of.record is None else [_lower(of.record.text)]
    if auc.realised is not None and of.labelled < of.rows:
        which = "all with a score" if of.unscored else "all"
        said = f"AUC {numbers.number(auc.realised)} realised on {_labelled(of)} of rows; estimated for {which}: {value}"
        return [said + _apart(of), *record]
    came = [m for m in of.chosen.metrics if m.name in ("accuracy", "recall") and m.realised is not None]
    if auc.realised is None and came:
        told = ", ".join(
            f"{m.name} {numbers.number(m.realised)} (estimated for all: "
            f"{numbers.estimate(m.value, m.interval, of.confidence)})"
            for m in came
            if m.value is not None
        )
        return [f"realised on {_labelled(of)} of rows, too few of them of one class for an AUC: {told}", *record]
    if section.current.value is None and auc.realised is None:
        told = ", ".join([f"AUC {value}", *_at_threshold(of.chosen)])
        said = f"estimated from {numbers.count(of.rows)} scores alone: {told}, if scores mean what they meant"
        return [said, *record]
    if section.current.value is None:
        said = f"AUC {numbers.number(auc.realised)} realised; estimated: {value}"
        return [said + _apart(of), *record]
    if not of.gap or of.beside is None:
        return []
    if of.apart is not None and of.apart.name != "auc":
        return [f"the scores alone would have the AUC at {value} (an estimate){_apart(of)}", *record]
    return [f"the scores alone would have it at {value} (an estimate): they no longer mean what they meant", *record]


def _labelled(of: Estimates) -> str:
    """Return the share of all rows, with a score or without, that have both a score and a label."""
    return numbers.short_share(of.labelled / max(of.rows + of.unscored, 1))


def _apart(of: Estimates) -> str:
    """Say that estimate and realised metric disagree where they do, and which metric it is where it is not the AUC."""
    if not of.gap:
        return ""
    one = of.apart
    if one is None or one.name == "auc":
        return ": scores no longer mean what they meant"
    title = "F1" if one.name == "f1" else one.name
    return (
        f"; {title} {numbers.number(one.realised)} realised, {numbers.number(one.on_labelled)} estimated on the same "
        "rows: scores no longer mean what they meant"
    )


def _at_threshold(of: Estimate) -> list[str]:
    """Return what is estimated of the answers at the threshold, each with its interval."""
    return [
        f"{'F1' if one.name == 'f1' else one.name} {numbers.number(one.value)} ({numbers.interval(one.interval)})"
        for one in of.metrics
        if one.name != "auc" and one.value is not None and one.interval is not None
    ]


def _expected_auc(section: Performance) -> list[str]:
    """Say the same of a packet from before more than the AUC was estimated."""
    of = section.expected_auc
    if of is None or of.value is None:
        return []
    value = numbers.estimate(of.value, of.interval, of.confidence)
    if section.current.value is None:
        return [f"estimated from {numbers.count(of.rows)} scores alone: AUC {value}, if scores mean what they meant"]
    if of.gap is None or of.gap_p_value is None or of.gap_p_value >= 1 - of.confidence:
        return []
    return [f"the scores alone would have it at {value}: they no longer mean what they meant"]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def slices(section: Performance) -> str:
    """Say how many slices came to what."""
    if not section.slices:
        return f"not computed: {shown(section.reason) if section.reason else 'no slice column is declared'}"
    judged = [s for s in section.slices if s.drop.value is not None]
    failed = sum(s.outcome == Outcome.FAILED for s in judged)
    warned = sum(s.outcome == Outcome.WARNED for s in judged)
    said = [f"{failed} degraded"] if failed else []
    noise = sum(s.outcome == Outcome.WARNED and not _untested(s.drop) for s in judged)
    said += [f"{noise} above the threshold within noise"] * bool(noise)
    said += [f"{warned - noise} above the threshold and not tested: {_lacking(judged)}"] * (warned > noise)
    unsure = sum(s.outcome == Outcome.PASSED and _untested(s.drop) for s in judged)
    said += [f"{unsure} within the threshold and not tested"] * bool(unsure)
    passed = len(judged) - failed - warned - unsure
    said += [f"{passed} within the threshold"] * bool(passed)
    said += [f"{len(section.slices) - len(judged)} not scored"] * (len(judged) < len(section.slices))
    return f"{numbers.plural(len(section.slices), 'slice')}: {', '.join(said)}"
