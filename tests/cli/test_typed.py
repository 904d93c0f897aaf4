"""Thresholds and words as they are typed, and what is wrong with them in one line of our own words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dawnwatch.cli.typed import psi, share
from dawnwatch.errors import UsageError


@pytest.mark.parametrize(("text", "value"), [("0", 0.0), (" 5 % ", 0.05), ("1", 1.0), ("0.05", 0.05)])
def test_a_share_is_a_number_or_percent(text: str, value: float) -> None:
    assert share("Missing values", text) == value


@pytest.mark.parametrize(("text", "value"), [("0.1", 0.1), ("3", 3.0), ("20%", 0.2), ("1e-6", 1e-6)])
def test_a_psi_is_a_number_or_percent(text: str, value: float) -> None:
    assert psi("PSI", text) == value


@pytest.mark.parametrize("text", ["1.01", "-0.1", "101%", "x", "", "nan"])
def test_what_is_no_share_is_refused_with_the_rule(text: str) -> None:
    with pytest.raises(UsageError) as error:
        share("AUC drop", text)
    assert str(error.value) == f"AUC drop must be between 0 and 1, such as 0.05 or 5%; got {text!r}"


@pytest.mark.parametrize("text", ["0", "-1", "inf", "nan", "x", ""])
def test_what_is_no_psi_is_refused_with_the_rule(text: str) -> None:
    with pytest.raises(UsageError) as error:
        psi("PSI", text)
    assert str(error.value) == f"PSI must be a number above 0, such as 0.2; got {text!r}"


@pytest.mark.parametrize("text", ["1e-320", "0.0000009"])
def test_a_psi_that_chance_exceeds_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^PSI must be at least 0\.000001, for less is chance in any window; got "):
        psi("PSI", text)


@pytest.mark.parametrize(("text", "meant"), [("0,05", "0.05"), ("5,5%", "5.5%"), ("0,2", "0.2")])
def test_a_decimal_comma_is_refused_with_a_hint(text: str, meant: str) -> None:
    for read in (share, psi):
        with pytest.raises(UsageError, match=rf"; decimals take a point: {meant}$"):
            read("it", text)


@pytest.mark.parametrize("text", ["1,000,000", "a,b"])
def test_other_commas_get_no_hint(text: str) -> None:
    with pytest.raises(UsageError, match=rf"got '{text}'$"):
        share("it", text)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("explain foo", "the page to explain must be drift, pipeline or playbook; got 'foo'"),
        (
            "explain drfit",
            "the page to explain must be drift, pipeline or playbook; got 'drfit'. Did you mean 'drift'?",
        ),
        ("explain", "missing argument 'page'"),
        ("run --fail-on bad", "--fail-on must be critical, high, medium or low; got 'bad'"),
        ("run --engine sparc", "--engine must be local or spark; got 'sparc'. Did you mean 'spark'?"),
        ("run --psi-threshold abc", "--psi-threshold must be a number above 0, such as 0.2; got 'abc'"),
        (
            "run --auc-threshold 0,1",
            "--auc-threshold must be between 0 and 1, such as 0.05 or 5%; got '0,1'; decimals take a point: 0.1",
        ),
        ("demo --holdout riders", "--holdout must be random or by_unit; got 'riders'"),
        ("demo --mobile-share 60", "--mobile-share must be between 0 and 1, such as 0.05 or 5%; got '60'"),
        ("demo --seed x", "--seed must be a whole number, such as 7; got 'x'"),
        ("run --nope", "no such option: --nope"),
        ("fly", "no such command 'fly'; see `dawnwatch --help`"),
    ],
)
def test_a_wrong_argument_is_one_line_in_our_words(tmp_path: Path, arguments: str, line: str) -> None:
    called = [sys.executable, "-m", "dawnwatch", *arguments.split()]
    done = subprocess.run(called, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    (said,) = done.stderr.splitlines()
    assert said.startswith("dawnwatch: " + line)
    for foreign in ("Invalid value", "Value error", "Input should", "is not one of"):
        assert foreign not in said
