"""`dawnwatch explain`, and the pages a run leaves beside its packet."""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest

from dawnwatch.explain.pages import PAGES
from dawnwatch.store.files import ResultsFolder
from tests.cli.conftest import Called
from tests.report.html_page import Page

Call = Callable[..., Called]
RUN = ("run", "--reference", "reference.parquet", "--current", "current.parquet", "--quiet")


@pytest.mark.parametrize("name", PAGES)
def test_the_worked_example_is_explained_where_no_packet_is_given(folder: Path, call: Call, name: str) -> None:
    result = call("explain", name)
    assert (result.code, result.out, result.err) == (0, f"{PAGES[name]}\n", "")
    assert "MetroPulse ride recommender" in (folder / PAGES[name]).read_text()


def test_a_run_is_explained(folder: Path, call: Call) -> None:
    call(*RUN, "--no-plot", "--label", "nightly")
    latest = "monitoring_results/latest.json"
    named = ("--packet", "nightly")
    for given in (named, ("--packet", "latest"), ("--packet", latest), ("--results", "monitoring_results")):
        result = call("explain", "drift", *given, "--out", "mine.html")
        assert (result.code, result.out) == (0, "mine.html\n")
        assert "nightly" in (folder / "mine.html").read_text()
        (folder / "mine.html").unlink()


def playbook_of(report: Path) -> str:
    """The playbook a report holds inside it, as text."""
    held = next(text for attrs, text in Page(report.read_text()).scripts if attrs.get("id") == "inner")
    return Page(json.loads(held)[list(PAGES).index("playbook")]).text


def test_the_playbook_names_the_folder_and_the_configuration_in_use(folder: Path, call: Call) -> None:
    (folder / "dawnwatch.toml").rename("fares.toml")
    call(*RUN, "--config", "fares.toml", "--results", "my runs", "--label", "nightly", "--psi-threshold", "0.3")
    (packet,) = Path("my runs").glob("*-nightly-*.json")
    options = "--reference reference.parquet --current current.parquet --results 'my runs' --psi-threshold 0.3"
    for text in (playbook_of(packet.with_suffix(".html")), Page(Path("my runs/triage-playbook.html").read_text()).text):
        assert f"python -m json.tool '{packet}' | less" in text
        assert f"dawnwatch what-if '{packet}'" in text
        assert f"dawnwatch run --config fares.toml {options} --label after-fix" in text
        assert f"dawnwatch run --config last-good.toml {options} --label last-good" in text
        assert "last-good.toml is fares.toml with that model under [model]" in text
        assert "monitoring_results" not in text
        assert "dawnwatch.toml" not in text.replace("dawnwatch.toml unless another is named", "")
    call("explain", "playbook", "--packet", "latest", "--results", "my runs", "--out", "mine.html")
    assert "dawnwatch what-if 'my runs/latest.json'" in Page(Path("mine.html").read_text()).text


def test_latest_is_looked_up_where_the_configuration_keeps_packets(folder: Path, call: Call) -> None:
    config = folder / "dawnwatch.toml"
    config.write_text(config.read_text() + '[data]\nresults = "kept"\n')
    call(*RUN, "--no-plot", "--label", "nightly")
    assert call("explain", "drift", "--packet", "latest").code == 0
    assert "nightly" in (folder / PAGES["drift"]).read_text()


def test_a_packet_is_never_written_over(folder: Path, call: Call) -> None:
    call(*RUN, "--no-plot")
    latest = folder / "monitoring_results/latest.json"
    before = latest.read_bytes()
    result = call("explain", "drift", "--out", str(latest))
    assert (result.code, len(result.errors)) == (2, 1)
    assert "--out must end in .html" in result.err
    assert latest.read_bytes() == before


def report_of(label: str) -> Page:
    (path,) = Path("monitoring_results").glob(f"*-{label}-*.html")
    return Page(path.read_text())


def newest_pages() -> list[str]:
    return [(Path("monitoring_results") / file).read_text() for file in PAGES.values()]


