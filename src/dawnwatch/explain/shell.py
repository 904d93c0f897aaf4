"""What to type about a run: commands that name its own packet, folder and configuration, as far as they are known."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from dawnwatch.model.enums import Severity

__all__ = ["Shell", "commands"]


@dataclass(frozen=True)
class Shell:
    """How a run is reached from a shell, in the folder it was started in.

    Attributes
    ----------
    packet : its file; None where that is not known, and a placeholder stands for it
    again : the command that judges again as it did
    last_good : the command that judges with the last good model as `last-good.toml` says it; None where there is none
    config : its configuration; None where there was no file, or nobody knows
    decide : options with which `dawnwatch decide` finds the run's data; None where it cannot, or nobody knows
    """

    packet: Path | None = None
    again: str = "dawnwatch run"
    last_good: str | None = "dawnwatch run --config last-good.toml"
    config: Path | None = None
    decide: str | None = None

    @property
    def file(self) -> str:
        """The packet's file, as a shell must have it."""
        return shlex.quote(str(self.packet or "PACKET.json"))


def commands(severity: Severity, shell: Shell) -> list[tuple[str, str]]:
    """Return what to type at a severity, in order, and what each command shows or does."""
    read = (f"python -m json.tool {shell.file} | less", "the packet: headline, findings, open questions")
    drift = (f"dawnwatch explain drift --packet {shell.file} --open", "what moved, and whether it is more than chance")
    pipeline = (
        f"dawnwatch explain pipeline --packet {shell.file} --open",
        "which check failed, and where in the pipeline",
    )
    near = (f"dawnwatch what-if {shell.file}", "at which thresholds the severity would flip")
    again = (f"{shell.again} --label after-fix", "the same judgement on the mended data")
    replay = _replay(shell)
    record = (
        f"dawnwatch decision record {shell.file} --decision wait",
        "writes down what was decided, here to wait, so that it can be told later what came of it",
    )
    match severity:
        case Severity.CRITICAL:
            return [read, pipeline, *(_last_good(shell) if shell.last_good else [near]), *replay, record]
        case Severity.HIGH:
            return [read, drift, near, again, *replay, record]
        case Severity.MEDIUM:
            return [pipeline, drift, near, again]
        case _:
            return [read]


def _replay(shell: Shell) -> list[tuple[str, str]]:
    if shell.decide is None:
        return []
    said = "whether another model would do better, replayed in time order; --retrain runs your trainer, too"
    return [(f"dawnwatch decide {shell.file} {shell.decide}".rstrip(), said)]


def _last_good(shell: Shell) -> list[tuple[str, str]]:
    file = str(shell.config) if shell.config else "the run's configuration"
    said = f"the last good model on the same window: last-good.toml is {file} with that model under [model]"
    return [(f"{shell.last_good} --label last-good", said)]
