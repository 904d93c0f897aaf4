"""`python -m dawnwatch` is the console script."""

from dawnwatch.cli import main

main()
