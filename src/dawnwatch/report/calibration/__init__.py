"""A calibration as people read it: what each threshold costs, what it finds, and what is suggested."""
