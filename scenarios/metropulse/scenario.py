"""The scenario from end to end: ratings, rider log, windows, injected drift, model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dawnwatch import Config
from metropulse.affinity import Affinity, out_of_fold
from metropulse.features import rider_log
from metropulse.injection import relabel, share_of
from metropulse.movielens import find_ratings
from metropulse.progress import Progress, Say, say_to_stderr
from metropulse.recommender import train
from metropulse.retrain import AFFINITIES, Fitted, fit, trainer
from metropulse.settings import ScenarioSettings
from metropulse.split import by_time, holdout_by_unit, holdout_random

__all__ = ["CONFIG", "STEPS", "MetroPulse", "build"]

CONFIG = Path(__file__).with_name("dawnwatch.toml")
"""The configuration that ships with the scenario."""

STEPS = ("load the rider log", "split and inject", "learn affinities", "train the recommender")
"""What `build` tells its `step` callback, in order."""


@dataclass(frozen=True)
class MetroPulse:
    """Everything a monitoring run needs. All tables have the same columns and stand in order of time.

    Attributes
    ----------
    drift_baseline
        The whole older window: training rows and holdout together.
    training
        What the model learned from; their affinities are out-of-fold.
    holdout
        The performance baseline: rows of the older window the model did not learn from. Their affinities,
        like those of the current window, are learned from all training rows.
    current
        The newer window, with the injected drift where it is on.
    model
        Fitted scikit-learn pipeline; takes an object array of shape (rows, features), features in the order
        of `[model] features` (`metropulse.recommender.feature_rows` makes one).
    holdout_kind
        How the holdout was drawn, in words.
    facts
        What a reader of the packet must know of the data, by name; plain JSON values.
    names
        What the packet calls each table, by the name of its attribute here.
    retrain
        Trains anew on some rows and scores others; what `Monitor.fit` takes as `by_unit`.
    older
        Trains what `older_model` returns.
    """

    drift_baseline: Any
    training: Any
    holdout: Any
    current: Any
    model: Any
    holdout_kind: str
    facts: dict[str, Any]
    names: dict[str, str]
    retrain: Callable[[Any, Any], Any]

    older: Callable[[], Fitted]

    def older_model(self) -> Fitted:
        """Train a model on the older half of the drift baseline: one that MetroPulse might have had before."""
        return self.older()

    def described(self, config: Config) -> Config:
        """Return a configuration that also says how the holdout was drawn, and by which seed."""
        data = config.data.model_copy(update={"holdout_kind": self.holdout_kind})
        project = config.project.model_copy(update={"seed": self.facts["seed"]})
        return config.model_copy(update={"data": data, "project": project})


def build(
    config: Config,
    *,
    data: str | Path | None = None,
    inject: bool = True,
    seed: int | None = None,
    injection_seed: int | None = None,
    mobile_share: float | None = None,
    night_share: float | None = None,
    holdout: str | None = None,
    say: Say = say_to_stderr,
    progress: Progress | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> MetroPulse:
    """Make the windows and the model of the demo; the same arguments give the same rows.

    Parameters
    ----------
    config
        Its tables `[scenario]`, `[model]` and `[roles]` decide rows, features and label.
    data
        A copy of MovieLens 100K to use instead of cache and network.
    inject
        Whether to put the synthetic drift into the current window.
    seed, injection_seed, mobile_share, night_share, holdout
        Instead of what `[scenario]` says; see `ScenarioSettings`.
    say, progress
        Take sentences and download progress; see `find_ratings`.
    step
        Takes the name of each step as it begins, one of `STEPS`.

    Raises
    ------
    ConfigError
        Where `[scenario]` or `[model]` cannot be used.
    UsageError, DataError
        Where the ratings cannot be had.
    """
    settings = ScenarioSettings.of(
        config,
        seed=seed,
        injection_seed=injection_seed,
        mobile_share=mobile_share,
        night_share=night_share,
        holdout=holdout,
    )
    # One stream for each use, so that changing one choice leaves the random draws of the others as they were.
    devices, held, folds = (np.random.default_rng([settings.seed, use]) for use in range(3))

    step(STEPS[0])
    ratings = find_ratings(data, say=say, progress=progress)
    log = rider_log(ratings.table, devices)

    step(STEPS[1])
    older, newer = by_time(log["timestamp"].to_numpy(), settings.reference_share)
    reference, natural = log.take(older), log.take(newer)
    current = _injected(natural, settings) if inject else natural
    is_held, words = _hold_out(reference, settings, held)

    step(STEPS[2])
    training = reference.filter(~is_held)
    baseline_affinity: dict[str, NDArray[np.float64]] = {}
    current_affinity: dict[str, NDArray[np.float64]] = {}
    label = training["label"].to_numpy()
    for name, key in AFFINITIES.items():
        learned = Affinity.learn(training[key].to_numpy(), label)
        values = learned.of(reference[key].to_numpy())
        values[~is_held] = out_of_fold(training[key].to_numpy(), label, folds)
        baseline_affinity[name] = values
        current_affinity[name] = learned.of(current[key].to_numpy())
    drift_baseline = _with_affinities(reference, baseline_affinity)
    training = drift_baseline.filter(~is_held)

    step(STEPS[3])
    model = train(
        training,
        features=config.model.features,
        categorical=config.model.categorical,
        label=config.roles.label or "label",
    )
    return MetroPulse(
        drift_baseline=drift_baseline,
        training=training,
        holdout=drift_baseline.filter(is_held),
        current=_with_affinities(current, current_affinity),
        model=model,
        holdout_kind=words,
        facts=_facts(ratings.source, settings, inject, reference, natural, current, words),
        names=_names(reference.num_rows / log.num_rows, inject),
        retrain=trainer(config, settings.seed),
        older=lambda: fit(config, drift_baseline.slice(0, drift_baseline.num_rows // 2), settings.seed),
    )


def _injected(natural: Any, settings: ScenarioSettings) -> Any:
    """Return the current window with mobile riders and night rides moved to their shares."""
    table = natural
    targets = {
        "device_type": ("mobile", settings.mobile_share),
        "hour_bucket": ("night", settings.night_share),
    }
    for use, (column, (value, share)) in enumerate(targets.items()):
        rng = np.random.default_rng([settings.seed_of_injection, 100 + use])
        changed = relabel(_text(table, column), value, share, rng)
        table = _replaced(table, column, changed)
    return table


def _hold_out(reference: Any, settings: ScenarioSettings, rng: np.random.Generator) -> tuple[NDArray[np.bool_], str]:
    """Return which rows of the reference are held out, and how in words."""
    share = 1 - settings.train_share
    if settings.holdout == "by_unit":
        held = holdout_by_unit(reference["user_id"].to_numpy(), share, rng)
        riders = len(np.unique(reference["user_id"].to_numpy()[held]))
        return held, (
            f"{riders:,} whole riders of the reference held out ({held.sum():,} rows, "
            f"{100 * held.mean():.0f}%, seed {settings.seed}); none of them was seen in training"
        )
    held = holdout_random(reference["label"].to_numpy(), share, rng)
    return held, (
        f"random {100 * share:.0f}% of the reference ({held.sum():,} rows, "
        f"stratified by label, seed {settings.seed}); its riders were seen in training, "
        "which flatters a model that will meet new riders"
    )


def _names(older: float, inject: bool) -> dict[str, str]:
    return {
        "drift_baseline": f"older {older:.0%} of the rider log",
        "holdout": "holdout of the older window",
        "training": "training rows of the older window",
        "current": f"newer {1 - older:.0%} of the rider log{', drift injected' if inject else ''}",
    }


def _facts(
    source: str,
    settings: ScenarioSettings,
    inject: bool,
    reference: Any,
    natural: Any,
    current: Any,
    holdout: str,
) -> dict[str, Any]:
    known = np.isin(natural["user_id"].to_numpy(), reference["user_id"].to_numpy())
    injection = (
        "rows of the current window relabelled at random: device_type to mobile, hour_bucket to night; their "
        "timestamps and labels stay"
    )
    return {
        "data": f"MovieLens 100K (GroupLens) standing in for MetroPulse's rider log, from {source}",
        "device_type": "drawn at random, about a third each, since MovieLens records no devices: "
        "it carries no information about the label",
        "injected": inject,
        "injection": injection if inject else "none",
        "mobile_share_natural": share_of(_text(natural, "device_type"), "mobile"),
        "mobile_share": share_of(_text(current, "device_type"), "mobile"),
        "night_share_natural": share_of(_text(natural, "hour_bucket"), "night"),
        "night_share": share_of(_text(current, "hour_bucket"), "night"),
        "rows_from_riders_new_since_the_reference": float(1 - known.mean()),
        "holdout": holdout,
        "seed": settings.seed,
        "injection_seed": settings.seed_of_injection if inject else None,
    }


def _text(table: Any, column: str) -> NDArray[np.str_]:
    values: NDArray[np.str_] = table[column].to_numpy().astype(np.str_)
    return values


def _replaced(table: Any, column: str, values: NDArray[np.str_]) -> Any:
    import pyarrow as pa

    return table.set_column(table.column_names.index(column), column, pa.array(values, pa.string()))


def _with_affinities(table: Any, affinities: dict[str, NDArray[np.float64]]) -> Any:
    """Put the affinity columns behind the other features, before label, rating and timestamp."""
    for name, values in affinities.items():
        table = table.add_column(table.column_names.index("label"), name, [values])
    return table
