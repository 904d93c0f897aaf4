"""The counts of an earlier run's window, without all else that its file holds."""

from __future__ import annotations

from pathlib import Path

from dawnwatch.errors import DataError
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.plan import Plan
from dawnwatch.model.window import Window
from dawnwatch.monitoring.profile_files import RUN, read_profile, under, whole
from dawnwatch.profiling.plan_file import plan_of
from dawnwatch.profiling.profile_file import plan_id, window_of
from dawnwatch.profiling.valid import require_profile

__all__ = ["past_window", "run_of"]


def past_window(packet: TriagePacket, folder: Path, plan: Plan) -> Window:
    """Return the counts that a packet was judged by.

    Parameters
    ----------
    folder : where the packet lies
    plan : of the window they are to be compared with

    Raises
    ------
    DataError
        Where they were not kept, cannot be read, or were counted by another plan.
    """
    path = run_of(packet, folder)
    facts, arrays = read_profile(path)
    if facts.get("kind") != RUN or facts.get("packet") != packet.id:
        raise DataError(f"{path}: does not hold the counts of packet {packet.id}; put the right one there")
    with whole(path):
        then = plan_of(facts["reference"]["plan"], under("reference/plan/", arrays))
        if plan_id(then) != plan_id(plan):
            raise DataError(
                f"{path}: was counted by another plan, whose bins differ; the reference or the configuration was "
                "changed since"
            )
        window = window_of(facts["window"], under("window/", arrays), plan)
        require_profile(window.profile, plan)
    return window


def run_of(packet: TriagePacket, folder: Path) -> Path:
    """Return the file of a packet's run, which lies where the packet says it does. Raises DataError."""
    if packet.profile is None:
        raise DataError(
            f"packet {packet.id}: the counts it was judged by were not kept (an older dawnwatch wrote it, or "
            "Python did without `Monitor.keep`); check the window again with `dawnwatch run`"
        )
    path = folder / packet.profile
    if not path.is_file():
        raise DataError(f"{path}: no such profile, though packet {packet.id} names it; move it there with its packet")
    return path
