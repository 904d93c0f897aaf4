"""One attempt to download a small file, that ends in time whatever the server does."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request

from dawnwatch import DataError
from metropulse.progress import Progress

__all__ = ["download"]

_CHUNK = 1 << 16
_TICK = 0.05


class _Attempt:
    """What the thread that talks to the server shares with the one that waits for it."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0
        self.total: int | None = None
        self.fault: str | None = None
        self.ended = threading.Event()
        self.abandoned = threading.Event()


def download(url: str, *, timeout: float, progress: Progress, limit: int = 64_000_000) -> bytes:
    """Return what `url` answers, kept in memory until it is whole: a kill leaves nothing behind.

    The whole attempt gives up after `timeout` seconds, whether it hangs in the name lookup, the connection,
    the headers, in silence, or in a server that sends a byte now and then. No socket timeout covers all of
    these (a lookup has none, and each byte starts it anew), so a thread does the talking and is abandoned.

    Parameters
    ----------
    url
        An http or https address.
    timeout
        Seconds for everything.
    progress
        Told the bytes so far, in the calling thread.
    limit
        Largest answer taken, in bytes.

    Raises
    ------
    DataError
        With the reason in a few words, without the address.
    """
    if not url.startswith(("http://", "https://")):
        raise DataError("not an http or https address")
    attempt = _Attempt()
    name = url.rsplit("/", 1)[-1]
    deadline = time.monotonic() + timeout
    threading.Thread(target=_talk, args=(attempt, url, timeout, limit), daemon=True).start()
    try:
        while not attempt.ended.wait(_TICK):
            if attempt.size:
                progress(name, attempt.size, attempt.total)
            if time.monotonic() > deadline:
                raise DataError(_late(attempt, timeout))
    finally:
        attempt.abandoned.set()
    if attempt.fault is not None:
        raise DataError(attempt.fault)
    progress(name, attempt.size, attempt.total)
    return b"".join(attempt.parts)


def _late(attempt: _Attempt, timeout: float) -> str:
    if not attempt.size:
        return f"no answer within {timeout:g} s"
    whole = f" of {attempt.total:,}" if attempt.total else ""
    return f"only {attempt.size:,}{whole} bytes within {timeout:g} s"


def _talk(attempt: _Attempt, url: str, timeout: float, limit: int) -> None:
    """Fill `attempt`; every outcome ends in `ended` being set."""
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "dawnwatch"})  # noqa: S310 - http(s) only
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310 - http(s) only
            length = answer.headers.get("Content-Length", "")
            attempt.total = int(length) if length.isdigit() else None
            while not attempt.abandoned.is_set():
                part = answer.read1(_CHUNK)
                if not part:
                    break
                attempt.parts.append(part)
                attempt.size += len(part)
                if attempt.size > limit:
                    attempt.fault = f"more than {limit:,} bytes"
                    return
        # read1 ends quietly where the connection breaks off.
        if attempt.total is not None and attempt.size != attempt.total:
            attempt.fault = f"broke off after {attempt.size:,} of {attempt.total:,} bytes"
    except urllib.error.HTTPError as error:
        attempt.fault = f"HTTP {error.code} {error.reason}"
        error.close()
    except Exception as error:  # whatever it is, the waiting thread must hear of it
        reason = getattr(error, "reason", error)
        late = isinstance(reason, TimeoutError)
        attempt.fault = _late(attempt, timeout) if late else _words(reason)
    finally:
        attempt.ended.set()


def _words(reason: object) -> str:
    """Return the message of an error as one line: the system's words, without the number."""
    text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return " ".join(text.split())
