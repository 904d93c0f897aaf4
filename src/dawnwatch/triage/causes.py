"""The parts of a fall in words, and what they say as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dawnwatch.model.causes import Cause, CauseName
from dawnwatch.model.drift import Novelty
from dawnwatch.model.measurement import Interval
from dawnwatch.model.numbers import number, plural, short_share
from dawnwatch.triage.evidence import Evidence

__all__ = [
    "MOST",
    "cause_words",
    "causes",
    "causes_sentence",
    "harm",
    "is_shown",
    "mostly",
    "new_units_matter",
    "newcomers",
    "of_units",
    "parts_sentence",
    "same_rows",
]

WORDS: dict[CauseName, str] = {
    "maturity": "labels still to come",
    "serving": "scores that are not the model's",
    "quality": "bad data",
    "novelty": "novelty",
    "mix": "the changed mix",
    "concept": "a changed concept",
}
MOST = 0.5
"""Share of the fall from which on a cause is called most of it."""
MANY = 0.2
"""Share of the rows from which on new units are worth a step of their own."""
MORE = 0.05
"""Increase of that share from which on there are more of them, where too few units tell whether by chance."""


def causes(evidence: Evidence) -> list[Cause]:
    """Return the parts of the fall in words, the largest first; none where no fall was shown."""
    if evidence.fall is None:
        return []
    told = [part.model_copy(update={"text": _text(part, evidence)}) for part in evidence.split.parts]
    return sorted(told, key=lambda cause: -cause.amount)


def mostly(evidence: Evidence) -> Cause | None:
    """Return the cause that explains at least half of the fall and surely some; None where there is none."""
    if evidence.fall is None:
        return None
    least = MOST * evidence.fall
    return next((c for c in evidence.split.parts if c.amount >= least and is_shown(c)), None)


def newcomers(evidence: Evidence) -> Cause | None:
    """Return the cause where most of the fall is new units, which no earlier model knows either; else None."""
    most = mostly(evidence)
    return most if most is not None and most.resolvable and of_units(most, evidence) else None


def of_units(cause: Cause, evidence: Evidence) -> bool:
    """Whether a cause is the coming of new units."""
    novelty = evidence.drift.novelty
    return cause.cause == "novelty" and novelty is not None and cause.column == novelty.unit


def new_units_matter(evidence: Evidence) -> Novelty | None:
    """Return the novelty where new units may have to do with a fall, and else None.

    They may where there are more of them than in the performance baseline (by more than chance, where that could be
    tested), where no baseline says how many are usual, and where their coming surely took something from the metric.
    """
    novelty = evidence.drift.novelty
    if novelty is None or novelty.current_share <= MANY:
        return None
    costly = any(of_units(part, evidence) and is_shown(part) for part in evidence.split.parts)
    more = novelty.baseline_share is None or novelty.current_share - novelty.baseline_share >= MORE
    grew = more if novelty.shown is None else novelty.shown
    return novelty if grew or costly else None


def same_rows(evidence: Evidence) -> Cause | None:
    """Return what other versions cost beside the model at hand on the same rows; None where it was not asked."""
    parts = evidence.split.parts
    return next((c for c in parts if c.cause == "serving" and c.column is not None and c.resolvable), None)


def is_shown(cause: Cause) -> bool:
    """Whether a cause surely took something from the metric: its interval lies above zero."""
    return cause.shown


def causes_sentence(evidence: Evidence) -> str:
    """Say which causes explain the fall and which cannot be told from none; "" where no fall was shown."""
    return parts_sentence(causes(evidence))


def parts_sentence(found: Sequence[Cause], whole: str = "that") -> str:
    """Say which of these parts of a fall explain it, offset it, and cannot be told from none; "" where there is none.

    Parameters
    ----------
    found : parts of one fall, the largest first
    whole : what the fall is called
    """
    sure = [_brief(cause) for cause in found if is_shown(cause)]
    less = [f"{cause_words(cause)} {_offset(cause)}" for cause in found if cause.offsets]
    unsure = [cause for cause in found if not is_shown(cause) and not cause.offsets]
    rest = [f"{cause_words(cause)} {number(cause.amount)}" for cause in unsure]
    noise = f"{_list(rest)} {'is' if len(rest) == 1 else 'are'} within noise" if rest else ""
    if not found:
        return ""
    if not sure and not less:
        return f"no single cause of it is more than noise ({', '.join(rest)})"
    explained = f"of {whole} {_list(sure)}" if sure else f"no single cause of {whole} is more than noise"
    return "; ".join([explained, *([_list(less)] if less else []), *([noise] if noise else [])])


def harm(evidence: Evidence, column: str) -> str:
    """Say what a feature's changed mix alone takes from the metric; "" where that was not measured."""
    found = next((one for one in evidence.split.harms if one.column == column), None)
    if found is None:
        return ""
    sure = f" ({_span(found.interval)})" if found.interval else ""
    if found.amount < 0:
        # The size of a gain is written without its sign, so its interval is turned round.
        given = number(-found.amount) + (f" ({_span(_turned(found.interval))})" if found.interval else "")
        if evidence.fall is not None:
            return f"its changed mix offsets the fall by {given}"
        return f"its changed mix gives the AUC {given}"
    if evidence.fall is not None:
        return f"its changed mix explains {number(found.amount)} of the fall{sure}"
    return f"its changed mix takes {number(found.amount)} from the AUC{sure}"


