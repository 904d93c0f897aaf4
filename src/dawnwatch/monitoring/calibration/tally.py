"""What came of all drawn windows, by subject: sizes, those that counted, and how sure their variance is."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt

import numpy as np

from dawnwatch.model.measurement import Measured
from dawnwatch.monitoring.calibration.found import Row
from dawnwatch.monitoring.calibration.judged import Measures, Subject, size_of
from dawnwatch.stats.jackknife import ClusteredDrop
from dawnwatch.stats.shift import Shift

__all__ = ["Tally"]


@dataclass
class Tally:
    """What came of all drawn windows, by subject.

    Attributes
    ----------
    sizes : measured, NaN where it could not be, shape (draws,) each
    counted : the same, 0 where it did not count as more than chance
    errors : relative standard error of the variance behind the sizes, of each draw
    rows : what each window measured of incidents put into it
    """

    sizes: dict[Subject, list[float]] = field(default_factory=dict)
    counted: dict[Subject, list[float]] = field(default_factory=dict)
    errors: dict[Subject, list[float]] = field(default_factory=dict)
    reasons: dict[Subject, str] = field(default_factory=dict)
    rows: dict[Subject, list[Row]] = field(default_factory=dict)

    def add(self, measures: Measures, draw: int) -> None:
        """Take what one window measured."""
        for subject, found in measures.subjects():
            size = size_of(found)
            # A slice may be absent from some windows.
            sizes = self.sizes.setdefault(subject, [np.nan] * draw)
            counted = self.counted.setdefault(subject, [0.0] * draw)
            sizes.append(np.nan if size is None else size)
            counted.append(size if size is not None and measures.evidence(found.measurement) >= 1 else 0.0)
            if size is None:
                self.reasons[subject] = getattr(found.measurement, "reason", "it could not be computed")
            elif isinstance(found.measurement, Measured):
                self.errors.setdefault(subject, []).append(_error(found.measurement))
        for subject, sizes in self.sizes.items():
            if len(sizes) == draw:
                sizes.append(np.nan)
                self.counted[subject].append(0.0)


def _error(measurement: Measured) -> float:
    """Return the relative standard error of the variance behind a measurement."""
    chance = measurement.chance
    if isinstance(chance, Shift) and chance.denominator is not None:
        return sqrt(2 / (chance.degrees * max(chance.denominator, 1.0)))
    if isinstance(chance, ClusteredDrop):
        return sqrt(2 / max(chance.degrees, 1.0))
    return 0.0
