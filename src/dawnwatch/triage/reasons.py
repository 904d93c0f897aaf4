"""What is said of each row of the table of actions: why it holds, and what would change it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dawnwatch.model.certainty import doubt
from dawnwatch.model.enums import Band
from dawnwatch.model.numbers import moment, number, short_share, signed
from dawnwatch.model.score_meaning import Calibration
from dawnwatch.model.sized import output_name
from dawnwatch.triage.causes import cause_words, mostly, newcomers, of_units, same_rows
from dawnwatch.triage.classes import deploys, replaced, to_come
from dawnwatch.triage.concentrated import concentrated
from dawnwatch.triage.evidence import Evidence
from dawnwatch.triage.headline import auc_sentence, check_title
from dawnwatch.triage.serving import version_sentence
from dawnwatch.triage.watch import broken_feed

__all__ = ["REASONS", "Told"]

RETRAINED = "A model retrained on recent rows, judged on later ones in time order (for retraining)"


@dataclass(frozen=True)
class Told:
    """Sentences, each without its full stop."""

    reasons: list[str]
    would_change: list[str]


def _wrong_scores(evidence: Evidence) -> Told:
    message = evidence.serving.message if evidence.serving else ""
    return Told(
        [message, "A model cannot be judged by scores that it did not give for these rows"],
        ["Logged scores that are the model's, on which the drop remains"],
    )


def _invalid_data(evidence: Evidence) -> Told:
    failed = evidence.failed_quality[0]
    return Told(
        [
            f"{_sentence(check_title(failed))} failed: {failed.message}",
            "A model cannot be judged, retrained or rolled back on data that is not valid",
        ],
        ["Valid data on which the drop or the drift remains"],
    )


def _another_clock(evidence: Evidence) -> Told:
    return Told(
        [
            *(clock.message for _, clock in evidence.displaced[:3]),
            "A change of mix would leave each row with the value of its own hour, so this is none",
        ],
        ["Rows whose value is that of their hour, on which the drift or the drop remains"],
    )


def _lagging(evidence: Evidence) -> Told:
    late = [one for one in evidence.failed_watch if one.fact == "feature_lagged"]
    return Told(
        [
            *(_sentence(one.message) for one in late[:3]),
            "Labels that go with such values less well look like a changed concept, and retraining would learn the lag",
        ],
        ["Rows whose features are their own, on which the drop remains"],
    )


def _feed(evidence: Evidence) -> Told:
    broken = broken_feed(evidence, degraded="performance_degraded" in evidence.facts)
    return Told(
        [_sentence(one.message) for one in broken[:3]], ["A window whose rows, labels and columns are all there"]
    )


def _fewer_rows(evidence: Evidence) -> Told:
    short = [one for one in evidence.failed_watch if one.fact == "rows_missing"]
    return Told(
        [
            *(_sentence(one.message) for one in short),
            "The log cannot say whether rows were lost on the way or fewer were sent",
        ],
        ["How many rows the source sent: more than came is for mending the pipeline, as many for waiting"],
    )


def _labels_to_come(evidence: Evidence) -> Told:
    told = [one.message for one in evidence.watch if one.name == "label_delay"]
    return Told(
        [
            *(_sentence(one) for one in told),
            "No loss of accuracy beyond the tolerance was shown on the rows that have one",
        ],
        [
            "Labels that still lack once their usual delay is over (for mending the label feed)",
            _would_page(evidence),
        ],
    )


def _labels_lacking(evidence: Evidence) -> Told:
    told = [one.message for one in evidence.watch if one.name == "label_delay"]
    return Told(
        [
            *(_sentence(one) for one in told),
            "No loss of accuracy beyond the tolerance was shown on the rows that have one",
        ],
        [
            "When each row was made ([roles] timestamp): labels that lack in newer rows the more are for waiting, in "
            "all alike for mending the label feed",
            "Labels that still lack once they are usually there (for mending the label feed)",
            _would_page(evidence),
        ],
    )


def _same_rows(evidence: Evidence) -> Told:
    found = same_rows(evidence)
    assert found is not None  # noqa: S101 - the row asks for it
    names = ", ".join(part.value or "" for part in found.top_slices)
    span = f" ({number(found.interval[0])} to {number(found.interval[1])})" if found.interval else ""
    return Told(
        [
            _sentence(auc_sentence(evidence.performance)),
            f"The model at hand, asked again for the rows that {names} scored, takes back {number(found.amount)} of it"
            f"{span}",
            "Both score the same rows, so neither other days nor other rows are the reason",
        ],
        [f"Features that version {names} is given and the log does not hold, with which it ranks no worse"],
    )


def _worse_version(evidence: Evidence) -> Told:
    worst = evidence.worse_versions[0]
    return Told(
        [
            _sentence(version_sentence(worst, evidence.performance.threshold)),
            "Other versions rank better in the same window; that they score rows of the same kind is taken for granted",
        ],
        [f"Rows dealt to the versions at random, on which {worst.version} ranks no worse"],
    )


def _doubtful_scores(evidence: Evidence) -> Told:
    return Told(
        [_sentence(one.message) for one in evidence.doubts],
        ["The model asked again ([model] path): scores that are its own, on which the drop remains"],
    )


def _at_a_deploy(evidence: Evidence) -> Told:
    """Say what was deployed: a changed concept and a worse model look alike where no older one scores these rows."""
    events = [f"{event.text} ({moment(event.at)})" for event in deploys(evidence)]
    new = replaced(evidence)
    when = [f"The fall began within the time of {', '.join(events[:3])}"] if events else []
    by = [f"All rows are scored by {', '.join(new[:3])}, which the performance baseline does not hold"] if new else []
    return Told(
        [
            _sentence(auc_sentence(evidence.performance)),
            *when,
            *by,
            "A worse model and a changed world look alike until the model from before scores the same rows",
        ],
        ["The AUC of the model from before on this window: higher is for rollback, as low is for retraining"],
    )


def _new_units(evidence: Evidence) -> Told:
    new = newcomers(evidence)
    assert new is not None  # noqa: S101 - the row asks for it
    return Told(
        [
            _sentence(auc_sentence(evidence.performance)),
            f"Most of it is no decay: {cause_words(new)} explains {number(new.amount)}, and an earlier model never "
            f"saw these {new.column} values either",
        ],
        [
            f"A performance baseline that holds out whole {new.column} values, against which new ones are no fall",
            RETRAINED,
        ],
    )


def _retrain(evidence: Evidence) -> Told:
    most = mostly(evidence)
    assert most is not None  # noqa: S101 - the row asks for it
    span = f" ({number(most.interval[0])} to {number(most.interval[1])})" if most.interval else ""
    if most.cause == "concept":
        meaning = "rows alike in all features now have other labels, which only newer rows can teach"
    else:
        meaning = "the model never learned such rows, and no earlier model did"
    asked = evidence.performance.serving is not None and evidence.performance.serving.reading is not None
    scores = "the scores are the model's own" if asked else "the scores show no sign of being another's"
    clean = (
        "Of the data only labels lack that are still to come" if to_come(evidence) else "No data quality check failed"
    )
    known = "" if not evidence.performance.versions else ", and no version of the model ranks worse than the others"
    changes = ["A model retrained on recent rows that does no better on later ones, judged in time order"]
    if not asked:
        changes.append("The model asked again ([model] path): scores that are not its own")
    if not evidence.performance.versions:
        changes.append("An earlier model that does better on this window (for rollback)")
    return Told(
        [
            _sentence(auc_sentence(evidence.performance)),
            f"Most of it is {cause_words(most)}: it explains {number(most.amount)}{span}; {meaning}",
            f"{clean}, {scores}{known}",
        ],
        changes,
    )


def _harm(evidence: Evidence) -> Told:
    most, novelty = mostly(evidence), evidence.drift.novelty
    told = [] if most is None else [f"Most of it is {cause_words(most)}"]
    needs = ["An earlier model's AUC on the current window (for rollback)", RETRAINED]
    parted = any(c.resolvable and of_units(c, evidence) for c in evidence.split.parts)
    if novelty is not None and novelty.current_share > 0.2 and not parted:
        needs.append(
            f"The AUC on new {novelty.unit} values at training time (`dawnwatch profile --by-unit`): without it the "
            "drop may be no decay"
        )
    return Told(
        [
            _sentence(auc_sentence(evidence.performance)),
            *told,
            "Nothing here shows that an older or a retrained model would do better on these rows",
        ],
        needs,
    )


def _not_judged(evidence: Evidence) -> Told:
    return Told(list(evidence.not_judged[:3]), ["Judging what could not be judged: mend the cause and run again"])


def _accuracy_unknown(evidence: Evidence) -> Told:
    drifted = evidence.drifted[:1]
    return Told(
        [
            f"Accuracy was not computed: {evidence.performance.reason}",
            *(f"{feature.name} has drifted, and whether that harms is not known" for feature in drifted),
            *(f"The {output_name(o)} moved, and whether they are right is not known" for o in evidence.leading),
        ],
        ["Labels and scores for this window"],
    )


def _drop_not_tested(evidence: Evidence) -> Told:
    where, drop = next((w, d) for w, d in evidence.beyond.items() if d.significance and d.significance.reason)
    fell = "The AUC fell" if where is None else f"In {where} the AUC fell"
    return Told(
        [f"{fell} by more than its threshold, but {doubt(drop.significance)}"],
        [_would_page(evidence), *([drop.needed.text] if drop.needed else [])],
    )


def _level(evidence: Evidence) -> Told:
    found: Calibration | None = evidence.performance.calibration
    assert found is not None  # noqa: S101 - the row asks for it
    shift, reasons = evidence.split.label_shift, [found.message]
    if shift is not None and shift.fit is not None and not shift.interval[0] <= 0 <= shift.interval[1]:
        reasons.append(
            f"The positives' share moved by {signed(shift.now - shift.then)}, which alone explains {shift.fit:.0%} of "
            "how the scores moved"
        )
    return Told(
        [*reasons, "The order of the scores holds: no loss of AUC beyond the tolerance was shown"],
        [_would_page(evidence), "A mean score that again agrees with the share of positives"],
    )


def _few_took_over(evidence: Evidence) -> Told:
    found = concentrated(evidence)
    assert found is not None  # noqa: S101 - the row asks for it
    return Told(
        [
            f"The {found.values} most popular values of {found.feature} went from {short_share(found.then)} to "
            f"{short_share(found.now)} of the rows together, and all others lost alike: that explains "
            f"{short_share(found.explained)} of its shift",
            "A source that falls back to what is popular and people who want that leave the same rows",
            "No loss of accuracy beyond the tolerance was shown",
        ],
        [
            "What chose each row: a fallback is for mending the pipeline, the usual source for waiting",
            _would_page(evidence),
        ],
    )


def _no_harm(evidence: Evidence) -> Told:
    reasons, changes = ["No loss of accuracy beyond the tolerance was shown"], [_would_page(evidence)]
    if evidence.beyond:
        where, drop = next(iter(evidence.beyond.items()))
        fell = "The AUC fell" if where is None else f"In {where} the AUC fell"
        reasons = [f"{fell} by more than its threshold, but {doubt(drop.significance)}"]
        changes += [drop.needed.text] if drop.needed else []
    elif evidence.performance.drop.needed:
        changes.append(evidence.performance.drop.needed.text)
    if evidence.drifted:
        reasons.append("Drift alone does not show harm")
    if evidence.unsure:
        feature = evidence.unsure[0]
        reasons.append(f"{feature.name} is {Band.RED} by size, but {doubt(feature.significance)}")
    return Told(reasons, changes)


REASONS: dict[str, Callable[[Evidence], Told]] = {
    "wrong scores": _wrong_scores,
    "invalid data": _invalid_data,
    "another clock": _another_clock,
    "lagging feature": _lagging,
    "blinded pillar": _feed,
    "broken feed": _feed,
    "fewer rows": _fewer_rows,
    "better on the same rows": _same_rows,
    "worse version": _worse_version,
    "doubtful scores": _doubtful_scores,
    "began at a deploy": _at_a_deploy,
    "new units": _new_units,
    "changed concept": _retrain,
    "new values": _retrain,
    "harm shown": _harm,
    "not judged": _not_judged,
    "drift without accuracy": _accuracy_unknown,
    "accuracy unknown": _accuracy_unknown,
    "drop not tested": _drop_not_tested,
    "labels to come": _labels_to_come,
    "labels lacking": _labels_lacking,
    "level of the scores": _level,
    "few took over": _few_took_over,
    "no harm shown": _no_harm,
}
"""By the row's name in `verdicts.VERDICTS`."""


def _would_page(evidence: Evidence) -> str:
    performance = evidence.performance
    sure = "" if performance.significance == "off" else " that is more than chance"
    return f"A drop of the AUC above {performance.threshold:g}{sure}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
