"""A column's own threshold, set for one run."""

from __future__ import annotations

import pytest

from dawnwatch import Config
from dawnwatch.config.own import with_own
from dawnwatch.errors import ConfigError

CONFIG = Config.from_dict(
    {
        "thresholds": {"psi": {"red": 0.2, "because": "weighed"}},
        "columns": {
            "a": {"monitor": True, "psi": {"yellow": 0.15, "red": 0.3}},
            "b": {"monitor": True, "method": "ks"},
        },
    }
)


def test_it_holds_for_that_column_alone_and_is_said_to_be_of_this_run() -> None:
    moved = with_own(CONFIG, "c", "psi", 0.5)
    assert (moved.psi_for("c").red, moved.psi_for("a").red, moved.thresholds) == (0.5, 0.3, CONFIG.thresholds)
    sources = {(t.name, t.column): (t.source, t.because) for t in moved.thresholds_in_force()}
    assert sources["psi", "c"] == ("override", "set to 0.5 for this run")
    assert sources["psi", "a"][0] == "config"
    assert with_own(CONFIG, "c", "missing", 0.5, because="a gap is usual").missing_for("c").because == "a gap is usual"


@pytest.mark.parametrize(("red", "yellow"), [(0.4, 0.15), (0.15, 0.075), (0.1, 0.05)])
def test_its_own_yellow_bound_stays_where_it_lies_below(red: float, yellow: float) -> None:
    bands = with_own(CONFIG, "a", "psi", red).psi_for("a")
    assert (bands.yellow, bands.red) == (pytest.approx(yellow), red)


def test_what_was_counted_is_still_the_same() -> None:
    assert with_own(CONFIG, "c", "psi", 0.5).counted == CONFIG.counted


@pytest.mark.parametrize(
    ("column", "name", "value", "message"),
    [
        ("a", "psi", 0.0, "threshold: columns.a.psi.red: must be greater than or equal to 0.000001; got 0.0"),
        ("a", "missing", 2.0, "threshold: columns.a.missing.max: must be less than or equal to 1; got 2.0"),
        ("b", "psi", 0.2, "threshold: columns.b.psi: bands of a distance that b is not judged by"),
    ],
)
def test_a_bad_value_is_one_line(column: str, name: str, value: float, message: str) -> None:
    with pytest.raises(ConfigError) as refused:
        with_own(CONFIG, column, name, value)  # type: ignore[arg-type]
    assert str(refused.value).startswith(message)
