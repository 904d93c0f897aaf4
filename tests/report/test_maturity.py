"""How far the labels have come: on one screen, in the report, its chart, the review and the map."""

from __future__ import annotations

from datetime import timedelta

from tests.monitoring.maturity.rides import AS_OF, config, fitted, week

from dawnwatch import Config
from dawnwatch.explain.readings import readings
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report import charts
from dawnwatch.report.html import to_html
from dawnwatch.report.lines import performance_lines
from dawnwatch.report.plan.document import plan_text


def _packet() -> TriagePacket:
    return fitted((1.0, 0.4)).check(week(2, delay=(1.0, 0.4), keep=(0.9, 0.2, 0.7)), as_of=AS_OF)


def arrivals(days: int) -> TriagePacket:
    """A packet of so many days, the last fifth of them without any label."""
    packet = _packet()
    found = packet.performance.maturity
    assert found is not None
    first = found.cohorts[0]
    cohorts = []
    for at in range(days):
        start = first.start + timedelta(days=at)
        share = max(0.0, 1 - at / (0.8 * days))
        spread = (max(0.0, share - 0.04), min(1.0, share + 0.04)) if share else (0.0, 0.0)
        update = {"start": start, "end": start + timedelta(days=1), "share": share, "interval": spread}
        cohorts.append(first.model_copy(update={**update, "mature": at < 0.6 * days}))
    maturity = found.model_copy(update={"cohorts": cohorts})
    return packet.model_copy(update={"performance": packet.performance.model_copy(update={"maturity": maturity})})


def test_it_is_told_wherever_people_read() -> None:
    packet = _packet()
    found = packet.performance.maturity
    assert found is not None
    said = "those up to 2026-03-06"
    assert any(said in line for line in performance_lines(packet))
    html = to_html(packet)
    assert 'id="maturity"' in html
    assert said in html
    assert "Weighted by the inverse chance of a label" in html
    assert "How long labels take" in html
    place = next(one for one in readings(packet) if one.name == "maturity of labels")
    assert [line.reading for line in place.lines] == ["judged"] * 4 + ["judged up to 03:27"] + ["too young"] * 2


def test_the_chart_has_a_bar_for_each_day_and_says_what_it_is_of() -> None:
    packet = _packet()
    chart = charts.cohorts(packet).to_dict()
    bars = next(iter(chart["datasets"].values())) if "datasets" in chart else chart["layer"][0]["data"]["values"]
    assert [row["what"] for row in bars] == ["judged"] * 4 + ["judged in part"] + ["too young"] * 2
    bare = packet.model_copy(update={"performance": packet.performance.model_copy(update={"maturity": None})})
    assert "Not computed" in str(charts.cohorts(bare).to_dict())
    assert 'id="maturity"' not in to_html(bare)


def test_the_plan_says_which_rows_are_judged_where_their_age_is_asked() -> None:
    asked, derived, none = (
        plan_text(Config.from_dict(config(**labels)), None)
        for labels in ({"mature_after": "3d", "label_time": None}, {}, {"label_time": None})
    )
    assert "| Rows judged | those at least 3d old (`[labels] mature_after`); younger ones are told apart |" in asked
    assert "old enough for 95.0% of the labels to have come, by the baseline's times of arrival (`label_at`)" in derived
    assert "Rows judged" not in none
