"""The automatic search for weak slices: what nobody declared, and what therefore informs and raises no severity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import sqrt

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.sampled_slices import Conditions, Least, Mask, SampledPair, SampledSide
from dawnwatch.checks.performance.weak_bins import WorseBin, searched_columns, worse_bins
from dawnwatch.checks.performance.weak_conjunctions import WorseConjunction, worse_conjunctions
from dawnwatch.checks.performance.weak_mix import GrownBin, grown_bins
from dawnwatch.checks.units import Units, clustering
from dawnwatch.errors import one_line
from dawnwatch.model.auc import Auc
from dawnwatch.model.coded_sample import CodedSample
from dawnwatch.model.enough_units import few_units
from dawnwatch.model.measurement import NotComputed
from dawnwatch.model.performance import Performance
from dawnwatch.model.weak_slices import SliceCondition, SliceSearch, WeakSlice, condition_text
from dawnwatch.model.window import Window
from dawnwatch.stats.auc import AucEstimate
from dawnwatch.stats.multiplicity import q_values
from dawnwatch.stats.slice_excess import SliceExcess
from dawnwatch.stats.slice_parts import SliceParts

__all__ = ["LEVEL", "weak_slices"]

LEVEL = 0.05
"""Share of false ones to expect among the slices named, at most."""
FEWEST_UNITS = 20
"""Units that a slice needs: down to this many the jackknife's intervals hold (see docs/statistics.md)."""
MIX_PART = 0.2
"""What a slice that became more must add to the fall, as a part of the fall that is tolerated."""
LEAST_VARIANCE = 1e-12
Sampled = Callable[[Window], CodedSample | NotComputed]
Candidate = WorseBin | WorseConjunction | GrownBin
Sure = tuple[Candidate, float]
"""A candidate and its q-value."""


def weak_slices(
    run: RunContext, performance: Performance, sampled: Sampled
) -> tuple[list[WeakSlice], SliceSearch | None]:
    """Return the slices that got worse by more than the rest, or rank badly and became more; and how many were tested.

    Parameters
    ----------
    performance : the pillar's section, of which the overall fall, the tolerance and the confidence are read
    sampled : gives a window's sampled rows as codes, or why there are none

    Returns
    -------
    Largest part of the overall fall first; (nothing, None) where the AUC itself was not computed.

    Notes
    -----
    A slice is named where Benjamini and Hochberg's q-value over all that was tested is at most 5 % and its size
    matters: a fall within it above `[thresholds.auc_drop] max`, or a fifth of that added to the overall fall by its
    becoming more. Slices are left out that show nothing without the rows of one named already.
    """
    if performance.reason is not None or performance.drop.value is None:
        return [], None
    cluster, _ = clustering(Units.of(run.performance_baseline), Units.of(run.current))
    needed = run.config.significance.min_units
    few = cluster and few_units(
        cluster.unit, cluster.units, cluster.effective, cluster.uneven, needed, about=cluster.about
    )
    if few:
        return [], SliceSearch(level=LEVEL, reasons=[few.replace("to judge", "to search", 1)])
    try:
        return _found(run, performance, sampled, clustered=cluster is not None)
    except Exception as error:  # as no fault of a check ends a run
        return [], SliceSearch(level=LEVEL, reasons=[f"the search met a fault of its own: {one_line(error)}"])


def _found(
    run: RunContext, performance: Performance, sampled: Sampled, *, clustered: bool
) -> tuple[list[WeakSlice], SliceSearch]:
    rules = run.config.performance
    least = Least(rules.min_rows, max(rules.min_per_class, 2), FEWEST_UNITS if clustered else 0)
    asked = ("weak slices", least, tuple(searched_columns(run)))
    found = run.current.against(
        run.performance_baseline, asked, lambda: _searched(run, least, sampled, clustered=clustered)
    )
    return found.named(run, performance)


