"""Reading dawnwatch.toml into a `Config`, with one clear line for whatever is wrong in it."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import PrivateAttr, ValidationError, model_validator

from dawnwatch.config.column import ColumnConfig
from dawnwatch.config.counted import counted, profiled
from dawnwatch.config.faults import explain
from dawnwatch.config.in_force import thresholds_in_force, unjustified
from dawnwatch.config.policy import ESTIMATE_GAP, INFORMING, PolicyRule, with_rule
from dawnwatch.config.schema import FileTables
from dawnwatch.config.thresholds import Bands, DistanceThreshold, PsiThreshold, ShareThreshold
from dawnwatch.errors import ConfigError, one_line
from dawnwatch.model.distances import DISTANCES, PSI, Method
from dawnwatch.model.enums import Severity
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
    def _bands_are_of_the_method(self) -> Config:
        for name, column in self.columns.items():
            method = column.method or self.drift.method
            # Where the general method needs an order, a category keeps the PSI.
            used = {method, PSI} if column.method is None and DISTANCES[method].ordered else {method}
            for other in (name for name in column.own_bands if name not in used):
                raise ValueError(
                    f"columns.{name}.{other}: bands of a distance that {name} is not judged by; set "
                    f'columns.{name}.method = "{other}", or give the bands of {method}'
                )
        return self

    @model_validator(mode="after")
    def _added_rules_have_names_of_their_own(self) -> Config:
        names = {rule.name for rule in self.policy}
        for what in INFORMING:
            if getattr(self.drift, what) != "none" and f"{what}_drift" in names:
                raise ValueError(
                    f"drift.{what} adds a rule '{what}_drift', and [[policy]] has one of that name; rename it, or "
                    f"leave drift.{what} at 'none'"
                )
        return self

    @model_validator(mode="after")
    def _unwatched_features_say_why(self) -> Config:
        for name, column in self.columns.items():
            if column.monitor is False and name in self.model.features and not (column.because or "").strip():
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
            # Some editors begin a file with a byte order mark.
            tables = tomllib.loads(path.read_text("utf-8-sig"))
        except FileNotFoundError:
            raise ConfigError(f"{path}: no such configuration; write one with `dawnwatch init REFERENCE`") from None
        except OSError as error:
            raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from None
        except UnicodeDecodeError:
            raise ConfigError(f"{path}: not UTF-8 text; save it as UTF-8") from None
        except (ValueError, RecursionError) as error:
            raise ConfigError(f"{path}: not valid TOML: {one_line(error)}") from None
        config = cls.from_dict(tables, where=str(path))
        config._folder = path.parent
        return config

    @classmethod
    def from_dict(cls, tables: dict[str, Any], *, where: str = "configuration") -> Config:
        """Build from nested dictionaries as TOML gives them. Raises ConfigError."""
        try:
            return cls.model_validate(tables)
        except ValidationError as error:
            raise ConfigError(f"{where}: {explain(error)}") from None

    def override(
        self,
        *,
        psi: float | None = None,
        missing: float | None = None,
        auc: float | None = None,
        range: float | None = None,
        duplicates: float | None = None,
        owner: str | None = None,
    ) -> Config:
        """Return a copy with thresholds or owner moved for one run. Raises ConfigError on a bad value.

        A lowered red bound takes the yellow one with it, `min(0.10, red / 2)`, unless yellow was configured and
        still lies below it. Columns with bounds of their own keep them.
        """
        # Only what moves is checked anew: a configuration may have thousands of columns, and what-if moves often.
        tables: dict[str, Any] = {"thresholds": self.thresholds.model_dump(exclude_unset=True)}
        thresholds, moved = tables["thresholds"], set(self._overridden)
        if psi is not None:
            yellow = thresholds.get("psi", {}).get("yellow")
            bounds = {"red": psi, "because": f"set to {psi:g} for this run"}
            if yellow is not None and yellow < psi:
                bounds["yellow"] = yellow
            thresholds["psi"] = bounds
            moved.add("psi")
        shares = {"missing": missing, "auc_drop": auc, "range": range, "duplicates": duplicates}
        for name, value in shares.items():
            if value is not None:
                thresholds[name] = {"max": value, "because": f"set to {value:g} for this run"}
                moved.add(name)
        if not thresholds:
            del tables["thresholds"]
        if owner is not None:
            tables["project"] = {**self.project.model_dump(exclude_unset=True), "owner": owner}
        checked = type(self).from_dict(tables, where="threshold")
        config = self.model_copy(update={name: getattr(checked, name) for name in tables})
        config._overridden = frozenset(moved)
        return config

    def mark_overridden(self, *names: str) -> None:
        """Say of thresholds, "psi" or a column's own "psi.COLUMN", that they were set for one run."""
        self._overridden |= frozenset(names)

    def because(self, **reasons: str) -> Config:
        """Return a copy in which thresholds, by name, say why they are what they are."""
        tables = self.model_dump(exclude_unset=True)
        for name, reason in reasons.items():
            tables.setdefault("thresholds", {}).setdefault(name, {})["because"] = reason
        config = type(self).from_dict(tables, where="threshold")
        config._overridden, config._folder = self._overridden, self._folder
        return config

    def path(self, value: str | None) -> str | None:
        """Resolve a path of this file against its folder; URLs, absolute paths and those from ~/ are left alone."""
        if value is None or "://" in value or Path(value).is_absolute():
            return value
        if value.startswith("~/"):
            return str(Path(value).expanduser())
        return str(self._folder / value)

    @property
    def judge(self) -> Literal["tested", "off"]:
        """Whether a shift or a fall must be more than chance to count, or size alone decides."""
        return "off" if self.performance.significance == "off" else self.significance.judge

    @property
    def destinations(self) -> list[str]:
        """Where alerts go, `[alerts] to`, with paths resolved against the file's folder."""
        return [self.path(destination) or destination for destination in self.alerts.to]

    @property
    def rules(self) -> list[PolicyRule]:
        """The severity table in force: the file's, with the rules that `[drift]` and `[performance]` add to it."""
        rules = self.policy
        for what, fact in INFORMING.items():
            severity = getattr(self.drift, what)
            if severity != "none":
                rule = PolicyRule(name=f"{what}_drift", severity=Severity(severity), all=[fact])
                rules = with_rule(rules, rule)
        if self.performance.estimate_gap != "none":
            severity = Severity(self.performance.estimate_gap)
            rules = with_rule(rules, PolicyRule(name=ESTIMATE_GAP, severity=severity, all=[ESTIMATE_GAP]))
        return rules

    def counts(self, what: str) -> bool:
        """Whether a rule of the severity table asks for what else only informs, one of `INFORMING`."""
        fact = INFORMING[what]
        return any(fact in {*rule.all, *rule.any, *rule.none} for rule in self.rules)

    def column(self, name: str) -> ColumnConfig:
        """Settings of one column; the defaults where the file does not name it."""
        return self.columns.get(name, ColumnConfig())

    def psi_for(self, name: str) -> PsiThreshold:
        """The PSI bands that hold for a feature; what its own entry leaves out is as for all features."""
        own = self.column(name).psi
        return self.thresholds.psi if own is None else own.within(self.thresholds.psi)

    def method_for(self, name: str, kind: Literal["categorical", "numeric"]) -> Method:
        """The distance a feature's shift is judged by; the PSI where the one for all features needs an order."""
        own, general = self.column(name).method, self.drift.method
        if own is not None:
            return own
        return PSI if DISTANCES[general].ordered and kind == "categorical" else general

    def bands_for(self, name: str, method: Method) -> Bands:
        """The bands that hold for a feature where its shift is judged by this distance."""
        if method == PSI:
            return self.psi_for(name)
        own, general = self.column(name).by(method), self.thresholds.by(method) or DistanceThreshold()
        if own is None or (own.yellow is None and own.red is None):
            return general.bands(method).model_copy(update={} if own is None else {"because": own.because})
        return own.bands(method)

    def missing_for(self, name: str) -> ShareThreshold:
        """The missingness threshold that holds for a column; where its own entry has no `max`, that of all columns."""
        own, general = self.column(name).missing, self.thresholds.missing
        if own is None or "max" in own.model_fields_set:
            return own or general
        return own.model_copy(update={"max": general.max})

    def asks_of_drift(self, name: str) -> bool:
        """Whether a column's drift is a question, so that its `because` answers that and nothing else."""
        return name in self.model.features or self.column(name).monitor is not None

    def bounds_because(self, name: str) -> str | None:
        """Why a column's bounds are what they are; None where nothing says so, or it has none."""
        column = self.column(name)
        if not column.bounded:
            return None
        said = [column.bounds_because, None if self.asks_of_drift(name) else column.because]
        return next((why for why in said if (why or "").strip()), None)

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

    @property
    def counted(self) -> dict[str, Any]:
        """The settings that decide what a profile counts; under equal ones a window can be judged again."""
        return counted(self)

    @property
    def profiled(self) -> dict[str, Any]:
        """The settings a reference profile rests on: what is counted, wherever the data lies."""
        return profiled(self)

    def thresholds_in_force(self) -> list[ThresholdInForce]:
        """Every threshold of a run with its justification and where it comes from."""
        return thresholds_in_force(self, self._overridden)

    def unjustified(self) -> list[str]:
        """Names of thresholds in the file (or left at their default) that say no `because`."""
        return unjustified(self)
