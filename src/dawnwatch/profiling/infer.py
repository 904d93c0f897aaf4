"""Inferring a configuration from the reference: what `dawnwatch init` writes, and `monitor(data)` goes by.

What is inferred holds on the reference itself: ranges include what was seen, thresholds for missing values
lie above it, and keys are unique. It says what was seen, not what is right; comments ask a person for that.
"""

from __future__ import annotations

import json
import math
from typing import Any

from dawnwatch.config.load import Config
from dawnwatch.config.thresholds import NOT_WEIGHED
from dawnwatch.config.write import Draft, toml_value
from dawnwatch.errors import DataError
from dawnwatch.sources.base import Source
from dawnwatch.sources.naming import id_name
from dawnwatch.sources.roles import Facts, Roles, classes, guess_roles, is_category, is_epoch, within_unit
from dawnwatch.sources.survey import DISTINCT_KEPT, ColumnFacts, Value, survey

__all__ = ["infer", "infer_config"]

LISTED = 10
"""Values of a category up to which a note lists them."""

Notes = dict[tuple[str, ...], str]

POSITIVE = {"1", "true", "yes", "y", "t", "positive", "pos", "clicked", "converted", "churned", "fraud"}
THRESHOLDS: dict[str, dict[str, Any]] = {
    "psi": {
        "yellow": 0.1,
        "red": 0.2,
        "because": NOT_WEIGHED + "0.1 and 0.2 are the bands most of the field uses. Say what a shift costs you.",
    },
    "missing": {"max": 0.05, "because": NOT_WEIGHED + "one row in twenty. Say how many gaps the model bears."},
    "auc_drop": {"max": 0.05, "because": NOT_WEIGHED + "0.05 of AUC. Say which loss would make you act."},
    "range": {"max": 0.0, "because": NOT_WEIGHED + "no row may break a rule. Say whether some may, and why."},
    "duplicates": {"max": 0.0, "because": NOT_WEIGHED + "no event comes twice. Say whether some may, and why."},
}


def infer(source: Source) -> Draft:
    """Look at the whole reference and draft a configuration.

    One pass over all columns, then one over each column or pair that may be a key, which is held in memory.

    Raises
    ------
    DataError
        Where the source cannot be read or holds no rows.
    """
    facts = survey(source)
    if not any(column.rows for column in facts.values()):
        raise DataError(f"{source.name}: the table has no rows, so nothing can be inferred; check the query")
    roles = guess_roles(source, facts)
    notes: Notes = {}
    tables = {
        "project": {"name": "unnamed model"},
        "data": {},
        "roles": _roles(facts, roles, notes),
        "labels": _labels(facts, roles, notes),
        "model": {},
        "thresholds": {name: dict(entry) for name, entry in THRESHOLDS.items()},
        "columns": {name: _column(column, roles, notes) for name, column in facts.items()},
    }
    return Draft(tables, notes)


def infer_config(source: Source) -> Config:
    """Return the configuration `infer` drafts, for monitoring without a file. Raises DataError as it does."""
    return Config.from_dict(infer(source).tables, where="inferred configuration")


def _roles(facts: Facts, roles: Roles, notes: Notes) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    if roles.rejected_labels:
        name = roles.rejected_labels[0]
        notes["roles",] = (
            f"Which columns play which part. {name!r} is named like a label but has\n"
            f"{_how_many(facts[name])}: dawnwatch judges labels of two values, so it was not taken."
        )
    if roles.label is not None:
        tables["label"] = roles.label
        notes["roles", "label"] = "Found by its name and its two values."
    if roles.score is not None:
        probability = within_unit(facts[roles.score])
        tables["score"] = roles.score
        tables["score_kind"] = "probability" if probability else "ranking"
        notes["roles", "score"] = "Found by its name."
        notes["roles", "score_kind"] = (
            'All its values lie within [0, 1]. Put "ranking" where it is no probability.'
            if probability
            else "It leaves [0, 1], so only its order counts."
        )
    if roles.timestamp is not None:
        tables["timestamp"] = roles.timestamp
        if is_epoch(facts[roles.timestamp]):
            notes["roles", "timestamp"] = "Found by its name; its numbers are plausible as time since 1970."
    if roles.label is not None and roles.label_times:
        name = roles.label_times[0]
        others = f" Or {', '.join(map(repr, roles.label_times[1:]))}?" if roles.label_times[1:] else ""
        notes["roles", "label_time"] = (
            f"Does {name!r} say when a row's label came?{others} Then rows too young to have theirs are told apart.\n"
            f"label_time = {toml_value(name)}"
        )
    if roles.unit is not None:
        tables["unit"] = roles.unit
        notes["roles", "unit"] = "Its values repeat, so the rows behind one are not independent."
    if roles.keys:
        tables["keys"] = roles.keys
        notes["roles", "keys"] = "No two rows of the reference share it. Keep it only where that must hold."
    if roles.slices:
        tables["slices"] = roles.slices
        notes["roles", "slices"] = "A guess: few values, many rows each. Declare the groups you answer for."
    return tables


