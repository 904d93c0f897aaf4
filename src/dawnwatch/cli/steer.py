"""From a judged packet to its end: steered by a person where one sits at a terminal, else straight through."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dawnwatch.cli.exits import INTERRUPTED
from dawnwatch.cli.finish import finish, keep
from dawnwatch.cli.options import Output
from dawnwatch.config import Config
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring.judging import Observation
from dawnwatch.store.files import LATEST, ResultsFolder

__all__ = ["conclude"]


def conclude(
    packet: TriagePacket,
    seen: Observation,
    folder: ResultsFolder,
    config: Config,
    output: Output,
    *,
    loaded: str,
    split: str,
) -> int:
    """Let a person steer, then save, alert, draw and show. Returns the exit code.

    Parameters
    ----------
    loaded, split : what the first two steps did, in words
    """
    if not output.interactive:
        return finish(packet, seen, folder, config, output)
    from rich.console import Console

    from dawnwatch.cli.interactive import STEPS, Ended, Steering
    from dawnwatch.cli.keyboard import Keyboard, hanging_up
    from dawnwatch.cli.session import Session
    from dawnwatch.report.section_view import StepView

    console: Any = Console()
    session = Session(seen, config, packet)
    with hanging_up():
        for at, said in enumerate((loaded, split), start=1):
            console.print(StepView(STEPS[at - 1], at, len(STEPS), said))
        try:
            shell = replace(output.shell, packet=folder.folder / LATEST)
            ended = Steering(session, console, Keyboard(), folder.folder, shell).run()
        except Exception:
            keep(session.packet, seen, folder, session.config)  # a fault of ours loses nobody's work
            raise
        if ended in {Ended.INTERRUPTED, Ended.HUNG_UP}:
            # A picture takes seconds, which a person who stops, or a terminal that is gone, does not wait for.
            path, _ = keep(session.packet, seen, folder, session.config)
            if ended is Ended.INTERRUPTED:
                raise KeyboardInterrupt(f"everything so far is saved as {path}")
            return INTERRUPTED
    console.print(StepView(STEPS[-1], len(STEPS), len(STEPS)))
    return finish(session.packet, seen, folder, session.config, output)
