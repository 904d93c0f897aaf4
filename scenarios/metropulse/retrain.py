"""Training MetroPulse's model anew without some riders, and scoring them: what it makes of riders it never saw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dawnwatch import Config
from metropulse.affinity import Affinity, out_of_fold
from metropulse.recommender import score, train

__all__ = ["AFFINITIES", "trainer"]

AFFINITIES = {"user_affinity": "user_id", "item_affinity": "item_id"}
"""The column that each affinity is learned by."""


def trainer(config: Config, seed: int) -> Callable[[Any, Any], Any]:
    """Return a function of (rows to learn from, rows of other riders), both pyarrow.Tables.

    It returns the other riders' rows as they would have been logged had nobody known them: affinities learned
    from the first rows alone (riders who are new have the overall mean), and scores of a model trained on those.
    """
    label = config.roles.label or "label"

    def retrain(learn: Any, held: Any) -> Any:
        import pyarrow as pa

        labels = learn[label].to_numpy()
        rng = np.random.default_rng([seed, 3])
        for name, key in AFFINITIES.items():
            affinity = Affinity.learn(learn[key].to_numpy(), labels)
            own = out_of_fold(learn[key].to_numpy(), labels, rng)
            learn, held = _replaced(learn, name, own), _replaced(held, name, affinity.of(held[key].to_numpy()))
        model = train(learn, features=config.model.features, categorical=config.model.categorical, label=label)
        return held.append_column("score", pa.array(score(model, held, features=config.model.features)))

    return retrain


def _replaced(table: Any, name: str, values: Any) -> Any:
    return table.set_column(table.column_names.index(name), name, [values])
