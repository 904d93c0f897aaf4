"""Where a severity flips, and how surely that is known: exact answers lie within what score bins allow."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pytest
from rich.console import Console

from dawnwatch import Monitor
from dawnwatch.model.enums import Severity
from dawnwatch.model.what_if import Flip, Seed, Span, Step, Sweep, WhatIf
from dawnwatch.monitoring.axes import AXES
from dawnwatch.monitoring.flips import flips
from dawnwatch.monitoring.what_if import judged_under, what_if
from dawnwatch.report.charts import what_if_chart
from dawnwatch.report.render import specification
from dawnwatch.report.what_if import WhatIfView, exact, flip_text
from tests.monitoring.test_what_if import TABLES, rows

WINDOWS = [(0.25, 1.6, 1), (0.02, 0.5, 2), (0.0, 3.0, 3), (0.1, 0.8, 4)]


def answers(rules: dict[str, Any], moved: float, noise: float, seed: int) -> tuple[WhatIf, Monitor, Any]:
    monitor = Monitor({**TABLES, "performance": rules}).fit(rows(4000, 0, moved=0.0, missing=0.0, noise=0.5))
    seen = monitor.observe(rows(3000, seed, moved=moved, missing=0.0, noise=noise))
    return what_if(seen, monitor.config, names=["auc_drop"]), monitor, seen


@pytest.mark.parametrize("significance", ["interval", "off"])
@pytest.mark.parametrize(("moved", "noise", "seed"), WINDOWS)
def test_what_score_bins_call_sure_is_what_the_rows_say(
    significance: str, moved: float, noise: float, seed: int
) -> None:
    binned, _, _ = answers({"exact_rows": 0, "significance": significance}, moved, noise, seed)
    _, monitor, seen = answers({"significance": significance}, moved, noise, seed)
    (sweep,) = binned.sweeps
    assert set(sweep.bounds) >= {"overall", "plan = free", "plan = paid"}
    assert 0 < sweep.bounds["overall"] < 0.01
    assert all(flip.low < flip.value < flip.high for flip in sweep.flips)
    spans = [span for span, _ in sweep.bands]
    assert spans[0].low == 0
    assert spans[-1].high == 1
    assert all(one.high == two.low for one, two in pairwise(spans)), "without a gap"
    for span, step in sweep.bands:
        if step is None:
            continue
        for part in (0.001, 0.5, 0.999):
            value = span.low + part * ((span.high or 1.0) - span.low)
            found = judged_under(seen, AXES["auc_drop"].move(monitor.config, value))
            assert (found.severity, found.rule) == (step.severity, step.rule), value


def test_rows_make_every_flip_exact() -> None:
    found, _, _ = answers({}, *WINDOWS[0])
    (sweep,) = found.sweeps
    assert sweep.flips
    assert all(flip.low == flip.value == flip.high for flip in sweep.flips)
    assert (sweep.bounds, sweep.notes) == ({}, [])


def step(low: float, high: float | None, severity: Severity, **verdicts: str) -> Step:
    span = Span(low=low, high=high, low_included=True, high_included=high in {None, 1.0})
    return Step(span=span, severity=severity, rule=severity.value, turned=verdicts)


def sweep_of(bounds: dict[str, float]) -> Sweep:
    """A fall of 0.06 overall and of 0.058 in a slice: the larger of both decides."""
    sweep = Sweep(
        threshold="auc_drop",
        title="AUC drop",
        means="largest fall that passes",
        now=0.0599,
        steps=[
            step(0.0, 0.058, Severity.HIGH, overall="failed", part="failed"),
            step(0.058, 0.06, Severity.HIGH, part="passed"),
            step(0.06, 1.0, Severity.LOW, overall="passed"),
        ],
        seeds=[
            Seed(value=0.06, why="near", severity=Severity.LOW, rule="low", flagged={}, unsure=["overall"]),
        ],
        bounds=bounds,
        notes=["the AUC is read off score bins here: a fall may be off by ±0.0002 overall"],
    )
    return sweep.model_copy(update={"flips": flips(sweep, {"overall": 0.06, "part": 0.058})})


def test_a_flip_lies_between_what_is_surely_and_what_may_be_the_largest_fall() -> None:
    (flip,) = sweep_of({"overall": 0.0002, "part": 0.001}).flips
    assert (flip.low, flip.high) == pytest.approx((0.0598, 0.0602))
    (flip,) = sweep_of({"overall": 0.0002, "part": 0.005}).flips
    assert (flip.low, flip.high) == pytest.approx((0.0598, 0.063)), "the slice may be the larger"
    (flip,) = sweep_of({"overall": 0.004, "part": 0.0001}).flips
    assert (flip.low, flip.high) == pytest.approx((0.0579, 0.064)), "the slice surely fell by that much"
    (flip,) = sweep_of({}).flips
    assert (flip.low, flip.value, flip.high) == (0.06, 0.06, 0.06)


def shown(sweep: Sweep) -> str:
    stream = io.StringIO()
    found = WhatIf(packet=None, project="p", severity=Severity.HIGH, rule="high", sweeps=[sweep])
    Console(file=stream, width=80).print(WhatIfView(found))
    return " ".join(stream.getvalue().split())


def test_the_terminal_shows_as_many_digits_as_are_known_and_where_it_is_not() -> None:
    text = shown(sweep_of({"overall": 0.0002, "part": 0.001}))
    assert "below 0.0598 ▲ high high" in text
    assert "0.0598 to 0.0602 ? flips here not known where ← now" in text
    assert "from 0.0602 ● low low" in text
    assert "overall: failed below 0.0598, passed from 0.0602" in text
    assert "part: failed below 0.057, passed from 0.059" in text
    assert "0.06 (near): low; nothing flags; not sure of overall" in text
    assert "Note: the AUC is read off score bins here" in text


def test_the_chart_shows_where_it_is_not_known_and_says_why() -> None:
    found = WhatIf(packet=None, project="p", severity=Severity.HIGH, rule="high", sweeps=[])
    for bounds, said in (({"overall": 0.0002}, "flips between 0.0598 and 0.0602"), ({}, "flips at 0.06.")):
        drawn = specification(what_if_chart(found.model_copy(update={"sweeps": [sweep_of(bounds)]})))
        strip = drawn["vconcat"][0]
        heading = " ".join(strip["title"]["subtitle"])
        assert said in heading
        assert "a fall may be off by ±0.0002 overall" in heading
        bands = [band["severity"] for band in drawn["datasets"][strip["layer"][0]["data"]["name"]]]
        assert bands == (["high", "not known", "low"] if bounds else ["high", "low"])


def drawn_labels(strip: dict[str, Any], datasets: dict[str, Any]) -> list[str]:
    """The texts above a strip but for that of the threshold itself."""
    texts = [layer for layer in strip["layer"] if layer["encoding"].get("text", {}).get("field") == "text"]
    return [row["text"] for layer in texts for row in datasets[layer["data"]["name"]] if "now" not in row["text"]]


def test_labels_of_flips_that_lie_close_together_do_not_lie_over_each_other() -> None:
    turns = [0.1, 0.1001, 0.1002, 0.3]
    severities = [Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.HIGH]
    steps = [
        step(low, high, severity, overall=severity.value)
        for low, high, severity in zip([0.0, *turns], [*turns, 1.0], severities, strict=True)
    ]
    sweep = Sweep(threshold="psi", title="PSI", means="RED at or above it", now=0.2, steps=steps, seeds=[])
    sweep = sweep.model_copy(update={"flips": flips(sweep, {})})
    answers = WhatIf(packet=None, project="p" * 200, severity=Severity.LOW, rule="low", sweeps=[sweep])
    drawn = specification(what_if_chart(answers))
    (strip,) = drawn["vconcat"]
    assert drawn_labels(strip, drawn["datasets"]) == ["0.1", "0.3"]
    assert "flips at 0.1, at 0.1001, at 0.1002, at 0.3." in " ".join(strip["title"]["subtitle"])
    assert len(drawn["title"]["text"]) < 100


def test_a_threshold_that_judged_nothing_is_named_and_not_drawn() -> None:
    empty = Sweep(
        threshold="duplicates", title="Duplicates", means="m", now=0.0, steps=[step(0.0, 1.0, Severity.LOW)], seeds=[]
    )
    answers = WhatIf(packet=None, project="p", severity=Severity.LOW, rule="low", sweeps=[sweep_of({}), empty])
    drawn = specification(what_if_chart(answers))
    assert [strip["title"]["text"] for strip in drawn["vconcat"]] == ["AUC drop"]
    assert "nothing was judged by Duplicates" in " ".join(drawn["title"]["subtitle"])
    (alone,) = specification(what_if_chart(answers.model_copy(update={"sweeps": [empty]})))["vconcat"]
    assert alone["title"]["text"] == "Nothing to draw"


@pytest.mark.parametrize("value", [0.548240961, 0.2959434999, 1 / 3, 0.05, 123456.7, 2e-9, 0.1 + 0.2])
def test_a_written_end_holds_when_it_is_typed_in(value: float) -> None:
    assert float(exact(value, up=True)) >= value
    assert float(exact(value, up=False)) <= value
    assert float(exact(value, up=True)) == pytest.approx(value, rel=1e-5)
    for included in (True, False):
        flip = Flip(value=value, included=included, low=value, high=value, before=Severity.HIGH, after=Severity.LOW)
        word, text = flip_text(flip).split()
        typed = float(text)
        assert typed > value or (word == "at") == included
