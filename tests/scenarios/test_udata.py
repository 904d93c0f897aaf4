import hashlib
import io
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dawnwatch import DataError
from metropulse import udata
from tests.scenarios.support import zipped

MEMBER = "pkg/data.parquet"


def test_the_pinned_content(ratings: pa.Table, u_data: bytes) -> None:
    assert len(u_data) == 1_979_173
    assert hashlib.sha256(u_data).hexdigest() == udata.SHA256
    assert ratings.num_rows == udata.ROWS
    assert udata.to_table(u_data).equals(ratings)


def test_published_facts_of_movielens(ratings: pa.Table) -> None:
    """From the data set's own README: 943 users, 1682 items, each user rated at least 20, no pair twice."""
    table = ratings.to_pandas()
    assert table.user_id.nunique() == table.user_id.max() == 943
    assert table.item_id.nunique() == table.item_id.max() == 1682
    assert set(table.rating) == {1, 2, 3, 4, 5}
    assert table.groupby("user_id").size().min() == 20
    assert not table.duplicated(["user_id", "item_id"]).any()


def test_zip_with_and_without_a_folder(u_data: bytes, archive: bytes) -> None:
    assert udata.from_zip(io.BytesIO(archive), "x") == u_data
    assert udata.from_zip(io.BytesIO(zipped({"u.data": u_data})), "x") == u_data


@pytest.mark.parametrize("codec", ["brotli", "zstd"])
def test_parquet_gives_the_same_bytes(ratings: pa.Table, u_data: bytes, codec: str) -> None:
    packed = io.BytesIO()
    pq.write_table(ratings.rename_columns(["user_id", "movie_id", "rating", "timestamp"]), packed, compression=codec)
    wheel = io.BytesIO(zipped({MEMBER: packed.getvalue()}))
    assert udata.from_parquet(wheel, MEMBER, "the wheel") == u_data


def test_another_table_in_the_wheel_is_refused() -> None:
    packed = io.BytesIO()
    pq.write_table(pa.table({"user_id": [1], "movie_id": [2], "rating": [3], "timestamp": [4]}), packed)
    with pytest.raises(DataError, match="the wheel: not the ratings of MovieLens 100K: expected 1,979,173 bytes"):
        udata.from_parquet(io.BytesIO(zipped({MEMBER: packed.getvalue()})), MEMBER, "the wheel")


def test_wheel_with_other_columns_or_no_parquet() -> None:
    packed = io.BytesIO()
    pq.write_table(pa.table({"user_id": [1]}), packed)
    for content in (packed.getvalue(), b"no parquet", b""):
        with pytest.raises(DataError, match="the wheel"):
            udata.from_parquet(io.BytesIO(zipped({MEMBER: content})), MEMBER, "the wheel")


def test_one_changed_digit_of_the_same_length_is_refused(u_data: bytes) -> None:
    changed = u_data[:-2] + bytes([u_data[-2] ^ 1]) + b"\n"
    with pytest.raises(DataError, match="sha256 06416e597f82…, got"):
        udata.verified(changed, "x")


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.9999])
def test_truncated_zip(part: float) -> None:
    whole = zipped({"u.data": bytes(range(256)) * 5000})
    with pytest.raises(DataError, match="the zip: a truncated or damaged zip archive") as caught:
        udata.from_zip(io.BytesIO(whole[: int(part * len(whole))]), "the zip")
    assert "\n" not in str(caught.value)


def test_every_damaged_byte_is_a_clear_error() -> None:
    """Whatever zipfile raises (it has many ways), a person sees a DataError."""
    whole = zipped({"ml-100k/u.data": b"1234567890" * 20})
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 0xFF
        with pytest.raises(DataError):
            udata.from_zip(io.BytesIO(bytes(damaged)), "the zip")


def test_zip_bomb_is_not_unpacked() -> None:
    with pytest.raises(DataError, match="far too large"):
        udata.from_zip(io.BytesIO(zipped({"u.data": bytes(40_000_000)})), "the zip")


def test_zip_without_the_file() -> None:
    with pytest.raises(DataError, match=r"no u\.data in this zip"):
        udata.from_zip(io.BytesIO(zipped({"__MACOSX/._u.data": b"", "readme": b"x"})), "the zip")


def test_no_rating_row_is_in_the_repository() -> None:
    """MovieLens must not be redistributed."""
    root = Path(__file__).parents[2]
    row = re.compile(rb"^\d{1,3}[\t,|]\d{1,4}[\t,|][1-5][\t,|]8[789]\d{7}\s*$", re.MULTILINE)
    suffixes = {".py", ".md", ".csv", ".tsv", ".txt", ".data", ".json", ".toml", ".jsonl"}
    scanned = 0
    for folder in ("scenarios", "tests", "docs", "src"):
        for file in (root / folder).rglob("*"):
            if file.suffix in suffixes and file.is_file():
                scanned += 1
                assert not row.search(file.read_bytes()), f"{file} holds a rating"
    assert scanned > 20
