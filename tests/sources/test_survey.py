"""What one pass shows of a column, against pandas, and what counts as personal."""

from __future__ import annotations

import math
from collections import Counter

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawnwatch.profiling.arrow import type_name
from dawnwatch.sources import open_source
from dawnwatch.sources.naming import id_name, person_name
from dawnwatch.sources.personal import personal_name
from dawnwatch.sources.plain import family, plain_type
from dawnwatch.sources.survey import survey
from dawnwatch.sources.unique import is_unique


class Pieces:
    """A table in batches as small as one row."""

    name = "pieces"

    def __init__(self, table: pa.Table, size: int) -> None:
        self.schema, self.table, self.size = table.schema, table, size

    def batches(self, columns: object = None) -> list[pa.RecordBatch]:
        names = [n for n in self.schema.names if columns is None or n in columns]  # type: ignore[operator]
        return self.table.select(names).to_batches(max_chunksize=self.size)


@given(
    numbers=st.lists(st.one_of(st.none(), st.floats(width=32)), min_size=1, max_size=30),
    size=st.integers(1, 30),
)
def test_counts_and_extremes_of_numbers(numbers: list[float | None], size: int) -> None:
    facts = survey(Pieces(pa.table({"x": pa.array(numbers, pa.float64())}), size))["x"]  # type: ignore[arg-type]
    held = [n for n in numbers if n is not None]
    finite = [n for n in held if math.isfinite(n)]
    assert facts.rows == len(numbers)
    assert facts.null == numbers.count(None)
    assert facts.nan == sum(map(math.isnan, held))
    assert facts.infinite == sum(map(math.isinf, held))
    assert facts.low == min(finite, default=None)
    assert facts.high == max(finite, default=None)
    assert facts.counts == Counter(n for n in held if not math.isnan(n))


@given(
    texts=st.lists(st.one_of(st.none(), st.text(max_size=3)), min_size=1, max_size=30),
    size=st.integers(1, 30),
    coded=st.booleans(),
)
def test_counts_of_strings(texts: list[str | None], size: int, coded: bool) -> None:
    array = pa.array(texts, pa.string())
    table = pa.table({"s": array.dictionary_encode() if coded else array})
    facts = survey(Pieces(table, size))["s"]  # type: ignore[arg-type]
    assert facts.counts == Counter(t for t in texts if t is not None)
    assert (facts.null, facts.empty) == (texts.count(None), texts.count(""))
    assert facts.missing == (texts.count(None) + texts.count("")) / len(texts)


def test_integers_beyond_float_precision_are_exact_and_long_lists_are_dropped() -> None:
    table = pa.table({"n": [2**63 - 1, -(2**63), *list(range(51))], "s": [str(i) for i in range(53)]})
    facts = survey(open_source(table))
    assert (facts["n"].low, facts["n"].high) == (-(2**63), 2**63 - 1)
    assert facts["n"].counts is None
    assert facts["s"].counts is None


@given(
    rows=st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 3)), min_size=1, max_size=10),
    size=st.integers(1, 5),
    coded=st.booleans(),
)
def test_uniqueness_agrees_with_pandas(rows: list[tuple[str | None, int]], size: int, coded: bool) -> None:
    frame = pd.DataFrame(rows, columns=["s", "n"])
    strings = pa.array([s for s, _ in rows], pa.string())
    table = pa.table({"s": strings.dictionary_encode() if coded else strings, "n": frame["n"]})
    for names in (["s"], ["n"], ["s", "n"]):
        expected = not frame.duplicated(names).any()
        assert is_unique(Pieces(table, size), names) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "type_",
    [
        pa.int8(),
        pa.uint64(),
        pa.float16(),
        pa.float64(),
        pa.decimal128(5, 2),
        pa.decimal128(5, 0),
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int8(), pa.large_string()),
        pa.bool_(),
        pa.null(),
        pa.date32(),
        pa.timestamp("us", "UTC"),
        pa.binary(),
        pa.list_(pa.int64()),
    ],
    ids=str,
)
def test_families_are_those_the_kernel_knows(type_: pa.DataType) -> None:
    assert family(plain_type(type_)) == type_name(plain_type(type_))


@pytest.mark.parametrize(
    "name",
    [
        "email",
        "E-Mail",
        "customerEmail",
        "phone_number",
        "firstName",
        "last name",
        "name",
        "user_name",
        "ip_address",
        "date_of_birth",
        "SSN",
        "iban",
        "credit_card_number",
        "licencePlate",
        "tax_id",
    ],
)
def test_personal_names(name: str) -> None:
    assert personal_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "email_opened",
        "phone_type",
        "device_name",
        "product_name",
        "user_id",
        "device_type",
        "mobile",
        "pinned",
        "city",
        "is_email_valid",
        "shipping",
        "nameplate",
        "",
    ],
)
def test_harmless_names(name: str) -> None:
    assert not personal_name(name)


@pytest.mark.parametrize(
    ("values", "personal"),
    [
        (["write to ann@example.org", "no"], "e-mail addresses"),
        (["+49 30 1234567", "+1 (415) 555-2671"], "phone numbers"),
        (["415-555-2671", "415-555-2672"], "phone numbers"),
        (["123-45-6789", "987-65-4321"], "social security numbers"),
        (["2024-01-01", "2024-12-31"], None),
        (["2024-01-01 10:00:00", "12:30"], None),
        (["SKU-1234-5678", "1.2.3"], None),
        (["user@host", "@handle"], None),
        (["0.123456789", "12345678901"], None),
    ],
)
def test_personal_values(values: list[str], personal: str | None) -> None:
    assert survey(open_source(pa.table({"c": values})))["c"].personal == personal


def test_names_of_ids_and_persons() -> None:
    assert all(map(id_name, ["user_id", "userId", "UUID", "itemid", "order key", "", "Unnamed: 0", "id"]))
    assert not any(map(id_name, ["paid", "grid", "key", "valid", "covid", "bid", "idea", "hybrid"]))
    assert all(map(person_name, ["user_id", "riderId", "customer", "memberid"]))
    assert not any(map(person_name, ["user_age", "item_id", "customer_segment", "paid"]))
