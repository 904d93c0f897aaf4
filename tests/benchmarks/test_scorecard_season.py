"""The season of drills: every page decided and judged by the truth, and the page of docs made from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from benchmarks.scorecard.season import Drilled, play

from dawnwatch.cli.drill import data_set
from dawnwatch.monitoring.scorecard import read_scorecard
from dawnwatch.store.ledger import Ledger

PAGE = (Path(__file__).parents[2] / "docs/scorecard.md").read_text("utf-8")


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Drilled]]:
    folder = tmp_path_factory.mktemp("season")
    return folder, play(data_set("lectures"), 3, 4, folder)


def test_every_page_is_decided_as_advised_and_judged_by_the_truth(season: tuple[Path, list[Drilled]]) -> None:
    folder, played = season
    card, faults = read_scorecard(folder)
    assert (card.windows, faults) == (6, [])
    assert card.unjudged == card.undecided == 0
    assert all(page.decided == page.advised for page in card.pages)
    truth = {one.packet.id: one.truth.harmful for one in played}
    alarms = {page.packet: page.alarm for page in card.pages if page.packet in truth}
    assert alarms
    assert alarms == {packet: "real" if truth[packet] else "false_alarm" for packet in alarms}


def test_the_incident_goes_on_unless_the_advice_was_right(season: tuple[Path, list[Drilled]]) -> None:
    folder, played = season
    entries, _ = Ledger(folder).entries()
    card, _ = read_scorecard(folder)
    labels = {page.packet: page.label for page in card.pages}
    assert len(played) == 3
    for one in played:
        ended = not one.truth.harmful or one.packet.decision.verdict == one.truth.action
        after = one.packet.created_at.replace(day=one.packet.created_at.day + 1)
        next_page = next((page for page in card.pages if page.created_at == after), None)
        if next_page is not None:
            assert ("clean" in (labels[next_page.packet] or "")) is ended
    assert {entry.by for entry in entries} == {"drill"}


def test_the_page_of_docs_is_of_thirty_drills() -> None:
    assert PAGE.startswith("# A scorecard over 30 drilled windows")
    found = re.search(r"(\d+) of the 30 drilled windows were harmful; (\d+) of those paged", PAGE)
    assert found is not None
    # Fourteen by the draw, less those that these rows cannot show or that turn out to harm nothing.
    assert int(found[2]) <= int(found[1]) <= 14
    assert "60 windows" in PAGE
