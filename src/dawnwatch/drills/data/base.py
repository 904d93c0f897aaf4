"""What a drill needs to know of a data set: its rows, and which columns play which part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.config import Config
from dawnwatch.config.thresholds import ThresholdsConfig

__all__ = ["DEPLOYED", "PARTS", "SCORE", "VERSION", "DataSet", "moment_of", "part_of_day", "seconds_of"]

SCORE = "score"
"""Name of the logged score in every data set."""
VERSION = "model_version"
"""Name of the column that says which version of the model gave the score."""
DEPLOYED = "v1"
"""The version that all rows have in which nothing was deployed."""

_BECAUSE = "dawnwatch's default: a drill shows what it catches and what it lets pass."

_POPULAR = "That a few take the place of all others shows in this column, and in none that the model is given."

PARTS = ("night", "morning", "afternoon", "evening")
"""Hours 0-5, 6-11, 12-17 and 18-23."""


def part_of_day(seconds: NDArray[np.int64], shift: int = 0) -> NDArray[np.str_]:
    """Return the part of the day of each time, on a clock that is `shift` hours ahead.

    Parameters
    ----------
    seconds : since midnight of any day; shape (rows,)

    Examples
    --------
    >>> part_of_day(np.array([0, 5 * 3600]), shift=3).tolist()
    ['night', 'morning']
    """
    return np.array(PARTS)[(seconds // 3600 + shift) % 24 // 6]


@dataclass(frozen=True, eq=False)
class DataSet:
    """A log that a model could have written, but for the score and the version of the model.

    Attributes
    ----------
    log : one row a prediction, labels 0 or 1, no nulls; the unit is text
    time : column of integers (seconds) or of timestamps; None where the data have none
    features : what the model sees, rates included, in order
    rates : features that are the smoothed mean label of a key column in the training rows: name to key
    slice : column and value of a declared slice in which the concept may flip
    number, category : the features in which numbers and categories go wrong
    served : the feature that a feature store serves, and whose values may be those of a batch before
    popular : the column whose few most popular values may take nearly all rows
    hours : the feature that holds the part of the day; None where there is none
    surges : what stands for each surge: kind to column and value
    settings : tables of dawnwatch.toml beside those that follow from the above
    """

    name: str
    title: str
    log: pa.Table
    unit: str
    label: str
    time: str | None
    keys: tuple[str, ...]
    features: tuple[str, ...]
    categorical: tuple[str, ...]
    rates: Mapping[str, str]
    slice: tuple[str, str]
    number: str
    category: str
    served: str
    popular: str
    hours: str | None
    surges: Mapping[str, tuple[str, str]]
    settings: Mapping[str, Any]

    @cached_property
    def config(self) -> Config:
        """The configuration under which windows are judged; it expects no number of rows."""
        return self.expecting({})

    def expecting(self, feed: Mapping[str, Any]) -> Config:
        """Return the configuration with this table `[feed]`.

        What may be popular is watched whether the model is given it or not: on what is suggested, chosen or visited
        whoever runs a recommender keeps an eye.
        """
        roles = {
            "label": self.label,
            "score": SCORE,
            "score_kind": "probability",
            "unit": self.unit,
            "keys": list(self.keys),
            "model_version": VERSION,
            "slices": [self.slice[0]],
            **({} if self.time is None else {"timestamp": self.time}),
        }
        model = {"features": list(self.features), "categorical": list(self.categorical)}
        thresholds = {name: {"because": _BECAUSE} for name in ThresholdsConfig.model_fields}
        settings = {name: dict(table) for name, table in self.settings.items()}
        popular = {"kind": "categorical", "monitor": True, "because": _POPULAR}
        columns = settings.get("columns", {})
        settings["columns"] = {**columns, self.popular: {**popular, **columns.get(self.popular, {})}}
        return Config.from_dict(
            {"thresholds": thresholds, **settings, "feed": dict(feed), "roles": roles, "model": model}
        )

    @cached_property
    def units(self) -> NDArray[np.str_]:
        """The unit of each row of the log."""
        return np.asarray(self.log[self.unit].to_numpy(zero_copy_only=False), dtype=np.str_)

    @cached_property
    def seconds(self) -> NDArray[np.int64] | None:
        """The time of each row of the log in seconds."""
        return None if self.time is None else seconds_of(self.log, self.time)


def seconds_of(table: pa.Table, time: str) -> NDArray[np.int64]:
    """Return a time column in seconds since 1970."""
    return np.asarray(table[time].cast(pa.int64()).to_numpy())


def moment_of(table: pa.Table, time: str, row: int) -> datetime:
    """Return the time of a row; local clock time is taken for UTC."""
    return datetime.fromtimestamp(int(seconds_of(table, time)[row]), UTC)
