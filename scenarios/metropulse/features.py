"""The rider log: what the ratings say of a ride, and what they don't (the device)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["DEVICES", "HOURS", "device_type", "hour_bucket", "label_of", "rider_log"]

HOURS = ("night", "morning", "afternoon", "evening")
"""Hours 0-5, 6-11, 12-17 and 18-23 UTC."""

DEVICES = ("mobile", "desktop", "tablet")

LIKED_FROM = 4
"""A rating of 4 or 5 counts as taken up."""


def hour_bucket(timestamp: NDArray[np.int64]) -> NDArray[np.str_]:
    """Return the part of the day (UTC) of each timestamp.

    Parameters
    ----------
    timestamp
        Seconds since 1970, UTC; shape (rows,).

    Examples
    --------
    >>> hour_bucket(np.array([0, 6 * 3600 - 1, 6 * 3600, 86400 - 1])).tolist()
    ['night', 'night', 'morning', 'evening']
    """
    return np.array(HOURS)[timestamp // 3600 % 24 // 6]


def device_type(rows: int, rng: np.random.Generator) -> NDArray[np.str_]:
    """Draw a device for each row, each kind with probability 1/3: MovieLens records none.

    So the device says nothing about the label, and all device slices must fare alike but for noise.
    """
    return np.array(DEVICES)[rng.integers(0, len(DEVICES), rows)]


def label_of(rating: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 1 for a rating of at least 4, else 0."""
    return (rating >= LIKED_FROM).astype(np.int64)


def rider_log(ratings: Any, rng: np.random.Generator) -> Any:
    """Return the log without affinities, which only exist once it is decided what the model learns from.

    Parameters
    ----------
    ratings
        pyarrow.Table with user_id, item_id, rating, timestamp.
    rng
        Draws the devices.

    Returns
    -------
    pyarrow.Table
        user_id, item_id, hour_bucket, device_type, label (0 or 1), rating, timestamp; rows as in `ratings`.
    """
    import pyarrow as pa

    timestamp = ratings["timestamp"].to_numpy()
    return pa.table(
        {
            "user_id": ratings["user_id"],
            "item_id": ratings["item_id"],
            "hour_bucket": pa.array(hour_bucket(timestamp), pa.string()),
            "device_type": pa.array(device_type(ratings.num_rows, rng), pa.string()),
            "label": label_of(ratings["rating"].to_numpy()),
            "rating": ratings["rating"],
            "timestamp": ratings["timestamp"],
        }
    )
