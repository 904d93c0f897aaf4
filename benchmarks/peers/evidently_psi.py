"""Evidently: drift of all columns, by its preset and by PSI."""

from __future__ import annotations

from line import Task, Timed, main


def _report(task: Task, method: str | None) -> Timed:
    import pandas as pd
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift
    from evidently.presets import DataDriftPreset

    definition = DataDefinition(numerical_columns=task["numbers"], categorical_columns=task["texts"])
    names = [*task["numbers"], *task["texts"]]

    def run(reference: pd.DataFrame, current: pd.DataFrame) -> dict[str, float]:
        metrics = [DataDriftPreset()] if method is None else [ValueDrift(column=n, method=method) for n in names]
        found = Report(metrics).run(
            Dataset.from_pandas(current, data_definition=definition),
            Dataset.from_pandas(reference, data_definition=definition),
        )
        values = {str(m["metric_name"]): m["value"] for m in found.dict()["metrics"]}
        return {name: float(v) for name, v in values.items() if isinstance(v, int | float)}

    reference, current = pd.read_parquet(task["reference"]), pd.read_parquet(task["current"])
    run(reference.head(1000), current.head(1000))

    def timed() -> dict[str, object]:
        values = run(reference, current)
        return {"features": len(values), "largest PSI" if method else "largest drift": max(values.values())}

    return timed


def preset(task: Task) -> Timed:
    """Its defaults: for windows this long normed Wasserstein distance and Jensen-Shannon distance."""
    return _report(task, None)


def psi(task: Task) -> Timed:
    """PSI of every column."""
    return _report(task, "psi")


main({"preset": preset, "psi": psi})
