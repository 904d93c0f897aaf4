"""The registry of kinds. A kind is a function from a scene to a recipe, with one line that says its truth."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.scene import Recipe, Scene
from dawnwatch.drills.truth import Cause, Measure
from dawnwatch.errors import UsageError, did_you_mean
from dawnwatch.model.enums import Pillar
from dawnwatch.model.packet import Verdict

__all__ = ["Harm", "Kind", "all_kinds", "find_kind", "kind"]

Harm = Literal["yes", "no", "measured"]
Function = Callable[[Scene], Recipe]


@dataclass(frozen=True)
class Kind:
    """What the registration says of a kind.

    Attributes
    ----------
    pillar : where a monitor can see it first; None where nothing is wrong that a pillar should say
    cause : what a diagnosis should call it
    action : the right one where it does harm; "wait" is right where it does none
    harm : whether it does; "measured": where the AUC fell by more than the tolerance
    measure : in whose terms its strength is; None where it has none, and touches every row
    upstream : whether it happens before the model scores, so that scores follow from the changed features
    applies : whether data can show it
    undecidable : data from which what is right cannot be told, so that "cannot_tell" is
    """

    name: str
    pillar: Pillar | None
    cause: Cause | None
    action: Verdict
    harm: Harm
    measure: Measure | None
    upstream: bool
    applies: Callable[[DataSet], bool]
    undecidable: Callable[[DataSet], bool]
    function: Function

    @property
    def summary(self) -> str:
        """First sentence of its docstring."""
        return (self.function.__doc__ or "").strip().partition("\n")[0].rstrip(".")


_REGISTERED: dict[str, Kind] = {}


def kind(
    name: str,
    *,
    pillar: str | None,
    cause: Cause | None,
    action: Verdict,
    harm: Harm = "yes",
    measure: Measure | None = None,
    upstream: bool = False,
    applies: Callable[[DataSet], bool] = lambda data: True,
    undecidable: Callable[[DataSet], bool] = lambda data: False,
) -> Callable[[Function], Function]:
    """Register a kind; see `Kind` for what the words mean."""

    def register(function: Function) -> Function:
        if name in _REGISTERED and _REGISTERED[name].function.__module__ != function.__module__:
            raise ValueError(f"two kinds are named {name!r}")
        where = None if pillar is None else Pillar(pillar)
        _REGISTERED[name] = Kind(name, where, cause, action, harm, measure, upstream, applies, undecidable, function)
        return function

    return register


def all_kinds() -> list[Kind]:
    """Return every kind: first those that no pillar should report, then by pillar in funnel order, then by name."""
    package = import_module("dawnwatch.drills.kinds")
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        import_module(module.name)
    order = [None, *Pillar]
    return sorted(_REGISTERED.values(), key=lambda one: (order.index(one.pillar), one.name))


def find_kind(name: str) -> Kind:
    """Return the kind of this name, written with dashes or underscores. Raises UsageError that names the nearest."""
    kinds = {one.name: one for one in all_kinds()}
    wanted = name.replace("-", "_")
    if wanted not in kinds:
        raise UsageError(
            f"no kind of drill is named {name!r}.{did_you_mean(wanted, kinds)} `dawnwatch drill --list` shows them all"
        )
    return kinds[wanted]
