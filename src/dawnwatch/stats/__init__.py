"""Pure functions of arrays and counts: no clock, no files, no global random state."""
