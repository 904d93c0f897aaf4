"""How far a feature's distribution moved, in words: always with the name of the distance."""

from __future__ import annotations

from dawnwatch.model.distances import PSI, title_of
from dawnwatch.model.enums import Band
from dawnwatch.model.feature_drift import FeatureDrift, OutputDrift
from dawnwatch.model.numbers import interval, number

__all__ = ["amount_of", "beyond_chance", "by_size", "output_name", "size_of", "sized"]


def size_of(feature: FeatureDrift, digits: int = 3) -> str:
    """Write what a feature is judged by, such as "PSI 0.293" or "KS 0.141"."""
    return f"{title_of(feature.method)} {amount_of(feature, digits)}"


def sized(feature: FeatureDrift, digits: int = 3) -> str:
    """Write the same with its interval, such as "PSI 0.293 (0.284 to 0.301)"; other distances have none.

    Where the PSI lies outside it: "PSI 0.117 (beyond chance 0.026 to 0.095)".
    """
    if feature.interval is None or feature.method != PSI:
        return size_of(feature, digits)
    low, high = feature.interval
    inside = feature.psi is not None and low <= feature.psi <= high
    return f"{size_of(feature, digits)} ({interval(feature.interval, digits) if inside else beyond_chance(feature)})"


def beyond_chance(feature: FeatureDrift, digits: int = 3) -> str:
    """Say how much of the PSI is beyond chance, such as "beyond chance 0.026 to 0.095"; "" of any other distance.

    Sampling alone makes a PSI larger, on average by `by_chance` where nothing moved. Its interval is of what the PSI
    would be without that, and so may lie wholly below the PSI as it was seen.
    """
    if feature.interval is None or feature.method != PSI:
        return ""
    return f"beyond chance {interval(feature.interval, digits)}"


def by_size(feature: FeatureDrift) -> str:
    """Say where a feature is in its band by size alone, since what is beyond chance is surely smaller; else ""."""
    if feature.interval is None or feature.method != PSI or feature.band not in {Band.RED, Band.YELLOW}:
        return ""
    bound = feature.red if feature.band is Band.RED else feature.yellow
    return f"{feature.band} by size; what is beyond chance lies below {bound:g}" if feature.interval[1] < bound else ""


def amount_of(feature: FeatureDrift, digits: int = 3) -> str:
    """Write it without its name, so that rounding never moves it across a bound of its bands."""
    return number(feature.size, digits, apart_from=[feature.yellow, feature.red])


def output_name(output: OutputDrift) -> str:
    """Name what moved, such as "scores (probability)" or "labels (clicked)"."""
    return f"{'scores' if output.what == 'prediction' else 'labels'} ({output.name})"
