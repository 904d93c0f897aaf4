"""What several windows say of the model's accuracy together, in words."""

from __future__ import annotations

from dawnwatch.model.numbers import moment, number, plural, share, signed
from dawnwatch.model.over_time import OverTime

__all__ = ["over_time_text"]


def over_time_text(found: OverTime) -> str:
    """Say whether the model is worse than its tolerance over the windows so far, and from when on."""
    if found.drop is None or found.low is None:
        return "Over time: no window counts yet"
    late = found.batches - found.windows
    over = plural(found.windows, "window") + (f" and {plural(late, 'batch', 'batches')} of late labels" if late else "")
    limit = f"{found.tolerance:g}"
    if found.worse:
        # One window has no earlier one to have begun after, and windows without times are not dated by their judging.
        dated = found.windows > 1 and found.since is not None and found.fired_at is not None
        since = f" since {moment(found.since)}, certain with the window of {moment(found.fired_at)}" if dated else ""
        text = (
            f"Over {over}: worse by more than {limit}{since} (mean fall {number(found.drop)}, at least "
            f"{number(found.low, apart_from=[found.tolerance])} however often one looks, at most "
            f"{share(found.level, 0)} false alarms ever)"
        )
    else:
        text = (
            f"Over {over}: not shown to be worse by more than {limit} (mean change at worst {signed(-found.drop)}, "
            f"fall at least {number(max(found.low, 0.0))} however often one looks)"
        )
    return text + (f"; {plural(found.left_out, 'window')} left out" if found.left_out else "")
