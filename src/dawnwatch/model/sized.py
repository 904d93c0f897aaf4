"""How far a feature's distribution moved, in words: always with the name of the distance."""

from __future__ import annotations

from dawnwatch.model.distances import PSI, title_of
from dawnwatch.model.feature_drift import FeatureDrift, OutputDrift
from dawnwatch.model.numbers import interval, number

__all__ = ["amount_of", "output_name", "size_of", "sized"]


def size_of(feature: FeatureDrift, digits: int = 3) -> str:
    """Write what a feature is judged by, such as "PSI 0.293" or "KS 0.141"."""
    return f"{title_of(feature.method)} {amount_of(feature, digits)}"


def sized(feature: FeatureDrift, digits: int = 3) -> str:
    """Write the same with its interval, such as "PSI 0.293 (0.284 to 0.301)"; other distances have none."""
    if feature.interval is None or feature.method != PSI:
        return size_of(feature, digits)
    return f"{size_of(feature, digits)} ({interval(feature.interval, digits)})"


def amount_of(feature: FeatureDrift, digits: int = 3) -> str:
    """Write it without its name, so that rounding never moves it across a bound of its bands."""
    return number(feature.size, digits, apart_from=[feature.yellow, feature.red])


def output_name(output: OutputDrift) -> str:
    """Name what moved, such as "scores (probability)" or "labels (clicked)"."""
    return f"{'scores' if output.what == 'prediction' else 'labels'} ({output.name})"
