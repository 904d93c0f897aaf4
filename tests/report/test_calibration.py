"""A calibration in the terminal, as Markdown and as a chart: the same figures, whatever there is of them."""

from __future__ import annotations

from io import BytesIO, TextIOWrapper

from rich.console import Console
from test_charts import rows_with

from dawnwatch.model.calibration import (
    CheckCalibration,
    FoundSize,
    Rate,
    Seasons,
    Setting,
    Suggestion,
    ThresholdCalibration,
)
from dawnwatch.report import charts
from dawnwatch.report.calibration.markdown import to_markdown
from dawnwatch.report.calibration.table import check_rows
from dawnwatch.report.calibration.terminal import CalibrationView


def setting(threshold: float, alarms: float, *sizes: float | None) -> Setting:
    found = [FoundSize(chance=c, size=s) for c, s in zip((0.5, 0.8, 0.95), sizes, strict=False)]
    rate = Rate(a_year=alarms, interval=(alarms / 2, alarms * 2 + 1.9), times=round(alarms))
    return Setting(threshold=threshold, false_alarms=rate, found=found)


def check(name: str, *, alarms: float = 1.0, suggested: float | None = 0.3) -> CheckCalibration:
    return CheckCalibration(
        threshold="psi",
        subject=name,
        now=setting(0.2, alarms, 0.21, 0.26, None),
        warn=setting(0.1, 12 * alarms, 0.11, 0.14, 0.2),
        suggested=None if suggested is None else setting(suggested, 0.0, 0.31, 0.36, 0.4),
        curve=[setting(at, 12 * alarms * (1 - at), at, at * 1.2, at * 1.4) for at in (0.01, 0.1, 0.5)],
        largest=0.22,
        significant=0.07,
        seasons=Seasons(windows=9, ratio=4.2, p_value=0.001, share=0.87),
    )


def calibration(*checks: CheckCalibration) -> ThresholdCalibration:
    because = "By dawnwatch calibrate: at 0.3, 0.0 false alarms a year."
    return ThresholdCalibration(
        project="shop | <x>",
        window="1 day",
        window_rows=5000,
        every_hours=24.0,
        runs_a_year=365.25,
        reference="ref.parquet",
        reference_rows=45_000,
        windows_held=9.0,
        unit="rider",
        units=812,
        staying=0.2,
        draws=700,
        injected=80,
        seed=7,
        budget=4.0,
        pages=Rate(a_year=6.0, interval=(3.0, 9.0), times=12),
        pages_suggested=Rate(a_year=0.0, interval=(0.0, 1.9), times=0),
        checks=list(checks),
        suggestions=[
            Suggestion(threshold="psi", now=0.2, value=0.3, floor=0.05, budget=2.0, because=because),
            Suggestion(
                threshold="psi", column="tier", now=0.2, value=None, floor=0.05, budget=2.0, reason="take --draws 7000"
            ),
        ],
        cautions=["No [roles] timestamp is set: rows are taken to stand in order of time"],
    )


def shown(found: ThresholdCalibration, *, encoding: str = "utf-8") -> str:
    buffer = TextIOWrapper(BytesIO(), encoding=encoding)
    Console(file=buffer, width=100, highlight=False).print(CalibrationView(found))
    buffer.flush()
    return buffer.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]


def test_terminal_and_markdown_say_the_same_figures() -> None:
    found = calibration(check("hour"), check("device", alarms=0.0))
    for text in (shown(found), to_markdown(found)):
        for said in (
            "YELLOW 0.1",
            "RED now 0.2",
            "suggested 0.3",
            "1.0 (0.5 to 3.9)",
            "12 (6.0 to 26)",
            "never",
            "0.260",
        ):
            assert said in text
        assert "take --draws 7000" in text
        assert "6.0 (3.0 to 9.0)" in text


def test_markdown_lets_no_name_break_its_tables() -> None:
    text = to_markdown(calibration(check("a|b")))
    assert "shop \\| &lt;x>" in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {7}


def test_subjects_with_the_same_figures_are_one() -> None:
    rows = check_rows(calibration(*(check(name) for name in "abcde"), check("f", alarms=9.0)))
    assert [subject for _, subject, _ in rows] == ["a, b, c and 2 more", "f"]


def test_what_could_not_be_calibrated_says_why() -> None:
    missing = CheckCalibration(threshold="auc_drop", subject="overall", now=None, reason="labels come late")
    for text in (shown(calibration(missing)), to_markdown(calibration(missing))):
        assert "not calibrated: labels come late" in text


def test_plain_terminals_get_plain_letters() -> None:
    assert shown(calibration(check("hour")), encoding="ascii").isascii()


def test_the_chart_draws_cost_over_detection_for_each_subject() -> None:
    found = calibration(check("hour"), check("device", alarms=0.0))
    chart = charts.calibration_chart(found)
    chart.to_dict()  # Altair validates it
    rows = rows_with(chart, "alarms")
    assert {row["subject"] for row in rows} == {"hour", "device"}
    hour = [row for row in rows if row["subject"] == "hour"]
    assert [(row["threshold"], row["half"], row["size"]) for row in hour] == [
        (at, at, at * 1.2) for at in (0.01, 0.1, 0.5)
    ]
    assert all(row["low"] <= row["alarms"] <= row["high"] for row in rows)
    assert min(row["alarms"] for row in rows) == 0.05  # rarer ones stand at the foot of a logarithmic axis
    assert {row["text"] for row in rows_with(chart, "text")} >= {"now 0.2", "suggested 0.3"}


def test_of_many_features_those_with_most_false_alarms_are_drawn() -> None:
    found = calibration(*(check(f"f{n}", alarms=float(n)) for n in range(9)))
    drawn = {row["subject"] for row in rows_with(charts.calibration_chart(found), "alarms")}
    assert drawn == {"f4", "f5", "f6", "f7", "f8"}


def test_nothing_to_draw_is_said() -> None:
    assert "no threshold could be calibrated" in str(charts.calibration_chart(calibration()).to_dict())


def test_of_many_subjects_a_screen_shows_the_worst_dozen_and_says_how_many_more() -> None:
    found = calibration(*(check(f"f{n:02}", alarms=float(n)) for n in range(30)))
    text = shown(found)
    assert [f"f{n:02}" in text for n in range(30)] == [n >= 18 for n in range(30)]
    assert "... and 18 more with no more false alarms: --all shows them" in text
    buffer = TextIOWrapper(BytesIO(), encoding="utf-8")
    Console(file=buffer, width=100, highlight=False).print(CalibrationView(found, whole=True))
    buffer.flush()
    whole = buffer.buffer.getvalue().decode()  # type: ignore[attr-defined]
    assert all(f"f{n:02}" in whole for n in range(30))
    assert "more with no more" not in whole
    assert "more with no more" not in shown(calibration(check("hour")))
