"""What a replayed decision rests on: the worked example by other means, and how often luck is taken for a gain."""
