"""The bins that a drift's gain is of, without those that chance lifted."""

from __future__ import annotations

from dawnwatch.model.feature_drift import BinShare
from dawnwatch.monitoring.gains import main_gains
from tests.triage.builders import feature


def gained(*gains: float) -> set[str]:
    shares = [
        BinShare(bin=f"b{n}", reference=0.2, current=0.2 + gain, contribution=abs(gain)) for n, gain in enumerate(gains)
    ]
    return main_gains(feature("device", 0.3, "RED").model_copy(update={"bins": shares}))


def test_what_chance_lifted_beside_the_gain_is_left_out() -> None:
    assert gained(0.1, 0.015, -0.115) == {"b0"}
    assert gained(-0.2, 0.06, 0.08, 0.06) == {"b1", "b2", "b3"}
    assert gained(0.0, 0.0) == set()
    assert gained() == set()
