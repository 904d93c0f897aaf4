"""Profiles, plans and windows as facts and arrays, and back."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, replace
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch.model.frequent import Frequent
from dawnwatch.model.moments import Moments
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import ColumnProfile, Examples, Profile, Repeats
from dawnwatch.model.sample import Sample
from dawnwatch.model.unit_counts import UnitCounts
from dawnwatch.model.window import Window
from dawnwatch.profiling.plan_file import plan_facts

__all__ = ["plan_id", "profile_facts", "profile_of", "window_facts", "window_of"]

Array = NDArray[Any]
Arrays = dict[str, Array]
TABLES = ("cube", "groups", "group_cubes")


def plan_id(plan: Plan) -> str:
    """Return what tells a plan from another: only profiles of one plan can be compared or added."""
    facts, arrays = plan_facts(plan)
    digest = blake2b(json.dumps(facts, sort_keys=True).encode(), digest_size=16)
    for name in sorted(arrays):
        digest.update(name.encode() + np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()


def window_facts(window: Window) -> tuple[dict[str, Any], Arrays]:
    """Return a window as facts and arrays; the rows for an exact AUC are left behind."""
    facts, arrays = profile_facts(window.profile, private=window.plan.private)
    return {
        "name": window.name,
        "types": window.types,
        "scoring_fault": window.scoring_fault,
        "rescore_fault": window.rescore_fault,
        "repeated": window.repeated,
        "profile": facts,
    }, arrays


def window_of(facts: dict[str, Any], arrays: Arrays, plan: Plan) -> Window:
    """Return the window of its facts and arrays."""
    return Window(
        name=facts["name"],
        plan=plan,
        profile=profile_of(facts["profile"], arrays),
        rows=None,
        types=facts["types"],
        scoring_fault=facts["scoring_fault"],
        rescore_fault=facts.get("rescore_fault"),
        repeated=[(row, values) for row, values in facts["repeated"]],
    )


def profile_facts(profile: Profile, *, private: Collection[str] = ()) -> tuple[dict[str, Any], Arrays]:
    """Return a profile as facts and arrays.

    Parameters
    ----------
    private : columns whose extremes, mean and variance are left behind
    """
    arrays: Arrays = {"scores": profile.scores}
    for name in ("units", "group_scores"):
        if getattr(profile, name) is not None:
            arrays[name] = getattr(profile, name)
    columns = []
    for at, (name, column) in enumerate(profile.columns.items()):
        if name in private:
            moments = replace(column.moments, low=None, high=None, mean=0.0, squares=0.0)
            column = replace(column, moments=moments)
        columns.append({"name": name, **_column_facts(column)})
        arrays[f"{at}.counts"] = column.counts
        for table in TABLES:
            if getattr(column, table) is not None:
                arrays[f"{at}.{table}"] = getattr(column, table)
    repeats = profile.repeats
    if repeats is not None and repeats.keys is not None:
        arrays["keys"] = repeats.keys
    units = profile.unit_counts
    if units is not None:
        arrays |= {"unit_counts.hashes": units.hashes, "unit_counts.rows": units.rows}
    return {
        "rows": profile.rows,
        "columns": columns,
        "score_outside": profile.score_outside,
        "label_values": asdict(profile.label_values),
        "repeats": None if repeats is None else [repeats.keyed, repeats.repeats],
        "unit_counts": None if units is None else units.limit,
        "sample": None if profile.sample is None else _sample_facts(profile.sample, arrays),
        "examples": profile.examples,
    }, arrays


def profile_of(facts: dict[str, Any], arrays: Arrays) -> Profile:
    """Return the profile of its facts and arrays."""
    columns = {column["name"]: _column(column, at, arrays) for at, column in enumerate(facts["columns"])}
    repeats = facts["repeats"]
    return Profile(
        rows=facts["rows"],
        columns=columns,
        scores=arrays["scores"],
        score_outside=facts["score_outside"],
        label_values=Frequent(**facts["label_values"]),
        units=arrays.get("units"),
        unit_counts=None if facts["unit_counts"] is None else _unit_counts(facts["unit_counts"], arrays),
        group_scores=arrays.get("group_scores"),
        repeats=None if repeats is None else Repeats(repeats[0], repeats[1], arrays.get("keys")),
        sample=None if facts["sample"] is None else _sample(facts["sample"], arrays),
        examples=_examples(facts["examples"]),
    )


def _unit_counts(limit: int, arrays: Arrays) -> UnitCounts:
    return UnitCounts(arrays["unit_counts.hashes"], arrays["unit_counts.rows"], limit)


def _column_facts(column: ColumnProfile) -> dict[str, Any]:
    return {
        "type": column.type,
        "moments": asdict(column.moments),
        "unseen": asdict(column.unseen),
        "sole": column.sole,
        "varies": column.varies,
        "checksum": column.checksum,
        "examples": column.examples,
    }


def _column(facts: dict[str, Any], at: int, arrays: Arrays) -> ColumnProfile:
    return ColumnProfile(
        type=facts["type"],
        counts=arrays[f"{at}.counts"],
        moments=Moments(**facts["moments"]),
        unseen=Frequent(**facts["unseen"]),
        sole=facts["sole"],
        varies=facts["varies"],
        checksum=facts["checksum"],
        examples=_examples(facts["examples"]),
        **{table: arrays.get(f"{at}.{table}") for table in TABLES},
    )


def _examples(facts: dict[str, list[list[Any]]]) -> Examples:
    return {counter: [(row, values) for row, values in found] for counter, found in facts.items()}


def _sample_facts(sample: Sample, arrays: Arrays) -> dict[str, Any]:
    """Put a sample's columns among the arrays; texts as codes, and what they stand for among the facts."""
    arrays["sample.units"] = sample.units
    columns: dict[str, Any] = {}
    for at, (name, values) in enumerate(sample.columns.items()):
        texts = None
        if values.dtype == object:
            known: dict[Any, int] = {}
            values = np.array([known.setdefault(value, len(known)) for value in values.tolist()], np.int64)
            texts = list(known)
        columns[name] = texts
        arrays[f"sample.{at}"] = values
    return {"most": sample.most, "limit": sample.limit, "giants": sorted(sample.giants), "columns": columns}


def _sample(facts: dict[str, Any], arrays: Arrays) -> Sample:
    columns = {}
    for at, (name, texts) in enumerate(facts["columns"].items()):
        values = arrays[f"sample.{at}"]
        columns[name] = values if texts is None else np.array([*texts, None], dtype=object)[values]
    return Sample(facts["most"], arrays["sample.units"], columns, facts["limit"], frozenset(facts["giants"]))
