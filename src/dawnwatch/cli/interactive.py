"""The run that a person steers: section by section, one key at a time, with nothing lost however it ends."""

from __future__ import annotations

from enum import Enum
from errno import EIO
from pathlib import Path
from typing import Any

from dawnwatch.atomic import write_atomically
from dawnwatch.cli.exits import whole_words
from dawnwatch.cli.held import HeldTerminal, HungUpError, TerminatedError
from dawnwatch.cli.keyboard import Keyboard
from dawnwatch.cli.keys import ENTER
from dawnwatch.cli.person import name_of_user
from dawnwatch.cli.session import THRESHOLDS, Moved, Session, title_of
from dawnwatch.cli.typed import psi, share
from dawnwatch.errors import ConfigError, StoreError, UsageError, did_you_mean, one_line
from dawnwatch.explain.in_words import in_words
from dawnwatch.explain.shell import Shell
from dawnwatch.model.distances import PSI
from dawnwatch.model.enums import Pillar
from dawnwatch.model.packet import TriagePacket, Verdict
from dawnwatch.report.section_view import SectionView, StepView
from dawnwatch.report.what_if import SweepView, exact
from dawnwatch.report.words import VERDICT, ascii_signs, shorten, visible

__all__ = ["Ended", "Steering"]

MENU = "[c]ontinue  [r]e-run  [e]xplain  [w]hat-if  [b]ack  [q]uit > "
DECISIONS: dict[str, Verdict] = {
    "1": "fix_pipeline",
    "2": "rollback",
    "3": "retrain",
    "4": "recalibrate",
    "5": "wait",
    "6": "cannot_tell",
}
NAMELESS = "-"
AROUND = 10
"""Lines of a screen that a list of thresholds leaves to the section above and the question below."""
LEAST, WIDE, TURNED = 6, 60, 6
"""Thresholds listed on the smallest terminal, letters of a name, verdicts and columns named after a move."""
STEPS = ("load", "split and inject", "quality", "drift", "performance", "triage", "save")
PAGE = {Pillar.QUALITY: "pipeline", Pillar.DRIFT: "drift", Pillar.PERFORMANCE: "playbook"}
"""The explainer page that says more."""


class Ended(Enum):
    """How a steered run came to its end."""

    DONE = "done"
    QUIT = "quit"
    INTERRUPTED = "interrupted"
    HUNG_UP = "hung up"
    TERMINATED = "terminated"


