"""A row of everything that Repairs shows."""

import uuid
from datetime import date, timedelta

from django.db.models import Model

from quotas.models import Contract, DatesChange, FeeRule, Period
from referrals.models import IndesSection, NeedType, ServiceStandards
from s2s_portal.jobs.models import JobRequest, JobRun
from s2s_portal.organisations.choices import READ_REGISTER, ReferenceKind, Role, Source
from s2s_portal.organisations.models import EditableText, ImportRun, ReferenceChange, Term
from tests.factories.calendar import BankHolidayFactory, ClosureFactory, TermFactory
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places
from tests.factories.referrals import load_codes
from tests.factories.registers import RegisterUploadFactory
from tests.moments import AN_ORDINARY_TUESDAY as AT


def a_row_of_each() -> dict[type[Model], Model]:
    """A row of each list of Repairs, by model. Contract, period, fees and codes are made if there are none."""
    load_codes()
    if not Period.objects.exists():
        period_with_places()
    by, contract = person(Role.S2S_TEACHER, zones=[ZoneFactory()]), Contract.objects.first()
    day = date(2030, 1, 1) + timedelta(days=100 * Term.objects.count())
    place = EstablishmentFactory(zone=ZoneFactory())
    standards = dict.fromkeys(("contact_working_days", "observation_weeks", "record_working_days"), 10)
    standards |= {"review_weeks": 6, "usual_visits": 3, "most_visits": 6, "road_percent": 130, "km_per_hour": 50}
    written = {"reason": "As agreed.", "by": by, "at": AT}
    rows: list[Model] = [
        *(place, place.zone, place.kind, by, by.memberships.get()),
        TermFactory(starts_on=day, ends_on=day + timedelta(days=30)),
        *(BankHolidayFactory(day=day), ClosureFactory(establishment=place), RegisterUploadFactory()),
        ImportRun.objects.create(source=Source.GIAS, file_name="a.csv", file_sha256="0" * 64, started_at=AT),
        ReferenceChange.objects.create(
            key=uuid.uuid4(), kind=ReferenceKind.ZONE, subject="Saltings", what="added", **written
        ),
        EditableText.objects.create(key="start", body="Ask us.", in_force_from=AT, set_by=by),
        JobRun.objects.create(job=READ_REGISTER, slot=AT + timedelta(seconds=JobRun.objects.count())),
        JobRequest.objects.create(job=READ_REGISTER, subject=str(uuid.uuid4()), asked_at=AT),
        *(contract, Period.objects.first(), FeeRule.objects.first(), NeedType.objects.first()),
        DatesChange.objects.create(key=uuid.uuid4(), contract=contract, was={}, now={}, **written),
        IndesSection.objects.first(),
        ServiceStandards.objects.create(
            in_force_from=AT + timedelta(seconds=ServiceStandards.objects.count()),
            reason="The contract.",
            set_by=by,
            set_at=AT,
            **standards,
        ),
    ]
    return {type(row): row for row in rows}
