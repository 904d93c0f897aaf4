"""Replaying decisions in time order: what each action would have come to on the newest labelled rows."""
