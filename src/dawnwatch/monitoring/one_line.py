"""A window checked in one line: `monitor`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from dawnwatch.alert.send import Alert, check_destinations, send_alerts
from dawnwatch.config import Config
from dawnwatch.errors import ConfigError
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring.baselines import as_baseline_error
from dawnwatch.monitoring.composer import Monitor
from dawnwatch.sources import open_source

__all__ = ["monitor"]

CONFIG_FILE = "dawnwatch.toml"


def monitor(
    data: object,
    model: Any | None = None,
    alerts: Iterable[Alert] | Alert | None = None,
    *,
    reference: object | None = None,
    config: Config | Mapping[str, Any] | str | Path | None = None,
) -> TriagePacket:
    """Check a window in one line.

    Parameters
    ----------
    data : the current window
    model : the deployed model, used where the log has no score column
    alerts : callables that take the packet, web hook URLs, or paths that end in .jsonl, or just one of these;
        told from the severity `[alerts] at` on, beside the configured `[alerts] to`
    reference : what to compare with; by default the configured one
    config : by default dawnwatch.toml in the working folder where there is one, else inferred from the reference

    Returns
    -------
    The packet; an alert that could not be sent stands in `provenance.warnings`.

    Raises
    ------
    UsageError, DataError
    """
    told = _listed(alerts)
    check_destinations(told)
    if config is None and Path(CONFIG_FILE).exists():
        config = CONFIG_FILE
    if config is None:
        if reference is None:
            raise ConfigError(f"neither a reference nor a configuration was given, and there is no {CONFIG_FILE} here")
        from dawnwatch.profiling.infer import infer_config

        with as_baseline_error():
            # Opened once: a stream of batches can be read only once.
            reference = open_source(reference, what="reference")
            config = infer_config(reference)
    watcher = Monitor(config, model=model)
    everyone = [*told, *watcher.config.destinations]
    packet = watcher.fit(reference).check(data)
    faults = send_alerts(packet, everyone, at=watcher.config.alerts.at)
    if not faults:
        return packet
    provenance = packet.provenance.model_copy(update={"warnings": [*packet.provenance.warnings, *faults]})
    return packet.model_copy(update={"provenance": provenance})


def _listed(alerts: Iterable[Alert] | Alert | None) -> list[Alert]:
    if alerts is None:
        return []
    return [alerts] if callable(alerts) or isinstance(alerts, str | PathLike) else list(alerts)
