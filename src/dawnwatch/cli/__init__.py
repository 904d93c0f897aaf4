"""The command line: parse, call, render, exit code. Nothing else happens here."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line; the console script. A wrong flag is one clear line and exit code 2, as any other fault."""
    import os
    import sys
    import traceback

    from dawnwatch.cli.app import app
    from dawnwatch.cli.letters import fit_streams

    fit_streams()
    try:
        code = app(standalone_mode=False)
    except Exception as error:
        # Typer brings its own copy of click, so its errors are known by what they can do.
        message = getattr(error, "format_message", None)
        if message is None or type(error).__name__ == "NoArgsIsHelpError":
            if message is None and os.environ.get("DAWNWATCH_DEBUG"):
                traceback.print_exception(error)  # what `guarded` let pass for this
            getattr(error, "show", lambda: None)()
            sys.exit(getattr(error, "exit_code", 3))
        said, context = " ".join(message().split()).rstrip("."), getattr(error, "ctx", None)
        verb = ""
        while context is not None and context.parent is not None:
            verb, context = f" {context.info_name}{verb}", context.parent
        sys.stderr.write(f"dawnwatch: {said[:1].lower()}{said[1:]}; see `dawnwatch{verb} --help`\n")
        sys.exit(2)
    sys.exit(code or 0)
