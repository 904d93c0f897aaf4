"""The worked example's packet, shipped so that the explainers open before a first run.

`metropulse.json` is the packet of `dawnwatch demo`, without rows: aggregates only. `make example` makes it anew:

    dawnwatch demo --json --no-plot --results DIR | python -m dawnwatch.explain.example
"""

from __future__ import annotations

import sys
from importlib.resources import files

from dawnwatch.model.packet import TriagePacket

__all__ = ["example", "stripped"]


def example() -> TriagePacket:
    """Return the packet of the worked example."""
    return TriagePacket.model_validate_json(files("dawnwatch.explain").joinpath("metropulse.json").read_bytes())


def stripped(packet: TriagePacket) -> TriagePacket:
    """Return a packet without what stands for single rows, and without the counts that do not ship with it."""
    checks = [check.model_copy(update={"examples": []}) for check in packet.quality.checks]
    quality = packet.quality.model_copy(update={"checks": checks})
    return packet.model_copy(update={"quality": quality, "profile": None})


if __name__ == "__main__":
    sys.stdout.write(stripped(TriagePacket.model_validate_json(sys.stdin.read())).model_dump_json(indent=1) + "\n")
