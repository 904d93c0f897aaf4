"""Which run a decision is replayed for, by which configuration, and the worked example's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from dawnwatch.cli.packets import named_packet
from dawnwatch.cli.settings import configuration
from dawnwatch.errors import StoreError, UsageError

if TYPE_CHECKING:
    from dawnwatch.config import Config
    from dawnwatch.store.find import Named

__all__ = ["example_of", "target_of"]


def target_of(
    target: str | None, config: Path | None, reference: str | None, results: Path | None
) -> tuple[Config, Named | None]:
    """Return the configuration to replay by, and the run to keep the answer beside; None where there is none."""
    from dawnwatch.config import Config

    if target is not None and not target.endswith(".toml"):
        found = named_packet(target, results)  # first: a packet that is not there is the nearer mistake
        return configuration(config, reference), found
    if target is not None and config is not None:
        raise UsageError(f"{target} and --config {config} both name a configuration; give one")
    settings = configuration(config, reference) if target is None else Config.load(target)
    return settings, _latest(settings, results)


def _latest(settings: Config, results: Path | None) -> Named | None:
    """Return the newest packet; None where there is none."""
    try:
        return named_packet("latest", results, settings)
    except StoreError:
        return None


def example_of(
    target: str | None, config: Path | None, results: Path | None
) -> tuple[Config, dict[str, Any], Named | None]:
    """Return the example's configuration, what is replayed of it, and its run; None where there is none."""
    from dawnwatch.cli.demo import example
    from dawnwatch.config import Config

    settings, built, windows = example(config, inject=True)
    given = {
        "current": windows["current"],
        "reference": windows["drift_baseline"],
        "model": built.model,
        "trainer": built.retrain,
        "earlier": {"older-half": built.older_model()},
    }
    kept = settings if config else Config()
    return settings, given, _latest(kept, results) if target is None else named_packet(target, results, kept)
