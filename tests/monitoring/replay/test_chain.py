"""Forward chaining: blocks by time, who may learn from what for each, and measures that keep models' scores apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from dawnwatch import ConfigError, DataError
from dawnwatch.model.replay import Candidate, Replay
from dawnwatch.monitoring.replay.replay import replay
from tests.monitoring.replay.logs import DAY, START, config, log, logistic
from tests.monitoring.replay.test_replay import by_time, changed, named, recorded


def scored_by_block(rows: pa.Table, found: Replay) -> tuple[Any, Any, Any, Any]:
    """By hand: labels, logged scores, scores of the model trained on all rows before each block, blocks; by time."""
    begins = [block.begins_at.timestamp() for block in found.blocks]
    seconds = rows["at"].to_numpy()
    parts = []
    for at, begin in enumerate(begins):
        end = begins[at + 1] if at + 1 < len(begins) else np.inf
        judge = rows.filter(pa.array((seconds >= begin) & (seconds < end)))
        scores = logistic(rows.filter(pa.array(seconds < begin)), judge)
        parts.append(
            (judge["label"].to_numpy(), judge["score"].to_numpy(), scores, np.full(judge.num_rows, at), judge["user"])
        )
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))  # type: ignore[return-value]


def within(labels: Any, scores: Any, block: Any) -> float:
    """The mean of the blocks' AUCs, as scikit-learn has them, each weighted by its pairs."""
    each, pairs = [], []
    for one in np.unique(block):
        label = labels[block == one]
        each.append(roc_auc_score(label, scores[block == one]))
        pairs.append(label.sum() * (1 - label).sum())
    return float(np.average(each, weights=pairs))


def test_the_newer_rows_are_parted_into_blocks_of_about_equal_rows_by_time() -> None:
    found = replay(config(), current=log())
    assert [block.rows for block in found.blocks] == [1000, 1000, 1000]
    assert [block.learn_rows for block in found.blocks] == [3000, 4000, 5000]
    assert sum(block.positives for block in found.blocks) == found.judged_positives
    ends = [block.judged_to for block in found.blocks]
    assert all(end < block.begins_at for end, block in zip(ends, found.blocks[1:], strict=False))
    assert (found.blocks[0].begins_at, ends[-1]) == (found.cut_at, found.judged_to)


def test_nothing_at_or_after_a_block_or_within_the_gap_is_learned_from_for_it() -> None:
    seen, trainer = recorded()
    reference = log(seed=2, start=START - 150 * DAY)
    found = replay(config(), current=log(), reference=reference, trainer=trainer, cuts=4, gap_hours=48)
    assert len(seen) == 12
    for at, (learn, held) in enumerate(seen):
        block = found.blocks[at % 4]
        begin = block.begins_at.timestamp()
        assert learn["at"].to_numpy().max() < begin - 2 * DAY
        assert held["at"].to_numpy().min() == begin
        assert held["at"].to_numpy().max() == block.judged_to.timestamp()
        assert held.num_rows == block.rows
    for name, part in (("newest half", seen[:4]), ("current", seen[4:8]), ("reference + current", seen[8:])):
        candidate = named(found, f"retrain on {name}")
        assert [block.learned_rows for block in candidate.blocks] == [learn.num_rows for learn, _ in part]
        assert candidate.learned_rows == part[-1][0].num_rows
    assert named(found, "retrain on current").blocks[0].learned_rows == found.blocks[0].learn_rows == found.learn_rows


def test_rows_of_one_moment_stay_in_one_block() -> None:
    days = np.sort(np.random.default_rng(4).integers(0, 20, 1000)) * DAY + START
    found = replay(config(), current=changed("at", days), cuts=3)
    sizes = [block.rows for block in found.blocks]
    assert sum(sizes) == found.judged_rows
    assert min(sizes) > 100
    assert all((block.begins_at.timestamp() - START) % DAY == 0 for block in found.blocks)
    # Every day a block, and no more.
    assert len(replay(config(), current=changed("at", days), cuts=10).blocks) == 10
    with pytest.raises(DataError, match="cannot be parted into 11 blocks by time, as rows of one moment stay together"):
        replay(config(), current=changed("at", days), cuts=11)