class Steering:
    """Leads a person through quality, drift and performance, then triage.

    Parameters
    ----------
    pages : where the explainer pages are written when one is asked for
    shell : how the run will be reached, for the commands those pages name
    """

    def __init__(self, session: Session, console: Any, held: HeldTerminal, pages: Path, shell: Shell) -> None:
        self.session, self._console, self._pages, self._shell = session, console, pages, shell
        self._written: list[Path] = []
        self._keyboard = Keyboard(held, self._question)

    def run(self) -> Ended:
        """Ask until there is nothing more to ask; the session then holds what is to be saved."""
        try:
            at, pillars = 0, list(Pillar)
            while at <= len(pillars):
                answer = self._section(pillars[at]) if at < len(pillars) else self._triage()
                if answer == "q":
                    return Ended.QUIT
                at = max(at - 1, 0) if answer == "b" else at + 1
            return Ended.DONE
        except KeyboardInterrupt:
            self._console.print()  # what is said next begins a line of its own
            return Ended.INTERRUPTED
        except TerminatedError:
            self._console.print()
            return Ended.TERMINATED
        except HungUpError:
            return Ended.HUNG_UP
        except OSError as error:
            if error.errno != EIO:
                raise
            return Ended.HUNG_UP  # what was to be shown met a terminal that is gone, before its signal came

    def _section(self, pillar: Pillar) -> str:
        """Show a section and do what is asked about it. Returns "c", "b" or "q"."""
        self._print(SectionView(self.session.packet, pillar, STEPS.index(pillar.value) + 1, len(STEPS)))
        while True:
            match self._ask(MENU):
                case "c" | "\n":
                    return "c"
                case "b" | "q" as key:
                    return key
                case "r":
                    self._again(pillar)
                case "e":
                    self._explain(pillar)
                case "w":
                    for sweep in self.session.sweeps(pillar):
                        self._print(SweepView(sweep))
                case _:
                    self._say("one of the keys in brackets, or Enter to continue")

    def _again(self, pillar: Pillar) -> None:
        name, names = THRESHOLDS[pillar][0], self.session.names(pillar)
        others = "or a name; " if len(names) > 1 else ""
        if others:
            self._offer(names)
        while True:
            now = exact(self.session.value(name))
            text = self._keyboard.line(
                f"new threshold of {visible(title_of(name))} (now {now}; {others}Enter leaves it): "
            )
            if not text:
                return
            chosen = self.session.named(pillar, text)
            if chosen is not None:
                name = chosen
                continue
            try:
                value = (psi if name.partition(".")[0] == PSI else share)(title_of(name), text)
                moved = self.session.move(name, value)
            except (ConfigError, UsageError) as error:
                near = did_you_mean(text, [*names, *(name.partition(".")[2] for name in names)])
                self._say(f"{error}.{near}" if near else str(error))
                continue
            self._print(SectionView(self.session.packet, pillar, STEPS.index(pillar.value) + 1, len(STEPS)))
            self._effect(moved)
            return

    def _offer(self, names: list[str]) -> None:
        """List the thresholds that can be moved: a screenful, and how many more there are."""
        room = max(self._console.height - AROUND, LEAST)
        first = names if len(names) <= room else names[: room - 1]
        for name in first:
            self._say(f"  {shorten(name, WIDE)}  {exact(self.session.value(name))}")
        if len(first) < len(names):
            self._say(f"  and {len(names) - len(first)} more, which can be typed as well")

    def _effect(self, moved: Moved) -> None:
        before, after = moved.severity_before.value, moved.severity_after.value
        same = "stays" if before == after else f"{before} ->"
        title = title_of(moved.name)
        self._say(
            f"{title} threshold {exact(moved.before)} -> {exact(moved.after)}: severity {same} {after} "
            f"({moved.rule}); judged in {moved.seconds * 1000:.0f} ms, no row read"
        )
        for check, (then, now) in list(moved.turned.items())[:TURNED]:
            self._say(f"  {check}: {then} -> {now}")
        if len(moved.turned) > TURNED:
            self._say(f"  and {len(moved.turned) - TURNED} more")
        if not moved.turned:
            self._say("  no verdict changes")
        if moved.held:
            more = f" and {len(moved.held) - TURNED} more" if len(moved.held) > TURNED else ""
            self._say(f"  not moved, with a threshold of their own: {', '.join(moved.held[:TURNED])}{more}")

    def _explain(self, pillar: Pillar) -> None:
        for text in in_words(self.session.packet, pillar):
            self._say(text)
        from dawnwatch.explain.pages import PAGES, page

        name = PAGE[pillar]
        try:
            # The pages of that name without "unsaved" are a whole run's, and this one is not saved yet.
            self._pages.mkdir(parents=True, exist_ok=True)
            path = write_atomically(
                self._pages / f"unsaved-{PAGES[name]}", page(name, self.session.packet, shell=self._shell).encode()
            )
        except (OSError, StoreError) as error:
            self._say(f"the page that says more was not written: {one_line(error)}")
        else:
            self._written.append(path)
            self._say(f"more, to touch: {path.resolve().as_uri()}")

    def discard_pages(self) -> None:
        """Remove the pages of a run that could not be saved, for they would explain what nobody can find."""
        for path in self._written:
            path.unlink(missing_ok=True)

    def _triage(self) -> str:
        """Ask for reasons and a decision. Returns "c", "b" or "q"."""
        for name in self.session.unjustified:
            question = f"why {title_of(name)} {exact(self.session.value(name))}? (kept in the packet): "
            reason = self._keyboard.line(question)
            if reason:
                self.session.justify(name, reason)
        packet: TriagePacket = self.session.packet
        self._print(StepView("triage", STEPS.index("triage") + 1, len(STEPS), packet.headline))
        self._say(f"the evidence supports: {VERDICT[packet.decision.verdict]}. {' '.join(packet.decision.reasons[:1])}")
        self._say("What do you decide? Enter decides nothing yet.")
        self._say("[1] Fix the pipeline  [2] Roll back  [3] Retrain")
        key = self._ask("[4] Recalibrate  [5] Wait  [6] Cannot tell yet  [b]ack  [q]uit > ")
        while key not in DECISIONS and key not in {ENTER, "b", "q", "c"}:
            key = self._ask("1 to 6, b, q, or Enter > ")
        if key in {"b", "q"}:
            return key
        if key in DECISIONS:
            self._decide(DECISIONS[key])
        return "c"

    def _decide(self, verdict: Verdict) -> None:
        # Recorded at once, so that whoever stops at the note has still decided; by nobody until there is a name.
        self.session.decide(verdict, note=None, by=None)
        note = self._keyboard.line("note (Enter for none): ")
        self.session.decide(verdict, note=note, by=None)
        user = name_of_user()
        offer = f"[{user}] (Enter takes it, {NAMELESS} leaves it out)" if user else "(Enter for none)"
        given = self._keyboard.line(f"your name {offer}: ") or user
        by = "" if given == NAMELESS else given
        self.session.decide(verdict, note=note, by=by)
        self._say(f"recorded: {VERDICT[verdict]}{f', by {by}' if by else ', by nobody named'}")

    def _ask(self, question: str) -> str:
        key = self._keyboard.key(question)
        self._say(key if key != ENTER else "")
        return key

    def _question(self, text: str) -> None:
        # The terminal wraps it, so that what is typed behind it may wrap too.
        said = self._plain(text)
        self._console.print(said, end="", markup=False, highlight=False, style="bold", soft_wrap=True)

    def _say(self, text: str) -> None:
        # Whole words: a path cut in two could be neither clicked nor copied.
        self._console.print(whole_words(self._plain(text)), markup=False, highlight=False, soft_wrap=True)

    def _plain(self, text: str) -> str:
        """Make safe what comes from the data, and showable what the terminal has no letters for."""
        return ascii_signs(visible(text)) if self._console.options.ascii_only else visible(text)

    def _print(self, view: Any) -> None:
        self._console.print(view)
