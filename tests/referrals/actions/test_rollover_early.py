"""The end of a contract was run while the contract still runs, or it was extended since: what is sent then stays."""

import uuid
from datetime import date, datetime, timedelta

import pytest

from quotas.actions import extending
from referrals.choices import RUN_LINE, Fate, Status
from referrals.models import Referral
from referrals.tasks import contract_ends_daily
from s2s_portal.jobs.models import JobRequest
from s2s_portal.jobs.registry import Run
from tests.factories import contract_ends as ends
from tests.factories.contract_ends import LAST_DAY
from tests.moments import LONDON

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAY = timedelta(days=1)
EARLY = datetime(2025, 2, 3, 9, 0, tzinfo=LONDON)


def sent_since(scene, rollover, *, nights, swept_on):
    """A request sent now stays where it is for these nights, and is moved in the one of `swept_on`."""
    new = scene.sent()
    asked = JobRequest.objects.filter(job=RUN_LINE).count()
    for night in nights:
        contract_ends_daily(Run(at=night))
    assert not rollover.lines.filter(referral=new).exists()
    assert JobRequest.objects.filter(job=RUN_LINE).count() == asked
    contract_ends_daily(Run(at=swept_on))
    assert ends.line_of(rollover, new).late
    ends.ran(rollover, at=swept_on)
    assert ends.line_of(rollover, new).outcome == Fate.MOVE
    assert Referral.objects.get(pk=new.pk).status == Status.TRANSFERRED


def test_what_is_sent_after_an_early_run_stays_until_the_contract_has_ended(scene):
    rollover = ends.begun(scene.period, ends.successor(scene.period.contract), at=EARLY)
    rollover = ends.ran(ends.approved(rollover, at=EARLY), at=EARLY)
    sent_since(scene, rollover, nights=(EARLY + DAY, LAST_DAY), swept_on=LAST_DAY + DAY)


def test_what_is_sent_while_an_extended_contract_goes_on_stays_until_its_new_end(scene):
    rollover = scene.ran(ends.successor(scene.period.contract))
    july = date(2025, 7, 31)
    given = {"ends_on": july, "run_off_ends_on": july, "reason": "More time.", "key": uuid.uuid4()}
    assert not extending.extend_contract(contract=rollover.source, **given, by=scene.one, at=LAST_DAY).refusal
    end = datetime(2025, 7, 31, 9, 0, tzinfo=LONDON)
    sent_since(scene, rollover, nights=(LAST_DAY + DAY, end), swept_on=end + DAY)
