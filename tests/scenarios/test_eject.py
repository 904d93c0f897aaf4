"""`dawnwatch demo --eject`: files that run to the demo's packet, and whose MODIFY HERE blocks have effect."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import dawnwatch
import metropulse
from dawnwatch import Config, StoreError, TriagePacket, UsageError
from metropulse.eject import FILES, eject

Packet = dict[str, Any]
Place = tuple[str | int, ...]
BLOCKS = {
    *(
        "OWNER",
        "PSI_THRESHOLD",
        "MISSING_THRESHOLD",
        "AUC_DROP_THRESHOLD",
        "BECAUSE",
        "EXPECTED_COLUMNS",
        "range_rules",
    ),
    *("features_to_check", "feature_cols", "categorical_cols", "slice_col"),
}
LOG = 'label", "rating", "timestamp"'


def call(*arguments: str) -> Any:
    from dawnwatch.cli.app import app

    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(scope="module")
def demo_results(u_data_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `dawnwatch demo` itself leaves."""
    folder = tmp_path_factory.mktemp("demo")
    result = call("demo", "--data", str(u_data_file), "--results", str(folder), "--no-plot", "--quiet")
    assert result.exit_code == 0, result.stderr
    return folder


@pytest.fixture(scope="module")
def demo(demo_results: Path) -> Packet:
    """The packet of `dawnwatch demo` itself."""
    return json.loads((demo_results / "latest.json").read_text("utf-8"))


