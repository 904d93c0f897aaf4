"""A replayed decision that is hostile here and there, for whatever shows one."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.report.sample_packet import metropulse

from dawnwatch.model.gains import BlockGains, Gain, Metric, SliceGain
from dawnwatch.model.replay import Advice, Block, Candidate, Replay, ReplayAction


def gain(metric: Metric, value: float, waiting: float, *, half: float | None = 0.01) -> Gain:
    better = value - waiting if metric == "auc" else waiting - value
    bounds = None if half is None else (better - half, better + half)
    return Gain(metric=metric, value=value, waiting=waiting, gain=better, interval=bounds, joint=bounds, rows=1500)


def candidate(name: str, action: ReplayAction, auc: float, loss: float, *, half: float | None = 0.01) -> Candidate:
    return Candidate(
        name=name,
        action=action,
        how="as it is",
        learned_rows=900,
        gains=[gain("auc", auc, 0.70, half=half), gain("log_loss", loss, 0.60, half=half)],
        slices=[
            SliceGain(column="device", value="<b>mobile</b>", rows=800, auc=gain("auc", auc - 0.01, 0.69, half=half)),
            SliceGain(column="device", value="desktop", rows=9, auc=None, reason="9 rows, of 100"),
        ],
    )


FOUND = Replay(
    packet=metropulse().id,
    project="Shop | <script>",
    created_at=datetime(2026, 3, 2, tzinfo=UTC),
    window="current.parquet",
    window_rows=3100,
    labelled_rows=3000,
    cut_at=datetime(2026, 2, 1, 6, tzinfo=UTC),
    gap_hours=48,
    learn_rows=1400,
    judged_rows=1500,
    judged_positives=700,
    judged_to=datetime(2026, 3, 1, tzinfo=UTC),
    unit="rider",
    units=120,
    confidence=0.95,
    worth=0.01,
    candidates=[
        candidate("wait", "wait", 0.70, 0.60, half=None),
        candidate("may", "rollback", 0.66, 0.64),
        candidate("retrain on current", "retrain", 0.73, 0.57),
        Candidate(name="retrain on newest half", action="retrain", how="", reason="the trainer failed: no"),
    ],
    advice=Advice(verdict="retrain", candidate="retrain on current", text="Retrain on current: AUC 0.730"),
    not_run=["nothing else"],
)


def chained(*by_block: tuple[float, ...]) -> Replay:
    """The same in two blocks of time, in which the models of `FOUND` rank otherwise.

    Parameters
    ----------
    by_block : the AUC of each candidate that was judged, in each block; the first is waiting's
    """
    begins = [FOUND.cut_at, datetime(2026, 2, 15, tzinfo=UTC)]
    blocks = [
        Block(begins_at=at, judged_to=FOUND.judged_to, learn_rows=900 + 750 * i, rows=750, positives=350, units=90)
        for i, at in enumerate(begins)
    ]
    judged = [one for one in FOUND.candidates if one.reason is None]
    parted = {}
    for one, aucs in zip(judged, by_block, strict=True):
        half = None if one.action == "wait" else 0.02
        parts = [[gain("auc", auc, by_block[0][i], half=half)] for i, auc in enumerate(aucs)]
        learned = [900, 1650] if one.action == "retrain" else [None, None]
        own = [BlockGains(learned_rows=rows, gains=gains) for rows, gains in zip(learned, parts, strict=True)]
        parted[one.name] = one.model_copy(update={"blocks": own, "learned_rows": learned[-1]})
    candidates = [parted.get(one.name, one) for one in FOUND.candidates]
    return FOUND.model_copy(update={"blocks": blocks, "candidates": candidates})
