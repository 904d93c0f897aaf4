"""frouros: PSI of each number; it takes no strings."""

from __future__ import annotations

from line import Task, Timed, main


def psi(task: Task) -> Timed:
    """Its defaults, ten bins of equal width."""
    import pyarrow.parquet as pq
    from frouros.detectors.data_drift import PSI

    def read(path: str) -> dict[str, object]:
        table = pq.read_table(path, columns=task["numbers"])
        return {name: table.column(name).to_numpy() for name in task["numbers"]}

    reference, current = read(task["reference"]), read(task["current"])

    def run(name: str, rows: int | None) -> float:
        detector = PSI()
        detector.fit(X=reference[name][:rows])
        return float(detector.compare(X=current[name][:rows])[0].distance)

    run(task["numbers"][0], 1000)

    def timed() -> dict[str, object]:
        found = [run(name, None) for name in task["numbers"]]
        return {"features": len(found), "largest PSI": max(found)}

    return timed


main({"psi": psi})
