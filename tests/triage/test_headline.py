"""The headline: every way the three pillars can stand, word by word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dawnwatch.model.causes import Cause, Split
from dawnwatch.model.feature_drift import FeatureDrift, OutputDrift
from dawnwatch.model.performance import Performance
from dawnwatch.model.quality import QualityCheck
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import auc_sentence, drift_sentence, headline
from tests.triage.builders import (
    evidence,
    feature,
    not_computed,
    performance,
    quality_check,
    slice_of,
    strangers,
    told,
)

SLICES = [slice_of("device", name, 0.1, "failed") for name in "abcde"]


@pytest.mark.parametrize(
    ("judged", "sentence"),
    [
        (
            performance(0.0, (-0.01, 0.01)),
            "AUC went from 0.800 to 0.800 (0.000, 95% interval -0.010 to +0.010), within its tolerance of 0.05",
        ),
        (
            performance(0.00001, (-0.0001, 0.0001)),
            "AUC went from 0.800 to 0.800 (0.000, 95% interval 0.000 to 0.000), within its tolerance of 0.05",
        ),
        (
            performance(0.04, (0.01, 0.07)),
            "AUC went from 0.800 to 0.760 (-0.040, 95% interval -0.070 to -0.010), within its tolerance of 0.05",
        ),
        (
            performance(0.05, (0.01, 0.09)),
            "AUC went from 0.800 to 0.750 (-0.050, 95% interval -0.090 to -0.010), within its tolerance of 0.05",
        ),
        (
            performance(-0.04, (-0.07, -0.01)),
            "AUC went from 0.800 to 0.840 (+0.040, 95% interval +0.010 to +0.070), within its tolerance of 0.05",
        ),
        (performance(-0.1, (-0.15, -0.05)), "AUC rose from 0.800 to 0.900 (+0.100, 95% interval +0.050 to +0.150)"),
        (
            performance(0.1, (0.05, 0.15), "failed"),
            "AUC fell from 0.800 to 0.700 (-0.100, 95% interval -0.150 to -0.050)",
        ),
        (performance(0.1, None, "failed", significance="off"), "AUC fell from 0.800 to 0.700 (-0.100)"),
        (
            performance(0.1, (-0.02, 0.2), "warned"),
            "AUC went from 0.800 to 0.700 (-0.100, 95% interval -0.200 to +0.020), which is more than 0.05 but "
            "within noise",
        ),
        (
            performance(0.01, None, "warned", slices=[slice_of("device", "a", 0.1, "warned")]),
            "AUC went from 0.800 to 0.790 (-0.010); in device = a it fell by more than 0.05, but within noise",
        ),
        (
            performance(0.01, None, "failed", slices=SLICES[:1]),
            "AUC fell by more than 0.05 in device = a (-0.100); overall it went from 0.800 to 0.790 (-0.010)",
        ),
        (
            performance(0.01, None, "failed", slices=SLICES),
            "AUC fell by more than 0.05 in device = a (-0.100), device = b (-0.100), device = c (-0.100) and 2 more "
            "slices; overall it went from 0.800 to 0.790 (-0.010)",
        ),
        (
            performance(0.1, (-0.02, 0.2), "failed", slices=SLICES[:1]),
            "AUC fell by more than 0.05 in device = a (-0.100); overall it went from 0.800 to 0.700 (-0.100, 95% "
            "interval -0.200 to +0.020), which is more than 0.05 but within noise",
        ),
        (
            performance(0.1, (0.05, 0.15), "failed", confidence=0.995),
            "AUC fell from 0.800 to 0.700 (-0.100, 99.5% interval -0.150 to -0.050)",
        ),
        (not_computed("labels come late"), "accuracy was not computed: labels come late"),
    ],
)
def test_accuracy(judged: Performance, sentence: str) -> None:
    assert auc_sentence(judged) == sentence


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        ([], "no feature's drift is watched"),
        ([feature("a", None, None)], "no watched feature's drift could be judged"),
        ([feature("a", 0.01, "GREEN")], "no watched feature drifted: 1 is GREEN"),
        ([feature("a", 0.01, "GREEN"), feature("b", 0, "GREEN")], "no watched feature drifted: 2 are GREEN"),
        (
            [feature("a", 0.01, "GREEN"), feature("b", None, None), feature("c", None, None)],
            "no watched feature drifted: 1 is GREEN, 2 could not be judged",
        ),
        ([feature("a", 0.456, "RED")], "drift is RED in a (PSI 0.46)"),
        (
            [feature("a", 0.456, "RED", "night 20% → 60%"), feature("b", 0.15, "YELLOW"), feature("c", None, None)],
            "drift is RED in a (PSI 0.46, night 20% → 60%) and YELLOW in b (PSI 0.15), 1 could not be judged",
        ),
        (
            [feature("a", 0.456, "RED", significance=told(True)), feature("b", 0.3, "RED", significance=told(False))],
            "drift is RED in a (PSI 0.46), and RED by size, within noise, in b (PSI 0.30): 10 rows of 90 rider values",
        ),
        (
            [feature("a", 0.456, "RED", significance=told(None))],
            "drift is RED by size, too few units to judge: 9 rider values (of 50 needed), in a (PSI 0.46): 10 rows "
            "of 9 rider values",
        ),
        (
            [feature("a", 0.15, "YELLOW", significance=told(False)), feature("b", 0.01, "GREEN")],
            "no watched feature drifted: 1 of 2 is YELLOW by size but within noise",
        ),
        (
            [feature(name, 0.3, "RED") for name in "abcde"],
            "drift is RED in a (PSI 0.30), b (PSI 0.30), c (PSI 0.30) and 2 more",
        ),
    ],
)
def test_drift(features: list[FeatureDrift], sentence: str) -> None:
    assert drift_sentence(evidence(features=features)) == sentence


def moved(name: str, what: str, *, raises: bool) -> OutputDrift:
    shares = feature(name, 0.99, "RED").model_dump()
    return OutputDrift(**shares, what=what, against="the performance baseline", raises=raises, reading="read it so")


def with_outputs(*outputs: OutputDrift, checks: list[QualityCheck] | None = None) -> Evidence:
    found = evidence(checks, [feature("a", 0.01, "GREEN")])
    return replace(found, drift=found.drift.model_copy(update={"outputs": list(outputs)}))


def test_calm_features_are_not_all_there_is() -> None:
    scores, labels = moved("score", "prediction", raises=False), moved("late", "label", raises=False)
    assert drift_sentence(with_outputs(scores, labels)) == (
        "no watched feature drifted: 1 is GREEN, but the scores (score) moved (PSI 0.99) and the labels (late) moved "
        "(PSI 0.99)"
    )
    # What leads has a sentence of its own, and so has what is not valid.
    leads = headline(with_outputs(moved("score", "prediction", raises=True)))
    assert leads.count("the scores (score) moved") == 1
    assert ", but" not in leads
    failed = quality_check("constant", "failed", "score")
    assert drift_sentence(with_outputs(scores, checks=[failed])) == "no watched feature drifted: 1 is GREEN"


FAILED = quality_check("label_values", "failed", "clicked", "3 of 10 rows hold '2' (3)")


@pytest.mark.parametrize(
    ("checks", "start", "end"),
    [
        ([quality_check("schema", "passed")], "AUC went", "; all data quality checks pass."),
        ([quality_check("schema", "errored")], "AUC went", "; 1 data quality check could not be judged."),
        (
            [quality_check("missing", "not_computed", name) for name in "ab"],
            "AUC went",
            "; 2 data quality checks could not be judged.",
        ),
        ([FAILED], "Data quality failed: label values in clicked (3 of 10 rows hold '2' (3)); AUC went", "GREEN."),
        (
            [quality_check("schema", "failed", None, "missing: age"), FAILED],
            "Data quality failed: schema (missing: age) and 1 more check; AUC went",
            "GREEN.",
        ),
        (
            [quality_check("schema", "failed", None, "missing: age"), FAILED, FAILED],
            "Data quality failed: schema (missing: age) and 2 more checks; AUC went",
            "GREEN.",
        ),
    ],
)
def test_quality(checks: list[QualityCheck], start: str, end: str) -> None:
    text = headline(evidence(checks))
    assert text.startswith(start)
    assert text.endswith(end)


def test_new_units_beyond_chance_are_told_once() -> None:
    new = strangers(0.47).model_copy(update={"baseline_share": 0.32, "shown": True})
    said = "47.0% of the rows come from rider values new to the training rows (baseline: 32.0%)"
    assert said in headline(evidence(novelty=new))
    assert "baseline:" not in headline(evidence(novelty=new.model_copy(update={"baseline_share": None})))
    for usual in (False, None):
        assert "new to the" not in headline(evidence(novelty=new.model_copy(update={"shown": usual})))
    part = Cause(cause="novelty", column="rider", amount=0.09, interval=(0.05, 0.13))
    fell = evidence(judged=performance(0.1, (0.05, 0.15), "failed"), novelty=new, split=Split(parts=[part]))
    assert "novelty (new rider values) explains 0.090" in headline(fell)
    assert "new to the" not in headline(fell)


def test_a_headline_is_one_line_whatever_columns_are_called() -> None:
    checks = [quality_check("schema", "failed", None, "extra: a\nb")]
    assert headline(evidence(checks)).startswith("Data quality failed: schema (extra: a b); ")


def test_names_keep_their_case() -> None:
    text = headline(evidence(features=[feature("eventType", 0.3, "RED", "Mobile 1% → 50%")]))
    assert "drift is RED in eventType (PSI 0.30, Mobile 1% → 50%)" in text


def test_rounding_never_moves_a_psi_across_its_bound() -> None:
    seen = evidence(features=[feature("age", 0.1952, "YELLOW"), feature("city", 0.09996, "GREEN")])
    assert "age (PSI 0.195)" in drift_sentence(seen)
