"""What a profile of a wide log costs to keep, in memory and as a file."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dawnwatch import Config
from dawnwatch.profiling.container import pack
from dawnwatch.profiling.learn import learn_plan
from dawnwatch.profiling.profile_file import window_facts
from dawnwatch.profiling.run import profile_window
from dawnwatch.sources import open_source

ROWS = 60_000
CATEGORIES = [2, 5, 12, 40, 200]


def wide(numeric: int, categorical: list[int], seed: int = 0) -> pa.Table:
    """A log with so many numbers, and a category column for each number of categories."""
    rng = np.random.default_rng(seed)
    columns = {f"number {i}": rng.normal(size=ROWS) for i in range(numeric)}
    columns |= {
        f"text {i}": pa.DictionaryArray.from_arrays(rng.zipf(1.2, ROWS) % size, [f"value {i}" for i in range(size)])
        for i, size in enumerate(categorical)
    }
    label = rng.integers(0, 2, ROWS)
    return pa.table(
        columns
        | {
            "key": np.arange(ROWS),
            "unit": rng.integers(0, 5000, ROWS),
            "label": label,
            "score": 1 / (1 + np.exp(-(rng.normal(size=ROWS) + label))),
        }
    )


def sizes(table: pa.Table, slices: list[str]) -> tuple[float, float]:
    """Megabytes in memory and in a file."""
    features = [name for name in table.schema.names if " " in name]
    config = Config.from_dict(
        {
            "roles": {"label": "label", "score": "score", "unit": "unit", "keys": ["key"], "slices": slices},
            "columns": {name: {"monitor": True} for name in features},
        }
    )
    source = open_source(table, what="reference")
    window = profile_window(source, learn_plan(config, source, source, None, "score"), exact_rows=0)
    return window.profile.nbytes / 2**20, len(pack(*window_facts(window))) / 2**20


def test_fifty_columns_take_less_than_sixteen_megabytes_and_four_on_disk() -> None:
    memory, disk = sizes(wide(25, [CATEGORIES[i % 5] for i in range(25)]), ["text 0", "text 2"])
    assert memory < 16
    assert disk < 4
