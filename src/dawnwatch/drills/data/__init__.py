"""The data sets drills take place in."""
