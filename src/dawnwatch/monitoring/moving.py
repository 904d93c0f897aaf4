"""A weighed run in which one threshold moves: only what this threshold judges is judged again, the rest taken over."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from dawnwatch.checks.drift.shifts import band_of
from dawnwatch.checks.performance.scores import Scores
from dawnwatch.checks.performance.section import outcome_with_slices
from dawnwatch.checks.performance.version_gap import Versions
from dawnwatch.checks.registry import all_checks
from dawnwatch.checks.runner import Result, judge
from dawnwatch.config import Config
from dawnwatch.model.auc import Drop, SlicePerformance, VersionPerformance
from dawnwatch.model.certainty import doubt
from dawnwatch.model.distances import PSI
from dawnwatch.model.drift import Drift
from dawnwatch.model.enums import Band, Outcome
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.measurement import Significance
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import Quality, QualityCheck
from dawnwatch.monitoring.weighing import Weighed
from dawnwatch.triage.evidence import Evidence

__all__ = ["Moving", "entries", "verdict_of"]

JUDGED = {Outcome.PASSED, Outcome.WARNED, Outcome.FAILED}
OVERALL = "overall"
Part = SlicePerformance | VersionPerformance
Entry = QualityCheck | FeatureDrift | Part | Drop
"""What a section says of one check; of the overall AUC that is its drop."""


class Sections(Protocol):
    """The three pillars: a packet's, or those of the evidence."""

    @property
    def quality(self) -> Quality: ...

    @property
    def drift(self) -> Drift: ...

    @property
    def performance(self) -> Performance: ...


def entries(found: Sections, threshold: str) -> dict[str, Entry]:
    """Return what is said of each check that a threshold judges and that could be judged, by name, in order."""
    said: dict[str, Entry]
    if threshold == PSI:
        said = {feature.name: feature for feature in found.drift.features if feature.method == PSI}
    elif threshold == "auc_drop":
        slices = {part.name: part for part in found.performance.slices}
        versions = {_version_name(part.version): part for part in found.performance.versions}
        said = {OVERALL: found.performance.drop, **slices, **versions}
    else:
        held = {spec.short for spec in all_checks() if spec.threshold == threshold}
        said = {_check_name(c.name, c.column): c for c in found.quality.checks if c.name in held}
    return {name: entry for name, entry in said.items() if entry.outcome in JUDGED}


def verdict_of(entry: Entry) -> str:
    """Return what a check came to: the band of a feature, with why it does not count; else the outcome."""
    if not isinstance(entry, FeatureDrift):
        return entry.outcome.value
    band = entry.band or Band.GREEN
    unsure = doubt(entry.significance) if band is not Band.GREEN else ""
    return f"{band.value}, {unsure}" if unsure else band.value


@dataclass(frozen=True)
class _Part:
    """A check with its result, and what is said of it under the threshold where it stands."""

    name: str
    result: Result
    entry: Entry

    def under(self, config: Config) -> _Part:
        """Judge it again."""
        spec, column = self.result.spec, self.result.subject.column
        outcome = judge(spec, self.result.measurement, column, config, self.result.significance)
        changes: dict[str, object] = {"outcome": outcome}
        if isinstance(self.entry, FeatureDrift) and self.entry.psi is not None:
            changes["band"] = band_of(self.entry.psi, config.psi_for(self.entry.name))
        if isinstance(self.entry, Part):
            changes["drop"] = self.entry.drop.model_copy(update={"outcome": outcome})
        return replace(self, entry=self.entry.model_copy(update=changes))

    def turns(self, config: Config) -> Iterable[float]:
        """Yield the values of its threshold at which its verdict can change."""
        entry = self.entry
        if isinstance(entry, FeatureDrift) and entry.psi is not None:
            # YELLOW is half of RED where it was not set, or where RED comes below what was.
            yield from (entry.psi, 2 * entry.psi, config.thresholds.psi.yellow)
        elif isinstance(entry, QualityCheck):
            yield (entry.failed_rows or 0) / max(entry.rows, 1)
        else:
            yield _fall(entry)

    def kind(self, config: Config) -> Hashable:
        """Return all that the facts see of it: checks of one kind make the same facts true."""
        entry = self.entry
        if isinstance(entry, QualityCheck):
            return entry.outcome
        if isinstance(entry, FeatureDrift):
            return entry.outcome, entry.band, _sureness(entry.significance)
        drop = entry.drop if isinstance(entry, Part) else entry
        beyond = _fall(entry) > config.thresholds.auc_drop.max
        return type(entry), entry.outcome, beyond, _sureness(drop.significance)


