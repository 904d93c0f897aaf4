"""Values set in a file that people wrote: only they change, however the file is laid out."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dawnwatch.config.edit import edited
from dawnwatch.config.write import Draft, config_text
from dawnwatch.errors import ConfigError

PSI = ("thresholds", "psi")
FILE = '''\
# Ours.
[project]
name = "red = 1"  # no threshold

[thresholds.psi]   # bands
yellow = 0.10
red = 0.20         # a fifth of all rides
because = """\\
[thresholds.psi] red = 9 \\
is no setting."""

# After.
[columns."a.b"]
allowed = ["x", # red = 3
  "y"]
psi = { red = 0.3 }
'''


def lines(text: str) -> list[str]:
    return text.splitlines()


def test_only_the_value_changes() -> None:
    found = edited(FILE, {PSI: {"red": 0.25}})
    changed = [(a, b) for a, b in zip(lines(FILE), lines(found), strict=True) if a != b]
    assert changed == [("red = 0.20         # a fifth of all rides", "red = 0.25         # a fifth of all rides")]


def test_a_reason_over_several_lines_takes_the_place_of_another() -> None:
    reason = "It costs little, and finds what it must: " * 8 + "so be it."
    found = edited(FILE, {PSI: {"because": reason}})
    assert tomllib.loads(found)["thresholds"]["psi"]["because"] == reason
    assert max(map(len, lines(found))) <= 120
    assert lines(found)[:7] == lines(FILE)[:7]
    assert lines(found)[-6:] == lines(FILE)[-6:]


def test_what_is_not_there_yet_is_added_behind_its_table_or_at_the_end() -> None:
    found = edited(
        "[thresholds.missing]\nmax = 0.1\n\n[roles]\n",
        {("thresholds", "missing"): {"because": "so"}, PSI: {"red": 0.3}},
    )
    assert lines(found) == [
        *("[thresholds.missing]", "max = 0.1", 'because = "so"', "", "[roles]"),
        *("", "[thresholds.psi]", "red = 0.3"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[columns.x]\npsi = { red = 0.3, because = 'old' } # kept\n",
        "[columns.x.psi]\nred = 0.3\nbecause = 'old'\n",
        "[columns]\nx.psi.red = 0.3\nx.psi.because = 'old'\n",
        "columns.x.psi = {red = 0.3, because = 'old'}",
        '[columns."x"]\npsi.red = 0.3\npsi.because = "old"\n',
        "\ufeff[columns.x.psi]\r\nred = 0.3\r\nbecause = 'old'\r\n",
    ],
)
def test_every_way_to_write_a_table_is_understood(text: str) -> None:
    found = edited(text, {("columns", "x", "psi"): {"red": 0.5, "because": 'new "words"'}})
    assert tomllib.loads(found.removeprefix("\ufeff")) == {
        "columns": {"x": {"psi": {"red": 0.5, "because": 'new "words"'}}}
    }
    assert found.count("#") == text.count("#")
    assert ("\r\n" in found) == ("\r\n" in text)


def test_what_cannot_be_changed_safely_is_left_to_the_person() -> None:
    with pytest.raises(
        ConfigError, match=r"mine.toml: is written in a way .* set it by hand: \[thresholds.psi\] red = 0.3"
    ):
        edited("thresholds = { missing = { max = 0.1 } }\n", {PSI: {"red": 0.3}}, where="mine.toml")
    with pytest.raises(ConfigError, match=r"mine\.toml: not valid TOML"):
        edited("[thresholds\n", {PSI: {"red": 0.3}}, where="mine.toml")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=200)
TABLES = st.dictionaries(
    st.sampled_from(["psi", "missing", "range"]),
    st.fixed_dictionaries({}, optional={"red": st.floats(0.1, 1), "max": st.floats(0, 1), "because": WORDS}),
    max_size=3,
)


@given(TABLES, st.floats(0.01, 1), WORDS)
def test_a_written_file_holds_the_new_values_and_all_old_ones(tables: dict[str, Any], red: float, reason: str) -> None:
    text = config_text(Draft({"project": {"name": "x"}, "thresholds": tables}))
    found = tomllib.loads(edited(text, {PSI: {"red": red, "because": reason}}))
    before = tomllib.loads(text)
    assert found["thresholds"].pop("psi") == {**tables.get("psi", {}), "red": red, "because": reason}
    before.setdefault("thresholds", {}).pop("psi", None)
    assert found == before
