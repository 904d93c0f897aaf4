"""The pictures of the steered run hold the words that the run shows, and refer to nothing else."""

from __future__ import annotations

import re
import sys

import pytest

from dawnwatch import DataError
from metropulse.movielens import find_ratings

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)
from tests.cli.screens import IMAGES, MENU, drawn_words, picture, same_words, screens

NAMES = ("quality", "re-run", "explain", "decision")


@pytest.fixture(scope="module")
def present() -> dict[str, str]:
    """What the worked example shows now."""
    try:
        find_ratings(say=lambda text: None)
    except DataError as error:
        pytest.skip(f"MovieLens 100K is neither cached nor reachable: {error}")
    return screens()


@pytest.mark.network
def test_each_picture_is_of_the_present_run(present: dict[str, str]) -> None:
    assert tuple(present) == NAMES
    for name, screen in present.items():
        drawn = (IMAGES / f"keyboard-{name}.svg").read_text("utf-8")
        assert drawn_words(drawn) == drawn_words(picture(name, screen)), f"stale: {name}; run `make screens`"


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_asks_for_nothing_and_names_no_machine(name: str) -> None:
    drawn = (IMAGES / f"keyboard-{name}.svg").read_text("utf-8")
    assert re.findall(r"https?://[^\"\s]+", drawn) == ["http://www.w3.org/2000/svg"]
    assert "@import" not in drawn
    assert "/tmp" not in drawn


def test_a_drawn_screen_holds_its_words_in_their_colours() -> None:
    svg = picture("test", f"\x1b[31mRED\x1b[0m, judged in 9 ms & shown\n{MENU}")
    assert drawn_words(svg) == same_words(f"RED, judged in 12 ms & shown {MENU}")
    assert 'viewBox="0 0 991 ' in svg  # 80 columns of 12.2, less Rich's own rounding, and a margin
    assert re.search(r"\.screen-test-r1 \{ fill: #\w{6} ?\}", svg)
