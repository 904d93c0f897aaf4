from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from metropulse.features import DEVICES, HOURS, device_type, hour_bucket, label_of, rider_log
from tests.scenarios.support import synthetic_ratings


@given(st.lists(st.integers(0, 2_000_000_000), min_size=1, max_size=50))
def test_hours_agree_with_the_standard_library(seconds: list[int]) -> None:
    expected = [HOURS[datetime.fromtimestamp(one, UTC).hour // 6] for one in seconds]
    assert hour_bucket(np.array(seconds)).tolist() == expected


def test_every_hour_of_a_day() -> None:
    got = hour_bucket(np.arange(24) * 3600).tolist()
    assert got == ["night"] * 6 + ["morning"] * 6 + ["afternoon"] * 6 + ["evening"] * 6


def test_devices_are_about_a_third_each_and_repeat_with_the_seed() -> None:
    drawn = device_type(90_000, np.random.default_rng(1))
    shares = [np.mean(drawn == one) for one in DEVICES]
    assert np.allclose(shares, 1 / 3, atol=0.01)
    assert np.array_equal(drawn, device_type(90_000, np.random.default_rng(1)))
    assert not np.array_equal(drawn, device_type(90_000, np.random.default_rng(2)))


def test_label_is_a_rating_of_four_or_five() -> None:
    assert label_of(np.array([1, 2, 3, 4, 5])).tolist() == [0, 0, 0, 1, 1]


def test_the_log_keeps_rows_and_order() -> None:
    ratings = synthetic_ratings()
    log = rider_log(ratings, np.random.default_rng(0))
    assert log.column_names == [
        *("user_id", "item_id", "hour_bucket", "device_type", "label", "rating", "timestamp"),
    ]
    for name in ("user_id", "item_id", "rating", "timestamp"):
        assert log[name].equals(ratings[name])
    assert log.schema.field("hour_bucket").type == log.schema.field("device_type").type == pa.string()
    assert log.schema.field("label").type == pa.int64()
