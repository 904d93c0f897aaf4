"""What each kind of drill does to the rows, beyond the laws."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dawnwatch.drills.data.base import DEPLOYED, SCORE, VERSION, part_of_day
from dawnwatch.drills.inject import Injected, inject
from dawnwatch.drills.kinds.bad_deploy import NEW as NEW_VERSION
from dawnwatch.drills.kinds.popularity_collapse import FEWEST
from dawnwatch.drills.kinds.sentinels import SENTINEL
from dawnwatch.drills.kinds.time_zone_shift import SHIFTS
from dawnwatch.drills.kinds.unseen_category import NEW
from dawnwatch.drills.kinds.weekend_season import weekend
from dawnwatch.drills.registry import find_kind
from dawnwatch.drills.split import Split
from dawnwatch.drills.strength import auc, ece
from dawnwatch.drills.truth import Strength
from dawnwatch.errors import UsageError

ROWS = 4000


def injected(split: Split, name: str) -> Injected:
    return inject(split, find_kind(name), "middle", seed=5, rows=ROWS)


def pair(found: Injected, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the column before and after, and where it changed."""
    before, after = (np.array(table[name].to_pylist(), dtype=object) for table in (found.before, found.table))
    return before, after, before != after


def test_clean_changes_nothing(made_up: Split) -> None:
    found = injected(made_up, "clean")
    assert found.table.equals(found.before)
    assert found.truth.told == "nothing was injected"


def test_a_burst_of_nulls(made_up: Split) -> None:
    found = injected(made_up, "null_burst")
    assert found.table["amount"].null_count == found.truth.affected_rows == 800
    assert found.truth.told == f"amount became null in 800 of 4,000 rows, from row {found.truth.onset_row:,} on"


def test_another_unit_is_a_thousand_times_as_large(made_up: Split) -> None:
    before, after, changed = pair(injected(made_up, "unit_change"), "amount")
    assert (after[changed] == before[changed] * 1000).all()


def test_sentinels_and_unseen_categories_are_one_value(made_up: Split) -> None:
    _, after, changed = pair(injected(made_up, "sentinels"), "amount")
    assert set(after[changed]) == {SENTINEL}
    before, after, changed = pair(injected(made_up, "unseen_category"), "channel")
    assert set(after[changed]) == {NEW}
    assert NEW not in before


def test_a_replayed_batch_stands_twice_in_a_row(made_up: Split) -> None:
    found = injected(made_up, "replayed_duplicates")
    onset, rows = found.truth.onset_row, found.truth.affected_rows
    assert onset is not None
    assert found.table.num_rows == ROWS + rows
    assert found.table.slice(onset, rows).equals(found.table.slice(onset + rows, rows))
    assert found.table.slice(0, onset + rows).equals(found.before.slice(0, onset + rows))
    assert found.table.slice(onset + 2 * rows).equals(found.before.slice(onset + rows))


def test_changed_columns(made_up: Split) -> None:
    dropped, renamed, retyped = (injected(made_up, f"{how}_column") for how in ("dropped", "renamed", "retyped"))
    assert set(dropped.before.column_names) - set(dropped.table.column_names) == {"channel"}
    assert renamed.table["amount_v2"].equals(renamed.before["amount"])
    assert "amount" not in renamed.table.column_names
    assert retyped.table["amount"].type == pa.string()
    assert [float(text) for text in retyped.table["amount"].to_pylist()] == retyped.before["amount"].to_pylist()
    # The model finds no amount under another name and cannot read it as text: the same to it.
    assert renamed.table[SCORE].equals(retyped.table[SCORE])
    assert not renamed.table[SCORE].equals(renamed.before[SCORE])


def test_a_concept_flips_in_its_slice_alone(made_up: Split) -> None:
    found = injected(made_up, "concept_flip")
    before, after, changed = pair(found, "bought")
    assert (after[changed] == 1 - before[changed]).all()
    assert set(np.array(found.table["channel"].to_pylist())[changed]) == {"app"}
    assert (found.truth.column, found.truth.value) == ("channel", "app")


def test_slow_drift_grows(made_up: Split) -> None:
    found = injected(made_up, "slow_concept_drift")
    _, _, changed = pair(found, "bought")
    assert found.truth.onset_row is not None
    thirds = [part.mean() for part in np.array_split(changed[found.truth.onset_row :], 3)]
    assert thirds[0] < thirds[1] < thirds[2]
    assert thirds[2] > 3 * thirds[0]


