"""Schema: columns that went missing, appeared, or changed their type."""

from __future__ import annotations

from dawnwatch.checks.needs import Columns
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Counted, Measurement

__all__ = ["schema"]


@check("quality.schema", needs=Columns, unit="share of rows", kind="schema")
def schema(reference: Columns, current: Columns) -> Measurement:
    """The expected columns are there, of their type, and no others. A wrong column fails every row."""
    missing = [n for n in current.expected if n not in current.found and n not in current.optional]
    extra = [n for n in current.found if n not in current.expected]
    retyped = [
        f"{name} ({_shown(current, name)} instead of {type_})"
        for name, type_ in current.expected.items()
        if name in current.found and not _same(current, name, type_)
    ]
    groups = {"missing": missing, "retyped": retyped, "extra": extra}
    found = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in groups.items() if names)
    wrong = bool(missing or retyped or (extra and current.extra_fails))
    return Counted(
        failed=current.rows if wrong else 0,
        rows=current.rows,
        rule=f"the {len(current.expected)} columns of the reference, with their types",
        message=found or f"all {len(current.expected)} columns are there, of their types",
        breakdown={f"{kind} columns": len(names) for kind, names in groups.items() if names},
    )


def _same(current: Columns, name: str, expected: str) -> bool:
    """Integers may come as whole floats, as data frames with nulls make them; an all-null column has no type."""
    found = current.found[name]
    if found in {expected, "null"} or expected == "other":
        return True
    return {found, expected} == {"integer", "number"} and name not in current.fractional


def _shown(current: Columns, name: str) -> str:
    return "fractions" if name in current.fractional else current.found[name]
