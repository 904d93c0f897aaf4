"""Pillar 3: is the model still accurate?"""
