"""The comparison page in a real browser: three runs fit a phone, and names are not cut to pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dawnwatch.explain.example import example
from dawnwatch.report.comparison.html import to_html
from dawnwatch.triage.compare import compare


def three() -> str:
    packet = example()
    calm = {"severity": "high", "rule": "red_drift", "facts": ["red_drift"]}
    runs = [("baseline", {}), ("tight", {}), ("loose", calm)]
    return to_html(compare([packet.model_copy(update={"id": name, "label": name, **more}) for name, more in runs]))


@pytest.mark.parametrize("width", [390, 1024, 1600])
def test_three_runs_fit_beside_each_other(show: Callable[..., Any], width: int) -> None:
    tab = show(three(), width=width)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.locator(".wide").evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    lines = tab.locator("th.differs", has_text="performance_").evaluate(
        """th => {
          const range = document.createRange();
          range.selectNodeContents(th.firstChild);
          return [th.firstChild.textContent, range.getClientRects().length];
        }"""
    )
    assert lines == ["performance_", 1], "a name breaks after its underscore, not within a word"


def test_names_stand_under_each_other_whether_marked_or_not(show: Callable[..., Any]) -> None:
    tab = show(three())
    starts = tab.locator("table.side tbody th[scope=row]").evaluate_all(
        """names => names.map((th) => {
          const range = document.createRange();
          range.selectNodeContents(th);
          return Math.round(range.getClientRects()[0].left);
        })"""
    )
    assert len(starts) > 10
    assert len(set(starts)) == 1
