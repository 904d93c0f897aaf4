"""Where a packet comes from: versions, windows, seed, and what the configuration left out."""

from __future__ import annotations

import platform
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from dawnwatch import __version__
from dawnwatch.checks.needs import RunContext
from dawnwatch.model.packet import Provenance, WindowFacts
from dawnwatch.monitoring.facts import model_version, window_facts
from dawnwatch.monitoring.observation import Observation

__all__ = ["provenance_of"]

LIBRARIES = ("numpy", "pyarrow", "scikit-learn", "scipy", "skops")


def provenance_of(
    seen: Observation, run: RunContext, now: datetime, current: WindowFacts, of_history: list[str]
) -> Provenance:
    """Return where a packet made `now` comes from; `of_history` are notes about earlier packets."""
    baselines, config = seen.baselines, run.config
    held_out = baselines.performance is not baselines.drift
    unjustified = [f"{name} has no `because`" for name in config.unjustified()]
    return Provenance(
        dawnwatch=__version__,
        python=platform.python_version(),
        libraries={name: found for name in LIBRARIES if (found := _version(name))},
        config_hash=config.fingerprint,
        seed=config.project.seed,
        started_at=seen.started_at,
        finished_at=now,
        drift_baseline=window_facts(baselines.drift, config),
        performance_baseline=window_facts(baselines.performance, config) if held_out else None,
        training_rows=window_facts(baselines.training, config) if baselines.training else None,
        current=current,
        model=baselines.scorer.model_name,
        model_version=model_version(baselines, config),
        score_source=seen.score_source,
        warnings=[
            *baselines.warnings,
            *_configured_nothing(run),
            *unjustified,
            *(f"history: {note}" for note in of_history),
        ],
        notes=seen.notes,
    )


def _configured_nothing(run: RunContext) -> list[str]:
    warnings = []
    if not run.config.watched:
        warnings.append("no feature's drift is watched: name some in [model] features or with monitor = true")
    if run.current.plan.label is None:
        warnings.append("accuracy is not watched: [roles] label is not set")
    elif run.current.plan.score is None:
        warnings.append("accuracy is not watched: neither [roles] score nor [model] path is set")
    if not run.current.plan.keys:
        warnings.append("duplicates are not watched: [roles] keys is not set")
    return warnings


@cache
def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
