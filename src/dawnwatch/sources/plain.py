"""The few Arrow types the rest of dawnwatch meets, whatever library or file the data came from.

| found | becomes |
|---|---|
| string, large_string, string_view | string |
| dictionary of strings (Parquet, categoricals, enums) | dictionary of int32 to string |
| dictionary of anything else, run-end encoded | its values |
| decimal without fraction, up to 18 digits | int64 |
| decimal of up to 15 digits, float16 | float64, float32 |
| any other decimal | itself, so that keys keep every digit; as a number it is the nearest float64 |
| time of day | string |
| an extension type | what it is stored as |

Integers, floats, booleans, dates, timestamps, null columns and nested types stay as they are.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dawnwatch.sources.decimals import EXACT_DIGITS, nearest_floats

__all__ = ["family", "is_string", "is_text", "plain_array", "plain_batch", "plain_schema", "plain_type"]

TEXT = pa.string()
CODED_TEXT = pa.dictionary(pa.int32(), pa.string())
INT64_DIGITS, WIDE_DIGITS = 18, 38


def family(type_: pa.DataType) -> str:
    """Return what a plain type is called in dawnwatch.toml, or "null" for a column without any value."""
    if is_text(type_):
        return "string"
    tests = {
        "integer": pa.types.is_integer,
        "number": lambda found: pa.types.is_floating(found) or pa.types.is_decimal(found),
        "boolean": pa.types.is_boolean,
        "null": pa.types.is_null,
    }
    is_time = pa.types.is_timestamp(type_) or pa.types.is_date(type_)
    return next((name for name, test in tests.items() if test(type_)), "timestamp" if is_time else "other")


def is_string(type_: pa.DataType) -> bool:
    """Whether any Arrow type is one of its three for strings, not coded."""
    types = pa.types
    return bool(types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_))


def is_text(type_: pa.DataType) -> bool:
    """Whether a plain type holds strings, coded or not."""
    return bool(type_ in (TEXT, CODED_TEXT))


def plain_type(type_: pa.DataType) -> pa.DataType:
    """Return the plain type that stands in for `type_`."""
    types = pa.types
    if isinstance(type_, pa.BaseExtensionType):
        return plain_type(type_.storage_type)
    if types.is_run_end_encoded(type_):
        return plain_type(type_.value_type)
    if types.is_dictionary(type_):
        return CODED_TEXT if is_string(type_.value_type) else plain_type(type_.value_type)
    if is_string(type_) or types.is_time(type_):
        return TEXT
    if types.is_decimal(type_):
        if type_.scale == 0 and type_.precision <= INT64_DIGITS:
            return pa.int64()
        if type_.precision <= EXACT_DIGITS or type_.scale < 0:
            return pa.float64()
        wide = pa.decimal128 if type_.precision <= WIDE_DIGITS else pa.decimal256
        return wide(type_.precision, type_.scale)
    if types.is_float16(type_):
        return pa.float32()
    return type_


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema with plain types and without metadata; all columns may hold nulls."""
    return pa.schema([pa.field(field.name, plain_type(field.type)) for field in schema])


def plain_array(array: pa.Array, type_: pa.DataType) -> pa.Array:
    """Return the array as the plain type `type_`, itself where it is that already.

    Raises
    ------
    pyarrow.ArrowInvalid
        Where a value does not fit.
    """
    if array.type == type_:
        return array
    if isinstance(array.type, pa.BaseExtensionType):
        return plain_array(array.storage, type_)
    if pa.types.is_run_end_encoded(array.type):
        return plain_array(pc.run_end_decode(array), type_)
    if pa.types.is_dictionary(array.type):
        if type_ == CODED_TEXT and is_string(array.type.value_type):
            # Arrow has no cast between dictionaries of every index and value type, so their parts are cast.
            return pa.DictionaryArray.from_arrays(array.indices.cast(pa.int32()), array.dictionary.cast(TEXT))
        return plain_array(array.dictionary_decode(), type_)
    if pa.types.is_decimal(array.type) and pa.types.is_floating(type_):
        return nearest_floats(array).cast(type_)
    if type_ == CODED_TEXT:
        return pc.dictionary_encode(plain_array(array, TEXT))
    return array.cast(type_, safe=not pa.types.is_floating(type_))


def plain_batch(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return the columns that a plain schema names, in its types; a column the batch lacks is all null."""
    if batch.schema == schema:
        return batch
    if not len(schema):
        return batch.select([])
    arrays = []
    for field in schema:
        at = batch.schema.get_field_index(field.name)
        arrays.append(pa.nulls(batch.num_rows, field.type) if at < 0 else plain_array(batch.column(at), field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
