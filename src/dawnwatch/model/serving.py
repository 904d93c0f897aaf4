"""Whether the logged scores are the model's, as it stands in a packet: by asking it again, or by signs in the log."""

from __future__ import annotations

from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.enums import Outcome
from dawnwatch.model.measurement import Example, Interval

__all__ = ["Serving", "ServingReading", "Symptom"]

ServingReading = Literal[
    "agrees", "constant", "lagged", "shuffled", "rescaled", "reversed", "skewed", "alike", "unexplained"
]


class Serving(Frozen):
    """Are the logged scores those the model gives for the logged features? Told on the sample of whole units."""

    outcome: Outcome
    score: str
    """The column of the logged scores."""
    reading: ServingReading | None
    """What the rows that differ look like: `constant` (one score in their place), `lagged` (that of an earlier row),
    `shuffled` (of other rows), `rescaled` (the model's on another scale), `reversed` (upside down), `skewed` (apart
    where a feature has a value), `alike` (in much the same order), or `unexplained`. Null where it was not computed."""
    rows: int
    """Sampled rows that were scored again."""
    differ: int
    """Of them, those whose logged score is further from the model's than `tolerance`."""
    interval: Interval | None
    """Of the window's share of such rows, at the run's `confidence`, units taken as independent."""
    reference_share: float | None
    """The same share in the performance baseline."""
    threshold: float
    """Largest share that still passes."""
    tolerance: float
    column: str | None = None
    """The feature the differences go with, and the value in whose rows they lie; null where there is none."""
    value: str | None = None
    message: str
    """What was found, in words."""
    examples: list[Example] = []
    """Up to five of the rows that differ, numbered in the sample."""


class Symptom(Frozen):
    """A sign, read off the log alone, that scores may not be the model's: looked for where it cannot be asked again."""

    name: Literal["spike", "link", "repeats"]
    """`spike`: a score that was rare stands in many rows; `link`: scores follow the features of their rows less than
    they did; `repeats`: rows repeat the score of their unit's row before."""
    score: str
    """The column of the logged scores."""
    outcome: Outcome
    value: float
    """Share of the rows, beyond the baseline's; for `link`, of what the features told of the scores."""
    interval: Interval | None = None
    """At the run's `confidence`, by unit; null where it is a count."""
    limit: float
    reading: Literal["scores", "features"] | None = None
    """What is at fault, of a `link` that failed: the scores, or, where labels say that these rank too well to be of
    other rows, the features in the log. Null of other signs, and in older packets."""
    column: str | None = None
    """The feature whose own relation to the scores broke the most; null where the scores are at fault, or none's
    surely did."""
    message: str
