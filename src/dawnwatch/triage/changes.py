"""What differs between two runs, and what their packets prove to be equal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dawnwatch.model.comparison import Cause, Change
from dawnwatch.model.distances import title_of
from dawnwatch.model.numbers import count, threshold_value
from dawnwatch.model.packet import ThresholdInForce, TriagePacket, WindowFacts

__all__ = ["HIDDEN", "Differences", "differences"]

HIDDEN: dict[Cause, str] = {
    "settings": "whether settings other than those listed moved too: a packet does not hold them all",
    "software": "whether both versions of the software measure alike",
}
"""What stays open where a cause moved, or may have, of which a packet does not hold all."""


@dataclass
class Differences:
    """What moved, what is proved equal, and what the packets leave open."""

    changes: list[Change] = field(default_factory=list)
    same: list[Cause] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)

    @property
    def moved(self) -> list[Cause]:
        """Every cause that moved, once, in the order it was found."""
        return list(dict.fromkeys(change.cause for change in self.changes))

    def note(self, cause: Cause, what: str, before: str, after: str) -> None:
        """Keep one thing that differs."""
        self.changes.append(Change(cause=cause, what=what, before=before, after=after))


def differences(before: TriagePacket, after: TriagePacket) -> Differences:
    """Compare thresholds, severity table, windows, model, other settings and software of two packets."""
    found = Differences()
    _thresholds(found, before, after)
    _policy(found, before, after)
    _asked(found, before, after)
    _windows(found, before, after)
    _model(found, before, after)
    one, two = before.provenance, after.provenance
    if one.config_hash == two.config_hash:
        found.same.append("settings")
    elif {"thresholds", "policy", "settings"} & set(found.moved):
        found.unproved.append(HIDDEN["settings"])
    else:
        found.note("settings", "configuration", one.config_hash[:15], two.config_hash[:15])
    _software(found, before, after)
    return found


def _thresholds(found: Differences, before: TriagePacket, after: TriagePacket) -> None:
    one, two = _named(before.thresholds), _named(after.thresholds)
    for name in dict.fromkeys([*one, *two]):
        values = [side[name].value if name in side else None for side in (one, two)]
        if values[0] != values[1]:
            was, now = (_shown(value, values) for value in values)
            found.note("thresholds", name, was, now)
    for name, said in (("judge", "significance"), ("level", "error budget"), ("min_units", "units needed for a test")):
        was, now = (str(getattr(packet.error_budget, name, "not kept")) for packet in (before, after))
        if was != now:
            found.note("thresholds", said, was, now)
    was, now = (str(packet.performance.confidence) for packet in (before, after))
    if was != now:
        found.note("thresholds", "performance confidence", was, now)
    if "thresholds" not in found.moved:
        found.same.append("thresholds")


def _named(thresholds: list[ThresholdInForce]) -> dict[str, ThresholdInForce]:
    return {t.name if t.column is None else f"{t.name} of {t.column}": t for t in thresholds}


def _shown(value: dict[str, float] | None, both: list[dict[str, float] | None]) -> str:
    """Write a threshold: the parts that differ, and none of their names where there is but one."""
    if value is None:
        return "as for all columns"
    other = next((side for side in both if side is not value), None) or {}
    parts = {name: number for name, number in value.items() if other.get(name) != number} or value
    return f"{next(iter(parts.values())):g}" if list(value) == ["max"] else threshold_value(parts)


def _policy(found: Differences, before: TriagePacket, after: TriagePacket) -> None:
    if not before.policy or not after.policy:
        found.unproved.append("whether the severity table is the same: a packet of schema 1.0 does not hold it")
        return
    one, two = ({rule.name: _condition(rule) for rule in packet.policy} for packet in (before, after))
    for name in dict.fromkeys([*one, *two]):
        if one.get(name) != two.get(name):
            found.note("policy", f"rule {name}", one.get(name, "not in the table"), two.get(name, "not in the table"))
    if list(one) != list(two) and one.keys() == two.keys():
        found.note("policy", "order of the rules", ", ".join(one), ", ".join(two))
    if "policy" not in found.moved:
        found.same.append("policy")


def _condition(rule: object) -> str:
    """Write a rule's severity and condition by the names of its facts, so that two rules compare as text."""
    parts = [f"{word} of {', '.join(facts)}" for word in ("all", "any", "none") if (facts := getattr(rule, word))]
    return f"{getattr(rule, 'severity', '')} on {'; '.join(parts) or 'what is left'}"


