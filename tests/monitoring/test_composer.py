"""`monitor(...)` and `Monitor(config).fit(reference).check(current)`, as a user calls them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import dawnwatch
from dawnwatch import BaselineError, ConfigError, DataError, Monitor, TriagePacket, UsageError
from dawnwatch.checks import registry
from dawnwatch.model.enums import Outcome
from dawnwatch.sources import open_source
from dawnwatch.store.files import ResultsFolder
from tests.monitoring.windows import SHIFTED, TABLES, check, config, reference, window

TOML = """
[roles]
label = "label"
score = "score"

[thresholds.psi]
red = {red}

[columns.device]
monitor = true

[alerts]
at = "high"
to = ["told.jsonl"]
"""


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(path: Path) -> list[TriagePacket]:
    return [TriagePacket.model_validate_json(line) for line in path.read_text().splitlines()]


# ── the one-liner ─────────────────────────────────────────────────────────────────────────────────────────────


def test_neither_a_reference_nor_a_configuration() -> None:
    with pytest.raises(ConfigError) as refused:
        dawnwatch.monitor(window(), None, [])
    assert str(refused.value) == (
        "neither a reference nor a configuration was given, and there is no dawnwatch.toml here"
    )


def test_with_a_reference_alone_the_settings_are_inferred() -> None:
    packet = dawnwatch.monitor(window(device=SHIFTED), None, [], reference=reference())
    assert packet.severity == "high"
    assert [drifter.name for drifter in packet.top_drifters] == ["device"]
    assert packet.performance.current.value is not None
    assert packet.quality.outcome is Outcome.PASSED


@pytest.mark.parametrize("frame", [pa.table, lambda t: t.to_pandas(), pl.from_arrow, lambda t: pl.from_arrow(t).lazy()])
def test_every_kind_of_frame_gives_the_same_packet(frame: Callable[[pa.Table], Any]) -> None:
    packet = dawnwatch.monitor(frame(window(device=SHIFTED)), None, [], reference=frame(reference()), config=config())
    expected = Monitor(config()).fit(reference()).check(window(device=SHIFTED))
    assert packet.headline == expected.headline
    assert packet.performance.drop == expected.performance.drop
    assert [f.psi for f in packet.drift.features] == [f.psi for f in expected.drift.features]
    assert packet.provenance.current.fingerprint == expected.provenance.current.fingerprint
    assert packet.provenance.config_hash == expected.provenance.config_hash


def test_a_stream_that_can_be_read_once_serves_as_reference() -> None:
    stream = pa.RecordBatchReader.from_batches(reference().schema, reference().to_batches())
    assert dawnwatch.monitor(window(), None, [], reference=stream).severity == "low"


@pytest.mark.parametrize("given", [True, False])
def test_with_a_configuration_file(tmp_path: Path, given: bool) -> None:
    # Named, or simply lying in the working folder.
    (tmp_path / "dawnwatch.toml").write_text(TOML.format(red=5))
    packet = dawnwatch.monitor(
        window(device=SHIFTED), reference=reference(), config=tmp_path / "dawnwatch.toml" if given else None
    )
    assert packet.rule == "yellow_drift"
    assert [feature.red for feature in packet.drift.features] == [5]


def test_the_configured_reference_serves_where_none_is_given(tmp_path: Path) -> None:
    pq.write_table(reference(), tmp_path / "reference.parquet")
    (tmp_path / "dawnwatch.toml").write_text('[data]\nreference = "reference.parquet"\n' + TOML.format(red=0.2))
    packet = dawnwatch.monitor(window(device=SHIFTED))
    assert packet.rule == "red_drift"
    assert packet.provenance.drift_baseline.source.endswith("reference.parquet")


def test_alerts_are_told_beside_the_configured_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "watch"
    folder.mkdir()
    (folder / "dawnwatch.toml").write_text(TOML.format(red=0.2))
    seen: list[TriagePacket] = []
    for current in (window(), window(device=SHIFTED)):
        packet = dawnwatch.monitor(
            current, None, [seen.append], reference=reference(), config=folder / "dawnwatch.toml"
        )
    # The healthy window is below [alerts] at; paths are relative to the file that names them.
    assert [p.severity.value for p in seen] == ["high"]
    assert told(folder / "told.jsonl") == seen == [packet]


@pytest.mark.parametrize("lone", [True, False])
def test_a_lone_alert_need_not_be_a_list(tmp_path: Path, lone: bool) -> None:
    seen: list[TriagePacket] = []
    current = window(device=SHIFTED)
    dawnwatch.monitor(current, None, seen.append if lone else (seen.append,), reference=reference(), config=config())
    dawnwatch.monitor(current, None, tmp_path / "told.jsonl", reference=reference(), config=config())
    assert len(seen) == len(told(tmp_path / "told.jsonl")) == 1


def test_an_alert_that_fails_costs_no_packet_and_is_said_in_it() -> None:
    def broken(_: TriagePacket) -> None:
        raise ConnectionError("no route")

    packet = dawnwatch.monitor(window(device=SHIFTED), None, [broken], reference=reference(), config=config())
    assert packet.severity == "high"
    assert packet.provenance.warnings[-1] == "alert broken: ConnectionError: no route"


def test_a_bad_destination_is_refused_before_any_work() -> None:
    with pytest.raises(ConfigError, match="alert destination 'mailto:me'"):
        dawnwatch.monitor("no such file", None, ["mailto:me"], reference="no such file either")


@pytest.mark.parametrize("how", [{}, {"config": config()}])
def test_a_reference_that_cannot_be_read_is_a_fault_of_the_command(how: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    for bad in ("nothing.parquet", "empty.csv", 5, pa.table({"a": []})):
        with pytest.raises(BaselineError) as refused:
            dawnwatch.monitor(window(), reference=bad, **how)
        assert refused.value.exit_code == 2
        assert len(str(refused.value).splitlines()) == 1


def test_a_current_window_that_cannot_be_read_could_not_be_judged(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    for bad in ("nothing.parquet", "empty.csv", 5, pa.table({"a": []})):
        with pytest.raises(DataError) as refused:
            dawnwatch.monitor(bad, reference=reference(), config=config())
        assert refused.value.exit_code == 3
        assert len(str(refused.value).splitlines()) == 1


# ── the full form ─────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_to_compare_with_and_nothing_to_check() -> None:
    with pytest.raises(ConfigError, match=r"^no reference: give one with --reference"):
        Monitor(config()).fit()
    with pytest.raises(ConfigError, match=r"^no reference"):
        Monitor(config()).check(window())
    with pytest.raises(ConfigError, match=r"^no current window: give one with --current"):
        Monitor(config()).fit(reference()).check()


def test_one_fit_serves_many_windows() -> None:
    watcher = Monitor(config()).fit(reference())
    assert [watcher.check(t).severity.value for t in (window(), window(device=SHIFTED), window())] == [
        "low",
        "high",
        "low",
    ]


class Counting:
    """A source that counts how often it is read."""

    def __init__(self, table: pa.Table) -> None:
        self._source = open_source(table)
        self.name, self.schema, self.reads = "counted", self._source.schema, 0

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        self.reads += 1
        yield from self._source.batches(columns)


def test_moved_thresholds_read_nothing_again() -> None:
    current = Counting(window(device=SHIFTED))
    settings = config()
    watcher = Monitor(settings).fit(reference())
    seen = watcher.observe(current)
    reads = current.reads
    packets = [watcher.judge(seen, config=settings.override(psi=red), label=str(red)) for red in (0.2, 0.75, 10)]
    assert [(p.label, p.severity.value) for p in packets] == [("0.2", "high"), ("0.75", "medium"), ("10", "medium")]
    assert current.reads == reads
    assert len({p.provenance.current.fingerprint for p in packets}) == 1
    assert [t.source for t in packets[1].thresholds if t.name == "psi"] == ["override"]
    assert packets[1].thresholds[0].because == "set to 0.75 for this run"
    assert watcher.judge(seen).severity == "high"


def test_a_label_and_notes_stand_in_the_packet() -> None:
    notes = {"injected": {"mobile": 0.6}, "parts": (1, 2)}
    packet = Monitor(config()).fit(reference()).check(window(), label="canary", notes=notes)
    assert packet.label == "canary"
    assert packet.provenance.notes == {"injected": {"mobile": 0.6}, "parts": [1, 2]}
    assert TriagePacket.model_validate_json(packet.model_dump_json()) == packet


def test_text_that_utf8_cannot_hold_is_escaped(tmp_path: Path) -> None:
    # What `--label` and a path are where their bytes are no text.
    strange = "canary\udcff"
    current = Counting(window())
    current.name = strange
    packet = Monitor(config().override(owner=strange)).fit(reference()).check(current, label=strange)
    assert packet.label == packet.owner == "canary\\udcff"
    assert packet.provenance.current.source == "canary\\udcff"
    assert ResultsFolder(tmp_path).load(ResultsFolder(tmp_path).save(packet)) == packet


@pytest.mark.parametrize("value", [float("nan"), np.int64(3), {1, 2}, object()])
def test_notes_that_no_packet_can_hold_are_refused_at_once(value: object) -> None:
    with pytest.raises(UsageError, match="notes must be plain JSON values"):
        Monitor(config()).fit(reference()).check("never read", notes={"x": value})


def test_progress_tells_what_is_done() -> None:
    steps: list[tuple[str, int, int | None]] = []
    monitor = Monitor(config(), progress=lambda step, rows, total: steps.append((step, rows, total)))
    monitor.fit(reference()).check(window())
    assert ("profiling the current window", 3000) in [step[:2] for step in steps]
    assert [step for step, *_ in steps][-4:] == ["quality", "drift", "performance", "triage"]


# ── what produced the packet ──────────────────────────────────────────────────────────────────────────────────


def test_the_three_things_called_reference_are_named_apart() -> None:
    whole = window(rows=3000, seed=0)
    holdout, training = whole.slice(0, 900), whole.slice(900)
    packet = Monitor(config()).fit(whole, holdout=holdout, training=training).check(window())
    made = packet.provenance
    assert made.performance_baseline is not None
    assert made.training_rows is not None
    windows = [made.drift_baseline, made.performance_baseline, made.training_rows, made.current]
    assert [facts.rows for facts in windows] == [3000, 900, 2100, 3000]
    assert len({facts.fingerprint for facts in windows}) == 4
    assert packet.performance.reference.n == 900
    assert packet.drift.features[0].reference_rows == 3000
    assert packet.drift.novelty is not None
    assert packet.drift.novelty.against == "training rows"
    assert not any("the reference itself" in warning for warning in made.warnings)


def test_without_a_holdout_the_packet_says_that_it_flatters() -> None:
    made = Monitor(config()).fit(reference()).check(window()).provenance
    assert made.performance_baseline is None
    assert made.training_rows is None
    assert any(w.startswith("the performance baseline is the reference itself") for w in made.warnings)


@pytest.mark.parametrize("given", [True, False])
def test_the_configured_holdout_serves_a_given_reference_too(tmp_path: Path, given: bool) -> None:
    pq.write_table(reference().slice(0, 900), tmp_path / "holdout.parquet")
    pq.write_table(reference(), tmp_path / "reference.parquet")
    data = {"holdout": "holdout.parquet", "holdout_kind": "the first 900", "reference": "reference.parquet"}
    watcher = Monitor(config(data=data)).fit(reference() if given else None)
    packet = watcher.check(window())
    assert packet.performance.reference.n == 900
    assert packet.performance.baseline == "the first 900"


def test_the_fingerprint_is_of_the_rows_in_any_order_and_format(tmp_path: Path) -> None:
    current = window()
    shuffled = current.take(np.random.default_rng(0).permutation(current.num_rows))
    pq.write_table(current, tmp_path / "current.parquet")
    changed = current.slice(1)
    watcher = Monitor(config()).fit(reference())
    prints = [watcher.check(t).provenance.current.fingerprint for t in (current, shuffled, "current.parquet", changed)]
    assert prints[0] == prints[1] == prints[2] != prints[3]


def test_provenance_says_what_ran_and_when() -> None:
    settings = config(project={"seed": 7})
    packet = Monitor(settings).fit(reference()).check(window())
    made = packet.provenance
    assert made.config_hash == settings.fingerprint
    assert made.seed == 7
    assert made.started_at < made.finished_at == packet.created_at
    assert made.libraries["numpy"] == np.__version__
    assert made.model is None
    assert made.score_source == "logged (column score)"
    assert (packet.project, packet.owner, packet.notify) == ("Demo", "on-call", ["#demo"])
    assert len({Monitor(settings).fit(reference()).check(window()).id for _ in range(3)}) == 3


def test_what_is_not_watched_is_warned_of() -> None:
    bare = config(roles=None, model=None, thresholds=None)
    warnings = Monitor(bare).fit(reference()).check(window()).provenance.warnings
    assert warnings == [
        "no feature's drift is watched: name some in [model] features or with monitor = true",
        "accuracy is not watched: [roles] label is not set",
        "duplicates are not watched: [roles] keys is not set",
        *[f"thresholds.{name} has no `because`" for name in ("psi", "missing", "auc_drop", "range", "duplicates")],
    ]


# ── scores from a model ───────────────────────────────────────────────────────────────────────────────────────


class Model:
    """Scores by age, as a classifier of scikit-learn would be called."""

    classes_ = (0, 1)

    def predict_proba(self, rows: Any) -> np.ndarray:
        high = 1 / (1 + np.exp(-(np.asarray(rows)[:, 0] - 40) / 10))
        return np.column_stack([1 - high, high])


def scored_by(model: Any, **tables: Any) -> TriagePacket:
    roles = {key: value for key, value in TABLES["roles"].items() if key != "score"}
    unscored = config(roles=None, model={"features": ["age"]}, **tables)
    unscored = type(unscored).from_dict(unscored.model_dump(exclude_unset=True) | {"roles": roles})
    before, now = (t.drop_columns(["score"]) for t in (reference(), window()))
    return dawnwatch.monitor(now, model, reference=before, config=unscored)


def test_where_the_log_has_no_score_the_model_gives_it() -> None:
    packets = [scored_by(Model()), scored_by(lambda rows: rows.column("age").to_numpy() / 100)]
    for packet in packets:
        assert packet.performance.current.n == 3000
        assert packet.provenance.model is not None
        assert packet.provenance.score_source.startswith("the model's (")
    # Both rank by age, and the AUC knows nothing but the ranking.
    first, second = (packet.performance.current.value for packet in packets)
    assert first == pytest.approx(second, abs=1e-12)


def test_a_model_may_be_named_by_its_file(tmp_path: Path) -> None:
    import skops.io
    from sklearn.linear_model import LogisticRegression

    ages = reference()["age"].to_numpy().reshape(-1, 1)
    fitted = LogisticRegression().fit(ages, reference()["label"].to_numpy())
    skops.io.dump(fitted, tmp_path / "model.skops")
    named, given = scored_by(tmp_path / "model.skops"), scored_by(fitted)
    assert named.performance.current == given.performance.current
    with pytest.raises(ConfigError, match="no such model file"):
        scored_by("elsewhere.skops")


# ── a check that faults ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "rule", "headline"),
    [
        ("quality.missing", "check_errored", "6 data quality checks could not be judged."),
        ("drift.psi", "pillar_not_judged", "no watched feature's drift could be judged"),
        ("performance.auc_drop", "pillar_not_judged", "Accuracy was not computed: the check faulted: KeyError: 'boom'"),
    ],
)
def test_a_faulting_check_never_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, name: str, rule: str, headline: str
) -> None:
    def boom(reference: object, current: object) -> None:
        raise KeyError("boom")

    registry.all_checks()
    monkeypatch.setitem(registry._REGISTERED, name, replace(registry._REGISTERED[name], function=boom))
    packet = Monitor(config()).fit(reference()).check(window())
    assert (packet.severity.value, packet.rule) == ("medium", rule)
    assert headline in packet.headline
    assert packet.decision.verdict == "cannot_tell"
    assert any("the check faulted: KeyError: 'boom'" in line for line in packet.could_not_judge)
    assert TriagePacket.model_validate(json.loads(packet.model_dump_json())) == packet


def test_a_frame_in_pandas_keeps_its_nulls_apart() -> None:
    frame = window().to_pandas()
    frame.loc[:9, "age"] = np.nan
    frame["device"] = frame["device"].astype("object")
    frame.loc[:4, "device"] = None
    frame.loc[5:9, "device"] = ""
    packet = Monitor(config()).fit(reference()).check(pd.DataFrame(frame))
    missing = {c.column: c.breakdown for c in packet.quality.checks if c.name == "missing" and c.failed_rows}
    assert missing == {"age": {"null": 10}, "device": {"null": 5, "empty": 5}}


# ── judging again ─────────────────────────────────────────────────────────────────────────────────────────────


def test_thresholds_move_without_reading_again() -> None:
    watcher = Monitor(config()).fit(reference())
    seen = watcher.observe(window(device=SHIFTED))
    moved = watcher.judge(seen, config=config().override(psi=3.0))
    assert (watcher.judge(seen).severity, moved.severity, moved.rule) == ("high", "medium", "yellow_drift")


@pytest.mark.parametrize(
    "other",
    [
        {"columns": {"age": {"private": True}}},
        {"columns": {"device": {"allowed": ["mobile"]}}},
        {"columns": {"event": {"monitor": True}}},
        {"roles": {"slices": []}},
    ],
)
def test_what_was_counted_cannot_be_changed_by_judging(other: dict[str, Any]) -> None:
    watcher = Monitor(config()).fit(reference())
    seen = watcher.observe(window())
    with pytest.raises(ConfigError, match="only thresholds and what follows from them can move"):
        watcher.judge(seen, config=config(**other))


def test_a_slice_that_fails_alone_is_said_to_fail_alone() -> None:
    current = window(seed=3, rows=6000)
    mobile = np.asarray(current["device"]) == "mobile"
    worse = np.where(mobile, 1 - current["score"].to_numpy(), current["score"].to_numpy())
    settings = {"thresholds": {"auc_drop": {"max": 0.2, "because": "weighed"}}}
    packet = check(current.set_column(4, "score", pa.array(worse)), **settings)
    assert packet.performance.outcome is Outcome.FAILED
    assert packet.performance.drop.outcome is Outcome.PASSED
    assert packet.diagnosis.summary.startswith("In device = mobile the model ranks worse")
    assert packet.decision.reasons[0].startswith("AUC fell by more than 0.2 in device = mobile")


def test_without_significance_nothing_claims_to_be_beyond_noise() -> None:
    current = window(seed=5, rows=200, effect=0.4)
    packet = check(current, significance={"judge": "off"})
    said = json.dumps([packet.rule_text, packet.decision.model_dump(), packet.headline])
    assert packet.performance.outcome is Outcome.FAILED
    assert "beyond noise" not in said
    assert "excludes zero" not in said
