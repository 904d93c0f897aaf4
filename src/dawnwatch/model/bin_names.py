"""Names of the bins that are no value's own."""

__all__ = ["MISSING", "OTHER", "OTHER_OR_UNSEEN", "SHARED", "UNSEEN"]

MISSING, UNSEEN, OTHER = "(missing)", "(unseen)", "(other known)"
OTHER_OR_UNSEEN = "(other or unseen)"
"""Of a column that keeps bringing new values, so that being unseen means little."""
SHARED = frozenset({MISSING, UNSEEN, OTHER, OTHER_OR_UNSEEN})
