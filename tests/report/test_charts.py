"""What the charts hold: read from their specifications."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
import sample_packet

from dawnwatch.errors import UsageError
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report import charts, theme
from dawnwatch.report.render import specification


def data_of(node: Any) -> list[dict[str, Any]]:
    """All inline rows of a specification, in order, once per dataset."""
    found: list[dict[str, Any]] = []
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"data", "datasets"}:
                sets = [value["values"]] if "values" in value else [v for v in value.values() if isinstance(v, list)]
                found += [row for rows in sets for row in rows]
            else:
                found += data_of(value)
    elif isinstance(node, list):
        for value in node:
            found += data_of(value)
    return found


def rows_with(chart: Any, field: str) -> list[dict[str, Any]]:
    unique = {json.dumps(r): r for r in data_of(specification(chart)) if field in r}
    return list(unique.values())


def test_every_chart_is_valid_vega_lite(any_packet: TriagePacket) -> None:
    made = [charts.dashboard(any_packet), charts.slices(any_packet)]
    for feature in any_packet.drift.features[:2]:
        made += [charts.distributions(any_packet, feature.name), charts.contributions(any_packet, feature.name)]
    for chart in made:
        chart.to_dict()  # Altair validates against the Vega-Lite schema and raises where it does not hold


def test_psi_bars_are_largest_first_with_both_bounds(packet: TriagePacket) -> None:
    rows = rows_with(charts.drift_panel(packet), "size")
    assert [r["name"] for r in rows] == ["hour_bucket", "device_type"]
    assert rows[0]["size"] == pytest.approx(0.5535, abs=5e-4)
    assert rows[0]["label"] == "0.553 RED"
    assert {(r["yellow"], r["red"]) for r in rows} == {(0.1, 0.2)}


def test_forty_features_draw_twenty_and_count_the_rest() -> None:
    chart = charts.drift_panel(sample_packet.many_features(40))
    rows = rows_with(chart, "size")
    assert len(rows) == 20
    assert all(r["size"] is not None for r in rows)
    assert "The 20 largest are drawn; 20 more are in the packet." in chart.title.subtitle
    assert {(r["yellow"], r["red"]) for r in rows} == {(0.1, 0.2), (0.05, 0.4)}


def test_a_feature_without_psi_says_why() -> None:
    packet = sample_packet.metropulse()
    features = [*packet.drift.features, sample_packet.not_computed_feature()]
    drift = packet.drift.model_copy(update={"features": features})
    rows = rows_with(charts.drift_panel(packet.model_copy(update={"drift": drift})), "size")
    assert rows[-1]["reason"] == "not computed: every value of the current window is null"


def test_shares_and_parts_are_the_packets(packet: TriagePacket) -> None:
    shares = rows_with(charts.distributions(packet, "device_type"), "share")
    assert {(r["bin"], r["window"]): r["share"] for r in shares}["mobile", "current"] == 0.6
    for window in ("reference", "current"):
        assert sum(r["share"] for r in shares if r["window"] == window) == pytest.approx(1)
    parts = rows_with(charts.contributions(packet, "device_type"), "part")
    assert sum(r["part"] for r in parts) == pytest.approx(packet.drift.features[1].psi)
    assert {r["bin"]: r["way"] for r in parts} == {"mobile": "grew", "desktop": "shrank", "tablet": "shrank"}


def test_an_unwatched_feature_is_refused_with_the_nearest_name(packet: TriagePacket) -> None:
    with pytest.raises(UsageError, match=r"'hour_buckte': not watched in this packet\. Did you mean 'hour_bucket'"):
        charts.distributions(packet, "hour_buckte")


def test_failed_checks_come_first_and_passed_ones_are_condensed() -> None:
    packet = sample_packet.failed_quality()
    rows = rows_with(charts.quality_panel(packet), "outcome")
    names = list(dict.fromkeys(r["row"] for r in rows))
    assert names[:5] == ["(whole table)", "passenger_age", "email_address_private", "fare_zone", "geo_hash"]
    assert len(names) == 13
    rest = [r for r in rows if r["row"] == names[-1]]
    assert names[-1] == "18 more columns"
    assert [(r["kind"], r["outcome"], r["said"]) for r in rest] == [
        ("missingness", "passed", "18"),
        ("range", "passed", "18"),
    ]
    missing = next(r for r in rows if r["row"] == "passenger_age" and r["kind"] == "missingness")
    assert (missing["outcome"], missing["said"]) == ("failed", "18.0%")


def test_no_failing_column_is_left_out_of_sixty() -> None:
    base = sample_packet.metropulse()
    checks = [
        c.model_copy(update={"column": f"c{i}", "outcome": "failed", "failed_rows": 900})
        for i, c in enumerate([base.quality.checks[1]] * 20)
    ]
    quality = base.quality.model_copy(update={"checks": [*base.quality.checks, *checks]})
    rows = rows_with(charts.quality_panel(base.model_copy(update={"quality": quality})), "outcome")
    assert {r["row"] for r in rows if r["outcome"] == "failed"} == {f"c{i}" for i in range(20)}


def test_late_labels_say_not_computed_instead_of_a_blank() -> None:
    packet = sample_packet.late_labels()
    panel = charts.performance_panel(packet)
    assert "labels are declared late" in " ".join(panel.title.subtitle)
    assert [r["label"] for r in rows_with(panel, "auc")] == ["0.759", "not computed"]
    said = " ".join(data_of(specification(charts.slices(packet)))[0]["text"])
    assert said.startswith("Not computed: labels are declared late")


def test_panels_without_content_say_why() -> None:
    packet = sample_packet.nothing_watched()
    for panel, why in (
        (charts.quality_panel(packet), "Not computed: no quality check ran."),
        (charts.drift_panel(packet), "Not computed: no feature is watched for drift."),
        (charts.slices(packet), "Not computed: no slice column is declared."),
    ):
        assert " ".join(data_of(specification(panel))[0]["text"]) == why


def test_slices_not_scored_say_why() -> None:
    rows = rows_with(charts.slices(sample_packet.many_features()), "reason")
    said = {r["name"]: r["reason"] for r in rows if r["auc"] is None}
    assert said == {
        "pickup_region = airport": "not scored: no positive in current",
        "pickup_region = harbour": "not scored: only 12 scored rows; needs 100",
    }
    assert rows[0]["name"] == "all rows"


def domains(node: Any) -> list[list[Any]]:
    """All explicit domains of a specification's y scales."""
    if isinstance(node, list):
        return [d for value in node for d in domains(value)]
    if not isinstance(node, dict):
        return []
    own = [node["y"]["scale"]["domain"]] if "domain" in node.get("y", {}).get("scale", {}) else []
    return own + [d for value in node.values() for d in domains(value)]


