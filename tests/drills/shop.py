"""A small made-up data set, so that tests of drills need no download: visits to a shop, by customer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dawnwatch.drills.data.base import DataSet, part_of_day

DAY = 86_400
FIRST = 20_454
"""Days from 1970 to the beginning of 2026: before 1980 nothing is taken for a time."""


def shop(*, timed: bool = True, customers: int = 500, seed: int = 0) -> DataSet:
    """Customers differ in how much they buy; the amount and the channel say something, too."""
    rng = np.random.default_rng(seed)
    rows_of = rng.integers(20, 60, customers)
    unit = np.repeat(np.arange(customers), rows_of)
    rows = len(unit)
    # Few come at night, so that another clock moves the hours.
    part = rng.choice(4, rows, p=[0.05, 0.2, 0.4, 0.35])
    seconds = (FIRST + rng.integers(0, 200, rows)) * DAY + part * DAY // 4 + rng.integers(0, DAY // 4, rows)
    amount = rng.gamma(2.0, 10.0, rows)
    channel = rng.choice(["app", "web", "till"], rows, p=[0.4, 0.4, 0.2])
    weights = 1 / np.arange(4, 64)
    product = np.random.default_rng([seed, 1]).choice(60, rows, p=weights / weights.sum()).astype(str)
    liking = rng.normal(0, 1, customers)[unit]
    logit = liking + 0.08 * (amount - 20) + np.where(channel == "till", 1.0, 0.0) - 0.3
    log = pa.table(
        {
            "customer": pa.array([f"c{name:04d}" for name in unit]),
            "visit": np.arange(rows),
            "at": seconds,
            "channel": pa.array(channel.tolist()),
            "product": pa.array(product.tolist()),
            "part": pa.array(part_of_day(seconds).tolist()),
            "amount": amount,
            "bought": (rng.random(rows) < 1 / (1 + np.exp(-logit))).astype(np.int64),
        }
    )
    return DataSet(
        name="shop",
        title="a shop: will the visitor buy?",
        log=log,
        unit="customer",
        label="bought",
        time="at" if timed else None,
        keys=("customer", "visit"),
        features=("channel", "part", "amount", "habit"),
        categorical=("channel", "part"),
        rates={"habit": "customer"},
        slice=("channel", "app"),
        number="amount",
        category="channel",
        served="amount",
        popular="product",
        hours="part" if timed else None,
        surges={"mobile_surge": ("channel", "app"), "night_concentration": ("part", "night")},
        settings={
            "columns": {"amount": {"range": {"min": 0, "max": 500}}, "habit": {"monitor": False, "because": "x"}}
        },
    )
