"""`Monitor`: fitted to a reference, it checks one window after another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from dawnwatch.config import Config
from dawnwatch.engines import SparkEngine, open_data
from dawnwatch.errors import ConfigError, UsageError
from dawnwatch.model.history import Event
from dawnwatch.model.long_log import LogOnset
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring.baselines import Baselines, Progress, learn_baselines
from dawnwatch.monitoring.judging import judge
from dawnwatch.monitoring.keeping import keep_run, require_judged
from dawnwatch.monitoring.long_log import log_onset
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.profile_files import is_profile, require_free
from dawnwatch.monitoring.reading import Reader, require_begun
from dawnwatch.monitoring.saved_baselines import load_baselines, save_baselines
from dawnwatch.monitoring.saved_window import SavedWindow
from dawnwatch.profiling.profile_file import plan_id
from dawnwatch.profiling.run import DEFAULT_MEMORY
from dawnwatch.store.files import ResultsFolder

__all__ = ["Monitor"]


class Monitor:
    """Watches one model's prediction log against its reference.

    Parameters
    ----------
    config : a `Config`, its tables as nested dictionaries, or the path of a dawnwatch.toml
    model : the deployed model, used where the log has no score column: an object with `predict_proba` or
        `decision_function`, a callable from a pyarrow RecordBatch to scores, or the path of a skops file; by
        default the configured one
    progress : called with what is being done, how many rows of it are done, and of how many where that is known
    memory : bytes a run may take
    engine : where paths and names of tables are read; by default this machine. Spark DataFrames are always counted
        on Spark

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"plan": ["free", "paid"] * 200, "label": [0, 1] * 200, "score": [0.2, 0.8] * 200})
    >>> config = Config.from_dict(
    ...     {"roles": {"label": "label", "score": "score"}, "columns": {"plan": {"monitor": True}}}
    ... )
    >>> packet = Monitor(config).fit(rows).check(rows)
    >>> packet.severity, packet.drift.features[0].psi
    (<Severity.LOW: 'low'>, 0.0)
    """

    def __init__(
        self,
        config: Config | Mapping[str, Any] | str | Path,
        *,
        model: Any | None = None,
        progress: Progress | None = None,
        memory: int = DEFAULT_MEMORY,
        engine: SparkEngine | None = None,
    ) -> None:
        self.config = _configured(config)
        self._model = model
        self._progress: Progress = progress or (lambda step, rows, total: None)
        self._memory, self._engine = memory, engine
        self._baselines: Baselines | None = None

    def fit(
        self,
        reference: object | None = None,
        *,
        holdout: object | None = None,
        training: object | None = None,
        by_unit: object | None = None,
        reference_profile: str | Path | None = None,
    ) -> Self:
        """Learn what normal is.

        Parameters
        ----------
        reference : the drift baseline: a path, a data frame, or an Arrow table; by default the configured one
        holdout : the performance baseline, rows the model never learned from; by default the configured one, or
            else the reference itself, with a warning
        training : the rows the model learned from, which "never seen" refers to
        by_unit : what tells how good the model is on units it never learned from, without which a fall among new
            units cannot be told from a changed world. Either a trainer, called once for each of `[model] folds` folds
            of units with rows to learn from and rows of other units, both pyarrow Tables, which returns the latter's
            scores, or these rows with a score column and with features made without their units' own history; or rows
            of whole units that the model never learned from, such as a holdout by unit
        reference_profile : a file that `save` wrote, instead of all of these: nothing is read but it

        Raises
        ------
        BaselineError, ConfigError
        """
        if reference_profile is not None:
            if any(data is not None for data in (reference, holdout, training, by_unit)):
                raise UsageError(
                    "a reference profile stands for reference, holdout, training and by-unit rows; give no others"
                )
            self._baselines = load_baselines(reference_profile, self.config, self._model)
            return self
        data, path = self.config.data, self.config.path
        reference = path(data.reference) if reference is None else reference
        holdout = path(data.holdout) if holdout is None else holdout
        training = path(data.training) if training is None else training
        by_unit = path(data.by_unit) if by_unit is None else by_unit
        if reference is None:
            raise ConfigError("no reference: give one with --reference (or fit(reference)), or set [data] reference")
        for given in (reference, holdout, training, by_unit):
            if is_profile(given):
                raise UsageError(f"{given}: is a profile; give a reference's with --reference-profile")
        self._baselines = learn_baselines(
            self.config, self._model, reference, holdout, training, self._progress, self._memory, self._engine, by_unit
        )
        return self

    def save(self, path: str | Path) -> None:
        """Write the reference profile, which `fit(reference_profile=...)` reads. Raises StoreError."""
        require_free(Path(path))
        save_baselines(self._fitted(), Path(path))

    def profile(self, data: object, path: str | Path, *, keys: bool = False) -> None:
        """Profile a window into a file, which `check` takes instead of the data.

        Parameters
        ----------
        keys : keep the hashes of the rows' keys (8 bytes each), so that repeats are counted across merged windows

        Raises
        ------
        DataError, StoreError
        """
        if is_profile(data):
            raise UsageError(f"{data}: is a profile already; profile the data it was made of")
        require_free(Path(path), data)
        read = self._reader().read(data, keep_keys=keys)
        SavedWindow(read.window, plan_id(self._fitted().plan), read.score_source).save(Path(path))

    def _fitted(self) -> Baselines:
        baselines = self._baselines or self.fit()._baselines
        if baselines is None:
            raise UsageError("fit() the monitor on a reference first")
        return baselines

    def _reader(self) -> Reader:
        return Reader(self.config, self._fitted(), self._progress, self._memory, self._engine)

    def observe(
        self,
        current: object | None = None,
        *,
        notes: dict[str, Any] | None = None,
        history: str | Path | None = None,
        as_of: datetime | None = None,
    ) -> Observation:
        """Profile the current window, the only reading a check does. Raises DataError, ConfigError.

        Parameters
        ----------
        history : folder with the packets of earlier runs, which `judge` then compares with; by default none
        as_of : when the labels were looked at, which the rows' ages are counted up to; by default now. With `[roles]
            label_time` a label that came later counts as not there yet
        """
        try:
            kept = json.loads(json.dumps(notes or {}, allow_nan=False))
        except (TypeError, ValueError) as error:
            raise UsageError(f"notes must be plain JSON values, so that the packet can hold them: {error}") from None
        baselines = self._fitted()
        current = self.config.path(self.config.data.current) if current is None else current
        if current is None:
            raise ConfigError("no current window: give one with --current, or set [data] current")
        started = datetime.now(UTC)
        if as_of is not None and as_of.tzinfo is None:
            raise UsageError(f"as_of {as_of} has no time zone; give one, such as datetime(..., tzinfo=UTC)")
        reader = self._reader()
        read = reader.read(current, as_of=as_of)
        now, before = read.score_source, baselines.score_source
        where = now if now == before else f"{now}; in the performance baseline {before}"
        folder = None if history is None else ResultsFolder(history)
        if as_of is not None:
            require_begun(read.window, self.config.roles.timestamp, as_of)
        ripe = reader.ripe(read, as_of or started)
        return Observation(baselines, read.window, where, started, kept, folder, as_of, ripe)

    def judge(self, seen: Observation, *, config: Config | None = None, label: str | None = None) -> TriagePacket:
        """Judge an observation, under other thresholds if given; nothing is read again.

        Raises
        ------
        ConfigError
            Where `config` differs in what was counted (columns, roles, rules), so that only reading again can tell.
        """
        config = config or self.config
        if config.counted != self.config.counted:
            raise ConfigError(
                "this configuration counts other things than the one the windows were profiled under (columns, roles, "
                "rules or data); only thresholds and what follows from them can move: fit() a new Monitor"
            )
        run = seen.run(config)
        return judge(seen, run, label=label, step=lambda step: self._progress(step, 0, None))

    def check(
        self,
        current: object | None = None,
        *,
        label: str | None = None,
        notes: dict[str, Any] | None = None,
        history: str | Path | None = None,
        as_of: datetime | None = None,
    ) -> TriagePacket:
        """Compare a current window with the reference and return its triage packet.

        Parameters
        ----------
        current : a path, a data frame (of Spark too), an Arrow table, or a profile file; by default the configured one
        label : a tag kept in the packet and its file name
        notes : facts to keep in `provenance.notes`, as plain JSON values
        history : folder with the packets of earlier runs to compare with, besides the reference; by default none
        as_of : when the labels were looked at, which the rows' ages are counted up to; by default now. With `[roles]
            label_time` a label that came later counts as not there yet

        Raises
        ------
        DataError
            Where the window cannot be read or holds no rows. Whatever is wrong *in* it becomes a finding.
        UsageError
            Where the configuration, the reference or the notes cannot serve.
        """
        return self.judge(self.observe(current, notes=notes, history=history, as_of=as_of), label=label)

    def onset(self, log: object, *, every: timedelta, events: Sequence[Event] = ()) -> LogOnset:
        """Cut a long log by its time into windows, and date what the last of them shows.

        Parameters
        ----------
        log : a path, a data frame, or an Arrow table, with the time column that [roles] timestamp names
        every : length of a window, such as a day; they are counted from 1970 in UTC, and at most 100
        events : recorded events, which are named where they lie in an onset's interval

        Raises
        ------
        DataError, ConfigError, UsageError
        """
        baselines = self._fitted()
        if is_profile(log):
            raise UsageError(f"{log}: is a profile, which cannot be cut; give the log itself")
        types = {column.name: column.type for column in baselines.plan.columns}
        return log_onset(
            open_data(log, what="log", types=types),
            baselines,
            self.config,
            every=every,
            events=events,
            memory=self._memory,
            progress=self._progress,
        )

    def keep(
        self,
        packet: TriagePacket,
        seen: Observation,
        folder: str | Path | None = None,
        *,
        config: Config | None = None,
    ) -> Path:
        """Save a packet as `dawnwatch run` does, with all that what-if, compare, explain and plan ask of a run.

        Parameters
        ----------
        seen : what `observe` returned and `judge` made the packet of
        folder : where packets are kept, made where it is missing; by default the configured one
        config : what `judge` was given, where that was another configuration than the monitor's own

        Returns
        -------
        The packet's file; beside it stand `latest.json`, a copy of the newest packet, and `profiles/<id>.profile`, the
        counts. Alerts are not sent, and no picture is drawn.

        Raises
        ------
        StoreError
            Where the folder cannot be written.
        UsageError
            Where the packet was not judged on this observation by this configuration.
        """
        config = config or self.config
        require_judged(packet, seen, config)
        chosen = folder or config.path(config.data.results) or config.data.results
        path, _ = keep_run(packet, seen, config, ResultsFolder(chosen))
        return path


def _configured(config: Config | Mapping[str, Any] | str | Path) -> Config:
    if isinstance(config, Mapping):
        return Config.from_dict(dict(config))
    return config if isinstance(config, Config) else Config.load(config)
