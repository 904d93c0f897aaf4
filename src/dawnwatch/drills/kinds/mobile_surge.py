"""A client, or its like, that brings far more rows than before."""

from __future__ import annotations

from dawnwatch.drills.registry import kind
from dawnwatch.drills.scene import Recipe, Scene
from dawnwatch.drills.surge import surge

__all__ = ["mobile_surge"]


@kind("mobile_surge", pillar="drift", cause="mix", action="wait", harm="no", measure="psi")
def mobile_surge(scene: Scene) -> Recipe:
    """Far more rows from one device (airport, department), and nothing else changes."""
    return surge(scene, "mobile_surge")
