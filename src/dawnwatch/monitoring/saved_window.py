"""A profiled window as a file, read instead of its data; and several as one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dawnwatch import __version__
from dawnwatch.atomic import write_atomically
from dawnwatch.errors import DamagedError, DataError, UsageError
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import EXAMPLES, Profile, same_type
from dawnwatch.model.window import Window
from dawnwatch.monitoring.profile_files import KINDS, WINDOW, read_profile, whole
from dawnwatch.profiling.container import pack
from dawnwatch.profiling.profile_file import plan_id, window_facts, window_of
from dawnwatch.profiling.valid import require_profile

__all__ = ["SavedWindow", "merge_windows"]

SHOWN = 3


class SavedWindow:
    """A profiled window as it stands in a file.

    Parameters
    ----------
    plan : identity of the plan it was profiled by
    score_source : where its scores came from, in words
    """

    def __init__(self, window: Window, plan: str, score_source: str) -> None:
        self.window, self.plan, self.score_source = window, plan, score_source

    def save(self, path: Path) -> None:
        """Write the file whole or not at all. Raises StoreError."""
        facts, arrays = window_facts(self.window)
        head = {"kind": WINDOW, "plan_id": self.plan, "score_source": self.score_source, "window": facts}
        write_atomically(path.resolve(), pack({**head, "dawnwatch": __version__}, arrays))

    @classmethod
    def load(cls, path: str | Path, plan: Plan | None = None) -> SavedWindow:
        """Read a file.

        Parameters
        ----------
        plan : the reference's; where given, it must be the one the window was profiled by

        Raises
        ------
        DataError
            Where it cannot be read, is a reference profile, or was profiled by another plan.
        """
        facts, arrays = read_profile(path)
        if facts.get("kind") != WINDOW:
            raise DataError(f"{path}: the profile of {KINDS.get(str(facts.get('kind')), 'something')}, not a window's")
        if plan is not None and facts.get("plan_id") != plan_id(plan):
            raise DataError(
                f"{path}: was profiled by another reference profile, whose bins differ; profile the window again with "
                "`dawnwatch profile --against` this one"
            )
        with whole(path):
            window = window_of(facts["window"], arrays, plan or Plan(()))
            if plan is not None:
                require_profile(window.profile, plan)
            return cls(window, facts["plan_id"], facts["score_source"])


def merge_windows(parts: Sequence[SavedWindow]) -> SavedWindow:
    """Add windows in the order of their rows.

    Raises
    ------
    UsageError
        Where they were profiled by different plans.
    """
    first = parts[0]
    stranger = next((part for part in parts if part.plan != first.plan), None)
    if stranger is not None:
        raise UsageError(
            f"{stranger.window.name} and {first.window.name} were profiled by different reference profiles, so their "
            "bins differ; profile them with the same --against"
        )
    twice = next((p for i, p in enumerate(parts) if p.window.profile.rows and _again(p, parts[:i])), None)
    if twice is not None:
        raise UsageError(f"{twice.window.name}: the same rows are given twice, and would count twice; name each once")
    windows = [part.window for part in parts]
    types: dict[str, str] = {}
    repeated: list[tuple[int, dict[str, object]]] = []
    rows = 0
    for window in windows:
        for name, found in window.types.items():
            types[name] = same_type(types.get(name, found), found) or found
        repeated += [(row + rows, values) for row, values in window.repeated]
        rows += window.profile.rows
    try:
        total = Profile.total([window.profile for window in windows])
    except ValueError as error:  # a forged file: they claim the same plan
        raise DamagedError(f"{first.window.name}: {error}; profile the data again") from None
    names = [window.name for window in windows]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    merged = Window(
        name=", ".join(names[:SHOWN]) + more,
        plan=windows[0].plan,
        profile=total,
        rows=None,
        types=types,
        scoring_fault=next((window.scoring_fault for window in windows if window.scoring_fault), None),
        rescore_fault=next((window.rescore_fault for window in windows if window.rescore_fault), None),
        repeated=repeated[:EXAMPLES],
    )
    sources = dict.fromkeys(part.score_source for part in parts)
    return SavedWindow(merged, first.plan, "; ".join(sources))


def _again(part: SavedWindow, before: Sequence[SavedWindow]) -> bool:
    return any(part.window.profile.fingerprint == earlier.window.profile.fingerprint for earlier in before)
