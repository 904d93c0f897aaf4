"""A `[columns.NAME]` table: what one column must look like, and whether its drift is watched."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from dawnwatch.config.thresholds import DistanceBands, PsiThreshold, ShareThreshold
from dawnwatch.config.values import Flag, Number, Table, Value
from dawnwatch.model.distances import DISTANCES, Method, title_of

__all__ = ["ColumnConfig", "ColumnType", "RangeRule"]

ColumnType = Literal["integer", "number", "string", "boolean", "timestamp", "other"]


class RangeRule(Table):
    """Bounds of a numeric column."""

    min: Number | None = None
    max: Number | None = None
    min_inclusive: Flag = True
    max_inclusive: Flag = True

    @model_validator(mode="after")
    def _ordered(self) -> RangeRule:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min ({self.min:g}) must not exceed max ({self.max:g})")
        if self.min is not None and self.min == self.max and not (self.min_inclusive and self.max_inclusive):
            raise ValueError(f"no value can lie between {self.min:g} and {self.max:g} where a bound is exclusive")
        return self


class ColumnConfig(DistanceBands):
    """What one column must look like, and whether its drift is watched."""

    type: ColumnType | None = None
    kind: Literal["categorical", "numeric"] | None = None
    """How drift bins it; by its type where not given."""
    required: Flag = True
    monitor: Flag | None = None
    """Watch its distribution. Model features are watched unless this is false, which needs a `because`."""
    private: Flag = False
    """Counts only: no value of this column is ever shown."""
    because: str | None = None
    """Why its drift is watched or not; of a column whose drift is no question, why its bounds are what they are."""
    bounds_because: str | None = None
    """Why its range, allowed values or pattern are what they are."""
    range: RangeRule | None = None
    allowed: Annotated[list[Value], Field(min_length=1)] | None = None
    pattern: str | None = None
    method: Method | None = None
    """The distance its shift is judged by; as `[drift]` says where not given."""
    psi: PsiThreshold | None = None
    missing: ShareThreshold | None = None

    @model_validator(mode="after")
    def _method_fits(self) -> ColumnConfig:
        if self.method is not None and DISTANCES[self.method].ordered and self.kind == "categorical":
            others = ", ".join(name for name, distance in DISTANCES.items() if not distance.ordered)
            raise ValueError(
                f"{title_of(self.method)} needs an order, which categories have none of; choose one of {others}"
            )
        return self

    @property
    def own_bands(self) -> list[Method]:
        """Distances of which it has bands of its own."""
        return [name for name in DISTANCES if getattr(self, name) is not None]

    @property
    def bounded(self) -> bool:
        """Whether a value of it can be wrong in itself."""
        return self.range is not None or self.allowed is not None or self.pattern is not None

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"is not a regular expression: {error}") from None
        return pattern
