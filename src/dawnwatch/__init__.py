"""dawnwatch: catch problems before your users do.

It watches a model's prediction log through three pillars (is the data valid, has it drifted, is the model still
accurate) and hands over one triage packet.

Names load when first used, so that `import dawnwatch` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dawnwatch.config import ColumnConfig, Config, PsiThreshold, RangeRule
    from dawnwatch.errors import (
        BaselineError,
        ConfigError,
        DataError,
        DawnwatchError,
        StoreError,
        UsageError,
    )
    from dawnwatch.model.enums import Band, Outcome, Severity
    from dawnwatch.model.packet import TriagePacket
    from dawnwatch.model.replay import Replay
    from dawnwatch.monitoring import Monitor, monitor
    from dawnwatch.monitoring.replay.replay import replay
    from dawnwatch.sources import open_source

__all__ = [
    "Band",
    "BaselineError",
    "ColumnConfig",
    "Config",
    "ConfigError",
    "DataError",
    "DawnwatchError",
    "Monitor",
    "Outcome",
    "PsiThreshold",
    "RangeRule",
    "Replay",
    "Severity",
    "StoreError",
    "TriagePacket",
    "UsageError",
    "monitor",
    "open_source",
    "replay",
]

__version__ = "0.2.0.dev0"
"""Stands in every packet, page and profile; here and not in what is installed, which an editable install outlives."""

_HOME = {
    "dawnwatch.config": ["ColumnConfig", "Config", "PsiThreshold", "RangeRule"],
    "dawnwatch.errors": [
        "BaselineError",
        "ConfigError",
        "DataError",
        "DawnwatchError",
        "StoreError",
        "UsageError",
    ],
    "dawnwatch.model.enums": ["Band", "Outcome", "Severity"],
    "dawnwatch.model.packet": ["TriagePacket"],
    "dawnwatch.model.replay": ["Replay"],
    "dawnwatch.monitoring": ["Monitor", "monitor"],
    "dawnwatch.monitoring.replay.replay": ["replay"],
    "dawnwatch.sources": ["open_source"],
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'dawnwatch' has no attribute {name!r}")
    value = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
