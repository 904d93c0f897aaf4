"""The drift explainer: what PSI makes of a feature's two windows, to be moved and recomputed."""

from __future__ import annotations

from typing import Any

from dawnwatch.explain.chance import by_chance
from dawnwatch.explain.document import Document
from dawnwatch.model import numbers
from dawnwatch.model.certainty import certainty
from dawnwatch.model.distances import PSI
from dawnwatch.model.enums import Band
from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.sized import size_of
from dawnwatch.report import summaries, words

__all__ = ["drift"]


def drift(packet: TriagePacket) -> Document:
    """Return the page, with the counts of every feature whose PSI was computed, largest PSI first."""
    computed = [f for f in summaries.by_psi(packet.drift.features) if f.psi is not None and f.bins]
    names = words.distinct(feature.name for feature in computed)
    return Document(
        name="drift",
        title="Drift explainer",
        scripts=["measures.js", "tables.js", "drift.js"],
        data={"features": [_feature(feature, name, packet) for feature, name in zip(computed, names, strict=True)]},
        values={
            "not_computed": [f for f in packet.drift.features if f.psi is None],
            "clustered": any(chance.effect is not None for chance in map(by_chance, computed) if chance),
        },
    )


def _feature(feature: FeatureDrift, name: str, packet: TriagePacket) -> dict[str, Any]:
    labels = words.distinct(b.bin for b in feature.bins)
    yellow, red, band, judged = feature.yellow, feature.red, feature.band, ""
    if feature.method != PSI and feature.psi is not None:
        # The page is about the PSI, so it takes the PSI's own bands.
        general = next(t for t in packet.thresholds if t.name == PSI and t.column is None)
        yellow, red = general.value["yellow"], general.value["red"]
        band = Band.RED if feature.psi >= red else Band.YELLOW if feature.psi >= yellow else Band.GREEN
        found = f"{size_of(feature)}, {feature.band}" if feature.band else f"not computed: {feature.reason}"
        judged = f"This run judged {name} by another distance: {found}. Here is its PSI, in the bands of the others."
    return {
        "name": name,
        "kind": feature.kind,
        "psi": feature.psi,
        "band": band,
        "yellow": yellow,
        "red": red,
        "judged": judged,
        "harm": _harm(packet, feature.name),
        "noise": _noise(feature, packet),
        "bins": [
            {
                "name": label,
                # A packet holds shares; times the rows they are the counts again, up to the last bit.
                "reference": round(b.reference * feature.reference_rows),
                "current": round(b.current * feature.current_rows),
            }
            for label, b in zip(labels, feature.bins, strict=True)
        ],
    }


def _noise(feature: FeatureDrift, packet: TriagePacket) -> dict[str, Any]:
    """Return what the page needs to know of chance: this run's own noise, its units, and what its test came to."""
    chance, test = by_chance(feature), feature.significance
    return {
        "effect": chance.effect if chance else None,
        # Where rows are independent the page computes its own, with as many bins as are in use after a change.
        "stretch": chance.stretch if chance and chance.effect is not None else None,
        "unit": (test.unit if test else None) or "unit",
        "units": test.units if test else None,
        "least": packet.error_budget.min_units if packet.error_budget else 0,
        "ran": certainty(test),
        "told": test.significant if test else None,
        "text": chance.long if chance else "",
    }


def _harm(packet: TriagePacket, column: str) -> str:
    """Say what the feature's changed mix alone takes from the AUC; "" where that was not measured."""
    found = next((one for one in packet.diagnosis.harms if one.column == column), None)
    if found is None:
        return ""
    span, level = found.interval, packet.performance.confidence
    noise = ", which is within noise" if span is not None and span[0] <= 0 <= span[1] else ""
    if found.amount < 0:
        given = numbers.estimate(-found.amount, None if span is None else (-span[1], -span[0]), level)
        sure = "" if noise or span is None else "No: "
        its = "its" if sure else "Its"
        return f"Does it harm? {sure}{its} changed mix alone gives the AUC {given}{noise}."
    size = numbers.estimate(found.amount, span, level)
    return f"Does it harm? Its changed mix alone takes {size} from the AUC{noise}."
