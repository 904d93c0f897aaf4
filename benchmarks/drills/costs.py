"""What a wrong advice costs: the regret against an oracle that always advises what is right."""

from __future__ import annotations

import tomllib
from argparse import ArgumentTypeError
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from dawnwatch.model.packet import Verdict

__all__ = ["ACTIONS", "DEFAULT", "Costs", "costs_of"]

ACTIONS: tuple[Verdict, ...] = get_args(Verdict)
DEFAULT = Path(__file__).with_name("costs.toml")


@dataclass(frozen=True)
class Costs:
    """Hours of work.

    Attributes
    ----------
    name : of the file they are from
    done : the work of each action
    left : what goes wrong until the next window where this was right and was not done
    looked : the part of `left` that goes on where `cannot_tell` is advised, in [0, 1]
    """

    name: str
    done: Mapping[str, float]
    left: Mapping[str, float]
    looked: float

    def regret(self, truth: str, advised: str) -> float:
        """Return the hours an advice costs beyond the right one; 0 where it is right.

        A wrong action's work is in vain and what is wrong goes on; the right action's work comes later all the same, so
        it is no part of the difference.
        """
        if advised == truth:
            return 0.0
        goes_on = self.looked if advised == "cannot_tell" else 1.0
        return self.done[advised] + goes_on * self.left[truth]


def costs_of(path: str | Path) -> Costs:
    """Read a table of costs.

    Raises
    ------
    ArgumentTypeError
        Where the file cannot be read, or does not give every action's hours, 0 or more, and nothing else.
    """
    try:
        told = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ArgumentTypeError(f"{path}: cannot be read as costs ({error}); costs.toml shows the form") from None
    looked = told.get("looked")
    if not _is_number(looked) or not 0 <= looked <= 1:
        raise ArgumentTypeError(f"{path}: looked must be a share from 0 to 1, not {looked!r}")
    return Costs(Path(path).name, _hours(path, told, "done"), _hours(path, told, "left"), float(looked))


def _hours(path: str | Path, told: Mapping[str, Any], name: str) -> dict[str, float]:
    table = told.get(name, {})
    if not isinstance(table, dict) or set(table) != set(ACTIONS):
        raise ArgumentTypeError(f"{path}: [{name}] must give each of {', '.join(ACTIONS)}, and nothing else")
    for action, hours in table.items():
        if not _is_number(hours) or not 0 <= hours < float("inf"):
            raise ArgumentTypeError(f"{path}: [{name}] {action} must be hours, 0 or more, not {hours!r}")
    return {action: float(hours) for action, hours in table.items()}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
