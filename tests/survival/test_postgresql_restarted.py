"""PostgreSQL restarted and crashed under workers, beat and web server while requests are sent: nothing is half done."""

import threading
import time

import pytest

from quotas.queries import places_left
from referrals.models import Decision, Referral
from s2s_portal.organisations.choices import Role, Stream
from tests import moments
from tests.factories.organisations import EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of
from tests.factories.referrals import filled_draft
from tests.races.harness import Answer, Call, send, visitor
from tests.races.reckoning import check_exact, check_steps
from tests.server import Site, collect_static, database_url
from tests.survival.company import Company, asked_for
from tests.survival.outbox import check_nothing_lost, put, repeats, surplus, waiting

pytestmark = pytest.mark.django_db(transaction=True)

SENDERS, DRAFTS, PLACES = 4, 40, 32
RESTARTS = {6: "immediate", 16: "fast", 26: "immediate"}
"""After so many answers, how PostgreSQL is restarted."""


class Senders:
    """People who send their drafts and, as people do, press again until the portal says what became of each."""

    def __init__(self, calls: list[Call]) -> None:
        self.answers: list[Answer] = []
        self.failures: list[int] = []
        shares = [calls[number::SENDERS] for number in range(SENDERS)]
        self.threads = [threading.Thread(target=self.press, args=(share,), daemon=True) for share in shares]

    def press(self, calls: list[Call]) -> None:
        for call in calls:
            while (answer := send(call)).status != 302:
                self.failures.append(answer.status)
                time.sleep(0.2)
            self.answers.append(answer)
            time.sleep(0.1)

    def going(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)


@pytest.fixture
def site(own_cluster, redis, practice_date):
    """The web server, on the cluster that is restarted."""
    practice_date(moments.AN_ORDINARY_TUESDAY)
    collect_static()
    site = Site(url_of_database=database_url(), environment={"REDIS_URL": f"{redis.connection_url}/0"})
    yield site
    site.stop()


def calls_of(site: Site) -> list[Call]:
    """The submission of each of `DRAFTS` drafts."""
    zone = ZoneFactory(name="Reedham Reach")
    by = [person(Role.EARLY_YEARS_ADVISER, zones=[zone]) for _ in range(SENDERS)]
    browsers = [visitor(site, one) for one in by]
    drafts = [filled_draft(EstablishmentFactory(zone=zone), by=by[number % SENDERS]) for number in range(DRAFTS)]
    return [
        Call(browsers[number % SENDERS], "POST", f"/drafts/{draft.key}/submit/") for number, draft in enumerate(drafts)
    ]


def test_postgresql_restarted_three_times(site, own_cluster, redis, server, tmp_path):
    quota = quota_of(period_with_places(early_years=PLACES), Stream.EARLY_YEARS)
    calls = calls_of(site)
    people = Senders(calls)
    with Company(tmp_path, EMAIL_URL=server.url, REDIS_URL=f"{redis.connection_url}/0") as company:
        for start in (company.worker, company.beat, company.embedded):
            start()
        put(1)
        company.until(lambda: server.accepted)
        for thread in people.threads:
            thread.start()
        for answered, mode in RESTARTS.items():
            company.until(lambda wanted=answered: len(people.answers) >= wanted)
            company.ask(f"before {answered}")
            own_cluster.restart(mode)
            company.until(lambda number=answered: company.ask(f"after {number}") is None)
        company.until(lambda: not people.going())
        company.until(lambda: not asked_for() and not waiting())
        page = send(Call(calls[0].visitor, "GET", people.answers[0].headers["location"]))
    assert page.status == 200
    sent = [answer for answer in people.answers if "/sent/" in answer.headers["location"]]
    refused = [answer for answer in people.answers if "/refusals/" in answer.headers["location"]]
    assert (len(sent), len(refused)) == (PLACES, DRAFTS - PLACES)
    keys = {answer.call.path.split("/")[2] for answer in sent}
    assert {str(key) for key in Referral.objects.values_list("submission_key", flat=True)} == keys
    # A refusal whose answer was lost on the way is refused once more when it is pressed again.
    assert len(refused) <= Decision.objects.count() <= len(refused) + len(people.failures)
    assert places_left(quota) == 0
    check_exact(quota)
    check_steps()
    assert {f"{when} {number}" for when in ("before", "after") for number in RESTARTS} == set(company.noted())
    check_nothing_lost(server.ids())
    assert surplus(server.ids()) <= repeats()
    assert site.log().count("Booting worker") == 2, "a process of the web server was started again"
