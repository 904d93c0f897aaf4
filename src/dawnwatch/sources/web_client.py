"""Asking a web server for a file or a part of it."""

from __future__ import annotations

import base64
import ssl
import time
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import Request, build_opener

from dawnwatch.errors import DataError, one_line

__all__ = ["HttpClient"]

TIMEOUT = 30.0
"""Seconds without a byte after which a server is given up."""
TRIES = 3
PAUSE = 0.5
"""Seconds before the second try; twice that before the third."""

ANSWERS = {
    400: "the server does not understand the request (400); check the URL",
    401: "the server wants other credentials (401); write https://USER:PASSWORD@HOST/..., or a signed URL",
    403: "access denied (403); check that the URL is signed and has not expired",
    404: "no such file there (404); check the URL",
    410: "the file is gone (410); check the URL",
    416: "the file is empty; check what was to write it",
}


class HttpClient:
    """One URL, with what may be needed to be let in.

    Parameters
    ----------
    url : with `user:password@` where the server asks for them; they are sent to this server only
    shown : how messages begin, without any secret
    """

    def __init__(self, url: str, *, shown: str) -> None:
        self.shown = shown
        try:
            parts = urlsplit(url)
            host = parts.hostname
            _ = parts.port
        except ValueError:
            host = None
        if not host:
            raise DataError(f"{shown}: not a whole URL; write https://HOST/PATH")
        self._url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
        self._login = None
        if parts.username is not None:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._login = "Basic " + base64.b64encode(login.encode()).decode()
        self._opener = build_opener()

    def get(self, range_: str | None = None) -> Any:
        """Return the server's answer, open for reading; what may be a passing fault is tried again.

        Parameters
        ----------
        range_ : as in the header of that name, for example "bytes=0-15"

        Raises
        ------
        DataError
            Where there is none.
        """
        for attempt in range(TRIES):
            request = Request(self._url, headers={"User-Agent": "dawnwatch"})  # noqa: S310 - http and https only
            if range_:
                request.add_header("Range", range_)
            if self._login:
                request.add_unredirected_header("Authorization", self._login)
            try:
                return self._opener.open(request, timeout=TIMEOUT)
            except HTTPError as error:
                error.close()
                fault = ANSWERS.get(error.code, f"the server answers {error.code}; try again later")
                passing = error.code in {429, 500, 502, 503, 504}
            except (HTTPException, OSError, ValueError) as error:
                fault = self.words(error)
                cause = error.reason if isinstance(error, URLError) else error
                passing = isinstance(cause, TimeoutError | ConnectionResetError)
            if not passing or attempt == TRIES - 1:
                break
            time.sleep(PAUSE * 2**attempt)
        raise DataError(f"{self.shown}: {fault}")

    def part(self, start: int, size: int, total: int, tag: str | None) -> bytes:
        """Return `size` bytes from `start` of a file that was `total` bytes long and had this tag.

        Raises
        ------
        DataError
            Where they do not come, or the file is no longer the same.
        """
        fault = ""
        for _ in range(TRIES):
            with self.get(f"bytes={start}-{start + size - 1}") as answer:
                span = answer.headers.get("Content-Range", "")
                if answer.status != 206 or not span.endswith(f"/{total}") or answer.headers.get("ETag") != tag:
                    raise DataError(f"{self.shown}: changed while it was read; read it again")
                try:
                    body = bytes(answer.read())
                except (HTTPException, OSError) as error:
                    fault = self.words(error)
                    continue
            if len(body) == size:
                return body
            fault = f"{len(body):,} of {size:,} bytes came; try again"
        raise DataError(f"{self.shown}: broke off: {fault}")

    @staticmethod
    def words(error: BaseException) -> str:
        """Say why nothing came."""
        cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
        if isinstance(cause, TimeoutError):
            return f"no answer within {TIMEOUT:.0f} seconds; check the network, or try again later"
        if isinstance(cause, ConnectionRefusedError):
            return "connection refused; check host and port, and that the server runs"
        if isinstance(cause, ssl.SSLError):
            return "its certificate cannot be trusted; check the host's name and the machine's certificates"
        if isinstance(cause, HTTPException):
            return "the server broke off; try again"
        text = cause.strerror if isinstance(cause, OSError) and cause.strerror else one_line(cause)
        return f"{text.lower()}; check the URL and the network"
