"""The HTML report in a real browser: it opens from a file, offline, and draws its charts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dawnwatch import Config, Monitor
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
