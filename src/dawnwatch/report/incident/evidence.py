"""What the packet of an incident shows: the cause, and each check that did not pass with its interval."""

from __future__ import annotations

from dawnwatch.model.auc import SlicePerformance
from dawnwatch.model.certainty import certainty
from dawnwatch.model.distances import title_of
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.measurement import Interval
from dawnwatch.model.numbers import count, interval, number, share, signed
from dawnwatch.model.onset_words import since_when
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.sized import by_size
from dawnwatch.report.plan.markdown import bullets, table, text
from dawnwatch.report.words import OUTCOME_WORD, shown, visible

__all__ = ["cause", "evidence"]

FINE = {Outcome.PASSED, Outcome.NOT_COMPUTED}


def cause(packet: TriagePacket) -> list[str]:
    """Return what the diagnosis says of the cause, and what it leaves open."""
    told = packet.diagnosis
    lines = [_text(told.summary), ""]
    rows = [
        (
            part.cause + (f" ({_cell(part.column)})" if part.column else ""),
            signed(part.amount),
            _interval(part.interval),
            _cell(part.text) + ("" if part.resolvable else " *Not resolved.*"),
        )
        for part in told.causes
    ]
    if rows:
        lines += ["Parts of the fall of the AUC; positive means worse.", ""]
        lines += [*table(("Cause", "Part", "Interval", ""), rows), ""]
    else:
        lines += [*bullets(_text(finding.text) for finding in told.findings), ""]
    for title, said in (
        ("Ruled out", told.ruled_out),
        ("Since when", _since_when(packet)),
        ("Since earlier windows", [other.text for other in told.baselines if other.reason is None]),
        ("Not resolved by this evidence", told.unresolved),
        ("To be read with care", told.cautions),
    ):
        if said:
            lines += [f"{title}:", "", *bullets(map(_text, said)), ""]
    return lines


def _since_when(packet: TriagePacket) -> list[str]:
    """Return every onset that is dated; where none is, why not."""
    onsets = packet.diagnosis.onsets
    dated = [onset for onset in onsets if onset.at is not None]
    return [told.text for told in since_when(dated or onsets)]


def evidence(packet: TriagePacket) -> list[str]:
    """Return a table of everything that did not pass, with intervals and how sure it is."""
    rows = [*_quality(packet), *_drift(packet), *_performance(packet)]
    level = f"Intervals of the AUC at {packet.performance.confidence * 100:g} %."
    before_labels = packet.performance.estimates
    told = [] if before_labels is None else ["Before the labels arrive (an estimate): " + _text(before_labels.message)]
    if not rows:
        return ["Every check that was judged passed.", "", *(line for said in told for line in (said, ""))]
    header = ("Check", "Outcome", "Measured", "Interval", "Threshold", "How sure")
    blind = [f"Not judged: {_text(line)}" for line in packet.could_not_judge]
    return [*table(header, rows), "", *(line for said in [level, *told, *blind] for line in (said, ""))]


Row = tuple[str, ...]


def _quality(packet: TriagePacket) -> list[Row]:
    rows: list[Row] = []
    for check in packet.quality.checks:
        if check.outcome in FINE:
            continue
        failing = None if check.failed_rows is None or not check.rows else check.failed_rows / check.rows
        measured = _cell(check.message)
        if failing is not None:
            measured = f"{count(check.failed_rows)} of {count(check.rows)} rows ({share(failing)}): {measured}"
        limit = "" if check.threshold is None else f"up to {share(check.threshold)}"
        name = f"{check.name} of {_cell(check.column or 'the table')}"
        rows.append((name, OUTCOME_WORD[check.outcome], measured, "counted, exact", limit, ""))
    return rows


def _drift(packet: TriagePacket) -> list[Row]:
    return [_feature(f) for f in packet.drift.features if f.band in {Band.RED, Band.YELLOW}]


def _feature(feature: FeatureDrift) -> Row:
    moved = f"; {_cell(feature.moved_most)}" if feature.moved_most else ""
    band = feature.band.value if feature.band else ""
    # The interval is the PSI's, and says nothing of another distance.
    bounds = feature.interval if feature.method == "psi" else None
    return (
        f"drift of {_cell(feature.name)}",
        band,
        f"{title_of(feature.method)} {number(feature.size)}{moved}",
        _interval(bounds) if bounds is None else f"{_interval(bounds)} beyond chance",
        f"RED from {feature.red:g}",
        "; ".join(filter(None, (certainty(feature.significance), by_size(feature)))),
    )


def _performance(packet: TriagePacket) -> list[Row]:
    section = packet.performance
    parts = [("AUC overall", section.reference, section.current, section.drop, section.drop.outcome)]
    parts += [(_slice(s), s.reference, s.current, s.drop, s.outcome) for s in section.slices]
    rows: list[Row] = []
    for name, reference, current, drop, outcome in parts:
        overall = name == "AUC overall"
        if drop.value is None or (outcome in FINE and not (overall and section.outcome is Outcome.FAILED)):
            continue
        fell = drop.value >= 0
        moved = "fell" if fell else "rose"
        # The size of a rise is written without its sign, so its interval is turned round.
        bounds = drop.interval if fell or drop.interval is None else (-drop.interval[1], -drop.interval[0])
        # Before schema 1.1 the overall drop had no outcome of its own.
        came_to = section.outcome if outcome is Outcome.NOT_COMPUTED else outcome
        measured = f"{number(reference.value)} to {number(current.value)}: {moved} by {number(abs(drop.value))}"
        if overall and section.maturity is not None:
            measured += f". {_cell(section.maturity.message)}"
        rows.append(
            (
                f"{section.auc_title} overall" if overall else name,
                OUTCOME_WORD[came_to],
                measured,
                _interval(bounds),
                f"up to {section.threshold:g}",
                certainty(drop.significance),
            )
        )
    return rows


def _slice(part: SlicePerformance) -> str:
    return f"AUC of {_cell(f'{part.column} = {part.value}')}"


def _interval(bounds: Interval | None) -> str:
    return "none" if bounds is None else interval(bounds)


def _text(said: str) -> str:
    return text(visible(said))


def _cell(said: object) -> str:
    return text(shown(said), begins_line=False)
