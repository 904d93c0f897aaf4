import ast
import doctest
import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import entropy
from sklearn.metrics import roc_auc_score

import dawnwatch
from dawnwatch import Config, ConfigError, UsageError
from metropulse.recommender import score
from metropulse.scenario import CONFIG, STEPS, MetroPulse, build

COLUMNS = [
    *("user_id", "item_id", "hour_bucket", "device_type", "user_affinity", "item_affinity"),
    *("label", "rating", "timestamp"),
]
PACKAGE = CONFIG.parent


def psi(scenario: MetroPulse, column: str) -> float:
    """PSI is Jeffreys' divergence, which scipy gives as two relative entropies."""
    names = sorted(set(scenario.drift_baseline[column].to_pylist()))
    shares = [
        [np.mean(table[column].to_numpy() == name) for name in names]
        for table in (scenario.drift_baseline, scenario.current)
    ]
    return float(entropy(shares[0], shares[1]) + entropy(shares[1], shares[0]))


def aucs(scenario: MetroPulse, features: list[str]) -> tuple[float, float]:
    """AUC on holdout and current window, by scikit-learn."""
    first, second = (
        float(roc_auc_score(table["label"].to_numpy(), score(scenario.model, table, features=features)))
        for table in (scenario.holdout, scenario.current)
    )
    return first, second


def with_model(config: Config, features: list[str], categorical: list[str]) -> Config:
    tables = config.model_dump(exclude_unset=True)
    tables["model"] = {"features": features, "categorical": categorical}
    return Config.from_dict(tables)


def test_sizes_columns_and_order(injected: MetroPulse) -> None:
    sizes = [
        table.num_rows for table in (injected.drift_baseline, injected.training, injected.holdout, injected.current)
    ]
    assert sizes == [70_000, 56_000, 14_000, 30_000]
    for table in (injected.drift_baseline, injected.training, injected.holdout, injected.current):
        assert table.column_names == COLUMNS
        assert table.schema.equals(injected.current.schema)
        assert (np.diff(table["timestamp"].to_numpy()) >= 0).all()
    assert injected.drift_baseline["timestamp"].to_numpy()[-1] <= injected.current["timestamp"].to_numpy()[0]


def test_the_drift_baseline_is_training_rows_and_holdout(injected: MetroPulse) -> None:
    together = pa.concat_tables([injected.training, injected.holdout]).to_pandas()
    whole = injected.drift_baseline.to_pandas()
    order = ["user_id", "item_id"]
    assert whole.sort_values(order).reset_index(drop=True).equals(together.sort_values(order).reset_index(drop=True))


def test_known_psi_after_injection(injected: MetroPulse) -> None:
    assert psi(injected, "device_type") == pytest.approx(0.29, abs=0.01)
    assert psi(injected, "hour_bucket") == pytest.approx(0.55, abs=0.01)
    assert injected.facts["mobile_share"] == pytest.approx(0.60, abs=0.01)
    assert injected.facts["night_share"] == pytest.approx(0.63, abs=0.01)


def test_known_psi_without_injection(natural: MetroPulse) -> None:
    assert psi(natural, "device_type") < 0.002
    assert psi(natural, "hour_bucket") == pytest.approx(0.01, abs=0.005)


def test_known_auc(config: Config, injected: MetroPulse, natural: MetroPulse) -> None:
    for scenario in (injected, natural):
        holdout, current = aucs(scenario, config.model.features)
        assert holdout == pytest.approx(0.76, abs=0.01)
        assert current == pytest.approx(0.70, abs=0.01)
        assert holdout - current > 0.05


def test_known_auc_with_whole_riders_held_out(config: Config, u_data_file: Path) -> None:
    scenario = build(config, data=u_data_file, holdout="by_unit")
    assert not set(scenario.holdout["user_id"].to_pylist()) & set(scenario.training["user_id"].to_pylist())
    assert scenario.holdout.num_rows == pytest.approx(14_000, abs=300)
    holdout, _ = aucs(scenario, config.model.features)
    assert 0.70 - 0.005 <= holdout <= 0.71 + 0.005
    assert "whole riders" in scenario.holdout_kind


def test_known_auc_with_raw_ids(config: Config, u_data_file: Path) -> None:
    features = ["hour_bucket", "device_type", "user_id", "item_id"]
    scenario = build(with_model(config, features, features[:2]), data=u_data_file)
    holdout, current = aucs(scenario, features)
    assert holdout == pytest.approx(0.60, abs=0.01)
    assert current == pytest.approx(0.57, abs=0.01)


def test_most_riders_are_new(injected: MetroPulse) -> None:
    known = set(injected.drift_baseline["user_id"].to_pylist())
    new = np.mean([rider not in known for rider in injected.current["user_id"].to_pylist()])
    assert new == pytest.approx(0.86, abs=0.005)
    assert injected.facts["rows_from_riders_new_since_the_reference"] == pytest.approx(new)


