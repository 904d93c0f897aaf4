"""Plans through a file: every field comes back, and every one is part of what tells plans apart."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

from dawnwatch.model.plan import Binning, Bounds, ColumnPlan, Plan, UnitPlan
from dawnwatch.model.score_bins import ScoreBins
from dawnwatch.profiling.container import pack, unpack
from dawnwatch.profiling.plan_file import plan_facts, plan_of
from dawnwatch.profiling.profile_file import plan_id
from tests.profiling.equal import same
from tests.profiling.wild import counts, plan, profiled, rows

EVERYTHING = Plan(
    columns=(
        ColumnPlan(
            "é \ud800",
            "string",
            True,
            Binning(
                "categorical",
                ("a", "", "(other known)", "(missing)", "(unseen)"),
                codes={"a": 0, "": 1},
                hidden=np.array([3, 1], np.uint64),
                others=np.array([0, 2**64 - 1], np.uint64),
                open=True,
            ),
            allowed=frozenset({"a", ""}),
            pattern="a|\\ud800",
        ),
        ColumnPlan(
            "x",
            "number",
            binning=Binning("numeric", ("low", "high", "(missing)"), edges=np.array([-np.inf, 5e-324, 1.5])),
            bounds=Bounds(-1.0, 2**53, False, True),
        ),
        ColumnPlan("plain", "other"),
    ),
    label="y",
    positive="1",
    negative="0",
    score="s",
    score_bins=ScoreBins(np.array([-0.0, 0.5]), np.array([0, 1, 511, 512], np.int32)),
    slices=("x",),
    keys=("k", "l"),
    unit=UnitPlan("u", np.array([1, 2**63], np.uint64)),
    seed=-3,
)


@pytest.mark.parametrize("given_", [EVERYTHING, Plan(()), plan()], ids=["everything", "nothing", "learned"])
def test_a_plan_comes_back(given_: Plan) -> None:
    read = plan_of(*unpack(pack(*plan_facts(given_))))
    assert same(read, given_)
    assert plan_id(read) == plan_id(given_)
    if given_ is plan():
        table = rows(4, 150)
        assert counts(profiled(table, read)) == counts(profiled(table, given_))


OTHER: dict[type, dict[str, Any]] = {
    Plan: {
        "columns": EVERYTHING.columns[::-1],
        "label": "z",
        "positive": "yes",
        "negative": None,
        "score": None,
        "slices": (),
        "version": "z",
        "keys": ("l", "k"),
        "unit": None,
        "seed": 4,
    },
    ColumnPlan: {
        "name": "w",
        "type": "integer",
        "private": None,
        "allowed": [None, frozenset("q")],
        "pattern": ".",
        "bounds": Bounds(9),
    },
    Binning: {
        "kind": ["numeric", "categorical"],
        "names": ("1", "2", "3", "4", "5"),
        "edges": np.array([0.5]),
        "codes": {"": 0, "a": 1},
        "hidden": np.array([3, 2], np.uint64),
        "others": np.array([7], np.uint64),
        "open": [True, False],
    },
    Bounds: {"low": None, "high": 3.0, "low_inclusive": None, "high_inclusive": None},
    ScoreBins: {"edges": np.array([0.0, 0.75]), "groups": np.array([0, 2, 511, 512], np.int32)},
    UnitPlan: {"column": "v", "known": np.array([1], np.uint64)},
}


def changed(value: Any) -> list[tuple[str, Any]]:
    """Every value that differs from this one in one field, however deep, and that field."""
    found: list[tuple[str, Any]] = []
    for field in fields(value):
        now, path = getattr(value, field.name), f"{type(value).__name__}.{field.name}"
        if field.name in OTHER[type(value)]:
            options = OTHER[type(value)][field.name]
            other = next(o for o in (options if isinstance(options, list) else [options]) if not same(o, now))
            found.append((path, replace(value, **{field.name: (not now) if isinstance(now, bool) else other})))
        if is_dataclass(now):
            found += [(inner, replace(value, **{field.name: new})) for inner, new in changed(now)]
        elif isinstance(now, tuple) and now and is_dataclass(now[0]):
            for at, part in enumerate(now):
                found += [
                    (inner, replace(value, columns=(*now[:at], new, *now[at + 1 :]))) for inner, new in changed(part)
                ]
    return found


def test_a_plans_id_changes_with_every_field() -> None:
    variants = changed(EVERYTHING)
    classes = [Plan, ColumnPlan, Binning, Bounds, ScoreBins, UnitPlan]
    every = {f"{cls.__name__}.{field.name}" for cls in classes for field in fields(cls)}
    untouched = {"Plan.score_bins", "ColumnPlan.binning"}  # changed from within
    assert {path for path, _ in variants} == every - untouched
    ids = [plan_id(variant) for _, variant in variants]
    assert plan_id(EVERYTHING) not in ids
    assert len(set(ids)) == len(ids)
    without = replace(EVERYTHING, columns=(replace(EVERYTHING.columns[0], binning=None), *EVERYTHING.columns[1:]))
    assert plan_id(without) not in {*ids, plan_id(EVERYTHING)}
