"""The HTML report in a real browser: it opens from a file, offline, and draws its charts."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dawnwatch import Config, Monitor
from dawnwatch.report.html import save_html
from tests.cli.conftest import CONFIG, table

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path to open the report with")

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=8000",
    "--dump-dom",
]


def opened(page: Path, profile: Path) -> tuple[str, str]:
    """Return the page's DOM once its scripts have run, and what the browser logged."""
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout, done.stderr


def test_every_chart_is_drawn_and_no_script_fails(tmp_path: Path) -> None:
    (tmp_path / "dawnwatch.toml").write_text(CONFIG)
    # Every feature is RED, so that none is folded away: a chart in closed details waits to be opened.
    config = Config.load(tmp_path / "dawnwatch.toml").override(psi=1e-6)
    watcher = Monitor(config).fit(table(3000))
    page = save_html(watcher.check(table(2000, mobile=0.6, noise=3, seed=1)), tmp_path / "report.html")

    dom, log = opened(page, tmp_path / "profile")

    asked = len(re.findall(r"<figure data-chart=", page.read_text()))
    drawn = len(re.findall(r'<(?:svg|canvas)[^>]*class="[^"]*marks', dom))
    assert asked >= 5, "quality, drift, performance, slices and a feature have a chart each"
    assert drawn == asked
    errors = [line for line in log.splitlines() if "CONSOLE" in line and ("rror" in line or "refused" in line.lower())]
    assert not errors
