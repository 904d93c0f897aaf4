"""The advice follows from the intervals, and from nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch.config import Config
from dawnwatch.model.gains import Gain
from dawnwatch.model.replay import Candidate, ReplayNeeds
from dawnwatch.monitoring.replay.advice import advise, needs
from dawnwatch.monitoring.replay.effort import Effort
from dawnwatch.stats.left_out import left_out_of
from dawnwatch.stats.power import detectable_drop

WAIT = Candidate(name="wait", action="wait", how="")
MORE = ReplayNeeds(of="rider", now=200, more=150, size=0.02)


def candidate(name: str, action: str, gain: float, half: float, *, ece: float = 0.0) -> Candidate:
    metric = "log_loss" if action == "recalibrate" else "auc"
    bounds = (gain - half, gain + half)
    gains = [
        Gain(metric=metric, value=0.7 + gain, waiting=0.7, gain=gain, interval=bounds, joint=bounds, rows=9),  # type: ignore[arg-type]
        Gain(metric="ece", value=0.1 - ece, waiting=0.1, gain=ece, rows=9),
    ]
    return Candidate(name=name, action=action, how="", gains=gains)  # type: ignore[arg-type]


EFFORT = Effort(Config())
RETRAIN = candidate("retrain on current", "retrain", 0.02, 0.01)
OLD = candidate("may", "rollback", 0.03, 0.01)
PLATT = candidate("recalibrate (Platt)", "recalibrate", 0.02, 0.01, ece=0.05)
NOISE = candidate("retrain on current", "retrain", 0.02, 0.03)
NONE = candidate("retrain on current", "retrain", -0.01, 0.005)


@pytest.mark.parametrize(
    ("candidates", "verdict", "said"),
    [
        (
            [RETRAIN],
            "retrain",
            "Retrain on current: AUC 0.720 where waiting has 0.700 (+0.020, interval 0.010 to 0.030)",
        ),
        ([RETRAIN, OLD], "rollback", "Roll back to may: AUC 0.730"),
        ([RETRAIN, PLATT], "retrain", "Retrain on current"),
        ([NONE, PLATT], "recalibrate", "Recalibrate (Platt): log loss 0.720"),
        ([NONE], "wait", "Wait: no action gains as much as 0.01 of AUC"),
        ([candidate("retrain on current", "retrain", 0.004, 0.003)], "wait", "Wait"),
        ([NOISE], "cannot_tell", "needs 150 more rider values (which this population may not have) before it is known"),
        ([NOISE, candidate("r", "recalibrate", 0.02, 0.01, ece=0.001)], "cannot_tell", "needs 150 more"),
        ([candidate("may", "rollback", -0.05, 0.01)], "cannot_tell", "retraining was not replayed"),
        ([candidate("r", "recalibrate", 0.0, 0.01)], "cannot_tell", "neither retraining nor an earlier model"),
        ([Candidate(name="x", action="retrain", how="", reason="failed")], "cannot_tell", "no action could be judged"),
    ],
)
def test_the_rule_in_its_order(candidates: list[Candidate], verdict: str, said: str) -> None:
    found = advise([WAIT, *candidates], worth=0.01, effort=EFFORT, lacking=lambda _: MORE)
    assert found.verdict == verdict
    assert said in found.text


def test_a_gain_that_is_shown_and_small_is_said_to_be_both() -> None:
    found = advise(
        [WAIT, candidate("retrain on current", "retrain", 0.004, 0.003)],
        worth=0.01,
        effort=EFFORT,
        lacking=lambda _: MORE,
    )
    assert "which is shown, and less than the 0.01 that matters" in found.reasons[0]


def test_a_gain_within_noise_never_moves_anyone_however_large() -> None:
    for gain in np.linspace(0, 0.4, 9):
        found = advise(
            [WAIT, candidate("x", "retrain", gain, gain + 0.011)], worth=0.01, effort=EFFORT, lacking=lambda _: MORE
        )
        assert found.verdict == "cannot_tell"


def test_where_no_number_would_do_that_is_said() -> None:
    found = advise([WAIT, NOISE], worth=0.01, effort=EFFORT, lacking=lambda _: None)
    assert found.text.startswith("Cannot tell yet: no number of further labels would do")


def test_as_many_more_units_tell_the_gain_four_times_in_five() -> None:
    rng = np.random.default_rng(0)
    gain = left_out_of(0.015, 0.015 + rng.normal(size=64) * 0.0013, np.ones(64, bool))
    found = needs(gain, worth=0.01, joint=0.95, of="rider", now=200)
    assert found is not None
    assert found.size == pytest.approx(0.015)
    then = gain.variance * 200 / (200 + found.more)
    assert detectable_drop(then, level=0.05, degrees=63) == pytest.approx(0.015, rel=0.01)
    # A gain of nothing is told from one that matters instead.
    none = left_out_of(0.0, rng.normal(size=64) * 0.0013, np.ones(64, bool))
    told = needs(none, worth=0.01, joint=0.95, of="rider", now=200)
    assert told is not None
    assert told.size == pytest.approx(0.01)


def test_of_gains_that_are_as_good_the_one_of_least_work_is_advised_and_it_says_so() -> None:
    better, old = candidate("retrain on current", "retrain", 0.036, 0.01), candidate("may", "rollback", 0.03, 0.01)
    found = advise([WAIT, better, old], worth=0.01, effort=EFFORT, lacking=lambda _: MORE)
    assert (found.verdict, found.candidate) == ("rollback", "may")
    assert found.reasons[0] == (
        "Retrain on current gains 0.006 more, which is less than the 0.01 that matters, and takes 24 hours of work "
        "where this takes 4 hours of work"
    )
    # More than what matters outweighs any cost, and costs move nothing that is not shown.
    assert advise([WAIT, better, old], worth=0.005, effort=EFFORT, lacking=lambda _: MORE).verdict == "retrain"
    noise = candidate("may", "rollback", 0.03, 0.05)
    assert advise([WAIT, better, noise], worth=0.01, effort=EFFORT, lacking=lambda _: MORE).verdict == "retrain"
    dear = Config.from_dict({"costs": {"rollback_hours": 40, "hour": 80, "unit": "EUR"}})
    assert Effort(dear).said(old) == "40 hours of work (3,200 EUR)"
    assert advise([WAIT, better, old], worth=0.01, effort=Effort(dear), lacking=lambda _: MORE).verdict == "retrain"
