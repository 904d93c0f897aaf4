"""The review of an incident as Markdown."""
