"""`dawnwatch decide`: what it runs, prints and keeps, and what a user can do wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dawnwatch.cli import decide as verb
from dawnwatch.model.replay import Replay
from dawnwatch.store.replays import kept_replays
from tests.cli.conftest import Called
from tests.monitoring.replay.logs import DAY, START, log

Call = Callable[..., Called]
CONFIG = """
[data]
reference = "reference.parquet"
current = "current.parquet"
extra_columns = "pass"

[roles]
label = "label"
score = "score"
score_kind = "probability"
timestamp = "at"
unit = "user"
slices = ["device"]

[model]
features = ["x", "z"]
trainer = "trains_it:train"
"""
TRAINER = """
from pathlib import Path

Path("imported").touch()


def train(learn, held):
    from tests.monitoring.replay.logs import logistic

    return logistic(learn, held)
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a log whose world turned, its configuration, and a trainer beside it."""
    monkeypatch.chdir(tmp_path)
    for name in ("trains_it", "old"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    (tmp_path / "dawnwatch.toml").write_text(CONFIG)
    (tmp_path / "trains_it.py").write_text(TRAINER)
    pq.write_table(log(seed=1, start=START - 200 * DAY), "reference.parquet")
    pq.write_table(log(seed=2, turned=0.6), "current.parquet")
    return tmp_path


def test_nothing_of_the_user_is_run_without_being_asked(mine: Path, call: Call) -> None:
    result = call("decide")
    assert result.code == 0
    assert not (mine / "imported").exists()
    words = " ".join(result.out.split())
    assert (
        "retraining was not replayed: your function trains_it:train would be imported and called up to 9 times" in words
    )
    assert "--retrain runs it" in words
    assert "recalibrate (Platt)" in words
    assert "retrain on" not in words


def test_with_retrain_it_is_run_and_what_the_evidence_supports_is_said(mine: Path, call: Call) -> None:
    result = call("decide", "--retrain")
    assert result.code == 0
    assert (mine / "imported").exists()
    words = " ".join(result.out.split())
    for said in (
        "AUC, higher is better",
        "log loss, lower is better",
        "retrain on reference + current",
        "AUC by slice",
    ):
        assert said in words
    assert "Retrain on " in words
    assert "where waiting has" in words


@pytest.mark.parametrize(("typed", "runs"), [("yes", True), ("y", False), ("", False)])
def test_at_a_terminal_only_a_typed_yes_runs_it(
    mine: Path, monkeypatch: pytest.MonkeyPatch, typed: str, runs: bool
) -> None:
    from typer.testing import CliRunner

    from dawnwatch.cli.app import app

    monkeypatch.setattr(verb, "at_terminal", lambda: True)
    result = CliRunner().invoke(app, ["decide"], input=f"{typed}\n")
    assert result.exit_code == 0
    assert "To replay retraining, your function trains_it:train would be imported" in " ".join(result.stderr.split())
    assert (mine / "imported").exists() is runs


def test_it_is_kept_beside_its_packet_and_shown_in_its_report(mine: Path, call: Call) -> None:
    assert call("run", "--quiet", "--label", "monday").code in {0, 3}
    packet = json.loads((mine / "monitoring_results/latest.json").read_text())
    report = next(p for p in (mine / "monitoring_results").glob("*-monday-*.html"))
    assert 'id="replay"' not in report.read_text()
    result = call("decide", "monday", "--retrain", "--json")
    answer = Replay.model_validate_json(result.out)
    assert answer.packet == packet["id"]
    assert kept_replays(mine / "monitoring_results", [packet["id"]]) == ([answer], [])
    (stem,) = (mine / "monitoring_results/replays" / packet["id"]).glob("*.json")
    assert stem.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    assert "| action | learned from | AUC |" in stem.with_suffix(".md").read_text()
    page = report.read_text()
    assert 'id="replay"' in page
    assert "retrain on reference + current" in page
    # One decision stands, everywhere; the packet's own is history, and its file is as it was.
    assert (answer.verdict, answer.before) == ("retrain", packet["decision"]["verdict"])
    assert "Recommended decision: Retrain" in page
    assert "Before the replay: " in page
    for name in ("triage-playbook.html", "pipeline-map.html"):
        told = (mine / "monitoring_results" / name).read_text()
        assert "<strong>Retrain</strong>" in told or "<b>Retrain</b>" in told
    assert call("explain", "playbook", "--packet", "monday", "--out", "why.html").code == 0
    assert "<strong>Retrain</strong>" in (mine / "why.html").read_text()
    assert json.loads((mine / "monitoring_results/latest.json").read_text()) == packet
    # By `latest`, too, whose file is a copy; and the packets' own folder is none the wiser. One that tries less is kept
    # beside it, and takes back nothing.
    assert call("decide", "--quiet").out == ""
    assert "Recommended decision: Retrain" in report.read_text()
    less = call("decide")
    said = " ".join(less.out.split())
    assert " Retrain (before the replay: " in said
    assert "it did not try to retrain, as the replay of" in said
    kept, faults = kept_replays(mine / "monitoring_results", [packet["id"]])
    assert (kept[0], len(kept), faults) == (answer, 3, [])
    assert "Recommended decision: Retrain" in report.read_text()
    assert call("decide", "--quiet", "--instead").code == 0
    assert "Recommended decision: Retrain" not in report.read_text()
    assert "could not be read" not in call("compare", "monday", "latest").err


def test_the_review_of_an_incident_tells_what_was_replayed(mine: Path, call: Call) -> None:
    call("run", "--quiet", "--no-plot")
    assert call("report", "--post-incident", "latest", "-o", "before.md").code == 0
    assert "Replayed by" not in (mine / "before.md").read_text()
    call("decide", "--quiet")
    call("report", "--post-incident", "latest", "-o", "after.md")
    text = (mine / "after.md").read_text()
    assert "Replayed by `dawnwatch decide`" in text
    assert "| recalibrate (Platt) | 3,000 to 5,000 rows |" in text
    assert "| recalibrate (Platt) | 3 from 2024-02-" in text
    kept = next((mine / "monitoring_results/replays").glob("*/*.json"))
    kept.write_text("{")
    result = call("report", "--post-incident", "latest", "-o", "broken.md")
    assert result.code == 0
    assert "not a replayed decision; `dawnwatch decide` makes another" in result.err


def test_a_replay_kept_as_one_file_is_still_read(mine: Path, call: Call) -> None:
    call("run", "--quiet", "--no-plot")
    answer = Replay.model_validate_json(call("decide", "--json").out)
    (path,) = (mine / "monitoring_results/replays").glob("*/*.json")
    path.rename(path.parent.with_suffix(".json"))
    assert kept_replays(mine / "monitoring_results", [f"{answer.packet}"]) == ([answer], [])


def test_the_playbook_of_a_run_says_how_to_replay_its_decision(mine: Path, call: Call) -> None:
    call("run", "--quiet", "--current", "current.parquet")
    page = (mine / "monitoring_results/triage-playbook.html").read_text()
    assert "dawnwatch decide monitoring_results/" in page
    assert "--current current.parquet" in page


def test_a_packet_of_another_window_is_not_taken_for_this_one(mine: Path, call: Call) -> None:
    call("run", "--quiet", "--no-plot")
    pq.write_table(log(seed=3), "later.parquet")
    result = call("decide", "--current", "later.parquet")
    assert "not kept: the latest packet is of" in result.err
    assert not (mine / "monitoring_results/replays").exists()
    assert call("decide", "latest", "--current", "later.parquet").code == 0
    assert len(list((mine / "monitoring_results/replays").glob("*/*"))) == 3


def test_a_configuration_can_be_named_and_files_are_written_together(mine: Path, call: Call) -> None:
    (mine / "dawnwatch.toml").rename(mine / "other.toml")
    result = call("decide", "other.toml", "--quiet", "--chart", "a.svg", "--markdown", "a.md")
    assert (result.code, result.out) == (0, "")
    assert (mine / "a.svg").read_text().startswith("<svg")
    assert "# unnamed model: what each action would have come to" in (mine / "a.md").read_text()
    (mine / "a.md").unlink()
    result = call("decide", "other.toml", "--chart", "b.svg", "--markdown", "nowhere/a.md")
    assert result.code == 2
    assert "nowhere/a.md: cannot be written" in result.err
    assert not (mine / "b.svg").exists()


def test_a_stop_leaves_nothing_half_written(mine: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from dawnwatch.monitoring.replay import replay as module

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "advise", lambda *_, **__: stop())
    result = call("decide", "--chart", "a.svg")
    assert (result.code, result.errors) == (130, ["dawnwatch: stopped; nothing was written"])
    assert not (mine / "a.svg").exists()


def test_an_estimator_and_a_module_beside_us_can_be_named(mine: Path, call: Call) -> None:
    (mine / "old.py").write_text(
        "class Old:\n    def __call__(self, rows):\n        return rows.column('z').to_numpy()\n\nmay = Old()\n"
    )
    result = call(
        "decide",
        "--retrain",
        "--estimator",
        "sklearn.linear_model:LogisticRegression",
        "--earlier",
        "may=old:may",
        "--json",
    )
    assert (result.code, result.err) == (0, "")
    answer = Replay.model_validate_json(result.out)
    assert [one.action for one in answer.candidates].count("retrain") == 3
    assert answer.candidates[1].title == "roll back to may"
    assert answer.candidates[1].reason is None
    assert not (mine / "imported").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--json", "--quiet"), 2, "--json, --quiet and --markdown - exclude each other"),
        (("--chart", "a.pdf"), 2, "--chart must end in .png or .svg"),
        (("--cut", "1"), 2, "--cut must lie between 0 and 1"),
        (("--cut", "half"), 2, "--cut must be between 0 and 1, such as 0.05 or 5%; got 'half'"),
        (("--cuts", "0"), 2, "--cuts must be 1 or more, the blocks of the later rows; got 0"),
        (("--cuts", "two"), 2, "--cuts must be a whole number, such as 7; got 'two'"),
        (("--cuts", "4000"), 3, "the 3,000 judged rows cannot be parted into 4,000 blocks by time"),
        (("--gap", "soon"), 2, "--gap"),
        (("--gap", "2000d"), 3, "take a shorter --gap"),
        (("--demo", "--current", "a.parquet"), 2, "--demo brings its own windows"),
        (("--trainer", "a:b", "--estimator", "c:d"), 2, "--trainer and --estimator exclude each other"),
        (("--earlier", "may"), 2, "--earlier must be NAME=MODEL"),
        (("--earlier", "may=json:no", "--earlier", "may=json:no"), 2, "has no object 'no'"),
        (("--earlier", "may=may.pkl"), 2, "--earlier may: may.pkl: no such model file"),
        (("--earlier", "may=may.skops"), 2, "--earlier may: may.skops: no such model file"),
        (
            ("--earlier", "may=json:__name__"),
            2,
            "--earlier may: json:__name__ is a str, which has neither",
        ),
        (("--earlier", "may=nomodule:x"), 2, "--earlier may: model: nomodule cannot be imported"),
        (("--retrain", "--trainer", "trains_it:no"), 2, "trains_it has no function 'no'"),
        (("--retrain", "--estimator", "json:JSONDecoder"), 2, "has no fit and predict_proba"),
        (("nobody",), 2, "labelled 'nobody'"),
        (("dawnwatch.toml", "--config", "dawnwatch.toml"), 2, "both name a configuration"),
        (("--current", "gone.parquet"), 3, "gone.parquet"),
    ],
)
def test_what_a_user_can_do_wrong_is_one_line(
    mine: Path, call: Call, arguments: tuple[str, ...], code: int, said: str
) -> None:
    call("run", "--quiet", "--no-plot")
    result = call("decide", *arguments)
    assert said in result.err
    assert (result.code, len(result.errors)) == (code, 1)


def test_models_of_files_as_people_keep_them(mine: Path, call: Call) -> None:
    import numpy as np
    import skops.io
    from skl2onnx import to_onnx
    from sklearn.linear_model import LinearRegression, LogisticRegression

    table = pq.read_table("reference.parquet")
    rows, labels = table.select(["x", "z"]).to_pandas(), table["label"].to_numpy()
    model = LogisticRegression().fit(rows, labels)
    skops.io.dump(model, "ours.skops")
    skops.io.dump(LogisticRegression().fit(rows.rename(columns={"z": "w"}), labels), "theirs.skops")
    skops.io.dump(LinearRegression().fit(rows, labels), "line.skops")
    plain = LogisticRegression().fit(rows.to_numpy(), labels)
    first = rows.to_numpy(np.float32)[:1]
    for name, zipmap in (("maps.onnx", True), ("matrix.onnx", False)):
        (mine / name).write_bytes(to_onnx(plain, first, options={"zipmap": zipmap}).SerializeToString())
    named = ("ours.skops", "theirs.skops", "maps.onnx", "matrix.onnx")
    result = call("decide", "--json", *(part for name in named for part in ("--earlier", f"{name}={name}")))
    found = {one.name: one for one in Replay.model_validate_json(result.out).candidates}
    aucs = [gain.value for name in named if (gain := found[name].gain("auc"))]
    assert len(aucs) == 3
    assert max(aucs) - min(aucs) < 1e-6
    assert "Feature names unseen at fit time: - z" in (found["theirs.skops"].reason or "")
    result = call("decide", "--earlier", "line=line.skops")
    assert (result.code, len(result.errors)) == (2, 1)
    assert "line.skops is a LinearRegression, which has neither predict_proba nor decision_function" in result.err


def test_without_a_trainer_retrain_says_what_to_set(mine: Path, call: Call) -> None:
    (mine / "dawnwatch.toml").write_text(CONFIG.replace('trainer = "trains_it:train"', ""))
    result = call("decide", "--retrain")
    assert result.code == 2
    assert "nothing that trains is known; set [model] trainer" in result.err
