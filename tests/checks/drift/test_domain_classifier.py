"""The domain classifier on real windows: found together, by which features, and what it takes."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config, TriagePacket
from dawnwatch.checks.runner import Result
from dawnwatch.explain.pipeline import checkpoints
from dawnwatch.model.drift import DomainClassifier
from dawnwatch.model.enums import Outcome
from dawnwatch.report.comparison.markdown import to_markdown
from dawnwatch.report.html import to_html
from dawnwatch.report.lines import drift_lines
from dawnwatch.triage.compare import compare
from tests.checks import windows
from tests.checks.windows import log, put

pytest.importorskip("sklearn")
N = 1200


def together(agree: float, seed: int = 0) -> pa.Table:
    """Device follows the fare in a share of the rows; each of them alone stays as it is."""
    rng = np.random.default_rng(seed)
    fare = rng.uniform(1, 99, N)
    device = np.where(
        rng.random(N) < agree, np.where(fare > 50, "mobile", "desktop"), rng.choice(["mobile", "desktop"], N)
    )
    return put(log(seed=seed), fare=fare, device=device)


def config(**tables: Any) -> Config:
    return windows.config(**({"drift": {"domain_classifier": True}} | tables))


def packet(current: pa.Table, reference: pa.Table | None = None, settings: Config | None = None) -> TriagePacket:
    return windows.packet(current, reference, settings or config())


def results(current: pa.Table, settings: Config | None = None) -> list[Result]:
    return windows.results(current, settings=settings or config())


def of(found: TriagePacket) -> DomainClassifier:
    assert found.drift.domain is not None
    return found.drift.domain


def check(found: list[Result]) -> Result:
    return next(r for r in found if r.spec.name == "drift.domain_classifier")


@pytest.fixture(scope="module")
def joint() -> TriagePacket:
    return packet(together(0.9, seed=2), together(0.0, seed=1))


def test_what_no_feature_shows_alone_is_found_together(joint: TriagePacket) -> None:
    assert {f.band.value for f in joint.drift.features if f.band} == {"GREEN"}
    found = of(joint)
    assert found.auc is not None
    assert found.auc > 0.65
    assert found.outcome is Outcome.FAILED
    assert {f.name for f in found.features[:2]} == {"device", "fare"}
    assert found.features[0].auc_lost > 0.1 > 0.02 > abs(found.features[2].auc_lost)
    assert "device (0." in found.text
    assert "fare (0." in found.text


def test_it_informs_unless_the_configuration_asks(joint: TriagePacket) -> None:
    assert (joint.severity.value, joint.drift.outcome, of(joint).raises) == ("low", Outcome.PASSED, False)
    assert "windows_told_apart" in joint.facts
    assert any(f.text == of(joint).text for f in joint.diagnosis.findings)
    asked = packet(together(0.9, seed=2), together(0.0, seed=1), config(drift={"domain": "high"}))
    assert (asked.severity.value, asked.rule, asked.drift.outcome) == ("high", "domain_drift", Outcome.FAILED)
    assert asked.error_budget is not None
    assert joint.error_budget is not None
    assert asked.error_budget.tests == joint.error_budget.tests + 1
    assert "tell the windows apart" in asked.headline


def test_windows_of_one_source_are_not_told_apart() -> None:
    found = of(packet(together(0.5, seed=2), together(0.5, seed=1)))
    assert found.interval is not None
    assert found.interval[0] < 0.5 < found.interval[1]
    assert found.outcome is Outcome.PASSED
    assert found.significance is not None
    assert (found.significance.significant, found.significance.unit) == (False, "rider")


def test_missing_values_and_new_categories_tell_windows_apart() -> None:
    for name, values in (
        ("fare", pa.array([None] * 900 + [5.0] * 300)),
        ("device", ["kiosk"] * 800 + ["mobile"] * 400),
    ):
        found = of(packet(put(log(), **{name: values})))
        assert found.outcome is Outcome.FAILED
        assert found.features[0].name == name


def test_lost_retyped_and_private_features_are_left_out_and_named() -> None:
    settings = config(columns={"stops": {"monitor": True, "private": True}})
    found = of(packet(put(log(), fare=["cheap"] * N), settings=settings))
    assert [f.name for f in found.features] == ["device"]
    assert found.left_out == ["fare", "stops"]


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"roles": {"unit": None, "keys": []}}, "no sample of rows is kept"),
        (
            {"columns": {c: {"monitor": True, "private": True} for c in ("device", "fare", "stops")}},
            "no watched feature",
        ),
    ],
)
def test_what_it_needs_it_says(tables: dict[str, Any], said: str) -> None:
    result = check(results(log(), settings=config(**tables)))
    assert said in getattr(result.measurement, "reason", "")
    assert (result.outcome, result.unexpected) == (Outcome.NOT_COMPUTED, False)


def test_without_scikit_learn_it_is_not_computed_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    found = of(packet(log()))
    assert found.reason == "scikit-learn is not installed: pip install 'dawnwatch[models]'"
    assert found.outcome is Outcome.NOT_COMPUTED


def test_it_is_asked_only_where_the_configuration_says_so() -> None:
    assert packet(log(), settings=windows.config()).drift.domain is None
    assert packet(log(), settings=windows.config(drift={"domain": "medium"})).drift.domain is not None
    assert packet(log(), settings=Config.from_dict({})).drift.domain is None


def test_the_same_windows_give_the_same_answer() -> None:
    one, other = (of(packet(together(0.5, seed=2))) for _ in range(2))
    assert one == other


def test_people_read_it_in_terminal_report_comparison_and_map(joint: TriagePacket) -> None:
    assert any(line.startswith("all features at once") for line in drift_lines(joint))
    assert "All features at once" in to_html(joint)
    calm = packet(together(0.0, seed=3), together(0.0, seed=1))
    assert not any(line.startswith("all features at once") for line in drift_lines(calm))
    assert "Windows told apart (AUC)" in to_markdown(compare([joint, calm]))
    point = next(p for p in checkpoints(joint) if p.name == "drift.domain_classifier")
    assert (point.outcome, point.lines[0].text) == (Outcome.FAILED, of(joint).text)
