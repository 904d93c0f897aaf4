"""How much disk an environment takes, by package; pip and setuptools, which every environment brings, left out."""

from __future__ import annotations

from collections import Counter
from importlib.metadata import distributions
from pathlib import Path

__all__ = ["by_package"]

INSTALLERS = {"pip", "setuptools", "wheel"}


def by_package(site: Path) -> dict[str, float]:
    """Return MB (10**6 bytes) on disk of each installed package (as `du` counts), largest first.

    What no package lists, compiled files of listed ones apart, is "(unlisted)".
    """
    owner: dict[Path, str] = {}
    for found in distributions(path=[str(site)]):
        name = (found.metadata["Name"] or "?").lower().replace("_", "-")
        for file in found.files or ():
            owner[Path(str(file.locate())).resolve()] = name
    # A compiled file belongs to its source, whether or not the package lists it.
    folders = {path.parent: name for path, name in owner.items()}
    sizes: Counter[str] = Counter()
    seen: set[int] = set()
    for path in site.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        status = path.stat()
        if status.st_ino in seen:
            continue
        seen.add(status.st_ino)
        whole = path.resolve()
        name = owner.get(whole) or (folders.get(whole.parent.parent) if path.parent.name == "__pycache__" else None)
        sizes[name or "(unlisted)"] += status.st_blocks * 512
    return {name: size / 1e6 for name, size in sizes.most_common() if name not in INSTALLERS}
