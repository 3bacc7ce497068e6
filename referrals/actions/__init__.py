"""Writes of the referrals app: one function for each change that a person would name."""
