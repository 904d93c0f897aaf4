"""What Spark throws, as one line: the innermost reason rather than the two hundred lines of Java around it."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from dawnwatch.errors import DataError, DawnwatchError, one_line

__all__ = ["innermost", "quietly", "told"]

PYTHON_ERROR = re.compile(r"^(?:[\w.]+\.)?([A-Z]\w*(?:Error|Exception|Exit|Interrupt)): (.+)$", re.MULTILINE)
OURS = re.compile(r"^dawnwatch\.errors\.\w+: (.+)$", re.MULTILINE)
CAUSED = re.compile(r"^Caused by: (.+?)(?=\n\s*(?:at |\.\.\. )|\Z)", re.MULTILINE | re.DOTALL)
RECENT = re.compile(r"most recent failure: (.+?)(?=\n\s*at |\n\nDriver stacktrace|\Z)", re.DOTALL)
LOST_TASK = re.compile(r"^(?:Lost )?task [\d.]+ in stage [\d.]+ \(TID \d+\) \(.*?\): ", re.IGNORECASE)
JAVA_CLASS = re.compile(r"^(?:[a-z_$][\w$]*\.)+[\w$]+: ")
FILE = re.compile(r"while reading file (\S+?)\.?(?:\s|$)")
NEXT_STEPS = (
    ("No module named 'dawnwatch", "install dawnwatch on the executors, or ship it with --py-files"),
    ("No module named", "give the executors the driver's packages, or name their Python in PYSPARK_PYTHON"),
    ("PYTHON_VERSION_MISMATCH", "name the driver's Python in PYSPARK_PYTHON on every machine"),
    ("Python worker exited unexpectedly", "perhaps out of memory: raise spark.executor.memoryOverhead"),
    ("underlying files have been updated", "rewritten while it was read? run again"),
    ("maxResultSize", "raise spark.driver.maxResultSize"),
)


@contextmanager
def told(shown: str) -> Iterator[None]:
    """Turn whatever Spark throws inside into one line.

    Parameters
    ----------
    shown : how the line begins, such as "current window db.predictions"

    Raises
    ------
    DataError
    """
    try:
        yield
    except DawnwatchError:
        raise
    except Exception as error:
        text = f"{type(error).__name__}\n{error}"
        reason = innermost(error)
        step = next((step for sign, step in NEXT_STEPS if sign in text), None)
        raise DataError(f"{shown}: Spark failed: {reason}{f'; {step}' if step else ''}") from None


@contextmanager
def quietly() -> Iterator[None]:
    """Keep PySpark's own words off standard error.

    They are that a new pandas may not work, which nothing asked of it here uses, and what it is about to throw.
    """
    logger = logging.getLogger("SQLQueryContextLogger")
    before, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
            yield
    finally:
        logger.disabled = before


def innermost(error: BaseException) -> str:
    """Return the reason at the bottom of what Spark threw, in one line of at most 300 characters."""
    text = str(error)
    ours = OURS.findall(text)
    if ours:
        return str(ours[-1])
    if "Traceback (most recent call last)" in text:
        traces = re.split(r"Traceback \(most recent call last\):", text)
        # What follows the last Python frame, before Java's own frames begin.
        found = PYTHON_ERROR.findall(re.split(r"\n\s*at ", traces[-1])[0])
        if found:
            return _short(f"{found[-1][0]}: {found[-1][1]}")
    recent = RECENT.findall(text)[-1:]
    # The innermost cause says most, unless it is but the name of a class.
    reasons = [_plain(reason) for reason in [*reversed(CAUSED.findall(text)), *recent, _first(text)]]
    reason = next((reason for reason in reasons if " " in reason), reasons[0])
    file = FILE.search(text)
    if file is not None and file[1].rpartition("/")[2] not in reason:
        reason = f"{file[1]}: {reason}"
    return _short(reason)


def _first(text: str) -> str:
    head = text.split("\n\nJVM stacktrace")[0]
    return re.split(r"\n\s*at ", head)[0].split("\n: ")[-1]


def _plain(reason: str) -> str:
    """Drop the names of tasks and Java classes, Spark's codes, and the plan that follows an analysis error."""
    reason = re.split(r"\s*SQLSTATE: \w+", reason)[0]
    reason = LOST_TASK.sub("", reason.strip())
    while JAVA_CLASS.match(reason):
        reason = JAVA_CLASS.sub("", reason)
    return re.sub(r"^\[[A-Z_.]+\] ", "", reason).split("\n")[0].strip() or "no reason given"


def _short(reason: str) -> str:
    return one_line(ValueError(reason)).rstrip(".")
