"""The simple aggregates as one would write them with PyArrow and NumPy."""

from __future__ import annotations

from collections import Counter
from typing import Any

from benchmarks.limits import opened
from benchmarks.peers.line import Task, Timed

__all__ = ["arrow_numpy"]


def arrow_numpy(task: Task) -> Timed:
    """Nulls, mean, smallest and largest of each number, value counts of each string."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    def timed() -> dict[str, Any]:
        nulls, texts = Counter[str](), dict[str, Counter[str]]()
        sums, lows, highs = Counter[str](), dict[str, float](), dict[str, float]()
        rows = 0
        for batch in opened(task["current"]):
            rows += batch.num_rows
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                nulls[name] += column.null_count
                if pa.types.is_dictionary(column.type):
                    codes = column.indices.drop_null().to_numpy()
                    times = np.bincount(codes, minlength=len(column.dictionary))
                    texts.setdefault(name, Counter()).update(
                        dict(zip(column.dictionary.to_pylist(), times.tolist(), strict=True))
                    )
                else:
                    ends = pc.min_max(column)
                    lows[name] = min(lows.get(name, np.inf), ends["min"].as_py())
                    highs[name] = max(highs.get(name, -np.inf), ends["max"].as_py())
                    sums[name] += pc.sum(column).as_py()
        return {"rows": rows, "nulls": nulls.total(), "values counted": sum(c.total() for c in texts.values())}

    return timed
