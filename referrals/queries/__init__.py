"""Reads of the referrals app, always narrowed by who asks."""
