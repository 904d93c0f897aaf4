"""What calibrate says against what a process that is known does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom, chi2

from dawnwatch import Monitor
from dawnwatch.errors import BaselineError, UsageError
from dawnwatch.model.calibration import CheckCalibration, ThresholdCalibration
from dawnwatch.model.enums import Severity
from dawnwatch.monitoring.calibration.answers import calibrate
from dawnwatch.monitoring.calibration.schedule import schedule
from tests.monitoring.calibration.log import SHARES, config, log

ROWS, WINDOW = 12_000, 1000
OFF = {"judge": "off"}


def check(found: ThresholdCalibration, threshold: str, subject: str) -> CheckCalibration:
    return next(c for c in found.checks if (c.threshold, c.subject) == (threshold, subject))


def null(chance: float) -> float:
    """The PSI that independent windows reach with this chance where nothing moved."""
    return float((1 / ROWS + 1 / WINDOW) * chi2.isf(chance, len(SHARES) - 1))


@pytest.mark.parametrize("unit", [False, True])
def test_the_interval_covers_a_known_rate_of_false_alarms(unit: bool) -> None:
    """Size alone is judged, at the PSI that a tenth of all windows reach: one false alarm in ten runs."""
    settings = config(unit=unit, significance=OFF, thresholds={"psi": {"red": null(0.1), "yellow": null(0.2)}})
    inside = 0
    for seed in range(5):
        found = calibrate(settings, schedule("1d", f"{WINDOW} rows"), log(ROWS, seed), draws=120, injected=0)
        alarms = check(found, "psi", "kind").now
        assert alarms is not None
        low, high = alarms.false_alarms.interval
        inside += low <= 365.25 / 10 <= high
    assert inside >= binom.ppf(0.001, 5, 0.95)


def test_what_counts_only_where_it_is_more_than_chance_rarely_alarms() -> None:
    """With the error budget of a run of one percent, shared by two tests, half a percent of the windows may alarm."""
    settings = config(thresholds={"psi": {"red": 1e-6, "yellow": 1e-6}})
    found = calibrate(settings, schedule("1d", f"{WINDOW} rows"), log(ROWS, 1), draws=300, injected=0)
    of_psi = check(found, "psi", "kind")
    assert of_psi.significant is not None
    assert of_psi.significant <= 6 / 300  # 1.5 expected
    assert of_psi.now is not None
    assert of_psi.now.false_alarms.times == round(of_psi.significant * 300)


@pytest.fixture(scope="module")
def riders() -> ThresholdCalibration:
    settings = config(unit=True, thresholds={"psi": {"red": 0.15}, "auc_drop": {"max": 0.04}})
    return calibrate(settings, schedule("1d", "2000 rows"), log(20_000, 5, per_unit=5), draws=150, injected=60)


def test_a_shift_is_found_as_often_as_said(riders: ThresholdCalibration) -> None:
    """Fresh windows, into which the shift found with a chance of 80 % was put, and judged by `Monitor`."""
    now = check(riders, "psi", "kind").now
    assert now is not None
    size = next(found.size for found in now.found if found.chance == 0.8)
    assert size is not None
    from dawnwatch.stats.injection import move_for

    settings = config(unit=True, thresholds={"psi": {"red": 0.15}, "auc_drop": {"max": 0.04}})
    monitor = Monitor(settings).fit(log(20_000, 5, per_unit=5))
    found = 0
    for seed in range(40):
        target = seed % 4
        dose = move_for(SHARES, target, size)
        assert dose is not None
        table = log(2000, 100 + seed, per_unit=5)
        kind = table["kind"].to_numpy(zero_copy_only=False).copy()
        kind[np.random.default_rng(seed).random(2000) < dose] = "abcd"[target]
        packet = monitor.check(table.set_column(2, "kind", [kind]))
        found += "red_drift" in packet.facts
    assert binom.ppf(0.001, 40, 0.8) <= found <= binom.ppf(0.999, 40, 0.8)


def test_pages_are_runs_that_call_someone(riders: ThresholdCalibration) -> None:
    """The same schedule over fresh logs: as many runs at high as calibrate says, or fewer."""
    settings = config(unit=True, thresholds={"psi": {"red": 0.15}, "auc_drop": {"max": 0.04}})
    monitor = Monitor(settings).fit(log(20_000, 5, per_unit=5))
    severities = [monitor.check(log(2000, 300 + seed, per_unit=5)).severity for seed in range(40)]
    pages = sum(severity.rank >= Severity.HIGH.rank for severity in severities)
    low, high = (rate / riders.runs_a_year for rate in riders.pages.interval)
    assert binom.ppf(0.001, 40, low) <= pages <= binom.ppf(0.999, 40, high)


def test_sizes_and_rates_go_with_the_threshold(riders: ThresholdCalibration) -> None:
    for one in riders.checks:
        rates = [setting.false_alarms.a_year for setting in one.curve]
        assert rates == sorted(rates, reverse=True)
        sizes = [found.size for setting in one.curve for found in setting.found if found.chance == 0.5]
        known = [size for size in sizes if size is not None]
        assert known == sorted(known)
        for setting in one.curve:
            assert [f.size for f in setting.found if f.size] == sorted(f.size for f in setting.found if f.size)


def test_suggestions_keep_to_budget_and_floor(riders: ThresholdCalibration) -> None:
    for suggestion in riders.suggestions:
        if suggestion.value is None:
            assert suggestion.reason is not None
            assert "--draws" in suggestion.reason
        else:
            assert suggestion.value >= suggestion.floor
            assert suggestion.false_alarms is not None
            assert suggestion.false_alarms.interval[1] <= suggestion.budget


def test_the_same_seed_gives_the_same_answer() -> None:
    answers = [calibrate(config(), schedule("1d", "1000"), log(6000, 1), draws=50, injected=5) for _ in range(2)]
    assert answers[0] == answers[1]


def test_few_windows_are_said_to_be_few() -> None:
    found = calibrate(config(), schedule("1d", "2000"), log(5000, 1), draws=50, injected=5)
    assert any("2 windows" in caution for caution in found.cautions)
    assert any("taken as independent" in caution for caution in found.cautions)


def test_windows_by_time_hold_as_many_rows_as_come_in_it() -> None:
    found = calibrate(config(), schedule("6h", "1d"), log(1440 * 10, 1), draws=50, injected=5)
    assert found.window_rows == pytest.approx(1440, rel=0.02)
    assert found.windows_held == pytest.approx(10, rel=0.01)
    assert found.runs_a_year == pytest.approx(4 * 365.25)


def test_what_cannot_be_cut_is_said() -> None:
    with pytest.raises(BaselineError, match=r"needs \[roles\] timestamp"):
        calibrate(config(roles={"timestamp": None}), schedule("1d", "1d"), log(1000, 1), draws=50, injected=5)
    with pytest.raises(BaselineError, match="no time that windows can be cut by"):
        calibrate(config(roles={"timestamp": "kind"}), schedule("1d", "500"), log(1000, 1), draws=50)
    with pytest.raises(UsageError, match="no reference"):
        calibrate(config(), schedule("1d", "500"), draws=50, injected=5)
    with pytest.raises(UsageError, match="--draws must be at least 50"):
        calibrate(config(), schedule("1d", "500"), log(1000, 1), draws=5)
