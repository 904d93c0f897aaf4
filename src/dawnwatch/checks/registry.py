"""The registry. A check is a function of (reference, current) views with one line that says all the rest."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from dawnwatch.model.enums import Pillar
from dawnwatch.model.measurement import Measurement
from dawnwatch.model.quality import QualityKind

__all__ = ["CheckSpec", "all_checks", "check"]

Threshold = Literal[
    "psi", "distance", "prediction", "label", "domain", "missing", "range", "duplicates", "auc_drop", "serving", "none"
]
Function = Callable[[Any, Any], Measurement | None]


@dataclass(frozen=True)
class CheckSpec:
    """What the registration says of a check.

    Attributes
    ----------
    needs : the view it reads; the runner makes one per subject
    unit : of the measured value
    threshold : which threshold of the configuration it is held against; "none" fails on any failing row
    kind : for quality checks, which of the four kinds it belongs to
    """

    name: str
    pillar: Pillar
    needs: type
    unit: str
    threshold: Threshold
    kind: QualityKind | None
    function: Function

    @property
    def short(self) -> str:
        """The name without its pillar."""
        return self.name.partition(".")[2]

    @property
    def summary(self) -> str:
        """First sentence of the check's docstring."""
        return (self.function.__doc__ or "").strip().partition("\n")[0].partition(". ")[0].rstrip(".")


_REGISTERED: dict[str, CheckSpec] = {}


def check(
    name: str,
    *,
    needs: type,
    unit: str,
    threshold: Threshold = "none",
    kind: QualityKind | None = None,
) -> Callable[[Function], Function]:
    """Register a check. Its name is "pillar.what".

    The function takes the reference's and the current window's view and returns a measurement, or None where
    the check does not apply to this subject.
    """

    def register(function: Function) -> Function:
        if name in _REGISTERED and _REGISTERED[name].function.__module__ != function.__module__:
            raise ValueError(f"two checks are named {name!r}")
        _REGISTERED[name] = CheckSpec(name, Pillar(name.partition(".")[0]), needs, unit, threshold, kind, function)
        return function

    return register


def all_checks() -> list[CheckSpec]:
    """Return every check, by pillar in funnel order, then by name."""
    for pillar in Pillar:
        package = import_module(f"dawnwatch.checks.{pillar.value}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    order = list(Pillar)
    return sorted(_REGISTERED.values(), key=lambda spec: (order.index(spec.pillar), spec.name))
