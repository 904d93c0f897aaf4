"""`dawnwatch decide`: each action replayed on the newest labelled rows, in time order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dawnwatch.cli import options
from dawnwatch.cli.decide_kept import STANDARD_OUTPUT, keep, show
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.keyboard import at_terminal
from dawnwatch.cli.packets import TARGETS
from dawnwatch.cli.progress import showing, watched
from dawnwatch.cli.typed import a_share, a_whole_number
from dawnwatch.errors import UsageError

if TYPE_CHECKING:
    from dawnwatch.cli.decide_options import Retraining

__all__ = ["decide"]

_DATA, _OPTIONS, _RESULT = "Data", "Actions", "Results"


@guarded
def decide(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="PACKET|CONFIG",
            help=f"The run it belongs to: {TARGETS}. Or a dawnwatch.toml, whose latest run it is.  "
            "\\[default: latest, where there is one]",
            show_default=False,
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="Configuration.  \\[default: dawnwatch.toml]", rich_help_panel=_DATA, show_default=False),
    ] = None,
    current: Annotated[
        str | None, typer.Option(help="The newest labelled rows.  \\[default: \\[data] current]", rich_help_panel=_DATA)
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(
            help="Rows before them, to learn from too.  \\[default: \\[data] training, else reference]",
            rich_help_panel=_DATA,
        ),
    ] = None,
    cut: Annotated[
        float,
        typer.Option(
            help="Part of the rows, by time, that may be learned from; what is later is judged.",
            rich_help_panel=_DATA,
            metavar="SHARE",
            parser=a_share("--cut"),
        ),
    ] = "0.5",  # type: ignore[assignment]
    cuts: Annotated[
        int,
        typer.Option(
            help="Blocks of the later rows, by time; what learns, learns for each anew from the rows before it.",
            rich_help_panel=_DATA,
            metavar="N",
            parser=a_whole_number("--cuts"),
        ),
    ] = "3",  # type: ignore[assignment]
    gap: Annotated[
        str,
        typer.Option(
            help="How long labels take: rows this long before a block are not learned from for it.",
            rich_help_panel=_DATA,
            metavar="TIME",
        ),
    ] = "0h",
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Replay the decision of the worked example, MetroPulse.", rich_help_panel=_DATA),
    ] = False,
    earlier: Annotated[
        list[str] | None,
        typer.Option(
            help="A model to roll back to: a .skops or .onnx file, or module:object. May be repeated.",
            rich_help_panel=_OPTIONS,
            metavar="NAME=MODEL",
        ),
    ] = None,
    retrain: Annotated[
        bool,
        typer.Option(
            "--retrain",
            help="Run the trainer for each block: on the newest half of the rows before it, on all, and with the "
            "reference's. Without it nothing is trained, and at a terminal it is asked.",
            rich_help_panel=_OPTIONS,
        ),
    ] = False,
    trainer: Annotated[
        str | None,
        typer.Option(
            help="What trains: module:function.  \\[default: \\[model] trainer, else the deployed model fitted anew]",
            rich_help_panel=_OPTIONS,
            show_default=False,
        ),
    ] = None,
    estimator: Annotated[
        str | None,
        typer.Option(
            help="Or a scikit-learn classifier, as module:Class.", rich_help_panel=_OPTIONS, show_default=False
        ),
    ] = None,
    trust_pickle: Annotated[
        bool,
        typer.Option(
            "--trust-pickle",
            help="Read --earlier models from pickles, which runs whatever code is in them.",
            rich_help_panel=_OPTIONS,
        ),
    ] = False,
    worth: Annotated[
        float,
        typer.Option(
            help="A gain of AUC below this does not matter.",
            rich_help_panel=_OPTIONS,
            metavar="GAIN",
            parser=a_share("--worth"),
        ),
    ] = "0.01",  # type: ignore[assignment]
    results: options.Results = None,
    instead: Annotated[
        bool,
        typer.Option(
            "--instead",
            help="Let this replay stand even where an earlier one of the packet tried more kinds of action.",
            rich_help_panel=_RESULT,
        ),
    ] = False,
    chart: Annotated[
        Path | None,
        typer.Option(help="Draw what each action gains: .png or .svg.", rich_help_panel=_RESULT, metavar="FILE"),
    ] = None,
    markdown: Annotated[
        str | None, typer.Option(help="Write it as Markdown; - prints it.", rich_help_panel=_RESULT, metavar="FILE|-")
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print the answer as JSON, nothing else.", rich_help_panel=_RESULT)
    ] = False,
    quiet: options.Quiet = False,
    no_interactive: options.NoInteractive = False,
) -> None:
    """Replay waiting, rolling back, retraining and recalibrating in time order, and say what the evidence supports."""
    from dawnwatch.cli.decide_options import earlier_of, gap_hours, retraining
    from dawnwatch.cli.decide_target import example_of, target_of
    from dawnwatch.monitoring.replay.arrival import arrival_of
    from dawnwatch.monitoring.replay.replay import replay

    _require_one_way_out(json=json, quiet=quiet, markdown=markdown, chart=chart)
    if trainer is not None and estimator is not None:
        raise UsageError("--trainer and --estimator exclude each other: choose what trains")
    if not 0 < cut < 1:
        raise UsageError(f"--cut must lie between 0 and 1, both left out; got {cut:g}")
    if cuts < 1:
        raise UsageError(f"--cuts must be 1 or more, the blocks of the later rows; got {cuts}")
    hours = gap_hours(gap)
    if demo:
        if (target or "").endswith(".toml") or current or reference or trainer or estimator:
            raise UsageError("--demo brings its own windows, model and trainer; give no other")
        settings, given, found = example_of(target, config, results)
    else:
        settings, found = target_of(target, config, reference, results)
        given = {"current": current, "reference": reference}
    models = {**given.pop("earlier", {}), **earlier_of(earlier or [], settings, trust_pickle=trust_pickle)}
    train, model = retraining(settings, given.pop("trainer", None), trainer, estimator, cuts)
    asks = not (json or quiet or no_interactive) and at_terminal()
    run = retrain or (train is not None and asks and _agreed(train))
    not_run = [] if run or train is None else [f"retraining was not replayed: {train.would}; --retrain runs it"]
    if retrain and train is None:
        raise UsageError(
            "--retrain: nothing that trains is known; set [model] trainer to module:function, name one with --trainer, "
            "or a scikit-learn classifier with --estimator"
        )
    with showing(watched() and not (json or quiet)) as progress:
        answer = replay(
            settings,
            **{"model": model, **given},
            earlier=models,
            trainer=train.trainer() if run and train is not None else None,
            trained_by="" if train is None else train.name,
            share=cut,
            cuts=cuts,
            gap_hours=hours,
            worth=worth,
            packet=None if found is None else found.packet.id,
            arrival=arrival_of(settings, None if found is None else found.packet),
            not_run=not_run,
            progress=progress,
        )
        progress("drawing", 0, None)
        answer, stands, written = keep(
            answer.model_copy(update={"instead": instead}),
            found,
            chart=chart,
            markdown=markdown,
            config=config,
            demo=demo,
            named=bool(target),
        )
    show(answer, stands, json=json, quiet=quiet, markdown=markdown == STANDARD_OUTPUT)
    for path in written:
        say(f"wrote {path}")


def _require_one_way_out(*, json: bool, quiet: bool, markdown: str | None, chart: Path | None) -> None:
    if sum([json, quiet, markdown == STANDARD_OUTPUT]) > 1:
        raise UsageError("--json, --quiet and --markdown - exclude each other: choose what to print")
    if chart is not None and chart.suffix not in {".png", ".svg"}:
        raise UsageError(f"--chart must end in .png or .svg; got {chart}")


def _agreed(train: Retraining) -> bool:
    """Ask a person whether to run what trains; only a typed yes is one."""
    say(f"To replay retraining, {train.would}.")
    return bool(typer.prompt("Run it? Type yes to", default="no", err=True).strip().lower() == "yes")
