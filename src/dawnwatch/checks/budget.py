"""One error budget a run: every test that can raise severity has an equal part of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dawnwatch.checks.registry import CheckSpec
from dawnwatch.config import Config
from dawnwatch.model.measurement import Measured, Measurement, Significance
from dawnwatch.model.numbers import plural
from dawnwatch.stats.multiplicity import bonferroni_level, q_values

__all__ = ["Budget"]


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
    def of(cls, found: Iterable[Measurement], config: Config) -> Budget | None:
        """Return the budget of all that was measured; None where size alone is judged."""
        rules = config.significance
        if config.judge == "off":
            return None
        tested = [m for m in found if isinstance(m, Measured) and _too_few(m, rules.min_units) is None]
        p_values = [m.chance.p_value for m in tested if m.chance is not None]
        by_p = dict(zip(p_values, q_values(p_values).tolist(), strict=True))
        return cls(rules.level, len(p_values), rules.min_units, by_p)

    @property
    def each(self) -> float:
        """Largest p-value that counts."""
        return bonferroni_level(self.level, self.tests)

    def judge(self, spec: CheckSpec, measurement: Measurement) -> Significance | None:
        """Return whether a measurement is more than chance; None where the check is not tested."""
        if spec.threshold not in {"psi", "distance", "auc_drop"} or not isinstance(measurement, Measured):
            return None
        cluster, chance = measurement.clustering, measurement.chance
        reason = _too_few(measurement, self.least)
        if reason is None and chance is None:
            reason = "there is no test for so few rows"
        found = Significance(
            significant=None,
            level=self.each,
            tests=self.tests,
            unit=cluster.unit if cluster else None,
            units=cluster.units if cluster else None,
            largest_unit=cluster.largest if cluster else None,
            reason=reason,
        )
        if reason is not None or chance is None:
            return found
        return found.model_copy(
            update={
                "significant": chance.p_value <= self.each,
                "p_value": chance.p_value,
                "q_value": self.q_values[chance.p_value],
                "method": chance.method,
                "detectable": chance.detectable(self.each),
                "design_effect": chance.design_effect,
            }
        )


def _too_few(measured: Measured, least: int) -> str | None:
    cluster = measured.clustering
    if cluster is None or cluster.units >= least:
        return None
    return f"too few units to judge: {plural(cluster.units, f'{cluster.unit} value')} (of {least} needed)"
