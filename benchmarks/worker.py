"""Measures one of our own contestants: `python -m benchmarks.worker MODULE TASK`."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.peers import line


def run() -> None:
    """Find the function that the task calls in its module, and measure it."""
    module = import_module(sys.argv.pop(1))
    line.main(vars(module))


if __name__ == "__main__":
    run()
