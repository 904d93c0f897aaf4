"""The glossary: complete, exact, and in step with the words the code uses."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from dawnwatch.config.policy import DEFAULT_SLA, parse_hours
from dawnwatch.errors import UsageError
from dawnwatch.explain.glossary import ALIASES, TERMS, define
from dawnwatch.model.enums import Band
from dawnwatch.model.numbers import duration
from dawnwatch.model.packet import Verdict

FIELD = [
    *("PSI", "reference window", "current window", "drift", "covariate shift", "concept shift", "prior shift", "slice"),
    *("unit", "AUC", "triage packet", "SLA", "severity", "band", "profile", "check", "threshold", "drift baseline"),
    *("performance baseline", "training rows", "holdout", "missingness", "duplicate", "interval", "DeLong", "novelty"),
    *("label delay", "calibration", "funnel", "4 D's", "detect", "diagnose", "decide", "document", "KL divergence"),
    *(
        "JS divergence",
        "KS statistic",
        "chi-squared",
        "effective noise",
        "onset",
        "cause",
        "mix",
        "maturity",
        "serving",
    ),
    *("q-value", "jackknife", "anytime-valid", "event", "drill", "Shapley"),
]


def test_the_fields_terms_are_there() -> None:
    assert [term for term in FIELD if term not in TERMS] == []


def test_every_decision_is_a_term() -> None:
    for verdict in get_args(Verdict):
        assert TERMS[verdict].startswith("Decision: ")


@pytest.mark.parametrize("term", TERMS)
def test_a_meaning_is_one_or_two_sentences(term: str) -> None:
    meaning = TERMS[term]
    sentences = re.findall(r"[.?!](?= [A-Z]|$)", meaning)
    assert 1 <= len(sentences) <= 2
    assert meaning[-1] in ".?"
    assert meaning == " ".join(meaning.split())
    assert 5 <= len(meaning.split()) <= 45


def test_terms_stand_in_alphabetical_order() -> None:
    assert list(TERMS) == sorted(TERMS, key=str.casefold)


def test_the_slas_quoted_are_the_defaults() -> None:
    for severity, text in DEFAULT_SLA.items():
        hours = parse_hours(text)
        said = "nothing" if hours is None else duration(hours)
        assert re.search(rf"{said} for {severity.value}", TERMS["SLA"])


def test_the_bands_are_named() -> None:
    assert [band for band in Band if band.value not in TERMS["band"]] == []


@pytest.mark.parametrize("written", ["psi", "PSI", " Psi "])
def test_case_makes_no_difference(written: str) -> None:
    assert define(written) == ("PSI", TERMS["PSI"])


def test_hyphens_and_underscores_make_no_difference() -> None:
    assert define("chi squared")[0] == "chi-squared"
    assert define("Fix pipeline")[0] == "fix_pipeline"
    assert define("reference-window")[0] == "reference window"


def test_other_words_lead_to_a_term() -> None:
    for alias, name in ALIASES.items():
        assert name in TERMS
        assert alias not in {term.casefold() for term in TERMS}
        assert define(alias.upper()) == (name, TERMS[name])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("refrence window", "reference window"),
        ("delong's", "DeLong"),
        ("AUCC", "AUC"),
        ("kullbck-leibler divergence", "KL divergence"),
    ],
)
def test_a_near_miss_is_told_the_term(written: str, meant: str) -> None:
    with pytest.raises(UsageError, match=rf"^glossary: no term .* Did you mean '{meant}'\? `dawnwatch glossary`"):
        define(written)


def test_nonsense_is_told_where_all_are() -> None:
    with pytest.raises(UsageError) as refused:
        define("xyzzyx")
    assert str(refused.value) == f"glossary: no term 'xyzzyx'. `dawnwatch glossary` lists all {len(TERMS)}"
