"""The three explainers of a packet: one document each, to stand beside it or inside the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dawnwatch.errors import UsageError, did_you_mean
from dawnwatch.explain.document import Document, script_texts
from dawnwatch.explain.drift import drift
from dawnwatch.explain.pipeline import pipeline
from dawnwatch.explain.playbook import playbook
from dawnwatch.explain.shell import Shell
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.page import Inner

__all__ = ["PAGES", "inside_report", "page", "page_files"]

PAGES: dict[str, str] = {
    "drift": "drift-explainer.html",
    "pipeline": "pipeline-map.html",
    "playbook": "triage-playbook.html",
}
"""File name of each page."""

_MADE_BY: dict[str, Callable[[TriagePacket, Shell], Document]] = {
    "drift": lambda packet, _: drift(packet),
    "pipeline": lambda packet, _: pipeline(packet),
    "playbook": playbook,
}
NOWHERE = Shell()
"""A run of which nothing is known but its packet."""


def page(name: str, packet: TriagePacket, *, shell: Shell = NOWHERE, example: bool = False) -> str:
    """Return one page as a document without any reference to another file or server.

    Parameters
    ----------
    name : one of PAGES
    packet : the run whose numbers it shows
    shell : how that run is reached, for the commands the playbook names
    example : whether the packet is the worked example's and not the reader's own, which the page then says

    Raises
    ------
    UsageError
        If there is no page of that name.
    """
    if name not in PAGES:
        raise UsageError(f"no explainer is named {name!r}.{did_you_mean(name, PAGES)} There are: {', '.join(PAGES)}")
    return _MADE_BY[name](packet, shell).render(packet, siblings={}, example=example)


def page_files(packet: TriagePacket, folder: Path, *, shell: Shell = NOWHERE) -> dict[Path, bytes]:
    """Return the three pages as the files of a folder, to be written together: they link to each other."""
    documents = {name: make(packet, shell) for name, make in _MADE_BY.items()}
    siblings = {name: (PAGES[name], document.title) for name, document in documents.items()}
    return {
        folder / PAGES[name]: _encoded(document.render(packet, siblings=siblings, example=False))
        for name, document in documents.items()
    }


def inside_report(packet: TriagePacket, *, shell: Shell = NOWHERE) -> list[Inner]:
    """Return the three pages as the HTML report holds them."""
    documents = {name: make(packet, shell) for name, make in _MADE_BY.items()}
    return [
        Inner(
            name=name,
            title=document.title,
            html=document.render(packet, siblings={}, example=False),
            scripts=script_texts(document.scripts),
        )
        for name, document in documents.items()
    ]


def _encoded(document: str) -> bytes:
    # A lone surrogate in a column's name must not keep a page from being written.
    return document.encode("utf-8", "backslashreplace")
