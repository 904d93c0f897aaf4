"""From profiled windows to a packet. Pure of any reading: a moved threshold needs nothing but this."""

from __future__ import annotations

import platform
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from dawnwatch import __version__
from dawnwatch.checks.drift.section import drift_section
from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.calibration import with_labels_to_come
from dawnwatch.checks.performance.section import performance_section
from dawnwatch.checks.performance.weak_slices import weak_slices
from dawnwatch.checks.quality.section import quality_section
from dawnwatch.checks.runner import Result, judge_all, measure
from dawnwatch.config import Config
from dawnwatch.config.policy import ESTIMATE_GAP, INFORMING
from dawnwatch.errors import one_line
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.estimates import Estimates
from dawnwatch.model.packet import (
    ErrorBudget,
    HumanDecision,
    Provenance,
    RuleInForce,
    TopDrifter,
    TriagePacket,
    WindowFacts,
)
from dawnwatch.model.window import Window
from dawnwatch.monitoring.baselines import Baselines
from dawnwatch.monitoring.causes import split_fall
from dawnwatch.monitoring.dated import with_dates
from dawnwatch.monitoring.estimates import estimates_of, with_level, with_record
from dawnwatch.monitoring.facts import model_version, window_facts, writable
from dawnwatch.monitoring.following import with_following
from dawnwatch.monitoring.history import History, read_history
from dawnwatch.monitoring.maturity import Ripe, Weighing, maturity_of, weigh_labels
from dawnwatch.monitoring.onset import Now, onsets
from dawnwatch.monitoring.other_baselines import other_baselines
from dawnwatch.monitoring.over_time import Version, over_time
from dawnwatch.monitoring.self_watch import self_watch
from dawnwatch.monitoring.series import points_of
from dawnwatch.profiling.sampled import coded_sample
from dawnwatch.store.files import ResultsFolder
from dawnwatch.triage.decide import actions, decide
from dawnwatch.triage.diagnose import diagnose, funnel_caution, with_cautions
from dawnwatch.triage.doubts import doubted
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import headline
from dawnwatch.triage.severity import first_rule, sla_for

__all__ = ["Observation", "Weighed", "judge", "weigh"]

LIBRARIES = ("numpy", "pyarrow", "scikit-learn", "scipy", "skops")
TOP_DRIFTERS = 5


@dataclass(frozen=True)
class Observation:
    """A profiled current window beside its baselines, ready to be judged under any configuration."""

    baselines: Baselines
    current: Window
    score_source: str
    started_at: datetime
    notes: dict[str, Any] = field(default_factory=dict)
    results: ResultsFolder | None = None
    """Where packets of earlier windows are looked for; None where history is not asked for."""
    as_of: datetime | None = None
    """When the labels were looked at; None: at `started_at`."""
    ripe: Ripe | None = None
    """Which of its rows are judged by their labels; None where no age is asked."""

    def history(self, config: Config) -> History | None:
        """Return the earlier windows of the same project, model and reference, read once."""
        folder = self.results
        if folder is None:
            return None
        name = (config.project.name, config.model.version, config.roles.timestamp, config.roles.label)
        return self.current.once(
            ("history", folder.folder, name),
            lambda: read_history(folder, window_facts(self.current, config), lambda packet: self._same(packet, config)),
        )

    def _same(self, packet: TriagePacket, config: Config) -> bool:
        """Whether a packet is of the same project and model, and was judged against the same reference."""
        made, baselines = packet.provenance, self.baselines
        held_out = baselines.performance is not baselines.drift
        performance = None if made.performance_baseline is None else made.performance_baseline.fingerprint
        return (
            packet.project == config.project.name
            and (made.model, made.model_version) == (baselines.scorer.model_name, model_version(baselines, config))
            and made.drift_baseline.fingerprint == baselines.drift.profile.fingerprint
            and performance == (baselines.performance.profile.fingerprint if held_out else None)
        )

    def run(self, config: Config) -> RunContext:
        """Return what checks read of it under a configuration."""
        baselines, ripe = self.baselines, self.ripe
        run = RunContext(
            config,
            baselines.drift,
            baselines.performance,
            self.current,
            baselines.by_unit,
            None if ripe is None else ripe.window,
            None if ripe is None else ripe.fault,
            as_of=self.as_of,
        )
        weighing = self.weighing(run)
        if weighing.of_record is None:
            return run
        return replace(run, weighted=weighing.of_record, label_gain=weighing.gain, label_weights=weighing.cells)

    def weighing(self, run: RunContext) -> Weighing:
        """Return the AUC of the rows judged by their labels, weighted to stand for all; a fault in it ends no run."""
        if run.labels_late:
            return Weighing(reason=run.no_labels)
        try:
            return weigh_labels(run.of_labels(), self.as_of or self.started_at)
        except Exception as error:
            return Weighing(reason=f"the weighting faulted: {type(error).__name__}: {one_line(error)}")


@dataclass(frozen=True)
class Weighed:
    """All that a run measured, held against its thresholds: the results, and the evidence that triage reads."""

    results: dict[Pillar, list[Result]]
    evidence: Evidence


