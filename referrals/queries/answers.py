"""The answers of a draft in words, by the name under which its check page asks for them."""

from referrals.documents.answers import rows_of

__all__ = ["rows_of"]
