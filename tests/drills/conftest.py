"""The data sets drills take place in: a made-up one, and the real ones where they can be had."""

from __future__ import annotations

import numpy as np
import pytest

from dawnwatch import DataError
from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.data.flights import flights
from dawnwatch.drills.data.lectures import lectures
from dawnwatch.drills.data.movielens import movielens
from dawnwatch.drills.split import Split, by_unit
from metropulse.features import rider_log
from metropulse.movielens import find_ratings
from tests.drills.shop import shop


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever rests on the real ratings needs the cache or a network."""
    for item in items:
        if "real" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.network)


@pytest.fixture(scope="session")
def made_up() -> Split:
    """A split of the shop."""
    return by_unit(shop(), seed=1)


@pytest.fixture(scope="session")
def timeless() -> Split:
    """A split of the shop without a clock."""
    return by_unit(shop(timed=False), seed=1)


@pytest.fixture(scope="session", params=["movielens", "flights", "lectures"])
def real(request: pytest.FixtureRequest) -> DataSet:
    """Each real data set; the ratings come from the cache or are fetched into it once."""
    if request.param == "flights":
        return flights()
    if request.param == "lectures":
        return lectures()
    try:
        table = find_ratings(say=lambda _: None).table
    except DataError as error:
        pytest.skip(f"MovieLens 100K is neither cached nor reachable: {error}")
    return movielens(rider_log(table, np.random.default_rng(7)))
