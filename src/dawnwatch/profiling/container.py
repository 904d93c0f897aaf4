"""A file of named arrays and a few facts: Arrow IPC inside, a version and a checksum around it.

| bytes | hold |
|---|---|
| 18 | `DAWNWATCH-PROFILE` and a line feed |
| 32 | BLAKE2b digest of all that follows |
| rest | an Arrow IPC stream, Zstandard-compressed: one row an array; the facts are JSON in the schema's metadata |

Whole numbers are stored in as few bytes as the largest needs, and where most are zero as the gaps between the others
and their values. Nothing in it is ever executed.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.errors import DamagedError, one_line

__all__ = ["FORMAT", "MAGIC", "pack", "unpack"]

MAGIC = b"DAWNWATCH-PROFILE\n"
FORMAT = 1
DIGEST = 32
SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("type", pa.string()),
        ("shape", pa.list_(pa.int64())),
        ("gaps_type", pa.string()),
        ("gaps", pa.large_binary()),
        ("values_type", pa.string()),
        ("values", pa.large_binary()),
    ]
)
Array = NDArray[Any]


def pack(facts: dict[str, Any], arrays: dict[str, Array]) -> bytes:
    """Return the file's content.

    Parameters
    ----------
    facts : plain JSON values; mappings keep their order
    arrays : of whole numbers, float64 or booleans, of any shape
    """
    rows = [_row(name, array) for name, array in arrays.items()]
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    text = json.dumps({"format": FORMAT, **facts})
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=3))
    with pa.ipc.new_stream(sink, SCHEMA.with_metadata({"dawnwatch": text}), options=options) as writer:
        writer.write_table(table)
    payload: bytes = sink.getvalue().to_pybytes()
    return MAGIC + blake2b(payload, digest_size=DIGEST).digest() + payload


def unpack(content: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the facts and arrays of a file's content.

    Raises
    ------
    DamagedError
        Where it is no profile file, was cut off or changed, or was written by a newer dawnwatch.
    """
    if not content.startswith(MAGIC):
        raise DamagedError("not a profile file; write one with `dawnwatch profile`")
    at = len(MAGIC) + DIGEST
    payload = content[at:]
    if blake2b(payload, digest_size=DIGEST).digest() != content[len(MAGIC) : at]:
        raise DamagedError(
            "damaged: its checksum does not match its content (cut off or changed); profile the data again"
        )
    try:
        reader = pa.ipc.open_stream(payload)
        facts = json.loads(reader.schema.metadata[b"dawnwatch"])
        rows = reader.read_all().to_pylist()
    except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise DamagedError(
            f"its checksum is right and its content is not: {one_line(error)}; profile the data again"
        ) from None
    if facts["format"] > FORMAT:
        raise DamagedError(
            f"has format {facts['format']} and this dawnwatch reads up to {FORMAT}; install the dawnwatch that wrote it"
        )
    return facts, {row["name"]: _array(row) for row in rows}


def _row(name: str, array: Array) -> dict[str, Any]:
    flat = np.ascontiguousarray(array).ravel()
    gaps = np.empty(0, np.uint8)
    if flat.dtype.kind in "iu":
        there = np.flatnonzero(flat)
        if 2 * there.size < flat.size:
            gaps, flat = _least(np.diff(there, prepend=0)), flat[there]
            gaps = gaps if gaps.size else np.empty(0, np.uint8)
        elif there.size == 0:
            flat = flat[:0]
        sparse = flat.size < array.size
        flat = _least(flat)
    else:
        sparse = False
    return {
        "name": name,
        "type": array.dtype.str,
        "shape": list(array.shape),
        "gaps_type": gaps.dtype.str if sparse else "",
        "gaps": _bytes(gaps) if sparse else b"",
        "values_type": flat.dtype.str,
        "values": _bytes(flat),
    }


def _array(row: dict[str, Any]) -> Array:
    values = _numbers(row["values"], row["values_type"])
    shape, type_ = tuple(row["shape"]), np.dtype(row["type"])
    if not row["gaps_type"]:
        return values.astype(type_).reshape(shape)
    array = np.zeros(int(np.prod(shape)), type_)
    array[np.cumsum(_numbers(row["gaps"], row["gaps_type"]).astype(np.int64))] = values.astype(type_)
    return array.reshape(shape)


def _least(numbers: Array) -> Array:
    """Return whole numbers in the smallest type that holds them all."""
    if numbers.size == 0:
        return numbers.astype(np.uint8)
    least = np.result_type(np.min_scalar_type(numbers.min()), np.min_scalar_type(numbers.max()))
    # Of a negative number and one beyond 32 bits NumPy makes a float, which holds 53.
    return numbers.astype(least if least.kind in "iu" else numbers.dtype)


def _bytes(numbers: Array) -> bytes:
    """Return all first bytes, then all second ones ...: high bytes, mostly zero, compress to nothing."""
    little = numbers.astype(numbers.dtype.newbyteorder("<"), copy=False)
    return little.view(np.uint8).reshape(-1, numbers.dtype.itemsize).T.tobytes()


def _numbers(content: bytes, type_: str) -> Array:
    kind = np.dtype(type_)
    return np.frombuffer(content, np.uint8).reshape(kind.itemsize, -1).T.copy().view(kind).ravel()
