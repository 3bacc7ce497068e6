"""One e-mail a day: each message in one of them, whoever is killed or comes twice; none if there is nothing."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from s2s_portal.jobs.registry import Run
from s2s_portal.notifications.actions import choosing, digests
from s2s_portal.notifications.choices import Channel, Kind
from s2s_portal.notifications.delivery import Counts, deliver_waiting
from s2s_portal.notifications.models import Notification
from s2s_portal.notifications.queries.digests import locked_for
from s2s_portal.notifications.tasks import sum_up_messages
from s2s_portal.organisations.choices import Role
from tests.factories.organisations import person
from tests.moments import AN_ORDINARY_TUESDAY as AT
from tests.notifications.test_channels import chosen, put

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

MORNING = datetime(2024, 11, 27, 7, 30, tzinfo=UTC)


def summaries():
    return list(Notification.objects.filter(kind=Kind.DIGEST).order_by("pk"))


def waiting_for(who, *keys, at=AT):
    return [put(who.email, key=key, at=at) for key in keys]


def test_one_e_mail_names_every_message_since_the_last_one(server):
    who = chosen(Channel.DIGEST)
    rows = waiting_for(who, "one", "two")
    assert digests.sum_up(at=MORNING) == 1
    [summary] = summaries()
    assert (summary.person, summary.channel, summary.to_email) == (who, Channel.AT_ONCE, who.email)
    assert (summary.context["total"], summary.context["more"], summary.queued_at) == (2, 0, MORNING)
    assert {row.pk for row in summary.digested.all()} == {row.pk for row in rows}
    assert deliver_waiting() == Counts(sent=1)
    [mail] = server.accepted
    text = mail.get_body(("plain",)).get_content().replace("\r", "")
    assert mail["Subject"] == "2 messages for you in the S2S portal, 27 November 2024"
    for row in rows:
        assert f"/messages/{row.pk}/\n" in text
    assert Notification.objects.filter(sent_at=None).count() == 2  # what was summed up is sent by itself never


def test_the_second_run_of_a_day_and_the_first_of_the_next_find_nothing():
    waiting_for(chosen(Channel.DIGEST), "one")
    assert digests.sum_up(at=MORNING) == 1
    assert digests.sum_up(at=MORNING) == 0
    assert digests.sum_up(at=MORNING + timedelta(days=1)) == 0
    assert len(summaries()) == 1


def test_what_comes_after_a_days_e_mail_is_in_the_next_days():
    who = chosen(Channel.DIGEST)
    waiting_for(who, "one")
    digests.sum_up(at=MORNING)
    late, later = *waiting_for(who, "late", at=MORNING), *waiting_for(who, "later", at=MORNING + timedelta(hours=1))
    assert digests.sum_up(at=MORNING) == 0  # that of this day is written
    assert digests.sum_up(at=MORNING + timedelta(days=1)) == 1
    assert set(summaries()[1].digested.all()) == {late, later}


def test_a_days_e_mail_tells_nothing_of_what_happened_after_its_moment():
    """A practice date that jumps over days runs each morning in order, though all was queued by then."""
    who = chosen(Channel.DIGEST)
    waiting_for(who, "today")
    waiting_for(who, "tomorrow", at=AT + timedelta(days=1))
    assert digests.sum_up(at=MORNING) == 1
    assert digests.sum_up(at=MORNING + timedelta(days=1)) == 1
    assert [summary.context["total"] for summary in summaries()] == [1, 1]


def test_days_without_a_run_are_caught_up_in_one_e_mail():
    who = chosen(Channel.DIGEST)
    for days in range(3):
        waiting_for(who, f"day {days}", at=AT + timedelta(days=days))
    assert digests.sum_up(at=MORNING + timedelta(days=3)) == 1
    assert summaries()[0].context["total"] == 3


def test_nobody_else_gets_one():
    for channel in (Channel.AT_ONCE, Channel.PORTAL):
        put(chosen(channel).email, key=channel)
    put("office@puddle.invalid", key="contact", kind=Kind.REQUEST_SENT_CONTACT)
    chosen(Channel.DIGEST)  # and has no messages
    assert digests.sum_up(at=MORNING) == 0
    assert summaries() == []


def test_somebody_who_has_left_gets_none():
    who = chosen(Channel.DIGEST)
    waiting_for(who, "one")
    who.is_active = False
    who.save()
    assert digests.sum_up(at=MORNING) == 0


def test_a_long_list_is_cut_and_every_message_counted():
    waiting_for(chosen(Channel.DIGEST), *(str(number) for number in range(digests.LISTED + 3)))
    assert digests.sum_up(at=MORNING) == 1
    [summary] = summaries()
    assert (len(summary.context["messages"]), summary.context["more"]) == (digests.LISTED, 3)
    assert summary.digested.count() == summary.context["total"] == digests.LISTED + 3


def test_stopped_half_way_the_next_run_writes_the_others_only():
    people = [chosen(Channel.DIGEST) for _ in range(3)]
    for who in people:
        waiting_for(who, f"to {who.pk}")
    asked = iter([False, False, True])
    assert digests.sum_up(at=MORNING, stopping=lambda: next(asked)) == 2
    assert digests.sum_up(at=MORNING) == 1
    assert [summary.person for summary in summaries()] == people


def test_killed_between_two_people_the_next_run_writes_the_others_only():
    people = [chosen(Channel.DIGEST) for _ in range(2)]
    for who in people:
        waiting_for(who, f"to {who.pk}")

    def killed_after_the_first():
        if summaries():
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        digests.sum_up(at=MORNING, stopping=killed_after_the_first)
    assert [summary.person for summary in summaries()] == people[:1]
    assert digests.sum_up(at=MORNING) == 1
    assert [summary.person for summary in summaries()] == people


def test_what_goes_wrong_with_one_persons_stops_nobody_elses_and_leaves_nothing_half_done():
    people = [chosen(Channel.DIGEST) for _ in range(3)]
    for who in people:
        waiting_for(who, f"to {who.pk}", f"also to {who.pk}")
    wrong = Notification.objects.filter(key=f"also to {people[0].pk}")
    right = wrong.get().context
    wrong.update(context=right | {"sent_at": "yesterday"})
    with pytest.raises(ValueError, match="yesterday"):
        digests.sum_up(at=MORNING)
    assert [summary.person for summary in summaries()] == people[1:]
    assert Notification.objects.filter(person=people[0], digest=None).count() == 2
    wrong.update(context=right)
    assert digests.sum_up(at=MORNING) == 1
    assert [summary.digested.count() for summary in summaries()] == [2, 2, 2]


def test_the_queries_for_each_person_are_the_same_for_one_and_three_messages(django_assert_num_queries):
    who = chosen(Channel.DIGEST)
    waiting_for(who, "one")
    with django_assert_num_queries(7):  # people, savepoint, rows, key, summary, rows taken, savepoint
        digests.sum_up(at=MORNING)
    waiting_for(who, "two", "three", "four")
    with django_assert_num_queries(7):
        digests.sum_up(at=MORNING + timedelta(days=1))


def test_the_job_says_how_many_it_wrote():
    waiting_for(chosen(Channel.DIGEST), "one")
    assert sum_up_messages(Run(at=MORNING)) == "1 written"
    assert sum_up_messages(Run(at=MORNING)) == ""


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_one_e_mail_for_each_person():
    people = [chosen(Channel.DIGEST) for _ in range(8)]
    for who in people:
        waiting_for(who, f"one to {who.pk}", f"two to {who.pk}")
    written, start = [], threading.Barrier(2)

    def work():
        try:
            start.wait(10)
            written.append(digests.sum_up(at=MORNING))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sum(written) == 8, written
    assert [summary.person for summary in sorted(summaries(), key=lambda one: one.person_id)] == people
    assert all(summary.digested.count() == 2 for summary in summaries())
    assert not Notification.objects.filter(channel=Channel.DIGEST, digest=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_comes_while_another_writes_finds_nothing_once_that_is_done():
    who = chosen(Channel.DIGEST)
    waiting_for(who, "one")
    written = []

    def work():
        try:
            written.append(digests.sum_up(at=MORNING))
        finally:
            connection.close()

    second = threading.Thread(target=work)
    with transaction.atomic():
        assert len(locked_for(who, MORNING)) == 1
        second.start()
        second.join(1)
        assert second.is_alive()  # it waits: for the row, or on SQLite for the end of this transaction
        Notification.objects.filter(key="one").update(channel=Channel.PORTAL)  # as good as taken
    second.join(30)
    assert written == [0]


def test_changing_ones_mind_while_nothing_waits_changes_no_message():
    who = person(Role.S2S_TEACHER)
    put(who.email)
    choosing.choose(channel=Channel.DIGEST, weekly=True, by=who, at=AT)
    assert Notification.objects.get().channel == Channel.AT_ONCE
    assert digests.sum_up(at=MORNING) == 0
