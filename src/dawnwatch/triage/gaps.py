"""What a monitoring plan lacks: what nobody owns, justifies, watches or is told of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dawnwatch.config import Config
from dawnwatch.config.schema import ProjectConfig
from dawnwatch.config.thresholds import NOT_WEIGHED
from dawnwatch.model.enums import Severity
from dawnwatch.model.packet import TriagePacket

__all__ = ["gaps"]

STATEMENTS = {
    "purpose": "what the model decides, for whom, and what a wrong answer costs",
    "schedule": "when it runs",
    "label_delay": "how long labels take",
    "retention": "how long packets and profiles are kept",
    "cost": "what running it costs",
    "privacy": "what must not be shown or kept",
    "review_every": "how often this plan is reviewed",
}


def gaps(config: Config, packet: TriagePacket | None, today: date) -> list[str]:
    """Return a line for each thing that is missing, `KEY: what, and what to do`; none where the plan is complete.

    Parameters
    ----------
    packet : the latest run, whose findings count too; None where there is none
    today : decides whether the review is overdue
    """
    found = [*_people(config), *_justifications(config), *_watching(config), *_statements(config, today)]
    return [*found, *(_run(config, packet) if packet else [])]


def _blank(text: str | None) -> bool:
    return not (text or "").strip()


def _people(config: Config) -> Iterator[str]:
    project, plan = config.project, config.plan
    if project.name == ProjectConfig().name or _blank(project.name):
        yield "project.name: the model has no name"
    if _blank(project.owner):
        yield "project.owner: nobody owns this model"
    if not any(not _blank(who) for who in [*project.notify, *config.alerts.to]):
        yield "project.notify: no one is notified; name people there, or destinations in [alerts] to"
    if not plan.sources:
        yield "plan.sources: no data source is named; give each a table [plan.sources.NAME] with holds and owner"
    for name, source in plan.sources.items():
        if _blank(source.owner):
            yield f"plan.sources.{name}.owner: nobody owns this data source"
        if _blank(source.holds):
            yield f"plan.sources.{name}.holds: nothing says what this data source holds"
    if not any(not _blank(step) for step in plan.escalation):
        yield "plan.escalation: nothing says who is next when nobody answers"
    for severity in (Severity.CRITICAL, Severity.HIGH):
        if config.sla.hours(severity) is None:
            yield f"sla.{severity.value}: nothing is due at this severity; give it a time"


def _justifications(config: Config) -> Iterator[str]:
    for name in config.unjustified():
        yield f"{name}.because: no justification"
    for threshold in config.thresholds_in_force():
        if (threshold.because or "").startswith(NOT_WEIGHED.strip()):
            where = f"columns.{threshold.column}" if threshold.column else "thresholds"
            yield f"{where}.{threshold.name}.because: still the words of `dawnwatch init`; say why for this model"
    for name in dict.fromkeys([*config.watched, *config.columns]):
        column = config.column(name)
        # Bands of its own that say why speak for watching it too.
        bands = [config.bands_for(name, method).because for method in column.own_bands]
        if name in config.watched and _blank(column.because) and all(map(_blank, bands)):
            yield f"columns.{name}.because: watched for drift, and nothing says why"
        if column.bounded and config.bounds_because(name) is None:
            yield f"columns.{name}.bounds_because: has bounds, and nothing says why"


def _watching(config: Config) -> Iterator[str]:
    roles = config.roles
    if not config.model.features:
        yield "model.features: not named, so nothing says whether all that the model uses is monitored"
    for name in config.model.features:
        if name not in config.watched and not config.column(name).bounded:
            yield (
                f"columns.{name}: the model uses this feature and nothing monitors it; watch its drift (monitor = "
                "true) or give it bounds"
            )
    if not config.watched:
        yield "columns: no feature's drift is watched; set monitor = true"
    if roles.label is None:
        yield "roles.label: no label is named, so accuracy is never judged"
    if not roles.slices:
        yield "roles.slices: no slice is declared, so an average may hide a group that fails"
    if not roles.keys:
        yield "roles.keys: no key is named, so repeated rows are not found"


def _statements(config: Config, today: date) -> Iterator[str]:
    plan = config.plan
    for name, what in STATEMENTS.items():
        if _blank(getattr(plan, name)):
            yield f"plan.{name}: nothing says {what}"
    if not any(not _blank(spot) for spot in plan.blind_spots):
        yield "plan.blind_spots: nothing says what this monitoring cannot see"
    if plan.reviewed is None:
        yield "plan.reviewed: nothing says when people last went through this plan"
    elif plan.review_due is not None and plan.review_due < today:
        yield f"plan.reviewed: the review was due on {plan.review_due}; go through the plan and set the day"


def _run(config: Config, packet: TriagePacket) -> Iterator[str]:
    yield from (f"latest run: {line}" for line in packet.could_not_judge)
    judged = {feature.name for feature in packet.drift.features}
    for name in config.watched:
        if name not in judged:
            yield f"latest run: the drift of {name} was not judged; run again under this configuration"
    if config.roles.label is not None and packet.provenance.performance_baseline is None:
        yield "data.holdout: the latest run had no performance baseline; give rows the model never learned from"
