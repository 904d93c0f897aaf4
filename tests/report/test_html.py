"""The HTML report: complete, self-contained and safe."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import sample_packet
from tests.report.html_page import Page

from dawnwatch.errors import StoreError
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.estimates import Estimate, EstimatedMetric, Estimates
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report import charts, summaries, theme
from dawnwatch.report.figures import figures_of
from dawnwatch.report.html import save_html, to_html
from dawnwatch.report.render import specification


@cache
def document(variant: str) -> str:
    return to_html(sample_packet.VARIANTS[variant]())


@pytest.fixture(params=sorted(sample_packet.VARIANTS))
def any_document(request: pytest.FixtureRequest) -> str:
    return document(request.param)


def specs(page: Page) -> dict:
    return json.loads(next(text for attrs, text in page.scripts if attrs.get("id") == "specs"))


def test_one_file_is_written(packet: TriagePacket, tmp_path: Path) -> None:
    path = save_html(packet, tmp_path / "report.html")
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
    assert path.read_text("utf-8") == document("metropulse")


def test_no_other_file_is_needed(any_document: str) -> None:
    page = Page(any_document)
    for tag, attrs in page.tags:
        assert "src" not in attrs, tag
        assert (attrs.get("href") or "#").startswith("#")
        assert tag != "link"
    assert "default-src 'none'" in page.policy
    assert "unsafe-eval" not in page.policy


def test_only_our_scripts_may_run(any_document: str) -> None:
    page = Page(any_document)
    running = [text for attrs, text in page.scripts if attrs.get("type") != "application/json"]
    assert len(running) == 2
    for text in running:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.policy
    script_rule = re.search(r"script-src ([^;]*)", page.policy)
    assert script_rule is not None
    assert "unsafe-inline" not in script_rule[1]
    assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]


def test_a_script_in_the_data_stays_text() -> None:
    text = document("hostile")
    page = Page(text)
    assert len(page.scripts) == 3
    assert not [tag for tag, _ in page.tags if tag == "img"]
    assert "alert(1)" in page.text
    assert "<img src=x onerror=alert(2)>" in page.text
    assert "49" not in [w.strip() for w in page.words]
    assert "\x1b" not in text
    assert "\u202e" not in text
    data = next(t for a, t in page.scripts if a.get("id") == "specs")
    assert "<" not in data
    assert sample_packet.ATTACK in json.dumps(specs(page)["distribution-0"])


def test_sections_in_reading_order() -> None:
    page = Page(document("metropulse"))
    ids = [a["id"] for t, a in page.tags if t == "section"]
    assert ids == [
        "actions",
        "diagnosis",
        "decision",
        "quality",
        "drift",
        "performance",
        "feed",
        "thresholds",
        "provenance",
        "human",
    ]
    assert [t for t, _ in page.tags if t == "h1"] == ["h1"]
    levels = [int(t[1]) for t, _ in page.tags if re.fullmatch(r"h[1-6]", t)]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    linked = {a["href"][1:] for t, a in page.tags if t == "a" and a.get("href")}
    assert linked == set(ids)


def test_everything_a_reader_needs_is_said(packet: TriagePacket) -> None:
    said = Page(document("metropulse")).text
    wanted = [
        packet.headline,
        packet.rule_text,
        "2026-03-02 10:00 UTC",
        "within 4 hours",
        packet.diagnosis.summary,
        *packet.diagnosis.cautions,
        *packet.diagnosis.unresolved,
        *packet.decision.reasons,
        *packet.decision.would_change,
        *packet.performance.notes,
        *(a.action for a in packet.actions),
        *(a.reason for a in packet.actions),
        *(f.text for f in packet.diagnosis.findings),
        *(c.rule for c in packet.quality.checks),
        *(t.because for t in packet.thresholds if t.because),
        "no justification given",
        "0.759 (95% interval 0.751 to 0.767)",
        "0.699 (95% interval 0.693 to 0.705)",
        "98.3% interval",
        packet.provenance.config_hash,
        packet.provenance.current.fingerprint,
        "Not decided yet",
        "ride-ml-oncall",
    ]
    for words in wanted:
        assert " ".join(words.split()) in said


def test_every_check_has_its_row_and_its_examples() -> None:
    packet = sample_packet.failed_quality()
    text = document("failed_quality")
    for check in packet.quality.checks:
        assert html.escape(check.message) in text
    page = Page(text)
    assert "5 example rows" in page.text
    assert "passenger_age = null" in page.text.replace(" ,", ",")
    assert "null 5,000, nan 400, empty 12" in page.text
    assert "quality.range of geo_hash could not be judged: the check faulted: boom" in page.text
    assert page.text.lower().count("could not be judged") == 1
    assert page.text.index("18.0% missing") < page.text.index("51 checks passed")


def test_what_was_not_computed_says_so() -> None:
    said = Page(document("late_labels")).text
    assert "Not computed: labels are declared late" in said
    assert "Current AUC not computed" in said
    assert "labels land at noon" in said
    said = Page(document("nothing_watched")).text
    assert "nothing is due" in said
    assert "Not computed: no feature is watched" in json.dumps(specs(Page(document("nothing_watched"))))


@pytest.mark.parametrize(("count", "charted"), [(2, 2), (42, 40)])
def test_each_feature_has_its_charts_up_to_forty(count: int, charted: int) -> None:
    page = Page(to_html(sample_packet.many_features(count)))
    drawn = [a["data-chart"] for t, a in page.tags if t == "figure"]
    assert sum(str(name).startswith("contribution-") for name in drawn) == min(charted, count) - (count <= 40)
    found = specs(page)
    assert {str(name) for name in drawn} <= found.keys()
    # A feature without bins has none; where there are more than forty it is among those without charts.
    assert sum(name.startswith("distribution-") for name in found) == min(charted, count - 1)
    if count > 40:
        assert "the packet holds the bins of the other 2" in page.text


def test_charts_follow_the_page_in_width_and_scheme() -> None:
    found = specs(Page(document("metropulse")))
    for spec in found.values():
        assert spec["width"] == "container"
        assert "$schema" not in spec
        colours = re.findall(r"#[0-9a-f]{6}\b", json.dumps(spec))
        assert colours == []


def test_lone_surrogates_do_not_stop_the_report(packet: TriagePacket, tmp_path: Path) -> None:
    odd = packet.model_copy(update={"headline": "broken \ud800 text"})
    assert "\\ud800" in save_html(odd, tmp_path / "x.html").read_text("utf-8")


def test_a_folder_that_is_not_there_is_one_clear_line(packet: TriagePacket, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be written \(No such file"):
        save_html(packet, tmp_path / "missing" / "x.html")


def test_a_note_that_is_a_number_is_written_as_people_write_numbers() -> None:
    packet = sample_packet.metropulse()
    notes = {"night share": 0.1 + 0.2, "rows": 3_000_000, "injected": True}
    provenance = packet.provenance.model_copy(update={"notes": notes})
    text = to_html(packet.model_copy(update={"provenance": provenance}))
    assert "<dt>night share</dt><dd>0.3</dd>" in text
    assert "<dt>rows</dt><dd>3000000</dd>" in text
    assert "<dt>injected</dt><dd>True</dd>" in text


def test_why_it_fell_stands_with_intervals_assumptions_and_where_most() -> None:
    text = Page(to_html(sample_packet.with_causes())).text
    assert "Why it fell" in text
    assert "Novelty of user_id 0.041 0.029 to 0.053" in text
    assert "device_type = <mobile> 0.008" in text
    assert "Models trained without a unit show what this one would have made of new ones" in text
    assert "No part of it: Every row has its label." in text
    assert "one known, one new 24.0% 0.730" in text
    assert "device_type 0.002 (-0.001 to 0.005)" in text
    assert "Why it fell" not in Page(to_html(sample_packet.metropulse())).text


def test_features_that_are_green_are_folded_where_there_are_many() -> None:
    packet = sample_packet.many_features(60)
    page = to_html(packet)
    green = [f.name for f in packet.drift.features if f.band == Band.GREEN]
    loud, quiet = summaries.apart(summaries.by_psi(packet.drift.features))
    assert {f.name for _, f in quiet} == set(green)
    assert not any(f.band == Band.GREEN for _, f in loud)
    assert page.count(f"<summary>{len(quiet)} more, all GREEN</summary>") == 1
    assert all(page.count(f'class="name">{name}</td>') == 1 for name in green), "each has its row, once"
    few = sample_packet.many_features(12)
    assert summaries.apart(few.drift.features)[1] == []
    assert "all GREEN" not in to_html(few)


def test_the_largest_stand_open_though_all_are_green() -> None:
    packet = sample_packet.many_features(60)
    calm = [f.model_copy(update={"band": Band.GREEN}) for f in packet.drift.features]
    loud, quiet = summaries.apart(calm)
    assert [at for at, _ in loud] == [0, 1, 2, 3]
    assert len(quiet) == 56


def test_checks_in_need_of_attention_are_folded_beyond_twenty() -> None:
    base = sample_packet.metropulse()
    failed = base.quality.checks[1].model_copy(update={"outcome": Outcome.FAILED})
    checks = [failed.model_copy(update={"column": f"column_{at}"}) for at in range(45)]
    page = to_html(base.model_copy(update={"quality": base.quality.model_copy(update={"checks": checks})}))
    assert "<summary>25 more that need attention</summary>" in page
    assert all(f'class="name">column_{at}</td>' in page for at in range(45))


def test_a_features_charts_are_those_that_can_be_drawn_alone(packet: TriagePacket) -> None:
    figures = figures_of(packet, packet.drift.features, None)
    for at, feature in enumerate(packet.drift.features):
        for kind, draw in (("distribution", charts.distributions), ("contribution", charts.contributions)):
            alone = specification(draw(packet, feature.name))
            (rows,) = alone["datasets"].values()
            found = figures[f"{kind}-{at}"]
            assert found["spec"]["data"] == {"values": rows}
            assert found["caption"]["title"] == alone["title"]["text"]
            assert [layer["mark"] for layer in found["spec"]["layer"]] == [
                theme.as_css_variables(layer["mark"]) for layer in alone["layer"]
            ]


def test_a_finding_that_begins_with_its_column_does_not_name_it_twice() -> None:
    packet = sample_packet.VARIANTS[next(iter(sample_packet.VARIANTS))]()
    first = packet.diagnosis.findings[0].model_copy(update={"subject": "hour", "text": "hour is RED: PSI 0.55"})
    other = first.model_copy(update={"text": "missing in hour: 3 of 10 rows"})
    found = packet.diagnosis.model_copy(update={"findings": [first, other]})
    page = to_html(packet.model_copy(update={"diagnosis": found}))
    assert "</span>hour is RED: PSI 0.55</li>" in page
    assert "<strong>hour:</strong> missing in hour" in page


def test_a_packet_of_before_is_due_without_the_rollback_that_its_decision_does_not_name(packet: TriagePacket) -> None:
    old = packet.sla.model_copy(update={"text": "act now, consider rollback; fix within 4 hours"})
    page = to_html(packet.model_copy(update={"sla": old}))
    assert packet.decision.verdict != "rollback"
    assert "(act now; fix within 4 hours)" in page
    assert "consider rollback" not in page


@pytest.mark.parametrize("answer", ["pape", "cannot_tell"])
def test_numbers_outside_what_may_be_believed_are_not_titled_as_estimates(packet: TriagePacket, answer: str) -> None:
    metric = EstimatedMetric(name="auc", value=0.7, interval=(0.6, 0.8))
    found = Estimates.model_validate(
        {
            "answer": answer,
            "rows": 100,
            "labelled": 0,
            "unscored": 0,
            "confidence": 0.95,
            "gap": False,
            "methods": [Estimate(method="pape", metrics=[metric], calibrator="none", calibration_error=0.01)],
            "message": "said",
        }
    )
    performance = packet.performance.model_copy(update={"estimates": found})
    page = to_html(packet.model_copy(update={"performance": performance}))
    assert ("Estimated, not measured" in page) is (answer == "pape")
    assert ("Computed, not to be believed" in page) is (answer == "cannot_tell")
    assert ("(estimates)" in page) is (answer == "pape")


def test_commands_in_the_decision_are_code_and_nothing_in_it_acts(packet: TriagePacket) -> None:
    said = ["Ask `dawnwatch decide` again", "`<b>` & <script>", "one ` alone\x1b"]
    page = to_html(packet.model_copy(update={"decision": packet.decision.model_copy(update={"would_change": said})}))
    for item in (
        "<li>Ask <code>dawnwatch decide</code> again</li>",
        "<li><code>&lt;b&gt;</code> &amp; &lt;script&gt;</li>",
        "<li>one ` alone\\x1b</li>",
    ):
        assert item in page
