"""The draft of an incident review: what it says, and that what people wrote stays."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sample_packet
from tests.report.sample_replay import FOUND
from tests.triage.ledgers import HOUR, day, said

from dawnwatch.errors import UsageError
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.history import Onset
from dawnwatch.model.incident import Incident
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.incident.document import BLANKS, REVIEW, review_text
from dawnwatch.report.kept import read
from dawnwatch.triage.cases import cases
from dawnwatch.triage.incident import incident


def of(*packets: TriagePacket, entries: Any = ()) -> Incident:
    every = cases(packets, list(entries))
    return incident(every[0], every)


def metropulse() -> Incident:
    return of(sample_packet.metropulse())


def written(text: str, name: str, words: str) -> str:
    """The text with a person's words in one of its blocks."""
    found = re.sub(rf"(<!-- keep: {name} -->\n).*?(\n<!-- /keep -->)", rf"\g<1>{words}\g<2>", text, flags=re.DOTALL)
    assert found != text
    return found


def test_every_part_is_there_with_a_marked_blank() -> None:
    text = review_text(metropulse(), source="results/latest.json")
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert titles == [
        "Summary",
        "Timeline",
        "Cause",
        "Evidence",
        "Decision",
        "Outcome",
        "Follow-ups",
        "Lessons",
        "Where this comes from",
    ]
    blocks = read(text, "here", REVIEW).blocks
    assert list(blocks) == ["impact", "timeline", "cause", "decision", "outcome", "follow_ups", "lessons"]
    assert all(block.startswith("**To be filled in:**") for block in blocks.values())


def test_evidence_stands_with_its_intervals() -> None:
    packet = sample_packet.metropulse()
    text = review_text(of(packet), source="x.json")
    red = next(f for f in packet.drift.features if f.name == "hour_bucket")
    assert f"| drift of hour_bucket | RED | PSI {red.psi:.3f}; " in text
    drop = packet.performance.drop
    assert drop.interval is not None
    (line,) = [line for line in text.splitlines() if line.startswith("| AUC overall |")]
    assert f"fell by {drop.value:.3f}" in line
    assert f"| {drop.interval[0]:.3f} to {drop.interval[1]:.3f} |" in line


def test_a_whole_that_rose_beside_a_slice_that_fell_is_no_failure() -> None:
    packet = sample_packet.metropulse()
    section = packet.performance
    drop = section.drop.model_copy(
        update={"value": -0.02, "interval": (-0.05, 0.01), "outcome": Outcome.PASSED, "significance": None}
    )
    rose = packet.model_copy(update={"performance": section.model_copy(update={"drop": drop})})
    (line,) = [line for line in review_text(of(rose), source="x.json").splitlines() if line.startswith("| AUC overall")]
    assert ": rose by 0.020 |" in line
    assert "| -0.010 to 0.050 |" in line
    assert "| passed |" in line


def test_what_was_decided_beside_what_was_advised() -> None:
    first = day(3, "high", red=("device",))
    entries = [said("day 3", after=2 * HOUR, decision="rollback", by="Ada", note="5.1 broke it")]
    text = review_text(of(first, day(4), entries=entries), source="x.json")
    assert "Taken: **Roll back**" in text
    assert "2026-03-04 08:00 UTC, by Ada: 5.1 broke it." in text
    assert "| Decided | 2 hours after the page |" in text
    assert "- drift of device: passes" in text
    assert "Recovered in the next window, after 24 hours." in text
    assert "nothing was recorded" in review_text(of(first), source="x.json")


def test_what_people_wrote_stays_and_an_untouched_form_follows_the_packet() -> None:
    text = review_text(metropulse(), source="x.json")
    edited = written(text, "impact", "**40** riders,\nfor 3 hours")
    kept = read(edited, "here", REVIEW)
    assert kept.untouched
    again = review_text(of(day(3, "high", red=("device",))), source="x.json", kept=kept.blocks)
    assert read(again, "here", REVIEW).blocks["impact"] == "**40** riders,\nfor 3 hours"
    assert read(again, "here", REVIEW).blocks["lessons"] == BLANKS["lessons"]
    assert review_text(metropulse(), source="x.json", kept=kept.blocks) == edited


