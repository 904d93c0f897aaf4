"""Features judged by another distance than the PSI, as people read them: its name stands wherever its number does."""

from __future__ import annotations

from tests.report import sample_packet

from dawnwatch.explain.drift import drift
from dawnwatch.explain.pipeline import checkpoints
from dawnwatch.model.enums import Outcome
from dawnwatch.report import charts, summaries
from dawnwatch.report.comparison.table import side_by_side
from dawnwatch.report.html import to_html
from dawnwatch.report.lines import drift_lines
from dawnwatch.triage.compare import compare

PACKET = sample_packet.other_distance()


def test_the_terminal_names_it() -> None:
    first, *rest = drift_lines(PACKET)
    assert first == "Drift: 2 watched features: 1 RED, 1 not computed, judged by total variation, KS"
    assert rest[0].startswith("hour_bucket total variation 0.358 RED")
    assert rest[1] == "device_type not computed: KS needs an order, and device_type is categorical"
    assert "judged by" not in summaries.drift(sample_packet.metropulse().drift)


def test_the_report_names_it_and_lists_the_others() -> None:
    text = to_html(PACKET)
    assert "<strong>hour_bucket</strong>: total variation 0.358 " in text
    assert "Of the same bins: PSI 0.553, total variation 0.358." in text
    assert "Not computed: KS needs an order" in text


def test_bars_are_multiples_of_what_is_red_for_each() -> None:
    (rows,) = [
        rows for rows in charts.drift_panel(PACKET).to_dict()["datasets"].values() if any("size" in r for r in rows)
    ]
    assert [(r["name"], r["size"] and round(r["size"], 3), r["red"]) for r in rows] == [
        ("hour_bucket", round(0.3583 / 0.18, 3), 1.0),
        ("device_type", None, 1.0),
    ]
    assert rows[0]["label"] == "total variation 0.358 RED"


def test_compared_runs_say_by_which_each_was_judged() -> None:
    other = sample_packet.metropulse().model_copy(update={"id": "other"})
    (section,) = [s for s in side_by_side(compare([other, PACKET])) if s.title.startswith("Drift")]
    cells = {row.name: [cell.text for cell in row.cells] for row in section.rows}
    assert cells["hour_bucket"] == ["0.553 ✗ RED", "total variation 0.358 ✗ RED"]
    assert cells["device_type"][1] == "\N{EN DASH} not computed"


def test_the_map_shows_each_feature_at_the_check_that_judged_it() -> None:
    points = {point.name: point for point in checkpoints(PACKET)}
    assert [line.subject for line in points["drift.distance"].lines] == ["hour_bucket", "device_type"]
    assert points["drift.distance"].outcome is Outcome.FAILED
    assert (points["drift.psi"].lines, points["drift.psi"].outcome) == ([], None)


def test_the_drift_page_stays_with_the_psi_and_says_so() -> None:
    hour = drift(PACKET).data["features"][0]
    assert (hour["yellow"], hour["red"], hour["band"]) == (0.1, 0.2, "RED")
    assert "another distance: total variation 0.358, RED" in hour["judged"]
    assert drift(sample_packet.metropulse()).data["features"][0]["judged"] == ""
