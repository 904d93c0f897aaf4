"""Events: recorded one by one, never lost to one another, and refused in one line where they are none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dawnwatch.errors import StoreError, UsageError
from dawnwatch.store.events import EventLog, parse_moment

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
LINE = '{"at":"2026-11-24T06:00:00Z","text":"release","kind":null,"recorded_at":"2026-11-24T06:01:00Z"}\n'


def test_what_was_recorded_comes_back_earliest_first(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "new" / "folder")
    assert log.all() == []
    later = log.add("app release 5.1", AT, kind="deploy")
    earlier = log.add("  campaign  ", AT - timedelta(days=1))
    assert log.all() == [earlier, later]
    assert (earlier.text, earlier.kind, later.kind) == ("campaign", None, "deploy")
    assert [path.name for path in log.path.parent.iterdir()] == ["events.jsonl"]


def test_many_at_once_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: EventLog(tmp_path).add(f"event {i}", AT), range(24)))
    assert sorted(event.text for event in EventLog(tmp_path).all()) == sorted(f"event {i}" for i in range(24))


@pytest.mark.parametrize("text", ["", "   ", "two\nlines", "bell \x07", "x" * 201])
def test_a_text_that_is_no_line_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="must be one line of 1 to 200 characters"):
        EventLog(tmp_path).add(text, AT)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["", "Deploy", "two words", "-x", "é"])
def test_a_kind_that_is_no_word_is_refused(tmp_path: Path, kind: str) -> None:
    with pytest.raises(UsageError, match="kind must be a word"):
        EventLog(tmp_path).add("release", AT, kind=kind)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("not json\n", "Invalid JSON"),
        ("\n", "Invalid JSON"),
        ('{"at": "2026-11-24T06:00:00Z"}\n', "text: Field required"),
        (
            '{"at": 1764000000, "text": "x", "recorded_at": "2026-11-24T06:01:00Z"}\n',
            "at: Input should be a valid",
        ),
        (LINE.replace("06:00:00Z", "06:00:00"), "a time without a zone"),
    ],
)
def test_a_line_that_is_no_event_is_named_and_nothing_is_written_over_it(tmp_path: Path, bad: str, said: str) -> None:
    (tmp_path / "events.jsonl").write_text(LINE + bad)
    with pytest.raises(StoreError, match=rf"events\.jsonl, line 2: .*{said}"):
        EventLog(tmp_path).all()
    with pytest.raises(StoreError, match="line 2"):
        EventLog(tmp_path).add("release", AT)
    assert (tmp_path / "events.jsonl").read_text() == LINE + bad


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
        ("2026-11-24 06:00", AT),
        ("2026-11-24T06:00Z", AT),
        ("2026-11-24T08:00:00+02:00", AT),
        ("2026-11-23T22:00-08:00", AT),
    ],
)
def test_times_are_utc_unless_they_say_otherwise(text: str, when: datetime) -> None:
    parsed = parse_moment(text)
    assert parsed == when
    assert parsed.utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize("text", ["", "yesterday", "24.11.2026", "2026-13-01", "1764000000", "0001-01-01T00:00+10:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="must be written as 2026-11-24T06:00"):
        parse_moment(text)
