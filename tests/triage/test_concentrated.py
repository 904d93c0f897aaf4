"""The few most popular values that take over are told from one in fashion, from a season, and from chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from dawnwatch.model.bin_names import OTHER_OR_UNSEEN
from dawnwatch.model.feature_drift import BinShare, FeatureDrift
from dawnwatch.triage.concentrated import concentrated, takeover
from dawnwatch.triage.decide import decide
from tests.triage.builders import evidence, feature, told

ITEMS, ROWS = 150, 5000
CHANCES = 1 / np.arange(5, 5 + ITEMS)
CHANCES /= CHANCES.sum()


def drifted(now: Sequence[float], kind: str = "categorical") -> FeatureDrift:
    """A feature whose last bin holds all values without one of their own."""
    names = [*(f"i{n}" for n in range(len(now) - 1)), OTHER_OR_UNSEEN]
    then = CHANCES if len(now) == ITEMS else np.full(len(now), 1 / len(now))
    bins = [
        BinShare(bin=name, reference=p, current=q, contribution=abs(q - p))
        for name, p, q in zip(names, then, now, strict=True)
    ]
    seen = {"bins": bins, "kind": kind, "reference_rows": ROWS, "current_rows": ROWS}
    return feature("item", 0.5, "RED", significance=told(True)).model_copy(update=seen)


def popular(few: int, share: float) -> np.ndarray:
    """The first `few` hold that share, all in proportion."""
    now = CHANCES.copy()
    now[:few] *= share / now[:few].sum()
    now[few:] *= (1 - share) / now[few:].sum()
    return now


def test_values_that_take_over_together_are_counted_and_nobody_can_tell_why() -> None:
    seen = evidence(features=[drifted(popular(8, 0.5))])
    found = concentrated(seen)
    assert found is not None
    assert (found.feature, found.names) == ("item", tuple(f"i{n}" for n in range(8)))
    assert found.then == pytest.approx(CHANCES[:8].sum())
    assert (found.now, found.explained) == (pytest.approx(0.5), pytest.approx(1.0))
    decided = decide(seen)
    assert (decided.verdict, decided.rule) == ("cannot_tell", "few took over")
    assert decided.reasons[0].startswith("8 of the most popular values of item went from ")
    # A fall would settle it as well, of which this evidence shows none.
    asked = [(one.check, one.subject) for one in decided.settles]
    assert asked == [("drift.psi", "item"), ("performance.auc_drop", None)]


@pytest.mark.parametrize("seed", range(20))
def test_it_is_found_in_rows_too(seed: int) -> None:
    rng = np.random.default_rng(seed)
    then, now = (rng.multinomial(ROWS, chances) / ROWS for chances in (CHANCES, popular(8, 0.5)))
    order = np.argsort(-then)
    found = takeover(then[order], now[order], ranked=ITEMS, rows=(ROWS, ROWS))
    assert found is not None
    assert 5 <= len(found[0]) <= 14


@pytest.mark.parametrize("seed", range(20))
def test_chance_and_a_season_are_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    season = CHANCES * rng.lognormal(0, 0.6, ITEMS)
    for chances in (CHANCES, season / season.sum()):
        then, now = (rng.multinomial(ROWS, of) / ROWS for of in (CHANCES, chances))
        order = np.argsort(-then)
        assert takeover(then[order], now[order], ranked=ITEMS, rows=(ROWS, ROWS)) is None


def test_one_value_in_fashion_half_of_all_and_a_few_values_are_none() -> None:
    fashion = CHANCES * 0.7
    fashion[0] += 0.3
    assert takeover(CHANCES, fashion, ranked=ITEMS, rows=(ROWS, ROWS)) is None
    assert takeover(CHANCES, popular(90, 0.95), ranked=ITEMS, rows=(ROWS, ROWS)) is None
    few = [0.2] * 3 + [0.04] * 10
    assert concentrated(evidence(features=[drifted(few)])) is None
    assert concentrated(evidence(features=[drifted(popular(8, 0.5), kind="numeric")])) is None


def test_of_a_long_catalogue_all_that_have_a_bin_of_their_own_are_popular() -> None:
    then = [*CHANCES * 0.6, 0.4]
    few = np.arange(0, ITEMS, 8)
    now = np.array(then) * (1 - 0.2)
    now[few] += 0.2 / len(few)
    found = takeover(then, now.tolist(), ranked=ITEMS, rows=(4 * ROWS, 4 * ROWS))
    assert found is not None
    assert takeover([*CHANCES], (now[:-1] / now[:-1].sum()).tolist(), ranked=ITEMS, rows=(4 * ROWS, 4 * ROWS)) is None
