"""The referrals app's forms."""
