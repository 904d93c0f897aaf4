"""The picture files."""

from __future__ import annotations

import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sample_packet

from dawnwatch.errors import StoreError
from dawnwatch.model.packet import TriagePacket
from dawnwatch.report.render import save_pictures


def png_size(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


def text_of(svg: Path) -> str:
    return " ".join(ElementTree.parse(svg).getroot().itertext())


def test_four_files_at_twice_the_size(packet: TriagePacket, tmp_path: Path) -> None:
    paths = save_pictures(packet, tmp_path / "run-1")
    assert [p.name for p in paths] == [
        "run-1-dashboard.png",
        "run-1-dashboard.svg",
        "run-1-slices.png",
        "run-1-slices.svg",
    ]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in paths)
    for png, svg in (paths[:2], paths[2:]):
        root = ElementTree.parse(svg).getroot()
        width, height = float(root.attrib["width"]), float(root.attrib["height"])
        assert png_size(png) == pytest.approx((2 * width, 2 * height), abs=2)
        assert 400 < width < 1300
    said = text_of(paths[1])
    for words in ("CRITICAL", "0.553 RED", "0.294 RED", "All 17 checks passed", "0.699", "fails below 0.709"):
        assert words in said
    assert "device_type = mobile" in text_of(paths[3])


@pytest.mark.parametrize("variant", ["hostile", "nothing_watched"])
def test_pictures_name_no_other_server(variant: str, tmp_path: Path) -> None:
    paths = save_pictures(sample_packet.VARIANTS[variant](), tmp_path / "2026-03-02T06.00.12")
    assert paths[0].name == "2026-03-02T06.00.12-dashboard.png"
    for path in paths:
        if path.suffix == ".svg":
            text = path.read_text("utf-8").replace("http://www.w3.org/", "")
            assert "http" not in text
            assert "<script" not in text


def test_a_folder_that_is_not_there_is_one_clear_line(packet: TriagePacket, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"missing/x-dashboard\.png: cannot be written \(No such file"):
        save_pictures(packet, tmp_path / "missing" / "x")
    assert list(tmp_path.iterdir()) == []


def test_long_names_do_not_widen_the_picture(tmp_path: Path) -> None:
    long = sample_packet.feature("x" * 5_000, {"a": 0.5, "b": 0.5}, {"a": 0.9, "b": 0.1})
    base = sample_packet.metropulse()
    drift = base.drift.model_copy(update={"features": [long]})
    paths = save_pictures(base.model_copy(update={"drift": drift}), tmp_path / "x")
    assert png_size(paths[0])[0] < 2 * 1200