def test_pooled_measures_are_scikit_learns_by_block_and_over_all_rows() -> None:
    rows = by_time(log(turned=0.6, seed=4))
    found = replay(config(), current=rows, trainer=logistic)
    label, waiting, scores, block, _ = scored_by_block(rows, found)
    candidate = named(found, "retrain on current")
    auc, loss, brier = (candidate.gain(metric) for metric in ("auc", "log_loss", "brier"))
    assert auc is not None
    assert loss is not None
    assert brier is not None
    assert auc.value == pytest.approx(within(label, scores, block), abs=1e-12)
    assert auc.waiting == pytest.approx(within(label, waiting, block), abs=1e-12)
    assert auc.gain == pytest.approx(auc.value - auc.waiting)
    assert loss.value == pytest.approx(log_loss(label, scores))
    assert brier.value == pytest.approx(brier_score_loss(label, scores))
    for at, part in enumerate(candidate.blocks):
        own, inside = part.gain("auc"), block == at
        assert own is not None
        assert own.value == pytest.approx(roc_auc_score(label[inside], scores[inside]))
        assert own.waiting == pytest.approx(roc_auc_score(label[inside], waiting[inside]))
        assert own.rows == inside.sum()
        assert own.interval is not None
        assert own.interval[0] < own.gain < own.interval[1]


def test_the_interval_of_a_pooled_gain_is_that_of_a_bootstrap_of_whole_units() -> None:
    rows = by_time(log(turned=0.35, seed=4, users=200))
    found = replay(config(), current=rows, trainer=logistic)
    label, waiting, scores, block, user = scored_by_block(rows, found)
    gain = named(found, "retrain on current").gain("auc")
    assert gain is not None
    assert gain.interval is not None
    rng, drawn = np.random.default_rng(0), []
    rows_of = {one: np.flatnonzero(user == one) for one in np.unique(user)}
    for _ in range(300):
        # A unit drawn brings its rows of every block.
        take = np.concatenate([rows_of[one] for one in rng.choice(list(rows_of), len(rows_of))])
        both = (within(label[take], each[take], block[take]) for each in (scores, waiting))
        drawn.append(next(both) - next(both))
    low, high = np.percentile(drawn, [2.5, 97.5])
    assert gain.interval[1] - gain.interval[0] == pytest.approx(high - low, rel=0.3)
    assert gain.interval[0] == pytest.approx(low, abs=0.3 * (high - low))


def test_models_whose_scores_lie_on_other_scales_are_not_ranked_against_each_other() -> None:
    """A perfect order in each block, turned into an overall one that is far from it."""
    calls: list[int] = []

    def moving(learn: pa.Table, held: pa.Table) -> Any:
        calls.append(held.num_rows)
        return held["label"].to_numpy() * 0.1 + 0.2 * len(calls) % 0.8

    found = replay(config(), current=log(), trainer=moving)
    for name in ("newest half", "current"):
        gain = named(found, f"retrain on {name}").gain("auc")
        assert gain is not None
        assert gain.value == 1.0


def test_a_model_that_does_not_change_gains_as_much_in_one_cut_as_it_says_by_block() -> None:
    """Fixed scores, held in blocks or whole: the log loss is the same, and the AUCs differ by the pairs left out."""
    rows, may = log(turned=0.5), {"may": lambda batch: batch.column("z").to_numpy()}
    whole, parted = (replay(config(), current=rows, earlier=may, cuts=cuts) for cuts in (1, 5))
    assert named(whole, "wait").gain("log_loss") == named(parted, "wait").gain("log_loss")
    aucs = [gain.gain for found in (whole, parted) if (gain := named(found, "may").gain("auc")) is not None]
    assert aucs[0] == pytest.approx(aucs[1], abs=0.005)
    assert len(named(whole, "may").blocks) == len(whole.blocks) == 1


