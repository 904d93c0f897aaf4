"""Metrics before their labels come: estimated, held against the labels that came, and their record kept."""

from dawnwatch.monitoring.estimates.estimate import estimates_of, with_level
from dawnwatch.monitoring.estimates.record import with_record

__all__ = ["estimates_of", "with_level", "with_record"]
