"""`dawnwatch scorecard`: what is printed and written, and one clear line for each mistake."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dawnwatch.model.scorecard import Scorecard
from tests.cli.conftest import Called, table

Call = Callable[..., Called]
RUN = ("run", "--reference", "reference.parquet", "--no-plot", "--quiet")


@pytest.fixture
def runs(folder: Path, call: Call) -> Path:
    """A window that pages, decided about and judged, and the next one, which is well."""
    for label, mobile, seed in (("bad", 0.8, 2), ("good", 1 / 3, 3)):
        pq.write_table(table(4000, mobile=mobile, seed=seed), "current.parquet")
        assert call(*RUN, "--current", "current.parquet", "--label", label).code == 0
    call("decision", "record", "bad", "--decision", "wait", "--outcome", "false_alarm")
    return folder


def test_it_counts_what_lies_in_the_folder(runs: Path, call: Call) -> None:
    done = call("scorecard")
    assert (done.code, done.err) == (0, "")
    flat = " ".join(done.out.split())
    assert "1 page (high or worse): 0 judged real, 1 false" in flat
    assert "not enough pages judged: 1 of at least 10" in flat
    assert "advised: wait · decided: wait" in flat


def test_json_is_all_of_standard_output_and_reads_back(runs: Path, call: Call) -> None:
    found = Scorecard.model_validate_json(call("scorecard", "--json").out)
    assert (found.windows, found.false, found.followed.hits) == (2, 1, 1)
    assert found.pages[0].recovery.status == "recovered"
    assert found.moves[0].reason == "not enough pages judged: 1 of at least 10"


def test_markdown_to_a_file_and_to_the_screen(runs: Path, call: Call) -> None:
    shown = call("scorecard", "--markdown", "-")
    written = call("scorecard", "--markdown", "card.md")
    assert Path("card.md").read_text("utf-8") == shown.out
    assert shown.out.startswith("# Scorecard: unnamed model\n")
    assert written.err == "wrote card.md\n"
    assert "Precision" in written.out


def test_since_and_what_pages(runs: Path, call: Call) -> None:
    def counts(*options: str) -> tuple[int, int]:
        found = json.loads(call("scorecard", "--json", *options).out)
        return found["windows"], len(found["pages"])

    assert counts("--since", "1h") == (2, 1)
    assert counts("--since", "2999-01-01") == (0, 0)
    assert counts("--since", "2020-01-01T06:00+02:00", "--page-at", "critical") == (2, 0)


def test_a_broken_ledger_a_foreign_file_and_a_stray_entry_cost_nothing_else(runs: Path, call: Call) -> None:
    results = runs / "monitoring_results"
    line = (results / "ledger.jsonl").read_text()
    stray = json.dumps(json.loads(line) | {"packet": "gone"})
    (results / "ledger.jsonl").write_text(f"{line}half\n{stray}\n")
    (results / "package.json").write_text("{}")
    done = call("scorecard", "--json")
    assert done.code == 0
    assert json.loads(done.out)["false"] == 1
    expected = ("package.json", "line 2", "1 ledger entry")
    assert all(part in line for part, line in zip(expected, done.errors, strict=True))
    assert all(line.startswith("dawnwatch: warning: ") for line in done.errors)


def test_several_projects_must_be_told_apart(runs: Path, call: Call) -> None:
    for path in (runs / "monitoring_results").glob("*-good-*.json"):
        path.write_text(path.read_text().replace('"project": "unnamed model"', '"project": "other"'))
    done = call("scorecard")
    assert done.code == 2
    assert "holds packets of 2 projects (other, unnamed model); name one with --project" in done.errors[0]
    assert json.loads(call("scorecard", "--project", "other", "--json").out)["windows"] == 1
    assert "Did you mean 'other'?" in call("scorecard", "--project", "othr").errors[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--results", "none"), "none: no such results folder"),
        (("--results", "empty"), "empty: holds no packet; `dawnwatch run` writes one"),
        (("--since", "lately"), "--since must be a span such as 30d, 12h or 4w, or a time such as 2026-11-24"),
        (("--page-at", "hihg"), "Did you mean 'high'?"),
        (("--json", "--markdown", "-"), "--json and --markdown - exclude each other"),
        (("--markdown", "monitoring_results/latest.json"), "--markdown must end in .md"),
    ],
)
def test_every_mistake_is_one_line(runs: Path, call: Call, words: tuple[str, ...], said: str) -> None:
    Path("empty").mkdir()
    before = Path("monitoring_results/latest.json").read_bytes()
    done = call("scorecard", *words)
    assert (done.code, done.out) == (2, "")
    (line,) = done.errors
    assert said in line
    assert Path("monitoring_results/latest.json").read_bytes() == before
