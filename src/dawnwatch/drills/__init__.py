"""Drills: incidents with a known truth, put into real data: a game day for people, and the monitor's own test."""