def turned_at_the_end() -> pa.Table:
    """A log whose label turns from z to x in the last third of the judged rows: what learned z gains, then loses."""
    rows = by_time(log(rows=9000, seed=6))
    rng = np.random.default_rng(3)
    x, z = rows["x"].to_numpy(), rows["z"].to_numpy()
    late = np.arange(rows.num_rows) >= 7500
    label = (rng.random(rows.num_rows) < 1 / (1 + np.exp(-2 * np.where(late, x, z)))).astype(np.int64)
    return rows.set_column(rows.column_names.index("label"), "label", pa.array(label))


def test_a_gain_that_turns_round_in_a_block_is_named_among_the_reasons() -> None:
    found = replay(config(), current=turned_at_the_end(), trainer=logistic)
    chosen = named(found, found.advice.candidate or "")
    assert found.advice.verdict == "retrain"
    assert chosen.flips
    signs = [gain.gain > 0 for block in chosen.blocks if (gain := block.gain("auc")) is not None]
    assert signs == [True, True, False]
    assert found.advice.reasons[0].startswith("The gain does not hold at each cut, its sign flips between blocks: +0.")
    assert "; its sign flips between blocks" in found.advice.reasons[1]
    steady = replay(config(), current=log(turned=0.6, seed=4), trainer=logistic)
    assert steady.advice.reasons[0].startswith("It gains in 3 of 3 blocks: +0.")
    once = replay(config(), current=log(turned=0.6, seed=4), trainer=logistic, cuts=1)
    assert not any("block" in reason for reason in once.advice.reasons)


def test_what_cannot_be_learned_for_a_block_is_said_with_the_block() -> None:
    def failing(learn: pa.Table, held: pa.Table) -> Any:
        if learn.num_rows == 4000:
            raise RuntimeError("too\nmany")
        return logistic(learn, held)

    found = replay(config(), current=log(), trainer=failing)
    assert named(found, "retrain on current").reason == "block 2 of 3: the trainer failed: too many"
    assert named(found, "retrain on current").blocks == []
    assert named(found, "retrain on newest half").reason is None


def test_a_block_of_few_units_has_no_interval_of_its_own_and_all_blocks_together_have() -> None:
    rows = log(rows=1200, users=60)
    found = replay(config(), current=rows, earlier={"may": lambda batch: batch.column("z").to_numpy()}, cuts=12)
    may: Candidate = named(found, "may")
    gain = may.gain("auc")
    assert gain is not None
    assert gain.interval is not None
    for block, part in zip(found.blocks, may.blocks, strict=True):
        own = part.gain("auc")
        assert own is not None
        assert own.interval is None
        assert own.reason == f"too few units to judge: {block.units} user values, and it takes 50"


def test_what_cannot_be_parted_is_one_clear_line() -> None:
    rows = by_time(log(rows=1000))
    label = np.where(np.arange(1000) >= 900, 1, rows["label"].to_numpy())
    alike = rows.set_column(rows.column_names.index("label"), "label", pa.array(label))
    user = np.where(np.arange(1000) >= 900, 7, rows["user"].to_numpy())
    alone = rows.set_column(rows.column_names.index("user"), "user", pa.array(user))
    for current, cuts, error, said in (
        (rows, 0, ConfigError, "cuts must be 1 or more, the blocks of the newer rows; got 0"),
        (rows, 501, DataError, "the 500 judged rows cannot be parted into 501 blocks by time"),
        (alike, 5, DataError, "the 100 rows of block 5 of 5, from "),
        (alike, 5, DataError, "all have the same label, so no AUC can be taken within it; take fewer --cuts"),
        (alone, 5, DataError, "are all of one user value, so nothing can be told from chance within it"),
    ):
        with pytest.raises(error) as caught:
            replay(config(), current=current, cuts=cuts)
        assert said in str(caught.value)
        assert "\n" not in str(caught.value)
    assert replay(config(), current=alike, cuts=1).waiting.gain("auc") is not None
