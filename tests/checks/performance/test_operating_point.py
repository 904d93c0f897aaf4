"""The operating point on real windows through the real line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import expit
from sklearn.metrics import f1_score, precision_score, recall_score

from dawnwatch import ConfigError
from dawnwatch.config import Config
from dawnwatch.model.score_meaning import OperatingPoint, PointMetric
from dawnwatch.profiling.learn import score_bins
from dawnwatch.report.html import to_html
from dawnwatch.report.lines import performance_lines
from tests.checks.windows import config, log, packet, put

N = 8000
AT = 0.4
SET: dict[str, Any] = {
    "model": {"threshold": AT},
    "costs": {"false_positive": 1.0, "false_negative": 6.0, "unit": "EUR"},
    "roles": {"score_kind": "probability"},
}


def window(seed: int, off: float = 0.0) -> pa.Table:
    rng = np.random.default_rng(seed)
    logits = rng.normal(-0.5, 1.2, N)
    # Of two decimals, so that many rows are exactly at the threshold.
    return put(log(N, seed), score=expit(logits).round(2), label=(rng.random(N) < expit(logits - off)).astype(int))


def of(current: pa.Table, reference: pa.Table, **tables: Any) -> OperatingPoint:
    found = packet(current, reference, config(**(SET | tables))).performance.operating_point
    assert found is not None
    return found


def metric(found: OperatingPoint, name: str) -> PointMetric:
    return next(one for one in found.metrics if one.name == name)


def test_values_are_scikit_learns_exactly_though_many_rows_lie_at_the_threshold() -> None:
    current, reference = window(2), window(1)
    assert (current["score"].to_numpy() == AT).sum() > 20
    found = of(current, reference)
    for table, field in ((current, "value"), (reference, "before")):
        label, said = table["label"].to_numpy(), table["score"].to_numpy() >= AT
        wrong = np.where(said, 1.0 * (label == 0), 6.0 * (label == 1)).mean()
        assert getattr(metric(found, "precision"), field) == pytest.approx(precision_score(label, said), abs=1e-12)
        assert getattr(metric(found, "recall"), field) == pytest.approx(recall_score(label, said), abs=1e-12)
        assert getattr(metric(found, "f1"), field) == pytest.approx(f1_score(label, said), abs=1e-12)
        assert getattr(metric(found, "cost"), field) == pytest.approx(wrong, abs=1e-12)
    assert found.said_yes == pytest.approx(np.mean(current["score"].to_numpy() >= AT), abs=1e-12)
    assert found.rows == N


def test_where_nothing_changed_nothing_is_said_to_have() -> None:
    judged = packet(window(2), window(1), config(**SET))
    point = judged.performance.operating_point
    assert point is not None
    assert not any(one.changed for one in point.metrics)
    assert point.message.endswith("nothing changed beyond chance")
    assert not any("At the threshold" in line for line in performance_lines(judged))


def test_rarer_positives_take_precision_and_raise_no_severity() -> None:
    judged = packet(window(2, off=1.0), window(1), config(**SET))
    point = judged.performance.operating_point
    assert point is not None
    precision = metric(point, "precision")
    assert precision.changed
    assert precision.change is not None
    assert precision.change < -0.1
    assert "precision went from" in point.message
    assert any(line.startswith("at the threshold 0.4: precision") for line in performance_lines(judged))
    without = packet(window(2, off=1.0), window(1), config(roles=SET["roles"]))
    assert (without.severity, without.rule) == (judged.severity, judged.rule)
    page = to_html(judged)
    assert 'id="operating-point"' in page
    assert "Cost of wrong answers per row, EUR" in page


def test_without_costs_there_is_no_cost_and_without_a_threshold_nothing() -> None:
    found = of(window(2), window(1), costs={})
    assert [one.name for one in found.metrics] == ["precision", "recall", "f1"]
    assert packet(window(2), window(1), config(model={})).performance.operating_point is None


def test_a_threshold_nobody_reaches_is_said() -> None:
    found = of(window(2), window(1), model={"threshold": 1.0})
    assert metric(found, "precision").reason == "hardly a row, if any, was answered with yes"
    assert metric(found, "recall").value == 0.0
    assert found.said_yes == 0.0


def test_the_costs_are_judged_again_without_reading_and_the_threshold_is_counted() -> None:
    one, other = config(**SET), config(**(SET | {"costs": {"false_positive": 2.0, "false_negative": 0.0}}))
    assert one.counted == other.counted
    assert one.counted != config(**(SET | {"model": {"threshold": 0.5}})).counted
    assert "threshold" not in config(model={}).counted["model"]


@pytest.mark.parametrize("costs", [{"false_positive": 1.0}, {"false_negative": 1.0}, {"false_positive": -1.0}])
def test_costs_that_say_half_are_refused(costs: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=r"costs"):
        Config.from_dict({"costs": costs})


@pytest.mark.parametrize("rows", [300, 20_000])
@pytest.mark.parametrize("threshold", [-1.0, 0.0, 0.1, 0.5, 0.97, 1.0, 2.0])
def test_bins_part_at_the_threshold_and_nowhere_are_out_of_order(rows: int, threshold: float) -> None:
    scores = np.random.default_rng(0).beta(1, 4, rows).round(4)
    edges = np.unique(scores)[:8000]
    bins = score_bins(scores, edges, threshold)
    found = bins.from_threshold(threshold)
    assert found is not None
    fine, coarse = found
    place = np.searchsorted(bins.edges, np.append(scores, threshold), side="left")
    yes = np.append(scores, threshold) >= threshold
    assert ((place >= fine) == yes).all()
    assert ((bins.groups[place] >= coarse) == yes).all()
    runs = bins.groups[:-1]
    assert (np.diff(runs) >= 0).all()
    assert 0 <= runs[0] <= runs[-1] < 512
    assert score_bins(scores, edges, None).from_threshold(threshold) is None or threshold in (0.0,)
