"""What the renderers say of a step beside its own sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dawnwatch.model.comparison import Cause, Step

__all__ = ["CAUSE", "moved_lines", "same_line"]

CAUSE: dict[Cause, str] = {
    "thresholds": "thresholds",
    "policy": "severity table",
    "data": "current window",
    "baseline": "baselines",
    "model": "model",
    "settings": "other settings",
    "software": "software",
}
"""The things that may differ, as a list names them."""


def moved_lines(step: Step, most: int | None = None) -> list[str]:
    """Return one line for each thing that differs, thresholds first; what is beyond `most` is counted."""
    lines = [f"{change.what}: {change.before} → {change.after}" for change in step.changes]
    if most is None or len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"and {len(lines) - most + 1} more things that differ"]


def same_line(step: Step) -> str:
    """Say what is proved equal; empty where nothing is."""
    return _listed([CAUSE[cause] for cause in step.same])


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
