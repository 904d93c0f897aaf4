"""Incidents of known sizes, put into drawn windows: which sizes are found, and how often."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.runner import Found
from dawnwatch.model.calibration import CHANCES, FoundSize
from dawnwatch.model.measurement import Measured
from dawnwatch.monitoring.calibration.judged import Judge, Measures, Subject, measured, with_scores
from dawnwatch.stats.injection import blur_for, blurred, moved, moves_for
from dawnwatch.stats.shifts import CELLS, shifts
from dawnwatch.stats.trade_off import first_found, quantile_interval, share_found

__all__ = ["Incidents", "Response", "Row", "missing_found", "probed"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SHIFTS = tuple(np.geomspace(0.01, 1.5, 10).tolist())
"""Sizes of a shift put in, in nats."""
DROPS = tuple(np.geomspace(0.01, 0.3, 7).tolist())
"""Sizes of a fall of the AUC put in; as many of them as the model has to lose."""


@dataclass(frozen=True)
class Response:
    """What drawn windows measured of incidents of growing size.

    Attributes
    ----------
    sizes : put in, shape (sizes,)
    values : measured, shape (draws, sizes)
    evidence : log of the p-value over that of the level it must reach, shape (draws, sizes); 1 or more counts
    """

    sizes: tuple[float, ...]
    values: Floats
    evidence: Floats

    def found(self, threshold: float) -> list[FoundSize]:
        """Return the size that is found with each of `CHANCES`: at the threshold or above it, and more than chance."""
        first = np.maximum(first_found(self.sizes, self.values, threshold), first_found(self.sizes, self.evidence, 1.0))
        answers = []
        for chance in CHANCES:
            size, (low, high) = quantile_interval(first, chance)
            answers.append(FoundSize(chance=chance, size=_finite(size), low=_finite(low), high=_finite(high)))
        return answers


Row = tuple[list[float], list[float]]
"""Sizes measured of growing incidents, and the evidence, both from no incident on."""
Rows = dict[Subject, Row]


class Incidents:
    """Incidents of growing size for one subject.

    A shift: rows at random take one value, which is drawn anew for each window among those the reference holds. A
    fall of the AUC: rows at random get the score of another row, whatever its label.

    Parameters
    ----------
    shares : the reference's rows of the subject, shape (bins,) of a feature, (label, score bin) of an AUC
    """

    def __init__(self, subject: Subject, shares: NDArray[np.int64]) -> None:
        if subject.threshold == "psi":
            there: list[int] = np.flatnonzero(shares).tolist()
            doses = {target: moves_for(shares, target, SHIFTS) for target in there}
            # A value that nearly all rows have already cannot move far.
            self._doses = {target: given for target, given in doses.items() if len(given) == len(SHIFTS)}
            self.sizes: tuple[float, ...] = SHIFTS if self._doses else ()
        else:
            given = _doses(partial(blur_for, shares[:2, :-1]), DROPS)
            self._doses, self.sizes = {0: given}, DROPS[: len(given)]

    def shifted(self, table: Ints, rng: np.random.Generator) -> list[Ints]:
        """Put shifts into a feature's drawn rows, shape (bins, groups); none where none can be put."""
        if not self._doses:
            return []
        target = int(rng.choice(list(self._doses)))
        return list(moved(table, target, self._doses[target], rng))

    def probed(self, measures: Measures, found: Found, rng: np.random.Generator) -> Row | None:
        """Put falls of the AUC into a drawn window and return what it measured of each; None where they cannot be.

        Parameters
        ----------
        found : what was measured without any
        """
        values, evidence = [], []
        changed = [measured(found, view) for view in self._put(found.subject.current, rng)]
        for result in (found.measurement, *changed):
            if not isinstance(result, Measured):
                return None
            values.append(result.value)
            evidence.append(measures.evidence(result))
        return (values, evidence) if len(values) == len(self.sizes) + 1 else None

    def response(self, rows: Sequence[Row]) -> Response | None:
        """Return what all windows measured, from a row of each; None where there are none."""
        if not rows or not self.sizes:
            return None
        return Response((0.0, *self.sizes), np.array([v for v, _ in rows]), np.array([e for _, e in rows]))

    def _put(self, view: object, rng: np.random.Generator) -> Iterator[Scores]:
        if isinstance(view, Scores) and view.groups is not None and view.auc is not None:
            for after in blurred(view.groups[:, :2, :-1], self._doses[0], rng):
                changed = view.groups.copy()
                changed[:, :2, :-1] = after
                yield with_scores(view, changed)


def probed(incidents: Mapping[Subject, Incidents], judge: Judge, measures: Measures, rng: np.random.Generator) -> Rows:
    """Put incidents into a drawn window, and return what it measured of them, by subject; none where none can be put.

    Features take their chances from `rng` one after the other, and are tested many at once.
    """
    found: Rows = {}
    batch: list[tuple[Subject, Ints, Ints]] = []
    for subject in judge.features:
        then, now = judge.tables(measures.pair, subject.name)
        # Rows must be there to be moved.
        changed = incidents[subject].shifted(now, rng) if then.any() and now.any() else []
        if changed:
            windows = np.stack([now, *changed])
            if batch and (batch[0][2].shape != windows.shape or windows.size * len(batch) >= CELLS):
                found |= _tested(batch, measures)
                batch = []
            batch.append((subject, then, windows))
    found |= _tested(batch, measures)
    for subject, fall in measures.falls:
        row = incidents[subject].probed(measures, fall, rng) if subject in incidents else None
        if row is not None:
            found[subject] = row
    return found


def _tested(batch: Sequence[tuple[Subject, Ints, Ints]], measures: Measures) -> Rows:
    """Return what each feature's windows measure beside its reference: of features with equally many bins."""
    if not batch:
        return {}
    each = batch[0][2].shape[0]
    references = np.repeat(np.stack([then for _, then, _ in batch]), each, axis=0)
    far = shifts(references, np.concatenate([windows for *_, windows in batch]), clustered=measures.clustered)
    rows = zip(far.psi.reshape(-1, each), measures.evidence_of(far.p_value).reshape(-1, each), strict=True)
    return {
        subject: (psi.tolist(), evidence.tolist()) for (subject, *_), (psi, evidence) in zip(batch, rows, strict=True)
    }


def _doses(dose_for: Callable[[float], float | None], sizes: Sequence[float]) -> list[float]:
    """Return the doses of sizes from the first on, up to the first that none makes."""
    return list(takewhile(lambda dose: dose is not None, map(dose_for, sizes)))  # type: ignore[arg-type]


def missing_found(rows: int, threshold: float) -> list[FoundSize]:
    """Return the share of missing values that a window of so many rows finds with each of `CHANCES`."""
    return [FoundSize(chance=chance, size=share_found(rows, threshold, chance)) for chance in CHANCES]


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
