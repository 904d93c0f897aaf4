"""Pillar 1: is the data valid?"""
