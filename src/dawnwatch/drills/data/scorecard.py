"""The model drills are run with: a logistic regression in which every feature is cut into bins, one weight each.

It is quick to train, scores whatever a broken pipeline hands it (a value it cannot read, or never saw, has no weight)
and gives each row the same score whichever rows stand beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import pyarrow as pa
import pyarrow.types as types
from numpy.typing import NDArray

from dawnwatch.errors import ConfigError

__all__ = ["Scorecard"]

BINS = 20


@dataclass(frozen=True)
class _Bins:
    """One feature's bins: categories by name, or numbers by upper edges. The last code is for whatever has none."""

    names: dict[str, int] | None
    edges: NDArray[np.float64]

    @property
    def size(self) -> int:
        return (len(self.edges) + 1 if self.names is None else len(self.names)) + 1

    def codes(self, column: pa.ChunkedArray) -> NDArray[np.intp]:
        if self.names is not None:
            other = self.size - 1
            found = column.combine_chunks().dictionary_encode()
            codes = [self.names.get(value, other) for value in found.dictionary.to_pylist()]
            return np.asarray(np.array([*codes, other], dtype=np.intp)[found.indices.fill_null(-1).to_numpy()])
        if not (types.is_integer(column.type) or types.is_floating(column.type)):
            return np.full(len(column), self.size - 1)
        values = column.cast(pa.float64()).to_numpy()
        return np.where(np.isfinite(values), np.searchsorted(self.edges, values), self.size - 1)


@dataclass(frozen=True)
class Scorecard:
    """A trained model.

    Attributes
    ----------
    weights : one array a feature, one weight a bin; the last is 0
    """

    features: tuple[str, ...]
    bins: tuple[_Bins, ...]
    weights: tuple[NDArray[np.float64], ...]
    intercept: float

    @classmethod
    def learn(cls, table: pa.Table, *, features: Sequence[str], categorical: Sequence[str], label: str) -> Scorecard:
        """Train on rows without nulls.

        Raises
        ------
        ConfigError
            Where scikit-learn is not installed.
        """
        if find_spec("sklearn") is None:
            raise ConfigError("a drill trains a model with scikit-learn: pip install 'dawnwatch[drills]'")
        from scipy.sparse import csr_matrix
        from sklearn.linear_model import LogisticRegression

        bins = tuple(_learned(table[name], name in categorical) for name in features)
        starts = np.concatenate([[0], np.cumsum([one.size for one in bins])])
        codes = [one.codes(table[name]) + start for one, name, start in zip(bins, features, starts[:-1], strict=True)]
        rows, width = table.num_rows, len(features)
        places = (np.repeat(np.arange(rows), width), np.column_stack(codes).ravel())
        design = csr_matrix((np.ones(rows * width), places), shape=(rows, int(starts[-1])))
        model = LogisticRegression(C=1.0, max_iter=300).fit(design, table[label].to_numpy())
        return cls(tuple(features), bins, tuple(np.split(model.coef_[0], starts[1:-1])), float(model.intercept_[0]))

    def score(self, table: pa.Table) -> NDArray[np.float64]:
        """Return the probability that each row's label is 1; a column that is not there counts as unreadable."""
        logit = np.full(table.num_rows, self.intercept)
        for name, bins, weights in zip(self.features, self.bins, self.weights, strict=True):
            if name in table.column_names:
                logit += weights[bins.codes(table[name])]
        chance: NDArray[np.float64] = 1 / (1 + np.exp(-logit))
        return chance


def _learned(column: pa.ChunkedArray, categorical: bool) -> _Bins:
    if categorical:
        return _Bins({name: code for code, name in enumerate(sorted(set(column.to_pylist())))}, np.empty(0))
    values = column.cast(pa.float64()).to_numpy()
    return _Bins(None, np.unique(np.quantile(values, np.arange(1, BINS) / BINS)))
