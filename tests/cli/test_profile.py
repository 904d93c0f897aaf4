"""`dawnwatch profile` and `merge`: profiles stand in for the data, and say what is wrong with them in one line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Called, table

Call = Callable[..., Called]
REFERENCE = ("profile", "reference.parquet", "-o", "ref.profile", "--quiet")


def hour(at: int) -> str:
    return f"hour-{at}.parquet"


@pytest.fixture
def hours(folder: Path, call: Call) -> list[str]:
    """Three hours of a window, one of which repeats a key of the first, profiled with their keys."""
    whole = table(3000, mobile=0.6, seed=4)
    whole = whole.set_column(0, "id", pa.array([*range(2999), 5]))
    pq.write_table(whole, "day.parquet")
    assert call(*REFERENCE).code == 0
    names = []
    for at in range(3):
        pq.write_table(whole.slice(1000 * at, 1000), hour(at))
        names.append(f"hour-{at}.profile")
        assert call("profile", hour(at), "--against", "ref.profile", "--keys", "-o", names[-1], "--quiet").code == 0
    return names


def packet(call: Call, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(call("run", *arguments, "--no-plot", "--json").out)
    return found


def duplicates(found: dict[str, Any]) -> dict[str, Any]:
    return next(check for check in found["quality"]["checks"] if check["name"] == "duplicates")


def test_merged_hours_give_the_answers_of_the_day(hours: list[str], call: Call) -> None:
    assert call("merge", *hours, "-o", "day.profile", "--quiet").code == 0
    merged = packet(call, "--reference-profile", "ref.profile", "--current", "day.profile")
    read = packet(call, "--reference", "reference.parquet", "--current", "day.parquet")
    assert merged["drift"]["features"] == read["drift"]["features"]
    assert merged["severity"] == read["severity"]
    assert duplicates(merged)["failed_rows"] == duplicates(read)["failed_rows"] == 1
    assert merged["provenance"]["current"]["fingerprint"] == read["provenance"]["current"]["fingerprint"]
    binned, exact = (p["performance"]["drop"]["value"] for p in (merged, read))
    bounds = sum(merged["performance"][side]["bound"] for side in ("reference", "current"))
    assert abs(binned - exact) <= bounds < 1e-3


def test_a_quoted_pattern_means_the_profiles_it_matches(hours: list[str], call: Call) -> None:
    call("merge", *hours, "-o", "named.profile", "--quiet")
    assert call("merge", "hour-*.profile", "-o", "day.profile", "--quiet").code == 0
    assert Path("day.profile").read_bytes() == Path("named.profile").read_bytes()
    result = call("run", "--reference-profile", "ref.profile", "--current", "hour-?.profile")
    assert (result.code, len(result.errors)) == (2, 1)
    assert "means 3 profiles; add them up first, with `dawnwatch merge 'hour-?.profile'" in result.err


def test_any_order_and_grouping_of_hours_merges_alike(hours: list[str], call: Call) -> None:
    call("merge", *hours, "-o", "abc.profile", "--quiet")
    call("merge", hours[2], hours[0], "-o", "ca.profile", "--quiet")
    call("merge", "ca.profile", hours[1], "-o", "cab.profile", "--quiet")
    # Each in a folder of its own, so that neither is the other's history.
    given = ("--reference-profile", "ref.profile")
    found = [packet(call, *given, "--current", f"{n}.profile", "--results", n) for n in ("abc", "cab")]
    for section in ("drift", "performance"):
        assert found[0][section] == found[1][section]
    assert duplicates(found[0])["failed_rows"] == duplicates(found[1])["failed_rows"]


def test_windows_merged_without_their_keys_say_that_repeats_are_not_known(folder: Path, call: Call) -> None:
    call(*REFERENCE)
    for name, seed in (("current", 1), ("later", 2)):
        pq.write_table(table(4000, seed=seed), f"{name}.parquet")
        call("profile", f"{name}.parquet", "--against", "ref.profile", "-o", f"{name[0]}.profile", "--quiet")
    alone = packet(call, "--reference-profile", "ref.profile", "--current", "c.profile")
    assert duplicates(alone)["outcome"] == "passed"
    call("merge", "c.profile", "l.profile", "-o", "both.profile", "--quiet")
    result = call("run", "--reference-profile", "ref.profile", "--current", "both.profile", "--no-plot", "--quiet")
    assert result.code == 3
    assert "merged windows keep no keys to compare; profile each of them with `dawnwatch profile --keys`" in result.err


def test_the_reference_is_not_read_again(folder: Path, call: Call) -> None:
    call(*REFERENCE)
    Path("reference.parquet").unlink()
    Path("dawnwatch.toml").unlink()
    found = packet(call, "--reference-profile", "ref.profile", "--current", "current.parquet")
    assert found["severity"] == "low"
    assert [threshold["because"] for threshold in found["thresholds"] if threshold["name"] == "psi"] == ["tested"]


def test_thresholds_move_and_counts_do_not(folder: Path, call: Call) -> None:
    call(*REFERENCE)
    toml = Path("dawnwatch.toml")
    against = ("--reference-profile", "ref.profile", "--current", "current.parquet")
    moved = packet(call, *against, "--psi-threshold", "0.00001")
    assert (moved["severity"], moved["rule"]) == ("medium", "red_within_noise")
    toml.write_text(toml.read_text().replace('slices = ["device"]', "slices = []"))
    result = call("run", *against)
    assert result.code == 2
    assert (
        "ref.profile: was made under other settings (roles.slices was ['device'] and is []); only thres" in result.err
    )


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run", "--reference-profile", "no.profile", "--current", "w.profile"), 2, "no.profile: no such profile"),
        (("run", "--reference-profile", "cut.profile", "--current", "w.profile"), 2, "cut.profile: damaged: its check"),
        (("run", "--reference-profile", "flip.profile", "--current", "w.profile"), 2, "flip.profile: damaged"),
        (("run", "--reference-profile", "ref.profile", "--current", "cut.profile"), 3, "cut.profile: damaged"),
        (
            ("run", "--reference-profile", "w.profile", "--current", "w.profile"),
            2,
            "the profile of a window, not a refer",
        ),
        (
            ("run", "--reference-profile", "ref.profile", "--current", "ref.profile"),
            3,
            "the profile of a reference, which",
        ),
        (("run", "--reference-profile", "current.parquet", "--current", "w.profile"), 2, "not a profile file"),
        (("run", "--reference-profile", "other.profile", "--current", "w.profile"), 3, "by another reference profile"),
        (("run", "--reference-profile", "ref.profile", "--holdout", "current.parquet"), 2, "give no other"),
        (("merge", "w.profile", "ref.profile", "-o", "x"), 3, "the profile of a reference, which"),
        (("merge", "w.profile", "v.profile", "-o", "x"), 2, "profiled by different reference profiles"),
        (("merge", "w.profile", "nix", "-o", "x"), 3, "nix: no such profile"),
        (("merge", "w.profile", "w.profile", "-o", "x"), 2, "the same rows are given twice"),
        (("merge", "w.profile", "-o", "w.profile"), 2, "w.profile: is what is to be read; write to another file"),
        (("merge", "w.profile", "-o", "dawnwatch.toml"), 2, "dawnwatch.toml: is there and is no profile, so it is not"),
        (("profile", "current.parquet", "-o", "current.parquet"), 2, "current.parquet: is what is to be read"),
        (("profile", "current.parquet", "--against", "ref.profile", "-o", "ref.profile"), 2, "is what is to be read"),
        (("profile", "current.parquet", "-o", "/dev/stdout"), 2, "/dev/stdout: is there and is no profile"),
        (("profile", "w.profile", "--against", "ref.profile", "-o", "x"), 2, "w.profile: is a profile already"),
        (
            ("run", "--reference", "ref.profile", "--current", "w.profile"),
            2,
            "give a reference's with --reference-prof",
        ),
        (
            ("run", "--reference-profile", "ref.profile", "--current", "empty.profile"),
            3,
            "empty.profile: not a profile",
        ),
        (("profile", "current.parquet", "--keys", "-o", "x"), 2, "--keys goes with --against"),
        (("profile", "nix.parquet", "-o", "x"), 2, "no such file"),
        (("profile", "current.parquet", "-o", "nix/x"), 2, "nix/x: cannot be written"),
        (("profile", "current.parquet", "--memory", "lots", "-o", "x"), 2, "--memory must be a size"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(
    folder: Path, call: Call, arguments: tuple[str, ...], code: int, said: str
) -> None:
    call(*REFERENCE)
    call("profile", "current.parquet", "-o", "other.profile", "--quiet")
    for reference, name in (("ref", "w"), ("other", "v")):
        call("profile", "current.parquet", "--against", f"{reference}.profile", "-o", f"{name}.profile", "--quiet")
    whole = Path("ref.profile").read_bytes()
    Path("empty.profile").write_bytes(whole[:7])
    Path("cut.profile").write_bytes(whole[: len(whole) // 2])
    Path("flip.profile").write_bytes(whole[:-99] + bytes([whole[-99] ^ 4]) + whole[-98:])
    before = sorted(folder.iterdir())
    result = call(*arguments)
    assert result.code == code
    assert said in result.err
    assert len(result.errors) == 1
    assert sorted(folder.iterdir()) == before


def test_next_steps_are_said(folder: Path, call: Call) -> None:
    said = call("profile", "reference.parquet", "-o", "ref.profile").err
    assert "next: `dawnwatch run --reference-profile ref.profile --current PATH`" in said
    said = call("profile", "current.parquet", "--against", "ref.profile", "-o", "w.profile").err
    assert "next: `dawnwatch run --reference-profile ref.profile --current w.profile`" in said


def test_a_killed_run_leaves_no_part_of_a_profile(folder: Path, call: Call) -> None:
    call(*REFERENCE)
    before = Path("ref.profile").read_bytes()
    code = (
        "import os, sys, time\n"
        "def slow(handle):\n"
        "    print('written', flush=True)\n"
        "    time.sleep(60)\n"
        "os.fsync = slow\n"
        "from dawnwatch.cli import main\n"
        "sys.argv = ['dawnwatch', 'profile', 'reference.parquet', '-o', 'ref.profile', '--quiet']\n"
        "main()\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "written\n"
    time.sleep(0.1)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert Path("ref.profile").read_bytes() == before
    # What was written so far is hidden, and no profile.
    assert {path.name for path in folder.iterdir() if not path.name.startswith(".")} == {
        "dawnwatch.toml", "reference.parquet", "current.parquet", "ref.profile",
    }  # fmt: skip


TRAINER = """
def retrain(learn, held):
    return [float(learn["label"].to_numpy().mean())] * held.num_rows
