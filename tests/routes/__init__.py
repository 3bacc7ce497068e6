"""Tables of who gets what, by noun: the rest of tests/test_routes.py."""

from tests.routes import booking, closing, contact, desk, details, recording, teaching

MODULES = (booking, closing, contact, desk, details, recording, teaching)
