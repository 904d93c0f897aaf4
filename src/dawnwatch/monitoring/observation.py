"""`Observation`: a profiled window beside its baselines, before any judging."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from dawnwatch.checks.needs import RunContext
from dawnwatch.config import Config
from dawnwatch.errors import one_line
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.window import Window
from dawnwatch.monitoring.baselines import Baselines
from dawnwatch.monitoring.facts import model_version, window_facts
from dawnwatch.monitoring.history import History, read_history
from dawnwatch.monitoring.maturity import Ripe, Weighing, weigh_labels
from dawnwatch.profiling.sampled import coded_sample
from dawnwatch.store.files import ResultsFolder

__all__ = ["Observation"]


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
            coded=coded_sample,
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