"""


def test_by_unit_trains_anew_and_stays_in_the_reference_profile(folder: Path, call: Call) -> None:
    settings = Path("dawnwatch.toml").read_text()
    Path("anew.py").write_text(TRAINER)
    trained = '[model]\ntrainer = "anew:retrain"\n\n[roles]\nunit = "id"\n'
    Path("dawnwatch.toml").write_text(settings.replace("[roles]\n", trained))
    assert call(*REFERENCE).code == 0
    plain = Path("ref.profile").stat().st_size
    done = call(*REFERENCE, "--by-unit")
    assert done.code == 0, done.err
    assert Path("ref.profile").stat().st_size > plain


def test_by_unit_without_anything_to_measure_by_says_what_to_set(folder: Path, call: Call) -> None:
    done = call(*REFERENCE, "--by-unit")
    assert done.code == 2
    assert "no [roles] unit is configured" in done.err
    settings = Path("dawnwatch.toml")
    settings.write_text(settings.read_text().replace("[roles]\n", '[roles]\nunit = "id"\n'))
    done = call(*REFERENCE, "--by-unit")
    assert done.code == 2
    assert "set [model] trainer" in done.err
    done = call("profile", "reference.parquet", "--against", "ref.profile", "--by-unit", "-o", "other.profile")
    assert done.code == 2
    assert "--by-unit belongs to a reference" in done.err
