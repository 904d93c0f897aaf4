"""Which of what a user writes is a URL, and how it is shown without its secrets."""

from __future__ import annotations

import re

__all__ = ["SQL_SCHEMES", "STORES", "is_url", "redacted", "scheme"]

URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
FOLDED = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/[^/]")
"""What `pathlib.Path` makes of a URL."""
STORES = ("s3", "s3a", "s3n", "gs", "gcs", "az", "abfs", "abfss")
"""Schemes of object stores."""
SQL_SCHEMES = ("postgresql", "postgres", "sqlite", "duckdb")
"""Schemes of databases."""
SIGNED = re.compile(r"(sig|signature|token|secret|password|key)=", re.IGNORECASE)


def is_url(written: str) -> bool:
    """Whether text is a URL rather than a path."""
    return URL.match(written) is not None


def scheme(written: str) -> str | None:
    """Return what a URL, or one that `pathlib.Path` folded, begins with, in lower case; None for a path.

    >>> scheme("S3://bucket/x"), scheme("s3:/bucket/x"), scheme("log.csv")
    ('s3', 's3', None)
    """
    found = URL.match(written) or FOLDED.match(written)
    return found[1].lower() if found else None


def redacted(written: str) -> str:
    """Return a URL without its password and without its query, which may hold a signature; a path as it is.

    >>> redacted("https://ann:secret@host/log.csv?X-Signature=abc")
    'https://ann:***@host/log.csv?***'
    >>> redacted("postgresql://ann:p@ss/word@host/db?password=x#SELECT a FROM t WHERE b = '?'")
    "postgresql://ann:***@host/db?***#SELECT a FROM t WHERE b = '?'"
    """
    if not is_url(written):
        return written
    start, _, rest = written.partition("://")
    place, hash_, what = rest.partition("#")
    # A password that holds "@", "/" or "?" ought to be encoded; one that is not must not be shown either.
    place = re.sub(r"^([^:@/?]*):.*@", r"\1:***@", place)
    host, query, secret = place.partition("?")
    if start.lower() in STORES and not SIGNED.search(secret):
        return f"{start}://{place}{hash_}{what}"  # a question mark in a pattern
    return f"{start}://{host}{query and '?***'}{hash_}{what}"
