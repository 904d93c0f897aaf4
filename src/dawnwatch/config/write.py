"""Writing dawnwatch.toml: commented, so that a person can go on from it, and read back as it was meant."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

__all__ = ["Draft", "config_text", "relative_reference", "toml_key", "toml_value"]

Key = tuple[str, ...]
BARE = re.compile(r"[A-Za-z0-9_-]+")
WIDTH = 100

HEADER = """\
What is watched, against what, and where the limits lie.
`dawnwatch run --current PATH` reads it if it is called dawnwatch.toml, else `--config` names it.
Paths are relative to this file.
What follows was inferred from the reference. Read it once, correct what is wrong, and put your own reasons
where it says `because`: they stand in every packet."""

TABLE_NOTES: dict[Key, str] = {
    ("project",): "How packets name the model, who owns it and whom to notify.",
    ("data",): "The windows. The reference is the drift baseline: what the data looked like when all was well.",
    ("roles",): "Which columns play which part.",
    ("labels",): 'What the label looks like. expected = "late" where it comes after the window is judged.',
    ("model",): "The deployed model, for logs without a score column, and the features it uses.",
    ("thresholds",): "The limits. Every one says why it is what it is.",
    ("thresholds", "psi"): "Population stability index of each watched column: YELLOW and RED begin here.",
    ("thresholds", "missing"): "Largest share of missing values (null, NaN, empty) a column may have.",
    ("thresholds", "auc_drop"): "Largest fall of the AUC from the reference to the current window.",
    (
        "thresholds",
        "range",
    ): "Largest share of rows that may break a column's range, allowed values or pattern.",
    ("thresholds", "duplicates"): "Largest share of rows that may repeat the key of an earlier row.",
    ("columns",): "One table a column: what it must look like, and whether its drift is watched.",
    ("performance",): "How the fall of the AUC is judged.",
    ("sla",): 'How soon each severity must be acted on: a number with h, d or w, or "none".',
    ("alerts",): "Whom to tell, from which severity on.",
    ("scenario",): "Settings of the script that makes the data.",
}
OFFERS: dict[Key, tuple[tuple[str, str], ...]] = {
    ("project",): (("owner", 'owner = "you@example.com"'), ("notify", 'notify = ["team@example.com"]')),
    ("data",): (
        (
            "holdout",
            "Is this reference the data the model was trained on? Then its AUC flatters the model: give a\n"
            "holdout of rows the model has not seen, and performance is measured against that.\n"
            'holdout = "holdout.parquet"',
        ),
        ("current", 'The window to judge where --current does not name one.\ncurrent = "current.parquet"'),
    ),
    ("roles",): (
        ("label", "The true outcome, two values. Without it the AUC is not computed.\nlabel = \"clicked\""),
        ("score", "The model's output. Without it, name the model in [model].\nscore = \"score\""),
        ("timestamp", 'timestamp = "created_at"'),
        ("label_time", ""),  # offered where the reference has a second column of times
        ("unit", "The independent thing behind the rows, such as a rider.\nunit = \"user_id\""),
        ("keys", "Columns that no two rows share; a repeat is a replayed event.\nkeys = [\"event_id\"]"),
        ("slices", "Columns whose values are each judged on their own.\nslices = [\"device_type\"]"),
    ),
    ("model",): (("path", 'path = "model.skops"'), ("features", 'features = ["age", "device_type"]')),
}  # fmt: skip
"""Settings that a person may want: shown commented out where the table does not have them."""


@dataclass(frozen=True)
class Draft:
    """A configuration with what is to be said about it.

    Attributes
    ----------
    tables : as TOML gives them and `Config.from_dict` takes them
    notes : comments by the path of the table or key they stand above
    """

    tables: dict[str, Any]
    notes: dict[Key, str] = field(default_factory=dict)


def config_text(
    draft: Draft, *, reference: str | None = None, holdout: str | None = None, folder: Path | None = None
) -> str:
    """Write a draft as the text of dawnwatch.toml.

    Parameters
    ----------
    reference, holdout : paths or globs as the user gave them; become those of `[data]`
    folder : where the file will stand, the working directory where None; see `relative_reference`

    Returns
    -------
    TOML that `Config.load` reads as the same settings.
    """
    given = {"reference": reference, "holdout": holdout}
    paths = {key: relative_reference(p, folder or Path()) for key, p in given.items() if p is not None}
    tables = dict(draft.tables)
    if paths:
        tables["data"] = paths | {key: v for key, v in tables.get("data", {}).items() if key not in paths}
    lines = [*_comment(HEADER), *_tables(tables, (), draft.notes)]
    return "\n".join(lines).strip("\n") + "\n"


def relative_reference(reference: str, folder: Path) -> str:
    """Return a path relative to `folder`, with forward slashes.

    Absolute where they share nothing but the root of the file system (or not even a drive), since such a pair
    does not move together. URLs stay as they are.
    """
    if "://" in reference:
        return reference
    target = os.path.abspath(os.path.expanduser(reference))  # noqa: PTH100, PTH111 - a glob is no path to resolve
    start = Path(os.path.abspath(folder))  # noqa: PTH100 - symbolic links stay as the user wrote them
    try:
        shared = Path(os.path.commonpath([target, start]))
    except ValueError:
        return Path(target).as_posix()
    if shared == Path(shared.anchor):
        return Path(target).as_posix()
    return Path(os.path.relpath(target, start)).as_posix()


def _tables(table: Mapping[str, Any], path: Key, notes: Mapping[Key, str]) -> list[str]:
    """Write the keys of a table, then the tables within it, which TOML wants last."""
    lines: list[str] = []
    for name, value in table.items():
        if value is not None and not _is_table(value, path) and not _is_table_list(value, path):
            lines += _comment(notes.get((*path, name)))
            lines += _setting(name, value)
    for name, offer in OFFERS.get(path, ()):
        if table.get(name) is None:
            lines += _comment(notes.get((*path, name), offer))
    for name, value in table.items():
        inner = (*path, name)
        if _is_table(value, path):
            header = not value or any(not _is_table(v, inner) for v in value.values()) or inner in OFFERS
            body = _tables(value, inner, notes)
            said = _comment(notes.get(inner, TABLE_NOTES.get(inner)))
            opening = [*said, *([f"[{_path(inner)}]"] if header else [])]
            lines += [*([""] if opening else []), *opening, *body]
        elif _is_table_list(value, path):
            lines += ["", *_comment(notes.get(inner, TABLE_NOTES.get(inner)))]
            for entry in value:
                lines += [f"[[{_path(inner)}]]", *_tables(entry, inner, notes)]
    return lines


def _is_table(value: object, path: Key) -> bool:
    """Whether a value gets a header of its own: tables do, but a column's few bounds fit in its lines."""
    if not isinstance(value, Mapping):
        return False
    return not (len(path) == 2 and path[0] == "columns" and "because" not in value and _is_flat(value))


