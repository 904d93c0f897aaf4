"""What dawnwatch.toml may say: every message a wrong one gets, word by word."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import BaseModel

from dawnwatch.config import Config, PsiThreshold
from dawnwatch.config.schema import FileTables
from dawnwatch.config.thresholds import yellow_for
from dawnwatch.config.values import check_destination
from dawnwatch.errors import ConfigError

FACTS = (
    "performance_degraded, drop_within_noise, red_drift, red_within_noise, yellow_drift, too_few_units, "
    "serving_failed, serving_doubtful, clock_displaced, feature_lagged, version_worse, red_prediction_drift, "
    "red_label_drift, estimate_gap, windows_told_apart, quality_failed, pillar_blinded, data_late, rows_missing, "
    "feed_broken, label_feed_stopped, "
    "reference_stale, pillar_not_judged, check_not_judged, check_errored, accuracy_not_judged"
)

MESSAGES: list[tuple[dict[str, Any], str]] = [
    # An unknown key, at every level, with the nearest known one.
    ({"threshold": {}}, "unknown key 'threshold'. Did you mean 'thresholds'?"),
    ({"project": {"ownr": "x"}}, "unknown key 'project.ownr'. Did you mean 'owner'?"),
    ({"data": {"curent": "x"}}, "unknown key 'data.curent'. Did you mean 'current'?"),
    ({"roles": {"lable": "x"}}, "unknown key 'roles.lable'. Did you mean 'label'?"),
    ({"labels": {"expect": "late"}}, "unknown key 'labels.expect'. Did you mean 'expected'?"),
    ({"model": {"feature": []}}, "unknown key 'model.feature'. Did you mean 'features'?"),
    ({"thresholds": {"psy": {}}}, "unknown key 'thresholds.psy'. Did you mean 'psi'?"),
    ({"thresholds": {"psi": {"reed": 1}}}, "unknown key 'thresholds.psi.reed'. Did you mean 'red'?"),
    (
        {"thresholds": {"psi": {"max": 1}}},
        "unknown key 'thresholds.psi.max'. Known keys: yellow, red, because.",
    ),
    ({"thresholds": {"range": {"maxi": 1}}}, "unknown key 'thresholds.range.maxi'. Did you mean 'max'?"),
    ({"performance": {"signifcance": 1}}, "unknown key 'performance.signifcance'. Did you mean 'significance'?"),
    ({"columns": {"a": {"monitr": True}}}, "unknown key 'columns.a.monitr'. Did you mean 'monitor'?"),
    ({"columns": {"a": {"psi": {"yelow": 1}}}}, "unknown key 'columns.a.psi.yelow'. Did you mean 'yellow'?"),
    ({"columns": {"a": {"range": {"minimum": 1}}}}, "unknown key 'columns.a.range.minimum'. Did you mean 'min'?"),
    ({"columns": {"a": {"missing": {"mx": 1}}}}, "unknown key 'columns.a.missing.mx'. Did you mean 'max'?"),
    # Columns that are called like a setting or a type are columns all the same.
    ({"columns": {"psi": {"monitr": True}}}, "unknown key 'columns.psi.monitr'. Did you mean 'monitor'?"),
    ({"columns": {"range": {"requird": True}}}, "unknown key 'columns.range.requird'. Did you mean 'required'?"),
    ({"columns": {"str": {"kinds": 1}}}, "unknown key 'columns.str.kinds'. Did you mean 'kind'?"),
    ({"columns": {"int": {"range": {"mox": 1}}}}, "unknown key 'columns.int.range.mox'. Did you mean 'max'?"),
    ({"policy": [{"name": "a", "severity": "low", "al": []}]}, "unknown key 'policy[0].al'. Did you mean 'all'?"),
    ({"sla": {"hihg": "4h"}}, "unknown key 'sla.hihg'. Did you mean 'high'?"),
    ({"alerts": {"too": []}}, "unknown key 'alerts.too'. Did you mean 'to'?"),
    ({"threshold": {}, "projct": {}}, "unknown key 'threshold'. Did you mean 'thresholds'? (and 1 more)"),
    # Bounds.
    ({"thresholds": {"psi": {"red": -1}}}, "thresholds.psi.red: must be greater than or equal to 0.000001; got -1"),
    (
        {"thresholds": {"psi": {"yellow": -0.1}}},
        "thresholds.psi.yellow: must be greater than or equal to 0.000001; got -0.1",
    ),
    (
        {"thresholds": {"missing": {"max": -0.1}}},
        "thresholds.missing.max: must be greater than or equal to 0; got -0.1",
    ),
    (
        {"thresholds": {"auc_drop": {"max": -1}}},
        "thresholds.auc_drop.max: must be greater than or equal to 0; got -1",
    ),
    (
        {"thresholds": {"range": {"max": -0.5}}},
        "thresholds.range.max: must be greater than or equal to 0; got -0.5",
    ),
    (
        {"thresholds": {"duplicates": {"max": -1}}},
        "thresholds.duplicates.max: must be greater than or equal to 0; got -1",
    ),
    ({"thresholds": {"missing": {"max": 5}}}, "thresholds.missing.max: must be less than or equal to 1; got 5"),
    ({"columns": {"a": {"missing": {"max": 2}}}}, "columns.a.missing.max: must be less than or equal to 1; got 2"),
    (
        {"thresholds": {"psi": {"yellow": 0.3, "red": 0.2}}},
        "thresholds.psi: yellow (0.3) must not exceed red (0.2)",
    ),
    ({"thresholds": {"psi": {"yellow": 0.3}}}, "thresholds.psi: yellow (0.3) must not exceed red (0.2)"),
    (
        {"columns": {"a": {"psi": {"yellow": 3, "red": 2}}}},
        "columns.a.psi: yellow (3) must not exceed red (2)",
    ),
    ({"performance": {"confidence": 1.0}}, "performance.confidence: must be less than 1; got 1.0"),
    ({"performance": {"min_rows": 1}}, "performance.min_rows: must be greater than or equal to 2; got 1"),
    ({"columns": {"a": {"range": {"min": 5, "max": 1}}}}, "columns.a.range: min (5) must not exceed max (1)"),
    (
        {"columns": {"a": {"range": {"min": 1, "max": 1, "min_inclusive": False}}}},
        "columns.a.range: no value can lie between 1 and 1 where a bound is exclusive",
    ),
    # Not a number.
    ({"thresholds": {"psi": {"red": math.nan}}}, "thresholds.psi.red: must be a finite number; got nan"),
    ({"thresholds": {"psi": {"red": math.inf}}}, "thresholds.psi.red: must be a finite number; got inf"),
    ({"thresholds": {"missing": {"max": -math.inf}}}, "thresholds.missing.max: must be a finite number; got -inf"),
    ({"columns": {"a": {"range": {"min": math.nan}}}}, "columns.a.range.min: must be a finite number; got nan"),
    # Of another type; nothing is guessed.
    ({"thresholds": {"psi": {"red": "0.1"}}}, "thresholds.psi.red: must be a number; got '0.1'"),
    ({"thresholds": {"missing": {"max": True}}}, "thresholds.missing.max: must be a number; got True"),
    ({"thresholds": {"psi": 0.2}}, "thresholds.psi: must be a table of settings; got 0.2"),
    ({"thresholds": []}, "thresholds: must be a table of settings; got []"),
    ({"columns": {"a": "number"}}, "columns.a: must be a table of settings; got 'number'"),
    ({"columns": {"a": {"monitor": "no"}}}, "columns.a.monitor: must be true or false; got 'no'"),
    ({"columns": {"a": {"private": 1}}}, "columns.a.private: must be true or false; got 1"),
    ({"columns": {"a": {"allowed": []}}}, "columns.a.allowed: must not be empty; got []"),
    (
        {"columns": {"a": {"allowed": ["x", [1]]}}},
        "columns.a.allowed[1]: must be text, a number, true or false; got [1]",
    ),
    ({"labels": {"positive": [1]}}, "labels.positive: must be text, a number, true or false; got [1]"),
    ({"labels": {"positive": math.nan}}, "labels.positive: must be text, a number, true or false; got nan"),
    ({"project": {"seed": 1.5}}, "project.seed: must be a whole number; got 1.5"),
    ({"project": {"notify": "me"}}, "project.notify: must be a list; got 'me'"),
    ({"model": {"features": "a"}}, "model.features: must be a list; got 'a'"),
    ({"data": {"current": 1}}, "data.current: must be text in quotes; got 1"),
    ({"roles": {"label": ""}}, "roles.label: must not be empty; got ''"),
    # One of a few words.
    ({"labels": {"expected": "later"}}, "labels.expected: must be 'with_data' or 'late'; got 'later'"),
    ({"columns": {"a": {"kind": "cat"}}}, "columns.a.kind: must be 'categorical' or 'numeric'; got 'cat'"),
    (
        {"columns": {"a": {"type": "int"}}},
        "columns.a.type: must be 'integer', 'number', 'string', 'boolean', 'timestamp' or 'other'; got 'int'",
    ),
    ({"significance": {"judge": "on"}}, "significance.judge: must be 'tested' or 'off'; got 'on'"),
    ({"significance": {"level": 0}}, "significance.level: must be greater than 0; got 0"),
    ({"significance": {"min_units": 1}}, "significance.min_units: must be greater than or equal to 2; got 1"),
    ({"alerts": {"at": "urgent"}}, "alerts.at: must be 'critical', 'high', 'medium' or 'low'; got 'urgent'"),
    ({"data": {"extra_columns": "x"}}, "data.extra_columns: must be 'pass' or 'fail'; got 'x'"),
    (
        {"columns": {"a": {"kind": "x" * 200}}},
        f"columns.a.kind: must be 'categorical' or 'numeric'; got '{'x' * 76}...",
    ),
    # Rules of their own.
    (
        {"columns": {"a": {"pattern": "("}}},
        "columns.a.pattern: is not a regular expression: missing ), unterminated subpattern at position 0",
    ),
    (
        {"roles": {"label": "y", "score": "y"}},
        "roles: label and score name the same column 'y'; a score must not be the label",
    ),
    (
        {"model": {"features": ["a"]}, "columns": {"a": {"monitor": False}}},
        "columns.a: the model uses this feature and monitor = false leaves it unwatched; say why in `because`",
    ),
    (
        {"model": {"features": ["a"]}, "columns": {"a": {"monitor": False, "because": "  "}}},
        "columns.a: the model uses this feature and monitor = false leaves it unwatched; say why in `because`",
    ),
    (
        {"sla": {"high": "4 hours"}},
        'sla.high: must be a number with h, d or w, such as "24h", or "none"; got \'4 hours\'',
    ),
    ({"sla": {"high": 4}}, "sla.high: must be text in quotes; got 4"),
    (
        {"sla": {"low": "99999999999w"}},
        "sla.low: must be at most 10 years; use \"none\" where nothing is due; got '99999999999w'",
    ),
    (
        {"alerts": {"to": ["mailto:me"]}},
        "alerts.to: alert destination 'mailto:me' must be an http(s) URL or a path that ends in .jsonl (or, in "
        "Python, a callable)",
    ),
    # The severity table.
    ({"policy": {}}, "policy: must be a list; got {}"),
    ({"policy": [{"severity": "low"}]}, "policy[0].name: is missing"),
    ({"policy": [{"name": "", "severity": "low"}]}, "policy[0].name: must not be empty; got ''"),
    (
        {"policy": [{"name": "a", "severity": "urgent"}]},
        "policy[0].severity: must be 'critical', 'high', 'medium' or 'low'; got 'urgent'",
    ),
    (
        {"policy": [{"name": "a", "severity": "high", "all": ["red_drfit"]}, {"name": "b", "severity": "low"}]},
        "policy: rule 'a' asks for the unknown fact 'red_drfit'. Did you mean 'red_drift'? Known facts: " + FACTS,
    ),
    (
        {"policy": [{"name": "a", "severity": "high", "any": ["red_drift"]}]},
        "policy: the last rule must have no condition, so that nothing falls between the rows",
    ),
    ({"policy": []}, "policy: the last rule must have no condition, so that nothing falls between the rows"),
    (
        {"policy": [{"name": "a", "severity": "low"}, {"name": "b", "severity": "low"}]},
        "policy: rule 'a' has no condition, so 'b' after it can never hold; put it last",
    ),
    (
        {"policy": [{"name": "a", "severity": "high", "all": ["red_drift"]}, {"name": "a", "severity": "low"}]},
        "policy: two rules are named 'a'",
    ),
]


@pytest.mark.parametrize(("tables", "message"), MESSAGES, ids=[message[:50] for _, message in MESSAGES])
def test_messages(tables: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Config.from_dict(tables, where="dawnwatch.toml")
    assert str(refused.value) == f"dawnwatch.toml: {message}"


def test_messages_are_one_line_even_where_a_quoted_key_is_not() -> None:
    with pytest.raises(ConfigError) as refused:
        Config.from_dict({"columns": {"a\nb": {"kind": "cat"}}})
    assert str(refused.value).splitlines() == [
        "configuration: columns.a b.kind: must be 'categorical' or 'numeric'; got 'cat'"
    ]


def _tables(model: type[BaseModel], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every table the types declare, found by walking them rather than listed by hand."""
    found = [path]
    for name, field in model.model_fields.items():
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, BaseModel):
                inner = (*path, name, "one") if "dict" in str(field.annotation) else (*path, name)
                found += [] if "list" in str(field.annotation) else _tables(part, inner)
    return found