class Moving:
    """The checks that one threshold judges, as they stand under one value of it after another.

    Parameters
    ----------
    threshold : its name in dawnwatch.toml
    """

    def __init__(self, weighed: Weighed, config: Config, threshold: str) -> None:
        self._threshold, self._evidence = threshold, weighed.evidence
        said = entries(weighed.evidence, threshold)
        results = {_name_of(r): r for found in weighed.results.values() for r in found if r.spec.threshold == threshold}
        self._parts = {name: _Part(name, results[name], entry) for name, entry in said.items()}
        self._alike: dict[Hashable, dict[str, _Part]] = {}
        for part in self._parts.values():
            self._alike.setdefault(part.kind(config), {})[part.name] = part
        self._kinds = {name: kind for kind, parts in self._alike.items() for name in parts}
        self._facts: dict[frozenset[Hashable], frozenset[str]] = {}

    def turns(self, config: Config) -> dict[float, list[str]]:
        """Return the values at which a verdict can change, each with the checks whose verdict it is."""
        found: dict[float, list[str]] = {}
        for name, part in self._parts.items():
            for value in part.turns(config):
                found.setdefault(value, []).append(name)
        return found

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict of every check, as it stands."""
        return {name: verdict_of(part.entry) for name, part in self._parts.items()}

    def judge(self, config: Config, due: Iterable[str]) -> dict[str, str]:
        """Judge the due checks under a moved threshold. Returns the verdicts that changed."""
        turned = {}
        for name in due:
            before, part = self._parts[name], self._parts[name].under(config)
            self._parts[name] = part
            if (verdict := verdict_of(part.entry)) != verdict_of(before.entry):
                turned[name] = verdict
            old, kind = self._kinds[name], part.kind(config)
            del self._alike[old][name]
            if not self._alike[old]:
                del self._alike[old]
            self._alike.setdefault(kind, {})[name] = part
            self._kinds[name] = kind
        return turned

    def facts(self, config: Config) -> frozenset[str]:
        """Return the facts that hold as the checks stand."""
        kinds = frozenset(self._alike)
        if kinds not in self._facts:
            one_of_each = [next(iter(parts.values())) for parts in self._alike.values()]
            evidence = self._evidence_with({part.name: part.entry for part in one_of_each}, config)
            self._facts[kinds] = evidence.facts
        return self._facts[kinds]

    def _evidence_with(self, moved: dict[str, Entry], config: Config) -> Evidence:
        """Return the evidence in which these entries stand for all of this threshold's."""
        evidence = self._evidence
        if self._threshold == PSI:
            others = [f for f in evidence.drift.features if f.name not in self._parts]
            features = [*others, *(entry for entry in moved.values() if isinstance(entry, FeatureDrift))]
            return replace(evidence, drift=evidence.drift.model_copy(update={"features": features}))
        if self._threshold == "auc_drop":
            section = evidence.performance
            slices = [part for part in section.slices if part.name not in self._parts]
            slices += [entry for entry in moved.values() if isinstance(entry, SlicePerformance)]
            drop = moved.get(OVERALL, evidence.performance.drop)
            outcome = outcome_with_slices(drop.outcome, [part.outcome for part in slices])
            threshold = config.thresholds.auc_drop.max
            versions = [part for part in section.versions if _version_name(part.version) not in self._parts]
            versions += [entry for entry in moved.values() if isinstance(entry, VersionPerformance)]
            changes = {"drop": drop, "slices": slices, "versions": versions, "outcome": outcome, "threshold": threshold}
            return replace(evidence, performance=evidence.performance.model_copy(update=changes))
        checks = [c for c in evidence.quality.checks if _check_name(c.name, c.column) not in self._parts]
        checks += [entry for entry in moved.values() if isinstance(entry, QualityCheck)]
        return replace(evidence, quality=evidence.quality.model_copy(update={"checks": checks}))


def _sureness(significance: Significance | None) -> Hashable:
    return significance and (significance.significant, significance.reason is None)


def _fall(entry: Entry) -> float:
    drop = entry.drop if isinstance(entry, Part) else entry
    return (drop.value or 0.0) if isinstance(drop, Drop) else 0.0


def _name_of(result: Result) -> str:
    current, column = result.subject.current, result.subject.column
    if isinstance(current, Scores):
        return OVERALL if current.slice is None else " = ".join(current.slice)
    if isinstance(current, Versions):
        return _version_name(current.name)
    return column or "" if result.spec.threshold == PSI else _check_name(result.spec.short, column)


def _version_name(version: str) -> str:
    return f"version {version}"


def _check_name(name: str, column: str | None) -> str:
    return f"{'the whole table' if column is None else column}: {name}"
