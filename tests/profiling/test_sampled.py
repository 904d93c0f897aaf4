"""The sample read as codes, against the cubes that the kernel counted of the same rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dawnwatch import Config, Monitor
from dawnwatch.model.coded_sample import CodedSample
from dawnwatch.model.measurement import NotComputed
from dawnwatch.model.window import Window
from dawnwatch.profiling.sampled import coded_sample

ROWS = 1500
KINDS: dict[str, Any] = {"city": None, "stops": "categorical", "member": None, "fare": None, "seen": None, "age": None}


def table(seed: int, label: str = "int") -> pa.Table:
    """Columns of every type that is binned; some values are null, NaN or never seen before."""
    rng = np.random.default_rng(seed)
    cities = np.array(["rome", "oslo", "lima", "", None, f"city {seed}"], dtype=object)
    fares = rng.normal(20, 5, ROWS)
    fares[::50] = np.nan
    labels = rng.integers(0, 2, ROWS)
    scores = pa.array(rng.random(ROWS), mask=np.arange(ROWS) % 40 == 0)
    named = {"int": labels, "bool": labels == 1, "text": np.where(labels == 1, "1", "0"), "float": labels.astype(float)}
    return pa.table(
        {
            "event": np.arange(ROWS),
            "rider": rng.integers(0, 200, ROWS),
            "city": pa.array(rng.choice(cities, ROWS)),
            "stops": rng.integers(0, 6, ROWS),
            "member": pa.array(rng.random(ROWS) < 0.3, mask=rng.random(ROWS) < 0.1),
            "fare": fares,
            "seen": [datetime(2026, 1, 1) + timedelta(hours=int(h)) for h in rng.integers(0, 900, ROWS)],
            "age": pa.array(rng.integers(18, 90, ROWS), mask=rng.random(ROWS) < 0.1),
            "label": pa.array(named[label], mask=np.arange(ROWS) % 30 == 0),
            "score": scores,
        }
    )


def observed(label: str = "int", **roles: Any) -> Window:
    columns = {name: {"monitor": True, **({"kind": kind} if kind else {})} for name, kind in KINDS.items()}
    settings = {"label": "label", "score": "score", "unit": "rider", "keys": ["event"], **roles}
    named = {name: value for name, value in settings.items() if value}
    config = Config.from_dict({"roles": named, "columns": columns})
    return Monitor(config).fit(table(0, label)).observe(table(1, label)).current


def coded(window: Window) -> CodedSample:
    found = coded_sample(window)
    assert isinstance(found, CodedSample)
    return found


@pytest.mark.parametrize("label", ["int", "bool", "text", "float"])
def test_bins_and_labels_are_those_the_kernel_counted(label: str) -> None:
    window = observed(label)
    found = coded(window)
    assert found.whole
    assert set(found.bins) == set(KINDS)
    for name, codes in found.bins.items():
        cube = window.profile.columns[name].cube
        assert cube is not None
        with_both = cube[:, :2, :-1].sum(axis=2)
        have = np.bincount(codes * 2 + found.labels, minlength=with_both.size)
        assert np.array_equal(have.reshape(-1, 2), with_both)


def test_scores_are_the_rows_own() -> None:
    window = observed()
    found = coded(window)
    counted = np.bincount(
        np.searchsorted(window.plan.score_bins.edges, found.scores), minlength=window.plan.score_bins.fine
    )
    assert np.array_equal(counted, window.profile.scores[:2, :-1].sum(axis=0))


def test_it_is_read_once() -> None:
    window = observed()
    assert coded_sample(window) is coded_sample(window)


@pytest.mark.parametrize(
    ("roles", "reason"),
    [({"unit": None, "keys": None}, "no sample of rows"), ({"score": None}, "no label or no score")],
)
def test_what_it_lacks_is_said(roles: dict[str, Any], reason: str) -> None:
    found = coded_sample(observed(**roles))
    assert isinstance(found, NotComputed)
    assert reason in found.reason
