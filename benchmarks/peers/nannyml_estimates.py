"""NannyML: what CBPE expects of a window, and whether it alerts. A task on standard input, a line a window.

The estimate is that of the window as one chunk; alerts are those of ten chunks, which is its default.
"""

from __future__ import annotations

import json
import sys
import warnings

import nannyml as nml
import pandas as pd

NAMES = {"auc": "roc_auc", "accuracy": "accuracy", "f1": "f1"}


def fitted(task: dict, reference: pd.DataFrame, chunks: int, metrics: list[str]) -> nml.CBPE:
    """Fit the estimator of these metrics to the reference, cut into so many chunks."""
    return nml.CBPE(
        y_true=task["label"],
        y_pred_proba=task["score"],
        y_pred="guess",
        problem_type="classification_binary",
        metrics=metrics,
        chunk_number=chunks,
    ).fit(reference)


def guessed(task: dict, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the class it asks for beside the score."""
    return frame.assign(guess=(frame[task["score"]] >= task["threshold"]).astype(int))


def line_of(whole: object, parts: object) -> dict:
    """Return the estimate of each metric with its band, and the alerts."""
    found = whole.filter(period="analysis").to_df()
    line = {}
    for name, theirs in NAMES.items():
        row = found[theirs].iloc[0]
        line[name] = [
            float(row["value"]),
            float(row["lower_confidence_boundary"]),
            float(row["upper_confidence_boundary"]),
        ]
    alerts = parts.filter(period="analysis").to_df()["roc_auc"]["alert"]
    return {**line, "alerts": int(alerts.sum())}


def main() -> None:
    """Read the task; answer window by window."""
    warnings.simplefilter("ignore")
    task = json.load(sys.stdin)
    for split in task["splits"]:
        reference = guessed(task, pd.read_parquet(split["baseline"]))
        whole, parts = fitted(task, reference, 1, list(NAMES.values())), fitted(task, reference, 10, ["roc_auc"])
        for path in split["windows"]:
            try:
                window = guessed(task, pd.read_parquet(path))
                line = line_of(whole.estimate(window), parts.estimate(window))
            except Exception as error:
                line = {"error": f"{type(error).__name__}: {error}"[:200]}
            print(json.dumps(line), flush=True)


main()
