"""`dawnwatch report --post-incident`: what is written, kept and refused."""

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
    """A window that pages, an event before it, what was decided, and the next window."""
    assert call("event", "add", "app release 5.1", "--kind", "deploy").code == 0
    for label, mobile, seed in (("bad", 0.8, 2), ("good", 1 / 3, 3)):
        pq.write_table(table(4000, mobile=mobile, seed=seed), "current.parquet")
        assert call(*RUN, "--current", "current.parquet", "--label", label).code == 0
    call("decision", "record", "bad", "--decision", "rollback", "--by", "Ada", "--outcome", "real")
    return folder


def identity(runs: Path) -> str:
    (path,) = (runs / "monitoring_results").glob("*-bad-high.json")
    return str(json.loads(path.read_text())["id"])


def test_it_tells_what_the_folder_knows(runs: Path, call: Call) -> None:
    done = call("report", "--post-incident", "bad")
    path = Path(f"incident-{identity(runs)}.md")
    assert (done.code, done.out, done.err) == (0, "", f"wrote {path}\n")
    text = path.read_text("utf-8")
    for words in (
        "event: app release 5.1 (deploy)",
        "decided: rollback",
        "recovered (",
        "Taken: **Roll back**",
        "drift of device: passes",
    ):
        assert words in text


def test_what_was_written_between_the_marks_stays_and_what_was_elsewhere_is_kept_aside(runs: Path, call: Call) -> None:
    assert call("report", "--post-incident", "bad", "-o", "review.md").code == 0
    path = Path("review.md")
    text = path.read_text("utf-8")
    mine = text.replace("<!-- keep: lessons -->\n", "<!-- keep: lessons -->\nAsk before a release. ")
    path.write_text(mine, "utf-8")
    assert call("report", "--post-incident", "bad", "-o", "review.md").err == "wrote review.md\n"
    assert path.read_text("utf-8") == mine
    path.write_text(mine.replace("## Cause", "## My cause"), "utf-8")
    done = call("report", "--post-incident", "bad", "-o", "review.md")
    assert "was edited outside its `keep` marks" in done.err
    assert path.read_text("utf-8") == mine
    assert "## My cause" in Path("review.edited.md").read_text("utf-8")


def test_broken_and_foreign_files_are_said_and_left_out(runs: Path, call: Call) -> None:
    results = runs / "monitoring_results"
    (results / "events.jsonl").write_text("?\n")
    (results / "ledger.jsonl").write_text("?\n")
    (results / "package.json").write_text("{}")
    done = call("report", "--post-incident", "latest", "-o", "review.md")
    assert done.code == 0
    expected = ("package.json", "ledger.jsonl", "events.jsonl", "wrote review.md")
    assert all(part in line for part, line in zip(expected, done.errors, strict=True))
    assert "nothing was recorded" in Path("review.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "report needs --post-incident PACKET, the run to review"),
        (("--post-incident", "bda"), "Did you mean 'bad'?"),
        (("--post-incident", "bad", "-o", "monitoring_results/latest.json"), "--output must end in .md"),
        (
            ("--post-incident", "bad", "-o", "mine.md"),
            "mine.md: has no `<!-- keep: -->` marks, so it is no incident review",
        ),
        (("--post-incident", "bad", "-o", "plan.md"), "plan.md: is a dawnwatch plan, and no incident review"),
        (("--post-incident", "bad", "-o", "no/where.md"), "no/where.md: cannot be written"),
    ],
)
def test_every_mistake_is_one_line_and_writes_nothing(
    runs: Path, call: Call, words: tuple[str, ...], said: str
) -> None:
    Path("mine.md").write_text("mine\n")
    call("plan", "-o", "plan.md")
    before = {path: path.read_bytes() for path in runs.rglob("*") if path.is_file()}
    done = call("report", *words)
    assert (done.code, done.out) == (2, "")
    (line,) = done.errors
    assert said in line
    assert {path: path.read_bytes() for path in runs.rglob("*") if path.is_file()} == before
