"""alibi-detect: TabularDrift, Kolmogorov-Smirnov and chi-squared per feature, on a matrix of numbers."""

from __future__ import annotations

from line import Task, Timed, main


def tabular(task: Task) -> Timed:
    """Strings are numbered before, in no one's time: it takes numbers only."""
    import numpy as np
    import pandas as pd
    from alibi_detect.cd import TabularDrift

    def read(path: str) -> np.ndarray:
        frame = pd.read_parquet(path)
        codes = {name: frame[name].str.slice(-2).astype(int) for name in task["texts"]}
        return frame.assign(**codes).to_numpy(dtype=np.float64)

    numbers, texts = len(task["numbers"]), len(task["texts"])

    def run(reference: np.ndarray, current: np.ndarray) -> dict[str, object]:
        categories = {numbers + i: None for i in range(texts)}
        found = TabularDrift(reference, p_val=0.05, categories_per_feature=categories).predict(current)
        return {"features": len(found["data"]["distance"]), "drift": int(found["data"]["is_drift"])}

    reference, current = read(task["reference"]), read(task["current"])
    run(reference[:1000], current[:1000])
    return lambda: run(reference, current)


main({"tabular": tabular})
