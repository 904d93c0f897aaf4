"""The pictures of the steered run in docs/images: real screens of the worked example, captured in a pseudo-terminal.

`make screens` draws them anew; tests/docs/test_screens.py holds them against the run.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.text import Text

from dawnwatch.atomic import write_atomically
from tests.cli.terminal import Terminal

IMAGES = Path(__file__).parents[2] / "docs/images"
COLUMNS, ROWS = 80, 24
MENU = "[q]uit > "
SHOWN_FOLDER = "/home/ada/run"
"""Stands in the pictures for the folder of the run, and is as long, so that lines break alike."""
NOBODY = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LOGNAME": "ada"}
"""Whoever draws the pictures does not stand in them."""
MOVEMENTS = re.compile(r"\x1b\[[0-9;?]*[A-Za-ln-z]")

# Rich's own, without the window around it and the font it would fetch.
SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {terminal_width} {terminal_height}" role="img">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px;
line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect width="100%" height="100%"/></clipPath>{lines}</defs>
<rect width="100%" height="100%" rx="8" fill="#292929"/>
<g transform="translate(8, 4)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def screens() -> dict[str, str]:
    """Steer the worked example, and return what each picture shows, with its colours."""
    folder = Path(tempfile.mkdtemp(prefix="", dir="/tmp"))
    try:
        with Terminal("demo", "--no-plot", folder=folder, **NOBODY) as terminal:
            terminal.expect(MENU)
            found = {"quality": _screen(terminal, "1/7 load")}
            terminal.send("c")
            terminal.expect(MENU)
            terminal.send("r")
            terminal.expect("Enter leaves it): ")
            terminal.send("0.5\r")
            terminal.expect(MENU)
            found["re-run"] = _screen(terminal, "4/7 drift")
            terminal.send("e")
            terminal.expect(MENU)
            found["explain"] = _screen(terminal, MENU + "e")
            terminal.send("cc")
            terminal.expect("(kept in the packet): ")
            terminal.send("only a catastrophe pages anyone this week\r")
            terminal.expect("Cannot tell yet  [b]ack  [q]uit > ")
            terminal.send("6")
            terminal.expect("(Enter for none): ")
            terminal.send("asked the app team what changed on Monday\r")
            terminal.expect("your name ")
            terminal.expect(": ")
            terminal.send("Ada\r")
            terminal.expect("recorded: ")
            terminal.expect("by Ada")
            found["decision"] = _screen(terminal, "why PSI 0.5")
            terminal.expect(".json")
            assert terminal.ended() == 0
    finally:
        shutil.rmtree(folder)
    return {name: text.replace(str(folder), SHOWN_FOLDER) for name, text in found.items()}


def _screen(terminal: Terminal, first: str) -> str:
    """Return the lines from the last with this text on, as far as they fit on the screen."""
    lines = terminal.seen.replace("\r\n", "\n").split("\n")
    start = max(i for i, line in enumerate(lines) if first in MOVEMENTS.sub("", Text.from_ansi(line).plain))
    kept = [MOVEMENTS.sub("", line.rpartition("\r")[2]) for line in lines[start:]]
    assert len(kept) <= ROWS
    return "\n".join(kept).rstrip("\n")


def picture(name: str, screen: str) -> str:
    """Draw a screen as SVG that refers to nothing else."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(screen), soft_wrap=False, highlight=False)
    svg = console.export_svg(code_format=SVG, unique_id=f"screen-{name}")
    return re.sub(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', _framed, svg, count=1)


def _framed(found: re.Match[str]) -> str:
    """Leave room around what Rich drew."""
    return f'viewBox="0 0 {float(found[1]) + 16:.0f} {float(found[2]) + 20:.0f}"'


def drawn_words(svg: str) -> str:
    """Return the text of a picture, as far as it is the same in each run."""
    texts = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return same_words(" ".join(text.text or "" for text in texts))


def same_words(text: str) -> str:
    """Return text without its spaces, which wrapping moves, and without how long things took."""
    return re.sub(r"\d+ms", "", "".join(text.split()))


def main() -> None:
    for name, screen in screens().items():
        write_atomically(IMAGES / f"keyboard-{name}.svg", picture(name, screen).encode())


if __name__ == "__main__":
    main()
