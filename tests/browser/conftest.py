"""A real browser, driven by Playwright; where there is none these tests are skipped, and say so."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on the path to open the pages with")
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright to drive the browser with")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open a document from a file; nothing may be logged as an error, and nothing else may be asked for."""
    faults: list[str] = []
    opened = []

    def opener(document: str, *, width: int = 1024, **more: Any) -> Any:
        file = tmp_path / "page.html"
        file.write_bytes(document.encode("utf-8", "backslashreplace"))
        context = browser.new_context(viewport={"width": width, "height": 900}, **more)
        opened.append(context)
        tab = context.new_page()
        tab.set_default_timeout(60_000)
        tab.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on(
            "request",
            lambda r: None if r.url.partition("#")[0] == file.as_uri() else faults.append(f"asked for {r.url}"),
        )
        tab.goto(file.as_uri())
        return tab

    yield opener
    for context in opened:
        context.close()
    assert not faults
