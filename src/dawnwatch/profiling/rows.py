"""What one batch's rows are apart from their columns: label, score bin, unit group, known or new."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dawnwatch.model.plan import LABELS, UNIT_GROUPS, Plan, UnitPlan
from dawnwatch.model.score_bins import GROUPS
from dawnwatch.profiling.arrow import null_mask, numbers, type_name
from dawnwatch.profiling.coding import MODEL_SCORES, SCORES, label_codes
from dawnwatch.profiling.counting import Counting, bucket_starts
from dawnwatch.profiling.hashing import hash_column, hash_rows, seed_word

__all__ = ["NO_KEY", "Known", "Rows"]

NO_KEY = np.uint64(0)
"""Stands for the key of a row that has none; a real key hashes to it once in 2**64."""
UNKNOWN = 2
"""Code of a label that is neither class or missing."""
MISSING_UNIT = 2
Codes = NDArray[np.int32]
Hashes = NDArray[np.uint64]


class Known:
    """The units that training rows held, ready to be looked up."""

    def __init__(self, unit: UnitPlan) -> None:
        self.hashes = unit.known
        self.starts = bucket_starts(unit.known)


class Rows:
    """One batch, coded.

    Parameters
    ----------
    table : where [label, fine score bin] is counted

    Attributes
    ----------
    labels : 0, 1 or 2 (unknown), shape (rows,)
    other : mask of the labels that are neither class; None where there are none
    scores : shape (rows,), NaN where there is none
    """

    def __init__(
        self, batch: pa.RecordBatch, plan: Plan, counting: Counting, table: NDArray[np.int64] | None = None
    ) -> None:
        if table is None:
            table = np.zeros((LABELS, plan.score_bins.fine + 1), np.int64)
        self.batch, self.plan, self._counting = batch, plan, counting
        self.rows = batch.num_rows
        self.have = {name: batch.column(i) for i, name in enumerate(batch.schema.names)}
        self._numbers: dict[str, NDArray[np.float64]] = {}
        labels, self.label_values = label_codes(self.have.get(plan.label or ""), self.rows, plan)
        self.other: NDArray[np.bool_] | None = None
        if self.label_values.total:
            self.other = labels == 3
            labels[self.other] = UNKNOWN
        self.labels = labels
        self.scores = self._read_scores()
        self._coarse = counting.scores(self.scores, labels, plan.score_bins, table)
        self._outcomes: dict[int, Codes] = {}

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a numeric column as float64, nulls as NaN; see `dawnwatch.profiling.arrow.numbers`."""
        if name not in self._numbers:
            self._numbers[name] = numbers(self.have[name])
        return self._numbers[name]

    def _read_scores(self) -> NDArray[np.float64]:
        """Return each row's score: the logged one where there is one, else the model's, else NaN."""
        logged, of_model = self.have.get(self.plan.score or ""), self.have.get(MODEL_SCORES)
        if logged is None or type_name(logged.type) not in SCORES:
            scores = np.full(self.rows, np.nan)
        else:
            scores = self.numbers(self.plan.score or "")
        return scores if of_model is None else np.where(np.isnan(scores), numbers(of_model), scores)

    def outcome(self, bins: int) -> Codes:
        """Return label and score as one code, label * (bins + 1) + score bin, for this many coarse score bins."""
        if bins not in self._outcomes:
            shift = (GROUPS // bins).bit_length() - 1  # "no score", 512, becomes `bins`
            self._outcomes[bins] = self._counting.outcome(self.labels, self._coarse, shift, bins + 1)
        return self._outcomes[bins]

    def units(self, known: Known) -> tuple[Hashes, Codes, Codes]:
        """Return each row's seeded unit hash, its group, and 0 (known unit), 1 (new) or 2 (missing).

        Rows without a unit are in none of the `UNIT_GROUPS` groups, and have the code behind the last.
        """
        unit = self.plan.unit
        array = None if unit is None else self.have.get(unit.column)
        if unit is None or array is None:
            nowhere = np.full(self.rows, UNIT_GROUPS, np.int32)
            return np.empty(0, np.uint64), nowhere, np.full(self.rows, MISSING_UNIT, np.int32)
        hashes = hash_column(array)
        which = 1 - self._counting.members(hashes, known.hashes, known.starts).astype(np.int32)
        if array.null_count or pa.types.is_dictionary(array.type):
            which[null_mask(array)] = MISSING_UNIT
        if type_name(array.type) == "number":
            which[np.isnan(self.numbers(unit.column))] = MISSING_UNIT
        seeded = self._seeded(hashes)
        groups = (seeded & np.uint64(UNIT_GROUPS - 1)).astype(np.int32)
        groups[which == MISSING_UNIT] = UNIT_GROUPS
        return seeded, groups, which

    def keys(self) -> Hashes | None:
        """Return the hash of each row's key, `NO_KEY` where a part is missing; None without all key columns."""
        names = self.plan.keys
        if not names or any(name not in self.have for name in names):
            return None
        hashes = hash_rows({name: hash_column(self.have[name]) for name in names})
        for name in names:
            array = self.have[name]
            if array.null_count or pa.types.is_dictionary(array.type):
                hashes[null_mask(array)] = NO_KEY
        return hashes

    def seeded_keys(self, keys: Hashes) -> Hashes:
        """Return the keys' hashes as units of the sample."""
        return self._seeded(keys)

    def _seeded(self, hashes: Hashes) -> Hashes:
        return self._counting.mix(hashes ^ seed_word(self.plan.seed))
