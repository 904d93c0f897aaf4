"""The settings that decide what a profile counts, and those that a reference profile rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dawnwatch.config.column import ColumnConfig
from dawnwatch.model.distances import DISTANCES

if TYPE_CHECKING:
    from dawnwatch.config.load import Config

__all__ = ["counted", "profiled"]

_JUDGED = {
    *(
        "project",
        "serving",
        "thresholds",
        "drift",
        "significance",
        "performance",
        "policy",
        "sla",
        "alerts",
        "schedule",
        "calibrate",
        "plan",
        "costs",
    ),
}
"""Tables that decide nothing of what is counted, so that they may change after reading."""


def counted(config: Config) -> dict[str, Any]:
    """Return the settings that decide what is counted; under equal ones a window can be judged again."""
    tables = config.model_dump(mode="json", exclude={*_JUDGED, "feed"})
    for column in tables["columns"].values():
        for judged in (*DISTANCES, "method", "missing", "because", "bounds_because", "required"):
            column.pop(judged)
    # An entry that says nothing of what is counted is as good as none.
    nothing = ColumnConfig().model_dump(mode="json")
    tables["columns"] = {
        name: column
        for name, column in tables["columns"].items()
        if any(value != nothing[key] for key, value in column.items())
    }
    for judged in ("expected", "weighting"):
        tables["labels"].pop(judged)
    if config.labels.mature_after == "auto" and config.roles.label_time is None:
        for age in ("mature_after", "mature_share"):
            del tables["labels"][age]  # as in what was counted before they could be set
    if tables["roles"]["label_time"] is None:
        del tables["roles"]["label_time"]
    for training in ("trainer", "folds"):
        tables["model"].pop(training)
    if tables["model"]["threshold"] is None:
        del tables["model"]["threshold"]  # as in what was counted before it could be set
    if tables["roles"]["model_version"] is None:
        del tables["roles"]["model_version"]  # as in what was counted before there was the role
    return {**tables, "exact_rows": config.performance.exact_rows}


def profiled(config: Config) -> dict[str, Any]:
    """Return the settings a reference profile rests on: what is counted, wherever the data lies."""
    found = {name: value for name, value in counted(config).items() if name not in {"data", "scenario", "exact_rows"}}
    # How old a row must be is asked of current windows alone.
    found["labels"] = {k: v for k, v in found["labels"].items() if k not in {"mature_after", "mature_share"}}
    return found
