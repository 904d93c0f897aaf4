"""The scenario's dawnwatch.toml: complete, justified, and true of the data it ships for."""

import numpy as np
import pandas as pd
import pytest

from dawnwatch import Config
from metropulse.scenario import MetroPulse
from metropulse.settings import ScenarioSettings


def test_every_threshold_says_why(config: Config) -> None:
    assert config.unjustified() == []
    for threshold in config.thresholds_in_force():
        assert threshold.source == "config"
        assert len((threshold.because or "").split()) > 10


def test_psi_watches_the_two_categories_only(config: Config) -> None:
    assert config.watched == ["hour_bucket", "device_type"]
    for name in set(config.model.features) - set(config.watched):
        assert config.column(name).monitor is False
        assert config.column(name).because


def test_bounds_have_reasons_of_their_own(config: Config) -> None:
    for name, column in config.columns.items():
        assert len((config.bounds_because(name) or "").split()) > 10, name
        assert column.bounds_because != column.because


def test_the_thresholds_are_the_documented_ones(config: Config) -> None:
    thresholds = config.thresholds
    assert (thresholds.psi.yellow, thresholds.psi.red) == (0.10, 0.20)
    assert (thresholds.missing.max, thresholds.auc_drop.max) == (0.05, 0.05)


def test_the_scenario_table_states_every_default(config: Config) -> None:
    stated = set(config.scenario) | {"injection_seed"}
    assert stated == set(ScenarioSettings.model_fields)
    assert ScenarioSettings.of(config) == ScenarioSettings()


def faults(config: Config, table: pd.DataFrame) -> list[str]:
    """Judge a table by the file's rules with pandas, independently of dawnwatch's checks."""
    found = [f"extra {name}" for name in set(table.columns) - set(config.columns)]
    found += [f"missing {name}" for name in set(config.columns) - set(table.columns)]
    kinds = {"integer": "i", "number": "f", "string": "OUT"}
    for name, rules in config.columns.items():
        values = table[name]
        if rules.type is None or values.to_numpy().dtype.kind not in kinds[rules.type]:
            found.append(f"{name} is {values.dtype}")
        if values.isna().any():
            found.append(f"{name} has nulls")
        if rules.allowed is not None and not values.isin(rules.allowed).all():
            found.append(f"{name} has values not allowed")
        if rules.range is not None:
            low = values >= rules.range.min if rules.range.min_inclusive else values > rules.range.min
            high = values <= rules.range.max if rules.range.max_inclusive else values < rules.range.max
            if not (low & high).all():
                found.append(f"{name} is out of range")
            if not np.isfinite(values).all():
                found.append(f"{name} is not finite")
    if table.duplicated(config.roles.keys).any():
        found.append("duplicates")
    return found


@pytest.mark.parametrize("way", ["injected", "natural"])
def test_all_quality_rules_hold_on_every_window(
    config: Config, way: str, injected: MetroPulse, natural: MetroPulse
) -> None:
    scenario = {"injected": injected, "natural": natural}[way]
    for table in (scenario.drift_baseline, scenario.training, scenario.holdout, scenario.current):
        assert faults(config, table.to_pandas()) == []


def test_the_judge_itself_finds_faults(config: Config, natural: MetroPulse) -> None:
    table = natural.current.slice(0, 100).to_pandas()
    table.loc[3, "user_id"] = 944
    table.loc[4, "device_type"] = "watch"
    table.loc[5, "timestamp"] = 893_289_600
    table = pd.concat([table, table.iloc[[9]]])
    assert set(faults(config, table)) == {
        "user_id is out of range",
        "device_type has values not allowed",
        "timestamp is out of range",
        "duplicates",
    }
