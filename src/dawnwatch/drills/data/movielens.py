"""MetroPulse's rider log, which is MovieLens 100K: will the rider take up the suggestion?"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from dawnwatch.drills.data.base import DataSet

__all__ = ["movielens"]

COLUMNS = ("user_id", "item_id", "hour_bucket", "device_type", "label", "timestamp")


def movielens(rider_log: pa.Table) -> DataSet:
    """Return the data set of a rider log; the unit is the rider.

    Parameters
    ----------
    rider_log : with the columns user_id and item_id (numbers), hour_bucket and device_type (text), label (0 or 1) and
        timestamp (seconds since 1970), as the worked example makes it; whoever may import that hands it in
    """
    log = rider_log.select(COLUMNS)
    log = log.set_column(0, "user_id", log["user_id"].cast(pa.string()))
    return DataSet(
        name="movielens",
        title="MetroPulse's rider log (MovieLens 100K): will the rider take up the suggestion?",
        log=log,
        unit="user_id",
        label="label",
        time="timestamp",
        keys=("user_id", "item_id"),
        features=("hour_bucket", "device_type", "user_affinity", "item_affinity"),
        categorical=("hour_bucket", "device_type"),
        rates={"user_affinity": "user_id", "item_affinity": "item_id"},
        slice=("device_type", "mobile"),
        number="item_affinity",
        category="device_type",
        served="item_affinity",
        popular="item_id",
        hours="hour_bucket",
        surges={"mobile_surge": ("device_type", "mobile"), "night_concentration": ("hour_bucket", "night")},
        settings=_SETTINGS,
    )


_AFFINITY = {
    "range": {"min": 0, "max": 1},
    "monitor": False,
    "because": "It is learned from the training rows, so it follows the share of who is new; the bounds are its own.",
}

_SETTINGS: dict[str, Any] = {
    "project": {"name": "drill: MetroPulse", "owner": "whoever plays"},
    "columns": {
        "item_id": {"range": {"min": 1, "max": 1682}, "bounds_because": "Routes are numbered from 1 to 1682."},
        "user_affinity": _AFFINITY,
        "item_affinity": _AFFINITY,
    },
}
