"""Signs and words for outcomes, bands, severities and verdicts; and text from the data made safe to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from dawnwatch.model.causes import Cause
from dawnwatch.model.enums import Band, Outcome, Severity

__all__ = [
    "BAND_OUTCOME",
    "OUTCOME_SIGN",
    "OUTCOME_WORD",
    "SEVERITY_SIGN",
    "VERDICT",
    "ascii_signs",
    "cause_title",
    "distinct",
    "shorten",
    "shorten_name",
    "shown",
    "visible",
]

TOGETHER = {"novelty": " or concept", "quality": ", mix or concept", "concept": " or mix"}
"""What a cause could not be told apart from."""
OUTCOME_SIGN = {
    Outcome.PASSED: "✓",
    Outcome.WARNED: "!",
    Outcome.FAILED: "✗",
    Outcome.NOT_COMPUTED: "\N{EN DASH}",
    Outcome.ERRORED: "*",
}
OUTCOME_WORD = {
    Outcome.PASSED: "passed",
    Outcome.WARNED: "warned",
    Outcome.FAILED: "failed",
    Outcome.NOT_COMPUTED: "not computed",
    Outcome.ERRORED: "errored",
}
BAND_OUTCOME = {Band.GREEN: Outcome.PASSED, Band.YELLOW: Outcome.WARNED, Band.RED: Outcome.FAILED}
SEVERITY_SIGN = {Severity.CRITICAL: "■", Severity.HIGH: "▲", Severity.MEDIUM: "◆", Severity.LOW: "●"}
VERDICT = {
    "fix_pipeline": "Fix the pipeline",
    "rollback": "Roll back",
    "retrain": "Retrain",
    "recalibrate": "Recalibrate",
    "wait": "Wait",
    "cannot_tell": "Cannot tell from this evidence",
}

_ASCII = str.maketrans(
    {
        "✓": "+",
        "✗": "x",
        "■": "#",
        "▲": "^",
        "◆": "*",
        "●": "o",
        "→": "->",
        "←": "<-",
        "─": "-",
        "\N{MULTIPLICATION SIGN}": "x",
        "ß": "ss",
        "±": "+/-",
        "∞": "infinity",
        "χ": "chi",
        "≤": "<=",
        "·": "|",
        "•": "-",
        "…": "...",
        "≠": "!=",
        "≥": ">=",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{MINUS SIGN}": "-",
    }
)

# Control characters drive terminals, bidirectional overrides reverse what stands after them, and a lone
# surrogate cannot be written to a file at all. Values come from data that nobody vetted.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def cause_title(cause: Cause) -> str:
    """Name a cause in a word or two, with the column it is about.

    Examples
    --------
    >>> cause_title(Cause(cause="novelty", column="rider", amount=0.04, interval=None))
    'Novelty of rider'
    """
    together = "" if cause.resolvable else TOGETHER.get(cause.cause, "")
    where = f" of {shown(cause.column)}" if cause.column is not None else ""
    return f"{cause.cause[:1].upper()}{cause.cause[1:]}{together}{where}"


def shown(value: object) -> str:
    r"""Return text from the data so that it can be seen and cannot act: control characters become escapes.

    Examples
    --------
    >>> shown("a\x1b[31m"), shown(""), shown(None)
    ('a\\x1b[31m', '(empty)', 'null')
    """
    return "null" if value is None else visible(str(value)) or "(empty)"


def visible(text: str) -> str:
    """Return text with its control characters written out as escapes."""
    return _UNSAFE.sub(lambda match: ascii(match[0])[1:-1], text)


def shorten(text: str, width: int) -> str:
    """Cut text to `width` characters, ending in "…" where something was left out."""
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def shorten_name(name: str, width: int) -> str:
    """Cut a name in its middle to `width` characters: names of one family differ at their ends.

    Examples
    --------
    >>> shorten_name("feature_with_a_rather_long_name_05", 20), shorten_name("age", 20)
    ('feature_w…ng_name_05', 'age')
    """
    if len(name) <= width:
        return name
    kept = max(0, width - 1)
    end = kept - kept // 2 if kept > 2 else 0
    return f"{name[: kept - end]}…{name[len(name) - end :]}"


def distinct(labels: Iterable[str]) -> list[str]:
    """Return labels as shown, with " (2)" and so on behind one that came before, so that no two bars merge."""
    seen: set[str] = set()
    out = []
    for label in map(shown, labels):
        name, times = label, 1
        while name in seen:
            times += 1
            name = f"{label} ({times})"
        seen.add(name)
        out.append(name)
    return out


def ascii_signs(text: str) -> str:
    r"""Write text in ASCII: signs by ones that look alike, letters without their accents, all others as escapes.

    Examples
    --------
    >>> ascii_signs("✗ Zürich → 1"), ascii_signs("Жук")
    ('x Zurich -> 1', '\\u0416\\u0443\\u043a')
    """
    if text.isascii():
        return text
    plain = (_without_accent(letter) for letter in text.translate(_ASCII))
    return "".join(plain).encode("ascii", "backslashreplace").decode("ascii")


def _without_accent(letter: str) -> str:
    apart = unicodedata.normalize("NFKD", letter)
    base = "".join(part for part in apart if not unicodedata.combining(part))
    return base if base.isascii() and base else letter
