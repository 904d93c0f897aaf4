"""What is said of a row, and the words that several rows share."""

from __future__ import annotations

from dataclasses import dataclass

from dawnwatch.triage.evidence import Evidence

__all__ = ["RETRAINED", "Told", "sentence", "would_page"]

RETRAINED = "A model retrained on recent rows, judged on later ones in time order (for retraining)"


@dataclass(frozen=True)
class Told:
    """Sentences, each without its full stop."""

    reasons: list[str]
    would_change: list[str]


def would_page(evidence: Evidence) -> str:
    """Say which fall would change a decision that none was shown."""
    performance = evidence.performance
    sure = "" if performance.significance == "off" else " that is more than chance"
    return f"A drop of the AUC above {performance.threshold:g}{sure}"


def sentence(text: str) -> str:
    """Return text that begins as a sentence does."""
    return text[:1].upper() + text[1:]
