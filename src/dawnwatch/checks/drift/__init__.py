"""Pillar 2: has the data changed?"""
