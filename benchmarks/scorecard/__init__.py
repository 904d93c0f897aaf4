"""A scorecard over drilled windows: `make scorecard-demo`."""
