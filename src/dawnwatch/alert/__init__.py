"""Telling people and programs about a packet."""