def _searched(run: RunContext, least: Least, sampled: Sampled, *, clustered: bool) -> _Search:
    before, now = sampled(run.performance_baseline), sampled(run.current)
    reasons = [side.reason for side in (before, now) if isinstance(side, NotComputed)][:1]
    pair = None
    if isinstance(before, CodedSample) and isinstance(now, CodedSample):
        # The baseline's side is kept with it: every window to come is held against the same.
        then = run.performance_baseline.once("sampled side", lambda: SampledSide(before))
        pair = SampledPair(then, SampledSide(now), clustered)
        if not pair.both:
            pair, reasons = None, ["a window's sample holds one class only"]
    bins = worse_bins(run, least, pair)
    if pair is None:
        return _Search(least, None, bins, [], [], reasons)
    columns = searched_columns(run)
    return _Search(least, pair, bins, grown_bins(pair, columns, least), worse_conjunctions(pair, columns, least), [])


@dataclass(frozen=True)
class _Search:
    """All that was tested, before any size is asked for."""

    least: Least
    pair: SampledPair | None
    bins: list[WorseBin]
    grown: list[GrownBin]
    conjunctions: list[WorseConjunction]
    reasons: list[str]

    def named(self, run: RunContext, performance: Performance) -> tuple[list[WeakSlice], SliceSearch]:
        """Return what passes, largest first, and how it was searched."""
        tested: list[Candidate] = [*self.bins, *self.conjunctions, *self.grown]
        q = q_values([one.p_value for one in tested]).tolist()
        passed = [
            (one, value)
            for one, value in zip(tested, q, strict=True)
            if value <= LEVEL and _matters(one, performance.threshold)
        ]
        kept, covered = self._apart(passed, performance.threshold)
        slices = [self._slice(one, value, run, performance) for one, value in kept]
        slices.sort(key=lambda s: -(s.contribution if s.contribution is not None else 0.0))
        reasons = [f"conjunctions and changes of mix were not searched: {reason}" for reason in self.reasons]
        return slices, SliceSearch(
            level=LEVEL,
            tests=len(tested),
            bins=len(self.bins),
            mix=len(self.grown),
            conjunctions=len(self.conjunctions),
            covered=covered,
            reasons=reasons,
        )

    def _apart(self, passed: list[Sure], tolerated: float) -> tuple[list[Sure], int]:
        """Return those that still show something without the rows of a surer one, and how many do not."""
        pair = self.pair
        if pair is None:
            return passed, 0
        taken: dict[bool, tuple[Mask, Mask]] = {}
        kept: list[Sure] = []
        for one, value in sorted(passed, key=lambda found: -self._errors(found[0])):
            kind = isinstance(one, GrownBin)
            if not _sampled(one.conditions, pair):
                kept.append((one, value))
                continue
            masks = pair.masks(one.conditions)
            if kind in taken:
                before, now = taken[kind]
                if not self._shows((masks[0] & ~before, masks[1] & ~now), pair, grown=kind, tolerated=tolerated):
                    continue
                masks = masks[0] | before, masks[1] | now
            taken[kind] = masks
            kept.append((one, value))
        return kept, len(passed) - len(kept)

    def _errors(self, one: Candidate) -> float:
        """Return by how many standard errors a slice stands out, on rows that all candidates share."""
        if isinstance(one, GrownBin):
            part = one.parts.composition
            return part.value / sqrt(max(part.variance or 0.0, LEAST_VARIANCE))
        found = one.excess
        if self.pair is not None and _sampled(one.conditions, self.pair):
            found = self.pair.independent(self.pair.masks(one.conditions)) or found
        return (found.drop - found.rest) / sqrt(max(found.variances[1], LEAST_VARIANCE))

    def _shows(self, masks: tuple[Mask, Mask], pair: SampledPair, *, grown: bool, tolerated: float) -> bool:
        if not pair.enough(masks, self.least):
            return False
        if grown:
            parts = pair.parts(masks)
            p_value = parts.grew_and_is_worse if parts else None
            return p_value is not None and p_value <= LEVEL
        found = pair.independent(masks)
        return found is not None and found.p_value <= LEVEL and found.drop > tolerated

    def _slice(self, one: Candidate, q: float, run: RunContext, performance: Performance) -> WeakSlice:
        level = performance.confidence
        rows, parts, excess = one.rows, self._parts(one), self._excess(one)
        fell = performance.drop.interval is not None and performance.drop.interval[0] > 0
        whole = performance.drop.value or 0.0
        return WeakSlice(
            conditions=_conditions(one.conditions, run),
            kind="composition" if isinstance(one, GrownBin) else "degradation",
            rows_before=rows[0],
            rows_now=rows[1],
            share_before=rows[0] / rows[2],
            share_now=rows[1] / rows[3],
            reference=_auc(excess.before, excess, level),
            current=_auc(excess.now, excess, level),
            drop=excess.drop,
            drop_interval=excess.interval(level),
            rest_drop=excess.rest,
            confidence=level,
            degradation=parts.degradation.value if parts else None,
            composition=parts.composition.value if parts else None,
            contribution_interval=parts.total.interval(level) if parts else None,
            share_of_drop=parts.total.value / whole if parts and fell and whole > 0 else None,
            p_value=one.p_value,
            q_value=q,
            **self._evidence(one, run),
        )

    def _parts(self, one: Candidate) -> SliceParts | None:
        if isinstance(one, GrownBin):
            return one.parts
        if self.pair is None or not _sampled(one.conditions, self.pair):
            return None
        return self.pair.parts(self.pair.masks(one.conditions))

    def _excess(self, one: Candidate) -> SliceExcess:
        if not isinstance(one, GrownBin):
            return one.excess
        assert self.pair is not None  # noqa: S101 - it was found in the sample
        masks = self.pair.masks(one.conditions)
        alone = self.pair.independent(masks)
        assert alone is not None  # noqa: S101 - it has rows enough of both classes
        return self.pair.by_unit(masks, alone) or alone

    def _evidence(self, one: Candidate, run: RunContext) -> dict[str, str]:
        """Say on which rows the slice was found, and on which confirmed."""
        unit = run.current.plan.unit
        whose = f"{unit.column} values" if unit is not None else "keys"
        if isinstance(one, WorseBin):
            every = f"all {one.rows[3]:,} scored rows, where every bin of every watched column is tested"
            return {"found_on": every, "confirmed_on": every}
        assert self.pair is not None  # noqa: S101 - nothing else comes without a sample
        if isinstance(one, GrownBin):
            every = f"{one.rows[3]:,} rows of sampled {whose}, where every bin of every watched column is tested"
            return {"found_on": every, "confirmed_on": every}
        first = self.pair.now.coded.rows - one.rows[3]
        return {
            "found_on": f"half of the sampled {whose} ({first:,} rows now)",
            "confirmed_on": f"the other half ({one.rows[3]:,} rows now)",
        }


def _matters(one: Candidate, tolerated: float) -> bool:
    if isinstance(one, GrownBin):
        return one.parts.composition.value > MIX_PART * tolerated
    return one.excess.drop > tolerated


def _sampled(conditions: Conditions, pair: SampledPair) -> bool:
    return all(column in pair.now.coded.bins for column, _ in conditions)


def _conditions(conditions: Conditions, run: RunContext) -> list[SliceCondition]:
    found = []
    for column, code in conditions:
        binning = run.current.plan.column(column).binning
        value = binning.names[code] if binning is not None else str(code)
        found.append(SliceCondition(column=column, value=value, text=condition_text(column, value)))
    return found


def _auc(found: AucEstimate, excess: SliceExcess, level: float) -> Auc:
    """Return an AUC with an interval as much wider than DeLong's as that of the fall is."""
    alone = excess.before.variance + excess.now.variance
    effect = excess.variances[0] / alone if alone > 0 else 1.0
    interval = replace(found, variance=found.variance * effect).interval(level)
    return Auc(value=found.value, interval=interval, n=found.n, positives=found.positives, bound=found.bound)