@pytest.fixture
def changed(u_data_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TriagePacket]:
    """Eject, change a block as a person would in an editor, and run what came of it."""

    def run(*changes: tuple[str, str]) -> TriagePacket:
        _, script = eject(tmp_path / "mine")
        text = script.read_text("utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        script.write_text(text, "utf-8")
        spec = importlib.util.spec_from_file_location("changed_metropulse", script)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        monkeypatch.setattr(sys, "path", [*sys.path])
        packet, _ = module.watch(str(u_data_file))
        assert isinstance(packet, TriagePacket)
        return packet

    return run


def run_script(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it as a person does, from its own folder: there its name is most in the way of the package's."""
    packages = [str(Path(str(package.__file__)).parents[1]) for package in (dawnwatch, metropulse)]
    return subprocess.run(
        [sys.executable, script.name, *arguments],
        cwd=script.parent,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(packages)},
        capture_output=True,
        text=True,
        check=False,
    )


DIFFERS = {
    ("id",),
    ("profile",),  # is named by the id
    ("created_at",),
    ("sla", "due_at"),
    ("provenance", "started_at"),
    ("provenance", "finished_at"),
}
"""Where two runs of one thing may differ: which run it was, and when."""


def values(packet: Any, path: Place = ()) -> dict[Place, Any]:
    """Every value of a packet by its path."""
    inside = packet.items() if isinstance(packet, dict) else enumerate(packet) if isinstance(packet, list) else ()
    found = {place: value for key, held in inside for place, value in values(held, (*path, key)).items()}
    return found or {path: packet}


def failing(packet: TriagePacket) -> list[tuple[str, str | None, str]]:
    return [(c.name, c.column, c.message) for c in packet.quality.checks if c.outcome == "failed"]


# ── unchanged ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_runs_unchanged_to_the_demos_packet(demo: Packet, u_data_file: Path, tmp_path: Path) -> None:
    assert call("demo", "--eject", str(tmp_path / "mine")).exit_code == 0
    script = tmp_path / "mine/metropulse.py"
    done = run_script(script, str(u_data_file))
    assert done.returncode == 0, done.stderr
    (saved,) = (tmp_path / "mine/monitoring_results").glob("*-critical.json")
    packet = json.loads(saved.read_text("utf-8"))
    assert saved.with_name("latest.json").read_bytes() == saved.read_bytes()
    assert done.stdout.splitlines() == ["CRITICAL  degraded_and_red_drift", demo["headline"], str(saved.resolve())]
    assert packet["profile"] == f"profiles/{packet['id']}.profile"
    made, expected = values(packet), values(demo)
    assert list(made) == list(expected)
    assert {path for path, value in made.items() if value != expected[path]} == DIFFERS
    assert len(made) > 500


def test_what_if_answers_on_the_scripts_packet_as_on_the_demos(
    demo_results: Path, u_data_file: Path, tmp_path: Path
) -> None:
    _, script = eject(tmp_path / "mine")
    assert run_script(script, str(u_data_file)).returncode == 0
    (saved,) = (tmp_path / "mine/monitoring_results").glob("*-critical.json")
    answers = []
    for target in (saved, demo_results / "latest.json"):
        result = call("what-if", str(target), "--json")
        assert result.exit_code == 0, result.stderr
        answers.append(json.loads(result.stdout))
    assert answers[0].pop("packet") != answers[1].pop("packet")
    assert answers[0] == answers[1]
    assert len(answers[0]["sweeps"]) == 5


def test_a_wrong_copy_of_the_data_is_one_line(tmp_path: Path) -> None:
    _, script = eject(tmp_path / "mine")
    done = run_script(script, "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("metropulse: nowhere: no such file")


# ── changed, block by block ───────────────────────────────────────────────────────────────────────────────────────


def test_owner_and_thresholds(changed: Callable[..., TriagePacket]) -> None:
    packet = changed(
        ('OWNER = "ride-recommendations on-call"', 'OWNER = "Ada"'),
        ("PSI_THRESHOLD = 0.20", "PSI_THRESHOLD = 0.40"),
        ("MISSING_THRESHOLD = 0.05", "MISSING_THRESHOLD = 0.01"),
        ("AUC_DROP_THRESHOLD = 0.05", "AUC_DROP_THRESHOLD = 0.10"),
        ('"psi": ""', '"psi": "half the city may move"'),
    )
    reasons = {t.name: t.because for t in packet.thresholds if t.column is None}
    assert (reasons["psi"], reasons["missing"], reasons["auc_drop"]) == ("half the city may move", "", "")
    assert "thresholds.missing has no `because`" in packet.provenance.warnings
    assert packet.owner == "Ada"
    assert (packet.severity, packet.rule) == ("high", "red_drift")
    assert {f.name: f.band for f in packet.drift.features} == {"hour_bucket": "RED", "device_type": "YELLOW"}
    values = {t.name: t.value for t in packet.thresholds}
    assert values["psi"] == {"yellow": 0.1, "red": 0.4}
    assert (values["missing"], values["auc_drop"]) == ({"max": 0.01}, {"max": 0.1})
    assert {c.threshold for c in packet.quality.checks if c.name == "missing"} == {0.01}


def test_a_lower_psi_threshold_takes_yellow_with_it(changed: Callable[..., TriagePacket]) -> None:
    packet = changed(("PSI_THRESHOLD = 0.20", "PSI_THRESHOLD = 0.05"))
    assert next(t.value for t in packet.thresholds if t.name == "psi") == {"yellow": 0.025, "red": 0.05}


def test_slice_col(changed: Callable[..., TriagePacket]) -> None:
    packet = changed(('slice_col = "device_type"', 'slice_col = "hour_bucket"'))
    assert {s.column for s in packet.performance.slices} == {"hour_bucket"}
    assert len(packet.performance.slices) == 4


def test_range_rules(changed: Callable[..., TriagePacket]) -> None:
    packet = changed(("RangeRule(min=1, max=5)", "RangeRule(min=1, max=4)"))
    ((name, column, message),) = failing(packet)
    assert (name, column) == ("range", "rating")
    assert message.startswith("6,477 above of 30,000 rows")


def test_a_range_rule_taken_away_is_not_checked(changed: Callable[..., TriagePacket]) -> None:
    packet = changed(('    "rating": RangeRule(min=1, max=5),\n', ""))
    assert "rating" not in {c.column for c in packet.quality.checks if c.name == "range"}


def test_a_column_that_is_not_expected_fails_the_schema(changed: Callable[..., TriagePacket]) -> None:
    packet = changed((LOG, 'label", "timestamp"'))
    assert failing(packet) == [("schema", None, "extra: rating")]


def test_a_column_that_the_log_lacks_fails_the_schema(changed: Callable[..., TriagePacket]) -> None:
    packet = changed((LOG, f'{LOG}, "pickup_lat"'))
    assert failing(packet) == [("schema", None, "missing: pickup_lat")]


def test_feature_cols(changed: Callable[..., TriagePacket]) -> None:
    packet = changed(
        (
            'feature_cols = ["hour_bucket", "device_type", "user_affinity", "item_affinity"]',
            'feature_cols = ["hour_bucket", "device_type", "user_id", "item_id"]',
        )
    )
    assert packet.performance.reference.value == pytest.approx(0.60, abs=0.01)
    assert packet.rule == "red_drift"


def test_features_to_check(changed: Callable[..., TriagePacket]) -> None:
    packet = changed(('features_to_check = ["hour_bucket", ', 'features_to_check = ["rating", '))
    assert {feature.name for feature in packet.drift.features} == {"rating", "device_type"}


def test_categorical_cols(changed: Callable[..., TriagePacket]) -> None:
    packet = changed(
        ('"user_affinity", "item_affinity"]\ncategorical', '"user_affinity", "rating"]\ncategorical'),
        ('categorical_cols = ["hour_bucket", ', 'categorical_cols = ["rating", "hour_bucket", '),
    )
    # The label is made of the rating: a model that is given it as a category knows the answer.
    assert packet.performance.current.value == pytest.approx(1.0, abs=1e-6)


# ── the files themselves ──────────────────────────────────────────────────────────────────────────────────────────


def test_every_block_is_marked_and_asks() -> None:
    text = FILES["metropulse.py"].read_text("utf-8")
    parts = re.split(r"# ── MODIFY HERE: ", text)[1:]
    assert all("?" in part.partition("\n")[0] for part in parts)
    named = {name for part in parts for name in re.findall(r"^(\w+) = ", part.split("\n\n\n")[0], re.MULTILINE)}
    assert named == BLOCKS
    for question in ("what breaks for riders if nulls exceed this?", "pickup_lat, pickup_lon, fare?"):
        assert question in text
    for question in ("what are valid latitudes, fares, hours?", "which segments need separate monitoring?"):
        assert question in text


def test_the_script_uses_the_public_surface_alone_and_is_short() -> None:
    text = FILES["metropulse.py"].read_text("utf-8")
    imported = {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert {name for module, name in imported if module == "metropulse"} <= set(metropulse.__all__)
    assert not [module for module, _ in imported if module and module.startswith(("metropulse.", "dawnwatch."))]
    assert len([line for line in text.splitlines() if line.strip()]) <= 110


def test_the_blocks_start_as_the_configuration_has_them() -> None:
    spec = importlib.util.spec_from_file_location("ejected_metropulse", FILES["metropulse.py"])
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert Config.from_dict(module.settings()).fingerprint == Config.load(FILES["dawnwatch.toml"]).fingerprint


# ── writing them ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_written(tmp_path: Path) -> None:
    result = call("demo", "--eject", str(tmp_path / "a/b"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert sorted(p.name for p in (tmp_path / "a/b").iterdir()) == ["dawnwatch.toml", "metropulse.py"]
    for name, original in FILES.items():
        assert (tmp_path / "a/b" / name).read_bytes() == original.read_bytes()
    assert result.stderr.splitlines()[-1].startswith(f"Next: `python {tmp_path / 'a/b/metropulse.py'}`")


@pytest.mark.parametrize("name", FILES)
def test_nothing_is_written_over(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    result = call("demo", "--eject", str(tmp_path))
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"dawnwatch: {tmp_path / name} is there already, and is not written over; eject into another folder"
    ]
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [(name, "mine")]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="file: is a file, and --eject takes a folder; name another"):
        eject(tmp_path / "file")
    with pytest.raises(StoreError, match=r"file/mine: cannot be written \(Not a directory\); eject into another"):
        eject(tmp_path / "file" / "mine")


@pytest.mark.parametrize("flag", [("--owner", "Ada"), ("--no-inject",), ("--psi-threshold", "0.1"), ("--json",)])
def test_it_runs_nothing_so_other_flags_are_refused(tmp_path: Path, flag: tuple[str, ...]) -> None:
    result = call("demo", "--eject", str(tmp_path / "mine"), *flag)
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        f"dawnwatch: --eject runs nothing, so {flag[0]} does not go with it; change the files it writes instead"
    ]
    assert not (tmp_path / "mine").exists()
