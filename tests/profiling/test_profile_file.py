"""Profiles and windows through a file: nothing is lost, and what was read adds as what was written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from dawnwatch.model.frequent import Frequent
from dawnwatch.model.moments import Moments
from dawnwatch.model.profile import Profile
from dawnwatch.model.window import Window
from dawnwatch.profiling.container import pack, unpack
from dawnwatch.profiling.profile_file import profile_facts, profile_of, window_facts, window_of
from dawnwatch.profiling.run import profile_window
from dawnwatch.sources import open_source
from tests.profiling.equal import same
from tests.profiling.wild import counts, examples, plan, profiled, rows


def through_a_file(profile: Profile) -> Profile:
    return profile_of(*unpack(pack(*profile_facts(profile))))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 300), st.sampled_from([5, 10_000]))
def test_a_profile_comes_back_to_the_last_bit(seed: int, n: int, most: int) -> None:
    found = profiled(rows(seed, n), most=most)
    read = through_a_file(found)
    assert same(read, found)
    other = profiled(rows(seed + 1, 50), most=most)
    assert counts(read + other) == counts(found + other)
    assert examples(other + read) == examples(other + found)


def test_odd_facts_come_back() -> None:
    found = profiled(rows(1, 40))
    city = replace(
        found.columns["city"],
        moments=Moments(1, 2, 3, 4, -1e308, 1.7976931348623157e308, -0.0, float("inf"), 2**64 - 1),
        unseen=Frequent({"": 1, "é\u2028\0": 2, "\ud800": 3, "'; DROP": 4}, 2**70, 5),
        sole=2**64 - 1,
        checksum=2**64 - 1,
        examples={"null": [(2**40, {"key": "\ud800", "é": None, "x": 1.5, "b": True})]},
    )
    void = replace(found.columns["empty"], cube=np.zeros((0, 3, 5), np.int64), groups=None, group_cubes=None)
    assert found.sample is not None
    huge = replace(found.sample, limit=2**64, giants=frozenset({2**64 - 1, 0}))
    odd = replace(
        found,
        rows=2**62,
        score_outside=2**62,
        columns={"\ud800 é": city, "": void},
        sample=huge,
        label_values=city.unseen,
    )
    assert same(through_a_file(odd), odd)
    none = replace(found, sample=None, repeats=None, units=None, group_scores=None)
    assert same(through_a_file(none), none)
    assert found.repeats is not None
    lost = found.with_repeats(replace(found.repeats, keys=None))
    assert same(through_a_file(lost), lost)


def test_a_window_comes_back_without_its_rows() -> None:
    table = rows(3, 200)
    window = profile_window(open_source(table, what="current"), plan(), exact_rows=1000)
    window = replace(window, scoring_fault="the model could not score: é", name="log \ud800")
    assert window.repeated
    assert window.rows is not None
    read = window_of(*unpack(pack(*window_facts(window))), plan())
    assert isinstance(read, Window)
    hidden = window.profile.columns["secret"]
    bare = replace(hidden, moments=replace(hidden.moments, low=None, high=None, mean=0.0, squares=0.0))
    profile = replace(window.profile, columns=window.profile.columns | {"secret": bare})
    assert same(replace(read, plan=window.plan), replace(window, rows=None, profile=profile))


def test_private_values_are_not_in_a_profiles_file() -> None:
    secret = pa.table({"secret": [7_654_321] * 3, "key": [1, 1, 2], "device": ["mobile"] * 3})
    found = profiled(secret)
    facts, arrays = profile_facts(found, private=plan().private)
    assert found.columns["secret"].moments.low is not None
    assert "7654321" not in repr(facts)
    assert not [name for name, array in arrays.items() if (array == 7_654_321).any()]
    assert profiled(secret).columns["secret"].unseen == Frequent()
