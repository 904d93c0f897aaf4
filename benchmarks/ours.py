"""What the works call of dawnwatch, in one place, so that a renamed inside is mended here."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

__all__ = [
    "config_of",
    "counted",
    "estimates_from_profile",
    "estimates_from_rows",
    "fitted",
    "fitted_from_profile",
    "loops",
    "merged",
    "merged_files",
    "profile_of",
    "repeats_of",
    "stored_profile",
    "warm",
]

Tables = dict[str, Any]


def config_of(tables: Tables) -> Any:
    """Return a `Config`."""
    from dawnwatch import Config

    return Config.from_dict(tables)


def fitted(tables: Tables, reference: object) -> Any:
    """Return a monitor fitted on these rows."""
    from dawnwatch import Monitor

    return Monitor(config_of(tables)).fit(reference)


def fitted_from_profile(tables: Tables, path: Path) -> Any:
    """Return a monitor fitted on a stored reference profile."""
    from dawnwatch import Monitor

    return Monitor(config_of(tables)).fit(reference_profile=path)


def stored_profile(tables: Tables, reference: Path) -> Path:
    """Store a reference profile and return its path.

    Its making is never timed, and done in a process of its own, so that none of its memory is held afterwards.
    """
    path = reference.with_suffix(".profile")
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(_store, tables, str(reference), str(path)).result()
    return path


def _store(tables: Tables, reference: str, path: str) -> None:
    fitted(tables, reference).save(path)


def loops() -> str:
    """Say which inner loops count here: the compiled ones, or NumPy's."""
    from dawnwatch.native import load_native

    return "NumPy" if load_native() is None else "C"


def warm(tables: Tables, rows: object) -> None:
    """Check a few rows against themselves, so that what is imported when first used is there."""
    fitted(tables, rows).check(rows)


def estimates_from_rows(scores: Any, labels: Any, codes: Any, slices: int) -> list[Any]:
    """Return the exact estimate of all rows and of every slice, as a check of a window asks for them."""
    from dawnwatch.checks.performance.estimates import estimate
    from dawnwatch.model.scored_rows import ScoredRows
    from dawnwatch.model.window import Window

    nothing: Any = None
    window = Window("rows", nothing, nothing, ScoredRows(scores, labels, {"segment": codes}))
    return [estimate(window), *(estimate(window, "segment", code) for code in range(slices))]


def estimates_from_profile(seen: Any, column: str, slices: int) -> list[Any]:
    """Return the estimate of a window and of every slice from its profile's counts; its rows were not kept."""
    from dawnwatch.checks.performance.estimates import estimate

    window = seen.current
    return [estimate(window), *(estimate(window, column, code) for code in range(slices))]


def profile_of(seen: Any) -> Any:
    """Return the profile of an observation's current window."""
    return seen.current.profile


def repeats_of(seen: Any) -> int:
    """Return how many rows of the current window repeat a key; 0 where none was asked for."""
    repeats = profile_of(seen).repeats
    return 0 if repeats is None else repeats.repeats


def merged(profiles: Sequence[Any]) -> Any:
    """Return the sum of profiles of the same plan."""
    from dawnwatch.model.profile import Profile

    return Profile.total(profiles)


def merged_files(paths: Sequence[str]) -> Any:
    """Return the sum of profiles that are read from their files."""
    from dawnwatch.monitoring.saved_window import SavedWindow, merge_windows

    return merge_windows([SavedWindow.load(path) for path in paths]).window.profile


def counted(seen: Any) -> dict[str, int]:
    """Return nulls and values out of range of all columns, and repeated keys."""
    columns = profile_of(seen).columns.values()
    return {
        "nulls": sum(column["null"] for column in columns),
        "out of range": sum(column["below"] + column["above"] for column in columns),
        "repeats": repeats_of(seen),
    }
