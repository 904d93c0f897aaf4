"""Events around a model, such as releases: one JSON line each, in `events.jsonl` of the results folder."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from dawnwatch.atomic import write_atomically
from dawnwatch.errors import StoreError, UsageError
from dawnwatch.model.history import Event
from dawnwatch.store.files import alone

__all__ = ["EVENTS", "EventLog", "parse_moment"]

EVENTS = "events.jsonl"
LONGEST = 200
KIND = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def parse_moment(text: str) -> datetime:
    """Return a time written as ISO 8601, in UTC where it names no zone; a date alone is its midnight.

    Raises
    ------
    UsageError

    Examples
    --------
    >>> parse_moment("2026-11-24T06:00").isoformat(), parse_moment("2026-11-24T06:00+02:00").isoformat()
    ('2026-11-24T06:00:00+00:00', '2026-11-24T04:00:00+00:00')
    """
    try:
        when = datetime.fromisoformat(text.strip())
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"a time must be written as 2026-11-24T06:00, in UTC unless it ends in a zone such as +02:00; got {text!r}"
        ) from None


class EventLog:
    """The events of one results folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / EVENTS

    def add(self, text: str, at: datetime, *, kind: str | None = None) -> Event:
        """Record an event and return it; the file is replaced whole, by one process at a time.

        Raises
        ------
        UsageError
            Where the text is empty, longer than 200 characters or not one line, or the kind is no short word.
        StoreError
            Where the file holds what is no event, or cannot be written.
        """
        said = text.strip()
        if not said or len(said) > LONGEST or not said.isprintable():
            raise UsageError(f"an event's text must be one line of 1 to {LONGEST} characters; got {text!r}")
        if kind is not None and not KIND.fullmatch(kind):
            raise UsageError(
                f"an event's kind must be a word of lower-case letters, digits, - and _, such as deploy; got {kind!r}"
            )
        event = Event(at=at, text=said, kind=kind, recorded_at=datetime.now(UTC))
        folder = self.path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with alone(folder):
                lines = [*(old.model_dump_json() for old in self._read()), event.model_dump_json()]
                write_atomically(self.path, "".join(f"{line}\n" for line in lines).encode())
        except OSError as error:
            raise StoreError(f"{folder}: cannot be written ({error.strerror}); name another with --results") from None
        return event

    def all(self) -> list[Event]:
        """Return the events, earliest first; none where there is no file.

        Raises
        ------
        StoreError
            Where the file cannot be read, or one of its lines is no event; the line is named.
        """
        return sorted(self._read(), key=lambda event: (event.at, event.recorded_at))

    def _read(self) -> list[Event]:
        try:
            lines = self.path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be read ({error.strerror})") from None
        except UnicodeDecodeError:
            raise StoreError(f"{self.path}: is not UTF-8 text; move it away and record the events again") from None
        return [self._event(number, line) for number, line in enumerate(lines, start=1)]

    def _event(self, number: int, line: str) -> Event:
        try:
            event = Event.model_validate_json(line, strict=True)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in fault["loc"])
            reason = f"{where}: {fault['msg']}" if where else fault["msg"]
            raise StoreError(f"{self.path}, line {number}: no event ({reason}); mend or delete that line") from None
        if event.at.tzinfo is None or event.recorded_at.tzinfo is None:
            raise StoreError(f"{self.path}, line {number}: a time without a zone; end it in Z or such as +02:00")
        return event
