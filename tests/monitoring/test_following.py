"""Popular values that another feature's surge brings along are told from those that took over by themselves."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from numpy.typing import NDArray

from dawnwatch import Config, Monitor
from dawnwatch.model.packet import TriagePacket

ROWS, DEPARTMENTS, LECTURERS = 8000, 12, 72
POPULAR = 6


def log(rng: np.random.Generator, lecturer: NDArray[np.int64], *, title: bool = False) -> pa.Table:
    """Each lecturer is of one department; how good the scores are hangs on neither."""
    department = lecturer % DEPARTMENTS
    label = rng.integers(0, 2, lecturer.size)
    columns = {
        "row": np.arange(lecturer.size),
        "lecturer": pa.array([f"l{one}" for one in lecturer]),
        "department": pa.array([f"d{one}" for one in department]),
        "label": label,
        "score": label * 0.5 + rng.random(lecturer.size) * 0.5,
    }
    return pa.table(columns | ({"title": columns["lecturer"]} if title else {}))


def checked(popular: NDArray[np.bool_], *watched: str, keys: bool = True, title: bool = False) -> TriagePacket:
    """Judge a window with four times as many rows of the popular lecturers, who had five times as many as others."""
    rng = np.random.default_rng(7)
    roles = {"label": "label", "score": "score", **({"keys": ["row"]} if keys else {})}
    columns = {name: {"kind": "categorical", "monitor": True} for name in watched}
    config = Config.from_dict({"roles": roles, "columns": columns})
    chances = [np.where(popular, times, 1.0) for times in (5.0, 20.0)]
    windows = [log(rng, rng.choice(LECTURERS, ROWS, p=of / of.sum()), title=title) for of in chances]
    return Monitor(config).fit(windows[0]).check(windows[1])


WHO = np.arange(LECTURERS)
SPREAD, TOGETHER = WHO < POPULAR, (WHO % DEPARTMENTS == 0)
"""The popular lecturers: one of each of the first departments, or all of department 0."""


def test_a_department_that_surges_brings_its_lecturers_and_nothing_took_over() -> None:
    packet = checked(TOGETHER, "lecturer", "department")
    follows = next(one.follows for one in packet.drift.features if one.name == "lecturer")
    assert follows is not None
    assert (follows.feature, follows.rows) == ("department", ROWS)
    assert follows.share > 0.8
    assert "few_took_over" not in packet.decision.classes
    assert packet.decision.verdict == "wait"
    told = next(one.text for one in packet.diagnosis.findings if one.subject == "lecturer")
    assert "most popular values gained with department" in told
    # Without the department, or without rows, nobody can say what brought them.
    for alone in (checked(TOGETHER, "lecturer"), checked(TOGETHER, "lecturer", "department", keys=False)):
        assert alone.decision.rule == "few took over"


@pytest.mark.parametrize("watched", [("lecturer",), ("lecturer", "department"), ("lecturer", "title")])
def test_the_popular_that_took_over_are_found_whatever_moves_with_them(watched: tuple[str, ...]) -> None:
    packet = checked(SPREAD, *watched, title="title" in watched)
    assert packet.decision.rule == "few took over"
    assert all(one.follows is None for one in packet.drift.features)
