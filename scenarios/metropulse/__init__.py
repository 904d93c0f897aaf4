"""MetroPulse: the worked example that ships with dawnwatch."""
