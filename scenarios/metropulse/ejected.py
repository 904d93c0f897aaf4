"""MetroPulse, a transit platform that recommends rides: run it, change it, see what the packet says.

    python metropulse.py [COPY OF MOVIELENS 100K]

Each MODIFY HERE block asks a question; answer it for MetroPulse, then change the value and run again. The blocks win
over the dawnwatch.toml beside this file, which holds all other settings and the `because` of every threshold.
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

import pyarrow as pa

from dawnwatch import Config, DawnwatchError, Monitor, RangeRule, TriagePacket, open_source

__all__ = ["main"]

HERE = Path(__file__).resolve().parent

# ── MODIFY HERE: who answers when this model fails at 6 AM? ──────────────────────────────────────────────────────
OWNER = "ride-recommendations on-call"

# ── MODIFY HERE: how far may riders' habits move before someone must look? 0.05 flags almost anything ────────────
PSI_THRESHOLD = 0.20

# ── MODIFY HERE: what breaks for riders if nulls exceed this? ────────────────────────────────────────────────────
MISSING_THRESHOLD = 0.05

# ── MODIFY HERE: how much worse may rides be ranked before riders notice? Is 0.01 decay, or noise? ───────────────
AUC_DROP_THRESHOLD = 0.05

# ── MODIFY HERE: why? A threshold you moved loses the reason it had; the packet keeps yours ──────────────────────
BECAUSE = {"psi": "", "missing": "", "auc_drop": ""}

# ── MODIFY HERE: which columns would a transit platform need: pickup_lat, pickup_lon, fare? ──────────────────────
EXPECTED_COLUMNS = [
    *("user_id", "item_id", "hour_bucket", "device_type", "user_affinity", "item_affinity"),
    *("label", "rating", "timestamp"),
]

# ── MODIFY HERE: what are valid latitudes, fares, hours? Which value is a bug, and not a surprise? ───────────────
range_rules = {
    "user_id": RangeRule(min=1, max=943),
    "item_id": RangeRule(min=1, max=1682),
    "user_affinity": RangeRule(min=0, max=1),
    "item_affinity": RangeRule(min=0, max=1),
    "rating": RangeRule(min=1, max=5),
    "timestamp": RangeRule(min=874627200, max=893289600, max_inclusive=False),
}

# ── MODIFY HERE: whose shift would tell you that the city has changed? ───────────────────────────────────────────
features_to_check = ["hour_bucket", "device_type"]

# ── MODIFY HERE: what may the model know of a ride, and what of it holds for a rider it never met? ───────────────
feature_cols = ["hour_bucket", "device_type", "user_affinity", "item_affinity"]
categorical_cols = ["hour_bucket", "device_type"]

# ── MODIFY HERE: which segments need separate monitoring? ────────────────────────────────────────────────────────
slice_col = "device_type"


def settings() -> dict[str, Any]:
    """Return the tables of dawnwatch.toml with the blocks above in their places."""
    tables = tomllib.loads((HERE / "dawnwatch.toml").read_text("utf-8"))
    tables["project"]["owner"] = OWNER
    moved = {
        "psi": ("red", PSI_THRESHOLD),
        "missing": ("max", MISSING_THRESHOLD),
        "auc_drop": ("max", AUC_DROP_THRESHOLD),
    }
    for name, (bound, value) in moved.items():
        threshold = tables["thresholds"][name]
        if threshold[bound] != value:
            threshold |= {bound: value, "because": BECAUSE[name]}
    bands = tables["thresholds"]["psi"]
    if bands["yellow"] >= PSI_THRESHOLD:
        del bands["yellow"]  # then it is half of red
    tables["model"] |= {"features": feature_cols, "categorical": categorical_cols}
    tables["roles"]["slices"] = [slice_col]
    columns = {name: tables["columns"].get(name, {}) for name in EXPECTED_COLUMNS}
    for name, column in columns.items():
        column.pop("range", None)
        if name in range_rules:
            column["range"] = range_rules[name].model_dump(exclude_unset=True)
        if name in {*features_to_check, *feature_cols}:
            column["monitor"] = name in features_to_check
    # A column without settings needs no table.
    return tables | {"columns": {name: column for name, column in columns.items() if column}}


def promised(table: pa.Table) -> pa.Table:
    """Return the columns the log is expected to have; the schema check fails on one more, and on one less."""
    for name in EXPECTED_COLUMNS:
        if name not in table.column_names:
            table = table.append_column(name, pa.nulls(table.num_rows))
    return table.select(EXPECTED_COLUMNS)


def watch(data: str | None) -> tuple[TriagePacket, Path]:
    """Make the rider log, split it, inject drift, train, check the newer window against the older one, keep the run."""
    # This file bears the package's name, so that it must not stand where Python looks for the package.
    sys.path = [place for place in sys.path if Path(place).resolve() != HERE]
    from metropulse import build

    config = Config.from_dict(settings())
    built = build(config, data=data)
    tables = {what: getattr(built, what) for what in built.names}
    tables["drift_baseline"] = promised(built.drift_baseline)
    named = {what: open_source(table, name=built.names[what]) for what, table in tables.items()}
    monitor = Monitor(built.described(config), model=built.model)
    monitor.fit(named["drift_baseline"], holdout=named["holdout"], training=named["training"], by_unit=built.retrain)
    seen = monitor.observe(named["current"], notes=built.facts, history=HERE / "monitoring_results")
    packet = monitor.judge(seen)
    return packet, monitor.keep(packet, seen, HERE / "monitoring_results")


def main() -> None:
    """Run it and say what came of it."""
    try:
        packet, path = watch(sys.argv[1] if len(sys.argv) > 1 else None)
    except DawnwatchError as error:
        print(f"metropulse: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    print(f"{packet.severity.upper()}  {packet.rule}\n{packet.headline}\n{path}")


if __name__ == "__main__":
    main()
