"""`dawnwatch onset`: a table of windows, and since when."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Called
from tests.monitoring.days import START, rides

DAY = timedelta(days=1)
CONFIG = """
[roles]
label = "label"
score = "score"
unit = "rider"
timestamp = "at"

[columns.device]
monitor = true
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dawnwatch.toml").write_text(CONFIG)
    pq.write_table(rides(START - 30 * DAY, rows=6000, last=29 * DAY), "reference.parquet")
    days = [rides(START + at * DAY, mobile=0.8 if at >= 4 else 0.4) for at in range(6)]
    pq.write_table(pa.concat_tables(days), "log.parquet")
    return tmp_path


RUN = ("onset", "log.parquet", "--reference", "reference.parquet")


def test_windows_and_onsets_are_shown(here: Path, call: Callable[..., Called]) -> None:
    call("event", "add", "app release 5.1", "--at", "2026-03-05T20:00")
    done = call(*RUN)
    assert done.code == 0
    lines = done.out.splitlines()
    assert len(lines) == 7
    assert lines[0].startswith("2026-03-02 00:00 UTC      1,500 rows  AUC 0.8")
    assert lines[4].endswith("RED device")
    assert lines[6].startswith("device is drifted since about 2026-03-06 00:00 UTC (between ")
    assert lines[6].endswith("by 6 windows; recorded in that time: app release 5.1 (2026-03-05 20:00 UTC).")
    assert not (here / "monitoring_results/latest.json").exists()


def test_as_json(here: Path, call: Callable[..., Called]) -> None:
    found = json.loads(call(*RUN, "--every", "2d", "--json").out)
    assert found["hours"] == 48
    assert sum(window["rows"] for window in found["windows"]) == 9000
    assert found["onsets"][0]["column"] == "device"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--every", "soon"), "--every must be a number with h, d or w"),
        (("--every", "5x"), "such as 6h, 1d or 1w; got '5x'"),
        (("--every", "none"), "--every must be a length above 0"),
        (("--every", "0h"), "--every must be a length above 0"),
        (("--reference-profile", "x.profile"), "--reference-profile stands for the reference"),
    ],
)
def test_errors_are_one_line(here: Path, call: Callable[..., Called], more: tuple[str, ...], said: str) -> None:
    done = call(*RUN, *more)
    assert done.code == 2
    assert len(done.errors) == 1
    assert said in done.err


def test_a_log_that_lacks_the_time_is_refused(here: Path, call: Callable[..., Called]) -> None:
    pq.write_table(pq.read_table("log.parquet").drop_columns(["at"]), "log.parquet")
    done = call(*RUN)
    assert done.code == 3
    assert "log.parquet: has no column 'at'" in done.err


def test_a_window_whose_auc_is_not_judged_is_not_said_to_hold(here: Path, call: Callable[..., Called]) -> None:
    pq.write_table(rides(START).slice(0, 1), "log.parquet")
    said = call(*RUN).out.splitlines()[-1]
    assert said == (
        "The last window has nothing to date: no check failed, no drift is shown, and its AUC could not be judged."
    )