def _asked(found: Differences, before: TriagePacket, after: TriagePacket) -> None:
    """Compare what the configurations ask of a window, as far as the sections show it."""
    kinds = [{feature.name: feature.kind for feature in packet.drift.features} for packet in (before, after)]
    slices = [dict.fromkeys(part.column for part in packet.performance.slices) for packet in (before, after)]
    for what, (one, two) in (("watched features", kinds), ("slice columns", slices)):
        if one.keys() != two.keys():
            found.note("settings", what, _names(one), _names(two))
    for name, kind in kinds[0].items():
        if kinds[1].get(name, kind) != kind:
            found.note("settings", f"kind of {name}", kind, kinds[1][name])
    methods = [{feature.name: feature.method for feature in packet.drift.features} for packet in (before, after)]
    for name, method in methods[0].items():
        if methods[1].get(name, method) != method:
            found.note("settings", f"distance of {name}", title_of(method), title_of(methods[1][name]))
    if before.provenance.config_hash == after.provenance.config_hash:
        return  # whatever the rules say of the windows, they are the same
    rules = [{(check.name, check.column): check.rule for check in packet.quality.checks} for packet in (before, after)]
    for (name, column), was in rules[0].items():
        now = rules[1].get((name, column))
        if was and now and was != now:
            found.note("settings", f"rule {name} of {column}" if column is not None else f"rule {name}", was, now)


def _names(named: dict[str, Any]) -> str:
    return ", ".join(sorted(named)) or "none"


def _windows(found: Differences, before: TriagePacket, after: TriagePacket) -> None:
    one, two = before.provenance, after.provenance
    pairs: list[tuple[Cause, str, WindowFacts | None, WindowFacts | None]] = [
        ("data", "current window", one.current, two.current),
        ("baseline", "drift baseline", one.drift_baseline, two.drift_baseline),
        ("baseline", "performance baseline", one.performance_baseline, two.performance_baseline),
        ("baseline", "training rows", one.training_rows, two.training_rows),
    ]
    for cause, what, was, now in pairs:
        if (was and was.fingerprint) != (now and now.fingerprint):
            found.note(cause, what, *_windows_shown(was, now))
    for cause in ("data", "baseline"):
        if cause not in found.moved:
            found.same.append(cause)


def _windows_shown(was: WindowFacts | None, now: WindowFacts | None) -> tuple[str, str]:
    shown = [f"{w.source} ({count(w.rows)} rows)" if w else "none" for w in (was, now)]
    if was and now and shown[0] == shown[1]:
        # The same name and size, and yet other rows: only the fingerprint tells them apart.
        shown = [f"{text}, fingerprint {w.fingerprint[-6:]}" for text, w in zip(shown, (was, now), strict=True)]
    return shown[0], shown[1]


def _model(found: Differences, before: TriagePacket, after: TriagePacket) -> None:
    """Tell two models apart by name, by version, or by how they rank the same baseline rows.

    A name is no proof that the model is the same. Equal AUCs on the same baseline rows and all their slices, to the
    last digit, are taken for one; logged scores are part of their window's fingerprint.
    """
    names = [_model_name(packet) for packet in (before, after)]
    sources = [packet.provenance.score_source for packet in (before, after)]
    if names[0] != names[1]:
        found.note("model", "model", *names)
    elif sources == ["none", "none"]:
        found.same.append("model")
    elif any(source.startswith("logged") for source in sources):
        # Where only the current window has logged scores, they are no column of the reference's fingerprint.
        known = "data" in found.same and not any("performance baseline" in source for source in sources)
        if known:
            found.same.append("model")
        else:
            found.unproved.append("which model wrote the logged scores")
    else:
        _ranking(found, before, after, names[0])


def _ranking(found: Differences, before: TriagePacket, after: TriagePacket, name: str) -> None:
    """Compare what two models of one name made of the same baseline."""
    one, two = (p.performance_baseline or p.drift_baseline for p in (before.provenance, after.provenance))
    was, now = before.performance, after.performance
    aucs = (was.reference.value, now.reference.value)
    if one.fingerprint != two.fingerprint or was.method != now.method or None in aucs:
        found.unproved.append(f"whether the model behind the name {name!r} is the same")
        return
    ranked = [{(s.column, s.value): s.reference.value for s in section.slices} for section in (was, now)]
    shared = ranked[0].keys() & ranked[1].keys()
    if aucs[0] == aucs[1] and all(ranked[0][key] == ranked[1][key] for key in shared):
        found.same.append("model")
        return
    shown = [f"{name}, AUC {auc:.6f} on the same baseline" for auc in aucs]
    found.note("model", "ranking", *shown)


def _model_name(packet: TriagePacket) -> str:
    name, version = packet.provenance.model, packet.provenance.model_version
    return "none" if name is None else f"{name}, version {version}" if version else name


def _software(found: Differences, before: TriagePacket, after: TriagePacket) -> None:
    one, two = ({"dawnwatch": p.dawnwatch, **p.libraries} for p in (before.provenance, after.provenance))
    for name in dict.fromkeys([*one, *two]):
        if one.get(name) != two.get(name):
            found.note("software", name, one.get(name, "not there"), two.get(name, "not there"))
    if "software" in found.moved:
        found.unproved.append(HIDDEN["software"])
