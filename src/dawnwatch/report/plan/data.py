"""The plan's sections on the system and its data: what is watched, where it comes from, whose it is."""

from __future__ import annotations

from dawnwatch.config import Config
from dawnwatch.model.numbers import count, moment
from dawnwatch.model.packet import TriagePacket, WindowFacts
from dawnwatch.report.plan.markdown import code, filled, lacking, table, text
from dawnwatch.sources.urls import redacted

__all__ = ["data", "stated", "system"]

DRIFT_BASELINE = "Drift baseline"
STANDING_IN = ("Performance baseline", "Training rows")
"""Windows that the drift baseline stands in for where they are not given."""


def stated(value: str | None, key: str) -> str:
    """Write what the configuration says, or where it should say it."""
    return text(value) if (value or "").strip() else lacking(key)


def system(config: Config, packet: TriagePacket | None) -> list[str]:
    """What the model is for, who owns it, and how it last fared."""
    roles, model = config.roles, config.model
    features = ", ".join(
        code(name) + (" (category)" if name in model.categorical else "") for name in model.features
    ) or lacking("[model] features")
    label = f"{code(roles.label)}, positive where {code(config.labels.positive)}" if roles.label else None
    rows = [
        ("Model", stated(config.project.name, "[project] name")),
        ("Version", stated(model.version, "[model] version")),
        ("Owner", stated(config.project.owner, "[project] owner")),
        ("Told", ", ".join(filled(config.project.notify)) or lacking("[project] notify")),
        ("Label", label or lacking("[roles] label")),
        ("Score", _score(config, packet)),
        ("Features", features),
        ("Unit", code(roles.unit) if roles.unit else "none: rows are taken as independent"),
        (
            "Time",
            code(roles.timestamp)
            if roles.timestamp
            else "none named (`[roles] timestamp`), so windows have no place in time",
        ),
    ]
    return [
        stated(config.plan.purpose, "[plan] purpose"),
        "",
        *table(("", ""), rows),
        "",
        *_latest(config, packet),
    ]


def _score(config: Config, packet: TriagePacket | None) -> str:
    """Where scores come from; a model may be given in Python, which only a run knows."""
    roles, model = config.roles, config.model
    if roles.score:
        return f"{code(roles.score)} ({roles.score_kind})"
    if model.path or (packet and packet.provenance.model):
        return f"the model scores the rows ({roles.score_kind})"
    return lacking("[roles] score, or [model] path")


def _latest(config: Config, packet: TriagePacket | None) -> list[str]:
    if packet is None:
        return ["No run has been saved yet: `dawnwatch run` makes the first, and this plan quotes the latest."]
    lines = [
        f"Latest run, {moment(packet.created_at)}: **{packet.severity.value}** by {code(packet.rule)}, "
        f"{text(packet.sla.when)}. {text(packet.headline)}"
    ]
    now = {(t.name, t.column): t.value for t in config.thresholds_in_force()}
    moved = [t for t in packet.thresholds if now.get((t.name, t.column), t.value) != t.value]
    if moved:
        names = ", ".join(code(t.name if t.column is None else f"{t.column}.{t.name}") for t in moved)
        lines += ["", f"That run had other thresholds than this plan: {names}."]
    return lines


def data(config: Config, packet: TriagePacket | None) -> list[str]:
    """Which windows are compared, and where their rows come from."""
    made = packet.provenance if packet else None
    windows: list[tuple[str, str, str | None, WindowFacts | None]] = [
        (DRIFT_BASELINE, "schema, bins, PSI", config.data.reference, made.drift_baseline if made else None),
        ("Performance baseline", "AUC", config.data.holdout, made.performance_baseline if made else None),
        ("Training rows", "what counts as never seen", config.data.training, made.training_rows if made else None),
        ("Current window", "what is judged", config.data.current, made.current if made else None),
    ]
    rows = [
        (
            name,
            use,
            code(redacted(path)) if path else text(facts.source) if facts else _unnamed(name, packet),
            count(facts.rows) if facts else "no run yet" if packet is None else "as that",
        )
        for name, use, path, facts in windows
    ]
    lines = table(("Window", "Used for", "Rows from", "Rows, latest run"), rows)
    kind = config.data.holdout_kind
    if kind or (packet and packet.performance.baseline):
        lines += ["", f"Performance baseline: {text(kind or (packet.performance.baseline if packet else ''))}."]
    lines += ["", "A column that the reference does not have "]
    lines[-1] += "fails the schema check." if config.data.extra_columns == "fail" else "is let pass."
    sources = [
        (
            text(name),
            stated(source.holds, f"[plan.sources.{name}] holds"),
            stated(source.owner, f"[plan.sources.{name}] owner"),
        )
        for name, source in config.plan.sources.items()
    ]
    owners = table(("Source", "Holds", "Owner"), sources)
    return [*lines, "", *(owners or [f"Sources and their owners: {lacking('[plan.sources.NAME]')}."])]


def _unnamed(window: str, packet: TriagePacket | None) -> str:
    """Say where a window's rows come from that no path names and of which the latest run tells nothing."""
    if window not in STANDING_IN:
        return "given with the run"
    return "given with the run, else the drift baseline" if packet is None else "the drift baseline, as none was given"
