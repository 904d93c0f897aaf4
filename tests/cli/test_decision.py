"""`dawnwatch decision`: what is recorded and shown, and one clear line for each mistake."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Called, table

Call = Callable[..., Called]
RUN = ("run", "--reference", "reference.parquet", "--no-plot", "--quiet")


@pytest.fixture
def runs(folder: Path, call: Call) -> Path:
    """A window that pages, "bad", and the next one, "good"."""
    pq.write_table(table(4000, mobile=0.8, seed=2), "bad.parquet")
    pq.write_table(table(4000, seed=3), "good.parquet")
    for label in ("bad", "good"):
        assert call(*RUN, "--current", f"{label}.parquet", "--label", label).code == 0
    return folder


def test_a_decision_is_recorded_beside_the_packet_which_stays_as_it_is(runs: Path, call: Call) -> None:
    (path,) = (runs / "monitoring_results").glob("*-bad-high.json")
    before = path.read_bytes()
    done = call("decision", "record", "bad", "--decision", "wait", "--by", " Ada  L. ", "--note", "a\ncampaign")
    assert (done.code, done.out) == (0, "")
    assert done.err == "recorded in monitoring_results/ledger.jsonl: Wait, by Ada L.\n"
    assert path.read_bytes() == before
    (line,) = (runs / "monitoring_results/ledger.jsonl").read_text().splitlines()
    entry = json.loads(line)
    assert (entry["decision"], entry["alarm"], entry["by"]) == ("wait", None, "Ada L.")
    assert (entry["note"], entry["packet"]) == ("a campaign", json.loads(before)["id"])


def test_what_was_said_and_what_came_of_it(runs: Path, call: Call) -> None:
    call("decision", "record", "bad", "--decision", "wait", "--by", "Ada")
    call("decision", "record", "bad", "--outcome", "FALSE_ALARM", "--note", "a campaign")
    shown = call("decision", "show", "bad")
    lines = shown.out.splitlines()
    assert lines[0].endswith(" UTC  Wait, by Ada")
    assert lines[1].endswith(" UTC  a false alarm, by nobody named: a campaign")
    assert lines[2].startswith("Since then: recovered in the next window, after ")
    told = json.loads(call("decision", "show", "bad", "--json").out)
    assert [entry["alarm"] for entry in told["entries"]] == [None, "false_alarm"]
    assert told["recovery"]["status"] == "recovered"
    assert told["recovery"]["failed"] == ["drift of device"]


def test_nothing_said_yet(runs: Path, call: Call) -> None:
    done = call("decision", "show")
    assert (done.code, done.out) == (0, "Since then: nothing had failed\n")
    assert "nothing was recorded of" in done.err
    assert json.loads(call("decision", "show", "--json").out)["entries"] == []


def test_a_time_of_its_own(runs: Path, call: Call) -> None:
    (path,) = (runs / "monitoring_results").glob("*-bad-high.json")
    made = json.loads(path.read_text())["created_at"]
    for text in (made, made[:16]):  # to the last digit, and to the minute, in which the run itself lies
        assert call("decision", "record", "bad", "--decision", "wait", "--at", text).code == 0
    told = json.loads(call("decision", "show", "bad", "--json").out)["entries"]
    assert [entry["at"] for entry in told] == [made, made]


def test_a_broken_ledger_and_a_foreign_file_are_said_and_cost_nothing_else(runs: Path, call: Call) -> None:
    (runs / "monitoring_results/ledger.jsonl").write_text("half")
    (runs / "monitoring_results/package.json").write_text("{}")
    assert call("decision", "record", "bad", "--outcome", "real").code == 0
    shown = call("decision", "show", "bad")
    assert shown.code == 0
    assert "the alarm was real" in shown.out
    assert ["package.json" in shown.errors[0], "ledger.jsonl, line 1: no entry" in shown.errors[1]] == [True, True]
    assert len(shown.errors) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("bad",), "nothing to record: give --decision, --outcome, or both"),
        (("bad", "--decision", "retrian"), "Did you mean 'retrain'?"),
        (("bad", "--outcome", "false"), "--outcome must be real, false_alarm or unclear; got 'false'"),
        (("bda", "--decision", "wait"), "Did you mean 'bad'?"),
        (("bad", "--decision", "wait", "--at", "yesterday"), "must be written as 2026-11-24T06:00"),
        (("bad", "--decision", "wait", "--at", "2020-01-01"), "lies before the run, which was judged at 20"),
        (("bad", "--decision", "wait", "--at", "2999-01-01"), "lies in the future"),
        (("bad", "--decision", "wait", "--note", "x" * 2001), "--note must be at most 2000 characters and has 2001"),
        (("bad", "--decision", "wait", "--by", "\x1b[31mAda"), "--by must hold no control characters"),
        (("bad", "--decision", "wait", "--results", "none"), "no results folder none"),
        (("current.parquet", "--decision", "wait"), "current.parquet: not a triage packet"),
    ],
)
def test_every_mistake_is_one_line_and_records_nothing(
    runs: Path, call: Call, words: tuple[str, ...], said: str
) -> None:
    done = call("decision", "record", *words)
    assert (done.code, done.out) == (2, "")
    (line,) = done.errors
    assert said in line
    assert not (runs / "monitoring_results/ledger.jsonl").exists()