def weigh(seen: Observation, run: RunContext, *, step: Callable[[str], None]) -> Weighed:
    """Measure an observation and hold it against its thresholds: quality, drift, performance."""
    baselines, measured = seen.baselines, {}
    for pillar in Pillar:
        step(pillar.value)
        measured[pillar] = measure(run, pillar)
    # Judged together: what is significant depends on how many tests share the run's error budget.
    estimates = _estimates(run)
    asked = any(ESTIMATE_GAP in {*rule.all, *rule.any, *rule.none} for rule in run.config.rules)
    p_value = None if estimates is None or not asked else estimates.gap_p_value
    besides = [] if p_value is None else [p_value]
    judged = judge_all([found for pillar in Pillar for found in measured[pillar]], run.config, besides)
    results = {pillar: [result for result in judged if result.spec.pillar is pillar] for pillar in Pillar}
    quality = quality_section(results[Pillar.QUALITY])
    trained_on = baselines.training.name if baselines.training else None
    drift = drift_section(results[Pillar.DRIFT], run, trained_on=trained_on)
    performance = performance_section(
        results[Pillar.PERFORMANCE], run, baseline=baselines.performance_text, score_source=seen.score_source
    )
    if estimates is not None:
        each = next((r.significance.level for r in judged if r.significance), run.config.significance.level)
        performance = performance.model_copy(update={"estimates": with_level(estimates, each)})
    looked_at, known = seen.as_of or seen.started_at, performance.current.value is not None
    maturity = maturity_of(run, seen.ripe, looked_at, seen.weighing(run), measured=known)
    performance = performance.model_copy(update={"maturity": maturity})
    step("triage")
    watch = self_watch(run, judged, seen.started_at)
    to_come = any(one.name == "label_delay" and one.outcome is Outcome.WARNED for one in watch)
    if to_come and performance.calibration is not None:
        performance = performance.model_copy(update={"calibration": with_labels_to_come(performance.calibration)})
    # What makes no fact true was asked for by nobody, and that it has no answer is no failure to judge.
    unknown = tuple(one.message for one in watch if one.outcome is Outcome.NOT_COMPUTED and one.fact is not None)
    evidence = Evidence(
        quality,
        drift,
        performance,
        not_judged=(*_not_judged(results, run), *unknown),
        blind_pillars=tuple(pillar.value for pillar, found in results.items() if _blind(found)),
        watch=tuple(watch),
    )
    drift = with_following(evidence, run)
    drift, performance = with_cautions(drift, performance, funnel_caution(evidence.failed_quality))
    return Weighed(results, replace(evidence, drift=drift, performance=performance))


def judge(seen: Observation, run: RunContext, *, label: str | None, step: Callable[[str], None]) -> TriagePacket:
    """Judge one observation: quality, drift, performance, then triage."""
    config, weighed = run.config, weigh(seen, run, step=step)
    evidence = _with_split(run, weighed.evidence)
    now, current, history = datetime.now(UTC), window_facts(seen.current, config), seen.history(config)
    identity = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
    if history is not None:
        over = over_time(history, Version(identity, current, evidence.performance, now), seen.current, config)
        evidence = replace(evidence, performance=evidence.performance.model_copy(update={"over_time": over}))
        if (estimates := evidence.performance.estimates) is not None:
            told = evidence.performance.model_copy(update={"estimates": with_record(estimates, history)})
            evidence = replace(evidence, performance=told)
    if evidence.doubts:
        evidence = replace(evidence, split=doubted(evidence.split))
    evidence = replace(evidence, performance=with_dates(evidence.performance, current))
    past, events = (None, []) if history is None else (points_of(history), history.events)
    dated = onsets(Now.of(current, now, evidence, run), past, events, config)
    weak, search = weak_slices(run.of_labels(), evidence.performance, coded_sample)
    evidence = replace(evidence, weak_slices=tuple(weak), slice_search=search, onsets=tuple(dated))
    diagnosis = diagnose(evidence)
    if history is not None:
        others = other_baselines(history, evidence.drift, current, run)
        events = history.events_since(others[0].last_at, current)
        diagnosis = diagnosis.model_copy(update={"baselines": others, "events": events})
    tests = (r.significance.tests for found in weighed.results.values() for r in found if r.significance)
    rule = first_rule(config.rules, evidence.facts)
    sla = sla_for(rule.severity, config.sla.hours(rule.severity), now)
    return TriagePacket(
        id=identity,
        created_at=now,
        project=config.project.name,
        label=writable(label),
        owner=writable(config.project.owner),
        notify=config.project.notify,
        severity=rule.severity,
        rule=rule.name,
        rule_text=rule.text,
        sla=sla,
        headline=headline(evidence),
        actions=actions(evidence, rule.severity, sla),
        top_drifters=_top_drifters(evidence),
        quality=evidence.quality,
        drift=evidence.drift,
        performance=evidence.performance,
        diagnosis=diagnosis,
        decision=decide(evidence),
        thresholds=config.thresholds_in_force(),
        provenance=_provenance(seen, run, now, current, history.notes if history else []),
        human_decision=HumanDecision(),
        policy=_policy(config),
        facts=sorted(evidence.facts),
        error_budget=ErrorBudget(
            judge=config.judge,
            level=config.significance.level,
            tests=next(tests, 0),
            min_units=config.significance.min_units,
        ),
        could_not_judge=list(evidence.not_judged),
        self_watch=list(evidence.watch),
    )


