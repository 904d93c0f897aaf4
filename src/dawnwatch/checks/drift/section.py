"""The drift section of the packet."""

from __future__ import annotations

from dawnwatch.checks.drift.clock import with_clocks
from dawnwatch.checks.drift.domain_section import domain_of
from dawnwatch.checks.drift.novelty import novelty_of
from dawnwatch.checks.drift.shifts import feature_of, output_of
from dawnwatch.checks.drift.support import with_support
from dawnwatch.checks.needs import Bins, RunContext
from dawnwatch.checks.runner import Result
from dawnwatch.model.distances import PSI
from dawnwatch.model.drift import Drift
from dawnwatch.model.enums import Outcome
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.measurement import Measured
from dawnwatch.model.numbers import number

__all__ = ["drift_section"]


def drift_section(results: list[Result], run: RunContext, *, trained_on: str | None) -> Drift:
    """Build pillar 2 from its results, largest PSI first.

    Parameters
    ----------
    trained_on : name of the training rows, or None where the drift baseline stands in for them
    """
    features = [feature_of(result, run) for result in results if result.spec.needs is Bins]
    features = with_support(with_clocks(features, run), run)
    features.sort(key=lambda feature: (feature.psi is None, -(feature.psi or 0.0), feature.name))
    outputs = [output_of(result, run) for result in results if result.spec.threshold in {"prediction", "label"}]
    outputs.sort(key=lambda output: output.what, reverse=True)
    domain = next((domain_of(result, run) for result in results if result.spec.threshold == "domain"), None)
    counting = [*(o.outcome for o in outputs if o.raises), *([domain.outcome] if domain and domain.raises else [])]
    return Drift(
        outcome=Outcome.worst([*(f.outcome for f in features), *counting]),
        features=features,
        baseline=run.drift_baseline.name,
        novelty=novelty_of(run, trained_on),
        outputs=outputs,
        domain=domain,
        cautions=[*_small_windows(features), *dict.fromkeys(_assumed(results))],
    )


def _small_windows(features: list[FeatureDrift]) -> list[str]:
    """Warn of features whose PSI would reach half the yellow bound by chance alone."""
    noisy = [f for f in features if f.method == PSI and f.by_chance is not None and f.by_chance >= f.yellow / 2]
    if not noisy:
        return []
    worst = max(noisy, key=lambda feature: feature.by_chance or 0.0)
    more = f", and {len(noisy) - 1} more" if len(noisy) > 1 else ""
    return [
        f"{worst.current_rows:,} rows are few for {worst.name}{more}: by chance alone its PSI averages "
        f"{number(worst.by_chance, 2)} where nothing moved"
    ]


def _assumed(results: list[Result]) -> list[str]:
    """Return what the tests had to assume."""
    return [r.measurement.caution for r in results if isinstance(r.measurement, Measured) and r.measurement.caution]
