"""The registry finds every check, in the funnel's order."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import dawnwatch.checks
from dawnwatch.checks import registry
from dawnwatch.checks.needs import Bins, Cells
from dawnwatch.checks.registry import all_checks, check
from dawnwatch.model.enums import Pillar


def test_every_check_in_the_source_is_found_once() -> None:
    folder = Path(dawnwatch.checks.__file__).parent
    written = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    names = [spec.name for spec in all_checks()]
    assert len(names) == written.count("\n@check(")
    assert len(set(names)) == len(names)


def test_checks_come_in_the_order_of_the_funnel() -> None:
    specs = all_checks()
    assert [s.pillar for s in specs] == sorted((s.pillar for s in specs), key=list(Pillar).index)
    for pillar in Pillar:
        names = [s.name for s in specs if s.pillar is pillar]
        assert names
        assert names == sorted(names)


def test_every_check_says_what_it_is() -> None:
    for spec in all_checks():
        assert spec.name == f"{spec.pillar.value}.{spec.short}"
        assert spec.summary
        assert spec.unit
        assert hasattr(spec.needs, "subjects")
        assert (spec.kind is not None) == (spec.pillar is Pillar.QUALITY)
        with pytest.raises(FrozenInstanceError):
            spec.unit = "other"  # type: ignore[misc]


def test_two_checks_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_REGISTERED", dict(registry._REGISTERED))
    all_checks()

    def imposter(reference: object, current: object) -> None:
        """Pretend."""

    with pytest.raises(ValueError, match=r"two checks are named 'drift\.psi'"):
        check("drift.psi", needs=Bins, unit="nats")(imposter)
    with pytest.raises(ValueError, match="'nonsense' is not a valid Pillar"):
        check("nonsense.x", needs=Cells, unit="rows")(imposter)


def test_registering_takes_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_REGISTERED", dict(registry._REGISTERED))

    @check("quality.always", needs=Cells, unit="share of rows", kind="range")
    def always(reference: Cells, current: Cells) -> None:
        """Nothing at all."""

    spec = next(s for s in all_checks() if s.name == "quality.always")
    assert (spec.pillar, spec.short, spec.summary, spec.threshold) == (
        Pillar.QUALITY,
        "always",
        "Nothing at all",
        "none",
    )
