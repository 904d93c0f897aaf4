"""Sealed answers: written, found, read back, and not to be read by accident."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dawnwatch.drills.sealed import Sealed, last_sealed, seal, unseal
from dawnwatch.errors import StoreError
from tests.drills.test_scoring import truth


def sealed(packet: str = "20260101T000000Z-ab") -> Sealed:
    return Sealed(packet=packet, window="sha256:1", truth=truth("drift", "device_type", "mobile"))


def test_it_comes_back_and_nobody_reads_it_by_accident(tmp_path: Path) -> None:
    path = seal(sealed(), tmp_path)
    assert unseal(path) == sealed()
    text = path.read_text("ascii")
    assert text.startswith("What really happened in a drill, sealed.")
    assert "device" not in text
    assert "mobile" not in text


def test_the_last_one_is_found(tmp_path: Path) -> None:
    first, second = seal(sealed("b"), tmp_path), seal(sealed("a"), tmp_path)
    os.utime(first, (1, 1))
    assert last_sealed(tmp_path) == second


def test_without_a_drill_the_next_step_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no drill to reveal; `dawnwatch drill` plays one"):
        last_sealed(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not sealed", b"What really happened\nAAAA\n"])
def test_a_damaged_answer_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.sealed"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"x\.sealed: holds no sealed answer"):
        unseal(path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "drills").write_text("a file")
    with pytest.raises(StoreError, match="cannot be made"):
        seal(sealed(), tmp_path)
