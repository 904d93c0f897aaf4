"""What the drift explainer is given: counts that give the packet's own PSI."""

from __future__ import annotations

import pytest

from dawnwatch.explain.drift import drift
from dawnwatch.explain.example import example
from dawnwatch.report import summaries
from dawnwatch.stats.divergence import psi
from tests.explain.packets import VARIANTS, with_policy
from tests.report import sample_packet


def test_the_counts_give_the_packets_psi_again() -> None:
    packet = example()
    given = drift(packet).data["features"]
    assert [f["name"] for f in given] == [f.name for f in packet.drift.features]
    for shown, feature in zip(given, packet.drift.features, strict=True):
        counts = [[b[window] for b in shown["bins"]] for window in ("reference", "current")]
        assert [sum(c) for c in counts] == [feature.reference_rows, feature.current_rows]
        assert psi(*counts) == pytest.approx(feature.psi, abs=1e-12)


def test_what_was_not_computed_is_said_and_cannot_be_picked() -> None:
    document = drift(VARIANTS["many_features"]())
    assert "trip_length" not in [f["name"] for f in document.data["features"]]
    assert [f.name for f in document.values["not_computed"]] == ["trip_length"]


def test_every_feature_can_be_picked_however_many_there_are() -> None:
    packet = with_policy(sample_packet.many_features(600))
    largest = [f.name for f in summaries.by_psi(packet.drift.features) if f.psi is not None]
    assert [f["name"] for f in drift(packet).data["features"]] == largest
    assert len(largest) == 599


def test_a_feature_says_whether_its_changed_mix_harms() -> None:
    packet = with_policy(sample_packet.with_causes())
    harms = {one.column: one for one in packet.diagnosis.harms}
    said = {f["name"]: f["harm"] for f in drift(packet).data["features"]}
    assert set(harms) & set(said)
    assert (
        said["device_type"]
        == "Does it harm? Its changed mix alone takes 0.002 (95% interval -0.001 to 0.005) from the "
        "AUC, which is within noise."
    )
    assert set(said.values()) - {""} == {said[name] for name in harms if name in said}
