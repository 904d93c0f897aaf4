"""What earlier runs and recorded events add to a packet."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.sections import FeatureDrift

__all__ = ["BaselineKind", "Event", "OtherBaseline"]

BaselineKind = Literal["last_good", "day_before", "week_before"]


class Event(Frozen):
    """Something that happened around the model: a release, a campaign, an upstream change."""

    at: datetime
    text: str
    kind: str | None = None
    """A word such as `deploy`, as whoever recorded it chose it."""
    recorded_at: datetime


class OtherBaseline(Frozen):
    """The current window against an earlier one, beside the comparison with the drift baseline.

    It informs; severity does not depend on it.
    """

    kind: BaselineKind
    """`last_good`: the newest earlier window of severity medium or low whose data were valid. `day_before` and
    `week_before`: the same hours one day and seven days earlier."""
    packet: str | None = None
    """Identity of the earlier window's packet; null where there is no such window, and `reason` says why."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    """Times of the earlier window's first and last row, where they are known."""
    rows: int | None = None
    features: list[FeatureDrift] = []
    """Each watched feature against the earlier window, without its bins. The tests of one comparison share a budget of
    their own, as large as the run's."""
    moved: list[str] = []
    """Features in the YELLOW or RED band against the earlier window, and more than chance."""
    not_since: list[str] = []
    """Features that have drifted from the drift baseline and show no shift against the earlier window."""
    text: str
    """All of it in words."""
    reason: str | None = None
