"""The monitoring plan as Markdown: what is watched, why, how much is too much, and who acts on it."""
