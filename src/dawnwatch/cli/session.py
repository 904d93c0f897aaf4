"""A run that can be judged again: thresholds moved, reasons given, a decision recorded. No input or output here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from dawnwatch.config import Config
from dawnwatch.model.enums import Pillar, Severity
from dawnwatch.model.packet import HumanDecision, TriagePacket, Verdict
from dawnwatch.model.what_if import Sweep
from dawnwatch.monitoring.axes import AXES
from dawnwatch.monitoring.judging import Observation
from dawnwatch.monitoring.what_if import judged_under, what_if

__all__ = ["THRESHOLD", "Moved", "Session"]

THRESHOLD = {Pillar.QUALITY: "missing", Pillar.DRIFT: "psi", Pillar.PERFORMANCE: "auc_drop"}
"""The threshold of each section that a person may move."""


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
    """Columns with a threshold of their own, which did not move."""
    seconds: float


class Session:
    """An observation, the configuration it is judged by now, and the packet of that."""

    def __init__(self, seen: Observation, config: Config, packet: TriagePacket) -> None:
        self.seen, self.config, self.packet = seen, config, packet
        self._configured = config
        self._values: dict[str, float] = {}
        self._reasons: dict[str, str] = {}

    def value(self, name: str) -> float:
        """Return a threshold's value now."""
        return AXES[name].value(self.config)

    def move(self, name: str, value: float) -> Moved:
        """Judge again with one threshold at another value; no row is read."""
        axis, old = AXES[name], self.packet
        before, started = axis.value(self.config), perf_counter()
        self._values[name] = value
        self._reasons.pop(name, None)
        if value == axis.value(self._configured):
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
            held=axis.held(self.config),
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

    def sweep(self, pillar: Pillar) -> Sweep:
        """Return the what-if answers of a section's threshold."""
        return what_if(self.seen, self.config, names=[THRESHOLD[pillar]]).sweeps[0]

    def _apply(self) -> None:
        """Judge under what was configured with all that was moved; one move after another would leave traces."""
        config = self._configured
        for name, value in self._values.items():
            config = AXES[name].move(config, value)
        self.config = config.because(**self._reasons) if self._reasons else config
        self._judge()

    def _judge(self) -> None:
        decided = self.packet.human_decision
        packet = judged_under(self.seen, self.config, label=self.packet.label)
        self.packet = packet.model_copy(update={"human_decision": decided})
