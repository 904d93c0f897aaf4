"""pandera: the duplicates of a key."""

from __future__ import annotations

from line import Task, Timed, main


def duplicates(task: Task) -> Timed:
    """A schema that says the key is unique; the failing rows come with its error."""
    import pandas as pd
    import pandera.pandas as pa

    schema = pa.DataFrameSchema(unique=task["keys"], report_duplicates="exclude_first")

    def run(frame: pd.DataFrame) -> dict[str, int]:
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as error:
            return {"repeats": int(error.failure_cases["index"].nunique())}
        return {"repeats": 0}

    run(pd.read_parquet(task["warm"]))
    frame = pd.read_parquet(task["current"])
    return lambda: run(frame)


main({"duplicates": duplicates})
