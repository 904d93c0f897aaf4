"""The blocks of a replay wherever one is shown, and a replay of before there were any."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console
from sample_packet import metropulse
from sample_replay import FOUND, chained
from test_charts import rows_with

from dawnwatch.model.replay import Replay
from dawnwatch.report import charts
from dawnwatch.report.charts import replay
from dawnwatch.report.html import to_html
from dawnwatch.report.replay.markdown import to_markdown
from dawnwatch.report.replay.table import block_rows, how, rows
from dawnwatch.report.replay.terminal import ReplayView
from dawnwatch.store.replays import kept_replays
from dawnwatch.triage.standing import settled

CHAINED = chained((0.70, 0.69), (0.66, 0.65), (0.74, 0.67))


def screen(found: Replay) -> str:
    console = Console(width=80, legacy_windows=False)
    with console.capture() as said:
        console.print(ReplayView(found))
    return said.get()


def test_what_was_replayed_says_in_how_many_blocks() -> None:
    assert " to judge by, in 2 blocks, each by what learned from rows before it (AUC: within blocks); " in how(CHAINED)
    assert [row[1] for row in rows(CHAINED)] == ["", "", "900 to 1,650 rows", ""]


def test_the_table_has_each_judged_candidate_in_each_block() -> None:
    assert block_rows(CHAINED) == [
        ("wait", "1 from 2026-02-01 06:00 UTC", "", "750", "0.700"),
        ("wait", "2 from 2026-02-15 00:00 UTC", "", "750", "0.690"),
        ("roll back to may", "1 from 2026-02-01 06:00 UTC", "", "750", "0.660 (-0.040, -0.060 to -0.020)"),
        ("roll back to may", "2 from 2026-02-15 00:00 UTC", "", "750", "0.650 (-0.040, -0.060 to -0.020)"),
        ("retrain on current", "1 from 2026-02-01 06:00 UTC", "900", "750", "0.740 (+0.040, 0.020 to 0.060)"),
        ("retrain on current", "2 from 2026-02-15 00:00 UTC", "1,650", "750", "0.670 (-0.020, -0.040 to 0.000)"),
    ]
    text = to_markdown(CHAINED)
    assert "| action | block | learned from | rows | AUC |" in text
    assert (
        "| retrain on current | 2 from 2026-02-15 00:00 UTC | 1,650 | 750 | 0.670 (-0.020, -0.040 to 0.000) |" in text
    )


def test_a_block_that_could_not_be_judged_says_why() -> None:
    lost = CHAINED.candidates[1].blocks[0].model_copy(update={"gains": [], "reason": "it scored no row"})
    may = CHAINED.candidates[1].model_copy(update={"blocks": [lost, CHAINED.candidates[1].blocks[1]]})
    found = CHAINED.model_copy(update={"candidates": [CHAINED.candidates[0], may, *CHAINED.candidates[2:]]})
    assert block_rows(found)[2][-1] == "not computed: it scored no row"
    assert len(rows_with(charts.replay_blocks(found), "gain")) == 3


def test_the_screen_has_the_blocks_of_the_candidate_that_is_advised_and_says_where_its_sign_flips() -> None:
    said = screen(CHAINED)
    assert "AUC by block, with the rows learned from: retrain on current" in said
    assert "1 from 02-01 06:00  0.700  0.740 (+0.040, 0.020 to 0.060)   900 rows" in said
    assert "its sign flips between blocks" in said
    assert max(len(line.rstrip()) for line in said.splitlines()) <= 80
    steady = chained((0.70, 0.69), (0.66, 0.65), (0.74, 0.73))
    assert "flips" not in screen(steady)


def test_the_chart_has_a_row_for_each_action_in_each_block() -> None:
    drawn = rows_with(charts.replay_blocks(CHAINED), "gain")
    assert [(row["name"], row["sure"]) for row in drawn] == [
        ("roll back to may: 1", "worse"),
        ("roll back to may: 2", "worse"),
        ("retrain on current: 1", "better"),
        ("retrain on current: 2", "within noise"),
    ]
    assert charts.replay_chart(CHAINED).to_dict(validate=False)


def test_of_many_blocks_the_action_that_gains_most_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "MOST_BY_BLOCK", 3)
    monkeypatch.setattr(replay, "MOST", 1)
    drawn = charts.replay_blocks(CHAINED)
    assert [row["name"] for row in rows_with(drawn, "gain")] == ["retrain on current: 1", "retrain on current: 2"]
    assert "Blocks 1 from 2026-02-01 06:00 UTC, and so on; " in " ".join(drawn.to_dict()["title"]["subtitle"])


def test_the_report_has_chart_and_table() -> None:
    page = to_html(metropulse(), replay=CHAINED)
    assert 'data-chart="blocks"' in page
    assert "Each action in each block of time" in page


def test_a_replay_of_before_there_were_blocks_is_read_and_shown_as_it_was(tmp_path: Path) -> None:
    old = json.loads(FOUND.model_dump_json())
    del old["blocks"]
    for one in old["candidates"]:
        del one["blocks"]
    old["schema_version"] = "1.2"
    folder = tmp_path / "replays" / f"{FOUND.packet}"
    folder.mkdir(parents=True)
    (folder / "20260302T000000.000000Z.json").write_text(json.dumps(old))
    (found,), faults = kept_replays(tmp_path, [f"{FOUND.packet}"])
    assert faults == []
    assert found == FOUND.model_copy(update={"schema_version": "1.2"})
    assert settled(metropulse(), found).decision is not None
    assert block_rows(found) == []
    assert "block" not in screen(found)
    assert "block" not in to_markdown(found)
    assert 'data-chart="blocks"' not in to_html(metropulse(), replay=found)
    assert to_markdown(found) == to_markdown(FOUND)
