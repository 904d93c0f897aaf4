"""Which bins of a drifted feature its gain is of: the rise of these is dated, and not that of what chance lifted."""

from __future__ import annotations

from dawnwatch.model.feature_drift import FeatureDrift

__all__ = ["MOST", "main_gains"]

MOST = 0.8
"""Share of the gain that the bins named make up together."""


def main_gains(feature: FeatureDrift) -> set[str]:
    """Return the bins that gained most of what all gained, the largest gains first; none where none gained."""
    gains = {share.bin: share.current - share.reference for share in feature.bins if share.current > share.reference}
    left, found = MOST * sum(gains.values()), set[str]()
    for name in sorted(gains, key=lambda name: -gains[name]):
        if left <= 0:
            break
        found.add(name)
        left -= gains[name]
    return found
