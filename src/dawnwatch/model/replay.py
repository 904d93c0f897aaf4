"""What each action would have come to on the newest labelled rows: wait, roll back, retrain, recalibrate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from dawnwatch.model.base import Frozen
from dawnwatch.model.gains import BlockGains, Gain, Metric, ReliabilityPart, SliceGain
from dawnwatch.model.needed import LONG
from dawnwatch.model.packet import Decision, Verdict

__all__ = [
    "REPLAY_VERSION",
    "Advice",
    "Block",
    "Candidate",
    "Replay",
    "ReplayAction",
    "ReplayNeeds",
    "standing_of",
]

REPLAY_VERSION = "1.3"
ReplayAction = Literal["wait", "rollback", "retrain", "recalibrate"]


class Block(Frozen):
    """Judged rows that follow each other in time, and what may be learned from for them."""

    begins_at: datetime
    """Nothing at or after it was learned from for this block."""
    judged_to: datetime
    learn_rows: int
    """Labelled rows before it, without the gap."""
    rows: int
    positives: int
    units: int | None


class Candidate(Frozen):
    """One action, and what it would have come to."""

    name: str
    action: ReplayAction
    how: str
    """What was done, in words."""
    learned_rows: int | None = None
    """For the last block, which has most; `blocks` has those of each."""
    learned_from: datetime | None = None
    learned_to: datetime | None = None
    """First and last row learned from for any block; null where nothing was learned, or rows have no time."""
    gains: list[Gain] = []
    """Of waiting itself the measures alone: its gains are 0."""
    joint_confidence: float | None = None
    """Level at which the joint intervals of all candidates that are judged by the same measure hold together."""
    slices: list[SliceGain] = []
    blocks: list[BlockGains] = []
    """In the order of the replay's `blocks`. Empty where it could not be judged, and in older files."""
    reliability: list[ReliabilityPart] = []
    """Of waiting and of recalibrations where scores are chances: bins of about equal rows, by rising score."""
    reason: str | None = None
    """Why it could not be judged."""

    @property
    def title(self) -> str:
        """What is done, in words."""
        return f"roll back to {self.name}" if self.action == "rollback" else self.name

    def gain(self, metric: Metric) -> Gain | None:
        """Return the gain in this metric; None where it was not computed."""
        return next((one for one in self.gains if one.metric == metric), None)

    @property
    def leading(self) -> Gain | None:
        """What the action is judged by: recalibration keeps the order of scores, so by log loss, all else by AUC."""
        return self.gain(self.judged_by)

    @property
    def judged_by(self) -> Metric:
        """The measure that the action is judged by."""
        return "log_loss" if self.action == "recalibrate" else "auc"

    @property
    def flips(self) -> bool:
        """Whether its gain is above 0 in one block and below in another."""
        gains = [gain.gain for block in self.blocks if (gain := block.gain(self.judged_by)) is not None]
        return min(gains, default=0.0) < 0 < max(gains, default=0.0)


class ReplayNeeds(Frozen):
    """What the judged rows lack for an answer."""

    of: str
    """What is counted: "label", or the unit's column."""
    now: int
    more: int
    """How many more, four times in five."""
    size: float
    """The difference that is then told."""
    per_day: float | None = None
    """How many came a day among the judged rows; null where these span no time, and of units where new
    ones do not keep coming."""
    by: datetime | None = None
    """When they will have come at that rate, at the earliest: one that comes back is not new. Null beyond 2 years, and
    of units where most that will come may have come already."""

    def arriving(self, span: timedelta, last: datetime) -> ReplayNeeds:
        """Return the same with the day by which they come as they came over a span that ends at `last`."""
        days = span.total_seconds() / 86_400
        if days <= 0 or self.now <= 0:
            return self
        per_day = self.now / days
        wait = self.more / per_day
        return self.model_copy(update={"per_day": per_day, "by": last + timedelta(wait) if wait < LONG else None})


class Advice(Frozen):
    """What the replay supports, by an ordered rule over its intervals."""

    verdict: Verdict
    candidate: str | None = None
    """The candidate it names."""
    text: str
    reasons: list[str] = []
    needs: ReplayNeeds | None = None


class Replay(Frozen):
    """The answer of `dawnwatch decide`."""

    schema_version: str = REPLAY_VERSION
    packet: str | None
    """Identity of the packet it is kept beside; null where there was none."""
    project: str
    created_at: datetime
    window: str
    """Where the rows came from."""
    window_rows: int
    labelled_rows: int
    """Of them, rows with a label, a time and a score."""
    cut_at: datetime
    """All rows at or after it are judged, in `blocks`, each by what learned from earlier rows alone."""
    gap_hours: float = 0.0
    """Rows this long before a block were not learned from for it: their labels had not come yet."""
    blocks: list[Block] = []
    """Of the judged rows, by time. The AUC is of pairs within a block. Empty in older files, which had one."""
    learn_rows: int
    """Labelled rows before the first block, without the gap."""
    judged_rows: int
    judged_positives: int
    judged_to: datetime
    unit: str | None
    units: int | None
    """Units among the judged rows."""
    confidence: float
    worth: float
    """A gain of AUC, or a fall of the calibration error, below this does not matter."""
    candidates: list[Candidate]
    """Waiting first."""
    advice: Advice
    decision: Decision | None = None
    """What stands with it, by the table of actions: `advice`, unless data or scores are at fault. Null where it is kept
    beside no packet, and in older files."""
    before: Verdict | None = None
    """The packet's own verdict, of before the replay."""
    instead: bool = False
    """Whether it was asked to stand although an earlier replay tried more."""
    not_run: list[str] = []
    """What was not replayed, and what would replay it."""
    notes: list[str] = []

    @property
    def verdict(self) -> Verdict:
        """What stands: the decision with the packet's evidence, else the advice alone."""
        return self.advice.verdict if self.decision is None else self.decision.verdict

    @property
    def waiting(self) -> Candidate:
        """The deployed model."""
        return self.candidates[0]

    @property
    def tried(self) -> frozenset[ReplayAction]:
        """The kinds of action that could be judged, waiting among them."""
        return frozenset(one.action for one in self.candidates if one.reason is None)


def standing_of(replays: Iterable[Replay]) -> Replay | None:
    """Return the replay of one packet that stands; None where there is none.

    The newest does that tried every kind of action that the one before it had tried: one that leaves some out knows
    nothing of them, and takes back nothing that was found, unless it was asked to (`instead`).
    """
    found: Replay | None = None
    for one in sorted(replays, key=lambda one: one.created_at):
        if found is None or one.instead or one.tried >= found.tried:
            found = one
    return found
