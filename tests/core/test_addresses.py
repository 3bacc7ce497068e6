"""International addresses: what can be delivered gets its ASCII form, what cannot is refused with a sentence."""

import pytest
from django.core.exceptions import ValidationError

from s2s_portal.core.addresses import LONGEST, NO_DOMAIN, NOT_ASCII, deliverable


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Ann.O'Dell@Example.org", "Ann.O'Dell@Example.org"),
        ("ann@exämple.org", "ann@xn--exmple-cua.org"),
        ("ann@Mail.EXÄMPLE.org", "ann@Mail.xn--exmple-cua.org"),
        ("ann@exa\u0308mple.org", "ann@xn--exmple-cua.org"),
        ("ann@بريد.example", "ann@xn--ngbof4h.example"),
        ('"a@b"@exämple.org', '"a@b"@xn--exmple-cua.org'),
        ("", ""),
        ("ännchen", "ännchen"),
        ("a@" + "ä" * LONGEST, "a@" + "ä" * LONGEST),
    ],
)
def test_deliverable(typed, plain):
    assert deliverable(typed) == plain
    assert deliverable(plain) == plain


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("änn@example.org", NOT_ASCII),
        ("ann\u212a@example.org", NOT_ASCII),  # a Kelvin sign, which Django's validator takes for a K
        ("ann@straße.de", NO_DOMAIN),  # strasse.de in the older standard: somebody else
        ("ann@ä\u200db.org", NO_DOMAIN),
        ("ann@ä..org", NO_DOMAIN),
        ("ann@" + "ä" * 64 + ".org", NO_DOMAIN),
    ],
)
def test_not_deliverable(typed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        deliverable(typed)
