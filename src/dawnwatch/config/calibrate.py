"""What a calibration takes as too small to matter."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from dawnwatch.config.thresholds import LEAST_PSI
from dawnwatch.config.values import Number, Share, Table

__all__ = ["CalibrateConfig"]


class CalibrateConfig(Table):
    """What is too small to matter to the business: `dawnwatch calibrate` suggests no threshold below it."""

    psi_floor: Annotated[Number, Field(ge=LEAST_PSI)] = 0.05
    """A shift of this PSI; YELLOW does not begin below it either."""
    auc_floor: Share = 0.01
    """A fall of the AUC."""
    missing_floor: Share = 0.01
    """A share of missing values."""
    because: str | None = None
