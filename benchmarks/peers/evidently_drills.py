"""Evidently: what its drift preset, as it comes, says of each window. A task on standard input, a line a window."""

from __future__ import annotations

import json
import sys
import warnings

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

DATASET_DRIFTS = 0.5
"""Its default: the data set has drifted where at least this share of the columns has."""


def ask(task: dict, reference: pd.DataFrame, current: pd.DataFrame) -> dict:
    """Return how many columns drifted, and whether the data set did."""
    names = [*task["numbers"], *task["texts"]]
    definition = DataDefinition(numerical_columns=task["numbers"], categorical_columns=task["texts"])
    found = Report([DataDriftPreset()]).run(
        Dataset.from_pandas(current[names], data_definition=definition),
        Dataset.from_pandas(reference[names], data_definition=definition),
    )
    counted = next(m["value"] for m in found.dict()["metrics"] if m["metric_name"].startswith("DriftedColumnsCount"))
    return {"columns": counted["count"], "any": counted["count"] > 0, "alarm": counted["share"] >= DATASET_DRIFTS}


def main() -> None:
    """Read the task; answer window by window."""
    warnings.simplefilter("ignore")
    task = json.load(sys.stdin)
    reference = pd.read_parquet(task["baseline"])
    for path in task["windows"]:
        try:
            line = ask(task, reference, pd.read_parquet(path))
        except Exception as error:
            line = {"error": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(line, default=float), flush=True)


main()
