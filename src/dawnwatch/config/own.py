"""A column's own threshold, set for one run."""

from __future__ import annotations

from typing import Any, Literal

from dawnwatch.config.load import Config

__all__ = ["OwnThreshold", "with_own"]

OwnThreshold = Literal["psi", "missing"]
"""Thresholds that a column may have for itself."""


def with_own(config: Config, column: str, name: OwnThreshold, value: float, *, because: str | None = None) -> Config:
    """Return a copy in which a column has a threshold of its own, whatever it had before.

    A PSI bound becomes its red one; its own yellow bound stays where it still lies below that.

    Raises
    ------
    ConfigError
        On a bad value, or the PSI of a column that is judged by another distance.
    """
    tables = config.column(column).model_dump(exclude_unset=True)
    entry: dict[str, Any] = {"because": because or f"set to {value:g} for this run"}
    if name == "psi":
        yellow = (tables.get("psi") or {}).get("yellow")
        entry |= {"red": value} | ({} if yellow is None or yellow >= value else {"yellow": yellow})
    else:
        entry["max"] = value
    checked = Config.from_dict({"columns": {column: {**tables, name: entry}}}, where="threshold")
    moved = config.model_copy(update={"columns": {**config.columns, column: checked.columns[column]}})
    moved.mark_overridden(f"{name}.{column}")
    return moved
