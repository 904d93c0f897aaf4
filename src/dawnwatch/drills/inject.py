"""Putting one incident into a clean window, as strong as asked, and writing down its truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from dawnwatch.drills.data.base import SCORE, DataSet, moment_of
from dawnwatch.drills.registry import Kind
from dawnwatch.drills.scene import Recipe, Scene
from dawnwatch.drills.split import Split
from dawnwatch.drills.strength import TARGETS, auc, ece, psi_between, solve
from dawnwatch.drills.truth import Measure, Strength, Truth
from dawnwatch.drills.windows import window_of_units
from dawnwatch.errors import UsageError
from dawnwatch.model.numbers import count
from dawnwatch.model.packet import Verdict

__all__ = ["Injected", "inject"]

ONSET = (0.2, 0.4)
"""Where in the window an incident begins, as shares of its rows. One that could not become strong enough from there
begins with the window."""


@dataclass(frozen=True)
class Injected:
    """A window before and after an incident."""

    before: pa.Table
    table: pa.Table
    truth: Truth


def inject(split: Split, kind: Kind, strength: Strength, *, seed: int, rows: int) -> Injected:
    """Draw a window and inject one incident; the same arguments give the same rows.

    Raises
    ------
    UsageError
        Where the data cannot show the kind, or not that strongly.
    """
    if not kind.applies(split.data):
        lacks = "a time of its rows" if split.data.time is None else "a feature with the part of the day"
        raise UsageError(f"{split.data.name} cannot show {kind.name}: it lacks {lacks}; choose other data")
    share = float(np.random.default_rng([seed, 3]).uniform(*ONSET))
    for onset in (0,) if kind.measure is None else (round(share * rows), 0):
        before, drawer = window_of_units(split.pool, rows, seed)
        rng = np.random.default_rng([seed, 4])
        scene = Scene(split.data, before, onset, split.model, split.known, drawer, rng)
        recipe = _scored(split, kind.function(scene)) if kind.upstream else kind.function(scene)
        dose = _dose(kind, scene, recipe, strength)
        if dose is not None:
            table = recipe.apply(dose)
            return Injected(before, table, _truth(kind, scene, recipe, dose, table, strength, seed))
    raise UsageError(f"{split.data.name}, seed {seed}: {kind.name} cannot be made {strength} in {rows:,} rows")


def _scored(split: Split, recipe: Recipe) -> Recipe:
    """Return the recipe with what the model gives for the changed features as the scores."""
    return replace(recipe, apply=lambda dose: split.scored(recipe.apply(dose)))


def _dose(kind: Kind, scene: Scene, recipe: Recipe, strength: Strength) -> int | None:
    """Return how many rows to touch, or how far to go; None where the recipe cannot become so strong."""
    measure = kind.measure
    if measure is None:
        return recipe.most
    return solve(lambda dose: _measured(measure, scene, recipe, dose), TARGETS[measure][strength], recipe.most)


def _measured(measure: Measure, scene: Scene, recipe: Recipe, dose: int) -> float:
    """Return how strong a dose is, in the terms of the kind's measure."""
    if measure == "rows":
        return dose / scene.rows
    after = recipe.apply(dose)
    if measure == "psi":
        return psi_between(scene.table[recipe.column], after[recipe.column])
    if measure == "auc_drop":
        return _fall(scene.data, scene.table, after)
    label = scene.data.label
    tables = [(table[label].to_numpy(), table[SCORE].to_numpy()) for table in (scene.table, after)]
    if measure == "label_share":
        return abs(float(tables[1][0].mean() - tables[0][0].mean()))
    return ece(*tables[1]) - ece(*tables[0])


def _truth(
    kind: Kind, scene: Scene, recipe: Recipe, dose: int, table: pa.Table, strength: Strength, seed: int
) -> Truth:
    data, measure = scene.data, kind.measure
    harmful = kind.harm == "yes"
    if kind.harm == "measured":
        harmful = _fall(data, scene.table, table) > data.config.thresholds.auc_drop.max
    touched = dose if recipe.touched is None else recipe.touched
    onset = max(scene.onset, recipe.first)
    told = recipe.told if dose == 0 else f"{recipe.told} in {count(touched)} of {count(scene.rows)} rows"
    return Truth(
        kind=kind.name,
        strength=strength,
        seed=seed,
        data=data.name,
        pillar=kind.pillar,
        column=recipe.column,
        value=recipe.value,
        onset=None if measure is None or data.time is None else moment_of(scene.table, data.time, onset),
        onset_row=None if measure is None else onset,
        harmful=harmful,
        action=_action(kind, data, harmful),
        cause=kind.cause,
        rows=table.num_rows,
        affected_rows=touched,
        measure=measure,
        target=None if measure is None else TARGETS[measure][strength],
        reached=None if measure is None else _measured(measure, scene, recipe, dose),
        told=told if measure is None else f"{told}, from row {count(onset)} on",
    )


def _action(kind: Kind, data: DataSet, harmful: bool) -> Verdict:
    if kind.undecidable(data):
        return "cannot_tell"
    return kind.action if harmful else "wait"


def _fall(data: DataSet, before: pa.Table, after: pa.Table) -> float:
    """Return how far the AUC fell; positive means worse."""
    was, now = (auc(table[data.label].to_numpy(), table[SCORE].to_numpy()) for table in (before, after))
    return was - now
