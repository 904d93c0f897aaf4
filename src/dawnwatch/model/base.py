"""The base of every type that is stored or sent: immutable, and never NaN."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Frozen"]


class Frozen(BaseModel):
    """An immutable record. NaN and infinities are refused: what was not computed says so in words.

    Unknown keys are ignored on reading, so that a packet written by a later minor version still opens.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False, ser_json_inf_nan="null")
