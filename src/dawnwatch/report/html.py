"""One HTML file that opens anywhere, offline, with every chart live.

Everything in it that comes from the data is untrusted. Three walls stand between a category named
`</script><script>…` and the reader: Jinja2 escapes every value, the charts' data is inlined as JSON with `<`, `>` and
`&` escaped, and a Content-Security-Policy lets run only the scripts whose hashes it names.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from dawnwatch.atomic import write_atomically
from dawnwatch.model import certainty, numbers, slice_words
from dawnwatch.model.distances import PSI, title_of
from dawnwatch.model.enums import Outcome, Pillar
from dawnwatch.model.onset_words import since_when
from dawnwatch.model.packet import TriagePacket
from dawnwatch.model.replay import Replay
from dawnwatch.model.sized import amount_of, beyond_chance, by_size, output_name, size_of
from dawnwatch.report import feed, serving, summaries, words
from dawnwatch.report.figures import figures_of
from dawnwatch.report.hidden import hidden, shown_outcome
from dawnwatch.report.page import PALETTE, Inner, environment, read, script_hash
from dawnwatch.report.replay import table as replay_table

__all__ = ["MOST_FEATURES", "save_html", "to_html"]

MOST_FEATURES = 40
"""Features that get charts of their own, largest PSI first; the table holds all."""

MOST_CHECKS = 20
"""Checks in need of attention that stand open; further ones are folded."""


def save_html(packet: TriagePacket, path: Path, *, inner: Sequence[Inner] = ()) -> Path:
    """Write the report to `path`, whole or not at all. Raises StoreError where that cannot be done."""
    return write_atomically(path, to_html(packet, inner=inner).encode("utf-8", "backslashreplace"))


def to_html(packet: TriagePacket, *, inner: Sequence[Inner] = (), replay: Replay | None = None) -> str:
    """Return the whole report as one document that needs no other file or server.

    Parameters
    ----------
    packet : what it reports
    inner : pages it holds inside it, each drawn when its section is opened; no link leads out of the report, so that
        it tells of its own run whatever later runs leave beside it
    replay : what each action would have come to, where `dawnwatch decide` has replayed them; the packet is then the one
        that stands with it, and what it said before is told as history
    """
    features = summaries.by_psi(packet.drift.features)
    figures = figures_of(packet, features[:MOST_FEATURES], replay)
    scripts = [_vega(), read("report.js")]
    loud, quiet = summaries.apart(features)
    checks = sorted(packet.quality.checks, key=lambda c: c.outcome == Outcome.PASSED)
    template = environment().get_template("report.html.j2")
    document: str = template.render(
        p=packet,
        features=features,
        loud=loud,
        quiet=quiet,
        charted=MOST_FEATURES,
        charted_quiet=sum(at < MOST_FEATURES for at, _ in quiet),
        most_checks=MOST_CHECKS,
        attention=[c for c in checks if c.outcome != Outcome.PASSED],
        passed=[c for c in checks if c.outcome == Outcome.PASSED],
        slices=packet.performance.slices,
        captions={name: figure["caption"] for name, figure in figures.items()},
        specs={name: figure["spec"] for name, figure in figures.items()},
        css=read("report.css"),
        palette=PALETTE,
        scripts=scripts,
        hashes=[script_hash(script) for script in dict.fromkeys([*scripts, *_scripts_of(inner)])],
        inner=inner,
        replay=replay,
        replayed=replay_table,
        certainty=certainty.certainty,
        detectable=certainty.detectable,
        others=any(f.method != PSI for f in features),
        amount_of=amount_of,
        beyond_chance=beyond_chance,
        by_size=by_size,
        output_name=output_name,
        size_of=size_of,
        title_of=title_of,
        evidence_behind=certainty.evidence_behind,
        since_when=since_when,
        search_sentence=slice_words.search_sentence,
        reading=serving.READING,
        beside=serving.beside,
        not_rescored=serving.not_rescored,
        feed=feed.feed_rows(packet),
        feed_outcome=feed.feed_outcome(packet),
        seen={pillar.value: shown_outcome(packet, pillar) for pillar in Pillar},
        hidden={pillar.value: hidden(packet, pillar) for pillar in Pillar},
        not_asked=feed.not_asked(packet),
        **_vocabulary(),
    )
    return document


def _scripts_of(inner: Sequence[Inner]) -> list[str]:
    return [script for page in inner for script in page.scripts]


def _vocabulary() -> dict[str, Any]:
    return {
        "n": numbers,
        "shown": words.shown,
        "cause_title": words.cause_title,
        "sign": words.OUTCOME_SIGN,
        "word": words.OUTCOME_WORD,
        "severity_sign": words.SEVERITY_SIGN,
        "verdict": words.VERDICT,
        "band_outcome": words.BAND_OUTCOME,
    }


@cache
def _vega() -> str:
    """Return Vega, Vega-Lite and vega-embed as one script, out of vl-convert's own copy."""
    import vl_convert

    from dawnwatch.report.render import vegalite_version

    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vegalite_version())
    # No string of a script may end the element it stands in.
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")
