"""How numbers are written, once, for sentences, pictures, the HTML report and the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dawnwatch.model.measurement import Interval

__all__ = [
    "NOT_COMPUTED",
    "confidence",
    "count",
    "duration",
    "estimate",
    "few",
    "interval",
    "lasting",
    "moment",
    "number",
    "p_value",
    "plural",
    "share",
    "short_share",
    "signed",
    "threshold_value",
]

NOT_COMPUTED = "not computed"


def number(value: float | None, digits: int = 3, *, apart_from: Sequence[float] = ()) -> str:
    """Write a number with `digits` decimals, more where rounding would move it onto or across a bound.

    Parameters
    ----------
    value : float or None
        None is written as "not computed".
    digits : int
        Decimals to start from.
    apart_from : sequence of float
        Bounds that the written number must not reach unless the number itself does; so a PSI of 0.1998 against
        a bound of 0.2 does not read "0.200". At most 6 decimals are spent on it.

    Examples
    --------
    >>> number(0.6993), number(0.1998, apart_from=[0.2]), number(1234.5)
    ('0.699', '0.1998', '1,234.5')
    """
    if value is None:
        return NOT_COMPUTED
    if abs(value) >= 100:
        digits = min(digits, 1)
    elif abs(value) >= 10:
        digits = min(digits, 2)
    enough = (d for d in range(digits, 7) if not any(_crosses(value, bound, d) for bound in apart_from))
    text = f"{value:,.{next(enough, digits)}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text


def _crosses(value: float, bound: float, digits: int) -> bool:
    shown = round(value, digits)
    return value != bound and (shown == bound or (shown < bound) != (value < bound))


def signed(value: float | None, digits: int = 3, *, apart_from: Sequence[float] = ()) -> str:
    """Write a number with its sign: "+0.060", "-0.012", "0.000".

    Examples
    --------
    >>> signed(0.0596), signed(-0.012)
    ('+0.060', '-0.012')
    """
    text = number(value, digits, apart_from=apart_from)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def count(value: int | None) -> str:
    """Write a count with thousands separators: "18,012"."""
    return NOT_COMPUTED if value is None else f"{value:,}"


def plural(value: int, noun: str, nouns: str | None = None) -> str:
    """Write a count with its noun: "1 check", "20 checks"."""
    return f"{count(value)} {noun if value == 1 else nouns or noun + 's'}"


def few(names: Sequence[str], most: int) -> str:
    """Write a list of names, of more than `most` the first ones and how many others there are.

    Examples
    --------
    >>> few(["age", "plan"], 3), few(["age", "plan", "country", "device"], 3)
    ('age, plan', 'age, plan and 2 more')
    """
    return (
        ", ".join(names) if len(names) <= most else f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"
    )


def p_value(value: float) -> str:
    """Write a p-value with its sign.

    Examples
    --------
    >>> p_value(0.0314), p_value(2e-9), p_value(0.4)
    ('p = 0.031', 'p < 0.0001', 'p = 0.4')
    """
    return "p < 0.0001" if value < 1e-4 else f"p = {value:.2g}"


def share(value: float | None, digits: int = 1) -> str:
    """Write a share of 1 in percent. What is not quite none or all never reads as none or all.

    Examples
    --------
    >>> share(0.6), share(0.00001), share(0.99999), share(0.05, 0)
    ('60.0%', '<0.1%', '>99.9%', '5%')
    """
    if value is None:
        return NOT_COMPUTED
    step = 10.0**-digits
    if 0 < value * 100 < step / 2:
        return f"<{step:.{digits}f}%"
    if 100 - step / 2 <= value * 100 < 100:
        return f">{100 - step:.{digits}f}%"
    return f"{value * 100:.{digits}f}%"


def short_share(value: float) -> str:
    """Write a share of 1 for a sentence: with a decimal only near none and all.

    Examples
    --------
    >>> short_share(0.0), short_share(0.053), short_share(0.631), short_share(0.995)
    ('0%', '5.3%', '63%', '99.5%')
    """
    return share(value, 0 if value in {0, 1} or 0.1 <= value <= 0.9 else 1)


def interval(bounds: Interval, digits: int = 3) -> str:
    """Write an interval: "0.692 to 0.706"."""
    return f"{number(bounds[0], digits)} to {number(bounds[1], digits)}"


def confidence(level: float) -> str:
    """Write a confidence level: "95%", or "98.3%" where it was corrected.

    Examples
    --------
    >>> confidence(0.95), confidence(1 - 0.05 / 3)
    ('95%', '98.3%')
    """
    return f"{level * 100:.3g}%" if level < 0.9995 else ">99.9%"


def estimate(
    value: float | None,
    bounds: Interval | None = None,
    level: float = 0.95,
    digits: int = 3,
    *,
    apart_from: Sequence[float] = (),
) -> str:
    """Write a number with its confidence interval.

    Examples
    --------
    >>> estimate(0.6993, (0.6921, 0.7062))
    '0.699 (95% interval 0.692 to 0.706)'
    """
    text = number(value, digits, apart_from=apart_from)
    if value is None or bounds is None:
        return text
    return f"{text} ({confidence(level)} interval {interval(bounds, digits)})"


def duration(hours: float | None) -> str:
    """Write a number of hours: "30 minutes", "4 hours", "14 days"; "nothing due" for None.

    Examples
    --------
    >>> duration(0.5), duration(24), duration(36), duration(336)
    ('30 minutes', '24 hours', '36 hours', '14 days')
    """
    if hours is None:
        return "nothing due"
    if hours < 1:
        return plural(max(1, round(hours * 60)), "minute")
    whole = hours >= 48 and hours % 24 == 0
    amount, noun = (hours / 24, "day") if whole else (hours, "hour")
    return f"{amount:,g} {noun if amount == 1 else noun + 's'}"


def lasting(hours: float) -> str:
    """Write a measured length of time, rounded: minutes below an hour, hours below two days, then days.

    Examples
    --------
    >>> lasting(0.26), lasting(26.4), lasting(49.9), lasting(-3)
    ('16 minutes', '26 hours', '2 days', '1 minute')
    """
    return duration(hours if hours < 1 else round(hours) if hours < 48 else 24 * round(hours / 24))


def age(hours: float) -> str:
    """Write an age that rows are told apart by, to the hour: rounded to days it would name rows on the wrong side.

    Examples
    --------
    >>> age(0.26), age(89.4), age(72.0)
    ('16 minutes', '89 hours', '3 days')
    """
    return duration(hours if hours < 1 else round(hours))


def moment(when: datetime | None) -> str:
    """Write a time to the minute with its zone: "2026-03-02 06:00 UTC"; "none" for None."""
    return "none" if when is None else f"{when:%Y-%m-%d %H:%M} {when.tzname() or ''}".rstrip()


def threshold_value(values: dict[str, float]) -> str:
    """Write a threshold's numbers: "yellow 0.1, red 0.2" or "max 0.05"."""
    return ", ".join(f"{name} {value:g}" for name, value in values.items())
