"""The examples in the docstrings of the sources hold."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from dawnwatch import sources

MODULES = [module.name for module in pkgutil.walk_packages(sources.__path__, "dawnwatch.sources.")]


@pytest.mark.parametrize("name", ["dawnwatch.sources", *MODULES])
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
