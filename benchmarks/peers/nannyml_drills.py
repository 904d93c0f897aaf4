"""NannyML: whether its drift and performance calculators alert. A task on standard input, a line a window.

As they come: ten chunks of the reference, ten of the window, limits at three standard deviations of the reference's.
Beside it, with chunks of one size in both, a tenth of the window.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable

import nannyml as nml
import pandas as pd


def asked(task: dict, reference: pd.DataFrame, chunk_rows: int | None) -> Callable[[pd.DataFrame], int]:
    """Fit both calculators; what is returned counts a window's alerts."""
    names = [*task["numbers"], *task["texts"]]
    drift = nml.UnivariateDriftCalculator(
        column_names=names, treat_as_categorical=task["texts"], chunk_size=chunk_rows
    ).fit(reference)
    performance = nml.PerformanceCalculator(
        y_true=task["label"],
        y_pred_proba=task["score"],
        y_pred="guess",
        problem_type="classification_binary",
        metrics=["roc_auc"],
        chunk_size=chunk_rows,
    ).fit(guessed(task, reference))
    return lambda current: alerts(drift.calculate(current)) + alerts(performance.calculate(guessed(task, current)))


def alerts(result: object) -> int:
    """Count the alerts of the window's chunks."""
    frame = result.filter(period="analysis").to_df()
    return int(frame.xs("alert", axis=1, level=-1).sum().sum())


def guessed(task: dict, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the class it asks for beside the score."""
    return frame.assign(guess=(frame[task["score"]] > 0.5).astype(int))


def main() -> None:
    """Read the task; answer window by window."""
    warnings.simplefilter("ignore")
    task = json.load(sys.stdin)
    reference = pd.read_parquet(task["baseline"])
    as_it_comes, equal = asked(task, reference, None), asked(task, reference, task["chunk_rows"])
    for path in task["windows"]:
        try:
            window = pd.read_parquet(path)
            counts = as_it_comes(window), equal(window)
            line = {"alerts": counts, "alarm": counts[0] > 0, "equal": counts[1] > 0}
        except Exception as error:
            line = {"error": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(line, default=float), flush=True)


main()