def test_a_block_that_has_no_place_any_more_is_kept_at_the_end() -> None:
    text = review_text(metropulse(), source="x.json", kept={"costs": "12 hours"})
    assert "## Kept from an earlier draft\n\n<!-- keep: costs -->\n12 hours\n<!-- /keep -->" in text


def test_a_review_is_no_plan_and_a_plan_no_review() -> None:
    text = review_text(metropulse(), source="x.json")
    with pytest.raises(UsageError, match="is a dawnwatch incident review, and no plan; choose another --output"):
        read(text, "here", "plan")


def test_names_from_the_data_cannot_act() -> None:
    name = "a|b <!-- /keep --> \x1b[31m"
    text = review_text(of(day(3, "high", red=(name,))), source="x.json")
    assert "\x1b" not in text
    assert len(read(text, "here", REVIEW).blocks) == 7
    (row,) = [line for line in text.splitlines() if line.startswith("| drift of a")]
    assert row.count(" | ") == 5


def test_a_cause_stands_with_its_part_and_interval() -> None:
    from dawnwatch.model.causes import Cause

    packet = sample_packet.metropulse()
    part = Cause(
        cause="novelty", column="user_id", amount=0.05, interval=(0.03, 0.07), resolvable=False, text="New riders."
    )
    packet = packet.model_copy(update={"diagnosis": packet.diagnosis.model_copy(update={"causes": [part]})})
    text = review_text(of(packet), source="x.json")
    assert "| novelty (user_id) | +0.050 | 0.030 to 0.070 | New riders. *Not resolved.* |" in text


def test_since_when_is_said_or_why_not() -> None:
    packet = sample_packet.metropulse()
    dated = Onset(pillar=Pillar.DRIFT, column="x", at=packet.created_at, text="x has drifted since noon")
    open_ = Onset(pillar=Pillar.DRIFT, column="y", text="since when y has cannot be told", reason="no earlier window")
    for onsets, shown, hidden in (([dated, open_], dated, open_), ([open_], open_, dated)):
        diagnosis = packet.diagnosis.model_copy(update={"onsets": onsets, "onset": onsets[0]})
        text = review_text(of(packet.model_copy(update={"diagnosis": diagnosis})), source="x.json")
        assert f"Since when:\n\n- {shown.text}\n" in text
        assert hidden.text not in text


@pytest.mark.parametrize("variant", sorted(sample_packet.VARIANTS))
def test_every_packet_can_be_reviewed(variant: str) -> None:
    text = review_text(of(sample_packet.VARIANTS[variant]()), source="x.json")
    assert len(read(text, "here", REVIEW).blocks) == 7


def test_a_window_judged_again_is_one_incident_by_its_newest_run() -> None:
    first, again = day(3, "high", red=("device",), window="w"), day(3.5, "critical", red=("hour",), window="w")
    text = review_text(of(first, again), source="x.json")
    assert "| drift of hour | RED |" in text
    assert "| drift of device | RED |" not in text
    assert "- earlier runs on the same rows: `day 3`" in text
    assert "| Detected | 2026-03-04 06:00 UTC |" in text


def test_the_decision_that_stands_is_told_with_what_was_known_before() -> None:
    packet = day(3, "high", red=("device",))
    replay = FOUND.model_copy(update={"packet": "day 3", "created_at": packet.created_at + 3 * HOUR})
    entries = [said("day 3", after=2 * HOUR, decision=packet.decision.verdict)]
    every = cases([packet], entries, replays=[replay])
    text = review_text(incident(every[0], every), source="x.json")
    assert "Advised: **Retrain**, before the replay: Cannot tell from this evidence." in text
    assert "Replayed by `dawnwatch decide`, 2026-03-04 09:00 UTC: Retrain on current: AUC 0.730." in text
    assert "| 2026-03-04 09:00 UTC | actions replayed by dawnwatch decide (retrain, rollback): retrain |" in text
    assert "Taken: **Cannot tell from this evidence** (known then: Cannot tell from this evidence)" in text
