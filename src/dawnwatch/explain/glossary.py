"""The field's terms, one or two exact sentences each; `dawnwatch glossary` and the explainers' tooltips show them."""

from __future__ import annotations

from dawnwatch.errors import UsageError, did_you_mean

__all__ = ["TERMS", "define"]

TERMS: dict[str, str] = {
    "4 D's": "Detect, Diagnose, Decide, Document: the order in which an incident is worked through. A triage packet "
    "has a part for each.",
    "alert": "A triage packet sent to a web hook, a file or a function because its severity reached `[alerts] at`.",
    "anytime-valid": "Of a test: its chance of a false alarm holds however often one looks and whenever one stops. The "
    "test of whether the AUC has become worse over the windows so far is one.",
    "AUC": "Area under the ROC curve: the probability that a random positive row scores above a random negative one, "
    "ties counting one half. 0.5 is guessing, 1 is perfect order; it says nothing about calibration.",
    "band": "Size of a feature's shift by its PSI: GREEN below the yellow bound, RED at or above the red bound, "
    "YELLOW from the one up to the other.",
    "bin": "One cell of a feature's distribution, fixed by the reference: a category, an interval between deciles, "
    "the missing values, or the unseen ones.",
    "calibration": "Agreement of scores with frequencies: among rows scored 0.8, about 80% should be positive. A "
    "model can rank well (AUC) and be badly calibrated.",
    "cannot_tell": "Decision: the evidence supports no choice between rolling back and retraining. The packet says "
    "what would settle it.",
    "cause": "What a part of the AUC's fall is due to: quality, serving, novelty, maturity, mix or concept. The "
    "parts add up to the fall, each with its interval where it can be told.",
    "CBPE": "Confidence-based performance estimation: each row counts as a positive with the chance that its score had "
    "on the performance baseline. An estimate without labels, right while a score means what it meant.",
    "check": "A pure function of the reference's and the current window's profile that measures one thing. What it "
    "measured is held against a threshold.",
    "chi-squared": "Test statistic: the sum over bins of (observed - expected)² / expected. It grows with the rows, "
    "so that in a large window a shift of no importance is significant.",
    "concept shift": "The same inputs lead to other outcomes than before: P(label | features) changed. Inputs alone "
    "cannot show it; it takes labels.",
    "configuration": "The file of settings, dawnwatch.toml unless another is named: which columns play which part, "
    "every threshold with its `because`, the severity table, and whom to tell.",
    "covariate shift": "The inputs are distributed otherwise than before while P(label | features) stays: the model "
    "is asked other questions, whose answers have not changed.",
    "current window": "The rows being judged, usually the newest hour, day or week of the prediction log.",
    "decide": "Third of the 4 D's: choose the action that the evidence supports (fix_pipeline, rollback, retrain, "
    "recalibrate, wait or cannot_tell).",
    "decision": "The action that the packet's evidence supports, with its reasons and what would change it. A person "
    "may decide otherwise, and the packet keeps both.",
    "DeLong": "The method of DeLong, DeLong and Clarke-Pearson (1988) for the variance of an AUC without assuming any "
    "distribution of the scores. The intervals of the AUC and of its drop rest on it, or on the jackknife where a unit "
    "is configured.",
    "design effect": "How many times the variance is that of as many independent rows. Where rows of one unit resemble "
    "each other it is above 1: such a window holds less evidence than its number of rows.",
    "detect": "First of the 4 D's: notice that something moved, by holding measurements against thresholds.",
    "diagnose": "Second of the 4 D's: say what moved, in which slices, and which causes the evidence supports or "
    "rules out.",
    "document": "Fourth of the 4 D's: keep what was seen, decided and why, so that the next incident starts from it. "
    "The triage packet is that record.",
    "domain classifier": "A classifier that is asked whether a row is of the reference or of the current window. Where "
    "it cannot tell, it sees nothing that has moved.",
    "drift": "A change in the distribution of what the model sees, between the reference and the current window. "
    "Drift alone does not show harm.",
    "drift baseline": "The whole reference window, which schema, bins and PSI are compared with.",
    "drill": "An incident with a known truth put into real data and judged as any window is. `dawnwatch drill` "
    "plays one and hides the answer until `--reveal`.",
    "drop": "Reference AUC minus current AUC: positive means worse.",
    "duplicate": "A row whose key already stood in an earlier row of the window. A row that lacks a part of its key "
    "is missing it, and repeats nothing.",
    "effective noise": "Noise as it really is where rows of one unit resemble each other: such a window holds less "
    "evidence than its number of rows, so PSI moves more by chance and true intervals are wider.",
    "error budget": "The chance that a run in which nothing changed calls anything significant: 1% unless configured, "
    "shared equally by all its tests.",
    "estimate gap": "Metrics estimated without labels, less what the labels that came realise on the same rows. Beyond "
    "chance it shows that labels no longer go with scores as they did: a changed concept.",
    "event": "Something that happened around the model, such as a release or a campaign, recorded with `dawnwatch "
    "event add`. Packets name those near a change.",
    "fact": "A named finding that is true or false in a run, such as `red_drift`. The rules of the severity table ask "
    "for facts and nothing else.",
    "feature": "A column that the model takes as input.",
    "fingerprint": "A checksum of a window's rows, equal for equal rows in any order and file format. It shows "
    "whether two packets judged the same data.",
    "fix_pipeline": "Decision: the data is not valid, so mend where it comes from. A model cannot be judged, "
    "retrained or rolled back on data that is not valid.",
    "funnel": "The order in which the pillars are read: data quality, then drift, then performance. What fails above "
    "casts doubt on what stands below.",
    "holdout": "Labelled rows of the reference's time that the model never learned from. They serve as the "
    "performance baseline.",
    "interval": "The values of a number that the data leaves plausible at a given confidence, 95% unless configured. "
    "Beside a PSI it is of what is beyond chance, so it may lie below the PSI seen; near zero it covers the truth more "
    "often than that.",
    "inverse chance of a label": "A row whose kind has labels one time in four stands for four rows, so that rows with "
    "a label stand for all. It mends a bias by what the chance is modelled by, and none by what nobody sees.",
    "jackknife": "Variance of a number from what it becomes when each group of units is left out in turn. Where a unit "
    "is configured the AUC and its drop have their intervals by it.",
    "JS divergence": "Jensen-Shannon divergence: the mean of the KL divergences of both windows from their average. "
    "Symmetric, never infinite, at most ln 2, and less steep than PSI where a rare bin grows.",
    "KL divergence": "Kullback-Leibler divergence: the sum over bins of P · ln(P / Q). It depends on which window is "
    "P, and is infinite where Q has an empty bin; PSI is the sum of both directions.",
    "KS statistic": "Kolmogorov-Smirnov: the largest gap between two cumulative distributions, in [0, 1]. It needs an "
    "order, so it fits numbers and not categories, and sees little in the tails.",
    "label": "What really happened, such as a ride taken or not. Accuracy can only be judged where labels have come.",
    "label delay": "The time from a prediction to its label. Until it has passed, accuracy is not computed, and no "
    "claim is made that all is well.",
    "mature": "Said of rows old enough for their labels to have come, by `[labels] mature_after` or by how long the "
    "baseline's took. Only such rows are compared by their labels.",
    "maturity": "Cause of a fall: labels are still to come, and those of one value or one slice come later than "
    "others, so that the AUC is of another choice of rows. It mends itself when they have come.",
    "missingness": "The share of a column's values that are null, NaN or the empty string.",
    "mix": "Cause of a fall: there are more rows of the kinds the model ranks badly, while each kind is ranked "
    "as before. The composition changed, not what the features mean.",
    "monitoring plan": "The written agreement on what is watched, why, how much is too much, and who acts on it: "
    "`dawnwatch plan` writes it from the configuration and the latest run.",
    "noise": "What a number moves by when nothing changed. PSI averages about (bins - 1)(1/n + 1/m) by chance: 0.0009 "
    "for ten bins and two windows of 20,000 independent rows, 0.09 for two of 200, and the design effect times that.",
    "not computed": "The outcome of a check that had nothing to judge, with the reason. It never counts as passed.",
    "novelty": "The share of rows that come from units which the training rows never held, such as new riders.",
    "onset": "Since when something that was found is so, with an interval: dated between windows, or by the order "
    "of the rows within one.",
    "outcome": "What a check came to: passed, warned, failed, not_computed or errored.",
    "PAPE": "Probabilistic adaptive performance estimation, or M-CBPE: CBPE with the performance baseline weighted to "
    "the window's mix of features first. Right while rows alike in their features come true as often as they did.",
    "performance baseline": "The rows that the current AUC is compared with: the holdout, or the reference itself, "
    "with a warning, where none is given.",
    "pillar": "One of the three questions a run asks: is the data valid (quality), has it changed (drift), is the "
    "model still accurate (performance)?",
    "prediction drift": "The distribution of the scores moved. It shows before any label, and says nothing of right or "
    "wrong.",
    "prior shift": "The share of positive labels changed while the rows of each label look as before. AUC hardly "
    "moves, but calibration does.",
    "profile": "The counts taken in one pass over a window. Every check is computed from two profiles, and profiles "
    "add: hours merge into days without reading a row again.",
    "PSI": "Population stability index: the sum over bins of (P_cur - P_ref) · ln(P_cur / P_ref), natural logarithm. "
    "It measures the size of a shift, 0 for none, and is not a test.",
    "q-value": "A p-value adjusted for how many were tried: calling all below 5% significant leaves about 5% false "
    "among them. Weak slices are named by theirs.",
    "recalibrate": "Decision: the order of the scores still holds but their level does not, so map them anew to "
    "probabilities without training the model again.",
    "reference window": "The rows that show what normal looks like; the current window is compared with them.",
    "retrain": "Decision: the world changed for good, so learn from recent labelled rows. The candidate must be "
    "judged on rows later than those it learned from.",
    "rollback": "Decision: put the last good model back. It helps only where that model does better on the current "
    "window.",
    "schema": "The columns a window must have, and their types.",
    "score": "The number the model gives a row; a probability, or any number that orders.",
    "serving": "Cause of a fall: logged scores are not what the model gives for the logged features, as where they "
    "are constant, late, shuffled or rescaled.",
    "severity": "How bad a run is: critical, high, medium or low. The first rule of the severity table that holds "
    "gives it.",
    "Shapley": "Of a value: what a part adds on average over all orders in which the parts could be brought in, so "
    "that the parts add up to the whole.",
    "significant": "More than chance alone would do, at this test's share of the run's error budget. A RED or a drop "
    "that is not counts as within noise.",
    "SLA": "Service level agreement: how soon someone must act on a severity; 4 hours for critical, 24 hours for "
    "high, 14 days for medium and nothing for low unless configured.",
    "slice": "The rows that share one value of a declared column, such as device_type = mobile. Accuracy is judged in "
    "each, since an average hides a slice that fails.",
    "threshold": "How much of something is too much. It is a trade-off between alarms for nothing and incidents "
    "missed, so each carries a `because`.",
    "training rows": 'The rows the model learned from; "never seen" refers to them.',
    "triage packet": "The one JSON file a run ends in: what changed, how bad, how sure, and which action the evidence "
    "supports.",
    "unit": "The independent thing behind the rows, such as a rider or a customer. Rows of one unit resemble each "
    "other, so they are weaker evidence than as many rows of different units.",
    "unseen value": "A category that the reference never held.",
    "wait": "Decision: no harm beyond the tolerance was shown, so watch the next windows. The packet says what would "
    "page someone.",
    "weak slice": "Rows that meet up to three conditions which nobody declared, where the AUC fell by more than "
    "elsewhere, or of which there is more and which rank badly. It informs, and never raises the severity.",
}
"""Every term with its meaning, in alphabetical order whatever the case."""

