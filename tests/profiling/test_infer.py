"""The inferred configuration: what it finds, that it holds on its own reference, and that it leaks nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.config import Config
from dawnwatch.config.write import config_text
from dawnwatch.profiling.infer import infer, infer_config
from dawnwatch.sources import open_source


def log(rows: int = 2000) -> pd.DataFrame:
    """A prediction log as it might come from a transit app."""
    rng = np.random.default_rng(7)
    affinity = rng.normal(size=rows)
    affinity[::5] = np.nan
    return pd.DataFrame(
        {
            "event_id": [f"e{i:06d}" for i in range(rows)],
            "rider_id": rng.integers(0, 300, rows),
            "created_at": 1_700_000_000 + rng.integers(0, 10**6, rows),
            "device_type": rng.choice(["mobile", "desktop", "tablet"], rows),
            "age": rng.integers(18, 90, rows),
            "affinity": affinity,
            "is_member": rng.random(rows) < 0.5,
            "comment": [f"trip {i}" for i in range(rows)],
            "email": [f"rider{i}@example.org" for i in range(rows)],
            "first name": rng.choice(["Ann", "Bo"], rows),
            "score": rng.random(rows),
            "clicked": rng.integers(0, 2, rows),
        }
    )


def drafted(frame: pd.DataFrame) -> dict[str, Any]:
    return infer(open_source(frame)).tables


def test_roles_of_a_plain_log() -> None:
    tables = drafted(log())
    assert tables["roles"] == {
        "label": "clicked",
        "score": "score",
        "score_kind": "probability",
        "timestamp": "created_at",
        "unit": "rider_id",
        "keys": ["event_id"],
        "slices": ["device_type"],
    }
    assert tables["labels"] == {"expected": "with_data", "positive": 1}


def test_columns_of_a_plain_log() -> None:
    frame = log()
    columns = drafted(frame)["columns"]
    assert columns["device_type"] == {
        "type": "string",
        "kind": "categorical",
        "monitor": True,
    }
    assert frame["age"].between(18, 89).all()
    assert columns["age"]["range"] == {"min": 0, "max": 160}  # 89, and as much again as from 18 to 89
    assert columns["affinity"]["missing"]["max"] == 0.24  # a fifth of the rows, and a fifth of that
    assert columns["is_member"] == {"type": "boolean", "kind": "categorical", "monitor": True}
    assert columns["score"] == {"type": "number", "range": {"min": 0, "max": 1}}
    assert columns["clicked"] == {"type": "integer", "allowed": [0, 1]}
    assert [n for n, c in columns.items() if c.get("monitor")] == ["device_type", "age", "affinity", "is_member"]
    assert [name for name, c in columns.items() if c.get("private")] == ["email", "first name"]


def test_every_threshold_says_because_and_asks_for_a_reason() -> None:
    config = infer_config(open_source(log()))
    assert config.unjustified() == []
    assert all("Say " in str(t.because) for t in config.thresholds_in_force())


def test_the_file_means_what_was_inferred(tmp_path: Path) -> None:
    source = open_source(log())
    (tmp_path / "dawnwatch.toml").write_text(config_text(infer(source)), "utf-8")
    assert Config.load(tmp_path / "dawnwatch.toml").model_dump() == infer_config(source).model_dump()


def test_no_value_of_a_private_column_is_written() -> None:
    secrets = {
        "first name": ["Zebulon", "Quirina"] * 50,
        "contact": ["zeb@example.org", "quirina@example.org"] * 50,
        "phone": [493012345678, 493087654321] * 50,
        "date_of_birth": pd.to_datetime(["1971-03-04", "1982-05-06"] * 50),
        "ssn": ["123-45-6789", "987-65-4321"] * 50,
    }
    frame = pd.DataFrame({**secrets, "score": np.linspace(0, 1, 100), "target": [0, 1] * 50})
    text = config_text(infer(open_source(frame)))
    for values in secrets.values():
        for value in values[:2]:
            assert str(value)[:10] not in text
    columns = tomllib.loads(text)["columns"]
    assert all(columns[name]["private"] and set(columns[name]) == {"type", "private"} for name in secrets)


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        ([0, 1], 1),
        ([0.0, 1.0], 1.0),
        ([-1, 1], 1),
        ([1, 2], 2),
        ([False, True], True),
        (["no", "yes"], "yes"),
        (["clicked", "ignored"], "clicked"),
        (["bad", "good"], "good"),
    ],
)
def test_two_values_make_a_label(values: list[Any], positive: object) -> None:
    tables = drafted(pd.DataFrame({"target": values * 10, "x": range(20)}))
    assert tables["roles"]["label"] == "target"
    assert tables["labels"]["positive"] == positive
    assert type(tables["labels"]["positive"]) is type(positive)


@pytest.mark.parametrize("values", [[1, 2, 3, 4, 5], ["only"], list(range(100))])
def test_a_label_of_other_than_two_values_is_left_with_a_comment(values: list[Any]) -> None:
    frame = pd.DataFrame({"label": (values * 100)[:100], "clicked_at": range(100)})
    draft = infer(open_source(frame))
    assert "label" not in draft.tables["roles"]
    assert "'label' is named like a label but has" in config_text(draft)


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("y_proba", [0.1, 0.9], "probability"),
        ("ctrPrediction", [0.1, 0.9], "probability"),
        ("score", [-3.5, 4.0], "ranking"),
        ("credit_score", [300.0, 850.0], None),
        ("pred", [0, 1], None),
        ("score", [0.5, 0.5], None),
        ("temperature", [0.1, 0.9], None),
    ],
)
def test_what_looks_like_a_score(name: str, values: list[float], kind: str | None) -> None:
    roles = drafted(pd.DataFrame({name: values * 10}))["roles"]
    assert roles.get("score_kind") == kind
    assert ("score" in roles) == (kind is not None)


def test_a_pair_is_the_key_where_no_single_column_is() -> None:
    frame = pd.DataFrame([(u, i) for u in range(20) for i in range(30)], columns=["user_id", "item_id"])
    roles = drafted(frame)["roles"]
    assert roles["keys"] == ["user_id", "item_id"]
    assert roles["unit"] == "user_id"


def test_nothing_is_called_a_key_that_repeats() -> None:
    frame = pd.DataFrame({"event_id": [1, 2, 3, 3], "order_id": [1, 1, 1, 1], "row_id": [1, None, 3, 4]})
    assert "keys" not in drafted(frame)["roles"]


def test_an_index_written_out_is_neither_key_nor_watched() -> None:
    tables = drafted(pd.DataFrame({"Unnamed: 0": range(50), "x": [1.0, 2.0] * 25}))
    assert "keys" not in tables["roles"]
    assert tables["columns"]["Unnamed: 0"] == {"type": "integer"}


def test_a_second_column_of_times_is_offered_as_when_labels_came(tmp_path: Path) -> None:
    days = pd.date_range("2026-01-01", periods=200, freq="D")
    frame = pd.DataFrame({"ts": days, "paid_at": days + pd.Timedelta("1D"), "label": [0, 1] * 100})
    frame.to_parquet(tmp_path / "ref.parquet")
    draft = infer(open_source(tmp_path / "ref.parquet", what="reference"))
    assert "label_time" not in draft.tables["roles"]
    assert '# label_time = "paid_at"' in config_text(draft).splitlines()
    frame.drop(columns="paid_at").to_parquet(tmp_path / "one.parquet")
    assert "label_time" not in config_text(infer(open_source(tmp_path / "one.parquet", what="reference")))


def test_timestamps_by_type_come_before_numbers_by_name() -> None:
    when = pd.date_range("2024-01-01", periods=10)
    frame = pd.DataFrame({"ts": 1_700_000_000_000 + np.arange(10), "booked": when, "time_spent": range(10)})
    tables = drafted(frame)
    assert tables["roles"]["timestamp"] == "booked"
    assert tables["columns"]["ts"] == {"type": "integer"}
    assert tables["columns"]["time_spent"]["monitor"]
    assert drafted(frame.drop(columns="booked"))["roles"]["timestamp"] == "ts"


def test_a_category_s_values_are_noted_and_no_rule() -> None:
    note = infer(open_source(log())).notes["columns", "device_type"]
    assert note.endswith(
        'a new value is novelty; where it would be a fault, put allowed = ["desktop", "mobile", "tablet"].'
    )


def test_infinities_empty_columns_and_gaps_are_survived() -> None:
    frame = pd.DataFrame({"x": [1.0, np.inf, 2.0, 3.0], "none": [None] * 4, "s": ["a", "", "a", "a"]})
    columns = drafted(frame)["columns"]
    assert columns["x"] == {"type": "number", "kind": "numeric", "monitor": True}
    assert columns["none"]["missing"]["max"] == 1.0
    assert "type" not in columns["none"]
    assert "allowed" not in columns["s"]
    assert columns["s"]["missing"]["max"] == 0.3


cell = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))
real = st.one_of(st.none(), st.floats())
word = st.one_of(st.none(), st.sampled_from(["", "a", "b", "NA", "ä.b", "x@y.org"]))


@given(rows=st.lists(st.tuples(cell, real, word, st.integers(0, 3)), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_what_is_inferred_holds_on_the_reference_itself(rows: list[tuple[Any, ...]]) -> None:
    names = ["n_id", "label", "kind", "user_id"]
    types = [pa.int64(), pa.float64(), pa.string(), pa.int64()]
    table = pa.table([pa.array(c, t) for c, t in zip(zip(*rows, strict=True), types, strict=True)], names=names)
    renamed = table.append_column("amount", table["n_id"])
    config = infer_config(open_source(renamed))
    for name in renamed.column_names:
        settings_ = config.column(name)
        values = renamed[name].to_pylist()
        missing = sum(v is None or v == "" or v != v for v in values) / len(values)
        assert missing <= config.missing_for(name).max
        if settings_.range is not None:
            numbers = [v for v in values if v is not None and v == v]  # Python compares int and float exactly
            assert min(numbers) >= settings_.range.min
            assert max(numbers) <= settings_.range.max
        if settings_.allowed is not None:
            assert {v for v in values if v is not None and v == v} <= set(settings_.allowed)
    if config.roles.keys:
        keyed = list(zip(*(renamed[k].to_pylist() for k in config.roles.keys), strict=True))
        assert len(set(keyed)) == len(keyed)


def test_a_run_of_the_reference_against_itself_passes_every_quality_check(tmp_path: Path) -> None:
    from dawnwatch.monitoring import Monitor

    frame = log().assign(
        **{'we"ird. näme': "x", "": range(2000), "none": None, "big": [2**62 + 1, -(2**62) - 1] * 1000}
    )
    for name, write in (("ref.parquet", frame.to_parquet), ("ref.csv", lambda p: frame.to_csv(p, index=False))):
        write(tmp_path / name)
        text = config_text(infer(open_source(tmp_path / name)), reference=str(tmp_path / name), folder=tmp_path)
        (tmp_path / "dawnwatch.toml").write_text(text, "utf-8")
        packet = Monitor(tmp_path / "dawnwatch.toml").fit().check(str(tmp_path / name))
        assert [(c.name, c.column, c.message) for c in packet.quality.checks if c.outcome != "passed"] == []
        assert packet.could_not_judge == []
        assert packet.severity == "low"
        assert "rider1@example.org" not in packet.model_dump_json()


def test_bounds_include_integers_that_float64_cannot_hold() -> None:
    rule = infer_config(open_source(pd.DataFrame({"n": [2**53 + 1, -(2**53) - 1]}))).column("n").range
    assert rule is not None
    assert rule.max is not None
    assert rule.min is not None
    assert 2**53 + 1 <= rule.max <= 2**53 + 4
    assert -(2**53) - 4 <= rule.min <= -(2**53) - 1


@pytest.mark.parametrize("draw", ["normal", "exponential", "uniform"])
def test_healthy_rows_of_tomorrow_keep_to_the_range(draw: str) -> None:
    def rows(seed: int) -> pd.DataFrame:
        return pd.DataFrame({"x": getattr(np.random.default_rng(seed), draw)(size=3000)})

    bounds = drafted(rows(0))["columns"]["x"]["range"]
    for seed in range(1, 40):
        assert rows(seed)["x"].between(bounds["min"], bounds["max"]).all()
    # What a unit change makes of them does not: a thousand times as large.
    assert not (rows(1)["x"] * 1000).between(bounds["min"], bounds["max"]).all()


@pytest.mark.parametrize(("low", "high"), [(-3.7, -1.2), (-5, 20), (0.08, 32.02), (3e17, 9e17), (0.0, 1e308)])
def test_an_inferred_range_holds_what_was_seen(low: float, high: float) -> None:
    values = np.linspace(low, high, 999)
    bounds = drafted(pd.DataFrame({"x": values}))["columns"]["x"]["range"]
    assert bounds["min"] <= values.min()
    assert bounds["max"] >= values.max()
