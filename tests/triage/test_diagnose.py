"""The diagnosis: findings in the order of the funnel, cautions, and what the evidence cannot tell."""

from __future__ import annotations

import pytest

from dawnwatch.model.weak_slices import SliceSearch
from dawnwatch.triage.diagnose import diagnose, funnel_caution, with_cautions
from dawnwatch.triage.evidence import Evidence
from tests.triage.builders import (
    evidence,
    feature,
    not_computed,
    performance,
    quality_check,
    slice_of,
    strangers,
    weak_slice,
)

RED = feature("hour", 0.55, "RED", "night 20% → 63%")
YELLOW = feature("device", 0.15, "YELLOW")
WORSE = performance(0.1, (0.05, 0.15), "failed")
NOISE = performance(0.1, (-0.05, 0.15), "warned")
LATE = not_computed("labels come late")
FAILED = [quality_check("missing", "failed", "age", "9 null of 10 rows")]


@pytest.mark.parametrize(
    ("seen", "summary"),
    [
        (
            evidence(),
            "The data is valid, its watched inputs have not moved, and no loss of accuracy beyond the tolerance was "
            "shown.",
        ),
        (
            evidence(features=[]),
            "The data is valid, no input is watched for drift, and no loss of accuracy beyond the tolerance was shown.",
        ),
        (
            evidence(judged=LATE),
            "The data is valid, its watched inputs have not moved, and the accuracy of the model was not computed.",
        ),
        (evidence(features=[RED]), "The inputs have moved, and no loss of accuracy beyond the tolerance was shown."),
        (
            evidence(features=[RED], judged=LATE),
            "The inputs have moved, and the accuracy of the model was not computed.",
        ),
        (
            evidence(features=[RED], judged=NOISE),
            "The inputs have moved, and a loss of accuracy beyond the tolerance cannot be told from noise.",
        ),
        (
            evidence(features=[YELLOW], judged=LATE),
            "An input has moved a little, and the accuracy of the model was not computed.",
        ),
        (
            evidence(features=[RED], judged=WORSE),
            "The model ranks worse than on its baseline, and its inputs have moved; one need not cause the other.",
        ),
        (
            evidence(features=[YELLOW], judged=WORSE),
            "The model ranks worse than on its baseline, while no watched input has moved into the RED band.",
        ),
        (
            evidence(FAILED, [RED], WORSE),
            "The data is not valid; what drift and performance show may be its consequence.",
        ),
        (evidence(judged=NOISE), "Nothing failed, but not everything could be judged or told from noise."),
        (evidence(not_judged=("x",)), "Nothing failed, but not everything could be judged or told from noise."),
    ],
)
def test_summaries(seen: Evidence, summary: str) -> None:
    assert diagnose(seen).summary == summary


def test_findings_stand_in_the_order_of_the_funnel() -> None:
    slices = [slice_of("device", "tablet", 0.2, "failed")]
    judged = performance(0.1, (0.05, 0.15), "failed", slices=slices, notes=["Slices moved apart"])
    found = diagnose(evidence(FAILED, [YELLOW, RED], judged, strangers(0.86))).findings
    assert [(finding.pillar.value, finding.subject, finding.text) for finding in found] == [
        ("quality", "age", "Missing in age: 9 null of 10 rows"),
        ("performance", None, "AUC fell from 0.800 to 0.700 (-0.100, 95% interval -0.150 to -0.050)"),
        ("drift", "hour", "hour is RED: PSI 0.55; most of it from night 20% → 63%"),
        ("drift", "device", "device is YELLOW: PSI 0.15"),
        ("drift", "rider", "86% of the current rows come from rider values that the training rows never held"),
        ("performance", None, "Slices moved apart"),
    ]


def test_that_accuracy_was_not_computed_is_a_finding() -> None:
    assert [finding.text for finding in diagnose(evidence(judged=LATE)).findings] == [
        "Accuracy was not computed: labels come late"
    ]
    assert diagnose(evidence()).findings == []


def test_open_questions() -> None:
    asked = diagnose(evidence(features=[RED, YELLOW], judged=WORSE, novelty=strangers(0.86))).unresolved
    assert asked == [
        "How much of the drop the changed mix of hour, device explains",
        "When the drop began: this packet compares two windows and no history",
    ]
    assert diagnose(evidence(features=[RED], judged=LATE)).unresolved == [
        "Whether the model is still accurate",
        "Whether the drift does any harm",
    ]
    assert diagnose(evidence(features=[RED], judged=WORSE, novelty=strangers(0.1))).unresolved == [
        "How much of the drop the changed mix of hour explains",
        "When the drop began: this packet compares two windows and no history",
    ]
    assert diagnose(evidence()).unresolved == []


def test_failed_quality_casts_doubt_on_both_pillars_below() -> None:
    seen = evidence([*FAILED, quality_check("schema", "failed"), *FAILED, *FAILED, quality_check("range", "passed")])
    (caution,) = funnel_caution(seen.failed_quality)
    assert caution == (
        "Data quality failed (missing in age, schema, missing in age and 1 more): read drift and performance with that "
        "in mind"
    )
    drift, below = with_cautions(seen.drift, seen.performance, [caution])
    assert (drift.cautions, below.cautions) == ([caution], [caution])
    assert diagnose(seen).cautions == [caution]


def test_valid_data_casts_none() -> None:
    seen = evidence(not_judged=("drift.psi of age could not be judged: gone",))
    assert funnel_caution(seen.failed_quality) == []
    assert with_cautions(seen.drift, seen.performance, []) == (seen.drift, seen.performance)
    assert diagnose(seen).cautions == ["drift.psi of age could not be judged: gone"]


def test_weak_slices_are_told_and_change_nothing_else() -> None:
    search = SliceSearch(level=0.05, tests=40, bins=40)
    slices = tuple(weak_slice(drop=0.2 + i / 100) for i in range(4))
    without, seen = evidence(judged=WORSE), evidence(judged=WORSE, weak_slices=slices, slice_search=search)
    told = diagnose(seen)
    new = [finding.text for finding in told.findings if finding not in diagnose(without).findings]
    assert len(new) == 3  # the report holds the rest
    assert all(text.startswith("Where device = tablet") for text in new)
    assert (told.weak_slices, told.slice_search) == (list(slices), search)
    assert seen.facts == without.facts
