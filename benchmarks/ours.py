"""What the works call of dawnwatch, in one place, so that a renamed inside is mended here."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from benchmarks.peers.line import NotThereYetError

__all__ = [
    "config_of",
    "counted",
    "estimates_from_profile",
    "estimates_from_rows",
    "fitted",
    "fitted_from_profile",
    "profile_of",
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

    if "reference_profile" not in inspect.signature(Monitor.fit).parameters:
        raise NotThereYetError("Monitor.fit takes no reference_profile")
    return Monitor(config_of(tables)).fit(reference_profile=str(path))


def stored_profile(tables: Tables, reference: Path) -> Path:
    """Return a stored reference profile, made where it is not there. Its making is never timed."""
    from dawnwatch import Monitor

    if "reference_profile" not in inspect.signature(Monitor.fit).parameters:
        raise NotThereYetError("Monitor.fit takes no reference_profile")
    path = reference.with_suffix(".profile")
    monitor = fitted(tables, str(reference))
    for name in ("save_reference", "save_profile", "save"):
        if hasattr(monitor, name):
            getattr(monitor, name)(str(path))
            return path
    raise NotThereYetError("no way to store a reference profile is known here")


def warm(tables: Tables, rows: object) -> None:
    """Check a few rows against themselves, so that what is imported when first used is there."""
    fitted(tables, rows).check(rows)


def estimates_from_rows(scores: Any, labels: Any, codes: Any, slices: int) -> list[Any]:
    """Return the exact estimate of all rows and of every slice, as a check of a window asks for them."""
    from dawnwatch.checks.performance.estimates import estimate
    from dawnwatch.model.profile import ScoredRows
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


def counted(seen: Any) -> dict[str, int]:
    """Return nulls and values out of range of all columns, and repeated keys."""
    columns = profile_of(seen).columns.values()
    return {
        "nulls": sum(column["null"] for column in columns),
        "out of range": sum(column["below"] + column["above"] for column in columns),
        "repeats": int(seen.current.repeats),
    }
