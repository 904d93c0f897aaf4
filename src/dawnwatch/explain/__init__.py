"""Explaining what the checks mean."""
