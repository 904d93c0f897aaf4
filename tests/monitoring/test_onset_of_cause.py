"""A fall of the AUC is dated by the rows of what it lies in: a version's, and by none where all have the fault."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from dawnwatch import Monitor
from tests.monitoring.days import START, TABLES, rides

ROWS, FIRST = 3000, 1200


def put(table: pa.Table, name: str, values: object) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, pa.array(values))


def test_a_version_that_took_over_is_dated_by_its_first_row() -> None:
    settings = {**TABLES, "roles": {**TABLES["roles"], "model_version": "version"}}
    watch = Monitor(settings).fit(rides(START, rows=6000, seed=9).append_column("version", pa.array(["v1"] * 6000)))
    table, worse = rides(START, rows=ROWS), rides(START, rows=ROWS, effect=-0.2)
    late = np.arange(ROWS) >= FIRST
    # The scores were a little worse before the deploy, too: no reason to date the fall to then.
    window = pa.concat_tables([table.slice(0, FIRST), worse.slice(FIRST)])
    packet = watch.check(window.append_column("version", pa.array(np.where(late, "v2", "v1"))))
    first = packet.diagnosis.onset
    assert first is not None
    assert (first.check, first.column, first.value) == ("version", "version", "v2")
    assert first.at == datetime.fromtimestamp(table["at"][FIRST].as_py(), UTC)
    assert first.text.startswith("Version v2 scores rows since about ")
    assert f"Since about {first.at:%Y-%m-%d %H:%M} UTC (version v2; " in packet.headline
    whole = next(one for one in packet.diagnosis.onsets if one.pillar == "performance" and one.check is None)
    assert whole.at is None
    assert whole.reason == "it lies in rows of version v2, and since when that scores rows is told"


def test_a_fault_of_every_row_has_no_first_row() -> None:
    settings = {**TABLES, "model": {"features": ["fare"]}, "columns": {"fare": {"range": {"min": 0, "max": 100}}}}
    watch = Monitor(settings, model=lambda batch: batch["fare"].to_numpy() / 100)
    packet = watch.fit(rides(START, rows=6000, seed=9)).check(_text_from(rides(START, rows=ROWS), FIRST))
    told = [one for one in packet.diagnosis.onsets if one.pillar == "performance"]
    assert told
    assert packet.performance.outcome.value == "failed"
    assert [one.at for one in told] == [None] * len(told)
    assert told[0].reason == "the fault of fare is in every row of this window, so none of them is the first"
    assert "AUC is lower since" not in packet.headline


def _text_from(table: pa.Table, first: int) -> pa.Table:
    """Return the rows with a fare that is text in all of them, and scores that are right only before one row."""
    score = table["score"].to_numpy().copy()
    score[first:] = np.random.default_rng(3).random(ROWS - first)
    return put(put(table, "fare", [f"x{fare}" for fare in table["fare"].to_pylist()]), "score", score)
