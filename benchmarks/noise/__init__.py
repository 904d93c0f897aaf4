"""What is said of windows in which nothing changed, or plainly something did: ours, and Evidently as it comes."""
