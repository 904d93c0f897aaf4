"""The run that a person steers: section by section, one key at a time, with nothing lost however it ends."""

from __future__ import annotations

from enum import Enum
from errno import EIO
from getpass import getuser
from pathlib import Path
from typing import Any

from dawnwatch.atomic import write_atomically
from dawnwatch.cli.keyboard import ENTER, HungUpError, Keyboard
from dawnwatch.cli.session import THRESHOLD, Moved, Session, typed_threshold
from dawnwatch.errors import StoreError, UsageError, one_line
from dawnwatch.explain.in_words import in_words
from dawnwatch.explain.shell import Shell
from dawnwatch.model.enums import Pillar
from dawnwatch.model.packet import TriagePacket, Verdict
from dawnwatch.monitoring.what_if import AXES
from dawnwatch.report.section_view import SectionView, StepView
from dawnwatch.report.what_if import SweepView, exact
from dawnwatch.report.words import VERDICT

__all__ = ["Ended", "Steering"]

MENU = "[c]ontinue  [r]e-run  [e]xplain  [w]hat-if  [b]ack  [q]uit"
DECISIONS: dict[str, Verdict] = {
    "1": "fix_pipeline",
    "2": "rollback",
    "3": "retrain",
    "4": "recalibrate",
    "5": "wait",
    "6": "cannot_tell",
}
STEPS = ("load", "split and inject", "quality", "drift", "performance", "triage", "save")
PAGE = {Pillar.QUALITY: "pipeline", Pillar.DRIFT: "drift", Pillar.PERFORMANCE: "playbook"}
"""The explainer page that says more."""


class Ended(Enum):
    """How a steered run came to its end."""

    DONE = "done"
    QUIT = "quit"
    INTERRUPTED = "interrupted"
    HUNG_UP = "hung up"


class Steering:
    """Leads a person through quality, drift and performance, then triage.

    Parameters
    ----------
    pages : where the explainer pages are written when one is asked for
    shell : how the run will be reached, for the commands those pages name
    """

    def __init__(self, session: Session, console: Any, keyboard: Keyboard, pages: Path, shell: Shell) -> None:
        self.session, self._console, self._keyboard = session, console, keyboard
        self._pages, self._shell = pages, shell

    def run(self) -> Ended:
        """Ask until there is nothing more to ask; the session then holds what is to be saved."""
        try:
            at, pillars = 0, list(Pillar)
            while at < len(pillars):
                answer = self._section(pillars[at])
                if answer == "q":
                    return Ended.QUIT
                at = max(at - 1, 0) if answer == "b" else at + 1
            self._triage()
        except KeyboardInterrupt:
            return Ended.INTERRUPTED
        except HungUpError:
            return Ended.HUNG_UP
        except OSError as error:
            if error.errno != EIO:
                raise
            return Ended.HUNG_UP  # what was to be shown met a terminal that is gone, before its signal came
        return Ended.DONE

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
                    self._print(SweepView(self.session.sweep(pillar)))
                case _:
                    self._say("one of the keys in brackets, or Enter to continue")

    def _again(self, pillar: Pillar) -> None:
        name = THRESHOLD[pillar]
        while True:
            now = exact(self.session.value(name))
            text = self._type(f"new threshold of {AXES[name].title} (now {now}; Enter leaves it): ")
            if not text:
                return
            try:
                value = typed_threshold(name, text)
                moved = self.session.move(name, value)
            except UsageError as error:
                self._say(str(error))
                continue
            self._print(SectionView(self.session.packet, pillar, STEPS.index(pillar.value) + 1, len(STEPS)))
            self._effect(moved)
            return

    def _effect(self, moved: Moved) -> None:
        before, after = moved.severity_before.value, moved.severity_after.value
        same = "stays" if before == after else f"{before} ->"
        title = AXES[moved.name].title
        self._say(
            f"{title} threshold {exact(moved.before)} -> {exact(moved.after)}: severity {same} {after} "
            f"({moved.rule}); judged in {moved.seconds * 1000:.0f} ms, no row read"
        )
        for check, (then, now) in list(moved.turned.items())[:6]:
            self._say(f"  {check}: {then} -> {now}")
        if not moved.turned:
            self._say("  no verdict changes")
        if moved.held:
            self._say(f"  not moved, with a threshold of their own: {', '.join(moved.held)}")

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
            self._say(f"more, to touch: {path.resolve().as_uri()}")

    def _triage(self) -> None:
        for name in self.session.unjustified:
            reason = self._type(f"why {AXES[name].title} {exact(self.session.value(name))}? (kept in the packet): ")
            if reason:
                self.session.justify(name, reason)
        packet: TriagePacket = self.session.packet
        self._print(StepView("triage", STEPS.index("triage") + 1, len(STEPS), packet.headline))
        self._say(f"the evidence supports: {VERDICT[packet.decision.verdict]}. {' '.join(packet.decision.reasons[:1])}")
        self._say("What do you decide? Enter decides nothing yet.")
        self._say("[1] Fix the pipeline  [2] Roll back  [3] Retrain")
        key = self._ask("[4] Recalibrate  [5] Wait  [6] Cannot tell yet")
        while key not in DECISIONS and key not in {ENTER, "q", "c"}:
            key = self._ask("1 to 6, or Enter")
        if key in DECISIONS:
            # Recorded at once, so that whoever stops at the note has still decided.
            verdict, user = DECISIONS[key], _user()
            self.session.decide(verdict, note=None, by=user)
            note = self._type("note (Enter for none): ")
            self.session.decide(verdict, note=note, by=user)
            by = self._type(f"your name (Enter for {user}): " if user else "your name: ") or user
            self.session.decide(verdict, note=note, by=by)
            self._say(f"recorded: {VERDICT[verdict]}{f', by {by}' if by else ''}")

    def _ask(self, text: str) -> str:
        self._console.print(f"{text} > ", end="", markup=False, highlight=False, style="bold")
        key = self._keyboard.key()
        self._say(key if key != ENTER else "")
        return key

    def _type(self, text: str) -> str:
        self._console.print(text, end="", markup=False, highlight=False, style="bold")
        return self._keyboard.line()

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False)

    def _print(self, view: Any) -> None:
        self._console.print(view)


def _user() -> str:
    try:
        return getuser()
    except (ImportError, KeyError, OSError):
        return ""
