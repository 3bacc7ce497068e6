"""Files of the registers that were uploaded and checked, for tests."""

import uuid

import factory
from factory.django import DjangoModelFactory

from s2s_portal.organisations.choices import Role, Source, UploadState
from s2s_portal.organisations.models import RegisterUpload
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY


class RegisterUploadFactory(DjangoModelFactory):
    """A checked file of GIAS, without lines and without the file itself."""

    class Meta:
        model = RegisterUpload

    key = factory.LazyFunction(uuid.uuid4)
    source = Source.GIAS
    file_name = "schools.csv"
    size = 100
    sha256 = "0" * 64
    state = UploadState.REVIEW
    reviews = 1
    by = factory.LazyFunction(lambda: person(Role.ADMINISTRATOR))
    at = AN_ORDINARY_TUESDAY
    checked_at = AN_ORDINARY_TUESDAY
