"""The flights that left New York City in 2013: will this one arrive late?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from dawnwatch.drills.data.base import DataSet, part_of_day
from dawnwatch.drills.data.shipped import read_shipped

__all__ = ["LATE", "flights"]

LATE = 15
"""A flight that arrives more than this many minutes after its time is late."""
KNOWN_AFTER = 60
"""Two hours on, a delay above this many minutes is known to be no less."""


def flights() -> DataSet:
    """Return 327,346 flights of 4,037 planes, of `nycflights13/flights`; the unit is the plane.

    Flights that were cancelled or diverted have no label, and are left out. All features are known before departure.

    Raises
    ------
    ConfigError, DataError
        As `read_shipped`.
    """
    frame = read_shipped("nycflights13", "flights")
    frame = frame[frame["arr_delay"].notna() & frame["tailnum"].notna()]
    # Local clock time, as the timetable has it.
    hours = np.array(
        [f"{y:04d}-{m:02d}-{d:02d}T{h:02d}" for y, m, d, h in zip(*(frame[n] for n in _DATE), strict=True)],
        dtype="datetime64[h]",
    )
    scheduled = hours.astype("datetime64[s]") + frame["minute"].to_numpy().astype("timedelta64[m]")
    log = pa.table(
        {
            "plane": pa.array(frame["tailnum"].astype(str), pa.string()),
            "flight": pa.array(frame["flight"].to_numpy(), pa.int64()),
            "scheduled": pa.array(scheduled, pa.timestamp("s")),
            "carrier": pa.array(frame["carrier"].astype(str), pa.string()),
            "origin": pa.array(frame["origin"].astype(str), pa.string()),
            "destination": pa.array(frame["dest"].astype(str), pa.string()),
            "day_part": pa.array(part_of_day(scheduled.astype(np.int64)), pa.string()),
            "distance": pa.array(frame["distance"].to_numpy().astype(np.float64)),
            "recent_delay": pa.array(_recent(frame, hours)),
            "late": pa.array((frame["arr_delay"].to_numpy() > LATE).astype(np.int64)),
        }
    )
    return DataSet(
        name="flights",
        title="flights from New York City in 2013 (nycflights13): will it arrive late?",
        log=log,
        unit="plane",
        label="late",
        time="scheduled",
        keys=("plane", "scheduled", "flight"),
        features=("carrier", "origin", "destination", "day_part", "distance", "recent_delay", "plane_late"),
        categorical=("carrier", "origin", "destination", "day_part"),
        rates={"plane_late": "plane"},
        slice=("origin", "EWR"),
        number="distance",
        category="origin",
        served="recent_delay",
        popular="destination",
        hours="day_part",
        surges={"mobile_surge": ("origin", "LGA"), "night_concentration": ("day_part", "evening")},
        settings=_SETTINGS,
    )


_DATE = ("year", "month", "day", "hour")

_SETTINGS: dict[str, Any] = {
    "project": {"name": "drill: late flights", "owner": "whoever plays"},
    "columns": {
        "distance": {"range": {"min": 0, "max": 6000}, "because": "The longest flight from New York has 4,983 miles."},
        "recent_delay": {"range": {"min": -60, "max": KNOWN_AFTER}, "because": "It is cut off there by construction."},
        "plane_late": {
            "range": {"min": 0, "max": 1},
            "monitor": False,
            "because": "It follows the share of new planes, which the packet reports by itself.",
        },
    },
}


def _recent(frame: Any, hours: Any) -> Any:
    """Return the mean delay in minutes of what left the same airport two hours before; 0 where nothing did."""
    import pandas as pd

    delay = frame["dep_delay"].clip(upper=KNOWN_AFTER)
    mean = delay.groupby([frame["origin"].to_numpy(), hours.astype("datetime64[s]")]).mean()
    before = (hours - np.timedelta64(2, "h")).astype("datetime64[s]")
    asked = pd.MultiIndex.from_arrays([frame["origin"].to_numpy(), before])
    return mean.reindex(asked).fillna(0.0).to_numpy()
