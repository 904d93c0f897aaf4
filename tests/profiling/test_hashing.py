"""Hashes: equal for equal values however they are stored, and different otherwise."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawnwatch.profiling.hashing import hash_column, hash_rows, mix

texts = st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=30)


def splitmix64(word: int) -> int:
    """Steele, Lea and Flood's finaliser in plain integers."""
    mask = 2**64 - 1
    word = (word + 0x9E3779B97F4A7C15) & mask
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & mask
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & mask
    return word ^ (word >> 31)


def test_mix_is_splitmix64() -> None:
    # The first outputs of the reference generator seeded with 1234567.
    seeds = [(1234567 + i * 0x9E3779B97F4A7C15) % 2**64 for i in range(3)]
    known = [6457827717110365317, 3203168211198807973, 9817491932198370423]
    assert mix(np.array(seeds, np.uint64)).tolist() == known
    words = np.random.default_rng(0).integers(0, 2**64, 100, dtype=np.uint64)
    assert mix(words).tolist() == [splitmix64(int(word)) for word in words]


@given(texts, st.integers(0, 5))
def test_strings_hash_alike_in_every_encoding(values: list[str | None], skip: int) -> None:
    plain = pa.array(values, pa.string())
    expected = hash_column(plain)
    for array in (plain.cast(pa.large_string()), plain.dictionary_encode(), plain.cast(pa.string_view())):
        assert hash_column(array).tolist() == expected.tolist()
        assert hash_column(array.slice(skip)).tolist() == expected[skip:].tolist()
    chunked = pa.chunked_array([plain.slice(0, skip), plain.slice(skip)])
    assert hash_column(chunked).tolist() == expected.tolist()
    by_value: dict[str | None, set[int]] = {}
    for value, hashed in zip(values, expected.tolist(), strict=True):
        by_value.setdefault(value, set()).add(hashed)
    assert all(len(hashes) == 1 for hashes in by_value.values())
    assert len({min(h) for h in by_value.values()}) == len(by_value)


def test_no_collision_among_many_strings() -> None:
    rng = np.random.default_rng(3)
    letters = np.array(list("abcdefghij \x00é"))
    random = {"".join(letters[rng.integers(0, 13, size)]) for size in rng.integers(0, 24, 100_000)}
    awkward = {prefix * times for prefix in ("a", "\x00", "ab", "é") for times in range(200)}
    awkward |= {f"user_{i}" for i in range(20_000)} | {f"{i}_user" for i in range(20_000)}
    values = sorted(random | awkward)
    assert len(values) > 100_000
    assert np.unique(hash_column(pa.array(values))).size == len(values)


def test_numbers_hash_by_value_not_by_type() -> None:
    whole = [0, 1, -1, 2**31, -(2**40), 7]
    expected = hash_column(pa.array(whole, pa.int64())).tolist()
    assert hash_column(pa.array([float(x) for x in whole])).tolist() == expected
    assert hash_column(pa.array(whole).cast(pa.decimal128(30, 4))).tolist() == expected
    assert hash_column(pa.array([0, 1], pa.uint8())).tolist() == expected[:2]
    assert hash_column(pa.array([-0.0, 1.0], pa.float32())).tolist() == expected[:2]
    assert hash_column(pa.array([False, True])).tolist() == expected[:2]


@pytest.mark.parametrize("type_", [pa.decimal128(38, 0), pa.decimal256(60, 0), pa.decimal128(38, 4)])
@pytest.mark.parametrize("first", [10**18, -(10**19), 2**63 - 1500, 10**30])
def test_decimals_wider_than_a_float_are_told_apart_by_every_digit(type_: pa.DataType, first: int) -> None:
    values = [Decimal(first + at) for at in range(3000)]
    hashes = hash_column(pa.array([None, *values], type_).slice(1))
    assert np.unique(hashes).size == 3000
    fitting = [at for at in range(3000) if -(2**63) <= first + at < 2**63]
    whole = hash_column(pa.array([first + at for at in fitting], pa.int64()))
    assert hashes[fitting].tolist() == whole.tolist()


def test_a_decimal_hashes_as_the_number_it_is() -> None:
    values = [Decimal("1.10"), Decimal("2"), None, Decimal("-0.5")]
    expected = hash_column(pa.array([1.1, 2, None, -0.5])).tolist()
    assert hash_column(pa.array(values, pa.decimal128(38, 20))).tolist() == expected
    long = [Decimal("0.12345678901234567890"), Decimal("0.12345678901234567891")]
    one, other = hash_column(pa.array(long, pa.decimal128(38, 20))).tolist()
    assert one != other
    assert hash_column(pa.array(long[:1], pa.decimal256(50, 30))).tolist() == [one]
    power = pa.array([Decimal(2**70)], pa.decimal128(38, 0))
    assert hash_column(power).tolist() == hash_column(pa.array([2.0**70])).tolist()


