"""The bins of the watched columns: the same whether a column fits in memory or is read again for its quantiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import BaselineError
from dawnwatch.model.bin_names import MISSING, OTHER, OTHER_OR_UNSEEN, UNSEEN
from dawnwatch.profiling import bins
from dawnwatch.profiling.bins import CATEGORIES_KEPT, gather_bins
from dawnwatch.profiling.hashing import hash_texts
from dawnwatch.stats.binning import interval_names, quantile_edges
from tests.stats.test_quantiles import CASES


class Table:
    """A source of one table in batches of a size, which counts how often each column is read."""

    name, fault = "reference", None

    def __init__(self, table: pa.Table, size: int) -> None:
        self.table, self.size, self.schema = table, size, table.schema
        self.read: Counter[str] = Counter()

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        self.read.update(columns or self.schema.names)
        yield from self.table.select(columns).combine_chunks().to_batches(max_chunksize=self.size)


@pytest.mark.parametrize("size", [97, 1000, 100_000])
def test_numbers_that_do_not_fit_have_the_same_bins(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bins, "SAMPLE", 1000)
    rng = np.random.default_rng(1)
    columns = {name: make(rng, 4000) for name, make in CASES.items()}
    columns["spoilt"] = np.where(rng.random(4000) < 0.2, rng.choice([np.nan, np.inf, -np.inf], 4000), columns["random"])
    # Every k-th value, which the sample holds, says nothing of the others.
    columns["misleading"] = np.where(np.arange(4000) % 4 == 0, -1.0, rng.random(4000))
    columns["few"] = np.where(np.arange(4000) < 250, columns["random"], np.nan)
    source = Table(pa.table(columns), size)
    found = gather_bins(source, dict.fromkeys(columns, "numeric"), private=())
    for name, values in columns.items():
        expected = quantile_edges(values[np.isfinite(values)])
        assert found[name].edges.tolist() == expected.tolist(), name
        assert found[name].names == (*interval_names(expected), MISSING)
    # What fits is read once, what does not twice, and what the sample misjudged once more.
    assert source.read["few"] == 1
    assert source.read["random"] == 2
    assert source.read["misleading"] == 3


def test_a_column_of_nulls_has_one_bin() -> None:
    source = Table(pa.table({"x": pa.nulls(5), "y": pa.nulls(5, pa.float64())}), 2)
    for found in gather_bins(source, {"x": "numeric", "y": "numeric"}, private=()).values():
        assert (found.names, found.edges.size) == (("all values", MISSING), 0)
    empty = gather_bins(source, {"x": "categorical"}, private=())["x"]
    assert (empty.names, empty.others.size) == ((OTHER, MISSING, UNSEEN), 0)


@pytest.mark.parametrize("coded", [False, True])
def test_categories_by_count_then_by_name(coded: bool) -> None:
    rng = np.random.default_rng(2)
    values = [None if rng.random() < 0.1 else f"n{i}" for i in rng.zipf(1.3, 20_000) % 900]
    array = pa.array(values)
    source = Table(pa.table({"x": array.dictionary_encode() if coded else array}), 333)
    found = gather_bins(source, {"x": "categorical"}, private=())["x"]
    counted = Counter(value for value in values if value is not None)
    ranked = sorted(counted, key=lambda name: (-counted[name], name))
    assert found.names == (*ranked[:CATEGORIES_KEPT], OTHER_OR_UNSEEN, MISSING, UNSEEN)
    assert list(found.codes.items()) == [(name, code) for code, name in enumerate(ranked[:CATEGORIES_KEPT])]
    assert found.others.tolist() == sorted(hash_texts(ranked[CATEGORIES_KEPT:]).tolist())


def test_rows_are_needed_and_categories_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BaselineError, match="reference: the reference holds no rows"):
        gather_bins(Table(pa.table({"x": pa.array([], pa.int64())}), 5), {"x": "numeric"}, private=())
    monkeypatch.setattr(bins, "CATEGORIES_MOST", 10)
    source = Table(pa.table({"x": [f"c{i}" for i in range(11)]}), 5)
    with pytest.raises(BaselineError, match="column 'x' holds more than 10 distinct values") as caught:
        gather_bins(source, {"x": "categorical"}, private=())
    assert "monitor = false" in str(caught.value)


def test_private_bins_do_not_say_their_values() -> None:
    table: dict[str, Any] = {"text": ["s3cret", "other"] * 5, "number": [77.125] * 10}
    found = gather_bins(Table(pa.table(table), 5), {"text": "categorical", "number": "numeric"}, private=set(table))
    assert found["text"].names == ("value 1", "value 2", OTHER, MISSING, UNSEEN)
    assert found["number"].names == ("bin 1 of 3", "bin 2 of 3", "bin 3 of 3", MISSING)


@pytest.mark.parametrize(("once", "open_"), [(0, False), (2, False), (3, True)])
def test_a_reference_that_keeps_bringing_new_values_says_so(once: int, open_: bool) -> None:
    kept = [f"k{n}" for n in range(CATEGORIES_KEPT) for _ in range(10)]
    values = kept + [f"once{n}" for n in range(once)] + [f"twice{n}" for n in range(50)] * 2
    (found,) = gather_bins(Table(pa.table({"x": values}), 97), {"x": "categorical"}, private=()).values()
    assert found.open is open_
    assert found.names[found.other] == (OTHER_OR_UNSEEN if open_ else OTHER)