def _brief(cause: Cause) -> str:
    sure = f" ({_span(cause.interval)})" if cause.interval else ""
    return f"{cause_words(cause)} explains {number(cause.amount)}{sure}"


def _offset(cause: Cause) -> str:
    """Say by how much a part that surely hid some of the fall made it smaller."""
    sure = f" ({_span(_turned(cause.interval))})" if cause.interval else ""
    return f"offsets the fall by {number(-cause.amount)}{sure}"


def _turned(interval: Interval) -> Interval:
    return -interval[1], -interval[0]


def cause_words(cause: Cause) -> str:
    """Name a cause in a few words."""
    if cause.cause == "serving" and cause.column is not None:
        return f"version {_versions(cause)}"
    if cause.cause == "serving" and not cause.resolvable:
        return "scores that look like no model's"
    if cause.cause == "novelty" and not cause.resolvable:
        return f"novelty or concept of new {cause.column} values"
    if cause.cause == "concept" and not cause.resolvable:
        return "mix or concept"
    if cause.cause == "quality" and not cause.resolvable:
        return f"the fault of {cause.column or 'several features'}, with whatever else changed,"
    if cause.cause == "novelty":
        return f"novelty (new {cause.column} values)"
    return f"{WORDS[cause.cause]}{f' in {cause.column}' if cause.column else ''}"


def _text(cause: Cause, evidence: Evidence) -> str:
    """Return one plain sentence, whose beginning says what the cause is."""
    if cause.offsets:
        return f"{_meaning(cause, evidence)}: {_offset(cause)}"
    sure = "" if is_shown(cause) else "; that is within noise"
    amount = f"{number(cause.amount)} of the fall ({_span(cause.interval)}){sure}" if cause.interval else ""
    return f"{_meaning(cause, evidence)}: {amount}"


def _meaning(cause: Cause, evidence: Evidence) -> str:
    novelty = evidence.drift.novelty
    if cause.cause == "novelty" and novelty is not None and cause.column == novelty.unit:
        new = f"New {cause.column} values, {short_share(novelty.current_share)} of the rows"
        pair = next((p for p in evidence.split.pairs if p.which == "new"), None)
        if not cause.resolvable:
            return f"{new}: novelty and a changed world together, which cannot be told apart here"
        if pair is not None and pair.then is not None:
            return f"{new}, on which the AUC was {number(pair.then)} at training time and is {number(pair.now)}"
        return new
    if cause.cause == "novelty":
        return f"Rows whose {cause.column} the reference never held"
    if cause.cause == "quality" and not cause.resolvable:
        named = cause.column or "several features"
        if "feature_lagged" in evidence.facts:
            return f"The lag of {named} and whatever else changed, which cannot be told apart here"
        return f"The loss of {named} and whatever else changed, which cannot be told apart here"
    if cause.cause == "quality":
        checks = evidence.failed_quality
        named = f" in {cause.column}" if cause.column else ""
        return f"Rows that break the rules of {plural(len(checks), 'failed data quality check')}{named}"
    if cause.cause == "maturity":
        return "Rows whose labels are still to come, if they are like those with a label at the same score"
    if cause.cause == "serving" and cause.column is not None:
        if cause.resolvable:
            return f"Rows scored by version {_versions(cause)}, beside what the model at hand gives for the same rows"
        return f"Rows scored by version {_versions(cause)}, beside the other versions' rows, which are not the same"
    if cause.cause == "serving" and not cause.resolvable:
        return (
            "Labels that go with the scores otherwise than before, while the scores look as if they were not the "
            "model's: broken serving, and a changed concept with it if there is one"
        )
    if cause.cause == "serving":
        return "Scores that are not what the model gives for the logged features"
    if cause.cause == "mix":
        most = cause.top_slices[0] if cause.top_slices else None
        return f"More or fewer rows of kinds that were there before{f', most by {most.column}' if most else ''}"
    if not cause.resolvable:
        return "Changed mix and changed concept together, which cannot be told apart here"
    return "Labels that go with the scores otherwise than before, rows of one kind compared"


def _versions(cause: Cause) -> str:
    return ", ".join(part.value for part in cause.top_slices if part.value is not None)


def _span(interval: Interval | None) -> str:
    return "" if interval is None else f"{number(interval[0])} to {number(interval[1])}"


def _list(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
