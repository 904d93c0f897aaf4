"""Charts as PNG and SVG files, made without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from dawnwatch.atomic import write_atomically, write_together
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report import theme

__all__ = ["drawn", "save_picture", "save_pictures", "specification", "vegalite_version"]

SCALE = 2
"""Pixels of a PNG per pixel of its specification, for sharp letters on dense screens."""


def save_pictures(packet: TriagePacket, stem: Path, *, before: Callable[[str], None] = lambda name: None) -> list[Path]:
    """Write the dashboard and the slice chart as PNG and SVG, all four or none.

    Parameters
    ----------
    packet : TriagePacket
    stem : Path
        Where to write, without an ending: `results/2026-03-02` gives `results/2026-03-02-dashboard.png` and so on.
    before : callable, optional
        Told each picture's name before it is drawn.

    Returns
    -------
    list of Path
        The four files, dashboard first, each PNG before its SVG.

    Raises
    ------
    StoreError
        Where a file cannot be written.
    """
    from dawnwatch.report import charts

    files: dict[Path, bytes] = {}
    for name, chart in (("dashboard", charts.dashboard), ("slices", charts.slices)):
        before(f"{stem.name}-{name}.png")
        files |= {stem.with_name(f"{stem.name}-{name}{end}"): text for end, text in drawn(chart(packet)).items()}
    return write_together(files)


def save_picture(chart: Any, path: Path) -> Path:
    """Write one chart as PNG or SVG, by the ending of `path`. Raises StoreError."""
    return write_atomically(path, drawn(chart)[path.suffix])


def drawn(chart: Any) -> dict[str, bytes]:
    """Return a chart as files by their endings, .png and .svg."""
    import vl_convert

    # No base URL is allowed: a specification holds its data, and nothing may be fetched.
    options: dict[str, Any] = {"vl_version": vegalite_version(), "allowed_base_urls": []}
    svg = vl_convert.vegalite_to_svg(specification(chart), **options)
    return {".png": vl_convert.svg_to_png(svg, scale=SCALE), ".svg": svg.encode("utf-8")}


def specification(chart: Any) -> dict[str, Any]:
    """Return a chart as Vega-Lite with the shared theme, and without anything that names another server."""
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec.pop("$schema", None)
    spec["config"] = theme.config()
    return spec


def vegalite_version() -> str:
    """Return the Vega-Lite version that Altair writes, as vl-convert names it ("6.1"); its newest if unknown."""
    import altair
    import vl_convert

    major, minor, *_ = altair.SCHEMA_VERSION.removeprefix("v").split(".")
    wanted, known = f"{major}.{minor}", list(vl_convert.get_vegalite_versions())
    return wanted if wanted in known else known[-1]
