"""Calibrating thresholds: what each costs in false alarms, and what it finds, from the reference's own past."""
