"""Since when: drilled incidents are dated where they begin, and not where they were there from the first row on."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from dawnwatch.drills.inject import inject
from dawnwatch.drills.registry import find_kind
from dawnwatch.drills.scoring import score
from dawnwatch.drills.split import Split
from dawnwatch.model.enums import Pillar
from dawnwatch.model.packet import TriagePacket
from dawnwatch.monitoring import Monitor

ROWS = 5000


@pytest.fixture(scope="module")
def monitor(made_up: Split) -> Monitor:
    return made_up.monitor(rows=ROWS)


def played(split: Split, monitor: Monitor, kind: str, seed: int = 3) -> tuple[TriagePacket, datetime | None]:
    found = inject(split, find_kind(kind), "middle", seed=seed, rows=ROWS)
    packet = monitor.check(found.table)
    assert score(packet, found.truth).onset_held is not False
    return packet, found.truth.onset


@pytest.mark.parametrize("kind", ["constant_scores", "shuffled_scores", "stale_scores"])
def test_scores_that_are_not_the_models_are_dated_by_the_rows_asked_again(
    made_up: Split, monitor: Monitor, kind: str
) -> None:
    packet, began = played(made_up, monitor, kind)
    first, *rest = packet.diagnosis.onsets
    assert (first.pillar, first.check) == (Pillar.PERFORMANCE, "rescore")
    assert first.at is not None
    assert began is not None
    assert abs((first.at - began).total_seconds()) < 86_400
    assert first.text.startswith("Logged scores are not the model's since about")
    assert f"Since about {first.at:%Y-%m-%d %H:%M} UTC (logged scores" in packet.headline
    falls = [one for one in rest if one.pillar is Pillar.PERFORMANCE]
    assert falls
    assert not any(one.at for one in falls)
    assert "the logged scores it rests on are not the model's" in falls[0].text


def test_a_fall_that_was_there_from_the_first_row_on_is_not_dated(made_up: Split) -> None:
    monitor = Monitor(made_up.data.config).fit(made_up.baseline, holdout=made_up.baseline, training=made_up.training)
    for seed in range(6):
        table = inject(made_up, find_kind("clean"), "middle", seed=seed, rows=ROWS).table
        swapped = table["score"].to_numpy().copy()
        # Half of all rows have another row's score, and the later ones a little more often.
        rng = np.random.default_rng(seed)
        rows = rng.permutation([r for r in range(ROWS) if rng.random() < (0.5 if r < ROWS // 2 else 0.65)])
        swapped[rows] = swapped[np.roll(rows, 1)]
        packet = monitor.check(table.set_column(table.schema.get_field_index("score"), "score", [swapped]))
        fall = next(one for one in packet.diagnosis.onsets if one.pillar is Pillar.PERFORMANCE and one.column is None)
        assert fall.at is None, (seed, fall.text)


def test_labels_still_to_come_are_not_dated(made_up: Split, monitor: Monitor) -> None:
    packet, began = played(made_up, monitor, "late_labels")
    assert began is not None
    assert began < datetime.now(UTC)
    (lacking,) = [one for one in packet.diagnosis.onsets if one.check == "missing"]
    assert lacking.at is None
    assert (packet.decision.verdict, packet.decision.rule) == ("wait", "labels to come")
