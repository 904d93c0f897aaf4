"""The page on the ledger names every field of an entry and of a recovery, every word they take, and the least count."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from dawnwatch.model.ledger import LEDGER_VERSION, Alarm, Entry, Recovered, Recovery
from dawnwatch.model.packet import Verdict
from dawnwatch.model.scorecard import LEAST_JUDGED

PAGE = (Path(__file__).parents[2] / "docs/ledger.md").read_text("utf-8")
UNSAID = {"failed", "windows", "packet", "text"}
"""Fields of a recovery that say what they are."""


def test_every_field_and_word_is_documented() -> None:
    words = [*Entry.model_fields, *(set(Recovery.model_fields) - UNSAID)]
    words += [*get_args(Verdict), *get_args(Alarm), *get_args(Recovered)]
    assert len(words) > 25
    assert not [word for word in words if f"`{word}`" not in PAGE]


def test_the_version_and_the_least_count_are_those_in_force() -> None:
    assert f'`schema_version`, `id` | "{LEDGER_VERSION}"' in PAGE
    assert f"fewer than {LEAST_JUDGED} outcomes" in PAGE
