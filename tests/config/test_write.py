"""dawnwatch.toml as it is written: read back, it means the same, whatever the columns are called."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dawnwatch.config import Config
from dawnwatch.config.write import Draft, config_text, relative_reference

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.booleans() | numbers | texts
columns = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["integer", "number", "string", "boolean", "timestamp", "other"]),
        "private": st.booleans(),
        "because": texts,
        "allowed": st.lists(scalars, min_size=1, max_size=30),
        "range": st.fixed_dictionaries({}, optional={"min": numbers, "min_inclusive": st.booleans()}),
        "psi": st.fixed_dictionaries({"red": st.floats(0.01, 1)}, optional={"because": texts}),
        "missing": st.fixed_dictionaries({"max": st.floats(0, 1)}, optional={"because": texts}),
    },
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=6
)
tables = st.fixed_dictionaries(
    {},
    optional={
        "project": st.fixed_dictionaries({}, optional={"name": texts, "notify": st.lists(texts, max_size=3)}),
        "data": st.fixed_dictionaries({}, optional={"current": texts, "holdout": texts}),
        "roles": st.fixed_dictionaries({}, optional={"label": names, "keys": st.lists(names, max_size=3)}),
        "labels": st.fixed_dictionaries({}, optional={"positive": scalars}),
        "model": st.just({}),
        "columns": st.dictionaries(names, columns, max_size=4),
        "policy": st.just([{"name": "a", "severity": "high", "any": ["red_drift"]}, {"name": "b", "severity": "low"}]),
        "scenario": st.dictionaries(names, values, max_size=4),
    },
)
notes = st.dictionaries(st.tuples(st.sampled_from(["project", "columns"])) | st.tuples(names, names), texts, max_size=4)


@given(tables=tables, notes=notes)
@example(tables={"columns": {"": {}, "a.b": {"range": {"min": 1}}, 'q"\\\n\x7f\x00': {"type": "string"}}}, notes={})
@example(tables={"scenario": {"a": [{"b": []}], "c": {}, "d": {"because": {"e": {}}}}}, notes={("scenario",): "\n\r"})
def test_what_is_written_reads_back_the_same(tables: dict[str, Any], notes: dict[tuple[str, ...], str]) -> None:
    text = config_text(Draft(tables, notes))
    assert tomllib.loads(text) == tables
    assert all(line == line.rstrip() for line in text.split("\n") if line.startswith("#"))


@given(st.dictionaries(names, columns, max_size=4))
def test_the_file_loads_as_the_same_configuration(drafted: dict[str, Any]) -> None:
    tables = {"thresholds": {"psi": {"red": 0.3, "because": 'say "why"'}}, "columns": drafted}
    loaded = Config.from_dict(tomllib.loads(config_text(Draft(tables))))
    assert loaded == Config.from_dict(tables)


def test_it_loads_from_disk_and_finds_its_reference(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    path = tmp_path / "conf" / "dawnwatch.toml"
    draft = Draft({"project": {"name": "Ä"}, "data": {"extra_columns": "pass"}})
    path.write_text(config_text(draft, reference=str(tmp_path / "data" / "ref.csv"), folder=path.parent), "utf-8")
    config = Config.load(path)
    assert config.data.reference == "../data/ref.csv"
    assert Path(str(config.path(config.data.reference))).resolve() == (tmp_path / "data/ref.csv").resolve()
    assert config.data.extra_columns == "pass"
    assert draft.tables["data"] == {"extra_columns": "pass"}


def test_the_holdout_is_asked_for_unless_there_is_one() -> None:
    question = "# Is this reference the data the model was trained on?"
    assert question in config_text(Draft({"data": {"reference": "r.csv"}}))
    assert '\n# holdout = "holdout.parquet"\n' in config_text(Draft({"data": {}}))
    assert question not in config_text(Draft({"data": {"holdout": "h.csv"}}))


def test_what_is_offered_is_itself_valid() -> None:
    text = config_text(Draft({"project": {}, "data": {}, "roles": {}, "model": {}}))
    offers = [line.removeprefix("# ") for line in text.split("\n") if " = " in line and line.startswith("# ")]
    headers = [line for line in text.split("\n") if line.startswith("[")]
    assert headers == ["[project]", "[data]", "[roles]", "[model]"]
    uncommented = "\n".join(
        offer if (offer := line.removeprefix("# ")) in offers else line for line in text.split("\n")
    )
    config = Config.from_dict(tomllib.loads(uncommented))
    assert config.project.owner == "you@example.com"
    assert config.roles.keys == ["event_id"]
    assert config.model.features == ["age", "device_type"]


def test_long_lists_wrap() -> None:
    tables = {"columns": {"c": {"allowed": [f"a long category {i}" for i in range(50)]}}}
    text = config_text(Draft(tables))
    assert max(map(len, text.split("\n"))) <= 110
    assert tomllib.loads(text) == tables


@pytest.mark.parametrize(
    ("reference", "written"),
    [
        ("/home/ann/p/ref.csv", "ref.csv"),
        ("/home/ann/p/log/day=*/*.parquet", "log/day=*/*.parquet"),
        ("/home/ann/ref.csv", "../ref.csv"),
        ("/home/ann/p", "."),
        ("/data/ref.csv", "/data/ref.csv"),
        ("~/ref.csv", "../ref.csv"),
        ("s3://bucket/ref.csv", "s3://bucket/ref.csv"),
    ],
)
def test_the_reference_is_relative_to_the_file(reference: str, written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    assert relative_reference(reference, Path("/home/ann/p")) == written
