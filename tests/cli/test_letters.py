"""Terminals without UTF-8: everything that is shown comes out in ASCII, and JSON stays UTF-8."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dawnwatch.cli.letters import plain_locale
from tests.cli.conftest import table

LOCALES = {
    "encoding": {"PYTHONIOENCODING": "ascii"},
    "latin": {"PYTHONIOENCODING": "latin-1"},
    "LANG": {"LANG": "C"},
    "LC_ALL": {"LC_ALL": "C"},
}
RUN = ("run", "--reference", "reference.parquet", "--current", "current.parquet", "--no-plot")


def called(*arguments: str, folder: Path, **variables: str) -> tuple[int, bytes]:
    """Call the command line in a process of its own, under these variables alone of what the locale depends on."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHONIO", "PYTHONUTF8"))}
    done = subprocess.run(
        [sys.executable, "-m", "dawnwatch", *arguments],
        cwd=folder,
        env=kept | variables,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def ran(folder: Path) -> Path:
    """A folder with two runs, and names beyond ASCII."""
    toml = (
        (folder / "dawnwatch.toml")
        .read_text()
        .replace("[columns.x]", '["columns"."größe"]\nmonitor = true\n[columns.x]')
    )
    (folder / "dawnwatch.toml").write_text(toml, "utf-8")
    for name, moved in (("reference", 1 / 3), ("current", 0.55)):
        rows = table(4000, mobile=moved, noise=1.0 if name == "reference" else 2.5)
        pq.write_table(rows.append_column("größe", pc.add(rows["x"], 9 * (moved - 1 / 3))), folder / f"{name}.parquet")
    for label in ("eins", "zwei"):
        code, _ = called(*RUN, "-q", "--label", label, folder=folder, LANG="C.UTF-8")
        assert code == 0
    return folder


@pytest.mark.parametrize("locale", LOCALES)
def test_every_verb_speaks_ascii(ran: Path, locale: str) -> None:
    for verb in (RUN, ("compare", "eins", "zwei"), ("what-if",), ("glossary",), ("checks",), ("run", "--help")):
        code, out = called(*verb, folder=ran, **LOCALES[locale])
        as_utf8, utf8 = called(*verb, folder=ran, LANG="C.UTF-8")
        assert code == as_utf8 == 0, out
        text = out.decode("latin-1")
        for sign in "✓✗■▲→←─│…∞":
            assert sign not in text
        if locale != "latin":
            assert out.isascii(), verb
        assert out.count(b"?") == utf8.count(b"?"), verb
        assert b"Error" not in out


def test_signs_are_there_where_the_terminal_has_them(ran: Path) -> None:
    _, out = called(*RUN, folder=ran, LANG="C.UTF-8")
    assert "✗" in out.decode()
    assert "größe" in out.decode()


@pytest.mark.parametrize("locale", LOCALES)
def test_json_is_utf8_under_every_locale(ran: Path, locale: str) -> None:
    for verb in (("what-if", "--json"), ("compare", "eins", "zwei", "--json"), ("schema",), (*RUN, "--json")):
        _, out = called(*verb, folder=ran, **LOCALES[locale])
        text = out.decode("utf-8")
        json.loads(text[text.index("{") : text.rindex("}") + 1])
        assert "größe" in text or verb == ("schema",)


@pytest.mark.parametrize(
    ("environment", "plain"),
    [
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, True),
        ({"LANG": "POSIX"}, True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "C", "PYTHONIOENCODING": "utf-8"}, False),
        ({"LANG": "C", "PYTHONUTF8": "1"}, False),
    ],
)
def test_who_asks_for_ascii(environment: dict[str, str], plain: bool) -> None:
    assert plain_locale(environment) is plain
