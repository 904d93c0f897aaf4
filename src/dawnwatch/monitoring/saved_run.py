"""A run as a file: everything a packet was judged by, so that thresholds can move long after the rows are gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dawnwatch import __version__
from dawnwatch.atomic import write_atomically
from dawnwatch.checks.performance.estimates import keep_facts, kept_facts
from dawnwatch.config import Config
from dawnwatch.errors import DataError
from dawnwatch.monitoring.baselines import Scorer
from dawnwatch.monitoring.maturity.kept import ripe_facts, ripe_of
from dawnwatch.monitoring.observation import Observation
from dawnwatch.monitoring.past_window import run_of
from dawnwatch.monitoring.profile_files import RUN, read_profile, under, whole
from dawnwatch.monitoring.saved_baselines import baselines_facts, baselines_of, portable
from dawnwatch.profiling.container import pack
from dawnwatch.profiling.profile_file import window_facts, window_of
from dawnwatch.profiling.valid import require_profile

__all__ = ["load_run", "run_of", "save_run"]


def save_run(seen: Observation, config: Config, path: Path, *, packet: str | None = None) -> None:
    """Write the counts of all windows and the settings, whole or not at all. Raises StoreError.

    Parameters
    ----------
    packet : identity of the packet it was judged by, which alone it then answers for

    The rows for an exact AUC are left behind, and what they gave is kept: the AUC overall and in every declared slice.
    Where there were too many rows, it comes from score bins, with their bound.
    """
    reference, arrays = baselines_facts(seen.baselines)
    window, current = window_facts(seen.current)
    facts = {
        "kind": RUN,
        "packet": packet,
        "dawnwatch": __version__,
        "config": portable(config),
        "reference": reference,
        "window": window,
        "aucs": {"reference": kept_facts(seen.baselines.performance), "window": kept_facts(seen.current)},
        "score_source": seen.score_source,
        "started_at": seen.started_at.isoformat(),
        "notes": seen.notes,
        "as_of": None if seen.as_of is None else seen.as_of.isoformat(),
    }
    content = {f"reference/{name}": array for name, array in arrays.items()}
    content |= {f"window/{name}": array for name, array in current.items()}
    if seen.ripe is not None:
        facts["ripe"], ripe = ripe_facts(seen.ripe)
        content |= {f"ripe/{name}": array for name, array in ripe.items()}
    write_atomically(path.resolve(), pack(facts, content))


def load_run(path: str | Path, *, packet: str | None = None) -> tuple[Observation, Config]:
    """Read what `save_run` wrote; where a packet's identity is given, for no other packet. Raises DataError."""
    facts, arrays = read_profile(path)
    if facts.get("kind") != RUN:
        raise DataError(f"{path}: a profile, but not that of a run; `dawnwatch run` keeps one beside its packet")
    if packet is not None and facts.get("packet") != packet:
        raise DataError(
            f"{path}: holds the counts of packet {facts.get('packet')}, not of {packet}; put the right one there"
        )
    with whole(path):
        config = Config.from_dict(facts["config"], where=str(path))
        baselines = baselines_of(facts["reference"], under("reference/", arrays), Scorer(config, None))
        window = window_of(facts["window"], under("window/", arrays), baselines.plan)
        require_profile(window.profile, baselines.plan)
        for name, of in (("reference", baselines.performance), ("window", window)):
            keep_facts(of, facts.get("aucs", {}).get(name))
        started, as_of = datetime.fromisoformat(facts["started_at"]), facts.get("as_of")
        seen = Observation(baselines, window, facts["score_source"], started, facts["notes"])
        if "ripe" in facts:
            seen = replace(seen, ripe=ripe_of(facts["ripe"], under("ripe/", arrays), baselines.plan))
        return replace(seen, as_of=None if as_of is None else datetime.fromisoformat(as_of)), config
