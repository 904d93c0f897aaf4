"""A run's counts as a file: they give the packet's answers, hold no secret, and are refused where they are damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from dawnwatch import Config, Monitor
from dawnwatch.errors import DamagedError, DataError
from dawnwatch.monitoring.saved_run import load_run, run_of, save_run
from dawnwatch.monitoring.what_if import judged_under, what_if
from tests.monitoring.test_what_if import TABLES, rows


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Monitor, Path]:
    tables = {**TABLES, "alerts": {"to": ["https://hooks.example/secret-token"]}, "data": {"current": "private/place"}}
    monitor = Monitor(tables).fit(rows(4000, 0, moved=0.0, missing=0.0, noise=0.5))
    seen = monitor.observe(rows(3000, 1, moved=0.25, missing=0.2, noise=1.6), notes={"injected": [1, "x"]})
    save_run(seen, monitor.config, tmp_path / "run.profile")
    return monitor, tmp_path / "run.profile"


def test_a_run_that_was_saved_is_judged_as_it_was(saved: tuple[Monitor, Path]) -> None:
    monitor, path = saved
    seen = monitor.observe(rows(3000, 1, moved=0.25, missing=0.2, noise=1.6))
    again, config = load_run(path)
    before, after = monitor.judge(seen), judged_under(again, config)
    assert (after.severity, after.rule, after.facts) == (before.severity, before.rule, before.facts)
    assert after.quality == before.quality
    assert after.drift == before.drift
    assert after.performance == before.performance
    assert after.performance.method == "exact, from the rows"
    assert after.provenance.notes == {"injected": [1, "x"]}
    now, then = what_if(again, config), what_if(seen, monitor.config)
    assert now.sweeps == then.sweeps


def test_whom_to_tell_and_where_data_lies_are_not_in_the_file(saved: tuple[Monitor, Path]) -> None:
    _, path = saved
    _, config = load_run(path)
    assert config.alerts == Config().alerts
    assert config.data == Config().data
    assert b"secret-token" not in path.read_bytes()


def test_a_damaged_file_and_another_kind_are_refused(saved: tuple[Monitor, Path], tmp_path: Path) -> None:
    monitor, path = saved
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedError, match=r"run\.profile: "):
        load_run(path)
    monitor.save(tmp_path / "reference.profile")
    with pytest.raises(DataError, match="a profile, but not that of a run"):
        load_run(tmp_path / "reference.profile")
    with pytest.raises(DataError, match="no such profile"):
        load_run(tmp_path / "gone.profile")


def test_a_packet_without_its_counts_says_what_to_do(saved: tuple[Monitor, Path], tmp_path: Path) -> None:
    monitor, _ = saved
    packet = monitor.check(rows(3000, 1, moved=0.0, missing=0.0, noise=0.5))
    with pytest.raises(DataError, match=r"were not kept .*; check the window again with `dawnwatch run`"):
        run_of(packet, tmp_path)
    with pytest.raises(DataError, match=r"profiles/x\.profile: no such profile, though packet .* names it"):
        run_of(packet.model_copy(update={"profile": "profiles/x.profile"}), tmp_path)