def test_every_report_leads_to_the_pages_of_its_own_run(folder: Path, call: Call) -> None:
    for label in ("first", "second"):
        call(*RUN, "--label", label)
    for label in ("first", "second"):
        report = report_of(label)
        (packet,) = Path("monitoring_results").glob(f"*-{label}-*.json")
        identity = json.loads(packet.read_text())["id"]
        held = json.loads(next(text for attrs, text in report.scripts if attrs.get("id") == "inner"))
        assert len(held) == 3
        assert all(identity in page for page in held)
        assert all(str(attrs["href"]).startswith("#") for tag, attrs in report.tags if tag == "a")
    latest = json.loads(Path("monitoring_results/latest.json").read_text())
    assert latest["label"] == "second"
    assert all(latest["id"] in page for page in newest_pages())


@pytest.mark.parametrize("at", [1, 2, 3])
def test_ctrl_c_in_the_middle_of_the_save_mixes_no_pages(
    folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    call(*RUN, "--label", "first")
    whole, calls = Path.replace, 0

    def stopped(path: Path, target: Path) -> Path:
        nonlocal calls
        calls += target.name in PAGES.values()
        if target.name in PAGES.values() and calls == at:
            raise KeyboardInterrupt
        return whole(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    assert call(*RUN, "--label", "second").code == 130
    second = json.loads(Path("monitoring_results/latest.json").read_text())
    assert second["label"] == "second"
    assert all(second["id"] in page for page in newest_pages())


def test_ctrl_c_before_the_pages_are_put_in_place_leaves_them_as_they_were(
    folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(*RUN, "--label", "first")
    first = newest_pages()

    def stop(*_: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("dawnwatch.explain.pages._encoded", stop)
    result = call(*RUN, "--label", "second")
    assert result.code == 130
    assert "is saved" in result.err
    assert newest_pages() == first
    assert [attrs for _, attrs in report_of("second").tags if attrs.get("id") == "explainer-drift"]


def test_an_older_run_that_ends_later_does_not_take_the_place_of_the_newest_pages(
    folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(*RUN, "--label", "first")
    first = newest_pages()
    monkeypatch.setattr(ResultsFolder, "_has_newer", lambda *_: True)
    call(*RUN, "--label", "older")
    assert newest_pages() == first


def test_without_pictures_there_are_no_pages(folder: Path, call: Call) -> None:
    call(*RUN, "--no-plot")
    assert not list((folder / "monitoring_results").glob("*.html"))


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("drift", "--packet", "latest"), "monitoring_results/latest.json: no such packet; `dawnwatch run` writes one"),
        (
            ("drift", "--packet", "gone.json"),
            "gone.json: no such packet file, and no results folder monitoring_results to look for that label in",
        ),
        (("drift", "--packet", "."), ".: is a folder, not a packet; give a file in it, or --results . with `latest`"),
        (("drift", "--packet", "reference.parquet"), "reference.parquet: not a triage packet (not UTF-8 text)"),
        (("drift", "--results", "empty"), "empty/latest.json: no such packet; `dawnwatch run` writes one"),
        (
            ("drift", "--out", "nowhere/page.html"),
            "nowhere/page.html: cannot be written (No such file or directory); choose another place",
        ),
        (("drift", "--out", "."), "--out must end in .html, so that no packet is written over; got ."),
    ],
)
def test_a_fault_is_one_line_and_exit_2(folder: Path, call: Call, arguments: tuple[str, ...], line: str) -> None:
    result = call("explain", *arguments)
    assert (result.code, result.out) == (2, "")
    assert len(result.errors) == 1
    assert result.errors[0].startswith(f"dawnwatch: {line}")


def test_an_unknown_page_names_those_there_are(folder: Path, call: Call) -> None:
    result = call("explain", "drfit")
    assert result.code == 2
    for name in PAGES:
        assert name in result.err


def test_it_opens_when_asked_and_says_when_it_cannot(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    assert call("explain", "pipeline").err == ""
    assert opened == []
    assert call("explain", "pipeline", "--open").code == 0
    assert opened == [(folder / "pipeline-map.html").resolve().as_uri()]
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    result = call("explain", "pipeline", "--open")
    assert result.code == 0
    assert result.errors == [
        f"dawnwatch: warning: no browser could be started; open {(folder / 'pipeline-map.html').resolve()} yourself"
    ]
