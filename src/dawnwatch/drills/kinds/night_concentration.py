"""A part of the day, or its like, that brings far more rows than before."""

from __future__ import annotations

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene
from dawnwatch.drills.surge import surge

__all__ = ["night_concentration"]


@kind("night_concentration", pillar="drift", cause="mix", action="wait", harm="no", measure="psi")
def night_concentration(scene: Scene) -> Recipe:
    """Far more rows from one part of the day (semester), and nothing else changes."""
    return surge(scene, "night_concentration")
