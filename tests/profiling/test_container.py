"""The file of arrays: what goes in comes out, and what was cut off or changed does not come out at all."""

from __future__ import annotations

import json
import pickle
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from dawnwatch.errors import DamagedError
from dawnwatch.profiling import container
from dawnwatch.profiling.container import FORMAT, MAGIC, pack, unpack

TYPES = ["<i8", "<u8", "<i4", "<u4", "<i2", "|u1", "|i1", "|b1", "<f8"]
any_array = st.sampled_from(TYPES).flatmap(
    lambda type_: arrays(type_, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5))
)
sparse = arrays(np.int64, st.integers(0, 400), elements=st.integers(-(2**63), 2**63 - 1), fill=st.just(0))
facts = st.dictionaries(
    st.text(max_size=5),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=6,
    ),
    max_size=5,
)


@given(facts, st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), any_array | sparse, max_size=4))
@example({}, {"mixed": np.array([-1, 2**60 + 1]), "all": np.array([-(2**63), 2**63 - 1, 0])})
@example({"alone": "\ud800", "huge": 2**70, "infinite": float("inf")}, {"empty": np.empty((0, 3), np.int64)})
def test_what_goes_in_comes_out_to_the_last_bit(said: dict[str, Any], given_: dict[str, Any]) -> None:
    found, got = unpack(pack(said, given_))
    assert found == {"format": FORMAT, **said}
    assert list(found) == list({"format": FORMAT, **said})  # the order of columns is what tells them apart
    assert list(got) == list(given_)
    for name, array in given_.items():
        assert (got[name].dtype, got[name].shape) == (array.dtype, array.shape)
        assert got[name].tobytes() == array.tobytes()
        assert got[name].flags.writeable


def test_arrays_with_gaps_in_memory_are_stored_as_they_read() -> None:
    wide = np.arange(60).reshape(3, 20)
    got = unpack(pack({}, {"a": wide[:, ::3], "b": wide.T, "c": np.asfortranarray(wide)}))[1]
    assert (got["a"] == wide[:, ::3]).all()
    assert (got["b"] == wide.T).all()
    assert (got["c"] == wide).all()


def test_the_same_content_is_the_same_file() -> None:
    one = pack({"a": 1, "b": 2}, {"x": np.arange(5)})
    assert one == pack({"a": 1, "b": 2}, {"x": np.arange(5)})
    assert one != pack({"a": 1, "b": 2}, {"x": np.arange(1, 6)})


def test_mostly_zero_arrays_take_next_to_no_room() -> None:
    cube = np.zeros((200, 3, 257), np.int64)
    cube[::7, 1, 13] = 1_000_000
    assert len(pack({}, {"cube": cube})) < 3000
    assert len(pack({}, {"zero": np.zeros(10**6, np.int64)})) < 2000


FILE = pack({"words": ["a", "é"]}, {"counts": np.arange(50), "floats": np.linspace(0, 1, 20)})


@given(st.integers(0, len(FILE) - 1))
@example(0)
@example(len(MAGIC))
@example(len(MAGIC) + 32)
@example(len(FILE) - 1)
def test_a_file_that_was_cut_off_is_refused(length: int) -> None:
    refused(FILE[:length])


def test_every_flipped_bit_is_refused() -> None:
    for at in range(len(FILE)):
        changed = bytearray(FILE)
        changed[at] ^= 1 << (at % 8)
        refused(bytes(changed))


@given(st.integers(0, len(FILE) - 1), st.binary(min_size=1, max_size=9), st.booleans())
def test_any_change_is_refused(at: int, content: bytes, inserted: bool) -> None:
    changed = FILE[:at] + content + FILE[at if inserted else at + len(content) :]
    if changed != FILE:
        refused(changed)


def refused(content: bytes) -> None:
    with pytest.raises(DamagedError) as caught:
        unpack(content)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(("not a profile file", "damaged: its checksum"))
    assert "profile" in message.split(";")[1]  # what to do about it


def test_what_is_no_profile_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1]}), tmp_path / "log.parquet")
    pickled = pickle.dumps({"x": 1})
    for content in (b"", b"\0" * 99, pickled, (tmp_path / "log.parquet").read_bytes(), MAGIC[:-1], b"{}", FILE[1:]):
        with pytest.raises(DamagedError, match=r"^not a profile file; write one with `dawnwatch profile`$"):
            unpack(content)


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "gone off",)

    payload = pickle.dumps(Bomb())
    signed = MAGIC + blake2b(payload, digest_size=32).digest() + payload
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is, it is none of the pickle's doing
        unpack(signed)
    assert not (tmp_path / "gone off").exists()


def test_a_newer_format_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "FORMAT", FORMAT + 1)
    newer = pack({}, {})
    monkeypatch.undo()
    with pytest.raises(
        DamagedError, match=f"has format {FORMAT + 1} and this dawnwatch reads up to {FORMAT}"
    ) as caught:
        unpack(newer)
    assert "install" in str(caught.value)
    assert json.loads(json.dumps(unpack(pack({}, {}))[0])) == {"format": FORMAT}
