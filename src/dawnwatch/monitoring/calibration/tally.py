"""What came of all drawn windows, by subject: sizes, those that counted, and how sure their variance is."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.measurement import Measured
from dawnwatch.monitoring.calibration.found import Row
from dawnwatch.monitoring.calibration.judged import NO_ROWS, Judge, Measures, Subject
from dawnwatch.monitoring.calibration.severity import Facts
from dawnwatch.stats.jackknife import ClusteredDrop

__all__ = ["Came", "Tally"]

Floats = NDArray[np.float64]


class Came(NamedTuple):
    """What came of all drawn windows for one subject, shape (draws,) each.

    Attributes
    ----------
    sizes : measured, NaN where it could not be
    counted : the same, 0 where it did not count as more than chance
    error : relative standard error of the variance behind the sizes, its median over the draws; 0 where it has none
    reason : why it could not be measured at times; None where it always could
    """

    sizes: Floats
    counted: Floats
    error: float
    reason: str | None


@dataclass
class Tally:
    """What came of all drawn windows.

    Attributes
    ----------
    facts : of each window, what its severity follows from
    rows : what each window measured of incidents put into it, by subject
    """

    judge: Judge
    facts: list[Facts] = field(default_factory=list)
    rows: dict[Subject, list[Row]] = field(default_factory=dict)
    _errors: list[Floats] = field(default_factory=list)
    _counts: list[NDArray[np.bool_]] = field(default_factory=list)
    _falls: dict[Subject, list[tuple[int, float, bool, float]]] = field(default_factory=dict)
    _reasons: dict[Subject, str] = field(default_factory=dict)

    def add(self, measures: Measures) -> None:
        """Take what one window measured."""
        draw = len(self.facts)
        self.facts.append(Facts.of(measures))
        self._errors.append(measures.shifts.error)
        self._counts.append(measures.evidence_of(measures.shifts.p_value) >= 1)
        for subject, found in measures.falls:
            measurement = found.measurement
            if isinstance(measurement, Measured):
                counts = measures.evidence(measurement) >= 1
                self._falls.setdefault(subject, []).append((draw, measurement.value, counts, _error(measurement)))
            else:
                self._falls.setdefault(subject, [])
                self._reasons[subject] = getattr(measurement, "reason", "it could not be computed")

    @property
    def came(self) -> dict[Subject, Came]:
        """What came of every subject."""
        found = {}
        missing = np.array([facts.missing for facts in self.facts])
        for at, subject in enumerate(self.judge.columns):
            sizes = missing[:, at]
            reason = f"the window has no column {subject.name!r}" if self.judge.absent[at] else None
            found[subject] = Came(sizes, np.nan_to_num(sizes), 0.0, reason)
        psi, errors = np.array([facts.psi for facts in self.facts]), np.array(self._errors)
        counts = np.array(self._counts)
        for at, subject in enumerate(self.judge.features):
            sizes = psi[:, at]
            there = ~np.isnan(sizes)
            error = float(np.median(errors[there, at])) if there.any() else 0.0
            counted = np.where(there & counts[:, at], sizes, 0.0)
            found[subject] = Came(sizes, counted, error, None if there.all() else NO_ROWS)
        return found | {subject: self._fall(subject) for subject in self._falls}

    def _fall(self, subject: Subject) -> Came:
        """A slice may be absent from some windows."""
        sizes, counted = np.full(len(self.facts), np.nan), np.zeros(len(self.facts))
        rows = self._falls[subject]
        for draw, size, counts, _ in rows:
            sizes[draw], counted[draw] = size, size if counts else 0.0
        error = float(np.median([error for *_, error in rows])) if rows else 0.0
        return Came(sizes, counted, error, self._reasons.get(subject))


def _error(measurement: Measured) -> float:
    """Return the relative standard error of the variance behind a fall."""
    chance = measurement.chance
    return sqrt(2 / max(chance.degrees, 1.0)) if isinstance(chance, ClusteredDrop) else 0.0
