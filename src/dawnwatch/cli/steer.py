"""From a judged packet to its end: steered by a person where one sits at a terminal, else straight through."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from dawnwatch.cli.exits import INTERRUPTED, TERMINATED, say
from dawnwatch.cli.finish import finish, keep, publish, untold
from dawnwatch.cli.options import Output
from dawnwatch.config import Config
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring.observation import Observation
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

    Whoever leaves before the end has the run on the screen, and has not judged it: it is saved, and no one is alerted.

    Parameters
    ----------
    loaded, split : what the first two steps did, in words
    """
    if not output.interactive:
        return finish(packet, seen, folder, config, output)
    from rich.console import Console

    from dawnwatch.cli.held import HeldTerminal
    from dawnwatch.cli.interactive import STEPS, Ended, Steering
    from dawnwatch.cli.session import Session
    from dawnwatch.report.section_view import StepView

    console: Any = Console()
    session = Session(seen, config, packet)
    with HeldTerminal() as held:
        shell = replace(output.shell, packet=folder.folder / LATEST)
        steering = Steering(session, console, held, folder.folder, shell)
        for at, said in enumerate((loaded, split), start=1):
            console.print(StepView(STEPS[at - 1], at, len(STEPS), said))
        try:
            ended = steering.run()
            held.saving()
        except KeyboardInterrupt:
            ended = Ended.INTERRUPTED
        finally:
            # Also where the fault is ours, which loses nobody's work.
            held.saving()
            try:
                path, packet = keep(session.packet, seen, folder, session.config)
            except BaseException:
                steering.discard_pages()
                raise
        if held.terminated:
            ended = Ended.TERMINATED
        if ended not in {Ended.DONE, Ended.QUIT}:
            held.leaving()
    if ended is not Ended.DONE:
        untold(packet, session.config)
    # A picture takes seconds, which a person who stops, or a terminal that is gone, does not wait for.
    match ended:
        case Ended.INTERRUPTED:
            raise KeyboardInterrupt(f"everything so far is saved as {path}")
        case Ended.TERMINATED:
            say(f"dawnwatch: terminated; everything so far is saved as {path}")
            return TERMINATED
        case Ended.HUNG_UP:
            return INTERRUPTED
    with suppress(OSError):  # a terminal that is gone by now must not keep anyone from being alerted
        console.print(StepView(STEPS[-1], len(STEPS), len(STEPS)))
    return publish(packet, path, folder, session.config, output, alert=ended is Ended.DONE)
