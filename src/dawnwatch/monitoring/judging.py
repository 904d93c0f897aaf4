"""From profiled windows to a packet. Pure of any reading: a moved threshold needs nothing but this."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.weak_slices import weak_slices
from dawnwatch.config import Config
from dawnwatch.errors import one_line
from dawnwatch.model.packet import ErrorBudget, HumanDecision, RuleInForce, TopDrifter, TriagePacket
from dawnwatch.monitoring.causes import split_fall
from dawnwatch.monitoring.dated import with_dates
from dawnwatch.monitoring.estimates import with_record
from dawnwatch.monitoring.facts import window_facts, writable
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.onset import Now, onsets
from dawnwatch.monitoring.other_baselines import other_baselines
from dawnwatch.monitoring.over_time import Version, over_time
from dawnwatch.monitoring.provenance import provenance_of
from dawnwatch.monitoring.rows_in_time import RowsInTime
from dawnwatch.monitoring.series import points_of
from dawnwatch.monitoring.weighing import weigh
from dawnwatch.profiling.sampled import coded_sample
from dawnwatch.triage.decide import actions, decide
from dawnwatch.triage.diagnose import diagnose
from dawnwatch.triage.doubts import contradicted, doubted
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import headline
from dawnwatch.triage.severity import first_rule, sla_for

__all__ = ["judge"]

TOP_DRIFTERS = 5


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
    evidence = replace(evidence, split=contradicted(evidence.split, evidence.performance))
    rows = RowsInTime.of(run.of_labels().current, config.roles.timestamp)
    evidence = replace(evidence, performance=with_dates(evidence.performance, current, rows))
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
        provenance=provenance_of(seen, run, now, current, history.notes if history else []),
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
