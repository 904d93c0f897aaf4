"""The plan's sections on what is checked: quality, drift and performance, each bound with its reason."""

from __future__ import annotations

from dawnwatch.checks.needs import Keys, Labels, ModelScores
from dawnwatch.checks.registry import CheckSpec, all_checks
from dawnwatch.config import ColumnConfig, Config, PsiThreshold, RangeRule
from dawnwatch.config.policy import INFORMING
from dawnwatch.model.distances import DISTANCES, title_of
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.feature_drift import OutputDrift
from dawnwatch.model.numbers import number, share, short_share, signed
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.sized import size_of
from dawnwatch.report.plan.data import stated
from dawnwatch.report.plan.markdown import code, lacking, table, text
from dawnwatch.report.words import OUTCOME_WORD

__all__ = ["drift", "performance", "quality"]

NONE = "\N{EN DASH}"
NO_ROW = "no row"


def quality(config: Config, packet: TriagePacket | None) -> list[str]:
    """Which rules the data must keep, how many rows may break them, and why."""
    rules = [_rule(config, spec) for spec in all_checks() if spec.pillar is Pillar.QUALITY]
    columns = [
        (
            code(name),
            column.type or "as in the reference",
            _bounds(column),
            _most(config.missing_for(name).max),
            _found(packet, name),
            _reasons(config, name),
        )
        for name, column in config.columns.items()
    ]
    header = ("Column", "Type", "Bounds", "Missing up to", "Latest run", "Why")
    return [
        *table(("Check", "Looks at", "Rows that may fail", "Why"), rules),
        "",
        *(table(header, columns) or [f"No column has bounds of its own: {lacking('[columns.NAME]')}."]),
        "",
        "Columns not named here are held to the schema, missing and constant checks alone.",
    ]


def _rule(config: Config, spec: CheckSpec) -> tuple[str, str, str, str]:
    """Write a check as it is registered, so that a new one stands in the plan by itself."""
    what = text(spec.summary)
    lacks = _lacks(config, spec)
    if spec.needs is Keys and not lacks:
        what += f" (key: {' + '.join(map(code, config.roles.keys))})"
    if lacks:
        what += f" (not checked: {lacks})"
    if spec.threshold == "none":
        return code(spec.short), what, NO_ROW, "Not a matter of degree: it holds or it does not."
    threshold = getattr(config.thresholds, spec.threshold)
    return code(spec.short), what, _most(threshold.max), _why(threshold.because, spec.threshold)


def _lacks(config: Config, spec: CheckSpec) -> str:
    """Say what a check would need that is not configured; "" where it has all."""
    if spec.needs is Keys and not config.roles.keys:
        return "no `[roles] keys`"
    if spec.needs is Labels and not config.roles.label:
        return "no `[roles] label`"
    if spec.needs is ModelScores and config.roles.score_kind != "probability":
        return "the score is no probability"
    rules = {"quality.allowed": "allowed", "quality.pattern": "pattern"}
    rule = rules.get(spec.name)
    if rule and all(getattr(column, rule) is None for column in config.columns.values()):
        return f"no column has `{rule}`"
    return ""


def _most(limit: float) -> str:
    return share(limit) if limit else NO_ROW


def _why(because: str | None, name: str) -> str:
    return stated(because, f"[thresholds.{name}] because")


def _reasons(config: Config, name: str) -> str:
    """Say why a column is held to what it is. Why its drift is watched stands with the drift thresholds."""
    column = config.column(name)
    own = [text(column.missing.because)] if column.missing and (column.missing.because or "").strip() else []
    if column.bounded:
        own.insert(0, stated(config.bounds_because(name), f"columns.{name}.bounds_because"))
    elif not config.asks_of_drift(name) and (column.because or "").strip():
        own.insert(0, text(column.because))
    return " ".join(own) or NONE


def _bounds(column: ColumnConfig) -> str:
    if column.private:
        return "private: not shown"
    parts = [] if column.range is None else [_range(column.range)]
    if column.allowed is not None:
        parts.append("one of " + ", ".join(code(value) for value in column.allowed))
    if column.pattern is not None:
        parts.append(f"like {code(column.pattern)}")
    parts += [] if column.required else ["may be absent"]
    return "; ".join(parts) or NONE


def _range(rule: RangeRule) -> str:
    low = [] if rule.min is None else [f"{'from' if rule.min_inclusive else 'above'} {_plain(rule.min)}"]
    high = [] if rule.max is None else [f"{'to' if rule.max_inclusive else 'below'} {_plain(rule.max)}"]
    return " ".join(low + high)


def _plain(value: float) -> str:
    # A bound such as 893289600 must not read 8.9329e+08.
    return f"{int(value)}" if value == int(value) and abs(value) < 1e15 else repr(value)


def _found(packet: TriagePacket | None, column: str) -> str:
    checks = [check for check in packet.quality.checks if check.column == column] if packet else []
    if not checks:
        return NONE
    worst = Outcome.worst([check.outcome for check in checks])
    messages = [text(f"{c.name}: {c.message}") for c in checks if c.outcome is worst and worst is not Outcome.PASSED]
    return "; ".join([OUTCOME_WORD[worst], *messages])


