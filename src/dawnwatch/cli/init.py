"""`dawnwatch init`: a first configuration, inferred from the reference."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dawnwatch.cli.exits import guarded, say
from dawnwatch.errors import UsageError

__all__ = ["init"]


@guarded
def init(
    reference: Annotated[str, typer.Argument(help="A table of rows as they should be.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("dawnwatch.toml"),
    holdout: Annotated[
        str | None, typer.Option(help="Rows the model never learned from: the performance baseline.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a commented dawnwatch.toml inferred from a reference table."""
    from dawnwatch.atomic import write_atomically
    from dawnwatch.config import Config
    from dawnwatch.config.write import config_text
    from dawnwatch.monitoring.baselines import as_baseline_error
    from dawnwatch.profiling.infer import infer
    from dawnwatch.sources import open_source
    from dawnwatch.sources.urls import redacted

    if output.exists() and not force:
        raise UsageError(f"{output} is there already; --force replaces it, --output writes another")
    with as_baseline_error():
        draft = infer(open_source(reference, what="reference"))
        if holdout is not None:
            open_source(holdout, what="holdout")
    text = config_text(draft, reference=reference, holdout=holdout, folder=output.parent)
    write_atomically(output, text.encode())
    config = Config.load(output)
    roles = config.roles
    found = {"label": roles.label, "score": roles.score, "timestamp": roles.timestamp, "unit": roles.unit}
    say(f"wrote {output}: {len(config.columns)} columns, {len(config.watched)} watched for drift")
    say("  " + ", ".join(f"{role}: {name or 'none found'}" for role, name in found.items()))
    if holdout is None and roles.label:
        say(
            f"Did the model learn from {redacted(reference)}? Then accuracy on it is flattered: give rows it never saw "
            "with --holdout, or set [data] holdout"
        )
    say(f"Next: read it, justify each `because`, then `dawnwatch run --config {output} --current PATH`")
