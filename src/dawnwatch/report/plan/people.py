"""The plan's sections on who does what: playbook, operations, review."""

from __future__ import annotations

from urllib.parse import urlsplit

from dawnwatch.config import Config
from dawnwatch.config.policy import MEANING
from dawnwatch.model.enums import Severity
from dawnwatch.model.numbers import duration
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.plan.data import stated
from dawnwatch.report.plan.markdown import bullets, code, filled, lacking, numbered, table, text
from dawnwatch.report.words import VERDICT

__all__ = ["operations", "playbook", "review"]

SUPPORTED = {
    "fix_pipeline": "data or scores are at fault (a failed data quality check, scores that are not the model's, a "
    "broken feed): nothing below can be believed until they are right",
    "rollback": "another version of the model ranks better in the current window, by more than chance",
    "retrain": "most of the fall is a changed concept, or values the model never learned, and data and scores are in "
    "order; the candidate is judged on later rows, in time order",
    "recalibrate": "the order of the scores holds (AUC within tolerance), and they promise 0.05 or more too much or "
    "too little",
    "wait": "no loss beyond the tolerance was shown, or it cannot be told from noise yet",
    "cannot_tell": "none of these is shown; the packet says what would settle it",
}
"""What must be shown before each decision."""


def playbook(config: Config, packet: TriagePacket | None) -> list[str]:
    """What each finding comes to, how soon it is due, who is paged, and what may be decided."""
    rules = [(str(n), code(r.name), r.severity.value, text(r.text)) for n, r in enumerate(config.rules, start=1)]
    levels = [
        (f"**{s.value}**", MEANING[s], duration(config.sla.hours(s)), _paged(config, s), _alerted(config, s))
        for s in Severity
    ]
    steps = numbered(filled(config.plan.escalation)) or [f"Escalation: {lacking('[plan] escalation')}."]
    decisions = [(VERDICT[verdict], when) for verdict, when in SUPPORTED.items()]
    lines = [
        "The first rule that holds gives the severity.",
        "",
        *table(("", "Rule", "Severity", "Holds when"), rules),
        "",
        *table(("Severity", "Means", "Due", "Paged", "Alert"), levels),
        "",
        *(["Escalation:", ""] if filled(config.plan.escalation) else []),
        *steps,
        "",
        *table(("Decision", "Supported when"), decisions),
    ]
    if packet is None:
        return lines
    asked = numbered(f"{text(action.action)} ({text(action.reason)})" for action in packet.actions)
    return [*lines, "", "What the latest run asked for:", "", *asked]


def _paged(config: Config, severity: Severity) -> str:
    named = config.plan.paged.at(severity)
    if (named or "").strip():
        return text(named)
    urgent = severity.rank >= Severity.HIGH.rank
    return stated(config.project.owner, "[project] owner") if urgent else "nobody"


def _alerted(config: Config, severity: Severity) -> str:
    if severity.rank < config.alerts.at.rank:
        return f"none: alerts begin at {config.alerts.at.value}"
    return ", ".join(_destination(to) for to in config.alerts.to) or "none: no `[alerts] to`"


def _destination(to: str) -> str:
    # The rest of a web hook's URL lets anyone post to it.
    return f"web hook at {text(urlsplit(to).hostname)}" if "://" in to else code(to)


def operations(config: Config, packet: TriagePacket | None) -> list[str]:
    """When it runs, what is kept, what it costs, what it must not show, and what it cannot see."""
    plan = config.plan
    private = [code(name) for name, column in config.columns.items() if column.private]
    rows = [
        ("Schedule", stated(plan.schedule, "[plan] schedule")),
        ("Retention", stated(plan.retention, "[plan] retention")),
        ("Cost", stated(plan.cost, "[plan] cost")),
        ("Privacy", stated(plan.privacy, "[plan] privacy")),
        ("Shown as counts only", ", ".join(private) or "no column is private"),
    ]
    unseen = filled(plan.blind_spots)
    bare = [name for name in config.model.features if name not in config.watched]
    if bare:
        unseen.append(f"Drift of {', '.join(map(code, bare))}: not judged, see section 4.")
    if config.labels.expected == "late":
        unseen.append("Accuracy of rows whose labels have not come.")
    asked = [*packet.could_not_judge, *packet.diagnosis.unresolved] if packet else []
    lines = [*table(("", ""), rows), "", "Known blind spots:", "", *bullets(unseen or [lacking("[plan] blind_spots")])]
    if asked:
        lines += ["", "What the latest run could not answer:", "", *bullets(map(text, asked))]
    return lines


def review(config: Config, packet: TriagePacket | None) -> list[str]:
    """When people last went through this plan, and when they must again."""
    plan = config.plan
    return table(
        ("", ""),
        [
            ("Last reviewed", stated(plan.reviewed.isoformat() if plan.reviewed else None, "[plan] reviewed")),
            ("Every", stated(plan.review_every, "[plan] review_every")),
            ("Next review", plan.review_due.isoformat() if plan.review_due else lacking("[plan] review_every")),
        ],
    )
