"""What `run` and `demo` do with a packet: save it, tell whoever must know, draw it, show it."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from dawnwatch.alert.send import send_alerts
from dawnwatch.atomic import write_together
from dawnwatch.cli.exits import exit_code, say
from dawnwatch.cli.options import Output
from dawnwatch.config import Config
from dawnwatch.errors import StoreError, one_line
from dawnwatch.explain.shell import Shell
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring.judging import Observation
from dawnwatch.monitoring.keeping import keep_run
from dawnwatch.store.files import ResultsFolder

__all__ = ["finish", "folder_of", "keep", "results_folder"]

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
    _warn(packet, output)
    try:
        written = [path, *(_pictures(packet, path, folder, output.shell) if output.plot else [])]
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"the packet is saved as {path}, its pictures are not complete") from None
    try:
        _print(packet, written, output)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output went away, as `| head` does; Python must not flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise StoreError(
            f"standard output cannot be written ({error.strerror}); the packet is saved as {path}"
        ) from None
    return exit_code(packet, output.fail_on)


def keep(packet: TriagePacket, seen: Observation, folder: ResultsFolder, config: Config) -> tuple[Path, TriagePacket]:
    """Save the packet and tell whoever must know. Raises StoreError."""
    path, packet = keep_run(packet, seen, config, folder)
    # Before anything that may be stopped: a saved `critical` must not page nobody.
    for fault in send_alerts(packet, config.destinations, at=config.alerts.at):
        say(f"dawnwatch: warning: {fault}")
    return path, packet


def _pictures(packet: TriagePacket, path: Path, folder: ResultsFolder, shell: Shell) -> list[Path]:
    from dawnwatch.explain.pages import inside_report, page_files
    from dawnwatch.report.html import save_html
    from dawnwatch.report.render import save_pictures

    shell, written = replace(shell, packet=path), []
    try:
        written.append(save_html(packet, path.with_suffix(".html"), inner=inside_report(packet, shell=shell)))
        if folder.ends_with(packet):  # the pages there are the newest run's
            written += write_together(page_files(packet, path.parent, shell=shell))
        written += save_pictures(packet, path.with_suffix(""))
    except Exception as error:
        # What was judged stands, whatever becomes of its pictures.
        say(f"dawnwatch: warning: the packet is saved, but not all of its pictures are: {one_line(error)}")
    return written


def _print(packet: TriagePacket, written: list[Path], output: Output) -> None:
    if output.json:
        # As UTF-8 whatever the locale says: JSON is.
        sys.stdout.buffer.write(packet.model_dump_json(indent=2).encode() + b"\n")
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
    console.print(f"{first}{more}", style="dim", soft_wrap=True, highlight=False, markup=False)


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
