"""The evidence triage reads: the three sections, and the named facts they make true."""

from __future__ import annotations

from dataclasses import dataclass, field

from dawnwatch.model.auc import Drop, VersionPerformance
from dawnwatch.model.causes import Split
from dawnwatch.model.certainty import is_shown
from dawnwatch.model.drift import DomainClassifier, Drift
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.feature_drift import Clock, FeatureDrift, OutputDrift
from dawnwatch.model.history import Onset
from dawnwatch.model.measurement import Significance
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import Quality, QualityCheck
from dawnwatch.model.self_watch import Watch
from dawnwatch.model.serving import Serving, Symptom
from dawnwatch.model.weak_slices import SliceSearch, WeakSlice

__all__ = ["Evidence"]


@dataclass(frozen=True)
class Evidence:
    """The three pillars of one run, and what could unexpectedly not be judged."""

    quality: Quality
    drift: Drift
    performance: Performance
    not_judged: tuple[str, ...] = ()
    """One line for each check that was configured and could not be judged."""
    blind_pillars: tuple[str, ...] = ()
    """Pillars of which nothing could be judged although something was configured."""
    weak_slices: tuple[WeakSlice, ...] = ()
    """What the search for weak slices found; no fact follows from it."""
    slice_search: SliceSearch | None = None
    watch: tuple[Watch, ...] = ()
    """What the monitor says of its own feed."""
    split: Split = field(default_factory=Split)
    """The fall of the metric taken apart."""
    onsets: tuple[Onset, ...] = ()
    """Since when each failure, drop and drift is so."""

    @property
    def facts(self) -> frozenset[str]:
        """The facts of `config.policy.FACTS` that hold."""
        outcomes = [*(c.outcome for c in self.quality.checks), *(f.outcome for f in self.drift.features)]
        outcomes += [o.outcome for o in self.drift.outputs]
        outcomes += [self.drift.domain.outcome] if self.drift.domain else []
        outcomes += [self.performance.outcome, *(s.outcome for s in self.performance.slices)]
        outcomes += [self.performance.serving.outcome] if self.performance.serving else []
        holds = {
            "performance_degraded": self.performance.outcome is Outcome.FAILED,
            "drop_within_noise": self.performance.outcome is Outcome.WARNED and bool(self.within_noise),
            "red_drift": bool(self.shown(Band.RED)),
            "red_within_noise": any(_within_noise(f.significance) for f in self.in_band(Band.RED)),
            "yellow_drift": bool(self.shown(Band.YELLOW)),
            "too_few_units": bool(self.too_few),
            "version_worse": bool(self.worse_versions),
            "serving_doubtful": bool(self.doubts),
            "clock_displaced": bool(self.displaced),
            "serving_failed": self.serving is not None,
            **{f"red_{o.what}_drift": True for o in self.moved_outputs},
            "windows_told_apart": self.told_apart is not None,
            "estimate_gap": self.estimate_gap is not None,
            "quality_failed": bool(self.failed_quality),
            "pillar_not_judged": bool(self.blind_pillars),
            "check_not_judged": bool(self.not_judged),
            "check_errored": Outcome.ERRORED in outcomes,
            "accuracy_not_judged": self.performance.outcome is Outcome.NOT_COMPUTED and self.performance.expected,
        }
        own = frozenset(one.fact for one in self.failed_watch if one.fact is not None)
        return own | {fact for fact, true in holds.items() if true}

    @property
    def failed_watch(self) -> list[Watch]:
        """What is wrong with the monitor's own feed."""
        return [one for one in self.watch if one.outcome is Outcome.FAILED]

    @property
    def failed_quality(self) -> list[QualityCheck]:
        """Quality checks that failed, gravest first: the schema, then by the share of rows that fail."""
        failed = [check for check in self.quality.checks if check.outcome is Outcome.FAILED]
        return sorted(
            failed, key=lambda check: (check.kind != "schema", -(check.failed_rows or 0) / max(check.rows, 1))
        )

    @property
    def serving(self) -> Serving | None:
        """What the re-score check found where it failed: logged scores that are not the model's."""
        found = self.performance.serving
        return found if found is not None and found.outcome is Outcome.FAILED else None

    @property
    def doubts(self) -> list[Symptom]:
        """Signs that the logged scores are not the model's, where it could not be asked."""
        return [one for one in self.performance.symptoms if one.outcome is Outcome.FAILED]

    @property
    def displaced(self) -> list[tuple[str, Clock]]:
        """Features that are from another clock than the logged time of their rows, most rows first, and which clock."""
        found = [(f.name, f.clock) for f in self.drift.features if f.clock is not None and f.clock.shown]
        return sorted(found, key=lambda one: -one[1].share)

    @property
    def worse_versions(self) -> list[VersionPerformance]:
        """Versions of the model that rank worse than the others beyond the threshold and chance, worst first."""
        found = [one for one in self.performance.versions if one.outcome is Outcome.FAILED]
        return sorted(found, key=lambda one: -(one.drop.value or 0.0))

    def in_band(self, band: Band) -> list[FeatureDrift]:
        """Features in a band by their size, largest PSI first, whatever distance they are judged by."""
        return [feature for feature in self.drift.features if feature.band is band]

    def shown(self, band: Band) -> list[FeatureDrift]:
        """Features in a band whose shift is more than chance, or which are judged by size alone."""
        return [feature for feature in self.in_band(band) if is_shown(feature.significance)]

    @property
    def out_of_green(self) -> list[FeatureDrift]:
        """Features in the RED or YELLOW band by their size, largest PSI first."""
        found = [*self.in_band(Band.RED), *self.in_band(Band.YELLOW)]
        return sorted(found, key=lambda feature: -(feature.psi or 0.0))

    @property
    def drifted(self) -> list[FeatureDrift]:
        """Features in the RED or YELLOW band, and more than chance, largest PSI first."""
        return [feature for feature in self.out_of_green if is_shown(feature.significance)]

    @property
    def unsure(self) -> list[FeatureDrift]:
        """Features in the RED band that cannot be told from chance, largest PSI first."""
        return [feature for feature in self.in_band(Band.RED) if not is_shown(feature.significance)]

    @property
    def moved_outputs(self) -> list[OutputDrift]:
        """Scores and labels, where they are in the RED band and more than chance."""
        return [o for o in self.drift.outputs if o.band is Band.RED and is_shown(o.significance)]

    @property
    def told_apart(self) -> DomainClassifier | None:
        """What tells the windows apart by all features at once, where that is beyond its threshold and no chance."""
        domain = self.drift.domain
        return domain if domain is not None and domain.outcome is Outcome.FAILED else None

    @property
    def estimate_gap(self) -> str | None:
        """What metrics were estimated at and what labels realise, where that differs by more than chance; else None."""
        found = self.performance.estimates
        return found.beside if found is not None and found.gap else None

    @property
    def leading(self) -> list[OutputDrift]:
        """Those of them that raise severity, and the scores where accuracy was not computed: what leads then."""
        blind = self.performance.drop.value is None
        return [o for o in self.moved_outputs if o.raises or (blind and o.what == "prediction")]

    @property
    def beyond(self) -> dict[str | None, Drop]:
        """The drops above the threshold, of any certainty, by the declared slice they are in; None: overall."""
        drops: dict[str | None, Drop] = {None: self.performance.drop}
        drops |= {part.name: part.drop for part in self.performance.slices}
        threshold = self.performance.threshold
        return {name: drop for name, drop in drops.items() if drop.value is not None and drop.value > threshold}

    @property
    def fall(self) -> float | None:
        """How far the AUC fell overall, where accuracy failed; None where it did not fall as a whole.

        A slice may fail while the whole holds or rises: what the change of the whole is made of then explains no fall.
        """
        fell = self.performance.drop.value
        return fell if self.performance.outcome is Outcome.FAILED and fell is not None and fell > 0 else None

    @property
    def within_noise(self) -> dict[str | None, Drop]:
        """Those of `beyond` that were tested, and could be chance."""
        return {name: drop for name, drop in self.beyond.items() if _within_noise(drop.significance)}

    @property
    def too_few(self) -> list[str]:
        """Why what is RED and counts, a drop above the threshold, or the overall one of any size could not be tested.

        One reason of each kind. An AUC that nobody can judge is no AUC that held.
        """
        outputs = [o.significance for o in self.drift.outputs if o.raises and o.band is Band.RED]
        domain = self.drift.domain
        if domain and domain.raises and domain.auc is not None and domain.auc > domain.threshold:
            outputs.append(domain.significance)
        features = [f.significance for f in self.in_band(Band.RED)]
        drop = self.performance.drop
        tests = [*features, *outputs, *(d.significance for d in self.beyond.values())]
        tests += [drop.significance] if drop.value is not None else []
        return list(dict.fromkeys(t.reason for t in tests if t is not None and t.reason is not None))


def _within_noise(significance: Significance | None) -> bool:
    return significance is not None and significance.significant is False
