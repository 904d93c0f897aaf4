"""64-bit hashes of Arrow columns and rows, equal on every machine, in every run and for every file format.

Strings use multilinear hashing over their bytes (Lemire and Kaser, The Computer Journal 57, 2014), numbers the
SplitMix64 finaliser (Steele, Lea and Flood, OOPSLA 2014). Of n distinct keys about n**2 / 2**65 pairs collide by
chance: 3e-4 expected collisions among 100 million. There is no secret seed, since profiles of different machines must
add: whoever wants two rows to collide can make them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dawnwatch.profiling.arrow import (
    as_text,
    canonical,
    in_use,
    null_mask,
    numbers,
    plain_decimal,
    python_values,
    type_name,
)
from dawnwatch.profiling.counting import best
from dawnwatch.sources.plain import plain_type

__all__ = ["hash_column", "hash_rows", "hash_texts", "mix", "seed_word"]

Hashes = NDArray[np.uint64]
_COUNTING = best()
AT_ONCE = 1 << 22
_NULL, _NAN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD1B54A32D192ED03)


def mix(words: Hashes) -> Hashes:
    """Scramble 64-bit words so that every input bit moves every output bit."""
    return _COUNTING.mix(words)


def seed_word(seed: int) -> np.uint64:
    """Return what a seed turns hashes by."""
    return np.uint64(mix(np.array([seed % 2**64], np.uint64))[0])


def hash_texts(found: Sequence[str]) -> Hashes:
    """Return the hash of each text, the same as in a column of strings."""
    return _hash_strings(pa.array(found, pa.large_string()))


def hash_column(array: pa.Array) -> Hashes:
    """Return one hash per value. Equal values hash alike: 1 and 1.0, plain and dictionary-encoded strings."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        codes, values = in_use(array)
        return np.asarray(np.append(hash_column(values), _NULL)[codes])
    if type_name(array.type) == "timestamp":
        hashes = _hash_times(array)
    elif type_name(array.type) in {"integer", "boolean"}:
        whole = array.cast(pa.int64(), safe=False)
        whole = whole.fill_null(0) if whole.null_count else whole
        hashes = mix(whole.to_numpy(zero_copy_only=False).view(np.uint64))
    elif pa.types.is_decimal(plain_type(array.type)):
        hashes = _hash_decimals(array)
    elif type_name(array.type) == "number":
        hashes = _hash_floats(numbers(array))
    elif type_name(array.type) == "null":
        return np.full(len(array), _NULL)
    else:
        hashes = _hash_strings(as_text(array))
    return np.where(null_mask(array), _NULL, hashes) if array.null_count else hashes


def hash_rows(columns: Mapping[str, Hashes]) -> Hashes:
    """Return one hash per row from the hashes of named columns; their order does not matter, their names do."""
    total = np.zeros(len(next(iter(columns.values()), ())), dtype=np.uint64)
    for name, hashes in columns.items():
        _COUNTING.mix_into(hashes, hash_texts([name])[0], total)
    return total


def _hash_times(array: pa.Array) -> Hashes:
    """Hash instants alike in every unit: by their microseconds, and what nanoseconds are left over."""
    if array.type in {pa.date32(), pa.date64()}:
        array = array.cast(pa.timestamp("ms"))
    counts = array.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    micros = {"s": 1_000_000, "ms": 1_000, "us": 1}.get(array.type.unit)
    if micros is not None:
        return mix(counts.astype(np.uint64) * np.uint64(micros))
    rest = (counts % 1000).astype(np.uint64)
    return mix((counts // 1000).astype(np.uint64) ^ np.where(rest > 0, mix(rest), np.uint64(0)))


def _hash_floats(values: NDArray[np.float64]) -> Hashes:
    whole = np.isfinite(values) & (values == np.floor(values)) & (np.abs(values) < 2.0**63)
    as_ints = np.where(whole, values, 0).astype(np.int64).view(np.uint64)
    words = np.where(whole, as_ints, values.view(np.uint64))
    return np.where(np.isnan(values), _NAN, mix(words))


def _hash_decimals(array: pa.Array) -> Hashes:
    """Hash a value as the int64 or the float that holds it, else by its digits, so that no two values are one."""
    words, held = _as_int64(array)
    hashes = mix(words)
    rest = np.flatnonzero(~held & ~null_mask(array))
    if not rest.size:
        return hashes
    part = array.take(pa.array(rest))
    hashes[rest] = _hash_floats(numbers(part))
    values = [plain_decimal(value) for value in python_values(part)]
    whole = [at for at, value in enumerate(values) if isinstance(value, int) and -(2**63) <= value < 2**63]
    hashes[rest[whole]] = mix(np.array([values[at] for at in whole], np.int64).view(np.uint64))
    wide = np.array([not isinstance(value, float) and float(value) != value for value in values], dtype=bool)
    wide[whole] = False
    hashes[rest[wide]] = hash_texts([canonical(value) for value, is_wide in zip(values, wide, strict=True) if is_wide])
    return hashes


def _as_int64(array: pa.Array) -> tuple[Hashes, NDArray[np.bool_]]:
    """Return the values of whole decimals that an int64 holds, as words, and which they are."""
    if not pa.types.is_decimal128(array.type) or array.type.scale:
        return np.zeros(len(array), np.uint64), np.zeros(len(array), bool)
    # Little-endian words of 64 bits; where the upper one is the lower one's sign, that says it all.
    words = np.frombuffer(array.buffers()[1], "<i8")[2 * array.offset : 2 * (array.offset + len(array))]
    low, high = words[0::2], words[1::2]
    return low.view(np.uint64).copy(), (high == low >> 63) & ~null_mask(array)


def _hash_strings(array: pa.Array) -> Hashes:
    """Sum of (byte + 1) * coefficient(position), then the length, modulo 2**64."""
    if len(array) == 0:
        return np.empty(0, np.uint64)
    if len(array) > 1 and (pc.sum(pc.binary_length(array)).as_py() or 0) > AT_ONCE:
        # Each byte takes some forty while it is hashed.
        middle = len(array) // 2
        return np.concatenate([_hash_strings(array.slice(0, middle)), _hash_strings(array.slice(middle))])
    _, offsets_buffer, data = array.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int64)[array.offset : array.offset + len(array) + 1]
    starts, ends = offsets[:-1] - offsets[0], offsets[1:] - offsets[0]
    lengths = ends - starts
    content = np.frombuffer(data or b"", np.uint8)[offsets[0] : offsets[-1]].astype(np.uint64)
    positions = np.arange(content.size) - np.repeat(starts, lengths)
    with np.errstate(over="ignore"):
        table = mix(np.arange(int(lengths.max()) + 1, dtype=np.uint64)) | np.uint64(1)
        running = np.concatenate([np.zeros(1, np.uint64), np.cumsum((content + np.uint64(1)) * table[positions])])
        return mix((running[ends] - running[starts]) ^ mix(lengths.astype(np.uint64)))
