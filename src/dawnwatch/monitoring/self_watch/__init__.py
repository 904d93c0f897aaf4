"""The monitor watches itself: is its feed on time, whole and not blind?"""

from dawnwatch.monitoring.self_watch.watch import self_watch

__all__ = ["self_watch"]
