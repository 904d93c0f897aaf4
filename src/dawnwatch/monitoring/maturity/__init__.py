"""Labels that are still to come: which rows have theirs, which of them are judged, and what stands for the others."""

from dawnwatch.monitoring.maturity.cut import Ripe, mature_age, ripe_rows
from dawnwatch.monitoring.maturity.section import maturity_of
from dawnwatch.monitoring.maturity.weighting import Weighing, weigh_labels

__all__ = ["Ripe", "Weighing", "mature_age", "maturity_of", "ripe_rows", "weigh_labels"]
