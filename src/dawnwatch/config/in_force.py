"""The thresholds of a run, each with its justification and where it comes from."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from dawnwatch.config.policy import INFORMING
from dawnwatch.config.thresholds import DistanceThreshold
from dawnwatch.model.distances import DISTANCES, PSI
from dawnwatch.model.packet import ThresholdInForce

if TYPE_CHECKING:
    from dawnwatch.config.load import Config

__all__ = ["thresholds_in_force", "unjustified"]

_GENERAL = ("psi", "missing", "auc_drop", "range", "duplicates")
"""Thresholds of every run; those of other distances are in force where one of them is chosen."""


def thresholds_in_force(config: Config, overridden: Set[str]) -> list[ThresholdInForce]:
    """Return every threshold of a run.

    Parameters
    ----------
    overridden : those set for this run alone, "psi" or a column's own "psi.COLUMN"
    """
    found = []
    entries: dict[str, BaseModel] = {name: getattr(config.thresholds, name) for name in _GENERAL}
    for what in INFORMING:
        # Of what only informs, nobody need justify the bands.
        if config.counts(what) or what in config.thresholds.model_fields_set:
            entries[what] = getattr(config.thresholds, what)
    others = {config.drift.method, *(column.method for column in config.columns.values())} - {None, PSI}
    for method in (name for name in DISTANCES if name in others):
        entries[method] = (config.thresholds.by(method) or DistanceThreshold()).bands(method)
    for name, entry in entries.items():
        given = name in config.thresholds.model_fields_set
        source = "override" if name in overridden else "config" if given else "default"
        found.append(ThresholdInForce.model_validate(_in_force(name, None, entry, source)))
    for column, settings in config.columns.items():
        own: dict[str, BaseModel] = {name: config.bands_for(column, name) for name in settings.own_bands}
        if settings.missing is not None:
            own["missing"] = config.missing_for(column)
        for name, entry in own.items():
            source = "override" if f"{name}.{column}" in overridden else "config"
            found.append(ThresholdInForce.model_validate(_in_force(name, column, entry, source)))
    if "serving" in config.model_fields_set:
        found.append(ThresholdInForce.model_validate(_in_force("serving", None, config.serving, "config")))
    return found


def unjustified(config: Config) -> list[str]:
    """Return the names of thresholds in the file (or left at their default) that say no `because`."""
    found = [_setting(t) for t in config.thresholds_in_force() if not (t.because or "").strip()]
    if config.feed.model_fields_set and not (config.feed.because or "").strip():
        found.append("feed")
    return found


def _setting(threshold: ThresholdInForce) -> str:
    """Write where the file says a threshold."""
    if threshold.name == "serving":
        return threshold.name
    return (
        f"thresholds.{threshold.name}" if threshold.column is None else f"columns.{threshold.column}.{threshold.name}"
    )


def _in_force(name: str, column: str | None, entry: BaseModel, source: str) -> dict[str, Any]:
    values = entry.model_dump()
    because = values.pop("because")
    return {"name": name, "column": column, "value": values, "because": because, "source": source}
