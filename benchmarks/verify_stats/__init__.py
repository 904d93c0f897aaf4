"""How often the tests and intervals of `dawnwatch.stats` are right, over simulated windows whose truth is known."""
