"""Docs are under test: what they list is what the code has."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

import dawnwatch
from dawnwatch import Config, TriagePacket
from dawnwatch.config.policy import DEFAULT_RULES, FACTS
from dawnwatch.model.json_schema import packet_schema

ROOT = Path(__file__).parents[2]
PAGES = sorted(p for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def keys(model: type[BaseModel], skip: frozenset[str] = frozenset()) -> set[str]:
    """Every key of a table and of the tables in it."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        if name in skip:
            continue
        found.add(name)
        for part in [field.annotation, *getattr(field.annotation, "__args__", ())]:
            if isinstance(part, type) and issubclass(part, BaseModel):
                found |= keys(part)
    return found


def test_the_kept_schema_is_the_generated_one() -> None:
    kept = text("schemas/triage-packet.schema.json")
    assert kept == packet_schema(), "stale: run `make schema`"


def test_the_configuration_page_loads_and_names_every_key() -> None:
    page = text("docs/configuration.md")
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(blocks) >= 2
    for block in blocks:
        assert Config.from_dict(tomllib.loads(block))
    missing = {key for key in keys(Config) if not re.search(rf"\b{key}\b", page)}
    assert not missing


def test_every_fact_and_rule_is_documented() -> None:
    assert not [fact for fact in FACTS if f"`{fact}`" not in text("docs/configuration.md")]
    for rule in DEFAULT_RULES:
        assert re.search(rf"\| `{rule.name}` \| {rule.severity.value} \|", text("docs/packet.md")), rule.name


def test_every_field_of_a_packet_is_documented() -> None:
    page = text("docs/packet.md")
    assert not [name for name in TriagePacket.model_fields if f"`{name}`" not in page and f"`{name}." not in page]


def test_the_version_is_that_of_the_newest_entry_of_the_changelog() -> None:
    """Pages and packets of unreleased code must not pass for those of a release."""
    newest = re.search(r"^## (\S+) — (\S+)$", text("CHANGELOG.md"), re.MULTILINE)
    assert newest is not None
    number, when = newest.groups()
    assert dawnwatch.__version__ == (f"{number}.dev0" if when == "unreleased" else number)
    assert tomllib.loads(text("pyproject.toml"))["tool"]["hatch"]["version"]["path"] == "src/dawnwatch/__init__.py"


def test_every_decision_is_listed() -> None:
    index = text("docs/adr/README.md")
    pages = sorted(p.name for p in (ROOT / "docs/adr").glob("0*.md"))
    assert pages
    assert not [name for name in pages if name not in index]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    broken = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert not broken


def test_every_verb_is_in_the_readme_or_its_pages() -> None:
    from dawnwatch.cli.app import app

    everything = "".join(page.read_text("utf-8") for page in PAGES)
    verbs = [c.name or c.callback.__name__ for c in app.registered_commands if c.callback]
    assert not [verb for verb in verbs if f"dawnwatch {verb}" not in everything]
