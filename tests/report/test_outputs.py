"""Scores and labels as people read them: in rows of their own, apart from the features."""

from __future__ import annotations

import pytest
from tests.checks.windows import config, log, packet, put

from dawnwatch.config import Config
from dawnwatch.explain.pipeline import checkpoints
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.comparison.markdown import to_markdown
from dawnwatch.report.html import to_html
from dawnwatch.report.lines import drift_lines
from dawnwatch.report.plan.checks import drift
from dawnwatch.triage.compare import compare

SETTINGS = config(drift={"label": "medium"}, thresholds={"label": {"because": "five days late"}})


def judged(settings: Config | None = None) -> TriagePacket:
    return packet(put(log(), score=log()["score"].to_numpy() ** 2), settings=settings)


@pytest.fixture(scope="module")
def informing() -> TriagePacket:
    return judged()


@pytest.fixture(scope="module")
def counting() -> TriagePacket:
    return judged(SETTINGS)


def test_the_terminal_has_one_line_for_both(informing: TriagePacket, counting: TriagePacket) -> None:
    (line,) = [line for line in drift_lines(informing) if line.startswith("apart: ")]
    scores = informing.drift.outputs[0]
    assert scores.interval is not None
    span = f"({scores.interval[0]:.3f} to {scores.interval[1]:.3f})"
    assert line == f"apart: scores PSI {scores.psi:.3f} {span} RED; labels GREEN; this informs only"
    (line,) = [line for line in drift_lines(counting) if line.startswith("apart: ")]
    assert line.endswith("; the scores inform only")


def test_the_report_has_a_table_of_its_own(informing: TriagePacket, counting: TriagePacket) -> None:
    text = to_html(informing)
    table = text.split("Scores and labels, apart from the features")[1].split("</table>")[0]
    assert "scores (score)" in table
    assert "labels (label)" in table
    assert table.count("informs only") == 2
    assert to_html(counting).count("raises severity</td>") == 1
    before = text.split("Scores and labels, apart from the features")[0]
    assert "scores (score)" not in before.split('id="drift"')[1]


def test_compared_runs_have_a_section_of_their_own(informing: TriagePacket) -> None:
    text = to_markdown(compare([informing, packet(log())]))
    assert "Scores and labels (PSI)" in text
    assert f"| scores (score) | {informing.drift.outputs[0].psi:.3f} ✗ RED | **0.000 ✓ GREEN** |" in text


def test_the_map_has_a_place_for_each(informing: TriagePacket, counting: TriagePacket) -> None:
    points = {point.name: point for point in checkpoints(informing)}
    assert (points["drift.prediction"].stage, points["drift.label"].stage) == ("serving", "logs")
    assert points["drift.prediction"].lines[0].text.startswith("RED: PSI ")
    assert points["drift.prediction"].found.endswith("It informs only.")
    points = {point.name: point for point in checkpoints(counting)}
    assert points["drift.label"].found.endswith("It raises severity here.")
    assert points["drift.label"].thresholds == [("yellow 0.1, red 0.2", "five days late")]


def test_the_plan_says_what_counts_and_why(informing: TriagePacket, counting: TriagePacket) -> None:
    (line,) = [line for line in drift(SETTINGS, counting) if line.startswith("| Labels")]
    assert "| `label_drift` | PSI 0.000, GREEN | five days late |" in line
    (line,) = [line for line in drift(config(), informing) if line.startswith("| Scores")]
    assert "nothing: it informs" in line
