"""The checks: each a pure function of profiles, one file each, found by registration."""
