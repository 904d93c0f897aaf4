"""MetroPulse: the worked example that ships with dawnwatch."""

from metropulse.scenario import CONFIG, MetroPulse, build

__all__ = ["CONFIG", "MetroPulse", "build"]
