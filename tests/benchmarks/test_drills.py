"""The drills' benchmark: intervals, what is measured, going on after a stop, and a page that says what fell short."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

import pytest
from benchmarks.drills.cases import CLEAN_SPLITS, REPORTED, WINDOWS, Case, clean, incidents, of_kinds, seeds_of
from benchmarks.drills.costs import ACTIONS, DEFAULT, costs_of
from benchmarks.drills.measure import OURS, due, measure
from benchmarks.drills.rates import rate
from benchmarks.drills.table import page
from benchmarks.records import Records, key_of

from dawnwatch.drills.data.base import DataSet
from tests.drills.shop import shop

COSTS = costs_of(DEFAULT)


@pytest.fixture(scope="module")
def data() -> DataSet:
    return shop(customers=120)


def test_wilsons_interval_is_that_of_the_literature() -> None:
    # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    for hits, n, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        found = rate([True] * hits + [False] * (n - hits))
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
        assert found.value == hits / n


def test_what_is_none_does_not_count() -> None:
    found = rate([True, None, False, None])
    assert (found.hits, found.n) == (1, 2)
    assert str(rate([None])) == "none"
    assert str(rate([True] * 50)) == "100 % (93 % to 100 %)"


def test_tuning_and_report_share_no_seed_and_the_clean_windows_are_enough() -> None:
    assert not set(REPORTED) & set(range(10))
    assert not set(CLEAN_SPLITS) & set(range(10))
    assert len(CLEAN_SPLITS) >= 50
    assert WINDOWS >= 10
    assert list(seeds_of("10-12")) == [10, 11, 12]
    assert list(seeds_of("7")) == [7]


def test_every_kind_is_measured_at_every_strength_it_has(data: DataSet) -> None:
    cases = list(incidents(data, range(2)))
    of = {case.name: [c.strength for c in cases if (c.name, c.split) == (case.name, 0)] for case in cases}
    assert of["null_burst"] == ["weak", "middle", "strong"]
    assert of["dropped_column"] == ["middle"]
    assert "clean" not in of
    assert len({key_of({**case.key, "contestant": OURS}) for case in cases}) == len(cases)


def test_some_kinds_alone_can_be_measured(data: DataSet) -> None:
    found = list(of_kinds(incidents(data, range(2)), ["null_burst", "clean"]))
    assert {case.name for case in found} == {"null_burst"}
    assert len(found) == 6


def test_no_two_clean_windows_are_the_same_case(data: DataSet) -> None:
    cases = list(clean(data, "units", range(50, 53)))
    assert len({key_of({**case.key, "contestant": OURS}) for case in cases}) == len(cases) == 3 * 3 * WINDOWS


def few(data: DataSet) -> list[Case]:
    kinds = {"null_burst", "concept_flip"}
    return [
        *(case for case in incidents(data, range(1), ("middle",)) if case.name in kinds),
        *list(clean(data, "units", range(1), sizes=(500,)))[:2],
        *list(clean(data, "time", range(1), sizes=(500,)))[:1],
    ]


def test_a_stopped_run_goes_on_where_it_was(data: DataSet, tmp_path: Path) -> None:
    records, cases = Records(tmp_path / "d.jsonl"), few(data)
    assert measure(data, cases[:2], records) == 2
    again = Records(tmp_path / "d.jsonl")
    assert due(cases, again, OURS) == cases[2:]
    assert measure(data, cases, again) == 3
    assert measure(data, cases, again) == 0
    lines = [record["line"] for record in again.all() if record["group"] == "shop null_burst middle"]
    assert lines[0]["detected"] is True
    assert lines[0]["truth"]["column"] == "amount"
    assert lines[0]["seconds"] < 60
    assert lines[0]["advised"] == "fix_pipeline"


def record(name: str, seed: int, work: str = "incident", rows: int = 5000, **line: Any) -> dict[str, Any]:
    given = {"seconds": 0.1, "severity": "low", "onset_error": None, "units": 200}
    where = {"work": work, "group": f"lectures {name} middle", "contestant": OURS, "rows": rows}
    return {**where, "round": seed, "split": seed, "commit": "abc", "line": {**given, **line}}


def test_the_page_says_what_fell_short_and_what_was_out_of_reach() -> None:
    found = {"detected": True, "top1": False, "top3": True, "action": True}
    records = [record("null_burst", seed, **found) for seed in range(10, 30)]
    records.append({**record("concept_flip", 10), "line": {"unreachable": "cannot be made strong"}})
    records += [record("clean", 10, "units", severity="high"), record("clean", 11, "units")]
    text = page(records, REPORTED, CLEAN_SPLITS, COSTS)
    lines = text.splitlines()
    assert "| detection | ≥ 95 % | 100 % (84 % to 100 %) | met |" in lines
    assert "| top-1 cause (top finding where there is none) | ≥ 85 % | 0 % (0 % to 16 %) | **short** |" in lines
    assert any(line.startswith("| clean windows of units, 5,000 rows") and "**short**" in line for line in lines)
    assert "| concept_flip | middle | 0 (1 out of reach) |" in text
    assert (
        "| lectures | whole units | 5,000 | 200 | 2 | 0.0 % | 50.0 % | 0.0 % | 50.0 % | 50 % (9.5 % to 91 %) |" in lines
    )
    assert "Not measured: `make bench-peers`" in text


def test_of_a_benign_kind_there_is_nothing_to_find_which_is_no_miss() -> None:
    benign = record("volume_surge", 10, detected=None, top1=None, top3=None, action=True)
    lines = page([benign], REPORTED, CLEAN_SPLITS, COSTS).splitlines()
    cells = "nothing to find | nothing to find | nothing to find | 100 % (21 % to 100 %)"
    assert any(line.startswith(f"| volume_surge | middle | 1 | {cells} |") for line in lines)
    assert "| volume_surge | nothing to find |" in lines


def test_other_seeds_than_the_reported_ones_are_left_out() -> None:
    text = page(
        [record("null_burst", 3, detected=True, top1=True, top3=True, action=True)], REPORTED, CLEAN_SPLITS, COSTS
    )
    assert "null_burst" not in text


def test_peers_stand_beside_ours_on_the_same_windows_and_errors_are_counted() -> None:
    found = {"detected": True, "top1": True, "top3": True, "action": True, "severity": "medium"}
    ours = [record("null_burst", seed, **found) for seed in (10, 11)]
    left_over = {"alarm": True, "whole": False, "equal": True}
    peers = [
        {**ours[0], "contestant": "evidently", "line": {"alarm": False, "any": True}},
        {**ours[0], "contestant": "nannyml", "line": {"error": "ValueError: no column"}},
        {**ours[1], "contestant": "nannyml", "line": left_over},
    ]
    told = page([*ours, *peers], REPORTED, CLEAN_SPLITS, COSTS).partition("## Peers")[2]
    line = next(x for x in told.splitlines() if x.startswith("| null_burst"))
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1:] == [
        "100 % (34 % to 100 %)",
        "0 % (0 % to 66 %)",
        "0 % (0 % to 79 %)",
        "100 % (21 % to 100 %)",
        "100 % (21 % to 100 %), 1 failed",
        "0 % (0 % to 79 %), 1 failed",
        "100 % (21 % to 100 %), 1 failed",
    ]


def test_the_page_on_drills_holds_the_costs_in_force() -> None:
    costs, page_ = costs_of(DEFAULT), (Path(__file__).parents[2] / "docs/drills.md").read_text("utf-8").splitlines()
    heads = next(line for line in page_ if "| wait | cannot_tell |" in line)
    named = [cell.strip() for cell in heads.strip(" |").split("|")]
    for told, hours in (("hours of work", costs.done), ("hours lost", costs.left)):
        line = next(line for line in page_ if line.strip().startswith(f"| {told}"))
        cells = [float(cell) for cell in line.strip(" |").split("|")[1:]]
        assert dict(zip(named[-len(cells) :], cells, strict=True)) == hours
    assert (costs.regret("fix_pipeline", "wait"), costs.regret("fix_pipeline", "retrain")) == (48, 72)
    assert costs.regret("fix_pipeline", "cannot_tell") == 28
    assert [costs.regret(action, action) for action in ACTIONS] == [0] * 6


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("looked = 0.5", "looked = 2"), "looked must be a share from 0 to 1, not 2"),
        (("rollback = 4\n", ""), r"\[done\] must give each of fix_pipeline, rollback"),
        (("retrain = 24", "retrain = -1"), r"\[done\] retrain must be hours, 0 or more, not -1"),
        (("looked", "= looked"), "cannot be read as costs"),
    ],
)
def test_costs_that_are_none_are_refused(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    path = tmp_path / "costs.toml"
    path.write_text(DEFAULT.read_text("utf-8").replace(*change, 1), "utf-8")
    with pytest.raises(ArgumentTypeError, match=said):
        costs_of(path)


def told(truth: str, advice: str, seed: int = 10) -> dict[str, Any]:
    found = {"detected": True, "top1": True, "top3": True, "action": truth == advice}
    return record(f"kind_{truth}_{advice}", seed, **found, truth={"action": truth}, advised=advice)


def test_cannot_tell_is_right_only_where_it_is_the_truth() -> None:
    records = [
        told("fix_pipeline", "fix_pipeline"),
        told("fix_pipeline", "cannot_tell"),
        told("cannot_tell", "cannot_tell"),
        told("wait", "retrain", 11),
    ]
    lines = page(records, REPORTED, CLEAN_SPLITS, COSTS).splitlines()
    assert "| right action | ≥ 85 % | 50 % (15 % to 85 %) | **short** |" in lines
    rows = {line.split("|")[1].strip(): line for line in lines if line.startswith("| ")}
    heads = rows["right action ↓, advised →"].strip("|").split("|")
    at = {head.strip(): number for number, head in enumerate(heads)}
    fix = [cell.strip() for cell in rows["fix_pipeline"].strip("|").split("|")]
    assert (fix[at["windows"]], fix[at["fix_pipeline"]], fix[at["cannot_tell"]]) == ("2", "1", "1")
    assert fix[at["right"]] == "50 % (9.5 % to 91 %)"
    assert rows["cannot_tell"].endswith("| 100 % (21 % to 100 %) |")
    assert rows["recalibrate"].endswith("| none |")
    # 28 for the doubt about a broken pipeline, 24 for a retraining in vain, over four windows of two splits.
    assert rows["dawnwatch"].startswith("| dawnwatch | 13.0 (")
    assert rows["always wait"].startswith("| always wait | 25.0 (")
    # 14 where the pipeline broke, 24 where to wait was right, 0 where it cannot be told.
    assert rows["dawnwatch"].endswith("| 12.7 |")


def test_records_without_an_advice_are_said_to_be_none() -> None:
    found = [record("null_burst", 10, detected=True, top1=True, top3=True, action=True)]
    assert "Not measured: no record of these seeds holds what was advised" in page(found, REPORTED, CLEAN_SPLITS, COSTS)
