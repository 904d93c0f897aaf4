"""What a window lacks, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dawnwatch.model.needed import Needed

LABELS: dict[str, Any] = {"why": "within_noise", "size": 0.061, "of": "label", "now": 5000, "more": 2300}
BY = {"per_day": 1240.4, "by": datetime(2026, 1, 7, 6, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {},
            "To tell this fall of 0.061 from noise, four times in five, takes 2,300 more labels beside the 5,000 there "
            "are",
        ),
        (
            BY,
            "To tell this fall of 0.061 from noise, four times in five, takes 2,300 more labels beside the 5,000 there "
            "are: at this window's 1,240 a day, by 2026-01-07 06:00 UTC",
        ),
        (
            {"why": "too_coarse", "size": 0.05, "of": "rider", "now": 60, "more": 1, **BY, "per_day": 4.25},
            "To tell a fall of 0.050 from noise, four times in five, takes 1 more rider value beside the 60 there "
            "are: at this window's 4.2 a day, by 2026-01-07 at the earliest (its second half brought as many new "
            "ones as its first)",
        ),
        (
            {"more": 100_000, "per_day": 3.0, "by": BY["by"]},
            "To tell this fall of 0.061 from noise, four times in five, takes 100,000 more labels beside the 5,000 "
            "there are: at this window's 3.0 a day that takes 91 years",
        ),
        (
            {"why": "too_few_units", "of": "rider", "now": 9, "more": 41},
            "To judge the AUC at all takes 41 more rider values beside the 9 there are, which this population may not "
            "have",
        ),
        (
            {"of": "user", "now": 505, "more": 838},
            "To tell this fall of 0.061 from noise, four times in five, takes 838 more user values beside the 505 "
            "there are, which this population may not have",
        ),
        (
            {"of": "user", "now": None, "more": None, "times": 2.66},
            "To tell this fall of 0.061 from noise, four times in five, takes 2.7 times the user values there are, "
            "which are not counted in a slice",
        ),
        (
            {"more": None},
            "To tell this fall of 0.061 from noise, no number of further labels would do: the performance baseline "
            "itself needs more rows",
        ),
    ],
)
def test_in_one_sentence(changes: dict[str, Any], said: str) -> None:
    assert Needed(**(LABELS | changes)).text == said
