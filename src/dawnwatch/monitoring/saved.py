"""Reference profiles and window profiles as files: written once, read instead of the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dawnwatch import __version__
from dawnwatch.atomic import write_atomically
from dawnwatch.config import Config
from dawnwatch.errors import (
    BaselineError,
    ConfigError,
    DamagedError,
    DataError,
    StoreError,
    UsageError,
    one_line,
)
from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import EXAMPLES, Profile, same_type
from dawnwatch.model.window import Window
from dawnwatch.monitoring.baselines import Baselines, Scorer, as_baseline_error
from dawnwatch.profiling.container import MAGIC, pack, unpack
from dawnwatch.profiling.plan_file import plan_facts, plan_of
from dawnwatch.profiling.profile_file import plan_id, window_facts, window_of
from dawnwatch.profiling.valid import require_plan, require_profile

__all__ = [
    "SavedWindow",
    "baselines_facts",
    "baselines_of",
    "is_profile",
    "load_baselines",
    "matching",
    "merge_windows",
    "portable",
    "read_profile",
    "require_free",
    "require_same_counts",
    "save_baselines",
    "saved_config",
    "under",
    "whole",
]

REFERENCE, WINDOW, RUN = "reference", "window", "run"
KINDS = {
    REFERENCE: "a reference, which is given as --reference-profile",
    WINDOW: "a window",
    RUN: "a whole run, which `dawnwatch what-if` reads",
}
SUFFIX = ".profile"
ROLES = ("drift", "performance", "training", "by_unit")
SHOWN = 3
Files = dict[str, Any]


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


def is_profile(data: object) -> bool:
    """Whether this names a profile file, by its first bytes or its ending."""
    if not isinstance(data, str | Path) or "://" in str(data):
        return False
    try:
        with Path(data).open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC or Path(data).suffix == SUFFIX
    except (OSError, ValueError):
        return False


def matching(pattern: str | Path) -> list[Path]:
    """Return the profile files that a pattern such as `0*.profile` means, in the order of their names."""
    path = Path(pattern)
    if "://" in str(pattern) or not set("*?[") & set(path.name):
        return []
    return sorted(found for found in path.parent.glob(path.name) if is_profile(found))


def require_free(output: Path, *inputs: object) -> None:
    """Prove, before anything is read, that writing a profile there costs nothing but an older profile.

    Raises
    ------
    StoreError
        Where the file is one of the inputs, or is there and is no profile.
    """
    for data in inputs:
        if isinstance(data, str | Path) and "://" not in str(data) and _same_file(output, Path(data)):
            raise StoreError(f"{output}: is what is to be read; write to another file")
    if output.exists() and not (output.is_file() and is_profile(output)):
        raise StoreError(f"{output}: is there and is no profile, so it is not replaced; write to another file")


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


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


def save_baselines(baselines: Baselines, path: Path) -> None:
    """Write a reference profile whole or not at all. Raises StoreError."""
    facts, arrays = baselines_facts(baselines)
    write_atomically(path.resolve(), pack({**facts, "kind": REFERENCE, "dawnwatch": __version__}, arrays))


def baselines_facts(baselines: Baselines) -> tuple[Files, Files]:
    """Return baselines as facts and arrays."""
    plan, arrays = plan_facts(baselines.plan)
    content = {f"plan/{name}": array for name, array in arrays.items()}
    windows: dict[str, Any] = {}
    for role in ROLES:
        window = getattr(baselines, role)
        if window is None or (role == "performance" and window is baselines.drift):
            continue
        windows[role], arrays = window_facts(window)
        content |= {f"{role}/{name}": array for name, array in arrays.items()}
    config = baselines.scorer.config
    return {
        "config": portable(config),
        "profiled": config.profiled,
        "plan": plan,
        "windows": windows,
        "performance_text": baselines.performance_text,
        "score_source": baselines.score_source,
        "warnings": baselines.warnings,
    }, content


def portable(config: Config) -> Files:
    """Return the settings that may stand in a file which others get: whom to tell and where data lies hold secrets."""
    return config.model_dump(mode="json", exclude_unset=True, exclude={"alerts", "data", "scenario"})


def saved_config(path: str | Path) -> Config:
    """Return the configuration a reference profile was made under. Raises BaselineError."""
    facts, _ = _reference(path)
    tables = facts.get("config", {})
    if tables.get("model", {}).get("path"):
        raise ConfigError(
            f"{path}: was made with a model that is loaded from a file, which is not done on a profile's word; name "
            "the configuration with --config"
        )
    return Config.from_dict(tables, where=str(path))


def load_baselines(path: str | Path, config: Config, model: Any | None) -> Baselines:
    """Read a reference profile.

    Raises
    ------
    BaselineError
        Where it cannot be read or is no reference profile.
    ConfigError
        Where the configuration counts other things than the one it was made under.
    """
    facts, arrays = _reference(path)
    require_same_counts(path, facts.get("profiled", {}), config)
    with as_baseline_error(), whole(path):
        return baselines_of(facts, arrays, Scorer.build(config, model))


def require_same_counts(path: str | Path, then: Files, config: Config) -> None:
    """Raise ConfigError where a configuration counts other things than the one a profile was made under."""
    if then != config.profiled:
        raise ConfigError(
            f"{path}: was made under other settings ({_first_difference(then, config.profiled)}); only thresholds and "
            "what follows from them can move: write it again with `dawnwatch profile` or `dawnwatch run`"
        )


def baselines_of(facts: Files, arrays: Files, scorer: Scorer) -> Baselines:
    """Return the baselines of their facts and arrays."""
    plan = require_plan(plan_of(facts["plan"], under("plan/", arrays)))
    windows = {role: window_of(stored, under(f"{role}/", arrays), plan) for role, stored in facts["windows"].items()}
    for window in windows.values():
        require_profile(window.profile, plan)
    return Baselines(
        plan=plan,
        scorer=scorer,
        drift=windows["drift"],
        performance=windows.get("performance", windows["drift"]),
        performance_text=facts["performance_text"],
        training=windows.get("training"),
        score_source=facts["score_source"],
        warnings=facts["warnings"],
        by_unit=windows.get("by_unit"),
    )


@contextmanager
def whole(path: str | Path) -> Iterator[None]:
    """Say of a file whose checksum is right what else is wrong with it."""
    try:
        yield
    except DamagedError as error:
        raise DamagedError(f"{path}: {error}") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise DamagedError(
            f"{path}: its checksum is right and its content is not ({type(error).__name__}); profile the data again"
        ) from None


def _reference(path: str | Path) -> tuple[Files, Files]:
    try:
        facts, arrays = read_profile(path)
    except DataError as error:
        raise BaselineError(str(error)) from None
    if facts.get("kind") != REFERENCE:
        raise BaselineError(
            f"{path}: the profile of {KINDS.get(str(facts.get('kind')), 'something')}, not a reference's; write one "
            "with `dawnwatch profile REFERENCE`"
        )
    return facts, arrays


def read_profile(path: str | Path) -> tuple[Files, Files]:
    """Return a profile file's facts and arrays. Raises DataError."""
    try:
        return unpack(Path(path).read_bytes())
    except FileNotFoundError:
        raise DataError(f"{path}: no such profile; write one with `dawnwatch profile`") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or one_line(error)}") from None
    except DamagedError as error:
        raise DamagedError(f"{path}: {error}") from None


def under(prefix: str, arrays: Files) -> Files:
    """Return the arrays whose names begin so, without that beginning."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def _first_difference(then: Files, now: Files, at: str = "") -> str:
    """Name the first setting that differs."""
    for key in dict.fromkeys([*then, *now]):
        old, new = then.get(key), now.get(key)
        if old != new:
            where = f"{at}{key}"
            if isinstance(old, dict) and isinstance(new, dict):
                return _first_difference(old, new, f"{where}.")
            return f"{where} was {old!r} and is {new!r}"
    return "nothing"
