"""Signs of broken serving where no model is at hand to be asked: read off the logged scores and features alone."""

from __future__ import annotations

from math import sqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dawnwatch.checks.needs import RunContext
from dawnwatch.checks.performance.estimates import estimate
from dawnwatch.checks.performance.one_score import same_score
from dawnwatch.checks.performance.sound_rows import first_rows, sound_rows
from dawnwatch.model.enums import Outcome
from dawnwatch.model.numbers import share
from dawnwatch.model.sample import RESCORED, Sample
from dawnwatch.model.serving import Symptom
from dawnwatch.model.window import Window
from dawnwatch.stats.distributions import t_quantile
from dawnwatch.stats.divergence import psi
from dawnwatch.stats.stand_in import Link, Scored, link

__all__ = ["EXPLAINED", "score_link", "symptoms"]

LEAST = 100
"""Scored rows below which nothing is told."""
SURE = 0.999
"""Level of the interval that must exclude no change: these tests stand beside the run's error budget."""
EXPLAINED = 0.3
"""Share of the scores' variance the features must tell, or their link says nothing."""
RARE = 0.01
"""Share of the baseline's scores up to which a score was a rare one."""
CATEGORIES, DECILES, SCORE_BINS = 30, 10, 16
ALIKE = 0.1
"""PSI of the scores below which they are distributed as before."""


def symptoms(run: RunContext) -> list[Symptom]:
    """Return what the logged scores look like; nothing where the model was asked, or no score was logged."""
    score, profile = run.current.plan.score, run.current.profile
    logged = None if run.config.roles.score is None or score is None else profile.columns.get(score)
    if logged is None or logged.type is None or (profile.sample and RESCORED in profile.sample.columns):
        return []
    tolerated = run.config.thresholds.range.max * profile.rows
    if run.config.roles.score_kind == "probability" and profile.score_outside > tolerated:
        return []  # they are no probabilities, which is said elsewhere
    if min(int(w.profile.scores[:, :-1].sum()) for w in (run.performance_baseline, run.current)) < LEAST:
        return []
    spike, repeats = _spike(run), _repeats(run)
    # A default or a kept score is the scores' fault whatever they rank, and no feature's.
    sound = all(one is None or one.outcome is Outcome.PASSED for one in (spike, repeats))
    found = [spike, _link(run, sound=sound), repeats]
    return [one for one in found if one is not None]


def score_link(run: RunContext) -> Link | None:
    """Return how much less the sampled scores follow their rows' features than in the performance baseline.

    None where no row is sampled, too few are sound, or nothing of the scores can be told from the features.
    """
    return run.current.against(run.performance_baseline, "score link", lambda: _linked(run, _names(run)))


def _spike(run: RunContext) -> Symptom:
    """A score that was rare stands in many rows: a default in place of scores."""
    then, now = (
        rows / rows.sum()
        for rows in (w.profile.scores[:, :-1].sum(axis=0) for w in (run.performance_baseline, run.current))
    )
    more = np.where(then <= RARE, now - then, 0.0)
    at, limit = int(more.argmax()), run.config.serving.spike
    share_now, gained = float(now[at]), float(more[at])
    if gained > limit:  # many rows in one bin: are they of one score, or on another scale?
        share_now = min(share_now, same_score(run.current, at))
        gained = share_now - float(then[at])
    failed = gained > limit
    edges = run.current.plan.score_bins.edges
    where = f"at most {edges[0]:.4g}" if at == 0 else f"about {edges[min(at, edges.size) - 1]:.4g}"
    return _symptom(
        run,
        "spike",
        failed,
        gained,
        None,
        limit,
        f"one score, {where}, stands in {share(share_now)} of the scored rows and in {share(float(then[at]))} of "
        "the baseline's: it looks like a default in place of scores"
        if failed
        else "no score that was rare has become frequent",
    )


