"""The tables, from the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from statistics import median
from typing import Any

from benchmarks.drills.actions import advised, confusion, regrets
from benchmarks.drills.cases import SIZES
from benchmarks.drills.costs import Costs
from benchmarks.drills.measure import OURS
from benchmarks.drills.peers import PEERS
from benchmarks.drills.rates import Rate, rate

__all__ = ["NEVER_TUNED", "page"]

Line = Mapping[str, Any]
STRENGTHS = ("weak", "middle", "strong")
SEVERITIES = ("critical", "high", "medium", "low")
NEVER_TUNED = "lectures"
AIMS = {"detected": 0.95, "top1": 0.85, "action": 0.85, "clean": 0.01, "seconds": 2.0}
"""At the middle strength, and on clean windows of whole units of 5,000 rows."""


def page(records: Iterable[Mapping[str, Any]], seeds: range, splits: range, costs: Costs) -> str:
    """Write the page: what was found, what was advised and what that costs, clean windows, peers."""
    flat = [_flat(record) for record in records]
    ours = [line for line in flat if line["contestant"] == OURS]
    found = [line for line in ours if line["work"] == "incident" and line["seed"] in seeds]
    clean = [line for line in ours if line["work"] != "incident" and line["split"] in splits]
    commits = ", ".join(sorted({str(line["commit"]) for line in [*found, *clean]})) or "none"
    parts = [
        "# Drills: what was found",
        f"Incidents: seeds {seeds[0]} to {seeds[-1]}; clean windows: splits {splits[0]} to {splits[-1]}. "
        f"Commits of `src` measured: {commits}. What the words mean: [drills](../../docs/drills.md). Shares stand with "
        "Wilson's 95 % interval, as if windows were independent; windows of one split share its model and baseline.",
        "## Aims",
        *_aims(found, clean),
        "## Incidents",
        *_incidents(found),
        f"## By data set, middle strength\n\n`{NEVER_TUNED}` was never tuned on.",
        *_by_data(found),
        "## Actions, middle strength",
        *_actions(found, costs),
        "## Clean windows",
        *_clean(clean),
        "## Peers, middle strength",
        *_peers(flat),
    ]
    return "\n\n".join(parts) + "\n"


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    data, name, strength = record["group"].split(" ")
    where = {"data": data, "name": name, "strength": strength, "seed": record["round"]}
    return {**record["line"], **{k: record[k] for k in ("work", "rows", "contestant", "split", "commit")}, **where}


def _measured(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if "seconds" in line]


def _aims(found: list[Line], clean: list[Line]) -> list[str]:
    middle = _measured(line for line in found if line["strength"] == "middle")
    fresh = [line for line in middle if line["data"] == NEVER_TUNED]
    units = [line for line in clean if line["work"] == "units" and line["rows"] == SIZES[-1]]
    seconds = [line["seconds"] for line in _measured([*found, *clean])]
    rows = [
        ("detection", middle, "detected", AIMS["detected"]),
        (f"detection, {NEVER_TUNED} alone", fresh, "detected", AIMS["detected"]),
        ("top-1 cause (top finding where there is none)", middle, "top1", AIMS["top1"]),
        (f"top-1 cause, {NEVER_TUNED} alone", fresh, "top1", AIMS["top1"]),
        ("right action", middle, "action", AIMS["action"]),
        (f"right action, {NEVER_TUNED} alone", fresh, "action", AIMS["action"]),
    ]
    lines = ["| | aim | reached | |", "|---|---|---|---|"]
    for text, chosen, field, aim in rows:
        reached = _rate(chosen, field)
        met = _met(reached.value >= aim, bool(reached.n))
        lines.append(f"| {text} | ≥ {100 * aim:.0f} % | {reached} | {met} |")
    alarms = rate(_alarm(line) for line in units)
    lines.append(
        f"| clean windows of units, 5,000 rows, at `high` or worse | ≤ 1 % | {alarms} | "
        f"{_met(alarms.value <= AIMS['clean'], bool(alarms.n))} |"
    )
    if seconds:
        slow = max(seconds)
        met = _met(slow <= AIMS["seconds"], True)
        lines.append(f"| CPU seconds a window, the slowest | ≤ 2 | {slow:.2f} | {met} |")
    return ["\n".join(lines)]


def _met(met: bool, measured: bool) -> str:
    return "" if not measured else "met" if met else "**short**"


def _incidents(found: list[Line]) -> list[str]:
    lines = [
        "| kind | strength | windows | detected | top-1 | top-3 | right action | onset error, hours; dated, held "
        "| CPU seconds |",
        "|---|---|--:|---|---|---|---|--:|--:|",
    ]
    for name in dict.fromkeys(line["name"] for line in found):
        for strength in STRENGTHS:
            every = [line for line in found if (line["name"], line["strength"]) == (name, strength)]
            chosen = _measured(every)
            if every:
                lines.append(f"| {name} | {strength} | {_windows(every)} | {_cells(chosen)} |")
    return ["\n".join(lines)]


def _windows(lines: list[Line]) -> str:
    unreachable = sum("unreachable" in line for line in lines)
    return f"{len(lines) - unreachable}" + (f" ({unreachable} out of reach)" if unreachable else "")


def _cells(lines: list[Line]) -> str:
    onsets = [line["onset_error"] for line in lines if line["onset_error"] is not None]
    seconds = [line["seconds"] for line in lines]
    shares = [_share(lines, field) for field in ("detected", "top1", "top3", "action")]
    held = sum(bool(line.get("onset_held")) for line in lines)
    onset = f"{median(onsets):.1f}; {len(onsets)}, {held}" if onsets else "not dated"
    return " | ".join([*shares, onset, f"{median(seconds):.2f}" if seconds else ""])


def _by_data(found: list[Line]) -> list[str]:
    middle = _measured(line for line in found if line["strength"] == "middle")
    sets = list(dict.fromkeys(line["data"] for line in middle))
    lines = [f"| kind, detected | {' | '.join(sets)} |", "|---|" + "---|" * len(sets)]
    for name in dict.fromkeys(line["name"] for line in middle):
        cells = [_share([x for x in middle if (x["name"], x["data"]) == (name, one)], "detected") for one in sets]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return ["\n".join(lines)]


def _actions(found: list[Line], costs: Costs) -> list[str]:
    lines = advised(_measured(line for line in found if line["strength"] == "middle"))
    if not lines:
        return ["Not measured: no record of these seeds holds what was advised; `make drill-bench FRESH=1`."]
    told = (
        "Each kind has as many windows as there are seeds and data sets that can show it, so the last row weighs the "
        "actions as kinds have them. `cannot_tell` is right only where the truth is undecidable from what was given."
    )
    priced = (
        f"Regret: hours a window beyond those of an oracle that always advises what is right, by `{costs.name}`; "
        "beside it, what always advising one action would cost. Its 95 % interval resamples splits, and has no width "
        "where they all came out alike."
    )
    return [told, confusion(lines), priced, regrets(lines, costs)]


def _clean(clean: list[Line]) -> list[str]:
    lines = [
        "| data | windows of | rows | units, median | windows | critical | high | medium | low | high or worse |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    # In whatever order they were measured: whole units first, and of each the smallest windows.
    kinds = {(line["data"], line["work"], line["rows"]) for line in clean}
    for data, work, rows in sorted(kinds, key=lambda one: (one[1] != "units", one)):
        chosen = [line for line in clean if (line["data"], line["work"], line["rows"]) == (data, work, rows)]
        shares = [
            f"{100 * rate(line['severity'] == severity for line in chosen).value:.1f} %" for severity in SEVERITIES
        ]
        units = median(line["units"] for line in chosen)
        kind = "whole units" if work == "units" else "consecutive rows"
        lines.append(
            f"| {data} | {kind} | {rows:,} | {units:.0f} | {len(chosen)} | {' | '.join(shares)} | "
            f"{rate(map(_alarm, chosen))} |"
        )
    return ["\n".join(lines)]


def _peers(flat: list[Line]) -> list[str]:
    """Alarm or not, on the windows that every contestant shown has seen."""
    seen = [line for line in flat if line["contestant"] in PEERS]
    if not seen:
        return ["Not measured: `make bench-peers`, then `make drill-bench`."]
    asked = {_place(line) for line in seen}
    ours = [line for line in flat if line["contestant"] == OURS and _place(line) in asked]
    columns: list[tuple[str, list[Line], Callable[[Line], bool | None]]] = [
        ("dawnwatch: `medium` or worse", ours, lambda line: line["severity"] != "low"),
        ("dawnwatch: `high` or worse", ours, _alarm),
        ("Evidently: data set drift", _of(seen, "evidently"), lambda line: line.get("alarm")),
        ("Evidently: any column", _of(seen, "evidently"), lambda line: line.get("any")),
        ("NannyML: any alert", _of(seen, "nannyml"), lambda line: line.get("alarm")),
        ("NannyML: whole chunks alone", _of(seen, "nannyml"), lambda line: line.get("whole")),
        ("NannyML: whole chunks, equal in both", _of(seen, "nannyml"), lambda line: line.get("equal")),
    ]
    names = list(dict.fromkeys(line["name"] for line in seen))
    lines = [f"| kind | {' | '.join(text for text, _, _ in columns)} |", "|---|" + "---|" * len(columns)]
    for name in sorted(names, key=lambda one: one != "clean"):
        cells = []
        for _, among, alarm in columns:
            chosen = [line for line in among if line["name"] == name]
            errors = sum("error" in line for line in chosen)
            cells.append(f"{rate(map(alarm, chosen))}" + (f", {errors} failed" if errors else ""))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    note = (
        "Share of windows with an alarm. Evidently's drift preset and NannyML's drift and performance calculators as "
        "they come, on features and score; what ended in an error is counted apart. NannyML as it comes cuts reference "
        "and window into ten chunks each, whatever their sizes, and up to nine rows left over are an eleventh, which "
        "nearly always alerts; beside it, the whole chunks alone, and whole ones of one size in both."
    )
    return [note, "\n".join(lines)]


def _of(lines: list[Line], contestant: str) -> list[Line]:
    return [line for line in lines if line["contestant"] == contestant]


def _place(line: Line) -> tuple[Any, ...]:
    return tuple(line[name] for name in ("work", "data", "name", "strength", "rows", "seed"))


def _alarm(line: Line) -> bool | None:
    return line["severity"] in {"critical", "high"} if "severity" in line else None


def _share(lines: list[Line], field: str) -> str:
    """Write a share. Of benign kinds there is nothing to find, and some data have no windows of a kind."""
    asked = any(line[field] is not None for line in lines)
    return str(_rate(lines, field)) if asked else "nothing to find" if lines else "no window"


def _rate(lines: Iterable[Line], field: str) -> Rate:
    return rate(line[field] for line in lines)
