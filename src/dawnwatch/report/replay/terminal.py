"""A replayed decision on one screen."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dawnwatch.model.gains import HIGHER_IS_BETTER, Metric
from dawnwatch.model.numbers import plural
from dawnwatch.model.replay import Candidate, Replay
from dawnwatch.report.replay.table import METRICS, decision_line, gain_text, how, learned, said_of
from dawnwatch.report.words import ascii_signs, visible

__all__ = ["ReplayView"]

SHOWN: tuple[Metric, ...] = ("auc", "log_loss", "precision", "recall", "cost")
"""Measures on the screen: those that actions are judged by, and what the answers at the threshold come to."""


class ReplayView:
    """A replayed decision for the terminal.

    Parameters
    ----------
    stands : the replay of the same packet that stands, where it is not this one
    """

    def __init__(self, found: Replay, stands: Replay | None = None) -> None:
        self.found, self._stands = found, stands or found

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        def text(said: str, style: str = "") -> Text:
            return Text(ascii_signs(visible(said)) if options.ascii_only else visible(said), style)

        found = self.found
        line = "-" if options.ascii_only else "─"
        yield text(f"{found.project}: what each action would have come to", "bold")
        yield text(how(found), "dim")
        for metric in SHOWN:
            if found.waiting.gain(metric) is None:
                continue
            better = "higher is better" if metric in HIGHER_IS_BETTER else "lower is better"
            yield Rule(text(f"{METRICS[metric]}, {better}", "bold"), align="left", style="dim", characters=line)
            table = _table()
            for candidate in found.candidates:
                gain = candidate.gain(metric)
                if gain is not None:
                    style = "bold" if candidate.name == found.advice.candidate else ""
                    rows = learned(candidate) if len(found.blocks) < 2 else ""  # else with the blocks, for want of room
                    table.add_row(text(candidate.title, style), text(gain_text(candidate, gain), style), rows)
            yield Padding(table, (0, 0, 0, 2))
        named = _named(found)
        if named is not None and len(found.blocks) > 1:
            learning = "" if named.learned_rows is None else ", with the rows learned from"
            heading = f"{METRICS[named.judged_by]} by block{learning}: {named.title}"
            yield Rule(text(heading, "bold"), align="left", style="dim", characters=line)
            table = _table()
            for at, block in enumerate(named.blocks):
                before = gain_text(found.waiting, found.waiting.blocks[at].gain(named.judged_by))
                said = gain_text(named, block.gain(named.judged_by)) or f"not computed: {block.reason}"
                rows = "" if block.learned_rows is None else plural(block.learned_rows, "row")
                table.add_row(f"{at + 1} from {found.blocks[at].begins_at:%m-%d %H:%M}", before, text(said), rows)
            yield Padding(table, (0, 0, 0, 2))
            if named.flips:
                yield text("The gain does not hold at each cut: its sign flips between blocks.", "yellow")
        best = _best(found)
        if best is not None and found.waiting.slices:
            yield Rule(text(f"AUC by slice: {best.title}", "bold"), align="left", style="dim", characters=line)
            table = _table()
            for own, part in zip(found.waiting.slices, best.slices, strict=True):
                was = gain_text(found.waiting, own.auc)
                said = gain_text(best, part.auc) or f"not computed: {part.reason}"
                table.add_row(text(part.name), text(was), text(said), f"{part.rows:,} rows")
            yield Padding(table, (0, 0, 0, 2))
        for candidate in found.candidates:
            if candidate.reason is not None:
                yield text(f"{candidate.title} was not judged: {candidate.reason}", "yellow")
        yield Rule(style="dim", characters=line)
        yield text(decision_line(self._stands), "bold")
        yield text(*said_of(found))
        for said in [*found.not_run, *found.notes]:
            yield text(f"Note: {said}.", "dim")


def _table() -> Table:
    return Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))


def _named(found: Replay) -> Candidate | None:
    """Return the candidate that the advice names, whichever its measure, else as `_best`."""
    return next((one for one in found.candidates if one.name == found.advice.candidate and one.blocks), _best(found))


def _best(found: Replay) -> Candidate | None:
    """Return the candidate that the advice names, else the one with the largest gain of AUC."""
    judged = [one for one in found.candidates[1:] if one.reason is None and one.action != "recalibrate"]
    named = [one for one in judged if one.name == found.advice.candidate]
    return max(named or judged, key=lambda one: gain.gain if (gain := one.gain("auc")) else -1.0, default=None)