def _link(run: RunContext, *, sound: bool) -> Symptom | None:
    """Scores follow the features of their rows less than they did: they look like those of other rows."""
    names = _names(run)
    found = score_link(run)
    if found is None or found.explained < EXPLAINED:
        return None
    limit, sure = run.config.serving.link, found.interval(SURE)
    failed = found.lost > limit and sure[0] > 0
    interval = found.interval(run.config.performance.confidence)
    low, high = (max(bound, 0.0) for bound in interval)
    moved = _score_psi(run)
    alike = f"they are distributed as before (PSI {moved:.2f})" if moved < ALIKE else f"their PSI is {moved:.2f}"
    guess = "they look like scores of other rows, shuffled or stale" if moved < ALIKE else "many are not the model's"
    guess += _no_better_than_chance(run)
    reading: Literal["scores", "features"] = (
        "features" if failed and sound and _ranks_too_well(run, found) else "scores"
    )
    column = None
    if reading == "features":
        column = None if found.loosest is None else names[found.loosest]
        most = "" if column is None else f" (most: {column})"
        guess = (
            "labels say that they rank too well to be of other rows, so the logged features no longer go with the score"
            f"{most}: the model was given other values than the log holds, or another model scored"
        )
    return _symptom(
        run,
        "link",
        failed,
        found.lost,
        interval,
        limit,
        f"the scores follow the features of their rows by {share(found.lost, 0)} less than in the baseline "
        f"({share(low, 0)} to {share(high, 0)}), and {alike}: {guess}"
        if failed
        else "the scores follow the features as they did",
    ).model_copy(update={"reading": reading, "column": column} if failed else {})


def _ranks_too_well(run: RunContext, found: Link) -> bool:
    """Whether labels exclude that so many of the scores are of other rows.

    Exchanging a share s of the scores among all rows takes the AUC A to 0.5 + (1 - s) (A - 0.5), whatever the share of
    positives. An AUC that is surely above that, at the s that the loosened link stands for, is of scores that are their
    rows' own.
    """
    judged = run.of_labels()
    if judged.unripe is not None:
        return False
    least = max(run.config.performance.min_per_class, 1)
    then, now = (estimate(window).auc for window in (judged.performance_baseline, judged.current))
    if then is None or now is None or min(then.negatives, then.positives, now.negatives, now.positives) < least:
        return False
    kept, rank = 1 - min(max(found.lost, 0.0), 1.0), then.value - 0.5
    above = now.value - 0.5 - kept * rank - now.bound - kept * then.bound
    error = sqrt(now.variance + kept**2 * then.variance + rank**2 * found.error**2)
    rows = min(now.negatives, now.positives, then.negatives, then.positives)
    return above > t_quantile(SURE, max(rows - 1, 1)) * error


def _repeats(run: RunContext) -> Symptom | None:
    """Rows repeat the score of the same unit's row before: a score kept too long."""
    sides = [_repeated(window, run) for window in (run.performance_baseline, run.current)]
    if sides[0] is None or sides[1] is None:
        return None
    more, limit = sides[1] - sides[0], run.config.serving.repeats
    failed = more > limit
    return _symptom(
        run,
        "repeats",
        failed,
        more,
        None,
        limit,
        f"{share(sides[1])} of the rows repeat the score of their unit's row before, and {share(sides[0])} did in the "
        "baseline: scores look kept and not given anew"
        if failed
        else "scores repeat within units no more than they did",
    )


def _names(run: RunContext) -> list[str]:
    """Return the features that both windows' samples hold, as the stand-in reads them."""
    samples = [window.profile.sample for window in (run.performance_baseline, run.current)]
    features = run.config.model.features or run.config.watched
    return [name for name in features if all(sample is not None and name in sample.columns for sample in samples)]


