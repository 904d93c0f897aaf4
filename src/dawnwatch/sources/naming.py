"""What a column's name says that it holds, in the words data teams use."""

from __future__ import annotations

import re

__all__ = [
    "LABEL_NAMES",
    "LABEL_WORDS",
    "PERSON_WORDS",
    "SCORE_NAMES",
    "SCORE_WORDS",
    "SLICE_WORDS",
    "TIME_WORDS",
    "id_name",
    "index_name",
    "listed",
    "name_words",
    "person_name",
]


def listed(text: str) -> list[str]:
    """Return the words of a text, so that a long list of words can be written as one."""
    return text.split()


PERSON_WORDS = frozenset(
    listed(
        "user rider customer client member account passenger patient person people subscriber visitor viewer "
        "buyer shopper guest player student employee driver household applicant borrower holder cardholder "
        "owner contact listener reader respondent participant tenant individual citizen"
    )
)
"""What the independent thing behind a row is usually called."""

THING_WORDS = frozenset(
    listed(
        "item event order ride trip session device movie product transaction request row record document "
        "article video song store shop merchant city station route message ticket claim loan visit "
        "impression query"
    )
)
ID_WORDS = frozenset(listed("id ids uuid guid pk"))
INDEX_NAMES = frozenset({"", "index", "level_0", "unnamed_0", "index_level_0"})
"""What pandas calls an index that was written out as a column."""

SCORE_NAMES = listed(
    "score y_score model_score proba y_proba probability prob y_prob predicted_probability prediction_score "
    "propensity prediction pred y_pred preds yhat y_hat"
)
SCORE_WORDS = frozenset(
    listed("score p pred preds proba prob probability prediction predicted propensity yhat pctr pcvr")
)
LABEL_NAMES = listed(
    "label target y y_true ground_truth truth actual outcome clicked click converted conversion churned "
    "churn purchased purchase bought booked fraud is_fraud defaulted default responded response accepted "
    "approved subscribed cancelled canceled survived readmitted class"
)
LABEL_WORDS = frozenset(
    listed("label target outcome clicked converted churned purchased bought booked fraud defaulted truth")
)
TIME_WORDS = listed("timestamp ts datetime time epoch date at when")
"""The likeliest first."""

SLICE_WORDS = frozenset(
    listed(
        "device segment country region city market channel platform os browser gender plan tier type kind "
        "group bucket category version language locale daypart"
    )
)


def name_words(name: str) -> list[str]:
    """Split a column's name into lower-case words.

    >>> name_words("UserID"), name_words("y_proba"), name_words("first.name2")
    (['user', 'id'], ['y', 'proba'], ['first', 'name', '2'])
    """
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+", name)
    return [part.lower() for part in parts]


def id_name(name: str) -> bool:
    """Whether a name says that the column identifies something: user_id, eventUUID, itemid, row_key, index.

    >>> [id_name(n) for n in ("user_id", "itemid", "order key", "paid", "key", "grid")]
    [True, True, True, False, False, False]
    """
    words = name_words(name)
    if index_name(name):
        return True
    last = words[-1]
    if last in ID_WORDS or (last in {"key", "hash"} and len(words) > 1):
        return True
    return last.endswith("id") and last.removesuffix("id") in PERSON_WORDS | THING_WORDS


def index_name(name: str) -> bool:
    """Whether a name is that of a row number rather than of a column someone meant to log."""
    return "_".join(name_words(name)) in INDEX_NAMES


def person_name(name: str) -> bool:
    """Whether a name says that the column identifies a person: user_id, customer, riderid.

    >>> [person_name(n) for n in ("user_id", "customer", "riderid", "user_age", "item_id")]
    [True, True, True, False, False]
    """
    words = name_words(name)
    if any(word.removesuffix("id") in PERSON_WORDS and word.endswith("id") for word in words):
        return True
    return bool(PERSON_WORDS & set(words)) and (len(words) == 1 or id_name(name))