TABLES = _tables(FileTables)


def test_the_walk_reaches_every_depth() -> None:
    assert {(), ("thresholds", "psi"), ("columns", "one", "range"), ("alerts",)} <= set(TABLES)


@pytest.mark.parametrize("path", TABLES, ids=".".join)
def test_every_table_refuses_unknown_keys_and_suggests_its_own(path: tuple[str, ...]) -> None:
    model: Any = FileTables
    for part in path:
        if isinstance(model, type):
            model = model.model_fields[part].annotation
        models = [a for a in getattr(model, "__args__", ()) if isinstance(a, type) and issubclass(a, BaseModel)]
        if models and not ("dict" in str(model) and part != "one"):
            model = models[0]
    known = next(iter(model.model_fields))
    tables: dict[str, Any] = {known + "x": 1}
    for part in reversed(path):
        tables = {part: tables}
    with pytest.raises(ConfigError, match=f"Did you mean '{known}'"):
        Config.from_dict(tables)


@pytest.mark.parametrize(
    ("red", "yellow"), [(0.05, 0.025), (0.1, 0.05), (0.15, 0.075), (0.2, 0.1), (0.3, 0.1), (0.6, 0.1), (5, 0.1)]
)
def test_yellow_follows_where_only_red_is_given(red: float, yellow: float) -> None:
    assert yellow_for(red) == pytest.approx(yellow)
    for tables in ({"thresholds": {"psi": {"red": red}}}, {"columns": {"a": {"psi": {"red": red}}}}):
        assert Config.from_dict(tables).psi_for("a").yellow == pytest.approx(yellow)
    assert PsiThreshold(red=red).yellow == pytest.approx(yellow)


