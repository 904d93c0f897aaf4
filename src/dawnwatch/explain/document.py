"""One explainer as one HTML file: what the three pages share, from the policy that guards them to their words.

As in the report, three walls stand between the data and the reader: Jinja2 escapes every value, what the scripts
read is inlined as JSON with `<`, `>` and `&` escaped, and a Content-Security-Policy lets run only the scripts whose
hashes it names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from dawnwatch.explain.glossary import TERMS
from dawnwatch.model import numbers
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report import page, words

__all__ = ["Document", "script_texts"]


@dataclass(frozen=True)
class Document:
    """What one page is made of.

    Attributes
    ----------
    name : of its template, style sheet and script in `templates/`
    title : the page's heading
    scripts : files of `templates/` it runs, in order, behind `page.js`
    data : what the scripts read; anything JSON holds
    values : what only the template reads
    """

    name: str
    title: str
    scripts: Sequence[str]
    data: Mapping[str, Any]
    values: Mapping[str, Any]

    def render(self, packet: TriagePacket, *, siblings: Mapping[str, tuple[str, str]], example: bool) -> str:
        """Return the page. `siblings` are the files and titles it links to; `example` says whose numbers these are."""
        import jinja2

        scripts = script_texts(self.scripts)
        environment = page.environment()
        environment.loader = jinja2.FunctionLoader(_read)
        document: str = environment.get_template(f"{self.name}.html.j2").render(
            p=packet,
            n=numbers,
            title=self.title,
            data=self.data,
            siblings=siblings,
            example=example,
            css="\n".join([page.read("report.css"), _read("page.css"), _read(f"{self.name}.css")]),
            palette=page.PALETTE,
            scripts=scripts,
            hashes=[page.script_hash(script) for script in scripts],
            terms=TERMS,
            used=_Words(),
            shown=words.shown,
            sign=words.OUTCOME_SIGN,
            outcome_word=words.OUTCOME_WORD,
            severity_sign=words.SEVERITY_SIGN,
            verdict=words.VERDICT,
            **self.values,
        )
        return document


class _Words:
    """The glossary's terms a page uses, in the order it first does."""

    def __init__(self) -> None:
        self._used: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        return self._used.setdefault(word, "term-" + re.sub(r"[^a-z0-9]+", "-", word.lower()))

    def words(self) -> list[tuple[str, str, str]]:
        """Return the id, the term and its meaning of each."""
        return [(key, word, TERMS[word]) for word, key in self._used.items()]


def script_texts(names: Sequence[str]) -> list[str]:
    """Return the scripts of a page, the shared one first."""
    return [_read(name) for name in ("page.js", *names)]


def _read(name: str) -> str:
    """Return a file of our own `templates/`, or else of the report's."""
    file = files("dawnwatch.explain").joinpath("templates", name)
    return file.read_text("utf-8") if file.is_file() else page.read(name)
