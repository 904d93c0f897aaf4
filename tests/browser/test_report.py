"""The HTML report in a real browser: it opens from a file, offline, and draws its charts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest

from dawnwatch import Config, Monitor
from dawnwatch.explain.example import example
from dawnwatch.explain.pages import inside_report
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.quality import QualityKind
from dawnwatch.report.html import to_html
from tests.cli.conftest import CONFIG, table
from tests.report import sample_packet, sample_replay, watched_packet
from tests.report.test_maturity import arrivals
from tests.report.test_weak_slices import holding
from tests.triage.builders import weak_slice

DRAWN = "figure[data-chart] :is(svg, canvas).marks"


def test_every_chart_is_drawn_and_no_script_fails(tmp_path: Path, show: Callable[..., Any]) -> None:
    (tmp_path / "dawnwatch.toml").write_text(CONFIG)
    # Every feature is RED, so that none is folded away: a chart in closed details waits to be opened.
    config = Config.load(tmp_path / "dawnwatch.toml").override(psi=1e-6)
    watcher = Monitor(config).fit(table(3000))
    tab = show(to_html(watcher.check(table(2000, mobile=0.6, noise=3, seed=1))))
    asked = tab.locator("figure[data-chart]").count()
    assert asked >= 5, "quality, drift, performance, slices and a feature have a chart each"
    tab.wait_for_function(f"document.querySelectorAll('{DRAWN}').length === {asked}")


def test_on_a_phone_headings_stand_apart_and_a_cell_is_one_thing(show: Callable[..., Any]) -> None:
    tab = show(to_html(example()), width=390)
    tab.wait_for_selector(DRAWN)
    ends = tab.evaluate(
        """kinds => [...document.querySelectorAll("figure[data-chart] svg text")]
          .filter((node) => kinds.includes(node.textContent)).map((node) => node.getBoundingClientRect())
          .map((box) => [box.left, box.right]).sort((a, b) => a[0] - b[0])""",
        list(get_args(QualityKind)),
    )
    assert len(ends) == 4
    assert all(one[1] + 2 < two[0] for one, two in pairwise(ends)), ends
    slices = {f"device_type = {part.value}" for part in example().performance.slices}
    shown = set(tab.locator("figure[data-chart] svg text").all_text_contents())
    assert slices <= shown, "slices of one column differ at their end, which must not be cut off"
    cells = tab.locator("table.cards > tbody > tr > td")
    assert cells.evaluate_all("cells => Math.max(...cells.map((cell) => cell.childElementCount))") == 1


@pytest.mark.parametrize("width", [390, 1024])
@pytest.mark.parametrize("target", ["drift", "performance", "explainers", "explainer-playbook", "thresholds", "human"])
def test_a_link_lands_on_its_target_once_all_above_it_is_drawn(
    show: Callable[..., Any], width: int, target: str
) -> None:
    tab = show(to_html(example(), inner=inside_report(example())), width=width)
    tab.goto("about:blank")
    tab.go_back()
    tab.goto(tab.url.partition("#")[0] + f"#{target}")
    tab.reload()
    tab.wait_for_selector(DRAWN)
    tab.wait_for_function(
        """target => {
          // At the top of the window, or as far up as the page goes.
          const root = document.documentElement;
          const top = document.getElementById(target).getBoundingClientRect().top;
          const atEnd = root.scrollHeight - window.innerHeight - window.scrollY < 2;
          const state = [Math.round(top), root.scrollHeight].join();
          window.steady = state === window.before ? (window.steady || 0) + 1 : 0;
          window.before = state;
          return window.steady > 40 && (Math.abs(top) < 2 || (atEnd && top > 0 && top < window.innerHeight));
        }""",
        arg=target,
        timeout=120_000,
    )


def test_a_reader_who_scrolls_is_not_pulled_back(show: Callable[..., Any]) -> None:
    tab = show(to_html(example(), inner=inside_report(example())))
    tab.goto(tab.url + "#performance")
    tab.wait_for_function("() => Math.abs(document.getElementById('performance').getBoundingClientRect().top) < 2")
    tab.mouse.wheel(0, -300)
    tab.wait_for_function("() => document.getElementById('performance').getBoundingClientRect().top > 250")
    tab.evaluate("document.body.append(Object.assign(document.createElement('p'), {textContent: 'later'}))")
    tab.wait_for_timeout(300)
    assert tab.evaluate("document.getElementById('performance').getBoundingClientRect().top") > 250


@pytest.mark.parametrize("make", [watched_packet.rescored, watched_packet.mixed_versions, watched_packet.late_feed])
def test_serving_versions_and_feed_fit_a_phone(show: Callable[..., Any], make: Callable[[], TriagePacket]) -> None:
    tab = show(to_html(make()), width=390)
    tab.locator("summary").evaluate_all("all => all.forEach((one) => { one.parentElement.open = true; })")
    assert tab.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    cells = tab.locator("table.cards > tbody > tr > td")
    assert cells.evaluate_all("cells => Math.max(...cells.map((cell) => cell.childElementCount))") == 1
    captions = tab.locator("table.cards > caption")
    assert captions.evaluate_all("all => Math.min(...all.map((one) => one.offsetWidth), 999)") > 250


@pytest.mark.parametrize("width", [390, 1024])
def test_a_replayed_decision_fits_the_window(show: Callable[..., Any], width: int) -> None:
    tab = show(to_html(sample_packet.metropulse(), replay=sample_replay.FOUND), width=width)
    tab.locator("#replay details summary").click()
    tab.locator("#replay svg").first.wait_for()
    assert tab.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    inside = (
        "[...document.querySelectorAll('#replay table')].every(t => t.scrollWidth <= t.parentElement.clientWidth + 1)"
    )
    assert tab.evaluate(inside)


@pytest.mark.parametrize("width", [390, 1100])
def test_sixty_features_with_long_names_fit_the_window_and_fold_what_is_quiet(
    show: Callable[..., Any], width: int
) -> None:
    tab = show(to_html(sample_packet.many_features(60)), width=width)
    tab.wait_for_selector(DRAWN)
    folded = tab.evaluate("document.documentElement.scrollHeight")
    # On paper what is quiet stays a line.
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not tab.evaluate("[...document.querySelectorAll('details.quiet')].some(one => one.open)")
    tab.locator("#open-all").click()
    assert tab.evaluate("[...document.querySelectorAll('details.quiet')].every(one => one.open)")
    assert tab.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert tab.evaluate("document.documentElement.scrollHeight") > 1.5 * folded


def family(packet: TriagePacket, stem: str = "rolling_mean_of_journey_seconds_over_days_") -> TriagePacket:
    """The packet with all names of one family, which differ at their ends."""
    features = [f.model_copy(update={"name": f"{stem}{at:02d}"}) for at, f in enumerate(packet.drift.features)]
    checks = [
        c if c.column is None else c.model_copy(update={"column": f"{stem}{at % 8:02d}"})
        for at, c in enumerate(packet.quality.checks)
    ]
    return packet.model_copy(
        update={
            "drift": packet.drift.model_copy(update={"features": features}),
            "quality": packet.quality.model_copy(update={"checks": checks}),
        }
    )


@pytest.mark.parametrize("width", [390, 1100])
def test_long_names_of_a_family_keep_the_ends_they_differ_by(show: Callable[..., Any], width: int) -> None:
    tab = show(to_html(family(sample_packet.many_features(12))), width=width)
    for chart, names in (("drift", 12), ("quality", 8)):
        plot = tab.locator(f"figure[data-chart={chart}] svg")
        plot.scroll_into_view_if_needed()
        labels = [text for text in plot.locator("text").all_text_contents() if text.startswith("rolling")]
        assert len(labels) == len(set(labels)) == names
        assert all("…" in label and label[-2:].isdigit() for label in labels), labels


OUTSIDE = """all => all.flatMap((svg) => {
  const box = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter((node) => node.textContent
    && (node.getBoundingClientRect().right > box.right + 1 || node.getBoundingClientRect().left < box.left - 1))
    .map((node) => node.textContent);
})"""


@pytest.mark.parametrize("width", [390, 1100])
@pytest.mark.parametrize("days", [7, 28, 60])
def test_days_without_a_label_are_seen_and_no_date_is_cut(show: Callable[..., Any], days: int, width: int) -> None:
    found = arrivals(days)
    tab = show(to_html(found), width=width)
    plot = tab.locator("figure[data-chart=cohorts] svg")
    plot.scroll_into_view_if_needed()
    assert plot.evaluate_all(OUTSIDE) == []
    maturity = found.performance.maturity
    assert maturity is not None
    empty = sum(one.share == 0 for one in maturity.cohorts)
    heights = plot.locator(".mark-rect path").evaluate_all("all => all.map((one) => one.getBBox().height)")
    assert empty >= 1
    assert sum(2 <= height <= 4 for height in heights) >= empty


@pytest.mark.parametrize("width", [390, 780, 945, 1024, 1100])
@pytest.mark.parametrize("make", [example, sample_packet.failed_quality, sample_packet.other_distance])
def test_no_table_is_wider_than_what_holds_it(
    show: Callable[..., Any], make: Callable[[], TriagePacket], width: int
) -> None:
    tab = show(to_html(holding(make(), weak_slice(), weak_slice())), width=width)
    tab.wait_for_selector(DRAWN)
    tab.locator("#open-all").click()
    assert tab.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    wide = tab.locator("table:visible").evaluate_all(
        """all => all.map((table) => [table.getBoundingClientRect().right, table.parentElement, table])
          .filter(([right, holder]) => right > holder.getBoundingClientRect().right + 1)
          .map(([, , table]) => table.innerText.slice(0, 40))"""
    )
    assert wide == []
