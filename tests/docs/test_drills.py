"""The page on drills lists every kind with its truth, every strength, and every data set's columns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dawnwatch.cli.drill import DATA
from dawnwatch.drills.data.flights import flights
from dawnwatch.drills.data.lectures import lectures
from dawnwatch.drills.registry import Kind, all_kinds
from dawnwatch.drills.strength import TARGETS
from dawnwatch.drills.truth import MEASURES as WORDS

PAGE = (Path(__file__).parents[2] / "docs/drills.md").read_text("utf-8")
MEASURES = {"psi": "PSI", "auc_drop": "AUC", "rows": "rows", "label_share": "label share", "ece": "ECE", None: ""}


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.name)
def test_every_kind_stands_with_its_truth(kind: Kind) -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith("| ") and f"`{kind.name}`" in line]
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    pillar = "" if kind.pillar is None else kind.pillar.value
    assert cells[2:5] == [MEASURES[kind.measure], pillar, kind.cause or ""]
    assert cells[5].startswith(kind.action)
    assert ("where it harms" in cells[5]) is (kind.harm == "measured")


def test_every_strength_is_the_one_in_force() -> None:
    assert set(TARGETS) == set(WORDS)
    for measure, title in {**WORDS, "rows": "rows touched"}.items():
        (line,) = [line for line in PAGE.splitlines() if re.match(rf"\| {title} \| [\d.]+", line)]
        shown = [cell.strip() for cell in line.strip("|").split("|")][1:4]
        numbers = [float(cell.removesuffix(" %")) / (100 if "%" in cell else 1) for cell in shown]
        assert numbers == list(TARGETS[measure].values())


def test_every_data_set_and_its_columns_are_named() -> None:
    for data in (flights(), lectures()):
        named = [
            data.number,
            data.category,
            data.served,
            data.popular,
            data.slice[0],
            *(column for column, _ in data.surges.values()),
        ]
        assert not [name for name in named if f"`{name}`" not in PAGE]
        assert f"{data.log.num_rows:,} " in PAGE
    assert not [name for name in DATA if f"`{name}`" not in PAGE]
