"""Profiling a window batch by batch, and AUC from what is stored against the exact one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from dawnwatch import Config, DataError
from dawnwatch.model.plan import Plan
from dawnwatch.profiling.learn import learn_plan
from dawnwatch.profiling.run import profile_window
from dawnwatch.sources import open_source
from dawnwatch.sources.base import StreamSource
from dawnwatch.stats.auc import auc_from_counts


def table(n: int, rate: float, seed: int) -> pa.Table:
    rng = np.random.default_rng(seed)
    label = (rng.random(n) < rate).astype(np.int64)
    return pa.table(
        {
            "event": np.arange(n),
            "device": rng.choice(["mobile", "desktop", "tablet"], n),
            "label": label,
            "score": 1 / (1 + np.exp(-(rng.normal(size=n) + 1.2 * label))),
        }
    )


def planned(reference: pa.Table, private: bool = False) -> Plan:
    config = Config.from_dict(
        {
            "roles": {"label": "label", "score": "score", "slices": ["device"], "keys": ["event"]},
            "columns": {"event": {"private": private}},
        }
    )
    source = open_source(reference, what="reference")
    return learn_plan(config, source, source, None, "score")


def streamed(whole: pa.Table, rows: int) -> StreamSource:
    batches = whole.combine_chunks().to_batches(max_chunksize=rows)
    empty = whole.slice(0, 0).to_batches() or [pa.RecordBatch.from_pylist([], schema=whole.schema)]
    return StreamSource("log", "log", whole.schema, lambda names: [b.select(names) for b in [*empty, *batches, *empty]])


@pytest.mark.parametrize("rate", [0.4, 0.001])
def test_auc_from_the_profile_is_within_its_bound_of_the_exact_one(rate: float) -> None:
    reference = table(120_000, rate, seed=1)
    plan = planned(reference)
    for current, limit in ((reference, 1e-4), (table(60_000, rate, seed=2), 5e-4)):
        window = profile_window(open_source(current, what="x"), plan, exact_rows=0)
        assert window.rows is None
        negatives, positives = window.profile.scores[:2, :-1]
        binned = auc_from_counts(negatives, positives, exact=False)
        assert binned is not None
        exact = roc_auc_score(current["label"].to_numpy(), current["score"].to_numpy())
        assert abs(binned.value - exact) <= binned.bound < limit

        cube, binning = window.profile.columns["device"].cube, plan.column("device").binning
        assert cube is not None
        assert binning is not None
        for name, code in binning.codes.items():
            sliced = auc_from_counts(*cube[code, :2, :-1], exact=False)
            rows = current["device"].to_numpy(zero_copy_only=False) == name
            exact = roc_auc_score(current["label"].to_numpy()[rows], current["score"].to_numpy()[rows])
            assert sliced is not None
            assert abs(sliced.value - exact) <= sliced.bound < 0.005


def test_batches_of_any_size_give_the_same_window() -> None:
    whole = table(1000, 0.3, seed=3)
    whole = whole.set_column(0, "event", pa.array(np.arange(1000) % 900))
    broken = [None if i in {3, 700, 999} else name for i, name in enumerate(whole["device"].to_pylist())]
    whole = whole.set_column(1, "device", pa.array(broken))
    plan = planned(whole)
    expected = profile_window(open_source(whole, what="x"), plan, exact_rows=10_000)
    for rows in (1, 7, 333, 5000):
        found = profile_window(streamed(whole, rows), plan, exact_rows=10_000)
        assert found.profile.fingerprint == expected.profile.fingerprint
        assert (found.profile.scores == expected.profile.scores).all()
        assert found.repeated == expected.repeated == [(900 + i, {"event": i}) for i in range(5)]
        nulls = found.profile.columns["device"].examples["null"]
        assert [(row, values["event"]) for row, values in nulls] == [(3, 3), (700, 700), (999, 99)]
        assert found.rows is not None
        assert expected.rows is not None
        assert found.rows.scores.tolist() == expected.rows.scores.tolist()
        assert found.rows.slices["device"].tolist() == expected.rows.slices["device"].tolist()


def test_rows_are_kept_up_to_the_limit_and_not_beyond() -> None:
    whole = table(500, 0.3, seed=4)
    for limit, kept in ((500, True), (499, False), (0, False)):
        assert (profile_window(streamed(whole, 100), planned(whole), exact_rows=limit).rows is not None) is kept


def test_private_keys_are_not_shown() -> None:
    whole = table(500, 0.3, seed=5)
    whole = whole.set_column(0, "event", pa.array(np.full(500, 424242)))
    window = profile_window(open_source(whole, what="x"), planned(whole, private=True), exact_rows=0)
    assert window.repeated == [(i, {}) for i in range(1, 6)]


def test_progress_and_no_rows() -> None:
    whole = table(500, 0.3, seed=6)
    seen: list[int] = []
    profile_window(streamed(whole, 200), planned(whole), exact_rows=0, progress=seen.append)
    assert seen == [200, 400, 500]
    with pytest.raises(DataError, match="log: holds no rows"):
        profile_window(streamed(whole.slice(0, 0), 10), planned(whole), exact_rows=0)


def test_key_values_that_python_cannot_hold_are_shown_as_text() -> None:
    whole = table(200, 0.4, seed=7)
    far = pa.array([9 * 10**12] * 200, pa.timestamp("s"))
    whole = whole.set_column(0, "event", far)
    window = profile_window(open_source(whole, what="x"), planned(whole), exact_rows=0)
    assert len(window.repeated) == 5
    assert all(isinstance(values["event"], str) for _, values in window.repeated)


def test_repeats_are_counted_where_they_are_asked_for() -> None:
    whole = table(500, 0.3, seed=8)
    whole = whole.set_column(0, "event", pa.array(np.arange(500) // 2))
    found = profile_window(streamed(whole, 77), planned(whole), exact_rows=0)
    repeats = found.profile.repeats
    assert repeats is not None
    assert (repeats.keyed, repeats.repeats, repeats.keys) == (500, 250, None)
    assert [row for row, _ in found.repeated] == [1, 3, 5, 7, 9]
    spared = profile_window(streamed(whole, 77), planned(whole), exact_rows=0, find_repeats=False)
    assert (spared.profile.repeats, spared.repeated) == (None, [])
    kept = profile_window(streamed(whole, 77), planned(whole), exact_rows=0, find_repeats=False, keep_keys=True)
    assert kept.profile.repeats is not None
    assert kept.profile.repeats.keys is not None
    assert (kept.profile.repeats.repeats, kept.profile.repeats.keys.size) == (250, 250)
