"""The compiled loops are used where they are those of these sources, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from dawnwatch import native


def load() -> native.Native | None:
    return native.load_native.__wrapped__()


@pytest.mark.skipif(not native.LIBRARY.exists(), reason="the loops were not compiled: no C compiler at installation")
def test_a_library_of_other_sources_is_not_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DAWNWATCH_NATIVE", raising=False)
    assert load() is not None
    changed = tmp_path / "kernel.c"
    changed.write_bytes(native.SOURCE.read_bytes() + b"\n")
    monkeypatch.setattr(native, "SOURCE", changed)
    assert load() is None


def test_what_is_no_library_and_what_is_switched_off_leave_numpy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAWNWATCH_NATIVE", raising=False)
    broken = tmp_path / "kernel.compiled"
    monkeypatch.setattr(native, "LIBRARY", broken)
    assert load() is None
    broken.write_bytes(b"no library")
    assert load() is None
    monkeypatch.undo()
    monkeypatch.setenv("DAWNWATCH_NATIVE", "0")
    assert load() is None
