"""The replay on logs whose truth is known, most at one cut: who learns from what, what it finds, what can go wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from dawnwatch import BaselineError, ConfigError, DataError
from dawnwatch.model.replay import Candidate, Replay
from dawnwatch.monitoring.replay.replay import replay
from dawnwatch.monitoring.replay.trainers import estimator_trainer, refitting
from tests.monitoring.replay.logs import DAY, FEATURES, START, config, log, logistic


def named(found: Replay, name: str) -> Candidate:
    return next(one for one in found.candidates if one.name == name)


def by_time(table: pa.Table) -> pa.Table:
    return table.take(np.argsort(table["at"].to_numpy(), kind="stable"))


def recorded() -> tuple[list[tuple[pa.Table, pa.Table]], Any]:
    seen: list[tuple[pa.Table, pa.Table]] = []

    def trainer(learn: pa.Table, held: pa.Table) -> Any:
        seen.append((learn, held))
        return logistic(learn, held)

    return seen, trainer


def test_nothing_at_or_after_the_cut_is_ever_learned_from() -> None:
    seen, trainer = recorded()
    current, reference = log(seed=1), log(seed=2, start=START - 50 * DAY)
    found = replay(config(), current=current, reference=reference, trainer=trainer, cuts=1)
    cut = found.cut_at.timestamp()
    sizes = []
    for learn, held in seen:
        assert learn["at"].to_numpy().max() < cut <= held["at"].to_numpy().min()
        assert "score" not in learn.column_names
        sizes.append(learn.num_rows)
    # Half of the 3,000 rows before the cut, all, and with the reference's that lie before the window begins.
    before = (reference["at"].to_numpy() < current["at"].to_numpy().min()).sum()
    assert sizes == [1500, 3000, 3000 + before]
    assert 2800 < before < 3200
    newest = seen[0][0]["at"].to_numpy().min()
    assert (by_time(current)["at"].to_numpy()[:3000] >= newest).sum() == 1500
    assert [
        named(found, f"retrain on {n}").learned_rows for n in ("newest half", "current", "reference + current")
    ] == sizes


def test_rows_of_one_moment_stay_together_after_the_cut() -> None:
    rows = log(rows=1000)
    hours = rows.set_column(rows.column_names.index("at"), "at", pa.array(rows["at"].to_numpy() // DAY * DAY))
    seen, trainer = recorded()
    found = replay(config(), current=hours, trainer=trainer, cuts=1)
    assert seen[1][0]["at"].to_numpy().max() < found.cut_at.timestamp() == seen[1][1]["at"].to_numpy().min()
    assert found.learn_rows + found.judged_rows == 1000


def test_labels_that_would_not_have_come_are_not_learned_from() -> None:
    seen, trainer = recorded()
    found = replay(config(), current=log(), trainer=trainer, gap_hours=24 * 10, cuts=1)
    assert all(learn["at"].to_numpy().max() < found.cut_at.timestamp() - 10 * DAY for learn, _ in seen)
    assert found.learn_rows == pytest.approx(2400, abs=100)
    assert found.judged_rows == pytest.approx(3000, abs=2)


def test_where_the_world_turned_retraining_is_advised_and_measured_as_scikit_learn_does() -> None:
    current = log(turned=0.6, seed=4)
    before = log(seed=5, start=START - 200 * DAY)
    found = replay(config(), current=current, reference=before, trainer=logistic, cuts=1)
    assert found.advice.verdict == "retrain"
    rows = by_time(current)
    learn, judge = rows.slice(0, 3000), rows.slice(3000)
    label = judge["label"].to_numpy()
    gain = named(found, "retrain on current").gain("auc")
    assert gain is not None
    assert gain.waiting == pytest.approx(roc_auc_score(label, judge["score"].to_numpy()))
    assert gain.value == pytest.approx(roc_auc_score(label, logistic(learn, judge)))
    assert gain.gain == pytest.approx(gain.value - gain.waiting)
    assert gain.interval is not None
    assert gain.joint is not None
    assert gain.joint[0] < gain.interval[0] < gain.gain < gain.interval[1] < gain.joint[1]
    chosen = named(found, found.advice.candidate or "")
    assert chosen.leading is not None
    assert chosen.leading.joint is not None
    assert chosen.leading.joint[0] > 0
    loss = named(found, "wait").gain("log_loss")
    assert loss is not None
    assert loss.value == pytest.approx(log_loss(label, judge["score"].to_numpy()))
    # In both slices, too.
    parts = named(found, "retrain on current").slices
    assert {part.name for part in parts} == {"device = mobile", "device = desktop"}
    own = (
        label[judge["device"].to_numpy() == "mobile"],
        judge["score"].to_numpy()[judge["device"].to_numpy() == "mobile"],
    )
    mobile = next(part for part in parts if part.value == "mobile")
    assert mobile.auc is not None
    assert mobile.auc.waiting == pytest.approx(roc_auc_score(*own))


def test_an_earlier_model_that_is_better_is_advised() -> None:
    class Knowing:
        features = ("z",)

        def __call__(self, rows: pa.RecordBatch) -> Any:
            assert rows.schema.names == ["z"]
            return rows.column(0).to_numpy()

    found = replay(config(), current=log(turned=0.9), earlier={"may": Knowing()})
    assert (found.advice.verdict, found.advice.candidate) == ("rollback", "may")
    assert found.advice.text.startswith("Roll back to may: AUC ")


def test_a_lifted_base_rate_is_met_by_recalibrating() -> None:
    found = replay(config(), current=log(lifted=1.2, rows=12_000))
    assert found.advice.verdict == "recalibrate"
    platt = named(found, "recalibrate (Platt)")
    auc, error = platt.gain("auc"), platt.gain("ece")
    assert auc is not None
    assert error is not None
    assert auc.gain == pytest.approx(0, abs=1e-9)
    assert error.waiting > 0.15
    assert error.value < 0.03


def test_where_nothing_changed_one_waits() -> None:
    found = replay(config(), current=log(rows=20_000, users=2000), trainer=logistic, worth=0.02)
    assert found.advice.verdict == "wait"


def test_few_rows_cannot_tell_and_say_how_many_it_takes() -> None:
    # Of 300 users most that came in the judged half came early in it: how many more there are is not known.
    closed = replay(config(), current=log(rows=500, turned=0.25, seed=8), trainer=logistic)
    assert closed.advice.needs is not None
    assert closed.advice.needs.by is None
    assert "(which this population may not have)" in closed.advice.text
    found = replay(config(), current=log(rows=500, turned=0.25, seed=0, users=10_000), trainer=logistic)
    assert found.advice.verdict == "cannot_tell"
    assert found.advice.needs is not None
    assert f"needs {found.advice.needs.more:,} more user values" in found.advice.text
    needed = found.advice.needs
    assert needed.now == found.units
    # At the pace of the judged half of the hundred days.
    assert needed.per_day == pytest.approx(needed.now / 50, rel=0.1)
    assert needed.by is not None
    assert (needed.by - found.judged_to).total_seconds() / DAY == pytest.approx(needed.more / needed.per_day)
    assert f"(there by {needed.by:%Y-%m-%d} at the earliest, at " in found.advice.text


def test_too_few_units_are_no_evidence_however_many_rows() -> None:
    found = replay(config(), current=log(turned=0.9, users=30), trainer=logistic)
    assert (found.advice.verdict, found.advice.text) == (
        "cannot_tell",
        "Cannot tell yet: needs 20 more user values (which this population may not have) beside the 30 there are",
    )
    gain = named(found, "retrain on current").gain("auc")
    assert gain is not None
    assert gain.interval is gain.joint is gain.p_value is None
    assert gain.reason == "too few units to judge: 30 user values, and it takes 50"


def test_without_a_unit_rows_are_the_units_and_labels_are_needed() -> None:
    found = replay(config(roles={"unit": None}), current=log(rows=500, turned=0.25, seed=8), trainer=logistic)
    assert found.units is None
    assert found.advice.needs is not None
    assert found.advice.needs.of == "label"


def test_the_order_of_the_rows_in_the_file_does_not_matter() -> None:
    rows = log(turned=0.5)
    shuffled = rows.take(np.random.default_rng(9).permutation(rows.num_rows))
    ours, theirs = (replay(config(), current=table, trainer=logistic) for table in (rows, shuffled))

    def told(found: Replay) -> list[float]:
        gains = [gain for one in found.candidates[:3] for gain in one.gains]
        return [number for gain in gains for number in (gain.value, gain.gain, *(gain.interval or ()))]

    # Rows of one second may change places.
    assert told(ours) == pytest.approx(told(theirs), abs=1e-6)


def test_the_answers_at_the_threshold_are_judged_too_and_what_they_cost() -> None:
    rows = log(lifted=1.0)
    costly = config(model={"threshold": 0.5}, costs={"false_positive": 1.0, "false_negative": 5.0})
    found = replay(costly, current=rows)
    later = by_time(rows).slice(3000)
    label, yes = later["label"].to_numpy() == 1, later["score"].to_numpy() >= 0.5
    waiting = {one.metric: one.value for one in found.waiting.gains}
    assert waiting["precision"] == pytest.approx((label & yes).sum() / yes.sum())
    assert waiting["recall"] == pytest.approx((label & yes).sum() / label.sum())
    assert waiting["cost"] == pytest.approx(((yes & ~label) + 5.0 * (label & ~yes)).mean())
    # More positives than scores promise: recalibrated, more is answered with yes, and the dearer error is made less.
    cost, recall = (named(found, "recalibrate (Platt)").gain(metric) for metric in ("cost", "recall"))
    assert cost is not None
    assert recall is not None
    assert cost.gain == pytest.approx(cost.waiting - cost.value)
    assert cost.interval is not None
    assert recall.interval is not None
    assert (cost.interval[0] > 0, recall.interval[0] > 0, cost.joint) == (True, True, None)
    assert replay(config(model={"threshold": 0.5}), current=rows).waiting.gain("cost") is None
    ranks = config(model={"threshold": 0.5}, roles={"score_kind": "ranking"})
    assert [one.metric for one in replay(ranks, current=rows).waiting.gains] == ["auc", "precision", "recall"]


def test_rankings_are_not_recalibrated() -> None:
    found = replay(config(roles={"score_kind": "ranking"}), current=log(), trainer=logistic)
    assert {one.action for one in found.candidates} == {"wait", "retrain"}
    assert any("recalibrating was not replayed" in note for note in found.notes)
    assert [gain.metric for gain in found.waiting.gains] == ["auc"]


def test_a_trainer_that_fails_costs_its_own_line_alone() -> None:
    def failing(learn: pa.Table, held: pa.Table) -> Any:
        if learn.num_rows < 2000:
            raise RuntimeError("too little\nto learn from")
        return np.zeros(3)

    found = replay(config(), current=log(), trainer=failing, cuts=1)
    assert named(found, "retrain on newest half").reason == "the trainer failed: too little to learn from"
    assert "must return one score a row" in (named(found, "retrain on current").reason or "")
    assert named(found, "recalibrate (Platt)").reason is None


def test_one_class_before_the_cut_teaches_nothing_and_rolling_back_can_still_be_judged() -> None:
    rows = by_time(log())
    label = np.where(np.arange(rows.num_rows) < 3000, 1, rows["label"].to_numpy())
    rows = rows.set_column(rows.column_names.index("label"), "label", pa.array(label))
    found = replay(
        config(), current=rows, trainer=logistic, earlier={"may": lambda batch: batch.column("z").to_numpy()}
    )
    assert "all have the same label" in (named(found, "retrain on current").reason or "")
    assert "all have the same label" in (named(found, "recalibrate (isotonic)").reason or "")
    assert named(found, "may").reason is None


def test_a_scikit_learn_estimator_trains_on_the_features_alone() -> None:
    tables = config(model={"features": ["device", "z"]})
    found = replay(tables, current=log(turned=0.9), trainer=estimator_trainer(LogisticRegression, tables), cuts=1)
    assert found.advice.verdict == "retrain"
    rows = by_time(log(turned=0.9))
    learn, judge = rows.slice(0, 3000), rows.slice(3000)

    def matrix(table: pa.Table) -> Any:
        device = table["device"].to_numpy()
        return np.column_stack([device == "desktop", device == "mobile", table["z"].to_numpy()]).astype(float)

    theirs = LogisticRegression().fit(matrix(learn), learn["label"].to_numpy()).predict_proba(matrix(judge))[:, 1]
    gain = named(found, "retrain on current").gain("auc")
    assert gain is not None
    assert gain.value == pytest.approx(roc_auc_score(judge["label"].to_numpy(), theirs), abs=1e-6)


def test_the_deployed_model_can_be_fitted_anew() -> None:
    old = by_time(log(seed=11))
    matrix = np.column_stack([old[name].to_numpy() for name in FEATURES])
    model = LogisticRegression().fit(matrix, old["label"].to_numpy())
    before = model.coef_.copy()
    again = refitting(model, config())
    assert again is not None
    found = replay(config(roles={"score": None}), current=log(turned=0.6), model=model, trainer=again)
    assert found.advice.verdict == "retrain"
    assert np.array_equal(model.coef_, before)
    assert refitting(lambda rows: 0, config()) is None


def test_what_is_no_estimator_is_said_in_one_line() -> None:
    with pytest.raises(ConfigError, match="dict has no fit and predict_proba"):
        estimator_trainer(dict, config())
    with pytest.raises(ConfigError, match=r"set \[model\] features"):
        estimator_trainer(LogisticRegression(), config(model={"features": []}))


def changed(name: str, values: Any) -> pa.Table:
    rows = log(rows=1000)
    return rows.set_column(rows.column_names.index(name), name, pa.array(values))


@pytest.mark.parametrize(
    ("tables", "current", "error", "said"),
    [
        ({"roles": {"label": None}}, log(rows=50), ConfigError, "no [roles] label is configured"),
        ({"roles": {"timestamp": None}}, log(rows=50), ConfigError, "never on a random split"),
        ({"roles": {"score": None}}, log(rows=50), ConfigError, "waiting cannot be judged"),
        ({}, log(rows=50).drop_columns(["at"]), DataError, "no column 'at', which [roles] timestamp names"),
        ({}, log(rows=50).drop_columns(["user"]), DataError, "no column 'user', which [roles] unit names"),
        ({}, changed("label", [None] * 1000), DataError, "no row has a label and a time"),
        ({}, changed("label", [1] * 1000), DataError, "have the same label, so no AUC can be taken"),
        (
            {},
            changed("label", ["1", "a", "b", "c"] * 250),
            DataError,
            "holds 3 values beside the positive one: a, b, c",
        ),
        ({}, changed("at", [START] * 1000), DataError, "have the same time"),
        ({}, changed("at", [f"day {i}" for i in range(1000)]), DataError, "is of type string"),
        ({}, changed("at", list(range(1000))), DataError, "no times between 1980 and 2100"),
        ({}, changed("score", [None] * 1000), DataError, "0 have a score"),
    ],
)
def test_what_cannot_be_judged_is_one_clear_line(tables: Any, current: Any, error: Any, said: str) -> None:
    with pytest.raises(error) as caught:
        replay(config(**tables), current=current)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_gap_longer_than_the_window_and_a_reference_without_labels_are_said() -> None:
    with pytest.raises(DataError, match="take a shorter --gap"):
        replay(config(), current=log(rows=500), gap_hours=24 * 400)
    with pytest.raises(BaselineError, match="no column 'label'"):
        replay(config(), current=log(), reference=log().drop_columns(["label"]), trainer=logistic)
    with pytest.raises(ConfigError, match="no current window"):
        replay(config())


def test_private_labels_are_not_shown() -> None:
    with pytest.raises(DataError) as caught:
        replay(config(columns={"label": {"private": True}}), current=changed("label", ["1", "a", "b", "c"] * 250))
    assert "a, b, c" not in str(caught.value)


def test_no_value_of_a_private_column_is_shown() -> None:
    rows = changed("device", ["secret-one", "secret-two", "secret-one", "secret-one"] * 250)
    shown = replay(config(), current=rows)
    assert "secret-one" in shown.model_dump_json()
    hidden = replay(config(columns={"device": {"private": True}}), current=rows)
    assert "secret" not in hidden.model_dump_json()
    assert [part.value for part in hidden.waiting.slices] == ["value 1", "value 2"]

    def quoting(learn: pa.Table, held: pa.Table) -> Any:
        raise ValueError(f"what is {learn['device'][0].as_py()}?")

    told = replay(config(columns={"device": {"private": True}}), current=rows, trainer=quoting, cuts=1)
    assert "secret" not in told.model_dump_json()
    assert named(told, "retrain on current").reason == (
        "the trainer failed: ValueError (its message may quote a private column)"
    )
    assert [part.rows for part in hidden.waiting.slices] == [part.rows for part in shown.waiting.slices]


def test_numbers_are_sliced_between_the_deciles_of_the_rows_before_the_cut() -> None:
    rows = log(seed=12)
    found = replay(config(roles={"slices": ["x"]}), current=rows).waiting.slices
    assert len(found) == 10
    assert sum(part.rows for part in found) == 3000
    assert all(200 < part.rows < 420 for part in found)
    codes = replay(
        config(roles={"slices": ["device", "user"]}, columns={"user": {"kind": "categorical"}}), current=rows
    )
    assert len([part for part in codes.waiting.slices if part.column == "user"]) == 20
