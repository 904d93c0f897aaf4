"""`dawnwatch schema` and `dawnwatch checks`: what packets look like, and what is checked."""

from __future__ import annotations

import sys

from dawnwatch.cli.exits import guarded

__all__ = ["checks", "schema"]


@guarded
def schema() -> None:
    """Print the JSON Schema of a triage packet."""
    from dawnwatch.model.json_schema import packet_schema

    sys.stdout.write(packet_schema())


@guarded
def checks() -> None:
    """List every check: name, pillar, what it measures, and its threshold."""
    from rich.console import Console
    from rich.table import Table

    from dawnwatch.checks.registry import all_checks

    table = Table("check", "measures", "unit", "threshold", box=None, header_style="bold")
    for spec in all_checks():
        name = "any failing row" if spec.threshold == "none" else f"thresholds.{spec.threshold}"
        table.add_row(spec.name, spec.summary, spec.unit, name)
    Console().print(table)