def test_a_because_alone_moves_no_threshold() -> None:
    named = ("psi", "missing", "auc_drop", "range", "duplicates")
    config = Config.from_dict({"thresholds": {name: {"because": "weighed"} for name in named}})
    plain = Config.from_dict({})
    assert [t.value for t in config.thresholds_in_force()] == [t.value for t in plain.thresholds_in_force()]
    assert {t.name: t.value for t in config.thresholds_in_force()} == {
        "psi": {"yellow": 0.10, "red": 0.20},
        "missing": {"max": 0.05},
        "auc_drop": {"max": 0.05},
        "range": {"max": 0.0},
        "duplicates": {"max": 0.0},
    }
    assert config.unjustified() == []


def test_a_column_takes_from_the_general_thresholds_what_it_does_not_say() -> None:
    config = Config.from_dict(
        {
            "thresholds": {"psi": {"yellow": 0.2, "red": 0.4}, "missing": {"max": 0.3}},
            "columns": {
                "said_why": {"psi": {"because": "x"}, "missing": {"because": "x"}},
                "yellow": {"psi": {"yellow": 0.05}},
                "red": {"psi": {"red": 0.1}},
                "own": {"psi": {"yellow": 0.01, "red": 0.02}, "missing": {"max": 0.0}},
            },
        }
    )
    bands = {name: (config.psi_for(name).yellow, config.psi_for(name).red) for name in [*config.columns, "none"]}
    assert bands == {
        "said_why": (0.2, 0.4),
        "yellow": (0.05, 0.4),
        "red": (0.05, 0.1),
        "own": (0.01, 0.02),
        "none": (0.2, 0.4),
    }
    assert [config.missing_for(name).max for name in ("said_why", "own", "none")] == [0.3, 0.0, 0.3]
    in_force = {(t.column, t.name): t.value for t in config.thresholds_in_force()}
    assert in_force["said_why", "psi"] == {"yellow": 0.2, "red": 0.4}
    assert in_force["said_why", "missing"] == {"max": 0.3}


@pytest.mark.parametrize("value", [True, 1, 1.0, "1", "yes"])
def test_the_positive_class_keeps_its_type(value: object) -> None:
    positive = Config.from_dict({"labels": {"positive": value}}).labels.positive
    assert (type(positive), positive) == (type(value), value)


@pytest.mark.parametrize(
    "text",
    [
        "https://h.example/x",
        "HTTP://h.example",
        "https://h.example/x.jsonl",
        "http://user:password@127.0.0.1:8080?a=b",
        "http://[::1]:80/x",
        "a/b.jsonl",
        "/tmp/alerts.jsonl",
    ],
)
def test_destinations_that_serve(text: str) -> None:
    check_destination(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x.json",
        "ftp://h/x.jsonl",
        "https://",
        "https:///x.jsonl",
        "http://user@/x",
        "http:x",
        "https://h /x",
        "https://h/\x00",
        "https://[",
    ],
)
def test_destinations_that_do_not(text: str) -> None:
    with pytest.raises(ValueError, match="must be an http"):
        check_destination(text)
