"""The plan and its scaffold as whole documents, with what people wrote put back in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dawnwatch.config import Config
from dawnwatch.model.numbers import moment
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.kept import block, sealed
from dawnwatch.report.plan.checks import drift, performance, quality
from dawnwatch.report.plan.data import data, system
from dawnwatch.report.plan.markdown import bullets, text
from dawnwatch.report.plan.people import operations, playbook, review
from dawnwatch.report.plan.template import BLANKS

__all__ = ["plan_text", "template_text"]

Body = Callable[[Config, TriagePacket | None], list[str]]
NOTHING = "*Nothing added by hand.*"
HOMELESS = "## Kept from earlier plans"


@dataclass(frozen=True)
class Section:
    """A heading, the name of its kept block, and what fills it."""

    title: str
    kept: str
    body: Body


SECTIONS = (
    Section("System overview", "system", system),
    Section("Data sources and owners", "data", data),
    Section("Quality checks", "quality", quality),
    Section("Drift thresholds", "drift", drift),
    Section("Performance", "performance", performance),
    Section("Triage playbook", "escalation", playbook),
    Section("Operational considerations", "operations", operations),
    Section("Review", "review", review),
)


def plan_text(
    config: Config, packet: TriagePacket | None, *, gaps: Sequence[str] = (), kept: dict[str, str] | None = None
) -> str:
    """Return the plan as Markdown.

    Parameters
    ----------
    packet : the latest run; None where there is none
    gaps : what the plan lacks, a line each
    kept : what people wrote in an earlier plan, by the name of its block
    """
    run = f"the run of {moment(packet.created_at)}" if packet else "no run yet"
    head = [
        f"# Monitoring plan: {text(config.project.name) or 'a model without a name'}",
        "",
        f"Written by `dawnwatch plan` from the configuration and {run}. Write between the `keep` marks: that text "
        "stays when the plan is written anew, and all other text is replaced.",
        "",
    ]
    bodies = [section.body(config, packet) for section in SECTIONS]
    tail = ["## What this plan lacks", "", *bullets(map(text, gaps)), ""] if gaps else []
    return _document(head, bodies, dict.fromkeys((s.kept for s in SECTIONS), NOTHING), tail, kept or {})


def template_text(*, kept: dict[str, str] | None = None) -> str:
    """Return the unfilled scaffold; what was filled in already, by the name of its block, stays."""
    head = [
        "# Monitoring plan: NAME OF THE MODEL",
        "",
        "Fill in between the `keep` marks. `dawnwatch plan` writes the same sections from the configuration and the "
        "latest run, and keeps what was filled in here when its output is this file.",
        "",
    ]
    bodies = [list(BLANKS[section.kept].questions) for section in SECTIONS]
    return _document(head, bodies, {name: blank.form for name, blank in BLANKS.items()}, [], kept or {})


def _document(
    head: list[str], bodies: list[list[str]], initial: dict[str, str], tail: list[str], kept: dict[str, str]
) -> str:
    written = {name: content for name, content in kept.items() if not _unfilled(name, content)}
    lines = list(head)
    for number, (section, body) in enumerate(zip(SECTIONS, bodies, strict=True), start=1):
        own = block(section.kept, written.pop(section.kept, initial[section.kept]))
        lines += [f"## {number}. {section.title}", "", *_closed(body), *own, ""]
    lines += tail
    if written:
        lines += [HOMELESS, ""]
        for name, content in written.items():
            lines += [*block(name, content), ""]
    return sealed("\n".join(lines).rstrip("\n") + "\n")


def _unfilled(name: str, content: str) -> bool:
    """Whether a block still holds what we put there, so that nothing is lost with it."""
    return content in {NOTHING, BLANKS[name].form if name in BLANKS else NOTHING}


def _closed(body: list[str]) -> list[str]:
    """End a body in exactly one blank line."""
    while body and not body[-1]:
        body = body[:-1]
    return [*body, ""]