def _linked(run: RunContext, names: list[str]) -> Link | None:
    windows = (run.performance_baseline, run.current)
    then, now = (window.profile.sample for window in windows)
    score = run.current.plan.score or ""
    if then is None or now is None or not names or not all(score in sample.columns for sample in (then, now)):
        return None
    kept = [
        np.isfinite(sample.columns[score]) & sound_rows(run, window, names)
        for sample, window in zip((then, now), windows, strict=True)
    ]
    if min(int(mask.sum()) for mask in kept) < LEAST:
        return None
    codes: list[list[NDArray[np.intp]]] = [[], []]
    bins = []
    for name in names:
        pair = _coded(then.columns[name][kept[0]], now.columns[name][kept[1]])
        bins.append(max(int(side.max()) for side in pair) + 1)
        for side, found in zip(codes, pair, strict=True):
            side.append(found)
    rows = [_scored(sample, score, mask, side) for sample, mask, side in zip((then, now), kept, codes, strict=True)]
    return link(rows[0], rows[1], bins)


def _scored(sample: Sample, score: str, kept: NDArray[np.bool_], codes: list[NDArray[np.intp]]) -> Scored:
    scores, units = sample.columns[score][kept], sample.units[kept]
    order = np.lexsort((scores, units))  # merging profiles changes the order of rows, and with it the last digits
    return Scored(np.column_stack(codes)[order], scores[order], units[order])


def _coded(then: NDArray[Any], now: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return both windows' rows by the reference's bins: deciles, or its most frequent texts and all others."""
    if then.dtype == object or now.dtype == object:
        values, times = np.unique([str(value) for value in then.tolist()], return_counts=True)
        names = {value: code for code, value in enumerate(values[np.argsort(-times)][:CATEGORIES].tolist())}
        sides = [np.array([names.get(str(v), len(names)) for v in side.tolist()], np.intp) for side in (then, now)]
        return sides[0], sides[1]
    known = then[np.isfinite(then)]
    edges = np.unique(np.quantile(known, np.arange(1, DECILES) / DECILES)) if known.size else np.empty(0)
    sides = [np.where(np.isnan(side), edges.size + 1, np.searchsorted(edges, side)) for side in (then, now)]
    return sides[0], sides[1]


def _repeated(window: Window, run: RunContext) -> float | None:
    """Return the share of the sampled rows, of those behind another of their unit, that repeat its score."""
    sample, score = window.profile.sample, window.plan.score or ""
    if sample is None or score not in sample.columns:
        return None
    times = sample.columns.get(run.config.roles.timestamp or "", np.arange(sample.rows, dtype=np.float64))
    order = np.lexsort((np.arange(sample.rows) if times.dtype == object else times, sample.units))
    order = order[first_rows(window)[order]]  # a row that was sent twice has its score twice
    units, scores = sample.units[order], sample.columns[score][order]
    behind = units[1:] == units[:-1]
    return float((scores[1:] == scores[:-1])[behind].mean()) if int(behind.sum()) >= LEAST else None


def _score_psi(run: RunContext) -> float:
    groups = run.current.plan.score_bins.groups[:-1] // (512 // SCORE_BINS)
    sides = [w.profile.scores[:, :-1].sum(axis=0) for w in (run.performance_baseline, run.current)]
    return psi(*(np.bincount(groups, weights=side, minlength=SCORE_BINS) for side in sides))


def _no_better_than_chance(run: RunContext) -> str:
    found = estimate(run.current).auc
    if found is None:
        return ""
    low, high = found.interval(run.config.performance.confidence)
    return ", and rank labels no better than chance" if low <= 0.5 <= high else ""


def _symptom(
    run: RunContext,
    name: Any,
    failed: bool,
    value: float,
    interval: tuple[float, float] | None,
    limit: float,
    message: str,
) -> Symptom:
    return Symptom(
        name=name,
        score=run.current.plan.score or "",
        outcome=Outcome.FAILED if failed else Outcome.PASSED,
        value=value,
        interval=interval,
        limit=limit,
        message=message,
    )
