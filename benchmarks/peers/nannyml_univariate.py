"""NannyML: univariate drift of all columns, the current window as one chunk."""

from __future__ import annotations

from line import Task, Timed, main


def _calculator(task: Task, continuous: str, categorical: str) -> Timed:
    import nannyml as nml
    import pandas as pd

    names = [*task["numbers"], *task["texts"]]

    def run(reference: pd.DataFrame, current: pd.DataFrame) -> int:
        calculator = nml.UnivariateDriftCalculator(
            column_names=names,
            treat_as_categorical=task["texts"],
            continuous_methods=[continuous],
            categorical_methods=[categorical],
            chunk_size=len(current),
        )
        return calculator.fit(reference).calculate(current).to_df().shape[1]

    reference, current = pd.read_parquet(task["reference"]), pd.read_parquet(task["current"])
    run(reference.head(1000), current.head(1000))
    return lambda: {"features": len(names), "columns of the result": run(reference, current)}


def jensen_shannon(task: Task) -> Timed:
    """Jensen-Shannon distance."""
    return _calculator(task, "jensen_shannon", "jensen_shannon")


def tests(task: Task) -> Timed:
    """Kolmogorov-Smirnov and chi-squared."""
    return _calculator(task, "kolmogorov_smirnov", "chi2")


main({"jensen_shannon": jensen_shannon, "tests": tests})
