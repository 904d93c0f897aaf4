"""Packets for the tests of what people read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import sample_packet

from dawnwatch.model.packet import TriagePacket


@pytest.fixture
def packet() -> TriagePacket:
    return sample_packet.metropulse()


@pytest.fixture(params=sorted(sample_packet.VARIANTS))
def any_packet(request: pytest.FixtureRequest) -> TriagePacket:
    return sample_packet.VARIANTS[request.param]()
