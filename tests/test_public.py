"""What `import dawnwatch` offers, and what it costs."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import pkgutil
import subprocess
import sys

import pytest

import dawnwatch

# The compiled loops are a plain library, not a module, though their file is named like one.
MODULES = sorted(module.name for module in pkgutil.walk_packages(dawnwatch.__path__, "dawnwatch."))


def in_a_fresh_process(code: str) -> object:
    """Run code that prints one JSON value, where nothing has been imported yet."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_names_are_sorted_and_there() -> None:
    assert dawnwatch.__all__ == sorted(dawnwatch.__all__)
    assert len(set(dawnwatch.__all__)) == len(dawnwatch.__all__)
    assert dir(dawnwatch) == dawnwatch.__all__
    for name in dawnwatch.__all__:
        assert getattr(dawnwatch, name).__name__ == name
    assert {"monitor", "Monitor", "Config", "TriagePacket"} <= set(dawnwatch.__all__)


def test_what_type_checkers_see_is_what_there_is() -> None:
    source = inspect.getsource(dawnwatch)
    for name in dawnwatch.__all__:
        assert name in source.split("if TYPE_CHECKING:")[1].split("__all__")[0]


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'dawnwatch' has no attribute 'Moniter'"):
        dawnwatch.Moniter  # noqa: B018 - reading it is the test


def test_importing_costs_next_to_nothing() -> None:
    loaded = in_a_fresh_process(
        "import sys, json; before = set(sys.modules); import dawnwatch; dir(dawnwatch); "
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    assert isinstance(loaded, list)
    top = {name.partition(".")[0] for name in loaded}
    heavy = [
        "numpy",
        "scipy",
        "pyarrow",
        "pandas",
        "pydantic",
        "sklearn",
        "skops",
        "altair",
        "rich",
        "typer",
        "narwhals",
    ]
    assert top & set(heavy) == set()
    assert [name for name in loaded if name.startswith("dawnwatch")] == ["dawnwatch"]


def test_the_types_need_no_data_library() -> None:
    loaded = in_a_fresh_process(
        "import sys, json; import dawnwatch; dawnwatch.Config, dawnwatch.TriagePacket, dawnwatch.Severity; "
        "import dawnwatch.store.files, dawnwatch.alert.send, dawnwatch.triage.decide; "
        "print(json.dumps(sorted(sys.modules)))"
    )
    assert isinstance(loaded, list)
    assert {"pyarrow", "numpy", "pandas", "sklearn", "altair", "narwhals"} & set(loaded) == set()


@pytest.mark.parametrize(
    "first",
    ["", "import dawnwatch.monitoring", "import dawnwatch.monitoring.composer", "from dawnwatch import monitoring"],
)
def test_monitor_is_the_function_whatever_was_imported_before(first: str) -> None:
    code = f"""
import dawnwatch, json
{first}
from dawnwatch import monitor, Monitor
print(json.dumps([callable(dawnwatch.monitor), dawnwatch.monitor is monitor, type(monitor).__name__, Monitor.__name__]))
"""
    assert in_a_fresh_process(code) == [True, True, "function", "Monitor"]


def test_the_signature_is_the_promised_one() -> None:
    parameters = inspect.signature(dawnwatch.monitor).parameters
    assert list(parameters) == ["data", "model", "alerts", "reference", "config"]
    keyword_only = [p.name for p in parameters.values() if p.kind is inspect.Parameter.KEYWORD_ONLY]
    assert keyword_only == ["reference", "config"]
    assert [parameters[name].default for name in keyword_only] == [None, None]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run_and_modules_say_what_they_are_for(name: str) -> None:
    module = importlib.import_module(name)
    assert (module.__doc__ or "").strip(), "a module without a docstring"
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_exports_is_there(name: str) -> None:
    module = importlib.import_module(name)
    exported = getattr(module, "__all__", [])
    assert [n for n in exported if not hasattr(module, n)] == []
    assert sorted(set(exported)) == sorted(exported)


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    with_examples = [
        name for name in MODULES if any(test.examples for test in finder.find(importlib.import_module(name)))
    ]
    assert {"dawnwatch.monitoring.composer", "dawnwatch.config.load"} <= set(with_examples)
