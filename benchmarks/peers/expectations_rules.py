"""Great Expectations: nulls of every column, ranges, and a compound key that must be unique."""

from __future__ import annotations

from line import Task, Timed, main


def rules(task: Task) -> Timed:
    """One suite on a frame in memory, in an ephemeral context."""
    import great_expectations as gx
    import pandas as pd
    from great_expectations import expectations as gxe

    def run(frame: pd.DataFrame) -> dict[str, int]:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = None
        asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
        batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
        suite = gx.ExpectationSuite(
            name="rules",
            expectations=[
                *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in frame.columns),
                *(gxe.ExpectColumnValuesToBeBetween(column=n, min_value=0, max_value=1) for n in task["bounded"]),
                gxe.ExpectCompoundColumnsToBeUnique(column_list=task["keys"]),
            ],
        )
        found = {"nulls": 0, "out of range": 0}
        for result in batch.validate(suite).results:
            if result.exception_info.get("raised_exception"):
                raise RuntimeError(str(result.exception_info)[:200])
            kind = result.expectation_config.type
            if kind.endswith("not_be_null"):
                found["nulls"] += result.result["unexpected_count"]
            elif kind.endswith("between"):
                found["out of range"] += result.result["unexpected_count"]
            else:
                found["rows of repeated keys"] = result.result["unexpected_count"]
        return found

    run(pd.read_parquet(task["warm"]))
    frame = pd.read_parquet(task["current"])
    return lambda: run(frame)


main({"rules": rules})
