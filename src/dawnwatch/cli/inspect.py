"""`dawnwatch schema` and `dawnwatch checks`: what packets look like, and what is checked."""

from __future__ import annotations

from dawnwatch.cli.exits import guarded
from dawnwatch.cli.letters import write_utf8

__all__ = ["checks", "schema"]


@guarded
def schema() -> None:
    """Print the JSON Schema of a triage packet."""
    from dawnwatch.model.json_schema import packet_schema

    write_utf8(packet_schema())


@guarded
def checks() -> None:
    """List every check: name, pillar, what it measures, and its threshold."""
    from rich.console import Console
    from rich.table import Table

    from dawnwatch.checks.registry import all_checks

    table = Table("check", "held against", "measures", box=None, header_style="bold", pad_edge=False)
    for spec in all_checks():
        limit = "no failing row" if spec.threshold == "none" else f"[{spec.threshold}]"
        table.add_row(spec.name, limit, spec.summary, style=None)
    console = Console(highlight=False, markup=False)
    console.print(table)
    console.print("[name] is the table [thresholds.name] of dawnwatch.toml.", style="dim")
