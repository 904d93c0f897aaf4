"""The composer: the only place that knows the whole way from a source to a packet."""

from dawnwatch.monitoring.composer import Monitor
from dawnwatch.monitoring.one_line import monitor

__all__ = ["Monitor", "monitor"]
