"""The distances a feature's shift can be judged by: names, what they need, and the bands each starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["DISTANCES", "PSI", "Distance", "Method", "title_of"]

Method = Literal[
    "psi",
    "kl",
    "jensen_shannon",
    "hellinger",
    "cramers_v",
    "total_variation",
    "l_infinity",
    "ks",
    "wasserstein",
    "energy",
]
"""Names as dawnwatch.toml and packets write them."""
PSI: Method = "psi"


@dataclass(frozen=True, slots=True)
class Distance:
    """One distance between two windows' shares of the same bins.

    Attributes
    ----------
    title : its name for people
    unit : of its values
    ordered : whether it needs bins in order, so that it is for numbers alone
    yellow, red : where its bands begin unless configured. All are where a normal distribution's has moved when its PSI
        is 0.10 and 0.20: by 0.32 and 0.45 standard deviations
    """

    title: str
    unit: str
    ordered: bool
    yellow: float
    red: float


DISTANCES: dict[Method, Distance] = {
    "psi": Distance("PSI", "nats", False, 0.10, 0.20),
    "kl": Distance("KL", "nats", False, 0.05, 0.10),
    "jensen_shannon": Distance("Jensen\N{EN DASH}Shannon", "0 to 1", False, 0.13, 0.19),
    "hellinger": Distance("Hellinger", "0 to 1", False, 0.11, 0.16),
    "cramers_v": Distance("Cramér's V", "0 to 1", False, 0.16, 0.22),
    "total_variation": Distance("total variation", "0 to 1", False, 0.13, 0.18),
    "l_infinity": Distance("L∞", "0 to 1", False, 0.07, 0.10),
    "ks": Distance("KS", "0 to 1", True, 0.13, 0.18),
    "wasserstein": Distance("Wasserstein", "reference standard deviations", True, 0.32, 0.45),
    "energy": Distance("energy", "roots of a reference standard deviation", True, 0.24, 0.33),
}


def title_of(method: str) -> str:
    """Return a distance's name for people; its own where a later dawnwatch wrote it."""
    known = {name: distance.title for name, distance in DISTANCES.items()}
    return known.get(method, method)  # type: ignore[call-overload, no-any-return]
