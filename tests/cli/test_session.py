"""What moving a threshold does."""

from __future__ import annotations

from pathlib import Path

import pytest

from dawnwatch import Config, Monitor
from dawnwatch.cli.session import Session
from dawnwatch.model.enums import Pillar
from tests.cli.conftest import table


@pytest.fixture
def session(folder: Path) -> Session:
    config = Config.load(folder / "dawnwatch.toml")
    monitor = Monitor(config).fit(table(6000))
    seen = monitor.observe(table(4000, mobile=0.55, noise=2.5, seed=2))
    return Session(seen, config, monitor.judge(seen, label="tagged"))


def test_a_move_says_what_turned_and_keeps_label_and_decision(session: Session) -> None:
    session.decide("wait", note="labels come on Friday", by="")
    moved = session.move("psi", 5.0)
    assert (moved.before, moved.after) == (0.2, 5.0)
    assert moved.turned == {"device": ("RED", "YELLOW")}
    assert (moved.severity_before, moved.severity_after) == ("critical", "high")
    assert session.packet.label == "tagged"
    assert session.packet.human_decision.decision == "wait"
    assert session.packet.human_decision.by is None
    back = session.move("psi", 0.2)
    assert back.turned == {"device": ("YELLOW", "RED")}


def test_a_reason_is_asked_for_until_it_is_given_and_again_when_the_value_moves(session: Session) -> None:
    assert session.unjustified == []
    session.move("psi", 0.4)
    session.move("missing", 0.1)
    session.justify("psi", "tested in May")
    assert session.unjustified == ["missing"]
    reasons = {t.name: t.because for t in session.packet.thresholds if t.column is None}
    assert reasons["psi"] == "tested in May"
    session.move("psi", 0.5)
    assert session.unjustified == ["psi", "missing"]


def test_a_threshold_moved_away_and_back_is_as_it_was_configured(folder: Path) -> None:
    tables = {
        "roles": {"label": "label", "score": "score"},
        "columns": {"device": {"monitor": True}, "x": {"monitor": True}},
        "thresholds": {"psi": {"yellow": 0.15, "red": 0.2, "because": "weighed in May"}},
    }
    monitor = Monitor(tables).fit(table(6000))
    seen = monitor.observe(table(4000, mobile=0.55, seed=2))
    session = Session(seen, monitor.config, monitor.judge(seen))
    before = session.packet.thresholds
    session.move("psi", 0.1)
    session.move("missing", 0.01)
    session.justify("missing", "any gap is a fault")
    session.move("psi", 0.2)
    assert session.unjustified == []
    after = {t.name: t for t in session.packet.thresholds}
    assert after["psi"] == next(t for t in before if t.name == "psi")
    assert (after["missing"].value, after["missing"].because) == ({"max": 0.01}, "any gap is a fault")


def test_a_column_with_its_own_threshold_is_named_as_not_moved(folder: Path) -> None:
    tables = {
        "roles": {"label": "label", "score": "score"},
        "columns": {"device": {"monitor": True, "psi": {"red": 0.3}}, "x": {"monitor": True}},
    }
    monitor = Monitor(tables).fit(table(6000))
    seen = monitor.observe(table(4000, mobile=0.55, seed=2))
    session = Session(seen, monitor.config, monitor.judge(seen))
    moved = session.move("psi", 0.01)
    assert moved.held == ["device"]
    assert "device" not in moved.turned


def test_a_column_s_own_threshold_moves_alone_with_a_reason_of_its_own(session: Session) -> None:
    assert session.named(Pillar.DRIFT, "device") == session.named(Pillar.DRIFT, "psi.device") == "psi.device"
    assert session.named(Pillar.QUALITY, "duplicates") == "duplicates"
    assert session.named(Pillar.DRIFT, "nothing") is None
    moved = session.move("psi.device", 3.0)
    assert (moved.before, moved.after, moved.turned, moved.held) == (0.2, 3.0, {"device": ("RED", "YELLOW")}, [])
    assert (session.value("psi"), session.value("psi.device"), session.value("psi.x")) == (0.2, 3.0, 0.2)
    assert session.unjustified == ["psi.device"]
    session.justify("psi.device", "the app moved to phones")
    own = {t.column: t for t in session.packet.thresholds}["device"]
    assert (own.because, own.source) == ("the app moved to phones", "override")
    session.move("psi.device", 0.2)
    assert (session.unjustified, {t.column for t in session.packet.thresholds}) == ([], {None})


def test_what_if_of_quality_moves_every_threshold_that_judged_anything(session: Session) -> None:
    assert [s.threshold for s in session.sweeps(Pillar.QUALITY)] == ["missing", "range", "duplicates"]
    assert [s.threshold for s in session.sweeps(Pillar.DRIFT)] == ["psi"]
