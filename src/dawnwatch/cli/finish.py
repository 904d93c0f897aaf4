"""What `run` and `demo` do with a packet: save it, draw it, show it, tell whoever must know."""

from __future__ import annotations

import sys
from pathlib import Path

from dawnwatch.alert.send import send_alerts
from dawnwatch.cli.exits import exit_code, say
from dawnwatch.cli.options import Output
from dawnwatch.config import Config
from dawnwatch.errors import one_line
from dawnwatch.model.packet import TriagePacket
from dawnwatch.store.files import ResultsFolder

__all__ = ["finish", "results_folder"]


def results_folder(config: Config, given: Path | None) -> ResultsFolder:
    """Return the folder to keep packets in, proved writable before any long work."""
    folder = ResultsFolder(given or config.path(config.data.results) or config.data.results)
    folder.require_writable()
    return folder


def finish(packet: TriagePacket, folder: ResultsFolder, config: Config, output: Output) -> int:
    """Save, draw, show, alert. Returns the exit code. A picture that fails never costs the packet."""
    path = folder.save(packet)
    written = [path]
    if output.plot:
        written += _pictures(packet, path)
    for fault in send_alerts(packet, config.destinations, at=config.alerts.at):
        say(f"dawnwatch: warning: {fault}")
    if output.json:
        # As UTF-8 whatever the locale says: JSON is.
        sys.stdout.buffer.write(packet.model_dump_json(indent=2).encode() + b"\n")
        sys.stdout.flush()
    elif not output.quiet:
        _show(packet, written)
    _warn(packet, output)
    return exit_code(packet, output.fail_on)


def _pictures(packet: TriagePacket, path: Path) -> list[Path]:
    from dawnwatch.report.html import save_html
    from dawnwatch.report.render import save_pictures

    written: list[Path] = []
    try:
        written.append(save_html(packet, path.with_suffix(".html")))
        written += save_pictures(packet, path.with_suffix(""))
    except Exception as error:
        # What was judged stands, whatever becomes of its pictures.
        say(f"dawnwatch: warning: the packet is saved, but not all of its pictures are: {one_line(error)}")
    return written


def _show(packet: TriagePacket, written: list[Path]) -> None:
    from rich.console import Console

    from dawnwatch.report.terminal import PacketView

    console = Console(soft_wrap=False)
    console.print(PacketView(packet))
    for path in written:
        console.print(str(path), style="dim", soft_wrap=True, highlight=False, markup=False)


def _warn(packet: TriagePacket, output: Output) -> None:
    """Say what could not be judged always, and what deserves a better configuration unless --quiet."""
    for line in packet.could_not_judge:
        say(f"dawnwatch: {line}")
    if output.quiet:
        return
    unjustified = [w for w in packet.provenance.warnings if w.endswith("has no `because`")]
    for warning in packet.provenance.warnings:
        if warning not in unjustified:
            say(f"dawnwatch: warning: {warning}")
    if unjustified:
        names = ", ".join(w.split(" ")[0] for w in unjustified)
        say(f"dawnwatch: warning: no `because` says why for {names}")
