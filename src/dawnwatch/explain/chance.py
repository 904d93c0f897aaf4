"""What a feature's PSI would be by chance alone, as this run knows it, and what more rows would change."""

from __future__ import annotations

from dataclasses import dataclass

from dawnwatch.model.feature_drift import FeatureDrift
from dawnwatch.model.numbers import count, number, plural, share
from dawnwatch.report.words import shown

__all__ = ["ByChance", "by_chance"]


@dataclass(frozen=True, slots=True)
class ByChance:
    """The noise of one feature's PSI where nothing moved.

    Attributes
    ----------
    mean : PSI on average, in nats
    limit : PSI stays below it 19 times in 20; None in older packets
    effect : the design effect, how many times `mean` is that of as many independent rows; None where rows are taken as
        independent
    unit : column of the independent thing; None where rows are taken as independent, or size alone is judged
    units : how many the window with fewer of them holds
    rows : of the reference and of the current window
    """

    mean: float
    limit: float | None
    effect: float | None
    unit: str | None
    units: int | None
    rows: tuple[int, int]

    @property
    def stretch(self) -> float | None:
        """Return how many times the mean the limit is; None where either is not known, or there is no noise."""
        return self.limit / self.mean if self.limit is not None and self.mean > 0 else None

    @property
    def short(self) -> str:
        """One sentence: what chance alone would give."""
        most = f", and below {self.limit:.2g} 19 times in 20" if self.limit is not None else ""
        if self.effect is None:
            return f"Chance alone would give about {self.mean:.2g} with so many rows{most}."
        return (
            f"Chance alone would give about {self.mean:.2g} with so many rows{most}: rows of one {self._one} are not "
            f"independent (design effect {times(self.effect)})."
        )

    @property
    def long(self) -> str:
        """What that means for these rows, and for more of them; "" where rows are taken as independent."""
        if self.effect is None:
            return ""
        one = self._one
        held = "" if self.units is None else f" ({plural(self.units, 'value')} in the window that holds fewer)"
        are = "are not" if self.effect > 1 else "are not taken to be"
        said = [
            f"Rows of one {one}{held} {are} independent: chance moves this PSI {times(self.effect)} times as much as "
            "it would independent rows, the design effect."
        ]
        if self.effect > 1:
            then, now = (count(round(rows / self.effect)) for rows in self.rows)
            said += [
                f"So these {count(self.rows[0])} and {count(self.rows[1])} rows tell as much as {then} and {now} "
                f"independent ones would.",
                # With a likeness r within units the noise is effect = (1 - r) + r · rows a unit; more rows of the same
                # units make only the first part smaller.
                f"More rows of the same {one} values, however many, take away at most {share(1 / self.effect)} of this "
                f"noise while rows of one resemble each other as they do here; more {one} values do.",
            ]
        return " ".join(
            [
                *said,
                f"The other numbers of rows below are of as many rows a {one} as here. Where counts are changed, the "
                "design effect stays this run's.",
            ]
        )

    @property
    def _one(self) -> str:
        return "unit" if self.unit is None else shown(self.unit)


def times(effect: float) -> str:
    """Write a design effect, such as 88 or 0.62."""
    return number(effect, 0) if effect >= 10 else f"{effect:.2g}"


def by_chance(feature: FeatureDrift) -> ByChance | None:
    """Return the noise of a feature's PSI as its packet holds it; None where the packet does not."""
    if feature.by_chance is None:
        return None
    test, rows = feature.significance, (feature.reference_rows, feature.current_rows)
    used = sum(1 for b in feature.bins if b.reference or b.current)
    independent = (used - 1) * (1 / rows[0] + 1 / rows[1])
    # The packet's own noise tells the effect also where too few units were there to judge, or size alone is judged.
    effect = feature.by_chance / independent if independent > 0 else 1.0
    return ByChance(
        mean=feature.by_chance,
        limit=feature.by_chance_limit,
        effect=effect if abs(effect - 1) > 1e-6 else None,
        unit=test.unit if test else None,
        units=test.units if test else None,
        rows=rows,
    )
