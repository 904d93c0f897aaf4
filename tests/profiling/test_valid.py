"""A file with a right checksum and a wrong content is refused before any loop writes where it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dawnwatch import DataError
from dawnwatch.errors import DamagedError
from dawnwatch.model.plan import Plan
from dawnwatch.profiling.valid import require_plan, require_profile
from tests.profiling.wild import plan, profiled, rows


def binned(name: str, **changes: Any) -> Plan:
    columns = [
        replace(column, binning=replace(column.binning, **changes))
        if column.name == name and column.binning is not None
        else column
        for column in plan().columns
    ]
    return replace(plan(), columns=tuple(columns))


def scored(**changes: Any) -> Plan:
    return replace(plan(), score_bins=replace(plan().score_bins, **changes))


GROUPS = plan().score_bins.groups
EDGES = plan().score_bins.edges


@pytest.mark.parametrize(
    "forged",
    [
        scored(groups=GROUPS[:-1]),
        scored(groups=GROUPS * np.int32(1000)),
        scored(groups=GROUPS - np.int32(1)),
        scored(groups=GROUPS[::-1].copy()),
        scored(groups=GROUPS.astype(np.int64)),
        scored(edges=EDGES[::-1].copy()),
        scored(edges=np.append(EDGES[:-1], np.nan)),
        scored(edges=np.arange(70_000.0), groups=np.zeros(70_002, np.int32)),
        binned("amount", names=("one",)),
        binned("amount", edges=np.array([3.0, 1.0])),
        binned("device", names=("one",)),
        binned("device", codes={"mobile": 10**6}),
        binned("city", others=np.array([5, 1], np.uint64)),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(forged: Plan) -> None:
    with pytest.raises(DamagedError, match="its checksum is right and its content is not"):
        require_plan(forged)


def test_a_learned_plan_and_its_profiles_hold() -> None:
    assert require_plan(plan()) is plan()
    found = profiled(rows(3, 40))
    assert require_profile(found, plan()) is found


def test_a_profile_of_other_shapes_is_refused() -> None:
    found = profiled(rows(3, 40))
    device = found.columns["device"]
    assert device.cube is not None
    forged = [
        replace(found, scores=found.scores[:, 1:]),
        replace(found, units=None),
        replace(found, columns={name: column for name, column in found.columns.items() if name != "device"}),
        *(
            replace(found, columns=found.columns | {"device": replace(device, **{table: value})})
            for table, value in {
                "cube": device.cube[1:],
                "groups": None,
                "counts": -device.counts - 1,
            }.items()
        ),
        replace(found, columns=found.columns | {"device": replace(device, cube=device.cube.astype(np.int32))}),
    ]
    for profile in forged:
        with pytest.raises(DataError, match="cannot be; profile the data again"):
            require_profile(profile, plan())
