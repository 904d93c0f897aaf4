"""Values as they are typed, at a prompt or behind a flag: taken, or refused in one line that says what would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from typing import TypeVar

from dawnwatch.cli.exits import guarded
from dawnwatch.errors import UsageError, did_you_mean

__all__ = ["a_psi", "a_share", "a_whole_number", "one_of", "psi", "share"]

T = TypeVar("T")


def share(name: str, text: str) -> float:
    """Return a typed share: a number from 0 to 1, or percent. Raises UsageError.

    Examples
    --------
    >>> share("Missing values", "5%"), share("Missing values", "0.1")
    (0.05, 0.1)
    """
    value = _number(text)
    if value is None or not 0 <= value <= 1:
        raise UsageError(f"{name} must be between 0 and 1, such as 0.05 or 5%; got {text!r}{_pointed(text)}")
    return value


def psi(name: str, text: str) -> float:
    """Return a typed bound of the PSI. Raises UsageError."""
    from dawnwatch.config.thresholds import LEAST_PSI

    value = _number(text)
    if value is None or value <= 0:
        raise UsageError(f"{name} must be a number above 0, such as 0.2; got {text!r}{_pointed(text)}")
    if value < LEAST_PSI:
        raise UsageError(f"{name} must be at least {LEAST_PSI:f}, for less is chance in any window; got {text!r}")
    return value


def _number(text: str) -> float | None:
    """Return a finite number, which may be in percent; None for what is none."""
    digits, percent = text.strip().removesuffix("%").strip(), text.strip().endswith("%")
    try:
        value = float(digits) / (100 if percent else 1)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _pointed(text: str) -> str:
    """Return a hint where a decimal comma is all that is wrong."""
    pointed = text.strip().replace(",", ".")
    return f"; decimals take a point: {pointed}" if "," in text and _number(pointed) is not None else ""


def a_share(flag: str) -> Callable[[str], float]:
    """Return what reads a flag's share."""
    return guarded(lambda text: share(flag, text))


def a_psi(flag: str) -> Callable[[str], float]:
    """Return what reads a flag's PSI."""
    return guarded(lambda text: psi(flag, text))


def a_whole_number(flag: str) -> Callable[[str], int]:
    """Return what reads a flag's whole number."""

    def read(text: str) -> int:
        try:
            return int(text)
        except ValueError:
            raise UsageError(f"{flag} must be a whole number, such as 7; got {text!r}") from None

    return guarded(read)


def one_of(name: str, choices: Iterable[str], kind: Callable[[str], T]) -> Callable[[str], T]:
    """Return what reads one of a few words, in any case."""
    words = [str(word) for word in choices]

    def read(text: str) -> T:
        if text.lower() not in words:
            hint = did_you_mean(text.lower(), words)
            raise UsageError(f"{name} must be {', '.join(words[:-1])} or {words[-1]}; got {text!r}.{hint}".rstrip("."))
        return kind(text.lower())

    return guarded(read)
