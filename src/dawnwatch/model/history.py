"""What earlier runs and recorded events add to a packet."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Pillar
from dawnwatch.model.feature_drift import FeatureDrift

__all__ = ["NEW_VALUES", "RESCORE", "VERSION", "BaselineKind", "Event", "Onset", "OtherBaseline"]

RESCORE = "rescore"
"""The check that an onset is of, where it is logged scores that are not the model's."""
VERSION = "version"
"""The check that an onset is of, where it is the rows of a version of the model; `column` and `value` say which."""
NEW_VALUES = "new values"
"""What an onset of drift is of, where it is the coming of new units."""

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
    valid: bool | None = None
    """Whether no check of its data's quality failed, as the last good window's never do."""
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


class Onset(Frozen):
    """Since when something that was found is so. `at` is null where `reason` says why that cannot be told."""

    pillar: Pillar
    check: str | None = None
    """Of quality: the check that fails. Of accuracy: `rescore`, where it is logged scores that are not the model's."""
    column: str | None
    """Null for the whole table, or the overall accuracy."""
    value: str | None = None
    """Of accuracy: the slice's value. Of drift: `new values` where it is the coming of new units."""
    at: datetime | None = None
    """Time of the first row after the change that divides the series best."""
    earliest: datetime | None = None
    latest: datetime | None = None
    """Bounds on the change, at `confidence`."""
    confidence: float = 0.95
    method: Literal["windows", "rows"] | None = None
    """`windows`: dated between windows. `rows`: within the current one, by its sampled rows."""
    shape: Literal["step", "ramp"] | None = None
    """`ramp` where it crept in: `at` is then where it began, and `after` where it ends. Only the fall of the AUC within
    a window is held against a ramp. Null where it is not dated, and in older packets."""
    windows: int | None = None
    """Earlier windows in the series; null where no history was looked for."""
    before: float | None = None
    after: float | None = None
    """Level on either side: the share of rows in the bins that grew, the share of failing rows, or the AUC; for `rows`,
    in its place, the rows' mean place among the baseline's of the other label: the AUC where nothing changed."""
    events: list[Event] = []
    """Recorded events between `earliest` and `latest`."""
    text: str
    """All of it in words."""
    reason: str | None = None
