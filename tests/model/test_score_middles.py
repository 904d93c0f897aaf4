from __future__ import annotations

import numpy as np

from dawnwatch.model.score_bins import ScoreBins


def test_a_middle_lies_in_its_bin_and_is_the_point_of_a_bin_that_holds_one() -> None:
    edges = np.array([0.1, 0.2, np.nextafter(0.4, 0), 0.4, 0.9])
    bins = ScoreBins(edges, np.zeros(7, np.int32))
    middles = bins.middles
    assert middles.shape == (bins.fine,)
    assert middles[3] == 0.4
    np.testing.assert_allclose(middles, [0.1, 0.15, 0.3, 0.4, 0.65, 0.9])
    assert (np.searchsorted(edges, middles[:-1]) == np.arange(bins.fine - 1)).all()


def test_without_edges_there_is_one_bin() -> None:
    assert ScoreBins().middles.tolist() == [0.5]