def test_rows_keep_their_order_where_some_have_no_mark() -> None:
    """Layers leave out what was not computed; without a domain the first layer's rows would come first."""
    base = sample_packet.metropulse()
    nothing = base.performance.reference.model_copy(update={"value": None, "interval": None})
    performance = base.performance.model_copy(update={"reference": nothing})
    packet = base.model_copy(update={"performance": performance})
    for chart, order in (
        (charts.performance_panel(packet), ["reference", "current"]),
        (charts.drift_panel(packet), ["hour_bucket", "device_type"]),
    ):
        found = domains(specification(chart))
        assert found
        assert all(domain == order for domain in found)
    assert domains(specification(charts.slices(packet)))[0][0] == "all rows"


def contrast(first: str, second: str) -> float:
    """WCAG 2.1 contrast ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_text_and_marks_have_contrast(palette: dict[str, str]) -> None:
    for part in ("ink", "muted"):
        assert contrast(palette[part], palette["paper"]) >= 4.5
    for part in ("red", "green", "current", "reference", "grew", "shrank", "unknown"):
        assert contrast(palette[part], palette["paper"]) >= 3
    assert len(set(palette.values())) == len(palette) or palette is theme.DARK
    assert palette.keys() == theme.LIGHT.keys()


def test_colours_become_variables_but_data_does_not() -> None:
    red = theme.LIGHT["red"]
    spec = {"mark": {"color": red}, "data": {"values": [{"bin": red}]}, "scale": {"domain": [red], "range": [red]}}
    assert theme.as_css_variables(spec) == {
        "mark": {"color": "var(--red)"},
        "data": {"values": [{"bin": red}]},
        "scale": {"domain": [red], "range": ["var(--red)"]},
    }


def test_importing_the_package_imports_no_chart_library() -> None:
    code = (
        "import sys, dawnwatch.report; from dawnwatch.report import html, render, terminal; "
        "print([m for m in ('altair', 'vl_convert', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_causes_are_bars_that_add_up_to_the_fall() -> None:
    packet = sample_packet.with_causes()
    rows = rows_with(charts.causes(packet), "amount")
    assert [(r["name"], r["amount"], r["sure"]) for r in rows] == [
        ("Novelty of user_id", 0.041, "explains"),
        ("Concept", 0.013, "noise"),
        ("Mix", 0.006, "noise"),
    ]
    assert (rows[0]["low"], rows[0]["high"]) == (0.029, 0.053)
    assert sum(r["amount"] for r in rows) == pytest.approx(packet.performance.drop.value, abs=0.0005)
    assert "The parts add up to the fall of 0.060." in charts.causes(packet).title.subtitle
    charts.causes(packet).to_dict()
    charts.causes(sample_packet.metropulse()).to_dict()


def test_a_bar_that_surely_hid_some_of_the_fall_says_that_it_offsets_it() -> None:
    packet = sample_packet.with_causes()
    better = packet.diagnosis.causes[-1].model_copy(update={"amount": -0.055, "interval": (-0.072, -0.038)})
    causes = [*packet.diagnosis.causes[:-1], better]
    found = packet.model_copy(update={"diagnosis": packet.diagnosis.model_copy(update={"causes": causes})})
    last = rows_with(charts.causes(found), "amount")[-1]
    assert (last["sure"], last["said"]) == ("offsets", "offsets 0.055 (0.038 to 0.072)")
    assert "green ones offset the fall" in " ".join(charts.causes(found).title.subtitle)
