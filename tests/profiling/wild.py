"""Random logs in which all that goes wrong in a log does, their profiles, and everything those count."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa

from dawnwatch import Config
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import Profile
from dawnwatch.model.sample import Sample
from dawnwatch.profiling.counting import Counting
from dawnwatch.profiling.kernel import Tally
from dawnwatch.profiling.keys import KeyStore
from dawnwatch.profiling.learn import learn_plan
from dawnwatch.sources import open_source

CONFIG = Config.from_dict(
    {
        "roles": {"label": "label", "score": "score", "unit": "unit", "keys": ["key"], "slices": ["device", "amount"]},
        "columns": {
            "device": {"monitor": True, "allowed": ["mobile", "desktop", ""], "pattern": "[a-z]*"},
            "city": {"monitor": True},
            "amount": {"monitor": True, "range": {"min": -1, "max": 2, "max_inclusive": False}},
            "count": {"monitor": True},
            "empty": {"monitor": True, "required": False},
            "secret": {"monitor": True, "private": True},
        },
    }
)


def rows(seed: int, n: int, *, wild: bool = True) -> pa.Table:
    """A random table; a wild one holds all that goes wrong in a log."""
    rng = np.random.default_rng(seed)
    devices = ["mobile", "desktop", "tablet", *(["", None, "toaster", "Mobile"] if wild else [])]
    labels = [0, 1, *([2, None] if wild else [])]
    amounts = rng.normal(size=n)
    scores = rng.random(n).round(3)
    if wild:
        amounts = rng.choice([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e308, *rng.normal(size=20)], n)
        scores = rng.choice([np.nan, np.inf, 1.5, -0.25, *rng.random(20)], n)
    nulls = rng.random(n) < (0.1 if wild else 0)
    return pa.table(
        {
            "device": pa.array([devices[i] for i in rng.integers(0, len(devices), n)], pa.string()),
            # Above the 200 categories that have a bin of their own.
            "city": pa.array([f"city {i}" for i in rng.integers(0, 400 if wild else 300, n)], pa.string()),
            "amount": pa.array(amounts, mask=nulls),
            "count": pa.array(rng.integers(-5, 50, n), mask=nulls),
            "empty": pa.nulls(n, pa.int64()),
            "secret": pa.array(rng.integers(0, 5, n)),
            "key": pa.array(rng.integers(0, max(n, 1), n), mask=rng.random(n) < (0.05 if wild else 0)),
            "unit": pa.array(rng.integers(0, 60 if wild else 40, n), mask=nulls),
            "label": pa.array([labels[i] for i in rng.integers(0, len(labels), n)], pa.int64()),
            "score": pa.array(scores),
        }
    )


@cache
def plan() -> Plan:
    """What the tame log is watched for."""
    source = open_source(rows(0, 3000, wild=False), what="reference")
    return learn_plan(CONFIG, source, source, None, "score")


def batch_of(table: pa.Table) -> pa.RecordBatch:
    """A table as one batch, with its types as they are."""
    return pa.RecordBatch.from_arrays([c.combine_chunks() for c in table.columns], names=table.schema.names)


def profiled(
    table: pa.Table, by: Plan | None = None, *, counting: Counting | None = None, most: int = 10_000
) -> Profile:
    """Profile a table as one batch, its keys kept, with a sample of at most `most` rows."""
    by = by or plan()
    with KeyStore(1 << 20, counting) as store, patch("dawnwatch.profiling.sampling.sample_rows", lambda columns: most):
        tally = Tally(by, keys=store.add, counting=counting)
        tally.add(batch_of(table))
        return tally.profile().with_repeats(store.repeats(keep=True)[0])


def sampled(sample: Sample | None) -> Any:
    """Everything of a sample but the order of its rows."""
    if sample is None:
        return None
    columns = [sample.units.tolist(), *(sample.columns[name].tolist() for name in sorted(sample.columns))]
    return sample.limit, sample.giants, sorted(map(repr, zip(*columns, strict=True)))


def counts(found: Profile, *, types: bool = True) -> dict[str, Any]:
    """Everything of a profile that is counted, by name, in short forms that compare quickly."""
    repeats, units = found.repeats, found.unit_counts
    counted: dict[str, Any] = {
        "rows": found.rows,
        "scores": _digest(found.scores),
        "outside": found.score_outside,
        "labels": found.label_values,
        "units": _digest(found.units),
        "group_scores": _digest(found.group_scores),
        "unit_counts": units and (units.hashes.tolist(), units.rows.tolist(), units.limit),
        "repeats": repeats and (repeats.keyed, repeats.repeats, _digest(repeats.keys)),
        "sample": sampled(found.sample),
        "fingerprint": found.fingerprint,
    }
    for name, column in found.columns.items():
        moments = column.moments
        counted |= {
            f"{name}.type": column.type if types else None,
            f"{name}.counts": column.counts.tolist(),
            f"{name}.moments": (
                moments.nan,
                moments.pos_inf,
                moments.neg_inf,
                moments.finite,
                moments.low,
                moments.high,
            ),
            f"{name}.checksums": (column.checksum, moments.checksum),
            f"{name}.distinct": (column.sole, column.varies),
            f"{name}.cube": _digest(column.cube),
            f"{name}.groups": _digest(column.groups),
            f"{name}.group_cubes": _digest(column.group_cubes),
            f"{name}.unseen": column.unseen,
        }
    return counted


def _digest(table: Any) -> Any:
    if table is None:
        return None
    return table.dtype.str, table.shape, int(table.sum()), blake2b(table.tobytes(), digest_size=8).hexdigest()


def examples(found: Profile) -> dict[str, Any]:
    """Every example row, by column and counter."""
    return {name: column.examples for name, column in found.columns.items()} | {"": found.examples}


def merged(parts: list[Profile], rng: np.random.Generator) -> Profile:
    """Add neighbours in any order, as a tree of machines would, none of which knows where its rows stand."""
    parts = list(parts)
    while len(parts) > 1:
        at = int(rng.integers(0, len(parts) - 1))
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts[0]
