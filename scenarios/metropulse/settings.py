"""The `[scenario]` table of dawnwatch.toml: how the demo's windows are made. Read strictly."""

from __future__ import annotations

import difflib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dawnwatch import Config, ConfigError

__all__ = ["ScenarioSettings"]

Seed = Annotated[int, Field(ge=0, strict=True)]
Share = Annotated[float, Field(gt=0, lt=1)]
Part = Annotated[float, Field(ge=0.05, le=0.95)]


class ScenarioSettings(BaseModel):
    """Everything that decides the demo's rows. Unknown keys are refused.

    Attributes
    ----------
    seed
        Of the devices, the holdout and the folds.
    injection_seed
        Of the rows the injection relabels; `seed` where not given.
    mobile_share, night_share
        Strength of the injection: the shares of the current window it ends at, in (0, 1).
    reference_share
        Older part of the log, by time, in [0.05, 0.95]; the rest is the current window.
    train_share
        Part of the reference the model learns from, in [0.05, 0.95]; the rest is the holdout.
    holdout
        "random" (stratified by label) or "by_unit" (whole riders held out).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    seed: Seed = 7
    injection_seed: Seed | None = None
    mobile_share: Share = 0.60
    night_share: Share = 0.63
    reference_share: Part = 0.70
    train_share: Part = 0.80
    holdout: Literal["random", "by_unit"] = "random"

    @classmethod
    def of(cls, config: Config, **overrides: Any) -> ScenarioSettings:
        """Read `[scenario]`, with every override that is not None in its place.

        Raises
        ------
        ConfigError
            For an unknown key (naming the nearest known one) or a value out of its range.
        """
        given = {name: value for name, value in overrides.items() if value is not None}
        try:
            return cls.model_validate({**config.scenario, **given})
        except ValidationError as error:
            raise ConfigError(_explain(error)) from None

    @property
    def seed_of_injection(self) -> int:
        """The seed the injection uses."""
        return self.seed if self.injection_seed is None else self.injection_seed


def _explain(error: ValidationError) -> str:
    fault = error.errors()[0]
    key = str(fault["loc"][0])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if fault["type"] == "extra_forbidden":
        known = list(ScenarioSettings.model_fields)
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.55)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(known)}."
        return f"unknown key 'scenario.{key}'. {hint}{more}"
    return f"scenario.{key}: {fault['msg'].removeprefix('Input ')}; got {fault['input']!r}{more}"
