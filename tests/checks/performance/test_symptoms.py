"""Signs of broken serving read off the log alone: each is found when put in, and a changed world is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import TriagePacket
from dawnwatch.model.serving import Symptom
from tests.checks.windows import config, packet, put

N = 3000
SETTINGS = config(columns={"fare": {"monitor": True}, "device": {"monitor": True}, "stops": {"monitor": True}})


def log(seed: int, *, mobile: float = 1 / 3, concept: float = 1.0) -> pa.Table:
    """A log whose scores are a function of its features, of 300 riders in order of time."""
    rng = np.random.default_rng(seed)
    device = rng.choice(["mobile", "desktop", "tablet"], N, p=[mobile, *[(1 - mobile) / 2] * 2])
    fare, stops = rng.uniform(1, 99, N).round(2), rng.integers(1, 30, N)
    logit = (fare - 50) / 25 + (device == "mobile") - stops / 30
    label = (rng.random(N) < 1 / (1 + np.exp(-concept * logit))).astype(int)
    riders = rng.integers(0, 300, N)
    return pa.table(
        {
            "event": np.arange(N),
            "rider": riders,
            "device": device,
            "city": rng.choice(["rome", "oslo"], N),
            "fare": fare,
            "stops": stops,
            "label": label,
            "score": 1 / (1 + np.exp(-logit)),
        }
    )


def judged(current: pa.Table, **how: Any) -> TriagePacket:
    return packet(current, log(0), how.pop("settings", SETTINGS), **how)


def failed(found: TriagePacket) -> dict[str, Symptom]:
    return {one.name: one for one in found.performance.symptoms if one.outcome.value == "failed"}


def exchanged(table: pa.Table, share: float) -> pa.Table:
    rng, scores = np.random.default_rng(3), table["score"].to_numpy().copy()
    rows = rng.permutation(N)[: round(share * N)]
    scores[rows] = scores[np.roll(rows, 1)]
    return put(table, score=scores)


def test_scores_of_other_rows_follow_the_features_less() -> None:
    found = judged(exchanged(log(1), 0.5))
    (name,) = failed(found)
    sign = failed(found)[name]
    assert name == "link"
    assert sign.interval is not None
    assert sign.interval[0] < 0.5 < sign.interval[1]
    assert "and they are distributed as before (PSI 0.0" in sign.message
    assert "they look like scores of other rows, shuffled or stale" in sign.message
    assert found.diagnosis.findings[0].text.lower() == sign.message.lower()
    assert found.diagnosis.findings[0].subject == "score"
    assert found.decision.verdict == "fix_pipeline"
    assert found.rule == "performance_degraded"
    top = found.diagnosis.causes[0]
    assert (top.cause, top.resolvable) == ("serving", False)
    assert sum(cause.amount for cause in found.diagnosis.causes) == pytest.approx(
        found.performance.drop.value, abs=1e-6
    )


def test_scores_that_are_all_of_other_rows_rank_no_better_than_chance() -> None:
    assert "and rank labels no better than chance" in failed(judged(exchanged(log(1), 1.0)))["link"].message


def test_it_is_told_before_any_label_is_there() -> None:
    late = config(columns=SETTINGS.model_dump(exclude_unset=True)["columns"], labels={"expected": "late"})
    found = judged(exchanged(log(1), 0.5).drop_columns(["label"]), settings=late)
    assert (found.rule, found.severity.value) == ("serving_doubtful", "medium")


def test_a_default_that_spreads_is_named() -> None:
    scores = np.where(np.random.default_rng(4).random(N) < 0.3, 0.612345, log(1)["score"].to_numpy())
    sign = failed(judged(put(log(1), score=scores)))["spike"]
    assert "one score, about 0.61" in sign.message
    assert sign.value == pytest.approx(0.3, abs=0.03)


@pytest.mark.parametrize(("share", "told"), [(0.04, False), (0.07, True)])
def test_a_spike_counts_above_its_limit(share: float, told: bool) -> None:
    scores = np.where(np.arange(N) < share * N, 0.612345, log(1)["score"].to_numpy())
    assert ("spike" in failed(judged(put(log(1), score=scores)))) is told


def test_scores_that_are_kept_per_unit_are_told() -> None:
    table = log(1)
    riders, scores = (table[name].to_pylist()[::-1] for name in ("rider", "score"))
    first = dict(zip(riders, scores, strict=True))
    kept = judged(put(table, score=[first[rider] for rider in table["rider"].to_pylist()]))
    assert {"repeats", "link"} <= failed(kept).keys()


WORLDS: dict[str, pa.Table] = {
    "the same": log(1),
    "another mix": log(2, mobile=0.8),
    "another concept": log(3, concept=0.0),
    "the opposite": log(4, concept=-1.0),
}


@pytest.mark.parametrize("world", WORLDS)
def test_a_changed_world_is_no_sign_of_broken_serving(world: str) -> None:
    found = judged(WORLDS[world])
    assert failed(found) == {}
    assert {one.name for one in found.performance.symptoms} == {"spike", "link", "repeats"}
    assert "serving" not in {cause.cause for cause in found.diagnosis.causes}


def test_where_the_model_is_asked_no_sign_is_looked_for() -> None:
    def model(batch: pa.RecordBatch) -> Any:
        logit = (batch["fare"].to_numpy() - 50) / 25 - batch["stops"].to_numpy() / 30
        return 1 / (1 + np.exp(-logit - np.array([value == "mobile" for value in batch["device"].to_pylist()])))

    found = judged(exchanged(log(1), 0.5), model=model)
    assert found.performance.symptoms == []
    assert found.rule == "serving_failed"


def test_features_that_tell_little_of_the_scores_give_no_sign() -> None:
    table = exchanged(log(1), 0.5)
    only = config(columns={"city": {"monitor": True}, "fare": {"monitor": False}, "device": {}, "stops": {}})
    assert "link" not in {one.name for one in judged(table, settings=only).performance.symptoms}


def test_a_small_window_is_not_read() -> None:
    assert judged(log(1).slice(0, 99)).performance.symptoms == []


RULED = config(
    columns={
        "fare": {"monitor": True, "range": {"min": 0, "max": 100}},
        "device": {"monitor": True, "allowed": ["mobile", "desktop", "tablet"]},
        "stops": {"monitor": True},
    }
)


@pytest.mark.parametrize(
    ("column", "value"), [("fare", -999.0), ("fare", 1e9), ("fare", None), ("fare", float("nan")), ("device", "MOBILE")]
)
def test_values_broken_after_scoring_are_no_sign_of_a_scorer(column: str, value: Any) -> None:
    table = log(1)
    values = table[column].to_pylist()
    for row in range(0, N, 3):
        values[row] = value
    found = judged(put(table, **{column: values}), settings=RULED)
    assert failed(found) == {}
    assert any(check.outcome.value == "failed" for check in found.quality.checks)


def test_rows_sent_twice_repeat_no_score() -> None:
    table = log(1)
    found = judged(pa.concat_tables([table, table.slice(0, 1500)]), settings=RULED)
    assert failed(found) == {}
    assert [check.name for check in found.quality.checks if check.outcome.value == "failed"] == ["duplicates"]


def test_exchanged_scores_are_still_told_beside_broken_values() -> None:
    table = exchanged(log(1), 0.5)
    fares = table["fare"].to_pylist()
    for row in range(0, N, 5):
        fares[row] = -999.0
    assert list(failed(judged(put(table, fare=fares), settings=RULED))) == ["link"]


def in_another_unit(table: pa.Table, *columns: str) -> pa.Table:
    """Columns of the log multiplied by a thousand behind the model, in two of three rows; scores and labels stay."""
    where = np.random.default_rng(6).random(N) < 2 / 3
    return put(table, **{name: np.where(where, 1000.0 * table[name].to_numpy(), table[name]) for name in columns})


def test_a_feature_changed_behind_the_model_is_named_and_no_score_doubted() -> None:
    found = judged(in_another_unit(log(1), "fare"))
    sign = failed(found)["link"]
    assert (sign.reading, sign.column) == ("features", "fare")
    assert "the logged features no longer go with the score (most: fare)" in sign.message
    assert "shuffled or stale" not in found.headline
    assert (found.decision.verdict, found.decision.rule) == ("fix_pipeline", "doubtful features")
    assert found.actions[0].action.startswith("Compare fare in the log with what the model was given")
    assert found.performance.drop.value == pytest.approx(0, abs=0.04)


def test_scores_of_other_rows_are_doubted_and_no_feature() -> None:
    for share in (0.4, 0.7, 1.0):
        sign = failed(judged(exchanged(log(1), share)))["link"]
        assert (sign.reading, sign.column) == ("scores", None)


def test_without_labels_the_scores_are_doubted() -> None:
    late = config(columns=SETTINGS.model_dump(exclude_unset=True)["columns"], labels={"expected": "late"})
    found = judged(in_another_unit(log(1), "fare").drop_columns(["label"]), settings=late)
    assert failed(found)["link"].reading == "scores"


def test_a_default_beside_is_the_scores_fault_whatever_they_rank() -> None:
    table = in_another_unit(log(1), "fare")
    scores = np.where(np.random.default_rng(4).random(N) < 0.07, 0.612345, table["score"].to_numpy())
    found = failed(judged(put(table, score=scores)))
    assert {"spike", "link"} <= found.keys()
    assert (found["link"].reading, found["link"].column) == ("scores", None)
