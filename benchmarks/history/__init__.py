"""What earlier windows tell that the training reference does not, on real logs in order of time."""
