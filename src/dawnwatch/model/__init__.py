"""The types everything else speaks in: measurements, profiles, check results and the packet."""
