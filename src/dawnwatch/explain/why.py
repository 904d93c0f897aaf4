"""Why the metric fell, for the playbook: each part of the fall with its interval and what it asks of people."""

from __future__ import annotations

from dataclasses import dataclass

from dawnwatch.model import numbers
from dawnwatch.model.causes import Cause, CauseName
from dawnwatch.model.enums import Outcome
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.slice_words import weak_slice_sentence
from dawnwatch.report.lines import MOST
from dawnwatch.report.serving import beside
from dawnwatch.report.words import cause_title, shown

__all__ = ["ASKS", "Bar", "Seen", "bars", "seen"]

ASKS: dict[CauseName, str] = {
    "maturity": "Wait for the labels, then judge the same window again.",
    "serving": "Mend how scores are served or logged; neither retraining nor an older model mends it.",
    "quality": "Mend the data and judge again; neither retraining nor an older model mends it.",
    "novelty": "No earlier model knows them either: hold out whole units for an honest baseline, give newcomers an "
    "answer of their own, and retrain on rows that hold them.",
    "mix": "The model is asked other rows than before. Ask what brought them; retraining helps where they stay.",
    "concept": "The same rows come out otherwise. Retrain on newer labels and judge on later ones, in time order.",
}
"""What a part that is more than noise asks for."""
UNRESOLVED = "Two causes that cannot be told apart here; what would tell them apart stands among the open questions."
NOISE = "Nothing: it is within noise."
HID = "Nothing: it made the fall smaller."


@dataclass(frozen=True)
class Bar:
    """One part of the fall as it is drawn: places in percent of the width, zero and all intervals within it."""

    title: str
    said: str
    shown: bool
    asks: str
    zero: float
    left: float
    width: float
    low: float
    span: float


@dataclass(frozen=True)
class Seen:
    """A thing beside the causes that decides what to do: whose scores, which slice, which feed."""

    outcome: Outcome | None
    what: str
    text: str


def bars(packet: TriagePacket) -> list[Bar]:
    """Return the parts of the fall, the largest first; none where no fall was shown."""
    found = packet.diagnosis.causes
    ends: list[float] = [0.0, *(end for one in found for end in (one.amount, *(one.interval or ())))]
    lowest, highest = min(ends), max(ends)
    wide = (highest - lowest) or 1.0

    def at(value: float) -> float:
        return round(100 * (value - lowest) / wide, 2)

    return [
        _bar(one, at(0.0), at(one.amount), *(at(end) for end in one.interval or (one.amount,) * 2)) for one in found
    ]


def _bar(cause: Cause, zero: float, end: float, low: float, high: float) -> Bar:
    took, hid = cause.shown, cause.offsets
    asks = (ASKS[cause.cause] if cause.resolvable else UNRESOLVED) if took else HID if hid else NOISE
    return Bar(
        title=cause_title(cause),
        said=_said(cause),
        shown=took or hid,
        asks=asks,
        zero=zero,
        left=min(zero, end),
        width=round(abs(end - zero), 2),
        low=low,
        span=round(high - low, 2),
    )


def _said(cause: Cause) -> str:
    """Write a part with its interval; of what offsets the fall, by how much."""
    if cause.offsets and cause.interval is not None:
        low, high = cause.interval
        return f"offsets the fall by {numbers.number(-cause.amount)} ({numbers.interval((-high, -low))})"
    return numbers.number(cause.amount) + (f" ({numbers.interval(cause.interval)})" if cause.interval else "")


def seen(packet: TriagePacket) -> list[Seen]:
    """Return what else the run saw that the decision rests on: scores, versions, weak slices and the feed."""
    section = packet.performance
    found = []
    if section.serving is not None:
        found.append(Seen(section.serving.outcome, "Scores, asked again", section.serving.message))
    signs = [one for one in section.symptoms if one.outcome is Outcome.FAILED]
    found += [Seen(one.outcome, f"Sign in the log: {one.name}", one.message) for one in signs]
    if section.symptoms and not signs:
        found.append(Seen(Outcome.PASSED, "Signs in the log", "none that the scores are not the model's"))
    found += [
        Seen(one.outcome, f"Version {shown(one.version)}", beside(one, section.threshold))
        for one in section.versions
        if one.outcome is Outcome.FAILED
    ]
    weak = packet.diagnosis.weak_slices
    found += [Seen(None, "Weak slice", weak_slice_sentence(one)) for one in weak[:MOST]]
    if packet.diagnosis.slice_search is not None and packet.diagnosis.slice_search.tests and not weak:
        tests = numbers.plural(packet.diagnosis.slice_search.tests, "slice")
        found.append(Seen(None, "Weak slices", f"none, of {tests} that were tested"))
    bad = [one for one in packet.self_watch if one.outcome is not Outcome.PASSED]
    found += [Seen(one.outcome, "The monitor's feed", one.message) for one in bad]
    if packet.self_watch and not bad:
        found.append(Seen(Outcome.PASSED, "The monitor's feed", "; ".join(one.message for one in packet.self_watch)))
    return found
