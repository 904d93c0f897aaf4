"""whylogs: profile both frames, then score the drift of every column between the profiles."""

from __future__ import annotations

import warnings

from line import Task, Timed, main


def drift(task: Task) -> Timed:
    """Its default drift scores."""
    import pandas as pd
    import whylogs as why
    from whylogs.viz.drift.column_drift_algorithms import calculate_drift_scores

    warnings.simplefilter("ignore")

    def run(reference: pd.DataFrame, current: pd.DataFrame) -> int:
        before, now = why.log(reference).profile().view(), why.log(current).profile().view()
        scores = calculate_drift_scores(target_view=now, reference_view=before, with_thresholds=True)
        return sum(score is not None for score in scores.values())

    reference, current = pd.read_parquet(task["reference"]), pd.read_parquet(task["current"])
    run(reference.head(1000), current.head(1000))
    return lambda: {"features": run(reference, current)}


main({"drift": drift})
