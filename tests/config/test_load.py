"""Reading the file, moving thresholds for one run, and saying which ones are in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawnwatch.config import Config
from dawnwatch.errors import ConfigError


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "dawnwatch.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"[project]\nname = '\xff'\n", "not UTF-8 text; save it as UTF-8"),
        ("[project]\nseed = " + "9" * 5000, "not valid TOML: "),
        ("[thresholds.psi]\nred = nan\n", "thresholds.psi.red: must be a finite number; got nan"),
        ("[labels]\npositive = 2024-01-01\n", "labels.positive: must be text, a number, true or false; got datetime."),
        ("[columns.age]\nmonitr = true\n", "unknown key 'columns.age.monitr'. Did you mean 'monitor'?"),
        ('[[policy]]\nname = "a"\nseverity = "low"\nwhen = []\n', "unknown key 'policy[0].when'. Known keys: name, "),
    ],
)
def test_a_wrong_file_gets_one_line_that_names_it(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as refused:
        Config.load(path)
    assert str(refused.value).startswith(f"{path}: {message}")
    assert len(str(refused.value).splitlines()) == 1
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "line"), [("[roles]\nlabel = \n", 2), ("[roles\n", 1), ("[a]\nx = 1\nx = 2\n", 3), ("\n\n\nx = 1 2\n", 4)]
)
def test_a_syntax_error_names_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError, match=rf"not valid TOML: .*at line {line}, column \d+") as refused:
        Config.load(path)
    assert str(refused.value).startswith(f"{path}: ")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        Config.load(tmp_path / "no.toml")
    assert str(refused.value) == (
        f"{tmp_path / 'no.toml'}: no such configuration; write one with `dawnwatch init REFERENCE`"
    )
    with pytest.raises(ConfigError) as refused:
        Config.load(tmp_path)
    assert str(refused.value) == f"{tmp_path}: cannot be read: Is a directory"


def test_a_byte_order_mark_and_other_line_ends_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, b'\xef\xbb\xbf[project]\r\nname = "caf\xc3\xa9"\r\n')
    assert Config.load(path).project.name == "café"


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    config = Config.load(written(tmp_path, ""))
    assert config.model_dump() == Config.from_dict({}).model_dump()
    assert config.watched == []
    assert config.unjustified() == [
        "thresholds.psi",
        "thresholds.missing",
        "thresholds.auc_drop",
        "thresholds.range",
        "thresholds.duplicates",
    ]


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/someone")
    (tmp_path / "watch").mkdir()
    config = Config.load(written(tmp_path / "watch", '[alerts]\nto = ["seen.jsonl", "https://hooks.example/x"]\n'))
    assert config.path("data/reference.parquet") == str(tmp_path / "watch/data/reference.parquet")
    assert config.path("/data/reference.parquet") == "/data/reference.parquet"
    assert config.path("s3://bucket/x") == "s3://bucket/x"
    assert config.path("~/x.parquet") == "/home/someone/x.parquet"
    assert config.path(None) is None
    assert config.destinations == [str(tmp_path / "watch/seen.jsonl"), "https://hooks.example/x"]
    # A copy with other thresholds still knows where its file stands.
    assert config.override(psi=0.3).path("x") == config.path("x")


def test_watched_are_the_features_not_switched_off_then_the_named_ones() -> None:
    config = Config.from_dict(
        {
            "model": {"features": ["b", "a", "c"]},
            "columns": {
                "z": {"monitor": True},
                "a": {"monitor": False, "because": "moves by construction"},
                "c": {"monitor": True},
                "y": {"monitor": False},
                "x": {},
            },
        }
    )
    assert config.watched == ["b", "c", "z"]


# ── override ──────────────────────────────────────────────────────────────────────────────────────────────────


def bands(config: Config, name: str = "any") -> tuple[float, float]:
    found = config.psi_for(name)
    return found.yellow, found.red


@given(red=st.floats(0.001, 10))
def test_a_moved_red_bound_takes_yellow_with_it(red: float) -> None:
    assert bands(Config.from_dict({}).override(psi=red)) == (min(0.10, red / 2), red)


def test_a_yellow_that_was_derived_is_derived_again() -> None:
    lowered = Config.from_dict({"thresholds": {"psi": {"red": 0.1}}})
    assert bands(lowered) == (0.05, 0.1)
    assert bands(lowered.override(psi=0.3)) == (0.10, 0.3)
    assert bands(lowered.override(psi=0.3).override(psi=0.02)) == (0.01, 0.02)


@pytest.mark.parametrize(("psi", "expected"), [(0.6, 0.12), (0.13, 0.12), (0.12, 0.06), (0.05, 0.025)])
def test_a_yellow_that_was_configured_stays_while_it_lies_below_red(psi: float, expected: float) -> None:
    config = Config.from_dict({"thresholds": {"psi": {"yellow": 0.12, "red": 0.2}}})
    assert bands(config.override(psi=psi)) == (pytest.approx(expected), psi)


def test_columns_with_bounds_of_their_own_keep_them() -> None:
    config = Config.from_dict({"columns": {"a": {"psi": {"red": 0.5}}, "b": {"psi": {"yellow": 0.15}}}})
    moved = config.override(psi=0.1)
    assert bands(moved, "a") == (0.1, 0.5)
    assert bands(moved, "b") == (0.15, 0.15)
    assert bands(moved, "c") == (0.05, 0.1)


def test_overrides_say_where_they_come_from() -> None:
    config = Config.from_dict(
        {
            "project": {"owner": "a"},
            "thresholds": {"psi": {"red": 0.3, "because": "weighed"}, "missing": {"max": 0.1, "because": "weighed"}},
        }
    )
    moved = config.override(psi=0.6, auc=0.1, owner="b")
    found = {t.name: (t.value, t.because, t.source) for t in moved.thresholds_in_force()}
    assert found == {
        "psi": ({"yellow": 0.1, "red": 0.6}, "set to 0.6 for this run", "override"),
        "missing": ({"max": 0.1}, "weighed", "config"),
        "auc_drop": ({"max": 0.1}, "set to 0.1 for this run", "override"),
        "range": ({"max": 0.0}, None, "default"),
        "duplicates": ({"max": 0.0}, None, "default"),
    }
    assert moved.project.owner == "b"
    assert [t.source for t in moved.override(missing=0.2).thresholds_in_force()][:3] == ["override"] * 3
    # The original is untouched.
    assert [t.source for t in config.thresholds_in_force()] == ["config", "config", "default", "default", "default"]


def test_overriding_nothing_changes_nothing() -> None:
    config = Config.from_dict({"thresholds": {"psi": {"red": 0.1}}, "columns": {"a": {"psi": {"red": 0.3}}}})
    same = config.override()
    assert same.model_dump(exclude_unset=True) == config.model_dump(exclude_unset=True)
    assert same.fingerprint == config.fingerprint


@pytest.mark.parametrize(
    ("moved", "message"),
    [
        ({"psi": -1.0}, "threshold: thresholds.psi.red: must be greater than or equal to 0.000001; got -1.0"),
        ({"psi": 0.0}, "threshold: thresholds.psi.red: must be greater than or equal to 0.000001; got 0.0"),
        ({"psi": float("nan")}, "threshold: thresholds.psi.red: must be a finite number; got nan"),
        ({"psi": float("inf")}, "threshold: thresholds.psi.red: must be a finite number; got inf"),
        ({"missing": -0.1}, "threshold: thresholds.missing.max: must be greater than or equal to 0; got -0.1"),
        ({"missing": 1.1}, "threshold: thresholds.missing.max: must be less than or equal to 1; got 1.1"),
        ({"auc": -0.1}, "threshold: thresholds.auc_drop.max: must be greater than or equal to 0; got -0.1"),
    ],
)
def test_overrides_that_cannot_be(moved: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Config.from_dict({"thresholds": {"psi": {"yellow": 0.1, "red": 0.2}}}).override(**moved)
    assert str(refused.value) == message


# ── justifications, fingerprint ───────────────────────────────────────────────────────────────────────────────


def test_thresholds_without_because_are_listed() -> None:
    config = Config.from_dict(
        {
            "thresholds": {"psi": {"red": 0.2, "because": "weighed"}, "missing": {"because": "  "}},
            "columns": {
                "a": {"psi": {"red": 0.1}, "missing": {"max": 0.5, "because": "optional in the form"}},
                "b": {"missing": {"max": 0.1}},
            },
        }
    )
    assert config.unjustified() == [
        "thresholds.missing",
        "thresholds.auc_drop",
        "thresholds.range",
        "thresholds.duplicates",
        "columns.a.psi",
        "columns.b.missing",
    ]


def test_the_fingerprint_is_of_the_settings_not_of_the_text(tmp_path: Path) -> None:
    one = Config.load(written(tmp_path, "# why\n[thresholds.psi]\nred = 0.30\nyellow = 0.10\n"))
    other = Config.from_dict({"thresholds": {"psi": {"yellow": 0.1, "red": 0.3}}})
    assert one.fingerprint == other.fingerprint
    assert one.fingerprint.startswith("sha256:")
    assert len(one.fingerprint) == len("sha256:") + 64
    changed = [one.override(psi=0.31), one.override(owner="x"), Config.from_dict({"labels": {"positive": "1"}})]
    assert len({config.fingerprint for config in [one, *changed]}) == 4


def test_the_shipped_scenario_file_is_whole_and_justified() -> None:
    path = Path(__file__).parents[2] / "scenarios/metropulse/dawnwatch.toml"
    config = Config.load(path)
    assert config.unjustified() == []
    assert config.watched == ["hour_bucket", "device_type"]


def test_reasons_decide_nothing_of_what_is_counted() -> None:
    column = {"range": {"min": 0}, "monitor": False}
    bare = Config.from_dict({"columns": {"fare": column}})
    said = Config.from_dict({"columns": {"fare": {**column, "because": "why", "bounds_because": "why"}}})
    assert (said.counted, said.profiled) == (bare.counted, bare.profiled)
    moved = Config.from_dict({"columns": {"fare": {**column, "range": {"min": 1}}}})
    assert moved.profiled != bare.profiled
