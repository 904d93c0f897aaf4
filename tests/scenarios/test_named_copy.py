from pathlib import Path

import pytest

from dawnwatch import DataError, UsageError
from metropulse.named_copy import read_named_copy
from tests.scenarios.support import zipped


def test_every_kind_of_copy_gives_the_same(tmp_path: Path, u_data: bytes, archive: bytes) -> None:
    (tmp_path / "ml-100k").mkdir()
    (tmp_path / "ml-100k" / "u.data").write_bytes(u_data)
    (tmp_path / "ml-100k.zip").write_bytes(archive)
    (tmp_path / "no-suffix").write_bytes(archive)
    named = [tmp_path, tmp_path / "ml-100k", tmp_path / "ml-100k" / "u.data", tmp_path / "ml-100k.zip"]
    for path in [*named, str(tmp_path), tmp_path / "no-suffix"]:
        assert read_named_copy(path) == u_data


def test_home_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    with pytest.raises(UsageError, match=str(tmp_path / "nowhere")):
        read_named_copy("~/nowhere")


def test_wrong_paths_are_usage_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file or folder") as missing:
        read_named_copy(tmp_path / "nowhere.zip")
    with pytest.raises(UsageError, match=r"neither u\.data nor ml-100k/u\.data in this folder") as empty:
        read_named_copy(tmp_path)
    for caught in (missing, empty):
        assert caught.value.exit_code == 2
        assert "https://files.grouplens.org" in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("u.data", b"", "expected 1,979,173 bytes, got 0"),
        ("u.data", b"1\t2\t3\t4\n", "expected 1,979,173 bytes, got 8"),
        ("u.data", b"x" * 1_979_173, "expected u.data with sha256"),
        ("ml-100k.zip", b"", "truncated or damaged zip"),
        ("ml-100k.zip", zipped({"ml-100k/u.data": b"x" * 99999})[:-30], "truncated or damaged zip"),
        ("ml-100k.zip", zipped({"ml-100k/u.data": b"x"}), "expected 1,979,173 bytes of u.data, got 1"),
        ("ml-100k.zip", zipped({"other": b"x"}), "no u.data in this zip"),
    ],
    # Named, since a zip holds its time of making, and parallel runs must collect the same names.
    ids=["empty", "too short", "other rows", "empty zip", "truncated zip", "short member", "no member"],
)
def test_wrong_content_is_one_clear_line(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_named_copy(path)
    assert str(caught.value).startswith(str(path))
    assert words in str(caught.value)
    assert "fresh https://files.grouplens.org/datasets/movielens/ml-100k.zip" in str(caught.value)
    assert "\n" not in str(caught.value)
