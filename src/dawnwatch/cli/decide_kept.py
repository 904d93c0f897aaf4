"""A replayed decision kept beside its packet and in its report, written where it was asked for, and shown."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dawnwatch.cli.exits import say
from dawnwatch.cli.settings import CONFIG_FILE
from dawnwatch.store.files import LATEST

if TYPE_CHECKING:
    from dawnwatch.model.replay import Replay
    from dawnwatch.store.find import Named

__all__ = ["STANDARD_OUTPUT", "keep", "show"]

STANDARD_OUTPUT = "-"


def keep(
    answer: Replay,
    found: Named | None,
    *,
    chart: Path | None,
    markdown: str | None,
    config: Path | None,
    demo: bool,
    named: bool,
) -> tuple[Replay, Replay, list[Path]]:
    """Write the answer beside its packet and where it was asked for, all files or none.

    Returns it as it is kept, the replay of its packet that stands from then on, and the files.
    """
    from dawnwatch.report.charts import replay_chart
    from dawnwatch.report.render import drawn
    from dawnwatch.report.replay.markdown import to_markdown
    from dawnwatch.store.replays import replay_files, save_together
    from dawnwatch.triage.standing import settled

    if found is not None and not named and found.packet.provenance.current.source != answer.window:
        say(
            f"dawnwatch: not kept: the latest packet is of {found.packet.provenance.current.source}, not of "
            f"{answer.window}; name the packet to keep it beside"
        )
        found = None
    answer = answer.model_copy(update={"packet": None}) if found is None else settled(found.packet, answer)
    stands = answer if found is None else _standing(found, answer)
    if stands is not answer:
        answer = answer.model_copy(update={"notes": [*answer.notes, _tried_more(stands, answer)]})
    pictures = drawn(replay_chart(answer)) if chart is not None or found is not None else {}
    words = to_markdown(answer).encode("utf-8", "backslashreplace")
    files: dict[Path, bytes] = {}
    if found is not None:
        files |= replay_files(found.path.parent, answer, {".md": words, ".png": pictures[".png"]})
        files |= _pages(found, stands, config, demo=demo)
    if chart is not None:
        files[chart] = pictures[chart.suffix]
    if markdown is not None and markdown != STANDARD_OUTPUT:
        files[Path(markdown)] = words
    return answer, stands, save_together(files)


def _standing(found: Named, answer: Replay) -> Replay:
    """Return the replay that stands of those kept of a packet and this new one; what cannot be read is said."""
    from dawnwatch.model.replay import standing_of
    from dawnwatch.store.replays import kept_replays
    from dawnwatch.triage.standing import settled

    earlier, faults = kept_replays(found.path.parent, [found.packet.id])
    for line in faults:
        say(f"dawnwatch: warning: {line}")
    return settled(found.packet, standing_of([*earlier, answer]) or answer)


def _tried_more(stands: Replay, answer: Replay) -> str:
    """Say why the new replay does not stand, and how it would."""
    from dawnwatch.model.numbers import moment
    from dawnwatch.report.words import VERDICT

    more = " and ".join(sorted(stands.tried - answer.tried))
    return (
        f"it did not try to {more}, as the replay of {moment(stands.created_at)} did, which stands: "
        f"{VERDICT[stands.verdict]}. --instead lets this one stand"
    )


def _pages(found: Named, answer: Replay, config: Path | None, *, demo: bool) -> dict[Path, bytes]:
    """Return the packet's HTML report and explainers made anew with the replay, those that there are.

    The explainers beside the packets are of the newest run alone.
    """
    from dawnwatch.explain.pages import PAGES, inside_report, page_files
    from dawnwatch.explain.shell import Shell
    from dawnwatch.report.html import to_html
    from dawnwatch.store.files import ResultsFolder
    from dawnwatch.store.find import packets
    from dawnwatch.triage.standing import standing

    path, folder = found.path, ResultsFolder(found.path.parent)
    if path.name == LATEST:  # a copy, whose report has the name of the packet's own file
        own = [one.path for one in packets(folder)[0] if one.packet.id == found.packet.id]
        path = own[0] if own else path
    page = path.with_suffix(".html")
    again = "dawnwatch demo" if demo else "dawnwatch run"
    decide = shlex.join([*(["--config", str(config)] if config else []), *(["--demo"] if demo else [])])
    file = config or (None if demo or not CONFIG_FILE.exists() else CONFIG_FILE)
    shell = Shell(packet=path, again=again, last_good=None if demo else Shell.last_good, config=file, decide=decide)
    packet, files = standing(found.packet, answer), dict[Path, bytes]()
    if page.is_file():
        html = to_html(packet, inner=inside_report(packet, shell=shell), replay=answer)
        files[page] = html.encode("utf-8", "backslashreplace")
    if folder.ends_with(packet) and all((path.parent / name).is_file() for name in PAGES.values()):
        files |= page_files(packet, path.parent, shell=shell)
    return files


def show(answer: Replay, stands: Replay, *, json: bool, quiet: bool, markdown: bool) -> None:
    """Print an answer, and which replay stands, in the way that was asked for."""
    if json:
        from dawnwatch.cli.letters import write_utf8

        write_utf8(answer.model_dump_json(indent=2) + "\n")
    elif markdown:
        from dawnwatch.report.replay.markdown import to_markdown

        sys.stdout.write(to_markdown(answer))
    elif not quiet:
        from rich.console import Console

        from dawnwatch.report.replay.terminal import ReplayView

        Console(highlight=False).print(ReplayView(answer, stands))
