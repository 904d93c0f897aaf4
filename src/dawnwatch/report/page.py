"""What every page we write shares: templates that escape whatever they print, and the two palettes."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from dawnwatch.report import theme, words

__all__ = ["PALETTE", "Inner", "coded", "environment", "read", "script_hash"]

_TICKED = re.compile(r"`([^`]+)`")
PALETTE = {"light": theme.LIGHT, "dark": theme.DARK}


@dataclass(frozen=True)
class Inner:
    """A page that the report holds inside it; `report.html#explainer-NAME` opens it there.

    A document in a frame runs under the policy of the page around it as well as its own, so the report must know
    its scripts.
    """

    name: str
    title: str
    html: str
    scripts: Sequence[str]


def environment() -> Any:
    """Return a Jinja2 environment over our templates: values are escaped, control characters made visible."""
    import jinja2
    from markupsafe import Markup

    def safe(value: Any) -> str:
        # Every printed value passes here: control characters become visible; escaping then follows.
        return value if hasattr(value, "__html__") else "" if value is None else words.visible(str(value))

    found = jinja2.Environment(
        loader=jinja2.FunctionLoader(read),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=safe,
    )
    found.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}  # as short as JSON can be
    found.filters["coded"] = coded
    # For this package's own style sheets and scripts, and nothing else.
    found.filters["trusted"] = Markup
    return found


def coded(text: object) -> Any:
    """Return text as HTML in which what stands between backticks, such as a command, is code; all of it is escaped."""
    from markupsafe import Markup, escape

    return Markup(_TICKED.sub(r"<code>\1</code>", str(escape(words.visible(str(text))))))  # noqa: S704 - escaped


def read(name: str) -> str:
    """Return the text of a file of `templates/`."""
    return files("dawnwatch.report").joinpath("templates", name).read_text("utf-8")


def script_hash(script: str) -> str:
    """Return a script as a Content-Security-Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
