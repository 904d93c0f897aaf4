"""Windows in words, and how a reference is cut into them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import open_source
from dawnwatch.errors import UsageError
from dawnwatch.monitoring.calibration.schedule import blocks_of, schedule


@pytest.mark.parametrize(
    ("window", "rows", "span"), [("5000", 5000, None), ("5_000 rows", 5000, None), ("1d", None, 24.0), ("6h", None, 6)]
)
def test_a_window_is_of_rows_or_of_time(window: str, rows: int | None, span: float | None) -> None:
    found = schedule("1d", window)
    assert (found.rows, found.span, found.runs) == (rows, span, 365.25)


@pytest.mark.parametrize(
    ("every", "window", "said"),
    [
        ("daily", "1d", "--every must be a number with h, d or w"),
        ("none", "1d", "--every must be a number with h, d or w"),
        ("1d", "half", "--window must be rows, such as 5000, or time"),
        ("1d", "1", "--window must hold at least 2 rows"),
        ("1d", "none", "--window must be rows"),
    ],
)
def test_other_words_are_refused(every: str, window: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        schedule(every, window)


@pytest.mark.parametrize("unit", [1, 1000, 1_000_000])
def test_blocks_of_time_end_with_the_newest_row(unit: int) -> None:
    """Ten days of minutes, counted in seconds, milli- or microseconds since 1970."""
    at = (1_700_000_000 + 60 * np.arange(1440 * 10)) * unit
    source = open_source(pa.table({"at": at}))
    blocks = blocks_of(source, "at", schedule("1d", "1d"), at.size)
    place = blocks.of(at.astype(float))
    rows = np.bincount(place[place >= 0])
    assert blocks.count % blocks.length in range(blocks.length)
    assert rows.max() - rows.min() <= 1
    assert rows[-blocks.length :].sum() == pytest.approx(1440, abs=2)
    assert place[-1] == blocks.count - 1


def test_blocks_of_rows_hold_equally_many() -> None:
    rng = np.random.default_rng(1)
    at = np.sort(rng.exponential(size=30_000)).cumsum()
    blocks = blocks_of(open_source(pa.table({"at": at})), "at", schedule("1d", "3000"), at.size)
    rows = np.bincount(blocks.of(at))
    assert blocks.windows == 10
    assert rows.sum() == at.size
    assert rows.max() - rows.min() <= 2


def test_of_a_long_past_the_newest_windows_are_kept() -> None:
    at = np.arange(100_000.0)
    blocks = blocks_of(open_source(pa.table({"at": at})), None, schedule("1d", "100"), at.size)
    place = blocks.of(at)
    assert (blocks.count, blocks.length) == (64, 1)
    assert (place >= 0).sum() == pytest.approx(6400, abs=2)
    assert place[-1] == 63
    assert place[0] == -1
