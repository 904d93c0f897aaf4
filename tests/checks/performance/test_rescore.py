"""The re-score check through the real line: sampled rows, both scores, threshold, packet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import TriagePacket
from dawnwatch.model.serving import Serving
from tests.checks.windows import config, log, packet, put, recalled

N = 1200


def found(current: pa.Table, **how: Any) -> TriagePacket:
    return packet(current, model=how.pop("model", recalled), **how)


def serving(current: pa.Table, **how: Any) -> Serving:
    section = found(current, **how).performance.serving
    assert section is not None
    return section


def scores(rows: int, value: float = 0.5) -> pa.Table:
    return put(log(), score=[value] * rows + log()["score"].to_pylist()[rows:])


def test_scores_that_are_the_models_agree() -> None:
    section = serving(log())
    assert (section.outcome.value, section.reading, section.rows, section.differ) == ("passed", "agrees", N, 0)
    assert section.message == "all 1,200 sampled scores are what the model gives again"
    assert section.interval is not None
    # Sixty riders all agree: Clopper and Pearson's interval of 0 in 60.
    assert section.interval == pytest.approx((0.0, 0.0596), abs=1e-4)


def test_a_default_in_place_of_scores_is_named_and_ranked_first() -> None:
    result = found(scores(300))
    section = result.performance.serving
    assert section is not None
    assert (section.outcome.value, section.reading, section.differ) == ("failed", "constant", 300)
    assert "100% of them are 0.5, one value in place of scores" in section.message
    assert (result.severity.value, result.rule) == ("high", "serving_failed")
    assert result.decision.verdict == "fix_pipeline"
    assert result.diagnosis.findings[0].subject == "score"
    assert result.diagnosis.findings[0].text == section.message
    assert result.actions[0].action == "Find what stands in for the model's answers"
    assert len(section.examples) == 5
    assert section.examples[0].values["score"] == 0.5


@pytest.mark.parametrize(("rows", "outcome"), [(12, "passed"), (13, "failed")])
def test_it_fails_strictly_above_its_threshold(rows: int, outcome: str) -> None:
    assert serving(scores(rows)).outcome.value == outcome


def test_the_threshold_and_tolerance_are_the_users() -> None:
    loose = config(serving={"max": 0.3, "because": "a canary has a quarter of the rows"})
    result = found(scores(300), settings=loose)
    assert result.performance.serving is not None
    assert result.performance.serving.outcome.value == "passed"
    assert result.thresholds[-1].model_dump(exclude={"source"}) == {
        "name": "serving",
        "column": None,
        "value": {"tolerance": 1e-4, "max": 0.3, "spike": 0.05, "link": 0.2, "repeats": 0.2},
        "because": "a canary has a quarter of the rows",
    }
    rounded = put(log(), score=np.round(log()["score"].to_numpy(), 2))
    assert serving(rounded).reading == "rescaled"
    assert serving(rounded, settings=config(serving={"tolerance": 0.01})).reading == "agrees"


def test_a_feature_the_rows_lie_in_is_named() -> None:
    rows = np.array(log()["device"].to_pylist()) == "tablet"
    section = serving(put(log(), score=np.where(rows, log()["score"].to_numpy() ** 2, log()["score"].to_numpy())))
    assert (section.column, section.value) == ("device", "tablet")
    assert "they lie where device is tablet (100% of its" in section.message


def test_a_model_that_did_not_score_the_log_either_time_judges_nothing() -> None:
    result = found(scores(300), model=lambda batch: np.full(batch.num_rows, 0.123))
    section = result.performance.serving
    assert section is not None
    assert (section.outcome.value, section.reading, result.could_not_judge) == ("not_computed", None, [])
    assert "so it is not the one that scored the log" in section.message


def test_a_model_that_can_score_the_baseline_and_not_this_window_is_said_not_to_have_been_asked() -> None:
    result = found(log().drop_columns(["event"]))
    assert any("performance.rescore of score could not be judged" in line for line in result.could_not_judge)


@pytest.mark.parametrize("how", [{"model": None}, {"settings": config(roles={"score": None})}])
def test_without_a_model_or_a_logged_score_there_is_no_section(how: dict[str, Any]) -> None:
    assert found(log(), **how).performance.serving is None


def test_a_small_window_is_not_judged() -> None:
    section = serving(log().slice(0, 49))
    assert section.outcome.value == "not_computed"
    assert "only 49 sampled rows could be scored again (of 50)" in section.message


def test_a_kept_run_remembers_it(tmp_path: Any) -> None:
    from dawnwatch import Monitor

    monitor = Monitor(config(), model=recalled).fit(log())
    monitor.save(tmp_path / "reference.profile")
    monitor.profile(scores(300), tmp_path / "window.profile")
    later = Monitor(config(), model=recalled).fit(reference_profile=tmp_path / "reference.profile")
    section = later.check(str(tmp_path / "window.profile")).performance.serving
    assert section is not None
    assert (section.reading, section.differ) == ("constant", 300)
