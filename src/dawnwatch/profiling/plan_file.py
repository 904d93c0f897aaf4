"""A plan as facts and arrays, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from numpy.typing import NDArray

from dawnwatch.model.plan import Binning, Bounds, ColumnPlan, Plan, UnitPlan
from dawnwatch.model.score_bins import ScoreBins

__all__ = ["plan_facts", "plan_of"]

ARRAYS = ("edges", "hidden", "others")
Arrays = dict[str, NDArray[Any]]


def plan_facts(plan: Plan) -> tuple[dict[str, Any], Arrays]:
    """Return a plan as plain JSON values and arrays."""
    arrays: Arrays = {"score.edges": plan.score_bins.edges, "score.groups": plan.score_bins.groups}
    columns = []
    for at, column in enumerate(plan.columns):
        binning = column.binning
        facts: dict[str, Any] = {
            "name": column.name,
            "type": column.type,
            "private": column.private,
            "bounds": None if column.bounds is None else asdict(column.bounds),
            "allowed": None if column.allowed is None else sorted(column.allowed),
            "pattern": column.pattern,
            "binning": None,
        }
        if binning is not None:
            # The code of a category is its place.
            facts["binning"] = {"kind": binning.kind, "names": binning.names, "codes": list(binning.codes)}
            # Only where it holds, so that plans of before it was known keep their identity.
            facts["binning"] |= {"open": True} if binning.open else {}
            arrays |= {f"{at}.{name}": getattr(binning, name) for name in ARRAYS}
        columns.append(facts)
    if plan.unit is not None:
        arrays["unit.known"] = plan.unit.known
    return {
        "columns": columns,
        "label": plan.label,
        "positive": plan.positive,
        "negative": plan.negative,
        "score": plan.score,
        "slices": plan.slices,
        **(
            {"version": plan.version} if plan.version else {}
        ),  # plans of before there were versions keep their identity
        "keys": plan.keys,
        "unit": None if plan.unit is None else plan.unit.column,
        "seed": plan.seed,
    }, arrays


def plan_of(facts: dict[str, Any], arrays: Arrays) -> Plan:
    """Return the plan of its facts and arrays."""
    columns = []
    for at, column in enumerate(facts["columns"]):
        binning = column["binning"]
        columns.append(
            ColumnPlan(
                name=column["name"],
                type=column["type"],
                private=column["private"],
                binning=None
                if binning is None
                else Binning(
                    binning["kind"],
                    tuple(binning["names"]),
                    codes={name: code for code, name in enumerate(binning["codes"])},
                    open=binning.get("open", False),
                    **{name: arrays[f"{at}.{name}"] for name in ARRAYS},
                ),
                bounds=None if column["bounds"] is None else Bounds(**column["bounds"]),
                allowed=None if column["allowed"] is None else frozenset(column["allowed"]),
                pattern=column["pattern"],
            )
        )
    unit = facts["unit"]
    return Plan(
        columns=tuple(columns),
        label=facts["label"],
        positive=facts["positive"],
        negative=facts["negative"],
        score=facts["score"],
        score_bins=ScoreBins(arrays["score.edges"], arrays["score.groups"]),
        slices=tuple(facts["slices"]),
        version=facts.get("version"),
        keys=tuple(facts["keys"]),
        unit=None if unit is None else UnitPlan(unit, arrays["unit.known"]),
        seed=facts["seed"],
    )
