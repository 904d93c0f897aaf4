"""How many more labels, or units, would tell a fall of the AUC from noise."""

from __future__ import annotations

from math import inf

from dawnwatch.checks.performance.own_units import OwnUnits, own_units
from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.runner import Result
from dawnwatch.checks.units import units_in
from dawnwatch.config import Config
from dawnwatch.model.measurement import Measured, Significance
from dawnwatch.model.needed import Needed
from dawnwatch.stats.jackknife import ClusteredDrop
from dawnwatch.stats.power import further, times_needed

__all__ = ["needed"]


def needed(result: Result | None, config: Config) -> Needed | None:
    """Return what the current window lacks to tell a fall from noise; None where it lacks nothing, or is not tested.

    Asked are the fall itself where it is above its threshold, and else one as large as the threshold, which a window
    that calls everything fine should have been able to show. It has shown that there is none where the interval ends
    below the threshold, however large a fall it was sure to find.
    """
    if result is None or not isinstance(result.measurement, Measured) or result.significance is None:
        return None
    before, now, found, limit = result.subject.reference, result.subject.current, result.significance, result.limit
    if not isinstance(before, Scores) or not isinstance(now, Scores) or limit is None or found.significant:
        return None
    size = max(result.measurement.value, limit)
    if found.significant is None:
        return _units(before, now, found, config.significance.min_units, size)
    above = result.measurement.value > limit
    if not above and (found.detectable is None or found.detectable <= limit):
        return None
    chance = result.measurement.chance
    if not above and chance is not None and chance.interval(config.performance.confidence)[1] <= limit:
        return None
    degrees = chance.degrees if isinstance(chance, ClusteredDrop) else inf
    times = _times(before, now, size, found.level, degrees)
    there = OwnUnits(now.n, False) if found.unit is None else own_units(now)
    return Needed(
        why="within_noise" if above else "too_coarse",
        size=size,
        of=found.unit or "label",
        now=there.number if there else None,
        about=there is not None and there.about,
        # One more at least: whoever asks was not told enough by those there are.
        more=None if times is None or there is None else max(further(there.number, times), 1),
        times=times,
    )


def _times(before: Scores, now: Scores, size: float, level: float, degrees: float) -> float | None:
    if before.variance is None or now.variance is None:
        return None
    return times_needed(size, current=now.variance, reference=before.variance, level=level, degrees=degrees)


def _units(before: Scores, now: Scores, found: Significance, least: int, size: float) -> Needed | None:
    """Return how many units are lacking where there were too few to test."""
    if found.unit is None:
        return None
    count = units_in(now.units, now.groups)
    enough = units_in(before.units, before.groups) >= least
    lacking = max(least - count, 0)
    if enough and not lacking:
        return None  # as many as it takes, of which a few hold most rows: more of them is no answer
    more = lacking if enough else None
    return Needed(why="too_few_units", size=size, of=found.unit, now=count, about=found.units_about, more=more)
