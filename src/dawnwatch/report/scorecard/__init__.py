"""The scorecard for people."""