def test_scores_that_belong_to_others(made_up: Split) -> None:
    found = injected(made_up, "shuffled_scores")
    before, after, _ = pair(found, SCORE)
    assert sorted(before) == sorted(after)
    found = injected(made_up, "stale_scores")
    before, after, changed = pair(found, SCORE)
    rows = np.flatnonzero(changed)
    assert (after[rows] == before[rows - ROWS // 20]).all()
    found = injected(made_up, "constant_scores")
    _, after, changed = pair(found, SCORE)
    assert set(after[changed]) == {float(np.median(found.before[SCORE].to_numpy()))}


def test_hours_come_from_another_clock(made_up: Split) -> None:
    found = injected(made_up, "time_zone_shift")
    _, after, changed = pair(found, "part")
    times = found.before["at"].to_numpy()[changed]
    assert any((part_of_day(times, hours) == after[changed]).all() for hours in SHIFTS)


def test_more_rows_of_one_category(made_up: Split) -> None:
    before, after, _ = pair(injected(made_up, "mobile_surge"), "channel")
    assert (after == "app").mean() > (before == "app").mean() + 0.2


def test_the_rarer_label_becomes_commoner_and_the_features_of_either_stay(made_up: Split) -> None:
    found = injected(made_up, "prior_shift")
    before, after = (table["bought"].to_numpy() for table in (found.before, found.table))
    rarer = int(found.truth.value or "")
    assert rarer == int(before.mean() < 0.5)
    assert abs(after.mean() - before.mean()) == pytest.approx(found.truth.reached)
    assert ((after == rarer).mean()) > (before == rarer).mean() + 0.08
    for label in (0, 1):
        then, now = (t.filter(pc.equal(t["bought"], label))["amount"].to_numpy() for t in (found.before, found.table))
        assert abs(now.mean() - then.mean()) < 3 * then.std() / np.sqrt(len(then) / 4)
    assert abs(auc(after, found.table[SCORE]) - auc(before, found.before[SCORE])) < 0.02


def test_scores_keep_their_order_and_are_off_as_chances(made_up: Split) -> None:
    found = injected(made_up, "calibration_shift")
    before, after, changed = pair(found, "bought")
    rarer = int(np.mean(before.astype(int)) < 0.5)
    assert set(after[changed]) == {1 - rarer}
    scores = found.table[SCORE].to_numpy()
    assert ece(after.astype(int), scores) - ece(before.astype(int), scores) == pytest.approx(found.truth.reached)
    # One factor on the odds flips most labels where they were least sure, and spares no part of the scores.
    flips = [part.mean() for part in np.array_split(changed[np.argsort(scores)], 5)]
    assert min(flips) > 0.02
    assert abs(auc(after.astype(int), scores) - auc(before.astype(int), scores)) < 0.03


def test_a_writers_units_are_lost_whole_from_one_moment_on(made_up: Split) -> None:
    found = injected(made_up, "volume_drop")
    onset, lost = found.truth.onset_row, found.truth.affected_rows
    assert onset is not None
    assert found.table.num_rows == ROWS - lost == found.truth.rows
    assert found.table.slice(0, onset).equals(found.before.slice(0, onset))
    visits = set(zip(*(found.table[name].to_pylist() for name in ("customer", "visit")), strict=True))
    later = found.before.slice(onset).to_pylist()
    gone = {row["customer"] for row in later if (row["customer"], row["visit"]) not in visits}
    stayed = {row["customer"] for row in later if (row["customer"], row["visit"]) in visits}
    assert len(gone & stayed) <= 1
    assert len(gone) > 5


def test_more_people_come_and_the_rest_stays(made_up: Split) -> None:
    found = injected(made_up, "volume_surge")
    assert found.table.num_rows == ROWS + found.truth.affected_rows == found.truth.rows
    was, now = (set(map(str, table.to_pylist())) for table in (found.before, found.table))
    assert was < now
    customers = set(found.before["customer"].to_pylist())
    came = [row for row in found.table.to_pylist() if str(row) not in was]
    assert not customers & {row["customer"] for row in came}
    assert min(row["at"] for row in came) >= found.before["at"][found.truth.onset_row].as_py()
    assert (np.diff(found.table["at"].to_numpy()) >= 0).all()


def test_weekends_take_the_place_of_weekdays(made_up: Split) -> None:
    found = injected(made_up, "weekend_season")
    was, now = (weekend(table["at"].to_numpy()).sum() for table in (found.before, found.table))
    assert now - was == found.truth.affected_rows == ROWS // 5


def test_labels_are_late_by_slice_by_age_and_by_what_they_are(made_up: Split) -> None:
    found = injected(made_up, "late_labels")
    before, _, late = pair(found, "bought")
    assert found.table["bought"].null_count == found.truth.affected_rows == ROWS // 5
    onset = found.truth.onset_row
    assert onset is not None
    app = np.array(found.before["channel"].to_pylist()) == "app"
    later = np.arange(ROWS) >= onset
    assert late[later & app].mean() > 2 * late[later & ~app].mean()
    assert late[later & (before == 0)].mean() > 1.2 * late[later & (before == 1)].mean()
    halves = np.array_split(late[onset:], 2)
    assert halves[1].mean() > 1.5 * halves[0].mean()
    assert (found.truth.action, found.truth.harmful, found.truth.cause) == ("wait", False, "maturity")


def test_a_lagging_feature_is_that_of_a_batch_before(made_up: Split) -> None:
    found = injected(made_up, "feature_lag")
    before, after, changed = pair(found, "amount")
    rows = np.flatnonzero(changed)
    assert (after[rows] == before[rows - ROWS // 20]).all()
    was, now = (auc(table["bought"], table[SCORE]) for table in (found.before, found.table))
    assert was - now == pytest.approx(found.truth.reached)


def test_the_most_popular_take_over(made_up: Split) -> None:
    found = injected(made_up, "popularity_collapse")
    before, after = (Counter(table["product"].to_pylist()) for table in (found.before, found.table))
    gained = {name for name in after if after[name] > before[name]}
    assert gained == {name for name, _ in before.most_common(len(gained))}
    assert len(gained) >= FEWEST
    assert found.truth.value is None, "it is several values together, so none is asked for"
    assert sum(after[name] - before[name] for name in gained) == found.truth.affected_rows


@pytest.mark.parametrize("strength", ["weak", "middle"])
def test_a_worse_version_has_every_row_from_one_moment_on(made_up: Split, strength: Strength) -> None:
    found = inject(made_up, find_kind("bad_deploy"), strength, seed=5, rows=ROWS)
    onset = found.truth.onset_row
    assert onset is not None
    assert set(found.before[VERSION].to_pylist()) == {DEPLOYED}
    assert found.table[VERSION].to_pylist() == [DEPLOYED] * onset + [NEW_VERSION] * (ROWS - onset)
    assert found.truth.affected_rows == ROWS - onset
    rest = [name for name in found.before.column_names if name not in {VERSION, SCORE}]
    assert found.table.select(rest).equals(found.before.select(rest))
    assert found.table[SCORE].slice(0, onset).equals(found.before[SCORE].slice(0, onset))
    label = found.table["bought"].to_numpy()
    was, now = (auc(label[onset:], table[SCORE].to_numpy()[onset:]) for table in (found.before, found.table))
    assert was - now > 0.03


def test_a_deploy_that_would_have_to_begin_with_the_window_is_refused(made_up: Split) -> None:
    with pytest.raises(UsageError, match="bad_deploy cannot be made strong in 4,000 rows"):
        inject(made_up, find_kind("bad_deploy"), "strong", seed=5, rows=ROWS)


@pytest.mark.parametrize("timed", [True, False])
def test_new_units_come_whole(made_up: Split, timeless: Split, timed: bool) -> None:
    split = made_up if timed else timeless
    found = injected(split, "cold_start")
    was, now = (split.known(table["customer"]).sum() for table in (found.before, found.table))
    assert was - now == found.truth.affected_rows == ROWS // 5
    came = set(found.table["customer"].to_pylist()) - set(found.before["customer"].to_pylist())
    assert found.truth.affected_rows / len(came) > 8


def test_an_unknown_kind_names_the_nearest() -> None:
    assert find_kind("null-burst").name == "null_burst"
    with pytest.raises(UsageError, match=r"no kind of drill is named 'nul_burst'. Did you mean 'null_burst'\?"):
        find_kind("nul_burst")
