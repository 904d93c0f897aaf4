"""What is simulated, a table each."""

from __future__ import annotations

from benchmarks.verify_stats.auc_rows import delong_cells, looking_cells
from benchmarks.verify_stats.auc_units import fall_cells
from benchmarks.verify_stats.causes_cells import causes_cells, wide_cells
from benchmarks.verify_stats.dominant_cells import dominant_cells
from benchmarks.verify_stats.estimates_cells import estimates_cells
from benchmarks.verify_stats.expected_cells import expected_cells
from benchmarks.verify_stats.psi_cells import PSIS, moved_cells, rows_cells
from benchmarks.verify_stats.slice_cells import FLATTER, HEALTHY, SICK, flatter_cells, healthy_cells, weak_cells
from benchmarks.verify_stats.study import Study

__all__ = ["STUDIES"]

INTERVAL = (93.0, 97.0)
FITTED = (91.0, 99.0)
"""Where a model is fitted on the way."""
OVER = (93.0, 100.0)
FITTED = (91.0, 99.0)
"""Of intervals of what a fitted model weights."""
SIZES = {"rejects at 5 %": (0.0, 7.0), "rejects at 1 %": (0.0, 2.0)}
COVERS = {f"covers {psi:g}": OVER for psi in PSIS}
UNIT_LABELS = ("likeness within units", "unit sizes", "shared units", "units")

STUDIES = (
    Study(
        "delong",
        "AUC and its drop, rows independent: coverage of the 95 % interval (DeLong)",
        ("rows", "positives", "AUC"),
        {"AUC": INTERVAL, "drop": INTERVAL, "paired": INTERVAL},
        delong_cells,
    ),
    Study(
        "fall",
        "AUC's drop, units independent: coverage of the 95 % interval (jackknife)",
        UNIT_LABELS,
        {"clustered": INTERVAL},
        fall_cells,
    ),
    Study(
        "expected",
        "AUC expected of the scores alone, units independent: coverage of the 95 % intervals (CBPE, jackknife)",
        ("likeness within units", "unit sizes", "scores moved by"),
        {"expected AUC": FITTED, "gap": FITTED},
        expected_cells,
    ),
    Study(
        "estimates",
        "Metrics before labels come, of 300 tables a row: how often the 95 % interval holds what is realised",
        ("likeness within units", "unit sizes", "mix of rows"),
        {"PAPE auc": FITTED, "PAPE accuracy": FITTED, "PAPE f1": FITTED, "PAPE error": FITTED},
        estimates_cells,
        most=300,
    ),
    Study(
        "causes",
        "Why the AUC fell, of 300 tables a row: coverage of the 95 % intervals (within 4 points)",
        ("likeness within units", "unit sizes", "units"),
        {"novelty": FITTED, "mix": FITTED, "concept": FITTED, "a feature that does no harm": FITTED},
        causes_cells,
        most=300,
    ),
    Study(
        "wide",
        "Why the AUC fell, with many features: coverage of the 95 % intervals (within 4 points)",
        ("features", "likeness within units", "unit sizes"),
        {"novelty": FITTED, "mix": FITTED, "concept": FITTED, "a feature that does no harm": FITTED},
        wide_cells,
        most=300,
    ),
    Study(
        "rows",
        "PSI, rows independent: size of the test and coverage of the 95 % interval",
        ("rows", "bins"),
        {**SIZES, **COVERS},
        rows_cells,
    ),
    Study(
        "moved",
        "PSI, units independent: size of the test and coverage of the 95 % interval (Rao and Scott)",
        (*UNIT_LABELS, "bins"),
        {**SIZES, **COVERS},
        moved_cells,
    ),
    Study(
        "dominant",
        "One of 200 units with most of the rows: how often the tests find a change at 1 % where there is none",
        ("likeness within units", "rows of the largest", "units in effect"),
        {"PSI called more than chance": SIZES["rejects at 1 %"], "AUC called changed": SIZES["rejects at 1 %"]},
        dominant_cells,
        most=500,
    ),
    Study(
        "looking",
        "Over time: runs with any false alarm, looking after every window",
        ("level", "reference rows", "windows"),
        {},
        looking_cells,
    ),
    Study(
        "healthy",
        "Weak slices where there is none: runs that name one",
        ("what happened", "likeness within units", "rows"),
        {"names a slice": (0.0, 5.0)},
        healthy_cells,
        most=HEALTHY,
    ),
    Study(
        "flatter",
        "Weak slices where labels follow the scores less, in every row alike: runs that name one",
        ("slope of the log odds", "likeness within units", "rows"),
        {"names a slice": (0.0, 5.0), "says there is more of one": (0.0, 1.0)},
        flatter_cells,
        most=FLATTER,
    ),
    Study(
        "weak",
        "Weak slices where there is one, whose AUC falls from 0.8 to 0.6: runs that name it",
        ("which", "likeness within units", "rows"),
        {"named first": (90.0, 100.0), "names another": (0.0, 10.0)},
        weak_cells,
        most=SICK,
    ),
)
