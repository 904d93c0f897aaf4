"""One schema for several files of one folder or glob."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from dawnwatch.sources.plain import TEXT, family, is_text

__all__ = ["ClashError", "unify"]


class ClashError(Exception):
    """Two files hold one column in types that have no common one.

    Attributes
    ----------
    columns : every column that clashes
    """

    def __init__(self, columns: Sequence[str], message: str) -> None:
        super().__init__(message)
        self.columns = list(columns)


def unify(schemas: Iterable[tuple[str, pa.Schema]]) -> pa.Schema:
    """Return the schema that holds every column of every file, in the order they are first met.

    Integers and floats of any width agree, as do dates and timestamps of any unit, coded and plain strings,
    and a column without any value agrees with everything.

    Parameters
    ----------
    schemas : pairs of a file's name and its plain schema

    Raises
    ------
    ClashError
        Where a column's types do not agree, saying which files disagree.
    """
    types: dict[str, pa.DataType] = {}
    seen_in: dict[str, str] = {}
    clashes: dict[str, str] = {}
    for file, schema in schemas:
        for field in schema:
            known = types.get(field.name)
            common = field.type if known is None else _common(known, field.type)
            if common is None:
                clashes.setdefault(
                    field.name,
                    f"column {field.name!r} is {_shown(known)} in {seen_in[field.name]} "
                    f"but {_shown(field.type)} in {file}",
                )
                continue
            if known is None or (pa.types.is_null(known) and not pa.types.is_null(common)):
                seen_in[field.name] = file
            types[field.name] = common
    if clashes:
        raise ClashError(list(clashes), next(iter(clashes.values())))
    return pa.schema(list(types.items()))


def _shown(type_: pa.DataType) -> str:
    return "string" if is_text(type_) else str(type_)


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType | None:
    """Return the type both can be read as, or None."""
    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    pair = (one, other)
    if all(is_text(type_) for type_ in pair):
        return TEXT
    if all(pa.types.is_integer(type_) for type_ in pair):
        # No integer type holds both all of uint64 and negative numbers.
        return pa.float64() if pa.uint64() in pair else pa.int64()
    if all(_is_whole(type_) for type_ in pair):
        wide = any(pa.types.is_decimal256(type_) for type_ in pair)
        return pa.decimal256(76, 0) if wide else pa.decimal128(38, 0)
    if all(family(type_) in {"integer", "number"} for type_ in pair):
        return pa.float64()
    if all(pa.types.is_date(type_) or pa.types.is_timestamp(type_) for type_ in pair):
        return _common_time(one, other)
    return None


def _is_whole(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or (pa.types.is_decimal(type_) and type_.scale == 0))


def _common_time(one: pa.DataType, other: pa.DataType) -> pa.DataType | None:
    zones = {type_.tz if pa.types.is_timestamp(type_) else None for type_ in (one, other)}
    if len(zones) > 1 and None in zones:
        return None  # an instant and a wall clock cannot be told apart from each other's values
    units = [type_.unit for type_ in (one, other) if pa.types.is_timestamp(type_)]
    finest = max(units, key=["s", "ms", "us", "ns"].index, default="ms")
    return pa.timestamp(finest, tz=zones.pop() if len(zones) == 1 else "UTC")
