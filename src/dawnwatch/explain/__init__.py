"""What the words and numbers of a run mean, for a person who meets them at 6 AM."""
