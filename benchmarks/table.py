"""results.md, from results.json's values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks import envs
from benchmarks.chart import draw
from benchmarks.machine import describe
from benchmarks.records import Records
from benchmarks.summary import summary
from benchmarks.work import Scale, works

__all__ = ["page", "write"]

HOW = """\
All times are wall time of one call in a process of its own, imports and preparation not counted, after the same call
on a few rows. Contestants take turns (A B A B …). A time is the median of the rounds, with the smallest and largest;
a ratio is the median over the rounds of two measurements of the same round. **× base** is how many times as long as
the base of its table a contestant takes: above 1 is slower than the base. **CPU** is the same of processor time, which
does not reward using a second core. **Peak** is the process's largest resident memory, preparation included; **in
call** is the largest from the call on, with what was held when it began. Files are in the page cache. *Limits*, in
italics, only show what the machine allows."""


def write(records: Records, scale: Scale, out: Path) -> None:
    """Write results.json, results.md and scaling.png."""
    told = summary(works(), records, scale, describe())
    told["peers"] = {name: envs.notes(name) for name in envs.PEERS}
    out.mkdir(parents=True, exist_ok=True)
    (out / "results.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    drawn = draw(told, out / "scaling.png")
    (out / "results.md").write_text(page(told, chart=drawn), "utf-8")
    print(f"wrote results.md, results.json{' and scaling.png' if drawn else ''} in {out}")


def page(told: dict[str, Any], *, chart: bool) -> str:
    """Return the whole page."""
    parts = ["# Benchmarks", "", *_head(told), "", HOW, "", "## Targets", "", *_targets(told)]
    for work in told["works"]:
        parts += ["", f"## {work['work']}: {work['title']}", ""]
        parts += [line for note in work["notes"] for line in (note, "")]
        for group in work["groups"]:
            parts += _group(group)
        if chart and work["work"] == "W2":
            parts += ["![Rows per second and ratio to decoding, by rows](scaling.png)", ""]
    return "\n".join([*parts, "", "## Peers", "", *_peers(told), ""])


def _head(told: dict[str, Any]) -> list[str]:
    machine = told["machine"]
    lines = [
        f"Measured on {machine.get('processor')}, {machine.get('cores')} cores, {machine.get('memory_gib')} GiB, "
        f"{machine.get('system')}, Python {machine.get('python')}; "
        + ", ".join(f"{name} {machine[name]}" for name in ("numpy", "pyarrow", "pandas", "scipy") if name in machine)
        + f"; OpenBLAS {machine.get('openblas')}.",
    ]
    if told["scale"] != "full":
        lines.insert(
            0, f"**A {told['scale']} run: smaller than the benchmark, for trying the harness. Quote none of it.**\n"
        )
    if told["measured"]:
        load, cores = told["load"], machine.get("cores") or 1
        busy = " **Other work ran on the machine.**" if load["median"] > cores else ""
        lines += [
            "",
            f"{told['measurements']} measurements from {told['measured'][0]} to {told['measured'][1]}, of commit "
            f"{', '.join(told['commits'])}. Load average before a measurement: median {load['median']:.1f}, largest "
            f"{load['largest']:.1f}.{busy}",
        ]
    if len(told["commits"]) > 1:
        lines += ["", "**Measurements of several commits stand side by side: `make bench FRESH=1` measures one.**"]
    return lines


def _targets(told: dict[str, Any]) -> list[str]:
    lines = ["| work | target | aim | reached | | set by |", "|---|---|--:|--:|---|---|"]
    for work in told["works"]:
        for target in work["targets"]:
            value, met = target["reached"], target["met"]
            reached = "not measured" if value is None else f"{_number(value)} {target['unit']}"
            state = "" if met is None else "met" if met else "**short**"
            lines.append(
                f"| {work['work']} | {target['text']} | {target['aim']} | {reached} | {state} | {target['source']} |"
            )
    return lines


def _group(group: dict[str, Any]) -> list[str]:
    rows = f", {group['rows']:,} rows" if group["rows"] else ""
    lines = [f"### {group['group']}{rows}", ""]
    if group["note"]:
        lines += [group["note"], ""]
    if any("MB by package" in c["answer"] for c in group["contestants"]):
        lines += _sizes(group)
        return lines
    lines += [
        f"Base: {group['base']}.",
        "",
        "| | seconds | smallest–largest | × base | CPU | peak MiB | in call | rows/s | |",
        "|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    lines += [_row(contestant) for contestant in group["contestants"]]
    lines.append("")
    for contestant in group["contestants"]:
        if contestant["limit"] and len(contestant["answer"]) > 1:
            lines += [", ".join(f"{name} {_number(value)}" for name, value in contestant["answer"].items()) + ".", ""]
    lines += [f"**Answers differ**: {line}\n" for line in group["disagree"]]
    return lines


def _row(c: dict[str, Any]) -> str:
    name = f"*{c['name']}*" if c["limit"] else c["name"]
    if c["seconds"] is None:
        return f"| {name} | | | | | | | | {_plain(c['error'] or 'not measured')} |"
    seconds, peak = c["seconds"], c["peak_mib"]
    fewer = "" if seconds["n"] >= 5 else f"{seconds['n']} round{'s' if seconds['n'] > 1 else ''}"
    # Where nothing was compiled, NumPy counts; of a contestant that is meant to, its name says it.
    loops = "counted by NumPy" if c["answer"].get("loops") == "NumPy" and "NumPy" not in c["name"] else ""
    observing = f"of which observing {_number(c['answer']['observing'])} s" if "observing" in c["answer"] else ""
    cells = [
        name,
        _number(seconds["median"]),
        f"{_number(seconds['low'])}–{_number(seconds['high'])}",
        _number(c["ratio"]["median"]) if c["ratio"] else "",
        _number(c["cpu_ratio"]["median"]) if c["cpu_ratio"] else "",
        f"{peak['median']:,.0f}" if peak else "",
        f"{c['call_peak_mib']['median']:,.0f}" if c["call_peak_mib"] else "",
        f"{c['rows_per_second']:,.0f}" if c["rows_per_second"] else "",
        "; ".join(filter(None, (fewer, c["note"], observing, loops))),
    ]
    return "| " + " | ".join(cells) + " |"


def _sizes(group: dict[str, Any]) -> list[str]:
    lines = ["| environment | MB | packages | largest |", "|---|--:|--:|---|"]
    for contestant in group["contestants"]:
        answer = contestant["answer"]
        if not answer:
            lines.append(f"| {contestant['name']} | | | {_plain(contestant['error'] or 'not measured')} |")
            continue
        packages = sorted(answer["MB by package"].items(), key=lambda found: -found[1])
        shown = packages if contestant["name"] == "core" else packages[:6]
        largest = ", ".join(f"{name} {size:.0f}" for name, size in shown if size >= 0.5)
        lines.append(f"| {contestant['name']} | {answer['MB']:,.0f} | {answer['packages']} | {largest} |")
    return [*lines, ""]


def _peers(told: dict[str, Any]) -> list[str]:
    lines = ["| environment | installed by | versions | pins |", "|---|---|---|---|"]
    for name, known in told["peers"].items():
        peer = envs.PEERS[name]
        asked = ["." if "/" in one else one for one in peer.requirements]
        if "failed" in known:
            versions = f"does not run: {_plain(known['failed'])}"
        else:
            wanted = {one.split("[")[0].split("<")[0].split(">")[0].lower() for one in asked} | {"numpy", "pandas"}
            versions = ", ".join(f"{package} {v}" for package, v in known.items() if package in wanted | {"dawnwatch"})
        lines.append(f"| {name} | `{' '.join(asked)}` | {versions} | {peer.why} |")
    return lines


def _number(value: float) -> str:
    """Three digits that say something."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.2e}"


def _plain(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
