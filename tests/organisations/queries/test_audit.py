"""The access log's filters."""

from datetime import date, datetime

import pytest
import time_machine

from s2s_portal.core.calendar import LONDON
from s2s_portal.organisations.actions.audit import record
from s2s_portal.organisations.choices import AuditKind
from s2s_portal.organisations.queries.audit import access_log
from tests.factories.organisations import UserFactory

pytestmark = pytest.mark.django_db


def row(by, *, at=datetime(2024, 7, 1, 12, tzinfo=LONDON), reference="EY-7K4M-2Q", kind=AuditKind.READ):
    with time_machine.travel(at, tick=False):
        return record(kind=kind, what="request page", reference=reference, by=by)


def test_access_log_is_newest_first_and_the_same_moment_last_written_first():
    user = UserFactory()
    first, second = row(user), row(user)
    older = row(user, at=datetime(2024, 6, 1, tzinfo=LONDON))
    assert list(access_log()) == [second, first, older]


def test_access_log_by_reference_however_it_is_typed():
    user = UserFactory()
    wanted, draft = row(user), row(user, reference="draft 12")
    row(user, reference="EY-7K4M-2R")
    assert list(access_log(reference="ey 7k4m2q")) == [wanted]
    assert list(access_log(reference=" draft 12 ")) == [draft]


def test_access_log_by_person_follows_a_changed_address():
    jo, ann = UserFactory(email="jo@s2s.invalid"), UserFactory(email="ann@s2s.invalid")
    by_jo = row(jo)
    row(ann)
    assert list(access_log(email="JO@s2s.invalid ")) == [by_jo]
    jo.email = "jo.reeve@s2s.invalid"
    jo.save()
    assert list(access_log(email="jo.reeve@s2s.invalid")) == [by_jo]
    assert list(access_log(email="Jo@s2s.invalid")) == [by_jo]
    assert list(access_log(email="nobody")) == []


def test_access_log_by_kind():
    user = UserFactory()
    row(user)
    write = row(user, kind=AuditKind.WRITE)
    assert list(access_log(kind=AuditKind.WRITE)) == [write]


def test_access_log_days_are_london_days_and_whole():
    user = UserFactory()
    first = row(user, at=datetime(2024, 7, 1, 0, 0, tzinfo=LONDON))  # 30 June, 23:00 in UTC
    last = row(user, at=datetime(2024, 7, 2, 23, 59, 59, 999999, tzinfo=LONDON))
    row(user, at=datetime(2024, 6, 30, 23, 59, 59, tzinfo=LONDON))
    row(user, at=datetime(2024, 7, 3, 0, 0, tzinfo=LONDON))
    assert list(access_log(since=date(2024, 7, 1), until=date(2024, 7, 2))) == [last, first]
