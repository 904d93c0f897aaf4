"""One error budget a run: every test that can raise severity has an equal part of it.

What only informs (the drift of scores and labels, unless a rule asks for it) stands outside: it takes nothing of the
budget, and is held to the level that each test in it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dawnwatch.checks.registry import CheckSpec
from dawnwatch.config import Config
from dawnwatch.config.policy import INFORMING
from dawnwatch.model.enough_units import few_units
from dawnwatch.model.measurement import Measured, Measurement, Significance
from dawnwatch.stats.multiplicity import bonferroni_level, q_values

__all__ = ["Budget", "Verdict", "too_few"]

TESTED = {"psi", "distance", "prediction", "label", "domain", "auc_drop"}
"""Thresholds of what is tested."""


class Verdict(NamedTuple):
    """Whether a measurement is more than chance; `significant` is None where `reason` says why nobody can tell."""

    significant: bool | None
    reason: str | None


@dataclass(frozen=True)
class Budget:
    """The run's tests, and how much error each may make.

    Attributes
    ----------
    level : chance that a run in which nothing changed calls anything significant, at most (Bonferroni)
    tests : how many tests share it
    least : units below which nothing is tested
    q_values : by p-value, over all tests of the run
    """

    level: float
    tests: int
    least: int
    q_values: dict[float, float] = field(default_factory=dict)

    @classmethod
    def of(
        cls, found: Iterable[tuple[CheckSpec, Measurement]], config: Config, besides: Sequence[float] = ()
    ) -> Budget | None:
        """Return the budget of all that was measured; None where size alone is judged.

        Parameters
        ----------
        besides : p-values of tests that are no checks and can raise severity all the same
        """
        rules = config.significance
        if config.judge == "off":
            return None
        tested = [
            m
            for spec, m in found
            if isinstance(m, Measured) and too_few(m, rules.min_units) is None and not _informs(spec, config)
        ]
        p_values = [*besides, *(m.chance.p_value for m in tested if m.chance is not None)]
        by_p = dict(zip(p_values, q_values(p_values).tolist(), strict=True))
        return cls(rules.level, len(p_values), rules.min_units, by_p)

    @property
    def each(self) -> float:
        """Largest p-value that counts."""
        return bonferroni_level(self.level, self.tests)

    def verdict(self, spec: CheckSpec, measurement: Measurement) -> Verdict | None:
        """Return whether a measurement is more than chance, or why nobody can tell; None where it is not tested."""
        if spec.threshold not in TESTED or not isinstance(measurement, Measured):
            return None
        chance = measurement.chance
        return self.says(too_few(measurement, self.least), None if chance is None else chance.p_value)

    def says(self, few: str | None, p_value: float | None) -> Verdict:
        """Return what stands of a test.

        Parameters
        ----------
        few : why there are too few units for it
        p_value : None where there is no test
        """
        if few is not None or p_value is None:
            return Verdict(None, few or "there is no test for so few rows")
        return Verdict(p_value <= self.each, None)

    def judge(self, spec: CheckSpec, measurement: Measurement, config: Config) -> Significance | None:
        """Return whether a measurement is more than chance, as it stands in the packet; None where it is not tested."""
        verdict = self.verdict(spec, measurement)
        if verdict is None or not isinstance(measurement, Measured):
            return None
        cluster, chance, reason = measurement.clustering, measurement.chance, verdict.reason
        found = Significance(
            significant=None,
            level=self.each,
            tests=self.tests,
            unit=cluster.unit if cluster else None,
            units=cluster.units if cluster and cluster.counted else None,
            units_at_most=cluster.units if cluster and not cluster.counted else None,
            largest_unit=cluster.largest if cluster else None,
            units_in_effect=cluster.effective if cluster else None,
            units_about=cluster.about if cluster else False,
            reason=reason,
        )
        if reason is not None or chance is None:
            return found
        return found.model_copy(
            update={
                "significant": verdict.significant,
                "p_value": chance.p_value,
                "q_value": None if _informs(spec, config) else self.q_values[chance.p_value],
                "method": chance.method,
                "detectable": chance.detectable(self.each),
                "design_effect": chance.design_effect,
            }
        )


def _informs(spec: CheckSpec, config: Config) -> bool:
    return spec.threshold in INFORMING and not config.counts(spec.threshold)


def too_few(measured: Measured, least: int) -> str | None:
    """Say why there are too few units to test a measurement by; None where there are enough, or none is configured."""
    cluster = measured.clustering
    if cluster is None:
        return None
    return few_units(cluster.unit, cluster.units, cluster.effective, cluster.uneven, least, about=cluster.about)
