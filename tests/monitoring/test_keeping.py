"""`Monitor.keep`: what Python keeps of a run is what `dawnwatch run` keeps, and answers the same questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dawnwatch import Config, Monitor, StoreError, TriagePacket, UsageError, open_source
from dawnwatch.cli.app import app
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.saved_run import load_run
from dawnwatch.store.files import ResultsFolder
from tests.monitoring.windows import SHIFTED, TABLES, window

Run = tuple[Monitor, Observation, TriagePacket]


@pytest.fixture
def run() -> Run:
    monitor = Monitor(TABLES).fit(open_source(window(), name="last month"))
    seen = monitor.observe(open_source(window(seed=2, device=SHIFTED), name="today"))
    return monitor, seen, monitor.judge(seen, label="nightly")


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_packet_latest_and_counts_are_kept(run: Run, tmp_path: Path) -> None:
    monitor, seen, packet = run
    path = monitor.keep(packet, seen, tmp_path / "made/results")
    assert names(path.parent) == sorted([path.name, "latest.json", f"profiles/{packet.id}.profile"])
    kept = ResultsFolder(path.parent).load()
    assert kept == packet.model_copy(update={"profile": f"profiles/{packet.id}.profile"})
    assert path.read_bytes() == (path.parent / "latest.json").read_bytes()
    _, config = load_run(path.parent / str(kept.profile), packet=packet.id)
    assert config.thresholds == monitor.config.thresholds


def test_the_verbs_that_ask_of_a_run_answer(run: Run, tmp_path: Path) -> None:
    monitor, seen, packet = run
    path = monitor.keep(packet, seen, tmp_path)
    again = monitor.judge(seen, config=monitor.config.override(psi=0.9))
    other = monitor.keep(again, seen, tmp_path, config=monitor.config.override(psi=0.9))

    def asked(*arguments: str | Path) -> str:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exit_code == 0, result.stderr
        return result.stdout

    for file, of, red in ((path, packet, 0.2), (other, again, 0.9)):
        answers = json.loads(asked("what-if", file, "--json"))
        assert answers["packet"] == of.id
        assert {sweep["threshold"]: sweep["now"] for sweep in answers["sweeps"]}["psi"] == red
    assert asked("compare", path, other)
    page = tmp_path / "page.html"
    asked("explain", "drift", "--packet", path, "--out", page)
    assert packet.id in page.read_text("utf-8")


def test_the_configured_folder_is_the_default(run: Run, tmp_path: Path) -> None:
    (tmp_path / "dawnwatch.toml").write_text('[data]\nresults = "kept"\n')
    monitor = Monitor(Config.load(tmp_path / "dawnwatch.toml")).fit(window())
    seen = monitor.observe(window(seed=2))
    assert monitor.keep(monitor.judge(seen), seen).parent == tmp_path / "kept"


def test_what_was_not_judged_together_is_not_kept_together(run: Run, tmp_path: Path) -> None:
    monitor, seen, packet = run
    later = monitor.observe(window(seed=3))
    with pytest.raises(UsageError, match=r"was judged on another observation; keep it with its own$"):
        monitor.keep(packet, later, tmp_path)
    moved = monitor.judge(seen, config=monitor.config.override(psi=0.9))
    with pytest.raises(UsageError, match=r"by another configuration; give keep\(\) the config that judge"):
        monitor.keep(moved, seen, tmp_path)
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_is_one_line(run: Run, tmp_path: Path) -> None:
    monitor, seen, packet = run
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoreError, match=r"file/profiles: cannot be made \(Not a directory\)"):
        monitor.keep(packet, seen, tmp_path / "file")


def test_a_source_is_called_what_it_is_named(run: Run) -> None:
    _, _, packet = run
    assert packet.provenance.drift_baseline.source == "last month"
    assert packet.provenance.current.source == "today"
    assert packet.drift.baseline.startswith("last month")
