"""The parts of a fall at once, where units are alike: novelty of new units, a changed mix, and a changed concept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from benchmarks.verify_stats.simulate import GROUPS, sizes
from benchmarks.verify_stats.study import CONFIDENCE, HEAVY, REFERENCE_UNITS, ROWS_EACH, UNITS, Cell, Right, within
from dawnwatch.monitoring.causes.novelty import Units
from dawnwatch.stats.mix import mix_of
from dawnwatch.stats.movers import movers
from dawnwatch.stats.replicates import without_each
from dawnwatch.stats.scored import Scored

__all__ = ["causes_cells", "wide_cells"]

TRAITS = {"none": 0.0, "medium": 0.5}
"""Standard deviation of the units' mean scores, of which the rows' own is 1."""
SCORES = 512
NEW = 0.5
"""Share of the current rows that come from new units."""
KINDS = (0.3, 0.6)
"""Share of the first kind of rows, then and now."""
IDLE = (0.33, 0.6)
"""Share of one value of a feature that has nothing to do with labels or scores, then and now."""
FEATURES = 60
VALUES = 5
"""Of a feature that never moves."""
WORSE = 0.8
"""By what the classes' distance shrinks in the current window."""
APART = {0: (0.4, 1.6), 1: (0.2, 0.8)}
"""How far the classes lie apart in rows of the first and the other kind, of known (0) and of new units (1)."""


@dataclass(frozen=True)
class World:
    """Where rows come from: their strata's and kinds' shares, and how far the classes lie apart."""

    new: float
    first: float
    shrunk: float

    def auc(self, traits: float) -> float:
        """The AUC of endless rows: over all pairs of strata and kinds, classes centred about the same place."""
        cells = [
            (share * part, self.shrunk * apart)
            for stratum, share in ((0, 1 - self.new), (1, self.new))
            for part, apart in zip((self.first, 1 - self.first), APART[stratum], strict=True)
        ]
        spread = sqrt(2 + 2 * traits**2)
        return float(sum(p * q * norm.cdf((a + b) / 2 / spread) for p, a in cells for q, b in cells))


def _rows(rng: np.random.Generator, units: int, world: World, traits: float, heavy: float, quiet: int = 0) -> Scored:
    """Rows of these units, of which a share is new; every unit has a mean score of its own.

    Beside the kind of a row and the idle feature there are as many quiet ones, of five values, as asked for: they never
    move, and have nothing to do with labels or scores.
    """
    rows = units * ROWS_EACH
    unit = np.repeat(np.arange(units), sizes(rng, units, rows, heavy))
    strange = rng.random(units) < world.new
    stratum = strange[unit].astype(np.int64)
    kind = (rng.random(rows) >= world.first).astype(np.int64)
    label = rng.integers(0, 2, rows)
    apart = world.shrunk * np.array([APART[0], APART[1]])[stratum, kind]
    score = rng.normal(0, traits, units)[unit] + rng.normal(size=rows) + apart * (label - 0.5)
    code = np.clip(((score + 5) / 10 * SCORES).astype(np.int64), 0, SCORES - 1)
    group = rng.integers(0, GROUPS, units)
    idle = (rng.random(rows) >= IDLE[world.shrunk < 1]).astype(np.int64)
    others = rng.integers(0, VALUES, (rows, quiet))
    return Scored(group[unit], label, code, stratum, np.column_stack([kind, idle, others]))


def _tables(rows: Scored, stratum: int) -> NDArray[np.float64]:
    """Return [replicate; label; score] of one stratum."""
    own = rows.only(rows.stratum == stratum)
    flat = (own.group * 2 + own.label) * SCORES + own.score
    return without_each(np.bincount(flat, minlength=GROUPS * 2 * SCORES).reshape(GROUPS, 2, SCORES))


def _split(traits: float, heavy: float, quiet: int, rng: np.random.Generator) -> Right:
    old, strange = World(0.0, KINDS[0], 1.0), World(1.0, KINDS[0], 1.0)
    now = World(NEW, KINDS[1], WORSE)
    before, honest, after = (
        _rows(rng, units, world, traits, heavy, quiet)
        for units, world in ((REFERENCE_UNITS, old), (REFERENCE_UNITS, strange), (UNITS, now))
    )
    tables = [np.stack([_tables(side, 0), _tables(side, 1)]) for side in (before, after)]
    filled = before.filled(GROUPS) | after.filled(GROUPS)
    units = Units(tables[0], tables[1], _tables(honest, 1), filled)
    mixed = units.mixed
    if mixed is None:
        return None
    novelty = units.before - Units(mixed, units.now, None, filled).before
    then = Scored(*(np.concatenate([getattr(before, name), getattr(honest, name)]) for name in Scored.__match_args__))
    players = {"kind": [0], "idle": [1]}
    if quiet:
        others = [at for at in movers(then, after, groups=GROUPS).features if at > 1]
        players |= {"others": others} if others else {}
    found = mix_of(then, after, players, groups=GROUPS)
    if found.total is None or not found.total.known or not novelty.known:
        return None
    concept = units.before - units.after - novelty - found.total

    def auc(first: float, shrunk: float) -> float:
        return World(NEW, first, shrunk).auc(traits)

    mix = (auc(KINDS[0], 1.0) - auc(KINDS[1], 1.0) + auc(KINDS[0], WORSE) - auc(KINDS[1], WORSE)) / 2
    rest = auc(KINDS[0], 1.0) - auc(KINDS[1], WORSE) - mix
    return {
        "novelty": within(novelty.interval(CONFIDENCE), old.auc(traits) - auc(KINDS[0], 1.0)),
        "mix": within(found.total.interval(CONFIDENCE), mix),
        "a feature that does no harm": within(found.players["idle"].interval(CONFIDENCE), 0.0),
        "concept": within(concept.interval(CONFIDENCE), rest),
    }


def causes_cells() -> Iterator[Cell]:
    """Units of several kinds."""
    for alike, traits in TRAITS.items():
        for size in ("equal", "heavy"):
            yield Cell((alike, size, str(UNITS)), partial(_split, traits, HEAVY[size], 0))


def wide_cells() -> Iterator[Cell]:
    """The same of a model with many features, most of which never move."""
    yield Cell((str(FEATURES), "medium", "heavy"), partial(_split, TRAITS["medium"], HEAVY["heavy"], FEATURES - 2))
