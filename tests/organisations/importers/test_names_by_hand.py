"""A name that was given by hand where the register withholds it: no import takes it, a real one replaces it."""

import pytest

from s2s_portal.organisations.importers import ofsted
from s2s_portal.organisations.importers.checking import checked
from s2s_portal.organisations.importers.reviewing import review
from s2s_portal.organisations.importers.upsert import import_register
from s2s_portal.organisations.models import Establishment
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.organisations.importers import files

pytestmark = pytest.mark.django_db
URN = "EY900123"


@pytest.fixture
def give(save):
    """Import one childminder as Ofsted writes them; gives what the check of the file said before, and the row after."""

    def give(**columns):
        path = save(files.ofsted_text([files.childminder(**{"Provider URN": URN} | columns)]))
        found = review(checked(register=ofsted.REGISTER, path=path, la=""), tell=lambda _done: True)
        import_register(register=ofsted.REGISTER, path=path, la="", dry_run=False, at=AT)
        return [line.changes for line in found.lines], Establishment.objects.get(urn=URN)

    return give


@pytest.fixture
def named(give):
    _, one = give()
    assert one.name == ""
    Establishment.objects.filter(pk=one.pk).update(name="Reed Cottage", name_folded="reed cottage", named_by_hand=True)


def test_the_next_file_leaves_it(give, named):
    [[[what, _, now]]], one = give(Postcode="NR30 1AA")
    assert (what, now, one.postcode) == ("Postcode", "NR30 1AA", "NR30 1AA")
    assert (one.name, one.name_folded, one.named_by_hand) == ("Reed Cottage", "reed cottage", True)


def test_a_name_that_the_register_publishes_replaces_it(give, named):
    changes, one = give(**{"Provider name": "Reed House"})
    assert changes == [[["Name", "Reed Cottage", "Reed House"]]]
    assert (one.name, one.name_folded, one.named_by_hand) == ("Reed House", "reed house", False)


def test_a_name_that_the_register_withholds_again_goes(give, named):
    give(**{"Provider name": "Reed House"})
    changes, one = give()
    assert changes == [[["Name", "Reed House", ""]]]
    assert (one.name, one.name_folded, one.named_by_hand) == ("", "", False)
