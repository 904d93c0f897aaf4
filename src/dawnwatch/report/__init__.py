"""What people read of a packet: pictures, one HTML report, and the terminal (`PacketView`, for a Rich console).

Names load when first used: importing this package imports neither Altair nor Jinja2 nor Rich.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dawnwatch.report.html import save_html
    from dawnwatch.report.render import save_pictures
    from dawnwatch.report.terminal import PacketView

__all__ = ["PacketView", "save_html", "save_pictures"]

_HOME = {
    "PacketView": "dawnwatch.report.terminal",
    "save_html": "dawnwatch.report.html",
    "save_pictures": "dawnwatch.report.render",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'dawnwatch.report' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
