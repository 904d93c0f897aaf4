"""results.json: every work's figures as plain values, which the tables are then written from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from benchmarks.figures import Figures, Spread
from benchmarks.records import Records
from benchmarks.work import Contestant, Group, Scale, Target, Work

__all__ = ["disagreements", "summary"]

MEASURED = ("seconds", "cpu_seconds", "peak_mib", "call_peak_mib")
CLOSE = 1e-6
"""Answers that are numbers agree when they differ by less than this share of themselves."""


def summary(works: Iterable[Work], records: Records, scale: Scale, machine: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything that is told of a run."""
    told, used = [], []
    for work in works:
        found = list(records.of(scale.name, work.name))
        used += found
        figures = Figures(found)
        told.append(
            {
                "work": work.name,
                "title": work.title,
                "notes": list(work.notes),
                "targets": [_target(target, figures) for target in work.targets],
                "groups": [_group(group, figures) for group in work.groups(scale)],
            }
        )
    times = sorted(record["at"] for record in used)
    return {
        "scale": scale.name,
        "machine": dict(machine),
        "measurements": len(used),
        "measured": [times[0], times[-1]] if times else [],
        "commits": sorted({record["commit"] for record in used}),
        "load": {"median": median(r["load"] for r in used), "largest": max(r["load"] for r in used)} if used else {},
        "works": told,
    }


def _target(target: Target, figures: Figures) -> dict[str, Any]:
    reached = target.reached(figures)
    return {
        "text": target.text,
        "aim": f"{target.sense} {target.limit:g} {target.unit}",
        "source": target.source,
        "unit": target.unit,
        "reached": reached,
        "met": None if reached is None else target.met(reached),
    }


def _group(group: Group, figures: Figures) -> dict[str, Any]:
    contestants = [_contestant(group, contestant, figures) for contestant in group.contestants]
    answers = {c["name"]: c["answer"] for c in contestants}
    return {
        "group": group.name,
        "rows": group.rows,
        "base": group.base,
        "note": group.note,
        "contestants": contestants,
        "disagree": disagreements(answers, group.agree),
    }


def _contestant(group: Group, contestant: Contestant, figures: Figures) -> dict[str, Any]:
    series = figures.series(group.name, contestant.name)
    seconds = series.spread()
    ratio = figures.ratio(group.name, contestant.name, group.base)
    cpu = figures.ratio(group.name, contestant.name, group.base, "cpu_seconds")
    return {
        "name": contestant.name,
        "note": contestant.note,
        "limit": contestant.limit,
        "environment": contestant.env,
        "error": series.error,
        **{name: _spread(series.spread(name)) for name in MEASURED},
        "ratio": _spread(ratio),
        "cpu_ratio": _spread(cpu),
        "rows_per_second": group.rows / seconds.median if seconds and seconds.median and group.rows else None,
        "rounds": [series.values("seconds")[turn] for turn in sorted(series.values("seconds"))],
        "answer": series.last.get("answer", {}),
        "python": series.last.get("python"),
        "versions": series.last.get("versions", {}),
    }


def _spread(spread: Spread | None) -> dict[str, float] | None:
    return None if spread is None else {"median": spread.median, "low": spread.low, "high": spread.high, "n": spread.n}


def disagreements(answers: Mapping[str, Mapping[str, Any]], agree: Iterable[str]) -> list[str]:
    """Name the parts of the answer in which contestants differ, with what each said."""
    found = []
    for part in agree:
        said = {name: answer[part] for name, answer in answers.items() if part in answer}
        if said and max(said.values()) - min(said.values()) > CLOSE * max(map(abs, said.values())):
            found.append(f"{part}: " + ", ".join(f"{name} {value:.10g}" for name, value in said.items()))
    return found
