"""Keeping packets."""
