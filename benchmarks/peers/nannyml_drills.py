"""NannyML: whether its drift and performance calculators alert. A task on standard input, a line a window.

As they come: ten chunks of the reference, ten of the window, limits at three standard deviations of the
reference's. Rows left over (5,041 rows are ten chunks of 504, and one row) are a chunk of their own. Beside it, what
the whole chunks say alone, and whole ones of one size in both, a tenth of the window.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable

import nannyml as nml
import pandas as pd


def asked(task: dict, reference: pd.DataFrame, chunk_rows: int | None) -> Callable[[pd.DataFrame], list[int]]:
    """Fit both calculators; what is returned counts a window's alerts, in all chunks and in whole ones."""
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

    def count(current: pd.DataFrame) -> list[int]:
        found = alerts(drift.calculate(current)), alerts(performance.calculate(guessed(task, current)))
        return [sum(counts) for counts in zip(*found, strict=True)]

    return count


def alerts(result: object) -> tuple[int, int]:
    """Count the alerts of the window's chunks: of all, and of those as large as the largest."""
    frame = result.filter(period="analysis").to_df()
    alert = frame.xs("alert", axis=1, level=-1)
    first, last = (frame.xs(name, axis=1, level=-1).iloc[:, 0] for name in ("start_index", "end_index"))
    rows = last - first + 1
    return int(alert.sum().sum()), int(alert[rows == rows.max()].sum().sum())


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
            (every, whole), (_, of_one_size) = as_it_comes(window), equal(window)
            counts = {"alerts": every, "in whole chunks": whole, "in equal chunks": of_one_size}
            line = {**counts, "alarm": every > 0, "whole": whole > 0, "equal": of_one_size > 0}
        except Exception as error:
            line = {"error": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(line, default=float), flush=True)


main()