def test_no_collision_among_many_numbers() -> None:
    rng = np.random.default_rng(4)
    whole = np.unique(rng.integers(-(2**62), 2**62, 50_000))
    near = np.arange(-25_000, 25_000)
    floats = np.unique(np.r_[rng.normal(size=50_000), np.geomspace(1e-300, 1e300, 5000), np.inf, -np.inf, np.nan])
    hashes = [hash_column(pa.array(values)) for values in (np.union1d(whole, near), floats[floats != np.floor(floats)])]
    assert all(np.unique(h).size == h.size for h in hashes)
    special = hash_column(pa.array([None, float("nan"), np.inf, -np.inf, 0.0]))
    assert np.unique(special).size == 5


def test_instants_hash_alike_in_every_unit_and_apart_by_the_nanosecond() -> None:
    seconds = [0, 1_700_000_000, -86_400, None]
    known = hash_column(pa.array(seconds, pa.timestamp("s"))).tolist()
    for unit, factor in {"ms": 10**3, "us": 10**6, "ns": 10**9}.items():
        scaled = [None if s is None else s * factor for s in seconds]
        assert hash_column(pa.array(scaled, pa.timestamp(unit, "Asia/Tokyo"))).tolist() == known
    assert hash_column(pa.array([-1, 0], pa.date32())).tolist() == [known[2], known[0]]
    assert hash_column(pa.array([datetime(1970, 1, 1, tzinfo=UTC)]))[0] == known[0]
    nanoseconds = hash_column(pa.array(np.arange(-5000, 5000), pa.timestamp("ns")))
    assert np.unique(nanoseconds).size == 10_000


@pytest.mark.parametrize(
    "array",
    [
        pa.array([b"\xff", b"\xfe"]),
        pa.array([[1], [2]]),
        pa.array([{"a": 1}, {"a": 2}]),
        pa.array([1, 2], pa.duration("s")),
    ],
    ids=lambda array: str(array.type),
)
def test_odd_types_hash_by_value(array: pa.Array) -> None:
    hashes = hash_column(array)
    assert hashes[0] != hashes[1]
    assert hash_column(array.take(pa.array([1, 0, 1]))).tolist() == [hashes[1], hashes[0], hashes[1]]


def rows_of(**columns: pa.Array) -> np.ndarray:
    return hash_rows({name: hash_column(array) for name, array in columns.items()})


def test_rows_hash_by_name_not_by_order_of_columns() -> None:
    a, b = pa.array([1, 2, 3]), pa.array(["x", None, ""])
    expected = rows_of(a=a, b=b)
    assert rows_of(b=b, a=a).tolist() == expected.tolist()
    assert np.unique(expected).size == 3
    assert set(rows_of(b=a, a=b)).isdisjoint(expected)
    assert rows_of(a=pa.array([5]), b=pa.array([6]))[0] != rows_of(a=pa.array([6]), b=pa.array([5]))[0]
    assert hash_rows({}).size == 0


def test_hashes_are_pinned() -> None:
    # A profile that was saved must meet the same hashes later; changing them needs a new schema version.
    found = hash_column(pa.array(["", "a", "rider 1"])).tolist()
    table = [(splitmix64(i) | 1) for i in range(8)]

    def by_hand(text: bytes) -> int:
        total = sum((byte + 1) * table[i] for i, byte in enumerate(text)) % 2**64
        return splitmix64(total ^ splitmix64(len(text)))

    assert found == [by_hand(b""), by_hand(b"a"), by_hand(b"rider 1")]


def test_a_part_of_a_coded_column_hashes_as_its_strings() -> None:
    values = pa.array(["a", None, "", "never used", "é"])
    coded = pa.DictionaryArray.from_arrays(pa.array([4, 1, None, 2, 0, 0, 2]), values)
    plain = hash_column(pa.array(coded.to_pylist(), pa.string()))
    assert hash_column(coded).tolist() == plain.tolist()
    for start, end in ((0, 3), (2, 5), (1, 2), (3, 3)):
        assert hash_column(coded[start:end]).tolist() == plain[start:end].tolist()
