"""Kinds of incidents, one a file."""
