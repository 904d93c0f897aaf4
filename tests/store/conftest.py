"""One packet, made the way production makes it."""

from __future__ import annotations

import pytest

from dawnwatch import TriagePacket
from tests.monitoring.windows import SHIFTED, check, window


@pytest.fixture(scope="session")
def packet() -> TriagePacket:
    return check(window(device=SHIFTED))