def drift(config: Config, packet: TriagePacket | None) -> list[str]:
    """Which features' shift is judged, from where on, and why; and which are left alone."""
    found = {feature.name: feature for feature in packet.drift.features} if packet else {}
    rows = []
    for name in config.watched:
        own, latest = config.column(name), found.get(name)
        method = config.method_for(name, latest.kind if latest else own.kind or "numeric")
        bands = config.bands_for(name, method)
        said_of_bands = bands.because if method in own.own_bands else None
        because = [text(why) for why in (own.because, said_of_bands) if (why or "").strip()]
        said = NONE
        if latest is not None:
            said = f"{size_of(latest)}, {latest.band}"
            said = said if latest.band is not None else f"not computed: {text(latest.reason or 'no reason given')}"
        reason = " ".join(because) or lacking(f"columns.{name}.because")
        rows.append((code(name), title_of(method), f"{bands.yellow:g}", f"{bands.red:g}", said, reason))
    lines = table(("Feature", "Distance", "YELLOW from", "RED from", "Latest run", "Why"), rows)
    lines = lines or [f"No feature's drift is watched: {lacking('[model] features, or columns.NAME.monitor')}."]
    for threshold in config.thresholds_in_force():
        if threshold.column is None and threshold.name in DISTANCES:
            of = title_of(threshold.name)
            lines += ["", f"The {of} bands of every feature without its own: {_why(threshold.because, threshold.name)}"]
    lines += ["", *_outputs(config, packet)]
    chance = [feature.by_chance for feature in found.values() if feature.by_chance is not None]
    if chance:
        lines += ["", f"By chance alone PSI would have averaged up to {max(chance):.2g} in the latest run."]
    left = [(code(name), text(config.column(name).because or "")) for name in config.model.features]
    left = [row for row, name in zip(left, config.model.features, strict=True) if name not in config.watched]
    return [
        *lines,
        "",
        *(["Features whose drift is not judged:", "", *table(("Not judged", "Why not"), left)] if left else []),
    ]


def _outputs(config: Config, packet: TriagePacket | None) -> list[str]:
    """Scores and labels: judged apart from the features, and what their drift comes to."""
    latest: dict[str, OutputDrift] = {output.what: output for output in packet.drift.outputs} if packet else {}
    rows = []
    for what, name, role in (("prediction", "Scores", config.roles.score), ("label", "Labels", config.roles.label)):
        bands: PsiThreshold = getattr(config.thresholds, what)
        found = latest.get(what)
        said = NONE
        if found is not None:
            said = f"{size_of(found)}, {found.band}" if found.band else f"not computed: {text(found.reason or '')}"
        counts = ", ".join(code(r.name) for r in config.rules if INFORMING[what] in {*r.all, *r.any})
        why = _why(bands.because, what) if counts else NONE
        named = f"{name} ({code(role)})" if role else name
        rows.append((named, f"{bands.yellow:g}", f"{bands.red:g}", counts or "nothing: it informs", said, why))
    domain, apart = config.thresholds.domain, packet.drift.domain if packet else None
    if config.drift.asks_classifier:
        counts = ", ".join(code(r.name) for r in config.rules if INFORMING["domain"] in {*r.all, *r.any})
        said = NONE if apart is None else "not computed" if apart.auc is None else f"AUC {number(apart.auc)}"
        why = _why(domain.because, "domain") if counts else NONE
        row = ("All features at once", NONE, f"an AUC above {domain.max:g}", counts or "nothing: it informs", said, why)
        rows.append(row)
    return table(("Apart", "YELLOW from", "RED from", "RED counts in", "Latest run", "Why"), rows)


def performance(config: Config, packet: TriagePacket | None) -> list[str]:
    """How accuracy is measured, where, and how large a fall is borne."""
    rules, limit = config.performance, config.thresholds.auc_drop
    sure = "and more than chance" if config.judge == "tested" else ""
    late = "; until then accuracy is not computed" if config.labels.expected == "late" else ""
    unjudged = [] if config.roles.label else [("Judged", f"no, without a label: {lacking('[roles] label')}")]
    rows = [
        *unjudged,
        ("Metric", "AUC: the chance that a positive row scores above a negative one"),
        ("Tolerance", f"a fall of {limit.max:g}; degraded where the fall is larger {sure}".rstrip()),
        ("Why", _why(limit.because, "auc_drop")),
        ("Slices", ", ".join(map(code, config.roles.slices)) or lacking("[roles] slices")),
        (
            "A slice is judged with",
            f"{rules.min_rows:,} scored rows, {rules.min_per_class:,} of each class, per window",
        ),
        ("Label delay", stated(config.plan.label_delay, "[plan] label_delay") + late),
        *_ages(config),
    ]
    lines = table(("", ""), rows)
    if packet is None:
        return lines
    judged = packet.performance
    overall = (
        "all rows" if judged.auc_title == "AUC" else f"all rows, {judged.auc_title}",
        judged.reference.value,
        judged.current.value,
        judged.drop,
        judged.drop.outcome,
    )
    parts = [overall] + [(s.name, s.reference.value, s.current.value, s.drop, s.outcome) for s in judged.slices]
    seen = [
        (
            text(name),
            number(then),
            number(now),
            signed(None if drop.value is None else -drop.value),
            OUTCOME_WORD[outcome],
        )
        for name, then, now, drop, outcome in parts
    ]
    reason = [] if not judged.reason else ["", f"{text(judged.reason)}."]
    return [*lines, "", *table(("Latest run", "AUC then", "AUC now", "Change", "Outcome"), seen), *reason]


def _ages(config: Config) -> list[tuple[str, str]]:
    """Say which rows are judged by their labels, where their age is asked."""
    asked, share = config.labels.mature_after, config.labels.mature_share
    if asked not in {"auto", "none"}:
        return [("Rows judged", f"those at least {asked} old (`[labels] mature_after`); younger ones are told apart")]
    if asked == "auto" and config.roles.label_time is not None:
        age = f"old enough for {short_share(share)} of the labels to have come, by the baseline's times of arrival"
        return [("Rows judged", f"those {age} ({code(config.roles.label_time)}); younger ones are told apart")]
    return []
