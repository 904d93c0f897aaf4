"""Checkpoints of the map that no registered check is behind: windows, scores, the feed, weak slices and causes."""

from __future__ import annotations

from collections.abc import Iterator

from dawnwatch.explain.checkpoint import Checkpoint, Line, counted, worst
from dawnwatch.model import numbers
from dawnwatch.model.enums import Outcome
from dawnwatch.model.estimates import EstimatedMetric, Estimates
from dawnwatch.model.maturity import Cohort, Maturity
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.self_watch import WatchName
from dawnwatch.model.slice_words import search_sentence, weak_slice_sentence
from dawnwatch.report.feed import LOOKED_AT, not_asked
from dawnwatch.report.words import cause_title, shown

__all__ = ["readings"]

FEED: dict[str, tuple[str, tuple[WatchName, ...], str]] = {
    "self_watch.rows": (
        "sources",
        ("freshness", "ahead", "row_count", "row_rate", "empty_column"),
        "Rows come late, too few, or with a column that says nothing: what stands below is told of yesterday, or of "
        "the part that came. Mend the feed before anything else is read.",
    ),
    "self_watch.blinded": (
        "features",
        ("blinded",),
        "A column that the model reads, or its scores, are mostly gone: the pillar that reads them sees next to "
        "nothing, and its silence is no pass.",
    ),
    "self_watch.reference": (
        "training",
        ("reference_age",),
        "What is called normal is a season ago: every shift is against a world that is gone.",
    ),
    "self_watch.labels": (
        "logs",
        ("label_feed",),
        "Rows go on and labels do not: the AUC is of the older part of the window, and soon of none.",
    ),
    "self_watch.lagged": (
        "logs",
        ("lagged_feature",),
        "A feature holds the values of earlier rows. Its distribution and the scores look right, and labels go with "
        "them less well, as after a changed concept; a model retrained on such rows would learn the lag.",
    ),
    "self_watch.label_delay": (
        "logs",
        ("label_delay",),
        "Labels of the newest rows are still to come, of some rows sooner than of others. What rests on labels is of "
        "the rows that have one.",
    ),
    "self_watch.label_times": (
        "logs",
        ("label_time",),
        "Labels are dated as they cannot be, or not at all: how long labels take, and which rows are old enough to be "
        "judged, is read off such dates.",
    ),
    "self_watch.checks": (
        "logs",
        ("check",),
        "A check did not run. What it would have found is not known.",
    ),
}
"""The monitor's own feed by where it breaks: stage, what is looked at, and what its failing means."""

ESTIMATED = {"auc": "AUC", "accuracy": "accuracy", "precision": "precision", "recall": "recall", "f1": "F1"}


def readings(packet: TriagePacket) -> list[Checkpoint]:
    """Return them in no order; those that this run has nothing of are left out where the map would say nothing."""
    return [
        _baselines(packet),
        *_novelty(packet),
        _scores(packet),
        *_symptoms(packet),
        *_feed(packet),
        *_maturity(packet),
        *_estimates(packet),
        *_weak_slices(packet),
        *_causes(packet),
    ]


def _baselines(packet: TriagePacket) -> Checkpoint:
    run = packet.provenance
    windows = [("drift baseline", run.drift_baseline), ("performance baseline", run.performance_baseline)]
    said = [f"{name}: {w.source}, {numbers.plural(w.rows, 'row')}" for name, w in windows if w]
    return Checkpoint(
        "training",
        "baselines",
        "What the current window is compared with",
        "A baseline that the model has seen, or of another season, makes every drop look larger or smaller than it is.",
        None,
        f"{'; '.join(said)}. AUC on the performance baseline: {packet.performance.baseline}",
    )


def _maturity(packet: TriagePacket) -> Iterator[Checkpoint]:
    found = packet.performance.maturity
    if found is None:
        return
    yield Checkpoint(
        "logs",
        "maturity of labels",
        "Which rows have their labels, and which of them the metric comes from",
        "Labels take time, and not for all rows alike: an AUC of whatever labels are there is of another choice of "
        "rows than the window's. Only rows old enough are compared.",
        None,
        f"{shown(found.message)}.",
        lines=[
            Line(
                None,
                numbers.moment(one.start),
                f"{numbers.share(one.share)} of {numbers.plural(one.rows, 'row')} have a label "
                f"({numbers.interval(one.interval, 2)})",
                "" if one.mature is None else "judged" if one.mature else _young(one, found),
            )
            for one in found.cohorts
        ],
    )


def _novelty(packet: TriagePacket) -> Iterator[Checkpoint]:
    novelty = packet.drift.novelty
    if novelty is not None:
        yield Checkpoint(
            "training",
            "novelty",
            f"Rows whose {novelty.unit} the {novelty.against} never held",
            "A model meets units it never learned from. A drop on them may be an honest cold start and no decay.",
            None,
            novelty.message,
        )


