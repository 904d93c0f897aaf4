"""A run that can be judged again: thresholds moved, reasons given, a decision recorded. No input or output here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from dawnwatch.config import Config
from dawnwatch.config.own import OwnThreshold, with_own
from dawnwatch.model.distances import PSI
from dawnwatch.model.enums import Pillar, Severity
from dawnwatch.model.packet import HumanDecision, TriagePacket, Verdict
from dawnwatch.model.what_if import Sweep
from dawnwatch.monitoring.axes import AXES
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.what_if import judged_under, what_if

__all__ = ["THRESHOLDS", "Moved", "Session", "title_of"]

THRESHOLDS = {
    Pillar.QUALITY: ("missing", "range", "duplicates"),
    Pillar.DRIFT: ("psi",),
    Pillar.PERFORMANCE: ("auc_drop",),
}
"""The thresholds of each section that a person may move; the first is offered."""


@dataclass(frozen=True)
class Moved:
    """What a moved threshold did."""

    name: str
    before: float
    after: float
    severity_before: Severity
    severity_after: Severity
    rule: str
    turned: dict[str, tuple[str, str]]
    """Checks with another verdict than before."""
    held: list[str]
    """Columns with a threshold of their own, which did not move; none where it is one of these that moved."""
    seconds: float


class Session:
    """An observation, the configuration it is judged by now, and the packet of that."""

    def __init__(self, seen: Observation, config: Config, packet: TriagePacket) -> None:
        self.seen, self.config, self.packet = seen, config, packet
        self._configured = config
        self._values: dict[str, float] = {}
        self._reasons: dict[str, str] = {}

    def names(self, pillar: Pillar) -> list[str]:
        """Return what may be moved in a section: its thresholds, then those that columns may have for themselves."""
        found = list(THRESHOLDS[pillar])
        if pillar is Pillar.QUALITY:
            checks = self.packet.quality.checks
            found += [f"missing.{check.column}" for check in checks if check.name == "missing"]
        if pillar is Pillar.DRIFT:
            found += [f"psi.{feature.name}" for feature in self.packet.drift.features if feature.method == PSI]
        return found

    def named(self, pillar: Pillar, typed: str) -> str | None:
        """Return the threshold that was typed, by its name or its column's; None where there is none of that name."""
        names = self.names(pillar)
        if typed in names:
            return typed
        return next((name for name in names if name.partition(".")[2] == typed), None)

    def value(self, name: str) -> float:
        """Return where a threshold stands; "psi.device" is that of one column."""
        return _value(self.config, name)

    def move(self, name: str, value: float) -> Moved:
        """Judge again with one threshold at another value; no row is read."""
        kind, _, column = name.partition(".")
        axis, old = AXES[kind], self.packet
        before, started = self.value(name), perf_counter()
        self._values[name] = value
        self._reasons.pop(name, None)
        if value == _value(self._configured, name):
            del self._values[name]  # back where it was, with the reason it had
        self._apply()
        seconds = perf_counter() - started
        then, now = axis.verdicts(old), axis.verdicts(self.packet)
        return Moved(
            name=name,
            before=before,
            after=value,
            severity_before=old.severity,
            severity_after=self.packet.severity,
            rule=self.packet.rule,
            turned={check: (then[check], found) for check, found in now.items() if then.get(check, found) != found},
            held=[] if column else axis.held(self.config),
            seconds=seconds,
        )

    @property
    def unjustified(self) -> list[str]:
        """Thresholds that were moved and for which no reason was given yet."""
        return [name for name in self._values if name not in self._reasons]

    def justify(self, name: str, reason: str) -> None:
        """Write down why a threshold was moved; the packet keeps it."""
        self._reasons[name] = reason
        self._apply()

    def decide(self, verdict: Verdict, *, note: str | None, by: str | None) -> None:
        """Record what a person decided."""
        decided = HumanDecision(decision=verdict, note=note or None, by=by or None, at=datetime.now(UTC))
        self.packet = self.packet.model_copy(update={"human_decision": decided})

    def sweeps(self, pillar: Pillar) -> list[Sweep]:
        """Return the what-if answers of a section's thresholds, as far as they judge anything."""
        found = what_if(self.seen, self.config, names=THRESHOLDS[pillar]).sweeps
        return [sweep for sweep in found if sweep.steps[0].turned] or found[:1]

    def _apply(self) -> None:
        """Judge under what was configured with all that was moved; one move after another would leave traces."""
        config = self._configured
        for name, value in self._values.items():
            kind, _, column = name.partition(".")
            if column:
                own: OwnThreshold = "psi" if kind == PSI else "missing"
                config = with_own(config, column, own, value, because=self._reasons.get(name))
            else:
                config = AXES[kind].move(config, value)
        reasons = {name: why for name, why in self._reasons.items() if "." not in name}
        self.config = config.because(**reasons) if reasons else config
        self._judge()

    def _judge(self) -> None:
        decided = self.packet.human_decision
        packet = judged_under(self.seen, self.config, label=self.packet.label)
        self.packet = packet.model_copy(update={"human_decision": decided})


def title_of(name: str) -> str:
    """Return a threshold's name for people, such as "PSI of device"."""
    kind, _, column = name.partition(".")
    return f"{AXES[kind].title} of {column}" if column else AXES[kind].title


def _value(config: Config, name: str) -> float:
    kind, _, column = name.partition(".")
    if not column:
        return AXES[kind].value(config)
    return config.psi_for(column).red if kind == PSI else config.missing_for(column).max
