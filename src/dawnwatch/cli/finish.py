"""What `run` and `demo` do with a packet: save it, tell whoever must know, draw it, show it."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from dawnwatch.alert.send import send_alerts
from dawnwatch.atomic import write_together
from dawnwatch.cli.exits import exit_code, say, whole_words
from dawnwatch.cli.letters import write_utf8
from dawnwatch.cli.options import Output
from dawnwatch.cli.progress import writing
from dawnwatch.config import Config
from dawnwatch.errors import StoreError, one_line
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring.keeping import keep_run
from dawnwatch.monitoring.observation import Observation
from dawnwatch.store.files import ResultsFolder

__all__ = ["finish", "folder_of", "keep", "publish", "results_folder", "untold"]

NOT_JUDGED_SHOWN = 5


def results_folder(config: Config, given: Path | None) -> ResultsFolder:
    """Return the folder to keep packets in, proved writable before any long work."""
    folder = folder_of(config, given)
    folder.require_writable()
    return folder


def folder_of(config: Config, given: Path | None) -> ResultsFolder:
    """Return the folder that holds the packets."""
    return ResultsFolder(given or config.path(config.data.results) or config.data.results)


def finish(packet: TriagePacket, seen: Observation, folder: ResultsFolder, config: Config, output: Output) -> int:
    """Save, alert, draw, show. Returns the exit code, which nothing after saving can change."""
    path, packet = keep(packet, seen, folder, config)
    return publish(packet, path, folder, config, output)


def publish(
    packet: TriagePacket, path: Path, folder: ResultsFolder, config: Config, output: Output, *, alert: bool = True
) -> int:
    """Alert, draw and show what is saved. Returns the exit code."""
    left = "its alerts may not all be sent"
    try:
        # First of all: a saved `critical` must not page nobody because its pictures were stopped.
        for fault in send_alerts(packet, config.destinations, at=config.alerts.at) if alert else []:
            say(f"dawnwatch: warning: {fault}")
        left = "its pictures are not complete"
        _warn(packet, output)
        written = [path, *(_pictures(packet, path, folder, output) if output.plot else [])]
        left = "it was not shown whole"
        _print(packet, written, output)
        sys.stdout.flush()
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"the packet is saved as {path}, {left}") from None
    except BrokenPipeError:
        # The reader of our output went away, as `| head` does; Python must not flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise StoreError(
            f"standard output cannot be written ({error.strerror}); the packet is saved as {path}"
        ) from None
    return exit_code(packet, output.fail_on)


def untold(packet: TriagePacket, config: Config) -> None:
    """Say that nobody was alerted who would have been, had the run come to its end."""
    if config.destinations and packet.severity.rank >= config.alerts.at.rank:
        say(f"dawnwatch: no alert of this {packet.severity.value} was sent: the run was left before its end")


def keep(packet: TriagePacket, seen: Observation, folder: ResultsFolder, config: Config) -> tuple[Path, TriagePacket]:
    """Save the packet, and beside it the counts that what-if answers come from. Raises StoreError."""
    return keep_run(packet, seen, config, folder)


def _pictures(packet: TriagePacket, path: Path, folder: ResultsFolder, output: Output) -> list[Path]:
    from dawnwatch.explain.pages import inside_report, page_files
    from dawnwatch.report.html import save_html
    from dawnwatch.report.render import save_pictures

    shell = replace(output.shell, packet=path)
    written: list[Path] = []
    report = path.with_suffix(".html")
    try:
        with writing(output.progress) as say_writing:
            say_writing(report.name)
            written.append(save_html(packet, report, inner=inside_report(packet, shell=shell)))
            if folder.ends_with(packet):  # the pages there are the newest run's
                say_writing("the explainers")
                written += write_together(page_files(packet, path.parent, shell=shell))
            written += save_pictures(packet, path.with_suffix(""), before=say_writing)
    except Exception as error:
        # What was judged stands, whatever becomes of its pictures.
        say(f"dawnwatch: warning: the packet is saved, but not all of its pictures are: {one_line(error)}")
    return written


def _print(packet: TriagePacket, written: list[Path], output: Output) -> None:
    if output.json:
        write_utf8(packet.model_dump_json(indent=2) + "\n")
    elif not output.quiet:
        _show(packet, written)


def _show(packet: TriagePacket, written: list[Path]) -> None:
    from rich.console import Console

    from dawnwatch.report.terminal import PacketView

    class Screen(Console):
        def on_broken_pipe(self) -> NoReturn:
            # Rich would exit with 1, which here means something else.
            raise BrokenPipeError

    console: Any = Screen(soft_wrap=False)
    console.print(PacketView(packet))
    first, rest = written[0], len(written) - 1
    more = f" and {rest} pictures and reports beside it" if rest else ""
    console.print(whole_words(f"{first}{more}"), style="dim", soft_wrap=True, highlight=False, markup=False)


def _warn(packet: TriagePacket, output: Output) -> None:
    """Say what could not be judged always, and what deserves a better configuration unless --quiet."""
    for line in packet.could_not_judge[:NOT_JUDGED_SHOWN]:
        say(f"dawnwatch: {line}")
    left = len(packet.could_not_judge) - NOT_JUDGED_SHOWN
    if left > 0:
        say(f"dawnwatch: and {left} more that could not be judged; the packet lists them")
    if output.quiet:
        return
    unjustified = [w for w in packet.provenance.warnings if w.endswith("has no `because`")]
    for warning in packet.provenance.warnings:
        if warning not in unjustified:
            say(f"dawnwatch: warning: {warning}")
    if unjustified:
        names = ", ".join(w.split(" ")[0] for w in unjustified)
        say(f"dawnwatch: warning: no `because` says why for {names}")
