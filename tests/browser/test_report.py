"""The HTML report in a real browser: it opens from a file, offline, and draws its charts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from dawnwatch import Config, Monitor
from dawnwatch.explain.example import example
from dawnwatch.model.sections import QualityKind
from dawnwatch.report.html import to_html
from tests.cli.conftest import CONFIG, table

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
