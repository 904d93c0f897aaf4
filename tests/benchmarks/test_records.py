"""A run goes on where it was stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmarks.harness import run_work
from benchmarks.records import Records
from benchmarks.work import Contestant, Group, Scale, Work

SCALE = Scale("test")


class Launched:
    """Stands for processes; `stops_at` raises as Ctrl-C would."""

    def __init__(self, stops_at: int | None = None, lines: dict[str, dict[str, Any] | None] | None = None) -> None:
        self.names: list[str] = []
        self.stops_at, self.lines = stops_at, lines or {}

    def __call__(self, contestant: Contestant, task: dict[str, Any]) -> dict[str, Any] | None:
        if len(self.names) == self.stops_at:
            raise KeyboardInterrupt
        self.names.append(contestant.name)
        return self.lines.get(contestant.name, {"seconds": 1.0})


def work(*names: str) -> Work:
    contestants = tuple(Contestant(name, "nowhere:nothing") for name in names)
    return Work("W9", "a work", lambda scale: [Group("g", 10, dict, contestants, names[0])])


def run(records: Records, launched: Launched, rounds: int = 3) -> list[str]:
    run_work(work("A", "B"), SCALE, records, rounds=rounds, launch=launched)
    return launched.names


def test_contestants_take_turns(tmp_path: Path) -> None:
    assert run(Records(tmp_path / "m.jsonl"), Launched()) == ["A", "B", "A", "B", "A", "B"]


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run(Records(path), Launched(stops_at=3))
    assert len(Records(path)) == 3
    assert run(Records(path), Launched()) == ["B", "A", "B"]
    assert run(Records(path), Launched()) == []


def test_more_rounds_add_to_those_that_are_there(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    run(Records(path), Launched(), rounds=1)
    assert run(Records(path), Launched(), rounds=2) == ["A", "B"]


def test_a_line_cut_off_by_a_stop_is_measured_again(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    run(Records(path), Launched(), rounds=1)
    path.write_bytes(path.read_bytes()[:-20])
    assert run(Records(path), Launched(), rounds=1) == ["B"]
    assert len(Records(path)) == 2


def test_what_failed_is_not_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    assert run(Records(path), Launched(lines={"A": {"error": "no memory"}})) == ["A", "B", "B", "B"]
    assert run(Records(path), Launched()) == []


def test_what_is_not_there_yet_is_measured_by_a_later_run(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    assert run(Records(path), Launched(lines={"B": None})) == ["A", "B", "A", "A"]
    assert run(Records(path), Launched()) == ["B", "B", "B"]


def test_forgotten_measurements_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    run(Records(path), Launched(), rounds=1)
    assert Records(path).forget(lambda record: record["contestant"] == "A") == 1
    assert run(Records(path), Launched(), rounds=1) == ["A"]


def test_peers_that_are_not_installed_take_no_part(tmp_path: Path) -> None:
    contestants = (Contestant("ours", "a:b"), Contestant("peer", "a:b", env="no such environment"))
    launched = Launched()
    one = Work("W9", "a work", lambda scale: [Group("g", 10, dict, contestants, "ours")])
    run_work(one, SCALE, Records(tmp_path / "m.jsonl"), rounds=1, launch=launched)
    assert launched.names == ["ours"]
