"""`dawnwatch what-if`: packets, configurations, tables, JSON, charts, and what a user can do wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dawnwatch.model.what_if import WhatIf
from tests.cli.conftest import CONFIG, Called, table

Call = Callable[..., Called]
QUIETLY = ("--no-plot", "--quiet", "--label", "nightly")


@pytest.fixture
def ran(folder: Path, call: Call) -> Path:
    """A folder with the packet of a drifted window, and without the data."""
    pq.write_table(table(4000, mobile=0.55, noise=2.5, seed=2), folder / "current.parquet")
    assert call("run", "--reference", "reference.parquet", "--current", "current.parquet", *QUIETLY).code == 0
    (folder / "dawnwatch.toml.orig").write_text(CONFIG)
    for name in ("reference.parquet", "current.parquet"):
        (folder / name).unlink()
    return folder


def packet(folder: Path) -> str:
    (path,) = [p for p in (folder / "monitoring_results").glob("*.json") if p.name != "latest.json"]
    return str(path)


def test_the_latest_packet_answers_without_its_data(ran: Path, call: Call) -> None:
    result = call("what-if")
    assert result.code == 0
    for text in ("PSI: RED at or above it · now 0.2", "nearly everything flags", "any null fails", "noise or decay?"):
        assert text in result.out
    assert max(map(len, result.out.splitlines())) <= 80


def test_json_holds_the_exact_flips_and_equals_that_of_the_packet_file(ran: Path, call: Call) -> None:
    answers = WhatIf.model_validate_json(call("what-if", "--json").out)
    psi = answers.sweeps[0]
    saved = json.loads(Path(packet(ran)).read_text())
    found = {f["name"]: f["psi"] for f in saved["drift"]["features"]}
    assert [(flip.value, flip.low, flip.high) for flip in psi.flips] == [(found["device"],) * 3]
    assert [s.severity for s in psi.severities] == ["critical", "high"]
    assert answers.packet == saved["id"]
    for target in ("nightly", "latest", packet(ran)):
        assert WhatIf.model_validate_json(call("what-if", target, "--json").out) == answers


def test_the_auc_flips_where_the_packet_fell_to_the_last_digit(ran: Path, call: Call) -> None:
    auc = WhatIf.model_validate_json(call("what-if", "--json", "--threshold", "auc_drop").out).sweeps[0]
    section = json.loads(Path(packet(ran)).read_text())["performance"]
    falls = [section["drop"]["value"], *(part["drop"]["value"] for part in section["slices"])]
    assert [(flip.value, flip.low, flip.high) for flip in auc.flips] == [(max(falls),) * 3]
    assert (auc.bounds, auc.notes) == ({}, [])


def test_json_has_a_title_and_what_the_value_means(ran: Path, call: Call) -> None:
    sweeps = json.loads(call("what-if", "--json").out)["sweeps"]
    assert [(s["threshold"], s["title"], s["means"]) for s in sweeps] == [
        ("psi", "PSI", "RED at or above it"),
        ("missing", "Missing values", "largest share that passes"),
        ("range", "Range rules", "largest share of rows outside them that passes"),
        ("duplicates", "Duplicates", "largest share of repeated rows that passes"),
        ("auc_drop", "AUC drop", "largest fall that passes"),
    ]


def test_a_configuration_judges_the_latest_run_by_its_own_thresholds(ran: Path, call: Call) -> None:
    Path("other.toml").write_text(CONFIG.replace("red = 0.2", "red = 3.0"))
    answers = WhatIf.model_validate_json(call("what-if", "other.toml", "--json", "--threshold", "psi").out)
    assert (answers.severity, [s.threshold for s in answers.sweeps], answers.sweeps[0].now) == ("high", ["psi"], 3.0)
    Path("counts.toml").write_text(CONFIG.replace('slices = ["device"]', ""))
    refused = call("what-if", "counts.toml")
    assert (refused.code, len(refused.errors)) == (2, 1)
    assert "was made under other settings (roles.slices was" in refused.err


@pytest.mark.parametrize(("name", "start"), [("flips.png", b"\x89PNG"), ("flips.svg", b"<svg")])
def test_a_chart_is_drawn(ran: Path, call: Call, name: str, start: bytes) -> None:
    result = call("what-if", "--chart", name)
    assert (result.code, result.err.strip()) == (0, f"wrote {name}")
    assert Path(name).read_bytes().startswith(start)


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("nowhere.json",), 2, "nowhere.json: no such packet, neither a file nor a label in monitoring_results"),
        (("nihgtly",), 2, "is labelled 'nihgtly'. Did you mean 'nightly'? Labels there: nightly"),
        (
            ("monitoring_results",),
            2,
            "monitoring_results: is a folder, not a packet; give a file in it, or --results monitoring_results with "
            "`latest` or a label. Labels there: nightly",
        ),
        (("monitoring_results/",), 2, "monitoring_results: is a folder, not a packet"),
        (("monitoring_results/profiles",), 2, "monitoring_results/profiles: is a folder, not a packet"),
        (("dawnwatch.toml.orig",), 2, "dawnwatch.toml.orig: not a triage packet of schema"),
        (("nowhere.toml",), 2, "nowhere.toml: no such configuration"),
        (("--chart", "flips.pdf"), 2, "--chart must end in .png or .svg; got flips.pdf"),
        (("--threshold", "rmse"), 2, "no threshold 'rmse' to move"),
        (("--results", "elsewhere"), 2, "elsewhere/latest.json: no such packet"),
    ],
)
def test_a_mistake_is_one_line(ran: Path, call: Call, arguments: tuple[str, ...], code: int, text: str) -> None:
    result = call("what-if", *arguments)
    assert (result.code, result.out, len(result.errors)) == (code, "", 1)
    assert text in result.err


def test_a_packet_whose_counts_are_gone_says_where_they_should_be(ran: Path, call: Call) -> None:
    for path in (ran / "monitoring_results/profiles").iterdir():
        path.unlink()
    result = call("what-if")
    assert result.code == 3
    assert "no such profile, though packet" in result.err


def test_the_counts_of_another_packet_do_not_answer_for_this_one(ran: Path, call: Call) -> None:
    pq.write_table(table(6000), "reference.parquet")
    pq.write_table(table(4000, seed=1), "current.parquet")
    call("run", "--reference", "reference.parquet", "--current", "current.parquet", "--no-plot", "-q")
    other = Path("monitoring_results") / json.loads(Path("monitoring_results/latest.json").read_text())["profile"]
    (one,) = (path for path in other.parent.iterdir() if path.name != other.name)
    other.write_bytes(one.read_bytes())
    result = call("what-if")
    assert (result.code, result.out, len(result.errors)) == (3, "", 1)
    assert f"holds the counts of packet {one.stem}, not of {other.stem}" in result.err


def test_a_severity_has_one_colour_in_every_strip(ran: Path, call: Call) -> None:
    from dawnwatch.report.charts import what_if_chart
    from dawnwatch.report.render import specification

    answers = WhatIf.model_validate_json(call("what-if", "--json").out)
    strips = specification(what_if_chart(answers))["vconcat"]
    scales = [
        layer["encoding"]["color"]["scale"] for s in strips for layer in s["layer"] if "color" in layer["encoding"]
    ]
    scales = [scale for scale in scales if scale is not None]
    assert len(scales) == 5
    assert all(scale == scales[0] for scale in scales)
    assert scales[0]["domain"] == ["critical", "high", "medium", "low", "not known"]


def test_the_interval_stands_where_noise_or_decay_is_asked(ran: Path, call: Call) -> None:
    low, high = json.loads(Path(packet(ran)).read_text())["performance"]["drop"]["interval"]
    found = WhatIf.model_validate_json(call("what-if", "--json", "--threshold", "auc_drop").out).sweeps[0].intervals
    assert found["overall"] == pytest.approx((low, high), abs=0.002)
    shown = " ".join(call("what-if", "--threshold", "auc_drop").out.split())
    assert f"overall (interval {found['overall'][0]:.3f} to {found['overall'][1]:.3f}): failed" in shown
