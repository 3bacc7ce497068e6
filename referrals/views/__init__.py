"""The referrals app's pages."""
