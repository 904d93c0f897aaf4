"""The evidence triage reads: the three sections, and the named facts they make true."""

from __future__ import annotations

from dataclasses import dataclass

from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.sections import Drift, FeatureDrift, Performance, Quality, QualityCheck

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

    @property
    def facts(self) -> frozenset[str]:
        """The facts of `config.policy.FACTS` that hold."""
        outcomes = [*(c.outcome for c in self.quality.checks), *(f.outcome for f in self.drift.features)]
        outcomes += [self.performance.outcome, *(s.outcome for s in self.performance.slices)]
        holds = {
            "performance_degraded": self.performance.outcome is Outcome.FAILED,
            "drop_within_noise": self.performance.outcome is Outcome.WARNED,
            "red_drift": bool(self.in_band(Band.RED)),
            "yellow_drift": bool(self.in_band(Band.YELLOW)),
            "quality_failed": bool(self.failed_quality),
            "pillar_not_judged": bool(self.blind_pillars),
            "check_not_judged": bool(self.not_judged),
            "check_errored": Outcome.ERRORED in outcomes,
            "accuracy_not_judged": self.performance.outcome is Outcome.NOT_COMPUTED and self.performance.expected,
        }
        return frozenset(fact for fact, true in holds.items() if true)

    @property
    def failed_quality(self) -> list[QualityCheck]:
        """Quality checks that failed, gravest first: the schema, then by the share of rows that fail."""
        failed = [check for check in self.quality.checks if check.outcome is Outcome.FAILED]
        return sorted(
            failed, key=lambda check: (check.kind != "schema", -(check.failed_rows or 0) / max(check.rows, 1))
        )

    def in_band(self, band: Band) -> list[FeatureDrift]:
        """Features in a band, largest PSI first."""
        return [feature for feature in self.drift.features if feature.band is band]

    @property
    def drifted(self) -> list[FeatureDrift]:
        """Features in the RED or YELLOW band, largest PSI first."""
        found = [*self.in_band(Band.RED), *self.in_band(Band.YELLOW)]
        return sorted(found, key=lambda feature: -(feature.psi or 0.0))
