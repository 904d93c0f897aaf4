"""`dawnwatch run`: exit codes, and one clear line for whatever a user does wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import CONFIG, Called, table

Call = Callable[..., Called]
RUN = ("run", "--reference", "reference.parquet", "--no-plot")
HEALTHY = (*RUN, "--current", "current.parquet")


def packets(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "monitoring_results").glob("*.json") if p.name != "latest.json")


def replace(current: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return current.set_column(current.schema.get_field_index(name), name, values)


def test_a_healthy_window_is_low_and_exit_0(folder: Path, call: Call) -> None:
    result = call(*HEALTHY, "--json")
    packet = json.loads(result.out)
    assert (result.code, packet["severity"], packet["rule"]) == (0, "low", "all_checks_pass")
    assert json.loads((folder / "monitoring_results/latest.json").read_text()) == packet
    assert len(packets(folder)) == 1


def test_json_is_all_of_standard_output(folder: Path, call: Call) -> None:
    result = call(*HEALTHY, "--json")
    assert result.out.startswith("{\n")
    assert "\x1b" not in result.out + result.err


def test_quiet_prints_nothing(folder: Path, call: Call) -> None:
    result = call(*HEALTHY, "--quiet")
    assert (result.code, result.out, result.err) == (0, "", "")


def test_label_and_owner_are_kept(folder: Path, call: Call) -> None:
    call(*HEALTHY, "--quiet", "--label", "week 12/b", "--owner", "Ada")
    (path,) = packets(folder)
    packet = json.loads(path.read_text())
    assert (packet["label"], packet["owner"]) == ("week 12/b", "Ada")
    assert "-week-12-b-low" in path.name


def test_fail_on_decides_between_exit_0_and_1(folder: Path, call: Call) -> None:
    pq.write_table(table(4000, mobile=0.7, seed=2), "current.parquet")
    assert call(*HEALTHY, "--quiet").code == 0
    assert call(*HEALTHY, "--quiet", "--fail-on", "critical").code == 0
    assert call(*HEALTHY, "--quiet", "--fail-on", "high").code == 1
    assert call(*HEALTHY, "--quiet", "--fail-on", "low").code == 1


def test_thresholds_move_the_severity(folder: Path, call: Call) -> None:
    pq.write_table(table(4000, mobile=0.7, seed=2), "current.parquet")
    high = json.loads(call(*HEALTHY, "--json").out)
    medium = json.loads(call(*HEALTHY, "--json", "--psi-threshold", "2").out)
    assert (high["severity"], medium["severity"], medium["rule"]) == ("high", "medium", "yellow_drift")
    moved = next(t for t in medium["thresholds"] if t["name"] == "psi")
    assert (moved["value"], moved["source"]) == ({"yellow": 0.1, "red": 2.0}, "override")


def test_a_missing_because_is_warned_of(folder: Path, call: Call) -> None:
    result = call(*HEALTHY)
    assert "no `because` says why for thresholds.missing, thresholds.auc_drop" in result.err
    assert "thresholds.psi" not in result.err


def test_a_reference_without_holdout_is_warned_of(folder: Path, call: Call) -> None:
    assert "give rows it never saw as [data] holdout" in call(*HEALTHY).err
    assert "holdout" not in call(*HEALTHY, "--holdout", "current.parquet").err


def test_without_a_configuration_the_settings_are_inferred(folder: Path, call: Call) -> None:
    (folder / "dawnwatch.toml").unlink()
    result = call(*HEALTHY, "--json")
    assert result.code == 0
    assert "inferred from the reference" in result.err


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--psi-threshold", "-0.1"), "--psi-threshold must be a number above 0, such as 0.2; got '-0.1'"),
        (("--psi-threshold", "0"), "--psi-threshold must be a number above 0, such as 0.2; got '0'"),
        (("--psi-threshold", "nan"), "--psi-threshold must be a number above 0, such as 0.2; got 'nan'"),
        (("--missing-threshold", "1.5"), "--missing-threshold must be between 0 and 1, such as 0.05 or 5%; got '1.5'"),
        (("--auc-threshold", "-1"), "--auc-threshold must be between 0 and 1, such as 0.05 or 5%; got '-1'"),
        (("--json", "--quiet"), "--json and --quiet exclude each other: choose what to print"),
    ],
)
def test_bad_flags_are_exit_2(folder: Path, call: Call, arguments: tuple[str, ...], line: str) -> None:
    result = call(*HEALTHY, *arguments)
    assert (result.code, result.errors) == (2, [f"dawnwatch: {line}"])
    assert not (folder / "monitoring_results").exists()


def test_an_unknown_flag_and_a_bad_severity_are_exit_2(folder: Path, call: Call) -> None:
    assert call(*HEALTHY, "--nope").code == 2
    assert call(*HEALTHY, "--fail-on", "terrible").code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[roles]\nlabl = 'label'", "unknown key 'roles.labl'. Did you mean 'label'?"),
        ("[treshold.psi]\nred = 1", "unknown key 'treshold'. Did you mean 'thresholds'?"),
        ("[thresholds.missing]\nmax = -0.1", "thresholds.missing.max: must be greater than or equal to 0"),
        ("[roles\nlabel = 1", "not valid TOML"),
    ],
)
def test_a_bad_configuration_is_exit_2(folder: Path, call: Call, text: str, said: str) -> None:
    (folder / "dawnwatch.toml").write_text(text)
    result = call(*HEALTHY)
    assert result.code == 2
    (line,) = result.errors
    assert line.startswith("dawnwatch: dawnwatch.toml: ")
    assert said in line
    assert not (folder / "monitoring_results").exists()


def test_no_configuration_and_no_reference_is_exit_2(folder: Path, call: Call) -> None:
    (folder / "dawnwatch.toml").unlink()
    result = call("run", "--current", "current.parquet")
    assert result.code == 2
    assert "dawnwatch init REFERENCE" in result.errors[0]
    assert call("run", "--config", "none.toml").code == 2


@pytest.mark.parametrize("name", ["label", "score", "device", "id"])
def test_a_column_the_reference_lacks_is_exit_2(folder: Path, call: Call, name: str) -> None:
    pq.write_table(table(6000).drop_columns([name]), "reference.parquet")
    result = call(*HEALTHY)
    assert result.code == 2
    (line,) = result.errors
    assert f"no column {name!r}" in line or f"no score column {name!r}" in line
    assert not (folder / "monitoring_results").exists()


BAD_REFERENCES = {
    "three label values": ("label", pa.array([0, 1, 2] * 2000), "exactly two values and has 3"),
    "one label value": ("label", pa.array([1] * 6000), "exactly two values and has 1"),
    "no score": ("score", pa.nulls(6000, pa.float64()), "holds no number in 6,000 rows"),
    "score no probability": ("score", pa.array([0.5, 1.5] * 3000), "3,000 of 6,000 rows lie outside [0, 1]"),
    "text score": ("score", pa.array(["a"] * 6000), "is string, not a number"),
}


@pytest.mark.parametrize("case", BAD_REFERENCES)
def test_a_reference_that_cannot_serve_is_exit_2(folder: Path, call: Call, case: str) -> None:
    name, values, said = BAD_REFERENCES[case]
    pq.write_table(replace(table(6000), name, values), "reference.parquet")
    result = call(*HEALTHY)
    assert result.code == 2
    (line,) = result.errors
    assert said in line
    assert not (folder / "monitoring_results").exists()


BAD_WINDOWS = {
    "missing feature": ("device", None, "quality.missing, drift.psi, performance.auc_drop of device", "schema"),
    "missing label": ("label", None, "performance.auc_drop could not be judged", "schema"),
    "missing score": ("score", None, "performance.auc_drop could not be judged", "schema"),
    "three label values": ("label", pa.array([0, 1, 2, 1] * 1000), "neither of the two classes", "label_values"),
    "all-null label": ("label", pa.nulls(4000, pa.int64()), "is empty in all 4,000 rows", "missing"),
    "one class": ("label", pa.array([1] * 4000), "have the same label", "constant"),
    "all-null score": ("score", pa.nulls(4000, pa.float64()), "is empty in all 4,000 rows", "missing"),
    "score no probability": ("score", pa.array([0.2, 1.2] * 2000), "lie outside [0, 1]", "score_range"),
    "text score": ("score", pa.array(["high"] * 4000), "is string, not a number", "schema"),
    "text for a number": ("x", pa.array(["a"] * 4000), "drift.psi of x could not be judged", "schema"),
}


@pytest.mark.parametrize("case", BAD_WINDOWS)
def test_a_bad_window_yields_a_packet_with_the_finding_and_exit_3(folder: Path, call: Call, case: str) -> None:
    name, values, said, failed = BAD_WINDOWS[case]
    current = table(4000, seed=1)
    current = current.drop_columns([name]) if values is None else replace(current, name, values)
    pq.write_table(current, "current.parquet")
    result = call(*HEALTHY, "--quiet")
    assert result.code == 3
    assert any(said in line for line in result.errors), result.err
    packet = json.loads((folder / "monitoring_results/latest.json").read_text())
    names = {check["name"] for check in packet["quality"]["checks"] if check["outcome"] == "failed"}
    scoreless, unread = {"missing score", "all-null score", "text score"}, {"missing feature", "text for a number"}
    blinded = case in scoreless | unread  # nothing tells of accuracy, or of what the model makes of such rows
    assert packet["severity"] == ("high" if blinded else "medium")
    assert packet["could_not_judge"]
    assert failed in names
    assert call(*HEALTHY, "--quiet", "--fail-on", "medium").code == 1


def test_an_all_null_feature_is_a_finding_and_judged(folder: Path, call: Call) -> None:
    pq.write_table(replace(table(4000, seed=1), "x", pa.nulls(4000, pa.float64())), "current.parquet")
    packet = json.loads(call(*HEALTHY, "--json").out)
    assert packet["severity"] == "high"
    assert packet["top_drifters"][0]["moved_most"] == "(missing) 0% → 100%"
    assert "read drift and performance with that in mind" in packet["drift"]["cautions"][0]


UNREADABLE = {
    "missing.parquet": None,
    "empty.csv": b"",
    "empty.parquet": b"",
    "picture.parquet": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "header.csv": b"id,device,x,label,score\n",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_window_that_cannot_be_read_is_exit_3_and_one_line(folder: Path, call: Call, name: str) -> None:
    content = UNREADABLE[name]
    if content is not None:
        (folder / name).write_bytes(content)
    result = call(*RUN, "--current", name)
    assert result.code == 3
    errors = [line for line in result.errors if "warning" not in line]
    assert len(errors) == 1
    assert name in errors[0]
    assert not (folder / "monitoring_results").exists()


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_reference_that_cannot_be_read_is_exit_2(folder: Path, call: Call, name: str) -> None:
    content = UNREADABLE[name]
    if content is not None:
        (folder / name).write_bytes(content)
    result = call("run", "--reference", name, "--current", "current.parquet", "--no-plot")
    assert result.code == 2
    assert name in result.err
    assert not (folder / "monitoring_results").exists()


def test_a_results_folder_that_cannot_be_written_is_exit_2_before_any_work(folder: Path, call: Call) -> None:
    (folder / "taken").write_text("a file")
    for place in ("taken", "taken/below"):
        result = call(*HEALTHY, "--results", place)
        assert result.code == 2
        assert "cannot be written" in result.errors[0]
        assert "--results" in result.errors[0]
    assert (folder / "taken").read_text() == "a file"


def test_late_labels_are_not_computed_and_exit_0(folder: Path, call: Call) -> None:
    (folder / "dawnwatch.toml").write_text(CONFIG + "\n[labels]\nexpected = 'late'\n")
    pq.write_table(table(4000, seed=1).drop_columns(["label"]), "current.parquet")
    result = call(*HEALTHY, "--json")
    packet = json.loads(result.out)
    assert (result.code, packet["severity"], packet["could_not_judge"]) == (0, "low", [])
    assert packet["performance"]["outcome"] == "not_computed"
    assert packet["performance"]["current"]["value"] is None
    assert "labels come late" in packet["headline"]


def test_private_values_stay_out_of_everything(folder: Path, call: Call) -> None:
    secret = "s3cr3t"
    (folder / "dawnwatch.toml").write_text(
        CONFIG.replace("[columns.device]", "[columns.device]\nprivate = true\nallowed = ['mobile']")
    )
    current = table(4000, seed=1)
    pq.write_table(replace(current, "device", pa.array([secret, "tablet"] * 2000)), "current.parquet")
    result = call("run", "--reference", "reference.parquet", "--current", "current.parquet")
    written = [p for p in (folder / "monitoring_results").iterdir() if p.suffix in {".json", ".html", ".svg"}]
    assert result.code == 0
    assert len(written) >= 3
    for text in (result.out, result.err, *(p.read_text() for p in written)):
        assert secret not in text
        assert "tablet" not in text


def test_pictures_and_report_stand_beside_the_packet(folder: Path, call: Call) -> None:
    call("run", "--reference", "reference.parquet", "--current", "current.parquet", "--quiet")
    (path,) = packets(folder)
    names = {p.name.removeprefix(path.stem) for p in (folder / "monitoring_results").iterdir()}
    assert names == {
        ".json", ".html", "-dashboard.png", "-dashboard.svg", "-slices.png", "-slices.svg", "latest.json",
        "profiles", "drift-explainer.html", "pipeline-map.html", "triage-playbook.html",
    }  # fmt: skip


def test_an_internal_fault_is_exit_3_without_a_traceback(
    folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the moon\nis full")

    monkeypatch.setattr("dawnwatch.monitoring.reading.profile_window", broken)
    result = call(*HEALTHY)
    assert result.code == 3
    assert "internal fault: RuntimeError: the moon is full" in result.err
    assert "Traceback" not in result.err


def test_debug_shows_the_traceback_that_the_line_speaks_of() -> None:
    code = (
        "import dawnwatch.cli.settings as settings, sys\n"
        "def fault(*_, **__): raise RuntimeError('the moon is full')\n"
        "settings.configuration = fault\n"
        "sys.argv = ['dawnwatch', 'run', '--reference', 'r.parquet', '--current', 'c.parquet']\n"
        "from dawnwatch.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | {"DAWNWATCH_DEBUG": "1"}
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert "Traceback (most recent call last)" in done.stderr
    assert done.stderr.endswith("RuntimeError: the moon is full\n")


def test_ctrl_c_is_130_and_leaves_nothing(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dawnwatch.monitoring.reading.profile_window", stopped)
    result = call(*HEALTHY)
    assert result.code == 130
    assert not (folder / "monitoring_results").exists()


def test_csv_and_json_lines_give_the_same_answers(folder: Path, call: Call) -> None:
    reference, current = table(6000), table(4000, mobile=0.6, seed=3)
    import pyarrow.csv as csv

    csv.write_csv(reference, "reference.csv")
    csv.write_csv(current, "current.csv")
    Path("current.jsonl").write_text("\n".join(json.dumps(row) for row in current.to_pylist()))
    pq.write_table(current, "current.parquet")
    found = []
    for pair in (("reference.parquet", "current.parquet"), ("reference.csv", "current.csv"),
                 ("reference.csv", "current.jsonl")):  # fmt: skip
        packet = json.loads(call("run", "--reference", pair[0], "--current", pair[1], "--json", "--no-plot").out)
        found.append(packet)
    for packet in found[1:]:
        assert packet["drift"]["features"] == found[0]["drift"]["features"]
        assert packet["performance"]["drop"] == found[0]["performance"]["drop"]
        assert packet["provenance"]["current"]["fingerprint"] == found[0]["provenance"]["current"]["fingerprint"]


def test_the_exit_code_of_a_run_without_plots_does_not_depend_on_the_working_folder(
    folder: Path, call: Call, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    text = "[data]\nreference = 'reference.parquet'\ncurrent = 'current.parquet'\n" + CONFIG
    (folder / "dawnwatch.toml").write_text(text)
    os.chdir(elsewhere)
    result = call("run", "--config", str(folder / "dawnwatch.toml"), "--no-plot", "--quiet")
    assert result.code == 0
    assert len(packets(folder)) == 1


def test_scores_of_the_model_where_the_log_has_none(folder: Path, call: Call) -> None:
    import skops.io
    from sklearn.linear_model import LogisticRegression

    rows = table(6000)
    model = LogisticRegression().fit(np.c_[rows["x"].to_numpy()], rows["label"].to_numpy())
    skops.io.dump(model, "model.skops")
    (folder / "dawnwatch.toml").write_text(CONFIG + "\n[model]\npath = 'model.skops'\nfeatures = ['x']\n")
    for name in ("reference", "current"):
        pq.write_table(pq.read_table(f"{name}.parquet").drop_columns(["score"]), f"{name}.parquet")
    packet = json.loads(call(*HEALTHY, "--json").out)
    assert packet["severity"] == "low"
    assert packet["performance"]["score_source"].startswith("the model's (model.skops)")
    assert packet["performance"]["current"]["value"] > 0.8


def test_an_empty_path_is_not_the_configured_one(folder: Path, call: Call) -> None:
    text = "[data]\nreference = 'reference.parquet'\n" + CONFIG
    (folder / "dawnwatch.toml").write_text(text)
    result = call("run", "--reference", "", "--current", "current.parquet", "--no-plot")
    assert result.code == 2
    assert not (folder / "monitoring_results").exists()


def test_json_is_utf8_whatever_the_locale_says(folder: Path) -> None:
    pq.write_table(table(4000, mobile=0.7, seed=2), "current.parquet")
    command = [sys.executable, "-m", "dawnwatch", *HEALTHY, "--json"]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "cp1252"}, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "→" in json.loads(done.stdout.decode("utf-8"))["headline"]


def test_two_runs_in_the_same_second_keep_both_packets(folder: Path) -> None:
    command = [sys.executable, "-m", "dawnwatch", *HEALTHY, "--quiet"]
    runs = [subprocess.Popen(command) for _ in range(3)]
    assert [run.wait(timeout=120) for run in runs] == [0, 0, 0]
    assert len(packets(folder)) == 3


def test_a_killed_run_leaves_nothing_half_written(folder: Path) -> None:
    import time

    pq.write_table(table(1_500_000), "current.parquet")
    command = [sys.executable, "-m", "dawnwatch", *RUN, "--current", "current.parquet"]
    for seconds in (0.5, 1.0, 1.5):
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        run.kill()
        run.wait()
        results = folder / "monitoring_results"
        for path in results.glob("*.json") if results.exists() else ():
            assert json.loads(path.read_text())["severity"]


def test_ctrl_c_in_a_real_process_is_one_line(folder: Path) -> None:
    import signal

    pq.write_table(table(1_000_000), "current.parquet")
    code = (
        "import sys, time\n"
        "from dawnwatch.profiling.kernel import Tally\n"
        "whole = Tally.add\n"
        "def slow(tally, batch, start=None):\n"
        "    print('counting', flush=True)\n"
        "    time.sleep(0.5)\n"
        "    whole(tally, batch, start)\n"
        "Tally.add = slow\n"
        "from dawnwatch.cli import main\n"
        f"sys.argv = {['dawnwatch', *RUN, '--current', 'current.parquet']!r}\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stdout is not None
    assert run.stdout.readline() == "counting\n"
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert err == "dawnwatch: stopped; nothing was written\n"


def test_a_wrong_flag_is_one_line_in_a_real_process(folder: Path) -> None:
    for flag in ("--psi-threshold=abc", "--nope", "--fail-on=terrible"):
        done = subprocess.run(
            [sys.executable, "-m", "dawnwatch", *HEALTHY, flag], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 2
        (line,) = done.stderr.strip().splitlines()
        assert line.startswith("dawnwatch: ")
    loud = [sys.executable, "-m", "dawnwatch", *HEALTHY, "--quiet", "--fail-on", "LOW"]
    assert subprocess.run(loud, capture_output=True, timeout=60).returncode == 1
