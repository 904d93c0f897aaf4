"""What a pillar's check means, in a packet's own numbers: also where they moved the good way."""

from __future__ import annotations

from dawnwatch.explain.in_words import in_words
from dawnwatch.model.enums import Pillar
from tests.explain.packets import metropulse


def test_an_auc_that_rose_is_no_fall_of_less_than_nothing() -> None:
    packet = metropulse()
    fell = " ".join(in_words(packet, Pillar.PERFORMANCE))
    assert ": a fall of 0.0" in fell
    section = packet.performance
    drop = section.drop.model_copy(update={"value": -0.022, "interval": (-0.055, 0.011)})
    rose = packet.model_copy(update={"performance": section.model_copy(update={"drop": drop})})
    said = " ".join(in_words(rose, Pillar.PERFORMANCE))
    assert ": a rise of 0.022 (95% interval -0.011 to 0.055)" in said
    assert "a fall of -" not in said
