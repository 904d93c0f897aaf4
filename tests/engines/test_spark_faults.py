"""Spark's faults as one line, from what Spark 4 throws."""

from __future__ import annotations

import pytest

from dawnwatch import DataError
from dawnwatch.engines.spark_faults import innermost, told

JAVA = "\n\tat org.apache.spark.rdd.RDD.iterator(RDD.scala:338)\n\tat java.base/java.lang.Thread.run(Thread.java:840)"
LOST_WORKER = (
    "An error occurred while calling o280.collectToPython.\n: org.apache.spark.SparkException: Job aborted due to "
    "stage failure: Task 0 in stage 8.0 failed 4 times, most recent failure: Lost task 0.3 in stage 8.0 (TID 12) "
    "(10.0.0.7 executor 3): org.apache.spark.SparkException: Python worker exited unexpectedly (crashed)."
    f"{JAVA}\nCaused by: java.io.EOFException{JAVA}\n\nDriver stacktrace:{JAVA}"
)
CUT_FILE = (
    "An error occurred while calling o371.collectToPython.\n: org.apache.spark.SparkException: "
    f"[FAILED_READ_FILE.NO_HINT] Encountered error while reading file file:///data/part-1.parquet.  "
    f"SQLSTATE: KD001{JAVA}\n"
    f"Caused by: java.lang.RuntimeException: Expected magic number at tail, but found [0, 1]{JAVA}\n\t... 24 more"
)
PYTHON = (
    "An exception was thrown from the Python worker:\nTraceback (most recent call last):\n"
    '  File "worker.py", line 18, in count\n    raise ValueError(text)\nValueError: the disk said no'
)
TABLE = (
    "[TABLE_OR_VIEW_NOT_FOUND] The table or view `a`.`b` cannot be found. Verify the spelling.\nSearch path: [x].\n"
    "To tolerate the error use IF EXISTS. SQLSTATE: 42P01;\n'UnresolvedRelation [a, b], [], false\n"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (LOST_WORKER, "Python worker exited unexpectedly (crashed)"),
        (CUT_FILE, "file:///data/part-1.parquet: Expected magic number at tail, but found [0, 1]"),
        (PYTHON, "ValueError: the disk said no"),
        (PYTHON + JAVA, "ValueError: the disk said no"),
        (
            PYTHON.replace("ValueError: the disk said no", "dawnwatch.errors.StoreError: /tmp: full; give more"),
            "/tmp: full; give more",
        ),
        (TABLE, "The table or view `a`.`b` cannot be found. Verify the spelling"),
        ("", "no reason given"),
    ],
)
def test_the_innermost_reason(text: str, reason: str) -> None:
    assert innermost(RuntimeError(text)) == reason


def test_a_next_step_where_one_is_known() -> None:
    with pytest.raises(DataError) as error, told("current window db.log"):
        raise RuntimeError(LOST_WORKER)
    assert str(error.value) == (
        "current window db.log: Spark failed: Python worker exited unexpectedly (crashed); perhaps out of memory: "
        "raise spark.executor.memoryOverhead"
    )
    with pytest.raises(DataError, match="install dawnwatch on the executors"), told("log"):
        raise RuntimeError("Traceback (most recent call last):\nModuleNotFoundError: No module named 'dawnwatch'")


def test_our_own_faults_pass() -> None:
    with pytest.raises(DataError, match=r"^log: no rows$"), told("log"):
        raise DataError("log: no rows")
