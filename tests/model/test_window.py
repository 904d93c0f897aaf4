"""What a window keeps, so that judging again costs nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dawnwatch.model.plan import Plan
from dawnwatch.model.profile import Profile
from dawnwatch.model.window import Window


def test_what_was_computed_once_is_kept_with_this_window_only() -> None:
    window = Window("log", Plan(()), Profile(0, {}, np.zeros((3, 2), np.int64)), None)
    asked: list[str] = []

    def compute() -> str:
        asked.append("again")
        return "found"

    assert [window.once("name", compute) for _ in range(3)] == ["found"] * 3
    assert window.once(("name", 1), lambda: "other") == "other"
    assert replace(window, name="copy").once("name", compute) == "found"
    assert len(asked) == 2
