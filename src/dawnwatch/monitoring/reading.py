"""Reads a current window: its rows once, and those old enough to have labels once more where not all are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dawnwatch.config import Config
from dawnwatch.engines import SparkEngine, open_data
from dawnwatch.errors import UsageError
from dawnwatch.model.times import per_second
from dawnwatch.model.window import Window
from dawnwatch.monitoring.baselines import Baselines, Progress, counted
from dawnwatch.monitoring.maturity import Ripe, mature_age, ripe_rows
from dawnwatch.monitoring.profile_files import is_profile, matching
from dawnwatch.monitoring.saved_window import SavedWindow
from dawnwatch.profiling.as_of import AsOf
from dawnwatch.profiling.run import Mapped, profile_window
from dawnwatch.profiling.until import Until
from dawnwatch.sources.base import Source

__all__ = ["Read", "Reader", "require_begun"]


@dataclass(frozen=True)
class Read:
    """A window as it was read: its profile, where its scores came from, and its rows; None of a profile."""

    window: Window
    score_source: str
    rows: Source | None


@dataclass(frozen=True)
class Reader:
    """Profiles windows beside baselines; `memory` in bytes, `engine` reads paths and names of tables."""

    config: Config
    baselines: Baselines
    progress: Progress
    memory: int
    engine: SparkEngine | None

    def read(self, data: object, *, keep_keys: bool = False, as_of: datetime | None = None) -> Read:
        """Profile a window, or load its profile. Raises DataError, UsageError.

        Parameters
        ----------
        keep_keys : keep the hashes of the rows' keys, so that repeats are counted across merged windows
        as_of : a label that came later counts as not there yet, where `[roles] label_time` tells
        """
        plan, roles = self.baselines.plan, self.config.roles
        if is_profile(data):
            saved = SavedWindow.load(str(data), plan)
            return Read(saved.window, saved.score_source, None)
        if isinstance(data, str | Path) and (parts := matching(data)):
            raise UsageError(
                f"{data}: means {len(parts)} profiles; add them up first, with "
                f"`dawnwatch merge '{data}' -o all.profile`"
            )
        # A CSV file says no types: a text column that holds only digits today must not look retyped.
        types = {column.name: column.type for column in plan.columns}
        opened = open_data(data, what="current window", types=types, engine=self.engine)
        # Rows on a cluster are counted there, and taken as they are.
        if as_of is not None and roles.label and roles.label_time and not isinstance(opened, Mapped):
            known = {roles.label, roles.label_time} <= set(opened.schema.names)
            opened = AsOf(opened, roles.label, roles.label_time, as_of.timestamp()) if known else opened
        window, told = self._counted(opened, "profiling the current window", keep_keys=keep_keys)
        return Read(window, told, opened)

    def ripe(self, read: Read, as_of: datetime) -> Ripe | None:
        """Return which rows are old enough to be judged by their labels, which reads them again where not all are."""
        time, age = self.config.roles.timestamp or "", mature_age(self.config, self.baselines.performance)
        rows = read.rows

        def cut(last: float) -> Window:
            assert rows is not None  # noqa: S101 - only rows are cut
            return self._counted(Until(rows, time, last), "profiling the rows old enough to have labels")[0]

        # Rows on a cluster are counted there, and not cut.
        cuttable = rows is not None and not isinstance(rows, Mapped)
        return ripe_rows(read.window, self.config, age, as_of, cut if cuttable else None)

    def _counted(self, opened: Source, step: str, *, keep_keys: bool = False) -> tuple[Window, str]:
        """Return the window of these rows and where their scores came from."""
        scorer, plan = self.baselines.scorer, self.baselines.plan
        source = scorer.score(opened, plan.score)
        window = profile_window(
            source,
            plan,
            exact_rows=self.config.performance.exact_rows,
            keep_keys=keep_keys,
            memory=self.memory,
            progress=counted(self.progress, step, source),
        )
        return scorer.again(window, source), scorer.describe(source)


def require_begun(window: Window, time: str | None, as_of: datetime) -> None:
    """Raise UsageError where not one row of the window was there yet, by its column of times."""
    moments = None if time is None else window.profile.columns[time].moments
    if moments is None or moments.low is None or moments.high is None:
        return
    unit = per_second(moments.low, moments.high)
    if unit is not None and as_of.timestamp() < moments.low / unit:
        first = datetime.fromtimestamp(moments.low / unit, UTC)
        raise UsageError(
            f"as of {as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC the current window had no row yet: its first is of "
            f"{first:%Y-%m-%d %H:%M} UTC; give a moment after it"
        )
