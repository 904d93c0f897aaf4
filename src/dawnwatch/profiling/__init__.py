"""From rows to counts: the only place that touches rows."""
