"""Training MetroPulse's model anew, on other rows or without some riders, and scoring rows with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from dawnwatch import Config
from metropulse.affinity import Affinity, out_of_fold
from metropulse.recommender import score, train

__all__ = ["AFFINITIES", "Fitted", "fit", "trainer"]

AFFINITIES = {"user_affinity": "user_id", "item_affinity": "item_id"}
"""The column that each affinity is learned by."""


@dataclass(frozen=True)
class Fitted:
    """A recommender with the affinities it was trained with; called with rows of any columns, it scores them.

    Attributes
    ----------
    affinities : by column
    features : columns that a caller must hand over; none named, so that the identifiers come with them
    """

    model: Any
    affinities: dict[str, Affinity]
    inputs: list[str]
    features: tuple[str, ...] = ()

    def seen(self, rows: Any) -> Any:
        """Return a pyarrow.Table's rows with the affinities that this model knows."""
        for name, affinity in self.affinities.items():
            rows = _replaced(rows, name, affinity.of(rows[AFFINITIES[name]].to_numpy()))
        return rows

    def __call__(self, rows: Any) -> Any:
        """Return the scores of a pyarrow RecordBatch or Table, shape (rows,)."""
        import pyarrow as pa

        table = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
        return score(self.model, self.seen(table), features=self.inputs)


def fit(config: Config, learn: Any, seed: int) -> Fitted:
    """Learn affinities and model from these rows alone, a pyarrow.Table, as the scenario learns its own."""
    label = config.roles.label or "label"
    labels = learn[label].to_numpy()
    rng = np.random.default_rng([seed, 3])
    affinities = {}
    for name, key in AFFINITIES.items():
        affinities[name] = Affinity.learn(learn[key].to_numpy(), labels)
        learn = _replaced(learn, name, out_of_fold(learn[key].to_numpy(), labels, rng))
    model = train(learn, features=config.model.features, categorical=config.model.categorical, label=label)
    return Fitted(model, affinities, config.model.features)


def trainer(config: Config, seed: int) -> Callable[[Any, Any], Any]:
    """Return a function of (rows to learn from, other rows), both pyarrow.Tables.

    It returns the other rows as they would have been logged had nobody known more than the first rows: affinities
    learned from these alone (riders who are new have the overall mean), and scores of a model trained on them.
    """

    def retrain(learn: Any, held: Any) -> Any:
        import pyarrow as pa

        fitted = fit(config, learn, seed)
        return fitted.seen(held).append_column("score", pa.array(fitted(held)))

    return retrain


def _replaced(table: Any, name: str, values: Any) -> Any:
    return table.set_column(table.column_names.index(name), name, [values])