ALIASES = {
    "area under the roc curve": "AUC",
    "js": "JS divergence",
    "jensen shannon divergence": "JS divergence",
    "kl": "KL divergence",
    "kullback leibler divergence": "KL divergence",
    "ks": "KS statistic",
    "kolmogorov smirnov statistic": "KS statistic",
    "packet": "triage packet",
    "population stability index": "PSI",
    "reference": "reference window",
    "service level agreement": "SLA",
}
"""Other words for a term, as `_plain` writes them."""


def define(term: str) -> tuple[str, str]:
    """Return a term as it is written here, and its meaning; case, hyphens and underscores make no difference.

    Raises
    ------
    UsageError
        For a term that is not here, with the nearest one that is.

    Examples
    --------
    >>> define("psi")[0], define("Fix pipeline")[0], define("Population stability index")[0]
    ('PSI', 'fix_pipeline', 'PSI')
    """
    known = {_plain(name): name for name in TERMS} | ALIASES
    name = known.get(_plain(term))
    if name is None:
        near = did_you_mean(_plain(term), known)
        for plain, written in known.items():
            near = near.replace(f"{plain!r}", f"{written!r}")
        raise UsageError(f"glossary: no term {term!r}.{near} `dawnwatch glossary` lists all {len(TERMS)}")
    return name, TERMS[name]


def _plain(term: str) -> str:
    return " ".join(term.casefold().replace("-", " ").replace("_", " ").replace("\u2019", "'").split())
