"""The thresholds that can be moved: between which values, and what each value means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dawnwatch.config import Config
from dawnwatch.config.thresholds import LEAST_PSI
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring.moving import entries, verdict_of

__all__ = ["AXES", "Axis"]


@dataclass(frozen=True)
class Axis:
    """A threshold that can be moved.

    Attributes
    ----------
    least, most : between which it can be set
    least_included : whether it can be set to `least`, which then is a case of its own
    seeds : values whose answer is worth knowing, and why
    value : where a configuration has it
    move : the configuration with the threshold at a value
    held : columns with a threshold of their own, which do not move
    """

    name: str
    title: str
    means: str
    least: float
    most: float | None
    least_included: bool
    seeds: tuple[tuple[float, str], ...]
    value: Callable[[Config], float]
    move: Callable[[Config, float], Config]
    held: Callable[[Config], list[str]] = lambda config: []

    def verdicts(self, packet: TriagePacket) -> dict[str, str]:
        """Return the verdict of every check that it judges, by name."""
        return {name: verdict_of(entry) for name, entry in entries(packet, self.name).items()}


def _share(
    name: str,
    title: str,
    means: str,
    why: tuple[float, str],
    move: Callable[[Config, float], Config],
    held: Callable[[Config], list[str]] = lambda config: [],
) -> Axis:
    """Return a threshold that is the largest share, or the largest fall, that passes."""

    def value(config: Config) -> float:
        found: float = getattr(config.thresholds, name).max
        return found

    return Axis(name, title, means, 0.0, 1.0, True, (why,), value, move, held)


AXES = {
    axis.name: axis
    for axis in (
        Axis(
            name="psi",
            title="PSI",
            means="RED at or above it",
            least=LEAST_PSI,
            most=None,
            least_included=False,
            seeds=((0.05, "nearly everything flags"), (0.50, "only a catastrophe flags")),
            value=lambda config: config.thresholds.psi.red,
            move=lambda config, value: config.override(psi=value),
            held=lambda config: [n for n, c in config.columns.items() if c.psi and "red" in c.psi.model_fields_set],
        ),
        _share(
            "missing",
            "Missing values",
            "largest share that passes",
            (0.0, "any null fails"),
            lambda config, value: config.override(missing=value),
            lambda config: [n for n, c in config.columns.items() if c.missing and "max" in c.missing.model_fields_set],
        ),
        _share(
            "range",
            "Range rules",
            "largest share of rows outside them that passes",
            (0.0, "any row that breaks a rule fails"),
            lambda config, value: config.override(range=value),
        ),
        _share(
            "duplicates",
            "Duplicates",
            "largest share of repeated rows that passes",
            (0.0, "any repeated row fails"),
            lambda config, value: config.override(duplicates=value),
        ),
        _share(
            "auc_drop",
            "AUC drop",
            "largest fall that passes",
            (0.01, "noise or decay? the interval says"),
            lambda config, value: config.override(auc=value),
        ),
    )
}
"""The thresholds that can be moved, by name."""
