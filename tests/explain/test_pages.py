"""The three pages as files: self-contained, safe, and held by the report."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dawnwatch.atomic import write_together
from dawnwatch.errors import UsageError
from dawnwatch.explain.example import example
from dawnwatch.explain.glossary import TERMS
from dawnwatch.explain.pages import PAGES, inside_report, page, page_files
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.html import to_html
from dawnwatch.report.page import script_hash
from tests.explain.packets import VARIANTS, metropulse
from tests.report.html_page import Page
from tests.report.sample_packet import ATTACK

LARGEST = 95_000
"""Bytes a page may have with MetroPulse's numbers: all three add less to a report than its charts do."""


@pytest.fixture(params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_no_other_file_is_needed_and_only_our_scripts_run(name: str, variant: str) -> None:
    seen = Page(page(name, VARIANTS[variant]()))
    for tag, attrs in seen.tags:
        assert "src" not in attrs, tag
        assert (attrs.get("href") or "#").startswith("#")
        assert tag != "link"
        assert not [attribute for attribute in attrs if attribute.startswith("on")]
    assert "default-src 'none'" in seen.policy
    running = [text for attrs, text in seen.scripts if attrs.get("type") != "application/json"]
    assert len(running) >= 2
    script_rule = re.search(r"script-src ([^;]*)", seen.policy)
    assert script_rule is not None
    assert set(re.findall(r"'(sha256-[^']*)'", script_rule[1])) == {script_hash(text) for text in running}
    assert "unsafe" not in script_rule[1]


def test_every_id_is_given_once_and_every_reference_leads_to_one(name: str) -> None:
    seen = Page(page(name, metropulse()))
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in seen.tags:
        for attribute in ("aria-controls", "aria-describedby", "aria-labelledby", "for"):
            assert attrs.get(attribute) is None or attrs[attribute] in ids, attrs
        link = attrs.get("href")
        assert link is None or link[1:] in ids, link


def test_names_from_the_data_stay_text(name: str) -> None:
    text = page(name, VARIANTS["hostile"]())
    seen = Page(text)
    plain = Page(page(name, metropulse()))
    assert len(seen.scripts) == len(plain.scripts)
    assert not [tag for tag, _ in seen.tags if tag == "img"]
    assert "\x1b" not in text
    assert "\u202e" not in text
    held = next(script for attrs, script in seen.scripts if attrs.get("id") == "data")
    assert "<" not in held
    assert ATTACK in seen.text or ATTACK in json.dumps(json.loads(held))


def save_pages(packet: TriagePacket, folder: Path) -> list[Path]:
    return write_together(page_files(packet, folder))


def test_three_files_are_written_and_link_to_each_other(tmp_path: Path) -> None:
    written = save_pages(metropulse(), tmp_path)
    assert [path.name for path in written] == list(PAGES.values())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PAGES.values())
    for path in written:
        seen = Page(path.read_text("utf-8"))
        links = [attrs["href"] for tag, attrs in seen.tags if tag == "a" and not str(attrs["href"]).startswith("#")]
        assert links == list(PAGES.values())


def test_a_later_run_replaces_them(tmp_path: Path) -> None:
    save_pages(metropulse(), tmp_path)
    for path in save_pages(metropulse().model_copy(update={"project": "Another model"}), tmp_path):
        assert "Another model" in path.read_text("utf-8")


def test_a_name_that_cannot_be_written_in_utf_8_keeps_no_page_from_being_written(tmp_path: Path) -> None:
    packet = metropulse()
    drift = packet.drift.model_copy(
        update={"features": [packet.drift.features[0].model_copy(update={"name": "broken \ud800 name"})]}
    )
    assert len(save_pages(packet.model_copy(update={"drift": drift, "project": "\ud800"}), tmp_path)) == 3


def test_an_unknown_page_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"'playbok'\. Did you mean 'playbook'\? There are: drift, pipeline, playbook"):
        page("playbok", metropulse())


def test_every_term_the_pages_explain_is_in_the_glossary() -> None:
    folder = Path(__file__).parents[2] / "src/dawnwatch/explain/templates"
    written = "".join(file.read_text() for file in folder.glob("*.j2"))
    asked = {term for _, term in re.findall(r"""\bterm\((['"])(.+?)\1""", written)}
    assert len(asked) > 10
    assert not asked - set(TERMS)


def test_a_page_tells_whose_numbers_it_shows(name: str) -> None:
    own = Page(page(name, metropulse())).text
    assert metropulse().project in own
    assert "the worked example" not in own
    assert "the worked example" in Page(page(name, example(), example=True)).text


def test_a_page_stays_small(name: str) -> None:
    assert len(page(name, example()).encode()) < LARGEST


def test_the_report_holds_the_pages_and_lets_their_scripts_run() -> None:
    packet = metropulse()
    report = Page(to_html(packet, inner=inside_report(packet)))
    held = json.loads(next(text for attrs, text in report.scripts if attrs.get("id") == "inner"))
    assert held == [page(name, packet) for name in PAGES]
    for document in held:
        for hashed in re.findall(r"'sha256-[^']*'", Page(document).policy):
            assert hashed in report.policy
    links = [str(attrs["href"]) for tag, attrs in report.tags if tag == "a"]
    assert [link for link in links if not link.startswith("#")] == [], "another run may write any file beside it"
    ids = [attrs["id"] for _, attrs in report.tags if "id" in attrs]
    assert [link for link in links if link[1:] not in ids] == []
    assert [link for link in links if link.startswith("#explainer-")] == [f"#explainer-{name}" for name in PAGES]
    assert len([1 for tag, attrs in report.tags if tag == "details" and "data-page" in attrs]) == 3
    assert len(to_html(packet, inner=inside_report(packet))) - len(to_html(packet)) < 3 * LARGEST


def test_a_report_without_pages_speaks_of_none() -> None:
    assert "explainers" not in to_html(metropulse()).replace("#explainers {", "").replace("#explainers", "")
