"""The type of a JSON column of which every block was given a type by Arrow, as Arrow finds it in all of them."""

from __future__ import annotations

import pyarrow as pa

__all__ = ["MixedError", "joined"]


class MixedError(Exception):
    """Values of one column have no common type."""


def joined(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    """Return the type of a column that is `one` in some lines and `other` in further ones.

    Raises
    ------
    MixedError
        Where there is none: JSON says of every value whether it is a number, a text, an object, ...

    >>> str(joined(pa.int64(), pa.float64())), str(joined(pa.timestamp("s"), pa.string()))
    ('double', 'string')
    """
    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    pair = {one, other}
    if pair == {pa.int64(), pa.float64()}:
        return pa.float64()
    if pair == {pa.timestamp("s"), pa.string()}:
        return pa.string()  # some of the texts are times to the second, but not all
    if pa.types.is_struct(one) and pa.types.is_struct(other):
        fields = {field.name: field.type for field in one}
        for field in other:
            fields[field.name] = joined(fields.get(field.name, pa.null()), field.type)
        return pa.struct(list(fields.items()))
    if pa.types.is_list(one) and pa.types.is_list(other):
        return pa.list_(joined(one.value_type, other.value_type))
    raise MixedError(f"{one} and {other}")
