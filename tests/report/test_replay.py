"""A replayed decision in the terminal, as Markdown, as charts and in the report: the same figures."""

from __future__ import annotations

from io import BytesIO, TextIOWrapper

import pytest
from rich.console import Console
from sample_packet import metropulse
from sample_replay import FOUND, candidate
from test_charts import rows_with

from dawnwatch.model.gains import ReliabilityPart
from dawnwatch.model.replay import Replay
from dawnwatch.report import charts
from dawnwatch.report.html import to_html
from dawnwatch.report.replay.markdown import to_markdown
from dawnwatch.report.replay.table import gain_text, how
from dawnwatch.report.replay.terminal import ReplayView


def drawn(width: int = 80, *, encoding: str = "utf-8", found: Replay = FOUND) -> str:
    file = BytesIO()
    console = Console(file=TextIOWrapper(file, encoding=encoding), width=width, legacy_windows=False)
    console.print(ReplayView(found))
    console.file.flush()
    return file.getvalue().decode(encoding)


def test_the_sign_of_a_difference_is_the_measures_own() -> None:
    old, new = FOUND.candidates[1:3]
    assert gain_text(old, old.gain("auc")) == "0.660 (-0.040, -0.050 to -0.030)"
    assert gain_text(old, old.gain("log_loss")) == "0.640 (+0.040, 0.030 to 0.050)"
    assert gain_text(new, new.gain("log_loss")) == "0.570 (-0.030, -0.040 to -0.020)"
    assert gain_text(FOUND.waiting, FOUND.waiting.gain("auc")) == "0.700"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_the_terminal_shows_what_actions_are_judged_by(encoding: str) -> None:
    said = drawn(encoding=encoding)
    assert "Traceback" not in said
    for words in ("roll back to may", "0.730 (+0.030, 0.020 to 0.040)", "not computed: 9 rows, of 100", "nothing else"):
        assert words in said
    assert "retrain on newest half was not judged: the trainer failed: no" in said
    assert max(len(line.rstrip()) for line in said.splitlines()) <= 80


def test_what_was_replayed_is_said() -> None:
    assert how(FOUND) == (
        "current.parquet, in order of time: 1,400 labelled rows before 2026-02-01 06:00 UTC to learn from, up to 2 "
        "days before the cut, 1,500 later ones of 120 rider values to judge by; differences from waiting with 95% "
        "intervals"
    )


def test_markdown_escapes_what_comes_from_outside() -> None:
    text = to_markdown(FOUND)
    assert "# Shop \\| &lt;script>" in text
    assert "| roll back to may | 900 rows | 0.660 (-0.040, -0.050 to -0.030) |" in text
    assert "| retrain on newest half |  | not judged: the trainer failed: no |  |" in text
    assert "&lt;b>mobile" in text
    assert "- nothing else." in text


def test_charts_hold_the_gains_with_which_are_shown() -> None:
    rows = {row["name"]: row for row in rows_with(charts.replay_gains(FOUND), "gain")}
    assert {name: row["sure"] for name, row in rows.items()} == {
        "roll back to may": "worse",
        "retrain on current": "better",
    }
    losses = rows_with(charts.replay_gains(FOUND, "log_loss"), "gain")
    assert [round(row["gain"], 3) for row in losses] == [-0.04, 0.03]
    parts = rows_with(charts.replay_slices(FOUND), "gain")
    assert len(parts) == 2
    assert charts.replay_chart(FOUND).to_dict(validate=False)


def test_the_report_holds_it_where_it_is_kept_and_escapes_it() -> None:
    page = to_html(metropulse(), replay=FOUND)
    assert 'id="replay"' in page
    assert "Retrain on current: AUC 0.730." in page
    assert "<b>mobile</b>" not in page
    assert 'id="replay"' not in to_html(metropulse())


def test_the_decision_that_stands_is_said_with_what_the_packet_said_before() -> None:
    decision = metropulse().decision.model_copy(update={"verdict": "fix_pipeline", "reasons": ["bad rows", "why not"]})
    found = FOUND.model_copy(update={"decision": decision, "before": "fix_pipeline"})
    text, screen = to_markdown(found), drawn(found=found)
    assert (
        "**Fix the pipeline (before the replay: fix the pipeline).** Retrain on current: AUC 0.730. why not.\n" in text
    )
    assert "What would change it:" in text
    assert "Fix the pipeline (before the replay: fix the pipeline)" in screen
    assert "why not." in screen
    page = to_html(metropulse(), replay=found)
    assert "Not the decision:</b> by itself it says retrain; why fix the pipeline stands" in page
    assert "before it: fix the pipeline." in page
    assert "Not the decision" not in to_html(metropulse(), replay=FOUND)


def test_what_the_replay_found_is_said_once_where_the_decision_quotes_it() -> None:
    why = f"A replay on such rows decides nothing; by itself it would say: {FOUND.advice.text}"
    decision = metropulse().decision.model_copy(update={"verdict": "fix_pipeline", "reasons": ["bad rows", why]})
    found = FOUND.model_copy(update={"decision": decision, "before": "fix_pipeline"})
    for said in (" ".join(drawn(found=found).split()), to_markdown(found)):
        assert said.count(FOUND.advice.text) == 1
        assert f"{why}." in said


def test_another_replay_that_stands_leads_the_screen() -> None:
    weak = FOUND.model_copy(update={"advice": FOUND.advice.model_copy(update={"verdict": "wait", "text": "Wait: no"})})
    console = Console(width=80, legacy_windows=False)
    with console.capture() as said:
        console.print(ReplayView(weak, FOUND))
    assert "\nRetrain\n" in "\n".join(line.rstrip() for line in said.get().splitlines())


def test_the_reliability_diagram_has_each_recalibration_beside_waiting() -> None:
    parts = [ReliabilityPart(predicted=at, observed=at - 0.05, interval=(at - 0.1, at), rows=750) for at in (0.3, 0.6)]
    waiting = FOUND.candidates[0].model_copy(update={"reliability": parts})
    platt = candidate("recalibrate (Platt)", "recalibrate", 0.70, 0.58).model_copy(update={"reliability": parts[:1]})
    found = FOUND.model_copy(update={"candidates": [waiting, *FOUND.candidates[1:], platt]})
    drawn_ = rows_with(charts.replay_reliability(found), "promised")
    assert [(row["name"], row["n"], row["came"]) for row in drawn_] == [
        ("waiting", "750", "25.0% (20.0% to 30.0%)"),
        ("waiting", "750", "55.0% (50.0% to 60.0%)"),
        ("recalibrate (Platt)", "750", "25.0% (20.0% to 30.0%)"),
    ]
    assert 'data-chart="reliability"' in to_html(metropulse(), replay=found)
    assert 'data-chart="reliability"' not in to_html(metropulse(), replay=FOUND)
    assert not charts.has_reliability(FOUND)
