"""Every simulated cell runs, goes on where it was stopped, and its table says what missed its target."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.verify_stats.__main__ import counted, main
from benchmarks.verify_stats.simulate import grown
from benchmarks.verify_stats.studies import STUDIES
from benchmarks.verify_stats.table import BEGIN, END, tables_of

from dawnwatch.stats.divergence import psi

ROOT = Path(__file__).parents[2]
CELLS = [(study.name, at) for study in STUDIES for at, _ in enumerate(study.cells())]


@pytest.mark.parametrize(("name", "at"), CELLS)
def test_every_cell_runs_and_is_the_same_each_time(name: str, at: int) -> None:
    record = counted(name, at, 1)
    assert record == counted(name, at, 1)
    study = next(study for study in STUDIES if study.name == name)
    assert set(study.targets) & set(record["right"]) or not study.targets
    assert len(record["labels"]) == len(study.labels)


def test_no_two_rows_of_a_table_have_one_name() -> None:
    for study in STUDIES:
        labels = [cell.labels for cell in study.cells()]
        assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("target", [0.02, 0.1, 0.3])
def test_what_is_said_to_have_moved_has_this_psi(target: float) -> None:
    for at in (np.full(14, 1 / 14), np.array([0.6, 0.3, 0.1])):
        part, there = grown(at, target)
        assert psi(at, (1 - part) * at + part * there) == pytest.approx(target)


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["verify_stats", *words])
    assert main() == 0


def test_it_goes_on_where_it_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page, kept = tmp_path / "page.md", tmp_path / "kept.jsonl"
    page.write_text(f"before\n{BEGIN}\nstale tables\n{END}\nafter\n")
    words = ["looking", "--tables", "1", "--processes", "1", "--page", str(page), "--kept", str(kept)]
    run(monkeypatch, *words)
    first = kept.read_text()
    kept.write_text(first.splitlines()[0] + "\n" + '{"study": "looki')
    capsys.readouterr()
    run(monkeypatch, *words)
    assert "3/3" in capsys.readouterr().out
    found = [json.loads(line) for line in kept.read_text().splitlines() if line.endswith("}")]
    assert sorted(map(str, found)) == sorted(map(str, map(json.loads, first.splitlines())))
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "stale tables" not in text
    assert "not simulated" in text


def test_what_misses_its_target_is_in_bold() -> None:
    labels = ("1,000", "500", "0.60")
    right = {"AUC": 950, "drop": 925, "paired": 975}
    record = {"study": "delong", "labels": labels, "tables": 1000, "computed": 1000, "right": right}
    text = tables_of({("delong", labels, 1000): record}, 1000)
    assert "| 1,000 | 500 | 0.60 | 95.0 | **92.5** | **97.5** |" in text


def test_a_table_of_which_nothing_was_simulated_is_left_as_it_stands() -> None:
    study = STUDIES[0]
    there = f"\n### {study.title}\n\n| old |\n\n### Another\n\n| gone |\n"
    text = tables_of({}, 1000, there)
    assert f"### {study.title}\n\n| old |\n\n### {STUDIES[1].title}" in text
    assert "gone" not in text
    labels = next(study.cells()).labels
    record = {"study": study.name, "labels": labels, "tables": 1000, "computed": 1000, "right": {"AUC": 950}}
    assert "| old |" not in tables_of({(study.name, labels, 1000): record}, 1000, there)


def test_the_page_has_its_marks_and_is_simulated_as_often_as_promised() -> None:
    text = (ROOT / "docs/statistics.md").read_text("utf-8")
    tables = text.split(BEGIN)[1].split(END)[0]
    assert "2,000 simulated tables" in tables
    assert "not simulated" not in tables
