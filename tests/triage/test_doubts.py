"""A concept beside an estimate that knows none: where the two contradict each other, and where they need not."""

from __future__ import annotations

import pytest

from dawnwatch.model.causes import Cause, Split
from dawnwatch.model.estimates import Estimate, EstimatedMetric, Estimates
from dawnwatch.model.performance import Performance
from dawnwatch.triage.classes import classes
from dawnwatch.triage.doubts import contradicted
from tests.triage.builders import calibration, evidence, performance

CONCEPT = Cause(cause="concept", column=None, amount=0.06, interval=(0.03, 0.09))
SPLIT = Split(parts=[Cause(cause="mix", column=None, amount=0.01, interval=(0.0, 0.02)), CONCEPT])


def judged(
    error: tuple[float, float, float] = (0.002, -0.02, 0.024),
    *,
    answer: str = "pape",
    gap: bool = False,
    p_value: float | None = 0.5,
) -> Performance:
    metric = EstimatedMetric(name="auc", value=0.68, error=error[0], error_interval=error[1:])
    found = Estimates.model_validate(
        {
            "answer": answer,
            "rows": 5000,
            "unscored": 0,
            "labelled": 5000,
            "methods": [Estimate(method="pape", metrics=[metric])],
            "gap": gap,
            "confidence": 0.95,
            "message": "",
        }
    )
    moved = None if p_value is None else calibration(0.0, p_value)
    fell = performance(0.07, (0.05, 0.09), "failed")
    return fell.model_copy(update={"estimates": found, "calibration": moved})


@pytest.mark.parametrize("p_value", [0.5, None])
def test_an_estimate_that_came_true_leaves_no_room_for_a_concept_and_nothing_to_retrain_for(
    p_value: float | None,
) -> None:
    section = judged(p_value=p_value)
    found = contradicted(SPLIT, section)
    assert [part.resolvable for part in found.parts] == [True, False]
    assert [part.amount for part in found.parts] == [part.amount for part in SPLIT.parts]
    (asked,) = found.unresolved
    assert "0.060 is left beside the mix" in asked
    assert "+0.002 off (-0.020 to 0.024)" in asked
    assert "mostly_concept" in classes(evidence(judged=section, split=SPLIT))
    assert "mostly_concept" not in classes(evidence(judged=section, split=found))


@pytest.mark.parametrize(
    "section",
    [
        judged((0.05, 0.03, 0.07)),  # it promised more than came true
        judged((0.03, -0.01, 0.07)),  # within noise, and so would be a concept of this size
        judged(answer="cbpe"),  # which knows no mix
        judged(gap=True),
        judged(p_value=0.001),
        performance(0.07, (0.05, 0.09), "failed"),
    ],
)
def test_a_concept_stands_where_the_estimate_does_not_contradict_it(section: Performance) -> None:
    assert contradicted(SPLIT, section) is SPLIT
