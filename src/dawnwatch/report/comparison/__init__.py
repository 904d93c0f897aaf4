"""Runs side by side, as people read them: one table of cells, shown in the terminal, as Markdown and as a page."""
