"""The page: how far off each method was, how often its interval held the truth, and what it would not tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean
from typing import Any

from benchmarks.estimates.cases import KINDS, ROWS, THRESHOLDS
from benchmarks.estimates.measure import OURS
from benchmarks.estimates.peer import NANNYML

__all__ = ["METHODS", "SHIFTS", "Window", "page", "windows_of"]

METHODS = ("PAPE", "CBPE", "NannyML CBPE")
SHIFTS = tuple(dict.fromkeys(KINDS.values()))
LEVEL = 0.01 / 7
"""What a run of these data sets holds the gap against: a level of 1 %, shared by its seven tests."""
Told = list[float]
HEAD = """# Estimates before labels come, against what the labels realise

Made by `make estimate-bench`: {windows} windows of about {rows:,} real rows ({data}), {asked} of them
before NannyML's CBPE too, in one chunk. The model is a scorecard that learned from other units; the baseline is rows it
did not learn from. Windows of one seed share a baseline, so they are not independent. *off*: mean absolute error;
*bias*: estimate less realised; *held*: windows whose 95 % interval holds what is realised (of NannyML its own band,
three standard errors of sampling wide).

- **none**: other units, drawn like the baseline's. **time order**: rows that follow upon each other, later than all
  the model learned from. **covariate**: one feature tilted, and the drills' surges; and one that is logged and that the
  model does not read. **new units**: more units the model does not know. **values the baseline never held**: in one
  category of most rows. **prior**: positives rarer or more frequent. **concept**: labels turned in a slice, and in all
  rows, where nothing else changed.
- **gap alarm**: windows in which estimate and realised metric differ beyond chance once the labels are there, at the
  {level:.2f} % that each test of such a run has. **alerts**: windows in which NannyML's estimate leaves its thresholds
  in any of ten chunks.
"""


@dataclass(frozen=True)
class Window:
    """One window: what its labels realise, and what each method made of it without them."""

    data: str
    shift: str
    ours: dict[str, Any]
    theirs: dict[str, Any] | None

    @property
    def truth(self) -> dict[str, float]:
        """Realised metrics."""
        return self.ours["truth"]

    def told(self, method: str, metric: str) -> Told | None:
        """Return estimate and interval; None where the method gave none."""
        if method == "NannyML CBPE":
            found = None if self.theirs is None else self.theirs.get(metric)
        else:
            found = self.ours[method.lower()].get(metric)
        return found if found and found[0] is not None else None


def windows_of(records: Iterable[dict[str, Any]]) -> list[Window]:
    """Return every window that ours was measured on, with NannyML's answer where there is one."""
    by_key = {(r["contestant"], r["group"], r["work"], r["round"]): r["line"] for r in records}
    return [
        Window(data, KINDS[work], line, by_key.get((NANNYML, data, work, window)))
        for (contestant, data, work, window), line in by_key.items()
        if contestant == OURS and "truth" in line
    ]


def page(records: list[dict[str, Any]]) -> str:
    """Return the page."""
    windows = windows_of(records)
    asked = sum(window.theirs is not None for window in windows)
    data = ", ".join(sorted({window.data for window in windows}))
    thresholds = ", ".join(f"{name} {value:g}" for name, value in THRESHOLDS.items())
    lines = [
        HEAD.format(windows=len(windows), rows=ROWS, data=data, asked=asked, level=100 * LEVEL),
        "## AUC",
        "",
        *_table(windows, "auc", alarms=True),
        "",
        f"## Accuracy at the threshold ({thresholds})",
        "",
        *_table(windows, "accuracy"),
        "",
        "## F1 at the threshold",
        "",
        *_table(windows, "f1"),
        "",
        "## AUC by data set",
        "",
        *_by_data(windows),
        "",
    ]
    return "\n".join(lines)


def _table(windows: list[Window], metric: str, *, alarms: bool = False) -> list[str]:
    head = ["shift", "windows", "realised", *(f"{m}: {w}" for m in METHODS for w in ("off", "bias", "held"))]
    head += ["cannot tell", "gap alarm", "NannyML alerts"] if alarms else []
    lines = [_line(head), _line(["---", *("--:" for _ in head[1:])])]
    for shift in SHIFTS:
        own = [window for window in windows if window.shift == shift]
        if not own:
            continue
        cells = [shift, str(len(own)), f"{mean(w.truth[metric] for w in own):.3f}"]
        for method in METHODS:
            cells += _scores(own, method, metric)
        lines.append(_line([*cells, *(_alarms(own) if alarms else [])]))
    return lines


def _by_data(windows: list[Window]) -> list[str]:
    head = ["data", "shift", "windows", *(f"{m}: {w}" for m in METHODS for w in ("off", "held"))]
    lines = [_line(head), _line(["---", "---", *("--:" for _ in head[2:])])]
    for data in THRESHOLDS:
        for shift in SHIFTS:
            own = [window for window in windows if (window.data, window.shift) == (data, shift)]
            if own:
                scores = [cell for m in METHODS for cell in _scores(own, m, "auc")[::2]]
                lines.append(_line([data, shift, str(len(own)), *scores]))
    return lines


def _scores(own: list[Window], method: str, metric: str) -> list[str]:
    """Return mean absolute error, bias, and how often the interval held the truth."""
    pairs = [(told, window.truth[metric]) for window in own if (told := window.told(method, metric))]
    if not pairs:
        return ["", "", ""]
    errors = [told[0] - truth for told, truth in pairs]
    held = sum(told[1] <= truth <= told[2] for told, truth in pairs)
    return [f"{mean(map(abs, errors)):.3f}", f"{mean(errors):+.3f}", f"{100 * held / len(pairs):.0f} %"]


def _alarms(own: list[Window]) -> list[str]:
    blind = sum(window.ours["answer"] == "cannot_tell" for window in own)
    gaps = sum((p := window.ours["gap_p_value"]) is not None and p <= LEVEL for window in own)
    asked = [window.theirs for window in own if window.theirs is not None and "alerts" in window.theirs]
    alerts = f"{sum(line['alerts'] > 0 for line in asked)} of {len(asked)}" if asked else ""
    return [f"{100 * blind / len(own):.0f} %", f"{gaps} of {len(own)}", alerts]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
