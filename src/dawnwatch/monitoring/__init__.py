"""The composer: the only place that knows the whole way from a source to a packet."""

from dawnwatch.monitoring.composer import Monitor, monitor

__all__ = ["Monitor", "monitor"]
