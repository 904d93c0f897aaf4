"""The draft of an incident review: what the packets know, and marked blanks for what only people do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dawnwatch.model.incident import Incident
from dawnwatch.model.numbers import duration, moment
from dawnwatch.model.packet import Decision
from dawnwatch.model.replay import Replay
from dawnwatch.report.incident.evidence import cause, evidence
from dawnwatch.report.kept import block, sealed
from dawnwatch.report.plan.markdown import bullets, code, table, text
from dawnwatch.report.replay.table import block_headings, block_rows, headings, rows
from dawnwatch.report.words import VERDICT, visible

__all__ = ["REVIEW", "review_text"]

REVIEW = "incident review"
"""What kind of document its seal names."""
ALARM = {"real": "real", "false_alarm": "a false alarm", "unclear": "unclear", None: "not judged yet"}
FOLLOWED = {True: "as advised", False: "otherwise than advised"}
_FORM = "**To be filled in:**"

BLANKS = {
    "impact": f"{_FORM} who was affected, how many, how long, what it cost.",
    "timeline": f"{_FORM} what only people saw: first complaint, who was called, what was tried.",
    "cause": f"{_FORM} the cause that was found, and how it was confirmed.",
    "decision": f"{_FORM} why it was decided so, and what was known at that time.",
    "outcome": f"{_FORM} what ended it.",
    "lessons": f"{_FORM} what went well, what went badly, where luck helped.",
}
"""What stands in a kept block until someone writes there."""
HOMELESS = "## Kept from an earlier draft"


def review_text(incident: Incident, *, source: str, kept: Mapping[str, str] | None = None) -> str:
    """Return the review as Markdown.

    Parameters
    ----------
    source : the packet's file, to be named
    kept : what people wrote in an earlier draft, by the name of its block
    """
    blanks = BLANKS | {"follow_ups": _follow_ups(incident)}
    written = {name: said for name, said in (kept or {}).items() if said != blanks.get(name)}
    packet = incident.packet

    def own(name: str) -> list[str]:
        return [*block(name, written.pop(name, blanks[name])), ""]

    lines = [
        f"# Incident review: {_text(packet.project)}, {packet.created_at:%Y-%m-%d}",
        "",
        "A draft by `dawnwatch report --post-incident`. Write between the `keep` marks: that text stays when the draft "
        "is made anew, and all other text is replaced.",
        "",
        "## Summary",
        "",
        f"**{packet.severity.value.upper()}**: {_text(packet.headline)}",
        "",
        *table(("", ""), _facts(incident)),
        "",
        *own("impact"),
        "## Timeline",
        "",
        *table(("When", "What"), [(moment(at.at), _cell(at.text)) for at in incident.timeline]),
        "",
        *own("timeline"),
        "## Cause",
        "",
        *cause(packet),
        *own("cause"),
        "## Evidence",
        "",
        *evidence(packet),
        "## Decision",
        "",
        *_decision(incident),
        *own("decision"),
        "## Outcome",
        "",
        *_outcome(incident),
        *own("outcome"),
        "## Follow-ups",
        "",
        *own("follow_ups"),
        "## Lessons",
        "",
        *own("lessons"),
        "## Where this comes from",
        "",
        *bullets(_sources(incident, source)),
        "",
    ]
    if written:
        lines += [HOMELESS, "", *(line for name, said in written.items() for line in [*block(name, said), ""])]
    return sealed("\n".join(lines).rstrip("\n") + "\n", REVIEW)


def _facts(incident: Incident) -> list[tuple[str, str]]:
    packet = incident.packet
    waited = incident.hours_to_decision
    return [
        ("Rule", f"{code(packet.rule)}: {_cell(packet.rule_text)}"),
        ("Detected", moment(incident.paged_at)),
        ("Due", _cell(packet.sla.when)),
        ("Decided", "nothing yet" if waited is None else f"{_hours(waited)} after the page"),
        ("The alarm was", ALARM[incident.alarm]),
        ("Since then", _cell(incident.recovery.text)),
        ("Owner", _cell(packet.owner or "not stated")),
    ]


def _decision(incident: Incident) -> list[str]:
    stands, decided = _stands(incident), incident.decided
    before = "" if incident.replay is None else f", before the replay: {VERDICT[incident.packet.decision.verdict]}"
    lines = [f"Advised: **{VERDICT[stands.verdict]}**{before}.", "", *bullets(map(_text, stands.reasons)), ""]
    if stands.would_change:
        lines += ["What would have changed it:", "", *bullets(map(_text, stands.would_change)), ""]
    if incident.replay is not None:
        lines += [*_replayed(incident.replay), *_others(incident.other_replays)]
    if decided is None or decided.decision is None:
        return [*lines, "Taken: nothing was recorded; `dawnwatch decision record` writes it down.", ""]
    then = incident.advised.verdict
    how = "" if then == "cannot_tell" else f", {FOLLOWED[decided.decision == then]}"
    if then != stands.verdict:
        how += f" (known then: {VERDICT[then]})"
    by, note = _cell(decided.by or "nobody named"), f": {_cell(decided.note)}" if decided.note else ""
    return [*lines, f"Taken: **{VERDICT[decided.decision]}**{how}, {moment(decided.at)}, by {by}{note}.", ""]


def _stands(incident: Incident) -> Decision:
    replay = incident.replay
    return incident.packet.decision if replay is None or replay.decision is None else replay.decision


def _replayed(found: Replay) -> list[str]:
    """Return what each action would have come to, as far as it was replayed."""
    body, blocks = ([[_cell(cell) for cell in row] for row in part] for part in (rows(found), block_rows(found)))
    parts = ["In each block of the judged rows, by time:", "", *table(block_headings(found), blocks), ""]
    return [
        f"Replayed by `dawnwatch decide`, {moment(found.created_at)}: {_text(found.advice.text)}.",
        "",
        *table(tuple(headings(found)), body),
        "",
        *(parts if blocks else []),
    ]


def _others(found: Sequence[Replay]) -> list[str]:
    """Return one line for each replay that does not stand."""
    told = (f"{moment(one.created_at)}: {VERDICT[one.verdict]}. {_text(one.advice.text)}" for one in found)
    return ["Other replays, which do not stand:", "", *bullets(told), ""] if found else []


def _outcome(incident: Incident) -> list[str]:
    after = incident.recovery
    lines = [f"{_text(after.text[:1].upper() + after.text[1:])}.", ""]
    if after.failed:
        lines += ["What had failed:", "", *bullets(f"{_text(name)}{_now(name, incident)}" for name in after.failed), ""]
    return lines


def _now(name: str, incident: Incident) -> str:
    after = incident.recovery
    if after.status == "no_later_window":
        return ""
    if name in after.still_failing:
        return ": does not pass yet"
    return ": could not be judged since" if name in after.not_judged else ": passes"


def _follow_ups(incident: Incident) -> str:
    """Return the form for follow-ups, with the packet's steps as a start."""
    steps = [*(action.action for action in incident.packet.actions), ""]
    rows = [(_cell(step), "", "", "") for step in steps]
    return "\n".join([f"{_FORM} owners and dates; strike what does not apply.", "", *table(_COLUMNS, rows)])


_COLUMNS = ("Follow-up", "Owner", "By", "Done")


def _sources(incident: Incident, source: str) -> list[str]:
    earlier = incident.runs[:-1]
    again = [f"earlier runs on the same rows: {', '.join(map(code, earlier))}"] if earlier else []
    packet, made = incident.packet, incident.packet.provenance
    version = f", version {_cell(made.model_version)}" if made.model_version else ""
    return [
        f"packet {code(packet.id)}, {code(source)}",
        *again,
        f"window: {_cell(made.current.source)}, {made.current.rows:,} rows, {code(made.current.fingerprint)}",
        f"model: {_cell(made.model or 'not stated')}{version}; configuration {code(made.config_hash)}",
        f"dawnwatch {_cell(made.dawnwatch)}; decisions from the ledger beside the packet",
    ]


def _hours(hours: float) -> str:
    return duration(round(hours, 1) if hours >= 1 else hours)


def _text(said: str) -> str:
    return text(visible(said))


def _cell(said: str) -> str:
    return text(visible(said), begins_line=False)
