"""Learning the plan: bins, classes, and one clear line where a reference cannot serve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import BaselineError, Config
from dawnwatch.model.bin_names import MISSING, OTHER, UNSEEN
from dawnwatch.model.plan import Plan
from dawnwatch.model.score_bins import GROUPS
from dawnwatch.profiling.bins import CATEGORIES_KEPT
from dawnwatch.profiling.hashing import hash_texts
from dawnwatch.profiling.learn import FINE_SCORE_BINS, learn_plan
from dawnwatch.sources import open_source

N = 1000
RNG = np.random.default_rng(0)
BASE = {
    "plan": RNG.choice(["free", "paid"], N),
    "fare": RNG.normal(size=N),
    "label": RNG.integers(0, 2, N),
    "score": RNG.random(N),
    "rider": RNG.integers(0, 30, N),
}


def learn(tables: dict[str, Any] | None = None, training: Any = None, **columns: Any) -> Plan:
    data = {name: values for name, values in (BASE | columns).items() if values is not None}
    config = Config.from_dict({"roles": {"label": "label", "score": "score"}} | (tables or {}))
    source = open_source(pa.table(data), what="reference")
    trained = None if training is None else open_source(training, what="training rows")
    return learn_plan(config, source, source, trained, config.roles.score)


def names(plan: Plan, column: str) -> tuple[str, ...]:
    binning = plan.column(column).binning
    assert binning is not None
    return binning.names


WATCH = {"columns": {"plan": {"monitor": True}}}


def test_categories_are_ranked_by_rows_and_capped() -> None:
    values = [f"c{i:03}" for i in range(300) for _ in range(9 + (i >= 295) * 10)]
    data = {"x": values}
    source = open_source(pa.table(data), what="reference")
    plan = learn_plan(Config.from_dict({"columns": {"x": {"monitor": True}}}), source, source, None, None)
    binning = plan.column("x").binning
    assert binning is not None
    assert binning.names[:6] == ("c295", "c296", "c297", "c298", "c299", "c000")
    assert binning.names[CATEGORIES_KEPT:] == (OTHER, MISSING, UNSEEN)
    assert binning.codes == {name: code for code, name in enumerate(binning.names[:CATEGORIES_KEPT])}
    assert binning.others.tolist() == sorted(hash_texts([f"c{i:03}" for i in range(195, 295)]).tolist())


def test_categories_written_like_special_bins_keep_names_of_their_own() -> None:
    values = (["", "(empty)", MISSING, UNSEEN, OTHER] * N)[:N]
    found = names(learn(WATCH, plan=values), "plan")
    assert len(set(found)) == len(found)
    assert "'(missing)'" in found
    assert "(empty)" in found


def test_private_bins_have_no_values_in_their_names() -> None:
    plan = learn({"columns": {c: {"monitor": True, "private": True} for c in ("plan", "fare")}})
    assert names(plan, "plan") == ("value 1", "value 2", OTHER, MISSING, UNSEEN)
    assert names(plan, "fare") == (*(f"bin {i} of 10" for i in range(1, 11)), MISSING)


def test_infinities_do_not_make_edges() -> None:
    plan = learn({"columns": {"fare": {"monitor": True}}}, fare=np.r_[np.full(500, np.inf), np.arange(500.0)])
    binning = plan.column("fare").binning
    assert binning is not None
    assert np.isfinite(binning.edges).all()


@pytest.mark.parametrize("kind", [None, "numeric", "categorical"])
def test_a_feature_that_is_null_throughout_can_be_watched(kind: str | None) -> None:
    plan = learn({"columns": {"void": {"monitor": True} | ({"kind": kind} if kind else {})}}, void=pa.nulls(N))
    assert plan.column("void").type == ("number" if kind == "numeric" else "other")
    expected = ("all values", MISSING) if kind == "numeric" else (OTHER, MISSING, UNSEEN)
    assert names(plan, "void") == expected


def test_score_bins_are_many_fine_ones_in_coarse_runs() -> None:
    scores = RNG.random(50_000)
    plan = learn(label=RNG.integers(0, 2, 50_000), score=scores, plan=None, fare=None, rider=None)
    bins = plan.score_bins
    assert bins.fine == FINE_SCORE_BINS + 256  # of which 128 on either side are spare
    assert bins.groups.size == bins.fine + 1
    assert bins.groups[[0, -2, -1]].tolist() == [0, GROUPS - 1, GROUPS]
    assert set(np.diff(bins.groups)) == {0, 1}
    rows = np.bincount(bins.groups[np.searchsorted(bins.edges, scores)])
    assert rows.max() - rows.min() <= 2 * rows.mean() * GROUPS / FINE_SCORE_BINS


def test_without_a_score_there_is_one_bin() -> None:
    plan = learn({"roles": {"label": "label"}}, score=None)
    assert (plan.score_bins.fine, plan.score_bins.groups.tolist()) == (1, [0, GROUPS])


@pytest.mark.parametrize(
    ("labels", "positive", "negative"),
    [
        ([True, False], 1, "0"),
        (["True", "False"], 1, "0"),
        (["true", "false"], True, "0"),
        ([1.0, 0.0], 1, "0"),
        (["yes", "no"], "yes", "no"),
        ([2, 1], 2, "1"),
        ([0, 1], 0, "1"),
    ],
)
def test_the_other_class_is_found(labels: list[Any], positive: Any, negative: str) -> None:
    plan = learn({"labels": {"positive": positive}}, label=labels * (N // 2))
    assert plan.negative == negative


def test_missing_labels_are_no_third_class() -> None:
    assert learn(label=["1", "0", "", None] * (N // 4)).negative == "0"
    assert learn(label=pa.array([1.0, 0.0, np.nan, None] * (N // 4))).negative == "0"


def test_known_units_come_from_the_training_rows() -> None:
    tables = {"roles": {"unit": "rider"}}
    own = learn(tables)
    assert own.unit is not None
    assert own.unit.known.size == len(set(BASE["rider"].tolist()))
    trained = learn(tables, training=pa.table({"rider": [1, 2, 2, None]}))
    assert trained.unit is not None
    assert trained.unit.known.size == 2
    with pytest.raises(BaselineError, match=r"no column 'rider', which roles.unit names"):
        learn(tables, training=pa.table({"x": [1]}))


@pytest.mark.parametrize(
    ("tables", "columns", "message"),
    [
        (
            {"roles": {"label": "lable"}},
            {},
            "no column 'lable', which roles.label names in the configuration. Did you mean 'label'",
        ),
        ({"roles": {"keys": ["event"]}}, {}, "no column 'event', which roles.keys names"),
        (
            {"roles": {"timestamp": "x", "label_time": "came"}},
            {"x": np.arange(N)},
            "no column 'came', which roles.label_time names",
        ),
        (
            {"roles": {"timestamp": "x", "label_time": "came"}},
            {"x": np.arange(N), "came": ["soon"] * N},
            "column 'came', which roles.label_time names in the configuration, is string and holds no times",
        ),
        ({"columns": {"x": {}}}, {}, "no column 'x', which columns names"),
        ({}, {"label": RNG.integers(0, 3, N)}, "label 'label' must have exactly two values and has 3"),
        ({}, {"label": np.ones(N)}, "must have exactly two values and has 1"),
        ({}, {"label": pa.nulls(N)}, "must have exactly two values and has 0"),
        (
            {"labels": {"positive": "yes"}},
            {},
            "never is the positive class 'yes' \\(found '[01]', '[01]'\\); set \\[labels\\] positive",
        ),
        ({}, {"score": ["high"] * N}, "score column 'score' is string, not a number"),
        ({}, {"score": pa.array([0] * N, pa.timestamp("s"))}, "score column 'score' is timestamp, not a number"),
        ({}, {"score": pa.nulls(N)}, "score column 'score' holds no number in 1,000 rows"),
        ({}, {"score": np.full(N, np.inf)}, "holds no number"),
        (
            {"roles": {"label": "label", "score": "score", "score_kind": "probability"}},
            {"score": np.linspace(0, 2, N)},
            "declared a probability, and 500 of 1,000 rows lie outside \\[0, 1\\] \\(from 0 to 2\\)",
        ),
        ({"columns": {"plan": {"type": "integer"}}}, {}, "column 'plan' is string, but the configuration says integer"),
        (
            {"columns": {"plan": {"range": {"min": 0}}}},
            {},
            "column 'plan' is string, so columns.plan.range cannot be checked",
        ),
        ({"columns": {"plan": {"kind": "numeric"}}}, {}, "column 'plan' is string, so it has no numeric bins"),
    ],
)
def test_a_reference_that_cannot_serve_is_one_clear_line(
    tables: dict[str, Any], columns: dict[str, Any], message: str
) -> None:
    with pytest.raises(BaselineError, match=message) as caught:
        learn(tables, **columns)
    assert "\n" not in str(caught.value)


def test_messages_do_not_show_private_values() -> None:
    private = {"columns": {"label": {"private": True}, "score": {"private": True}}}
    with pytest.raises(BaselineError) as caught:
        learn(private, label=["s3cret", "hidden"] * (N // 2))
    assert "s3cret" not in str(caught.value)
    probability = private | {"roles": {"label": "label", "score": "score", "score_kind": "probability"}}
    with pytest.raises(BaselineError) as caught:
        learn(probability, score=np.full(N, 77.125))
    assert "77" not in str(caught.value)


@pytest.mark.parametrize(
    "values", [[[1], [2]], [b"\xff", b"\x00"], [{"a": 1}, {"a": 2}]], ids=["list", "binary", "struct"]
)
def test_odd_types_can_be_watched_by_their_text(values: list[Any]) -> None:
    plan = learn(WATCH, plan=values * (N // 2))
    assert len(names(plan, "plan")) == 5
