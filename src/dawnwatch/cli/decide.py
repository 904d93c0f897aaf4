"""`dawnwatch decide`: each action replayed on the newest labelled rows, in time order."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dawnwatch.cli import options
from dawnwatch.cli.exits import guarded, say
from dawnwatch.cli.keyboard import at_terminal
from dawnwatch.cli.packets import TARGETS, named_packet
from dawnwatch.cli.progress import showing, watched
from dawnwatch.cli.settings import CONFIG_FILE, configuration
from dawnwatch.cli.typed import a_share
from dawnwatch.errors import StoreError, UsageError

if TYPE_CHECKING:
    from dawnwatch.cli.decide_options import Retraining
    from dawnwatch.config import Config
    from dawnwatch.model.replay import Replay
    from dawnwatch.store.find import Named

__all__ = ["decide"]

STANDARD_OUTPUT = "-"
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
    gap: Annotated[
        str,
        typer.Option(
            help="How long labels take: rows this long before the cut are not learned from.",
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
            help="Run the trainer: on the newest half of the rows before the cut, on all of them, and with the "
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
    from dawnwatch.monitoring.replay.replay import replay

    _require_one_way_out(json=json, quiet=quiet, markdown=markdown, chart=chart)
    if trainer is not None and estimator is not None:
        raise UsageError("--trainer and --estimator exclude each other: choose what trains")
    if not 0 < cut < 1:
        raise UsageError(f"--cut must lie between 0 and 1, both left out; got {cut:g}")
    hours = gap_hours(gap)
    if demo:
        if (target or "").endswith(".toml") or current or reference or trainer or estimator:
            raise UsageError("--demo brings its own windows, model and trainer; give no other")
        settings, given, found = _example(target, config, results)
    else:
        settings, found = _target(target, config, reference, results)
        given = {"current": current, "reference": reference}
    models = {**given.pop("earlier", {}), **earlier_of(earlier or [], settings, trust_pickle=trust_pickle)}
    train, model = retraining(settings, given.pop("trainer", None), trainer, estimator)
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
            gap_hours=hours,
            worth=worth,
            packet=None if found is None else found.packet.id,
            not_run=not_run,
            progress=progress,
        )
        progress("drawing", 0, None)
        answer, written = _keep(
            answer, found, chart=chart, markdown=markdown, config=config, demo=demo, named=bool(target)
        )
    _print(answer, json=json, quiet=quiet, markdown=markdown == STANDARD_OUTPUT)
    for path in written:
        say(f"wrote {path}")


def _require_one_way_out(*, json: bool, quiet: bool, markdown: str | None, chart: Path | None) -> None:
    if sum([json, quiet, markdown == STANDARD_OUTPUT]) > 1:
        raise UsageError("--json, --quiet and --markdown - exclude each other: choose what to print")
    if chart is not None and chart.suffix not in {".png", ".svg"}:
        raise UsageError(f"--chart must end in .png or .svg; got {chart}")


def _target(
    target: str | None, config: Path | None, reference: str | None, results: Path | None
) -> tuple[Config, Named | None]:
    """Return the configuration to replay by, and the run to keep the answer beside; None where there is none."""
    from dawnwatch.config import Config

    if target is not None and not target.endswith(".toml"):
        found = named_packet(target, results)  # first: a packet that is not there is the nearer mistake
        return configuration(config, reference), found
    if target is not None and config is not None:
        raise UsageError(f"{target} and --config {config} both name a configuration; give one")
    settings = configuration(config, reference) if target is None else Config.load(target)
    return settings, _latest(settings, results)


def _latest(settings: Config, results: Path | None) -> Named | None:
    """Return the newest packet; None where there is none."""
    try:
        return named_packet("latest", results, settings)
    except StoreError:
        return None


def _example(
    target: str | None, config: Path | None, results: Path | None
) -> tuple[Config, dict[str, Any], Named | None]:
    from dawnwatch.cli.demo import example
    from dawnwatch.config import Config

    settings, built, windows = example(config, inject=True)
    given = {
        "current": windows["current"],
        "reference": windows["drift_baseline"],
        "model": built.model,
        "trainer": built.retrain,
        "earlier": {"older-half": built.older_model()},
    }
    kept = settings if config else Config()
    return settings, given, _latest(kept, results) if target is None else named_packet(target, results, kept)


def _agreed(train: Retraining) -> bool:
    """Ask a person whether to run what trains; only a typed yes is one."""
    say(f"To replay retraining, {train.would}.")
    return bool(typer.prompt("Run it? Type yes to", default="no", err=True).strip().lower() == "yes")


def _keep(
    answer: Replay,
    found: Named | None,
    *,
    chart: Path | None,
    markdown: str | None,
    config: Path | None,
    demo: bool,
    named: bool,
) -> tuple[Replay, list[Path]]:
    """Write the answer beside its packet and where it was asked for, all files or none; return it as it is kept."""
    from dawnwatch.report.charts import replay_chart
    from dawnwatch.report.render import drawn
    from dawnwatch.report.replay.markdown import to_markdown
    from dawnwatch.store.replays import replay_files, save_together

    if found is not None and not named and found.packet.provenance.current.source != answer.window:
        say(
            f"dawnwatch: not kept: the latest packet is of {found.packet.provenance.current.source}, not of "
            f"{answer.window}; name the packet to keep it beside"
        )
        found = None
    if found is None:
        answer = answer.model_copy(update={"packet": None})
    pictures = drawn(replay_chart(answer)) if chart is not None or found is not None else {}
    words = to_markdown(answer).encode("utf-8", "backslashreplace")
    files: dict[Path, bytes] = {}
    if found is not None:
        files |= replay_files(found.path.parent, answer, {".md": words, ".png": pictures[".png"]})
        files |= _report(found, answer, config, demo=demo)
    if chart is not None:
        files[chart] = pictures[chart.suffix]
    if markdown is not None and markdown != STANDARD_OUTPUT:
        files[Path(markdown)] = words
    return answer, save_together(files)


def _report(found: Named, answer: Replay, config: Path | None, *, demo: bool) -> dict[Path, bytes]:
    """Return the packet's HTML report made anew with the replay in it, where there is a report."""
    from dawnwatch.explain.pages import inside_report
    from dawnwatch.explain.shell import Shell
    from dawnwatch.report.html import to_html
    from dawnwatch.store.files import ResultsFolder
    from dawnwatch.store.find import packets

    path = found.path
    if path.name == "latest.json":  # a copy, whose report has the name of the packet's own file
        own = [one.path for one in packets(ResultsFolder(path.parent))[0] if one.packet.id == found.packet.id]
        path = own[0] if own else path
    page = path.with_suffix(".html")
    if not page.is_file():
        return {}
    again = "dawnwatch demo" if demo else "dawnwatch run"
    decide = shlex.join([*(["--config", str(config)] if config else []), *(["--demo"] if demo else [])])
    file = config or (None if demo or not CONFIG_FILE.exists() else CONFIG_FILE)
    shell = Shell(packet=path, again=again, last_good=None if demo else Shell.last_good, config=file, decide=decide)
    html = to_html(found.packet, inner=inside_report(found.packet, shell=shell), replay=answer)
    return {page: html.encode("utf-8", "backslashreplace")}


def _print(answer: Replay, *, json: bool, quiet: bool, markdown: bool) -> None:
    if json:
        from dawnwatch.cli.letters import write_utf8

        write_utf8(answer.model_dump_json(indent=2) + "\n")
    elif markdown:
        from dawnwatch.report.replay.markdown import to_markdown

        sys.stdout.write(to_markdown(answer))
    elif not quiet:
        from rich.console import Console

        from dawnwatch.report.replay.terminal import ReplayView

        Console(highlight=False).print(ReplayView(answer))
