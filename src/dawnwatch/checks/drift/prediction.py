"""Prediction drift: how far the distribution of the model's scores moved."""

from __future__ import annotations

from dawnwatch.checks.drift.outputs import Predictions
from dawnwatch.checks.drift.psi import shift_of
from dawnwatch.checks.registry import check
from dawnwatch.model.measurement import Measurement

__all__ = ["prediction"]


@check("drift.prediction", needs=Predictions, unit="nats", threshold="prediction")
def prediction(reference: Predictions, current: Predictions) -> Measurement:
    """Population stability index of the model's scores over the performance baseline's deciles.

    What the model gives out can move before any label says whether it is right, so it is the leading signal while
    labels are late. It raises severity only where a rule asks for it.
    """
    return shift_of(reference, current)
