"""Every chart, defined once: the pictures and the HTML report show the same specification.

Importing this package imports Altair; `dawnwatch.report` alone does not.
"""

from dawnwatch.report.charts.calibration import calibration_chart
from dawnwatch.report.charts.causes import causes
from dawnwatch.report.charts.cohorts import cohorts
from dawnwatch.report.charts.dashboard import dashboard
from dawnwatch.report.charts.drift import drift_panel
from dawnwatch.report.charts.feature import contributions, distributions
from dawnwatch.report.charts.performance import performance_panel
from dawnwatch.report.charts.quality import quality_panel
from dawnwatch.report.charts.recalibration import replay_reliability
from dawnwatch.report.charts.reliability import reliability
from dawnwatch.report.charts.replay import has_reliability, replay_blocks, replay_chart, replay_gains, replay_slices
from dawnwatch.report.charts.slices import slices
from dawnwatch.report.charts.what_if import what_if_chart

__all__ = [
    "calibration_chart",
    "causes",
    "cohorts",
    "contributions",
    "dashboard",
    "distributions",
    "drift_panel",
    "has_reliability",
    "performance_panel",
    "quality_panel",
    "reliability",
    "replay_blocks",
    "replay_chart",
    "replay_gains",
    "replay_reliability",
    "replay_slices",
    "slices",
    "what_if_chart",
]