def _scores(packet: TriagePacket) -> Checkpoint:
    return Checkpoint(
        "serving",
        "scores",
        "Where the scores come from",
        "Scores computed now may differ from those that were served; only logged ones show what users got.",
        None,
        packet.performance.score_source,
    )


def _symptoms(packet: TriagePacket) -> Iterator[Checkpoint]:
    """Signs in the log that scores are not the model's; they are looked for where it was not asked again."""
    found = packet.performance.symptoms
    if not found:
        return
    lines = [Line(one.outcome, one.name, f"{_upper(one.message)} (fails above {one.limit:g})") for one in found]
    lines.sort(key=lambda line: line.outcome is not Outcome.FAILED)
    yield Checkpoint(
        "serving",
        "performance.symptoms",
        "Whether the log alone looks as if scores were not the model's",
        "Scores repeat, stand still or follow their rows less than they did: a cache, a default or a join. No proof: "
        "ask the model again ([model] path).",
        worst(line.outcome for line in lines),
        counted(lines),
        lines=lines,
    )


def _feed(packet: TriagePacket) -> Iterator[Checkpoint]:
    asked = {one.partition(" (")[0] for one in not_asked(packet)}
    for name, (stage, watches, meaning) in FEED.items():
        lines = [
            Line(one.outcome, LOOKED_AT[one.name] if one.subject is None else shown(one.subject), _upper(one.message))
            for one in packet.self_watch
            if one.name in watches
        ]
        missing = [LOOKED_AT[watch] for watch in watches if LOOKED_AT[watch] in asked]
        if not lines and not missing:
            continue  # nothing empty, blinded or faulted: the map has no place for what did not happen
        left = f" Not configured under [feed]: {', '.join(missing)}." if missing else ""
        yield Checkpoint(
            stage,
            name,
            "What the monitor sees of its own feed here",
            meaning,
            worst(line.outcome for line in lines),
            f"{counted(lines) if lines else ''}{left}".strip(),
            lines=lines,
        )


def _estimates(packet: TriagePacket) -> Iterator[Checkpoint]:
    """What the metrics should be by the scores alone, each line an estimate beside what labels realise."""
    of = packet.performance.estimates
    if of is None:
        return
    chosen = of.chosen
    record = f" {of.record.text}." if of.record is not None else ""
    lines = [
        Line(None, ESTIMATED[one.name], _estimated(one, of), "estimate")
        for one in (chosen.metrics if chosen is not None else [])
        if one.value is not None
    ]
    yield Checkpoint(
        "logs",
        "estimates",
        "What the metrics should be before labels come, by the scores alone",
        "Estimates, and no measurements: they assume that labels go with scores as they did, which only labels can "
        "tell. Where they and the labels differ by more than chance, that failed: a changed concept or base rate.",
        None,
        f"{_upper(of.message)}.{record}",
        lines=lines,
    )


def _young(one: Cohort, of: Maturity) -> str:
    if of.judged_until is not None and one.start < of.judged_until < one.end:
        return f"judged up to {of.judged_until:%H:%M}"
    return "too young"


def _estimated(one: EstimatedMetric, of: Estimates) -> str:
    told = numbers.estimate(one.value, one.interval, of.confidence)
    if one.realised is None:
        return f"{told}; too few labels have come to hold it against"
    weighted = ", weighted" if of.weighted else ""
    beside = f"{numbers.number(one.on_labelled)}, and {numbers.number(one.realised)} is realised{weighted}"
    return f"{told}; on the labelled rows {beside}"


def _weak_slices(packet: TriagePacket) -> Iterator[Checkpoint]:
    search = packet.diagnosis.slice_search
    if search is None:
        return
    found = packet.diagnosis.weak_slices
    named = f"{numbers.plural(len(found), 'slice')} found." if found else "None was found."
    yield Checkpoint(
        "logs",
        "weak slices",
        "Which slices that nobody declared got worse, or became more and rank badly",
        "They inform and never raise the severity: where one carries much of a drop, look at its rows first.",
        None,
        f"{named} {_upper(search_sentence(search))}.",
        lines=[Line(None, shown(one.text), weak_slice_sentence(one), one.kind) for one in found],
    )


def _causes(packet: TriagePacket) -> Iterator[Checkpoint]:
    found = packet.diagnosis.causes
    if not found:
        return
    fall = numbers.number(packet.performance.drop.value)
    out = f" No part of it: {'; '.join(packet.diagnosis.ruled_out)}." if packet.diagnosis.ruled_out else ""
    yield Checkpoint(
        "logs",
        "causes",
        "Which parts the fall of the AUC is made of",
        "Each part asks for something else: new units for an honest holdout, wrong scores for a mended pipeline, a "
        "changed concept for newer labels. A part within noise, or one that offsets the fall, asks for nothing.",
        None,
        f"A fall of {fall} in {numbers.plural(len(found), 'part')} that add up to it.{out}",
        lines=[
            Line(
                None,
                cause_title(one),
                one.text,
                "shown" if one.shown else "offsets the fall" if one.offsets else "within noise",
            )
            for one in found
        ],
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
