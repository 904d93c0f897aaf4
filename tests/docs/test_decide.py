"""The figures of docs/decide.md are those that `make decide-bench` wrote."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/decide.md").read_text("utf-8")
RESULTS = (ROOT / "benchmarks/decide/results.md").read_text("utf-8")


def cells(text: str) -> set[tuple[str, ...]]:
    """The rows of all tables, without rules."""
    rows = (tuple(cell.strip() for cell in line.strip("|").split("|")) for line in text.splitlines() if line[:1] == "|")
    return {row for row in rows if not set("".join(row)) <= set(":- ")}


def found(pattern: str) -> tuple[str, ...]:
    match = re.search(pattern, RESULTS)
    assert match, pattern
    return match.groups()


def test_the_tables_are_the_results() -> None:
    example = PAGE[PAGE.index("## MetroPulse") : PAGE.index("## How sure it is")]
    shown = {row for row in cells(example) if row[0] != "block"}
    whole = {row for row in shown if not row[0].isdigit()}
    assert len(whole) == 8
    assert whole <= cells(RESULTS)
    told = {row[:2] + row[2:] for row in cells(RESULTS)}
    for block, begin, learned, waiting, retrained in (row for row in shown if row[0].isdigit()):
        name = f"{block} from {begin}"
        rows = learned.removesuffix(" rows")
        assert any(row[:3] == ("retrain on reference + current", name, rows) and row[4] == retrained for row in told)
        assert any(row[:2] == ("wait", name) and row[4] == waiting for row in told)


def test_what_is_told_in_words_is_measured() -> None:
    draws, low_high, jackknife = found(r"- (\d+) bootstrap draws of whole riders: (.+); the jackknife says (.+)\.")
    said = f"{draws} bootstrap draws of whole riders give {low_high} for the gain where the jackknife says {jackknife}"
    assert said in PAGE
    (promised,) = found(r"Random splits promise ([\d.]+)")
    for page in (PAGE, (ROOT / "README.md").read_text("utf-8")):
        assert f"would have promised {promised}" in page
    three, one = found(r"takes ([\d.]+) seconds of one core, and ([\d.]+) at one cut")
    assert f"from {one} to {three} seconds" in PAGE
    gain, bounds = found(r"where waiting has 0\.\d+ \((\S+), interval ([^)]+)\)\. It gains")
    assert f"({gain}, interval {bounds})" in (ROOT / "README.md").read_text("utf-8")


def test_how_often_luck_is_taken_for_a_gain_is_measured() -> None:
    for kind in ("none, 1 cut", "none, 3 cuts", "every action, 3 cuts"):
        row = next(row for row in cells(RESULTS) if row[0] == kind)
        assert row[3] in PAGE, row
        assert int(row[1]) == 400
