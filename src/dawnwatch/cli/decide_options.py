"""What `decide` may run, and in which words it says so before it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dawnwatch.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from dawnwatch.config import Config
    from dawnwatch.monitoring.by_unit import Trainer

__all__ = ["Retraining", "earlier_of", "gap_hours", "retraining"]


@dataclass(frozen=True)
class Retraining:
    """What would train.

    Attributes
    ----------
    name : in a few words
    would : what running it means, in words
    trainer : loads it, importing the user's code; called only once that is agreed to
    """

    name: str
    would: str
    trainer: Callable[[], Trainer]


def gap_hours(text: str) -> float:
    """Return a typed length of time in hours. Raises UsageError."""
    from dawnwatch.config.policy import parse_hours

    if text.strip() in {"0", "0h", "0d", "0w"}:
        return 0.0
    try:
        return parse_hours(text) or 0.0
    except ValueError as error:
        raise UsageError(f"--gap {error}") from None


def earlier_of(named: Sequence[str], config: Config, *, trust_pickle: bool) -> dict[str, Any]:
    """Return the models of `--earlier NAME=MODEL`, by name. Raises UsageError, ConfigError."""
    from dawnwatch.profiling.models import open_model

    found: dict[str, Any] = {}
    for text in named:
        name, _, spec = text.partition("=")
        name = name.strip()
        if not name or not spec.strip():
            raise UsageError(f"--earlier must be NAME=MODEL, such as last-month=models/may.skops; got {text!r}")
        if name in found:
            raise UsageError(f"--earlier names {name!r} twice; give each model a name of its own")
        try:
            model = open_model(spec.strip(), trusted=config.model.trusted, trust_pickle=trust_pickle)
        except ConfigError as error:
            raise ConfigError(f"--earlier {name}: {error}") from None
        if not (callable(model) or hasattr(model, "predict_proba") or hasattr(model, "decision_function")):
            raise ConfigError(
                f"--earlier {name}: {spec.strip()} is a {type(model).__name__}, which has neither predict_proba nor "
                "decision_function and cannot be called; name a classifier, or as module:object a function from a "
                "pyarrow RecordBatch to scores"
            )
        found[name] = model
    return found


def retraining(
    config: Config, given: Trainer | None, trainer: str | None, estimator: str | None, cuts: int
) -> tuple[Retraining | None, Any]:
    """Return what would train, without importing it; and the deployed model, where that had to be loaded to know.

    First what the command line names, then [model] trainer, then the deployed model fitted anew.

    Parameters
    ----------
    cuts : how often the same would be trained, on ever more rows
    """
    if given is not None:
        return Retraining(
            "the example's trainer", _times("the example's trainer would be called", cuts), lambda: given
        ), None
    named = trainer or (None if estimator else config.model.trainer)
    if named is not None:
        return Retraining(
            named, _times(f"your function {named} would be imported and called", cuts), lambda: _own(named, config)
        ), None
    if estimator is not None:
        return Retraining(
            estimator, _times(f"{estimator} would be imported and fitted", cuts), lambda: _estimator(estimator, config)
        ), None
    if config.model.path is None:
        return None, None
    from dawnwatch.monitoring.baselines import Scorer
    from dawnwatch.monitoring.replay.trainers import refitting

    model = Scorer.build(config, None).model
    again = refitting(model, config)
    if again is None:
        return None, model
    kind = type(getattr(model, "steps", [(None, model)])[-1][1]).__name__
    what = f"the deployed model ({kind}) fitted anew"
    return Retraining(
        what, _times(f"a copy of the deployed model ({kind}) would be fitted", cuts), lambda: again
    ), model


def _times(what: str, cuts: int) -> str:
    return (
        f"{what} up to {3 * cuts} times: for each block of later rows, on the newest half of the rows before it, on "
        "all of them, and on the reference's rows with them"
    )


def _own(name: str, config: Config) -> Trainer:
    from dawnwatch.monitoring.by_unit import load_trainer

    return load_trainer(name, config.path(".") or ".")


def _estimator(name: str, config: Config) -> Trainer:
    from dawnwatch.monitoring.replay.trainers import estimator_trainer
    from dawnwatch.profiling.models import imported

    try:
        return estimator_trainer(imported(name, config.path(".") or ".", what="estimator", kind="Class"), config)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"estimator: needs {error.name!r}, which is not installed: pip install 'dawnwatch[models]'"
        ) from None
