"""The trade-offs of the file: how much is too much, and why."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler

from dawnwatch.config.values import Number, Share, Table
from dawnwatch.model.distances import DISTANCES, Method

__all__ = [
    "LEAST_PSI",
    "NOT_WEIGHED",
    "AucDropThreshold",
    "Bands",
    "DistanceBands",
    "DistanceThreshold",
    "DomainThreshold",
    "PsiThreshold",
    "RowThreshold",
    "ShareThreshold",
    "ThresholdsConfig",
    "yellow_for",
]

YELLOW_DEFAULT = 0.10
RED_DEFAULT = 0.20
LEAST_PSI = 1e-6
"""Two windows of a million rows of the same source already differ by more (2e-6 for two bins), by chance alone."""
NOT_WEIGHED = "dawnwatch's starting point, not yet weighed for this model: "
"""How every `because` begins that `dawnwatch init` wrote: it justifies nothing until a person does."""


def yellow_for(red: float) -> float:
    """Return the yellow bound that goes with a red bound when only the red one was given."""
    return max(LEAST_PSI, min(YELLOW_DEFAULT, red / 2))


class Bands(Table):
    """Where YELLOW and RED begin."""

    yellow: Number
    red: Number
    because: str | None = None


class PsiThreshold(Bands):
    """Bands of the population stability index. Where only `red` is given, yellow is `min(0.10, red / 2)`."""

    yellow: Annotated[Number, Field(ge=LEAST_PSI)] = YELLOW_DEFAULT
    red: Annotated[Number, Field(ge=LEAST_PSI)] = RED_DEFAULT
    because: str | None = None

    @model_validator(mode="wrap")
    @classmethod
    def _yellow_follows_red(cls, data: Any, build: ModelWrapValidatorHandler[PsiThreshold]) -> PsiThreshold:
        red = data.get("red") if isinstance(data, dict) and "yellow" not in data else None
        if not isinstance(red, int | float) or not red > 0:
            return build(data)
        bands = build({**data, "yellow": yellow_for(float(red))})
        # It was derived, not set: it must follow when red is moved again.
        bands.model_fields_set.discard("yellow")
        return bands

    @model_validator(mode="after")
    def _ordered(self) -> PsiThreshold:
        if self.yellow > self.red:
            raise ValueError(f"yellow ({self.yellow:g}) must not exceed red ({self.red:g})")
        return self

    def within(self, general: PsiThreshold) -> PsiThreshold:
        """Return these bands of one feature, taking from the general ones what it does not say itself."""
        if "red" in self.model_fields_set:
            return self
        yellow = self.yellow if "yellow" in self.model_fields_set else general.yellow
        # The general red bound may have been lowered below this yellow one for a run.
        return PsiThreshold(yellow=yellow, red=max(yellow, general.red), because=self.because)


class DistanceThreshold(Table):
    """Bands of another distance. What is left out keeps the proportion of its default bands (`model.distances`)."""

    yellow: Annotated[Number, Field(gt=0)] | None = None
    red: Annotated[Number, Field(gt=0)] | None = None
    because: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> DistanceThreshold:
        if self.yellow is not None and self.red is not None and self.yellow > self.red:
            raise ValueError(f"yellow ({self.yellow:g}) must not exceed red ({self.red:g})")
        return self

    def bands(self, method: Method) -> Bands:
        """Return both bounds."""
        default = DISTANCES[method]
        yellow, red = self.yellow, self.red
        if yellow is None:
            yellow = default.yellow if red is None else red * default.yellow / default.red
        if red is None:
            red = max(default.red, yellow)
        return Bands(yellow=yellow, red=red, because=self.because)


class DistanceBands(Table):
    """Bands by distance, for those that are judged by another one than the PSI."""

    kl: DistanceThreshold | None = None
    jensen_shannon: DistanceThreshold | None = None
    hellinger: DistanceThreshold | None = None
    cramers_v: DistanceThreshold | None = None
    total_variation: DistanceThreshold | None = None
    l_infinity: DistanceThreshold | None = None
    ks: DistanceThreshold | None = None
    wasserstein: DistanceThreshold | None = None
    energy: DistanceThreshold | None = None

    def by(self, method: Method) -> DistanceThreshold | None:
        """Return what is said of one distance, none of which is the PSI."""
        found: DistanceThreshold | None = getattr(self, method)
        return found


class ShareThreshold(Table):
    """The largest share of failing rows that still passes; strictly above it fails."""

    max: Share = 0.05
    because: str | None = None


class RowThreshold(ShareThreshold):
    """As above, for rules no row may break unless the file says otherwise."""

    max: Share = 0.0


class AucDropThreshold(Table):
    """The largest fall of the AUC that still passes; strictly above it fails."""

    max: Share = 0.05
    because: str | None = None


class DomainThreshold(Table):
    """The largest AUC of telling the windows apart that still passes; strictly above it fails.

    0.62 is that of one normal feature which has moved so far that its PSI is 0.20.
    """

    max: Annotated[Number, Field(ge=0.5, le=1)] = 0.62
    because: str | None = None


class ThresholdsConfig(DistanceBands):
    """The trade-offs. Every one carries its justification in `because`."""

    psi: PsiThreshold = PsiThreshold()
    prediction: PsiThreshold = PsiThreshold()
    label: PsiThreshold = PsiThreshold()
    domain: DomainThreshold = DomainThreshold()
    missing: ShareThreshold = ShareThreshold()
    auc_drop: AucDropThreshold = AucDropThreshold()
    range: RowThreshold = RowThreshold()
    duplicates: RowThreshold = RowThreshold()
