"""Which configuration a verb runs under."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dawnwatch.cli.exits import say
from dawnwatch.errors import ConfigError

if TYPE_CHECKING:
    from dawnwatch.config import Config

__all__ = ["CONFIG_FILE", "configuration", "configured_by"]

CONFIG_FILE = Path("dawnwatch.toml")


def configuration(path: Path | None, reference: str | None, *, local: bool = True) -> Config:
    """Load the configuration, or infer one from the reference where there is no file.

    Parameters
    ----------
    local : whether the reference lies on this machine, so that it can be looked into
    """
    from dawnwatch.config import Config

    if path is not None or CONFIG_FILE.exists() or reference is None:
        if path is None and not CONFIG_FILE.exists():
            raise ConfigError(
                f"no {CONFIG_FILE} here: write one with `dawnwatch init REFERENCE`, name one with --config, or give "
                "--reference and --current"
            )
        return Config.load(path or CONFIG_FILE)
    if not local:
        raise ConfigError(
            f"no {CONFIG_FILE} here, and none is inferred from a reference on Spark: write one with `dawnwatch init` "
            "on a file of some of its rows, or name one with --config"
        )
    from dawnwatch.monitoring.baselines import as_baseline_error
    from dawnwatch.profiling.infer import infer_config
    from dawnwatch.sources import open_source

    say(
        f"dawnwatch: warning: no {CONFIG_FILE} here, so the settings are inferred from the reference; write them with "
        "`dawnwatch init` to see and justify them"
    )
    with as_baseline_error():
        return infer_config(open_source(reference, what="reference"))


def configured_by(profile: Path, path: Path | None) -> Config:
    """Load the configuration, or where there is no file take that which a reference profile was made under."""
    from dawnwatch.config import Config
    from dawnwatch.monitoring.saved_baselines import saved_config

    if path is None and not CONFIG_FILE.exists():
        return saved_config(profile)
    return Config.load(path or CONFIG_FILE)
