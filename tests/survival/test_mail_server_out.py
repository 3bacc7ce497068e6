"""A mail server that is out for a while: everything arrives once it is back, and nobody hammers it meanwhile."""

from datetime import timedelta

import pytest
from django.db.models import F

from s2s_portal.jobs.models import JobRun
from s2s_portal.notifications.delivery import PAUSES
from s2s_portal.notifications.models import Notification
from tests.notifications.mail_server import Trouble, running
from tests.survival.company import Company
from tests.survival.outbox import check_nothing_lost, put, repeats, surplus, waiting

pytestmark = pytest.mark.django_db(transaction=True)

MESSAGES = 12
PATIENCE = "1"


def attempts() -> set[int]:
    """How often the messages that wait have been tried."""
    return set(Notification.objects.filter(sent_at=None, failed_at=None).values_list("attempts", flat=True))


def failed_rounds() -> int:
    """How many slots of the delivery's timetable found no mail server."""
    return JobRun.objects.filter(job="deliver", failures__gt=0).count()


def let_the_pauses_pass() -> None:
    """As if every pause had been waited for: the row is all there is of it."""
    Notification.objects.filter(sent_at=None).update(next_try_at=F("next_try_at") - timedelta(days=1))


def let_the_slot_pass() -> None:
    """As if the slots that found no server lay behind us: each next try is a slot of its own."""
    for run in JobRun.objects.filter(job="deliver"):
        JobRun.objects.filter(pk=run.pk).update(slot=run.slot - timedelta(days=1))


def test_put_off_at_first_then_out_in_every_way_then_back(tmp_path):
    """451 to everybody; then connections refused, hung up on, left unanswered; an unanswered message; then well."""
    put(MESSAGES)
    with running() as first, Company(tmp_path, EMAIL_URL=first.url) as company:
        first.trouble = Trouble.LATER
        worker = company.embedded("--patience", PATIENCE)
        company.until(lambda: not Notification.objects.filter(next_try_at__lt=F("queued_at")).exists())
        company.until(lambda: not Notification.objects.exclude(claimed_until=None).exists())
        for message in Notification.objects.all():
            assert message.attempts == 1
            assert message.next_try_at - message.queued_at >= PAUSES[0]
        first.trouble = None
        put(1, name="later")  # the way is free again: others go, these keep to their pause
        company.until(lambda: Notification.objects.exclude(sent_at=None).exists())
        assert attempts() == {1}
        assert set(first.asked.values()) == {1}
        company.kill(worker)
        port = first.port
    with Company(tmp_path / "again", EMAIL_URL=f"smtp://127.0.0.1:{port}") as company:
        let_the_pauses_pass()
        company.embedded("--patience", PATIENCE)
        company.until(lambda: failed_rounds() == 1)  # connection refused
        with running(port) as second:
            for number, trouble in enumerate((Trouble.HANGS_UP, Trouble.SILENT), start=1):
                second.trouble = trouble
                let_the_slot_pass()
                company.until(lambda number=number: failed_rounds() > number)
            assert attempts() == {1}, "a server that is out is no fault of a message"
            second.trouble = Trouble.NO_ANSWER
            let_the_slot_pass()
            company.until(lambda: Notification.objects.filter(attempts=2, claimed_until=None).exists())
            second.trouble = None
            # The round goes on: a message it had in hand is put off only now, and its pause must pass as well.
            company.until(lambda: not in_hand())
            let_the_pauses_pass()
            company.until(lambda: not waiting())
    received = first.ids() + second.ids()
    check_nothing_lost(received)
    assert surplus(received) == repeats() == {}


def test_an_address_that_is_refused_for_good_fails_alone(server, tmp_path):
    put(MESSAGES)
    server.refused = {"person3@council.invalid"}
    server.put_off = {"person7@council.invalid"}
    with Company(tmp_path, EMAIL_URL=server.url) as company:
        company.embedded()
        company.until(lambda: len(server.accepted) == MESSAGES - 2 and not company.holds(in_hand))
        company.until(lambda: Notification.objects.filter(failed_at__isnull=False).exists())
        server.put_off = set()
        server.refused = set()
        company.until(lambda: attempts() == {1})
        let_the_pauses_pass()
        company.until(lambda: not waiting())
    failed = Notification.objects.get(failed_at__isnull=False)
    assert failed.to_email == "person3@council.invalid"
    assert (failed.attempts, failed.sent_at) == (1, None)
    assert "550" in failed.last_error
    assert server.asked["person3@council.invalid"] == 1
    assert server.asked["person7@council.invalid"] == 2
    assert len(server.accepted) == len(set(server.ids())) == MESSAGES - 1


def in_hand() -> bool:
    """Whether a worker has a message."""
    return Notification.objects.filter(claimed_until__isnull=False).exists()