def _with_split(run: RunContext, evidence: Evidence) -> Evidence:
    """Return the evidence with the fall taken apart; a fault in that ends no run."""
    try:
        return replace(evidence, split=split_fall(run, evidence))
    except Exception as error:
        fault = f"why the AUC changed could not be computed: {type(error).__name__}: {one_line(error)}"
        return replace(evidence, not_judged=(*evidence.not_judged, fault))


def _estimates(run: RunContext) -> Estimates | None:
    """Return the metrics estimated before labels come; a fault in that ends no run, and says so in their place."""
    try:
        return estimates_of(run)
    except Exception as error:
        fault = f"it could not be computed: {type(error).__name__}: {one_line(error)}"
        return Estimates(
            answer="cannot_tell",
            reason=fault,
            rows=int(run.current.profile.scores[:, :-1].sum()),
            unscored=int(run.current.profile.scores[:, -1].sum()),
            labelled=0,
            confidence=run.config.performance.confidence,
            message=f"Metrics cannot be estimated without labels: {fault}",
        )


def _policy(config: Config) -> list[RuleInForce]:
    return [
        RuleInForce(**rule.model_dump(), text=rule.text, sla_hours=config.sla.hours(rule.severity))
        for rule in config.rules
    ]


def _top_drifters(evidence: Evidence) -> list[TopDrifter]:
    return [
        TopDrifter(
            name=f.name,
            psi=f.psi,
            method=f.method,
            size=f.size,
            band=f.band,
            moved_most=f.moved_most,
            significant=f.significance.significant if f.significance else None,
        )
        for f in evidence.out_of_green[:TOP_DRIFTERS]
        if f.psi is not None and f.band is not None
    ]


def _not_judged(results: dict[Pillar, list[Result]], run: RunContext) -> tuple[str, ...]:
    """Return one line for each check that was configured and unexpectedly could not be judged.

    What a lost column takes with it is said in one line: the column is what must come back.
    """
    unjudged = [result for found in results.values() for result in found if result.unexpected]
    columns = run.current.profile.columns
    lost: dict[str, dict[str, None]] = {}
    lines: dict[str, None] = {}
    for result in unjudged:
        column = result.subject.column
        if column in columns and columns[column].type is None:
            lost.setdefault(column, {})[result.spec.name] = None
            continue
        which = getattr(result.subject.current, "slice", None)  # of a slice, its column and value
        where = f" of {' = '.join(which) if which else column}" if column else ""
        reason = getattr(result.measurement, "reason", "unknown")
        lines[f"{result.spec.name}{where} could not be judged: {reason}"] = None
    gone = [
        f"{', '.join(checks)} of {column} could not be judged: the current window has no column {column!r}"
        for column, checks in lost.items()
    ]
    return (*gone, *lines)


def _blind(results: list[Result]) -> bool:
    """Whether nothing of a pillar was judged, and something should have been; what informs only does not count."""
    judged = {Outcome.PASSED, Outcome.WARNED, Outcome.FAILED}
    results = [r for r in results if r.spec.threshold not in INFORMING]
    return not any(r.outcome in judged for r in results) and any(r.unexpected for r in results)


def _provenance(
    seen: Observation, run: RunContext, now: datetime, current: WindowFacts, of_history: list[str]
) -> Provenance:
    baselines, config = seen.baselines, run.config
    held_out = baselines.performance is not baselines.drift
    unjustified = [f"{name} has no `because`" for name in config.unjustified()]
    return Provenance(
        dawnwatch=__version__,
        python=platform.python_version(),
        libraries={name: found for name in LIBRARIES if (found := _version(name))},
        config_hash=config.fingerprint,
        seed=config.project.seed,
        started_at=seen.started_at,
        finished_at=now,
        drift_baseline=window_facts(baselines.drift, config),
        performance_baseline=window_facts(baselines.performance, config) if held_out else None,
        training_rows=window_facts(baselines.training, config) if baselines.training else None,
        current=current,
        model=baselines.scorer.model_name,
        model_version=model_version(baselines, config),
        score_source=seen.score_source,
        warnings=[
            *baselines.warnings,
            *_configured_nothing(run),
            *unjustified,
            *(f"history: {note}" for note in of_history),
        ],
        notes=seen.notes,
    )


def _configured_nothing(run: RunContext) -> list[str]:
    warnings = []
    if not run.config.watched:
        warnings.append("no feature's drift is watched: name some in [model] features or with monitor = true")
    if run.current.plan.label is None:
        warnings.append("accuracy is not watched: [roles] label is not set")
    elif run.current.plan.score is None:
        warnings.append("accuracy is not watched: neither [roles] score nor [model] path is set")
    if not run.current.plan.keys:
        warnings.append("duplicates are not watched: [roles] keys is not set")
    return warnings


@cache
def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
