"""What is said of a row, and the words that several rows share."""

from __future__ import annotations

from dataclasses import dataclass

from dawnwatch.model.auc import Drop
from dawnwatch.triage.evidence import Evidence

__all__ = ["RETRAINED", "Told", "sentence", "would_page"]

RETRAINED = "A model retrained on recent rows, judged on later ones in time order (for retraining)"


@dataclass(frozen=True)
class Told:
    """Sentences, each without its full stop."""

    reasons: list[str]
    would_change: list[str]


def would_page(evidence: Evidence, of: Drop | None = None) -> list[str]:
    """Say which fall would change a decision that none was shown, and what that of `of` lacks, by which day.

    Without `of`, it is the first drop beyond its threshold, or else that of all rows.
    """
    performance = evidence.performance
    sure = "" if performance.significance == "off" else " that is more than chance"
    drop = of or next(iter(evidence.beyond.values()), performance.drop)
    return [
        f"A drop of the AUC above {performance.threshold:g}{sure}",
        *([drop.needed.text] if drop.needed is not None else []),
    ]


def sentence(text: str) -> str:
    """Return text that begins as a sentence does."""
    return text[:1].upper() + text[1:]
