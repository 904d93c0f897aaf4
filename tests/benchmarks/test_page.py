"""The page says what was not measured, what failed, and what fell short."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.chart import points
from benchmarks.machine import unplaced
from benchmarks.records import Records
from benchmarks.sizes import by_package
from benchmarks.summary import summary
from benchmarks.table import page
from benchmarks.work import SCALES, Contestant, Group, Scale, Target, Work, works


def told(tmp_path: Path, **lines: dict[str, Any]) -> dict[str, Any]:
    contestants = tuple(Contestant(name, "a:b") for name in ("ours", "theirs", "missing"))
    work = Work(
        "W2",
        "a work",
        lambda scale: [Group("g", 1000, dict, contestants, "ours", agree=("nulls",))],
        (Target("faster than theirs", lambda f: f.times("g", "theirs", "ours"), 10),),
    )
    records = Records(tmp_path / "m.jsonl")
    for name, line in lines.items():
        where = {"scale": "full", "work": "W2", "group": "g", "contestant": name, "rows": 1000, "round": 0}
        records.add({**where, "at": "2026-01-01T00:00:00+00:00", "commit": "abc", "load": 0.1, "line": line})
    return {**summary([work], records, Scale("full"), {"cores": 2}), "peers": {}}


def test_a_shortfall_is_said(tmp_path: Path) -> None:
    found = told(tmp_path, ours={"seconds": 1.0}, theirs={"seconds": 4.0})
    line = next(line for line in page(found, chart=False).splitlines() if "faster than theirs" in line)
    assert "**short**" in line


def test_what_was_not_measured_and_what_failed_is_said(tmp_path: Path) -> None:
    text = page(told(tmp_path, ours={"seconds": 1.0}, theirs={"error": "no | memory"}), chart=False)
    assert "no / memory |" in text
    assert "not measured |" in text


def test_answers_that_differ_are_said(tmp_path: Path) -> None:
    lines = {
        "ours": {"seconds": 1.0, "answer": {"nulls": 5}},
        "theirs": {"seconds": 1.0, "answer": {"nulls": 6}},
    }
    assert "**Answers differ**: nulls: ours 5, theirs 6" in page(told(tmp_path, **lines), chart=False)


def test_a_published_error_names_no_folder_and_no_address() -> None:
    said = "ImportError: cannot open '/home/me/lib/x.so' from https://index.example/simple/a, 1/2 done"
    assert unplaced(said) == "ImportError: cannot open '…/x.so' from (address) 1/2 done"


def test_the_chart_has_a_point_for_what_was_measured(tmp_path: Path) -> None:
    assert points(told(tmp_path, ours={"seconds": 0.001})) == [
        {"rows": 1000, "contestant": "ours", "millions of rows a second": 1.0, "times decoding": 1.0}
    ]


def test_every_work_names_its_base_among_its_contestants() -> None:
    for work in works():
        for group in work.groups(SCALES["smoke"]):
            names = [contestant.name for contestant in group.contestants]
            assert group.base in names
            assert len(set(names)) == len(names)


def test_sizes_add_up_and_leave_the_installers_out(tmp_path: Path) -> None:
    for name in ("one", "pip"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_bytes(b"x" * 5000)
        (tmp_path / f"{name}-1.dist-info").mkdir()
        (tmp_path / f"{name}-1.dist-info" / "METADATA").write_text(f"Name: {name}\n", "utf-8")
        (tmp_path / f"{name}-1.dist-info" / "RECORD").write_text(
            f"{name}/__init__.py,,\n{name}-1.dist-info/METADATA,,\n", "utf-8"
        )
    (tmp_path / "one" / "__pycache__").mkdir()
    (tmp_path / "one" / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"x" * 3000)
    found = by_package(tmp_path)
    assert "pip" not in found
    whole = sum(f.stat().st_blocks * 512 for f in tmp_path.rglob("*") if f.is_file() and "one" in str(f))
    assert found["one"] * 1e6 == whole - sum(
        f.stat().st_blocks * 512 for f in (tmp_path / "one-1.dist-info").iterdir() if f.name == "RECORD"
    )
