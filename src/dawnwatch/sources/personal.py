"""Which columns look as if they held personal data, so that no value of theirs is ever written or shown.

Errs on the safe side: a column wrongly taken for personal loses its examples, one wrongly not taken leaks.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from dawnwatch.sources.naming import PERSON_WORDS, listed, name_words

__all__ = ["personal_name", "personal_values"]

PERSONAL_WORDS = frozenset(
    listed(
        "email mail phone telephone fax ssn passport iban birth surname firstname lastname fullname forename "
        "nickname username address street birthday birthdate dob cvv password passwd pin ip nino vorname "
        "nachname telefon geburtsdatum adresse"
    )
)
HARMLESS_WORDS = frozenset(
    listed(
        "is has had count counts num opened clicked sent bounced verified valid confirmed flag type kind "
        "length len rate share missing"
    )
)
"""With one of these, as in email_opened or phone_type, a column is about such data, but does not hold it."""

PERSONAL_PHRASES = [
    *({word, "name"} for word in listed("first last full middle maiden given family user")),
    *({word, "number"} for word in listed("card mobile cell")),
    *({word, "plate"} for word in listed("licence license")),
    *({word, "id"} for word in listed("national tax")),
    {"social", "security"},
    {"credit", "card"},
    {"bank", "account"},
    {"e", "mail"},
]
EMAIL = r"[^\s@<>\"]+@[^\s@<>\"]+\.[A-Za-z]{2,}"
PHONE = (
    r"^\s*(\+\d[\d ().\-/]{7,20}\d|00\d[\d ().\-/]{7,20}\d|\(\d{2,5}\)[ \-]?\d{3,4}[ .\-]?\d{3,5}"
    r"|\d{3}[ .\-]\d{3}[ .\-]\d{4}|0\d{2,4}[ /\-]\d{5,9})\s*$"
)
SSN = r"^\d{3}-\d{2}-\d{4}$"
SHARE = 0.2
"""A column holds numbers of persons where this share of its distinct values looks like one."""


def personal_name(name: str) -> bool:
    """Whether a column's name says that it holds personal data."""
    words = set(name_words(name)) | {"".join(name_words(name))}
    if words & HARMLESS_WORDS:
        return False
    if words & PERSONAL_WORDS or any(phrase <= words for phrase in PERSONAL_PHRASES):
        return True
    return "name" in words and (len(words) == 1 or bool(words & PERSON_WORDS))


def personal_values(values: pa.Array) -> str | None:
    """Say what personal data a plain string array of distinct values holds: e-mail addresses, phone numbers.

    One e-mail address anywhere in a value is enough; phone and social security numbers must make up a fifth
    of the values, since other codes look alike.
    """
    if pc.any(pc.match_substring_regex(values, EMAIL)).as_py():
        return "e-mail addresses"
    for pattern, what in ((PHONE, "phone numbers"), (SSN, "social security numbers")):
        alike = pc.sum(pc.match_substring_regex(values, pattern)).as_py() or 0
        if alike and alike >= SHARE * len(values):
            return what
    return None
