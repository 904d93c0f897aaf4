"""Reading dawnwatch.toml into a `Config`, with one clear line for whatever is wrong in it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, PrivateAttr, ValidationError, model_validator

from dawnwatch.config.schema import ColumnConfig, FileTables, PsiThreshold, ShareThreshold
from dawnwatch.errors import ConfigError, did_you_mean
from dawnwatch.model.packet import ThresholdInForce

__all__ = ["Config"]


class Config(FileTables):
    """A whole configuration. Build it with `Config.load(path)` or `Config.from_dict(tables)`.

    Examples
    --------
    >>> config = Config.from_dict({"roles": {"label": "clicked"}, "thresholds": {"psi": {"red": 0.1}}})
    >>> config.thresholds.psi.yellow
    0.05
    """

    _overridden: frozenset[str] = PrivateAttr(default=frozenset())
    _folder: Path = PrivateAttr(default=Path())

    @model_validator(mode="after")
    def _unwatched_features_say_why(self) -> Config:
        for name, column in self.columns.items():
            if column.monitor is False and name in self.model.features and not column.because:
                raise ValueError(
                    f"columns.{name}: the model uses this feature and monitor = false leaves it unwatched; "
                    "say why in `because`"
                )
        return self

    @classmethod
    def load(cls, path: str | Path) -> Config:
        """Read a TOML file. Raises ConfigError naming the file, the key and the rule."""
        path = Path(path)
        try:
            tables = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise ConfigError(
                f"{path}: no such configuration; write one with `dawnwatch init REFERENCE`"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: cannot be read: {error}") from None
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{path}: not valid TOML: {error}") from None
        config = cls.from_dict(tables, where=str(path))
        config._folder = path.parent
        return config

    @classmethod
    def from_dict(cls, tables: dict[str, Any], *, where: str = "configuration") -> Config:
        """Build from nested dictionaries as TOML gives them. Raises ConfigError."""
        try:
            return cls.model_validate(tables)
        except ValidationError as error:
            raise ConfigError(f"{where}: {_explain(error, tables)}") from None

    def override(
        self,
        *,
        psi: float | None = None,
        missing: float | None = None,
        auc: float | None = None,
        owner: str | None = None,
    ) -> Config:
        """Return a copy with thresholds or owner moved for one run. Raises ConfigError on a bad value.

        A lowered red bound takes the yellow one with it, `min(0.10, red / 2)`, unless yellow was configured and
        still lies below it. Columns with bounds of their own keep them.
        """
        tables = self.model_dump(exclude_unset=True)
        thresholds = tables.setdefault("thresholds", {})
        moved = set(self._overridden)
        if psi is not None:
            yellow = thresholds.get("psi", {}).get("yellow")
            bounds = {"red": psi, "because": f"set to {psi:g} for this run"}
            if yellow is not None and yellow < psi:
                bounds["yellow"] = yellow
            thresholds["psi"] = bounds
            moved.add("psi")
        for name, value in (("missing", missing), ("auc_drop", auc)):
            if value is not None:
                thresholds[name] = {"max": value, "because": f"set to {value:g} for this run"}
                moved.add(name)
        if owner is not None:
            tables.setdefault("project", {})["owner"] = owner
        config = type(self).from_dict(tables, where="threshold")
        config._overridden = frozenset(moved)
        config._folder = self._folder
        return config

    def path(self, value: str | None) -> str | None:
        """Resolve a path of this file against its folder; URLs and absolute paths stay as they are."""
        if value is None or "://" in value or Path(value).is_absolute():
            return value
        return str(self._folder / value)

    def column(self, name: str) -> ColumnConfig:
        """Settings of one column; the defaults where the file does not name it."""
        return self.columns.get(name, ColumnConfig())

    def psi_for(self, name: str) -> PsiThreshold:
        """The PSI bands that hold for a feature."""
        own = self.column(name).psi
        return self.thresholds.psi if own is None else own

    def missing_for(self, name: str) -> ShareThreshold:
        """The missingness threshold that holds for a column."""
        return self.column(name).missing or self.thresholds.missing

    @property
    def watched(self) -> list[str]:
        """Features whose drift is judged: those with `monitor = true`, and model features not switched off."""
        named = [name for name, column in self.columns.items() if column.monitor]
        features = [name for name in self.model.features if self.column(name).monitor is not False]
        return list(dict.fromkeys([*features, *named]))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the settings, independent of layout and comments."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return "sha256:" + hashlib.sha256(text.encode()).hexdigest()

    def thresholds_in_force(self) -> list[ThresholdInForce]:
        """Every threshold of a run with its justification and where it comes from."""
        found = []
        for name in type(self.thresholds).model_fields:
            entry = getattr(self.thresholds, name)
            given = name in self.thresholds.model_fields_set
            source = "override" if name in self._overridden else "config" if given else "default"
            found.append(ThresholdInForce.model_validate(_in_force(name, None, entry, source)))
        for column, settings in self.columns.items():
            for name in ("psi", "missing"):
                entry = getattr(settings, name)
                if entry is not None:
                    found.append(ThresholdInForce.model_validate(_in_force(name, column, entry, "config")))
        return found

    def unjustified(self) -> list[str]:
        """Names of thresholds in the file (or left at their default) that say no `because`."""
        return [
            f"thresholds.{t.name}" if t.column is None else f"columns.{t.column}.{t.name}"
            for t in self.thresholds_in_force()
            if not (t.because or "").strip()
        ]


def _in_force(name: str, column: str | None, entry: BaseModel, source: str) -> dict[str, Any]:
    values = entry.model_dump()
    because = values.pop("because")
    return {"name": name, "column": column, "value": values, "because": because, "source": source}


def _explain(error: ValidationError, tables: dict[str, Any]) -> str:
    """Say the first fault in one line: key, rule, value, and the nearest known key where one is unknown."""
    fault = error.errors()[0]
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    location = [part for part in fault["loc"] if part not in {"bool", "int", "float", "str"}]
    key = ".".join(str(part) for part in location)
    if fault["type"] == "extra_forbidden":
        known = _known_keys([str(part) for part in location[:-1]])
        hint = did_you_mean(str(location[-1]), known) or (f" Known keys: {', '.join(known)}." if known else "")
        return f"unknown key {key!r}.{hint}{more}"
    message = fault["msg"].removeprefix("Value error, ").removeprefix("Input ")
    if fault["type"] == "value_error":
        return f"{key}: {message}{more}".removeprefix(": ")
    return f"{key}: {message}; got {fault['input']!r}{more}"


def _known_keys(path: list[str]) -> list[str]:
    """Return the keys allowed in the table at `path`."""
    table: Any = FileTables
    for part in path:
        if isinstance(table, type) and issubclass(table, BaseModel) and part in table.model_fields:
            table = table.model_fields[part].annotation
            arguments = getattr(table, "__args__", ())
            models = [a for a in arguments if isinstance(a, type) and issubclass(a, BaseModel)]
            table = models[0] if models else table
    if isinstance(table, type) and issubclass(table, BaseModel):
        return list(table.model_fields)
    return []