def _labels(facts: Facts, roles: Roles, notes: Notes) -> dict[str, Any]:
    """Say which of the label's two values is the positive one: the one that says yes, else the larger."""
    values = classes(facts[roles.label]) if roles.label is not None else None
    if values is None:
        return {"expected": "with_data"}
    yes = [value for value in values if isinstance(value, str) and value.strip().lower() in POSITIVE]
    positive = yes[0] if len(yes) == 1 else values[-1]
    if len(yes) != 1 and positive != 1:
        notes["labels", "positive"] = "A guess, the last of the two. Which value is the positive one?"
    return {"expected": "with_data", "positive": positive}


def _column(column: ColumnFacts, roles: Roles, notes: Notes) -> dict[str, Any]:
    """Draft one column's table, with a note of what was seen; nothing in them shows a private value."""
    settings: dict[str, Any] = {} if column.family == "null" else {"type": column.family}
    said = [_seen(column)]
    if column.name in roles.private:
        settings["private"] = True
        said.append(f"{roles.private[column.name]}: counts only, no value is ever shown")
    elif column.name == roles.score and within_unit(column):
        settings["range"] = {"min": 0, "max": 1}
    elif column.name == roles.label:
        settings |= {} if column.family == "boolean" else {"allowed": column.values}
    elif column.name not in roles.taken and not id_name(column.name) and not is_epoch(column):
        settings |= _watched(column, said)
    most = _most_missing(column.missing)
    if most > THRESHOLDS["missing"]["max"]:
        seen = f"{_percent(column.missing)} were missing in the reference"
        settings["missing"] = {
            "max": most,
            "because": f"{seen}; this leaves a fifth more. Say how many may be.",
        }
    text = "; ".join(said)
    notes["columns", column.name] = f"{text[0].upper()}{text[1:]}."
    return settings


def _watched(column: ColumnFacts, said: list[str]) -> dict[str, Any]:
    """Return the rules of a column whose distribution is worth watching, empty for any other."""
    if is_category(column):
        # No rule: that no other value may come is nobody's to guess, and a new one is a new kind of rows, not bad data.
        if column.family == "string" and column.values and len(column.values) <= LISTED:
            listed = ", ".join(json.dumps(value, ensure_ascii=False) for value in column.values)
            said.append(f"a new value is novelty; where it would be a fault, put allowed = [{listed}]")
        return {"kind": "categorical", "monitor": True}
    if column.family in {"integer", "number"} and column.low is not None and column.high is not None:
        settings = {"kind": "numeric", "monitor": True}
        if column.infinite:
            said.append("holds infinities, so no range is set")
            return settings
        low, high = _limits(column, column.low, column.high)
        said.append(f"seen from {column.low:g} to {column.high:g}; the range is a guess: put the real limits")
        return settings | {"range": {"min": low, "max": high}}
    if column.family == "string" and column.missing < 1:
        said.append("values seldom repeat, so its distribution is not watched")
    return {}


def _limits(column: ColumnFacts, low: Value, high: Value) -> tuple[Value, Value]:
    """Guess a range that healthy rows of tomorrow keep to.

    What was seen is the range only of a number with few values. Of any other, tomorrow's extremes lie beyond today's
    about every other time, so it is given as much room again, but neither beyond zero nor out of [0, 1] where it kept
    to these.
    """
    if column.values is not None:
        return _bound(low, -math.inf), _bound(high, math.inf)
    if within_unit(column):
        return 0, 1
    span = float(high) - float(low)
    least = low - span if low < 0 else 0
    most = high + span if high > 0 else 0
    if not (math.isfinite(least) and math.isfinite(most)):
        return _bound(low, -math.inf), _bound(high, math.inf)
    return _rounded(least, -math.inf), _rounded(most, math.inf)


def _rounded(value: Value, towards: float) -> Value:
    """Return a number of two figures, not nearer to zero's side than the value."""
    if value == 0 or not math.isfinite(float(value)):
        return _bound(value, towards) if value else 0
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    up = math.ceil(value / step) if towards > 0 else math.floor(value / step)
    rounded = up * step
    short = float(f"{rounded:.2g}")
    inside = short < value if towards > 0 else short > value
    if inside or not math.isfinite(short):
        return _bound(value, towards)
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def _bound(value: Value, towards: float) -> Value:
    """Return a bound that float64 holds exactly, moved outwards where it does not hold the value itself."""
    nearest = float(value)
    inside = nearest < value if towards > 0 else nearest > value
    return value if nearest == value else math.nextafter(nearest, towards) if inside else nearest


def _most_missing(share: float) -> float:
    """Return a threshold in whole per cents, a fifth above the share that was seen."""
    return min(1.0, math.ceil(round(share * 120, 9)) / 100)


def _seen(column: ColumnFacts) -> str:
    if column.missing == 1:
        return "no value in the whole reference"
    gaps = f"{_percent(column.missing)} missing" if column.missing else "never missing"
    return f"{_how_many(column)}, {gaps}" if column.family == "string" else gaps


def _how_many(column: ColumnFacts) -> str:
    if column.counts is None:
        return f"more than {DISTINCT_KEPT} values"
    return "1 value" if len(column.counts) == 1 else f"{len(column.counts)} values"


def _percent(share: float) -> str:
    return "under 0.01%" if share < 1e-4 else f"{share * 100:.4g}%"
