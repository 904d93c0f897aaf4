"""A replayed decision as people read it: each action beside waiting, and what the evidence supports."""
