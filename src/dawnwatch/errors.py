"""Every error dawnwatch raises on purpose.

```
DawnwatchError
├── UsageError            exit 2   the command asks for something that cannot be
│   ├── ConfigError                dawnwatch.toml is wrong
│   ├── BaselineError             the reference, holdout or training rows cannot serve
│   └── StoreError                 the results folder cannot be written
└── DataError             exit 3   the current window, or what judges it, cannot be read
    └── DamagedError               a profile file that was cut off, changed, or is none
```

A message names the thing, the rule, the value it got and the next step, in one line. The command line prints
it as it stands and exits with `exit_code`; a traceback is never shown for one of these.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "BaselineError",
    "ConfigError",
    "DamagedError",
    "DataError",
    "DawnwatchError",
    "StoreError",
    "UsageError",
    "did_you_mean",
    "one_line",
]


class DawnwatchError(Exception):
    """Base of all errors a user can cause; `exit_code` is what the command line exits with."""

    exit_code = 3


class UsageError(DawnwatchError):
    """The command, the configuration or the reference is at fault; nothing was written."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration that cannot be used."""


class BaselineError(UsageError):
    """A reference, holdout or training table that cannot serve as one."""


class StoreError(UsageError):
    """A results folder that cannot be read or written."""


class DataError(DawnwatchError):
    """Data or a model that could not be read, so that nothing could be judged."""


class DamagedError(DataError):
    """A profile file that cannot be read; its message begins with what is wrong, and whoever opened it names it."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `" Did you mean 'x'?"` for the known name nearest to `name`, or an empty string."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.55)
    return f" Did you mean {near[0]!r}?" if near else ""


def one_line(error: BaseException) -> str:
    """Return the message of any exception as one line: our own whole, others at most 300 characters of it."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 300 or isinstance(error, DawnwatchError) else text[:297] + "..."
