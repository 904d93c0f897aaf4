"""Lectures that students of ETH Zurich evaluated: will this one be rated good? Never used for tuning anything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.data.shipped import read_shipped

__all__ = ["GOOD_FROM", "lectures"]

GOOD_FROM = 4
"""A lecture rated 4 or 5 of 5 is good."""


def lectures() -> DataSet:
    """Return 73,421 evaluations by 2,972 students, of `lme4/InstEval`; the unit is the student. They have no time.

    Raises
    ------
    ConfigError, DataError
        As `read_shipped`.
    """
    frame = read_shipped("lme4", "InstEval")
    names = {"student": "s", "lecturer": "d", "semester": "studage", "service": "service", "department": "dept"}
    columns = {name: pa.array(frame[column].astype(str), pa.string()) for name, column in names.items()}
    log = pa.table(
        {
            **columns,
            "lecture_age": pa.array(frame["lectage"].astype(str).astype(int).to_numpy(), pa.int64()),
            "good": pa.array((frame["y"].to_numpy() >= GOOD_FROM).astype(np.int64)),
        }
    )
    return DataSet(
        name="lectures",
        title="lectures at ETH Zurich, as students rated them (lme4): will it be rated good?",
        log=log,
        unit="student",
        label="good",
        time=None,
        keys=("student", "lecturer"),
        features=("semester", "service", "department", "lecture_age", "student_rate", "lecturer_rate"),
        categorical=("semester", "service", "department"),
        rates={"student_rate": "student", "lecturer_rate": "lecturer"},
        slice=("service", "1"),
        number="lecturer_rate",
        category="department",
        served="lecturer_rate",
        popular="lecturer",
        hours=None,
        surges={"mobile_surge": ("department", "12"), "night_concentration": ("semester", "8")},
        settings=_SETTINGS,
    )


_RATE = {
    "range": {"min": 0, "max": 1},
    "monitor": False,
    "because": "It is learned from the training rows, so it follows the share of who is new; the bounds are its own.",
}

_SETTINGS: dict[str, Any] = {
    "project": {"name": "drill: good lectures", "owner": "whoever plays"},
    "columns": {
        "lecture_age": {"range": {"min": 1, "max": 6}, "because": "Semesters are coded from 1 to 6."},
        "student_rate": _RATE,
        "lecturer_rate": _RATE,
    },
}