def _is_flat(value: Mapping[str, Any]) -> bool:
    return all(not isinstance(inner, Mapping | list) for inner in value.values())


def _is_table_list(value: object, path: Key) -> bool:
    return not path and isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _setting(name: str, value: object) -> list[str]:
    line = f"{toml_key(name)} = {toml_value(value)}"
    if len(line) <= WIDTH or not isinstance(value, list):
        return [line]
    lines, row = [f"{toml_key(name)} = ["], "   "
    for item in value:
        text = f" {toml_value(item)},"
        if len(row) + len(text) > WIDTH and row.strip():
            lines.append(row)
            row = "   "
        row += text
    return [*lines, row, "]"]


def toml_value(value: object) -> str:
    """Write a value as TOML, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{toml_key(k)} = {toml_value(v)}" for k, v in value.items() if v is not None)
        return "{ " + inner + " }" if inner else "{}"
    return _string(str(value))


def _string(text: str) -> str:
    # TOML's basic strings escape as JSON's do, except that TOML also wants DEL escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(name: str) -> str:
    """Write a key as TOML, in quotes where it must be."""
    return name if BARE.fullmatch(name) else _string(name)


def _path(path: Key) -> str:
    return ".".join(toml_key(name) for name in path)


def _comment(text: str | None) -> list[str]:
    """Write a comment; control characters, which TOML forbids there, are escaped."""
    lines = text.split("\n") if text else []
    shown = ("".join(c if c.isprintable() else ascii(c)[1:-1] for c in line) for line in lines)
    return [f"# {line}".rstrip() for line in shown]
