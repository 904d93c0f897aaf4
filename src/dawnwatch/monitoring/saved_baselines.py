"""A reference profile as a file: written once, read instead of the reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dawnwatch import __version__
from dawnwatch.atomic import write_atomically
from dawnwatch.config import Config
from dawnwatch.errors import BaselineError, ConfigError, DataError
from dawnwatch.monitoring.baselines import Baselines, Scorer, as_baseline_error
from dawnwatch.monitoring.profile_files import KINDS, REFERENCE, Files, read_profile, under, whole
from dawnwatch.profiling.container import pack
from dawnwatch.profiling.plan_file import plan_facts, plan_of
from dawnwatch.profiling.profile_file import window_facts, window_of
from dawnwatch.profiling.valid import require_plan, require_profile

__all__ = [
    "baselines_facts",
    "baselines_of",
    "load_baselines",
    "portable",
    "require_same_counts",
    "save_baselines",
    "saved_config",
]

ROLES = ("drift", "performance", "training", "by_unit")


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
