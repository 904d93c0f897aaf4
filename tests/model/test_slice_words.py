"""Weak slices in words."""

from __future__ import annotations

import pytest

from dawnwatch.model.slice_words import search_sentence, slice_line, weak_slice_sentence
from dawnwatch.model.weak_slices import SliceSearch, condition_text
from tests.triage.builders import weak_slice


def test_a_slice_that_got_worse() -> None:
    assert weak_slice_sentence(weak_slice()) == (
        "Where device = tablet and 3 < age ≤ 5, AUC went from 0.761 to 0.552 (-0.209, 95% interval -0.260 to -0.160; "
        "elsewhere by -0.004), over 1,003 rows, 64% of the overall drop (q = 2e-07)"
    )
    assert slice_line(weak_slice()) == (
        "device = tablet and 3 < age ≤ 5: AUC 0.761 → 0.552, elsewhere by -0.004, 64% of the overall drop"
    )


def test_a_slice_there_is_more_of() -> None:
    grown = weak_slice(kind="composition", composition=0.031, share_of_drop=None)
    assert weak_slice_sentence(grown) == (
        "There is more of device = tablet and 3 < age ≤ 5 (10% to 20% of rows), whose rows the model ranks worse than "
        "others, before as now: that adds 0.031 to the fall of the AUC (q = 2e-07)"
    )
    assert slice_line(grown) == "device = tablet and 3 < age ≤ 5: 10% → 20% of rows, ranked badly as before"


@pytest.mark.parametrize(
    ("search", "said"),
    [
        (
            SliceSearch(level=0.05, tests=12, bins=5, mix=5, conjunctions=2, covered=1),
            "12 slices tested together (5 bins for having got worse, 5 for being more than before, 2 conjunctions of "
            "two or three conditions); of those named a share of at most 5% is expected to be false (Benjamini and "
            "Hochberg); 1 more passed, and nothing is left of that without the rows of these",
        ),
        (SliceSearch(level=0.05, reasons=["too few units"]), "no slice was searched for; too few units"),
        (
            SliceSearch(level=0.05, tests=1, bins=1),
            "1 slice tested together (1 bin for having got worse); of those named a share of at most 5% is expected to "
            "be false (Benjamini and Hochberg)",
        ),
    ],
)
def test_how_it_was_searched(search: SliceSearch, said: str) -> None:
    assert search_sentence(search) == said


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("≤ 5", "age ≤ 5"),
        ("> 9", "age > 9"),
        ("= 0", "age = 0"),
        ("3 < x < 5", "3 < age < 5"),
        ("(missing)", "age = (missing)"),
        ("bin 3 of 11", "age = bin 3 of 11"),
    ],
)
def test_bins_in_words(value: str, text: str) -> None:
    assert condition_text("age", value) == text
