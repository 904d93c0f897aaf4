"""The rows judged by their labels as they stand in a run's file, so that thresholds can move over them too."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.performance.estimates import keep_facts, kept_facts
from dawnwatch.model.plan import Plan
from dawnwatch.monitoring.maturity.cut import MatureAge, Ripe
from dawnwatch.profiling.profile_file import window_facts, window_of
from dawnwatch.profiling.valid import require_profile

__all__ = ["ripe_facts", "ripe_of"]

Arrays = dict[str, NDArray[np.generic]]


def ripe_facts(ripe: Ripe) -> tuple[dict[str, Any], Arrays]:
    """Return what `ripe_of` reads: plain facts, and the counts of the rows where they are not all or none."""
    facts = {"age": asdict(ripe.age), "until": ripe.until, "fault": ripe.fault, "caution": ripe.caution}
    if ripe.window is None:
        return facts, {}
    window, arrays = window_facts(ripe.window)
    return {**facts, "window": window, "aucs": kept_facts(ripe.window)}, arrays


def ripe_of(facts: dict[str, Any], arrays: Arrays, plan: Plan) -> Ripe:
    """Return what `ripe_facts` was given. Raises what reading a damaged file raises."""
    window = None
    if "window" in facts:
        window = window_of(facts["window"], arrays, plan)
        require_profile(window.profile, plan)
        keep_facts(window, facts["aucs"])
    return Ripe(MatureAge(**facts["age"]), facts["until"], window, facts["fault"], facts["caution"])