def test_devices_fall_alike(config: Config, injected: MetroPulse) -> None:
    """Devices are random, so no slice may fall much more than another: three standard errors of a pair."""
    falls = []
    for device in ("mobile", "desktop", "tablet"):
        values = []
        for table in (injected.holdout, injected.current):
            own = table.filter(pa.compute.equal(table["device_type"], device))
            chances = score(injected.model, own, features=config.model.features)
            values.append(roc_auc_score(own["label"].to_numpy(), chances))
        falls.append(values[0] - values[1])
    assert min(falls) > 0.02
    assert max(falls) - min(falls) < 3 * 0.0125


def test_injection_touches_two_columns_only(injected: MetroPulse, natural: MetroPulse) -> None:
    for name in COLUMNS:
        same = injected.current[name].equals(natural.current[name])
        assert same is (name not in {"device_type", "hour_bucket"})
        assert injected.drift_baseline[name].equals(natural.drift_baseline[name])


def test_affinities_come_from_training_rows_alone(injected: MetroPulse) -> None:
    """Check three riders by hand, and that a rider the model never saw has the overall mean."""
    training, holdout, current = (t.to_pandas() for t in (injected.training, injected.holdout, injected.current))
    overall = training.label.mean()
    for rider in training.user_id.value_counts().index[:3]:
        own = training[training.user_id == rider].label
        expected = (own.sum() + 10 * overall) / (len(own) + 10)
        assert np.allclose(holdout[holdout.user_id == rider].user_affinity, expected)
    unseen = current[~current.user_id.isin(training.user_id)]
    assert np.allclose(unseen.user_affinity, overall)


def test_affinities_of_training_rows_are_out_of_fold(injected: MetroPulse) -> None:
    """Five folds give a busy rider five values, and an affinity no better on training rows than on new ones."""
    training = injected.training.to_pandas()
    busy = training.user_id.value_counts().index[:20]
    for rider in busy:
        assert training[training.user_id == rider].user_affinity.nunique() == 5
    for name in ("user_affinity", "item_affinity"):
        seen, new = (
            roc_auc_score(table["label"].to_numpy(), table[name].to_numpy())
            for table in (injected.training, injected.holdout)
        )
        assert seen == pytest.approx(new, abs=0.015)


def test_same_arguments_same_rows_other_seed_others(config: Config, u_data_file: Path, injected: MetroPulse) -> None:
    again = build(config, data=u_data_file)
    for name in ("drift_baseline", "training", "holdout", "current"):
        assert getattr(again, name).equals(getattr(injected, name))
    assert again.facts == injected.facts
    other = build(config, data=u_data_file, injection_seed=99)
    assert other.drift_baseline.equals(injected.drift_baseline)
    assert not other.current["device_type"].equals(injected.current["device_type"])
    assert other.facts["injection_seed"] == 99


def test_strength_is_an_option_downwards_too(config: Config, u_data_file: Path) -> None:
    scenario = build(config, data=u_data_file, mobile_share=0.10, night_share=0.45)
    assert scenario.facts["mobile_share"] == pytest.approx(0.10)
    assert scenario.facts["night_share"] == pytest.approx(0.45)


def test_facts_say_what_a_reader_must_know(injected: MetroPulse, natural: MetroPulse) -> None:
    assert json.loads(json.dumps(injected.facts)) == injected.facts
    assert "MovieLens records no devices" in injected.facts["device_type"]
    assert "20% of the reference" in injected.holdout_kind
    assert "stratified by label" in injected.holdout_kind
    assert injected.facts["injected"] is True
    assert injected.facts["mobile_share_natural"] == pytest.approx(1 / 3, abs=0.01)
    assert natural.facts["injected"] is False
    assert natural.facts["night_share"] == natural.facts["night_share_natural"]


def test_steps_come_in_order(config: Config, u_data_file: Path) -> None:
    steps: list[str] = []
    build(config, data=u_data_file, step=steps.append)
    assert tuple(steps) == STEPS


@pytest.mark.parametrize("wrong", [{"holdout": "by_rider"}, {"mobile_share": 2.0}, {"seed": -1}])
def test_bad_options_end_before_anything_is_fetched(config: Config, wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        build(config, data="/nowhere", **wrong)


def test_a_wrong_copy_is_a_usage_error(config: Config, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        build(config, data=tmp_path / "nowhere")


def modules() -> list[Path]:
    return sorted(PACKAGE.glob("*.py"))


def test_only_the_public_surface_of_dawnwatch_is_imported() -> None:
    seen = set()
    for file in modules():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert not any(alias.name.startswith("dawnwatch") for alias in node.names), file
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dawnwatch"):
                assert node.module == "dawnwatch", f"{file} reaches into {node.module}"
                seen |= {alias.name for alias in node.names}
    assert seen
    assert seen <= set(dawnwatch.__all__)


@pytest.mark.parametrize("file", modules(), ids=lambda file: file.stem)
def test_examples_run_and_all_is_sorted(file: Path) -> None:
    module = importlib.import_module("metropulse" if file.stem == "__init__" else f"metropulse.{file.stem}")
    assert doctest.testmod(module).failed == 0
    if file.stem != "__init__":
        assert all(hasattr(module, name) for name in module.__all__)
        assert len(set(module.__all__)) == len(module.__all__)
