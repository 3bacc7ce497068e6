"""An adviser at their desk: signed in, with a zone, a setting in it and places bought."""

import re
from dataclasses import dataclass
from html import unescape

from django.http import HttpResponse
from django.test import Client

from quotas.models import Period, Quota
from referrals.choices import Section
from referrals.models import DraftReferral
from s2s_portal.organisations.choices import STREAM_OF_ROLE, Role, Stream
from s2s_portal.organisations.models import Establishment, User, Zone
from tests.factories.organisations import PASSWORD, EstablishmentFactory, ZoneFactory, person
from tests.factories.quotas import period_with_places, quota_of


@dataclass
class Desk:
    """Somebody's browser, and what their tests are about."""

    client: Client
    user: User
    zone: Zone
    setting: Establishment
    period: Period | None

    @property
    def quota(self) -> Quota:
        """The quota that this adviser's requests draw from."""
        return quota_of(self.period, Stream(self.setting.kind.stream))

    def get(self, url: str, **params: str) -> HttpResponse:
        """The page at `url`."""
        return self.client.get(url, params)

    def post(self, url: str, follow: bool = False, **data: object) -> HttpResponse:
        """What a form sends to `url`."""
        return self.client.post(url, data, follow=follow)

    def colleague(self) -> "Desk":
        """Another adviser of the same zone, in a browser of their own."""
        other = person(Role.EARLY_YEARS_ADVISER, zones=[self.zone], full_name="Ida Mautby")
        return Desk(signed_in(other), other, self.zone, self.setting, self.period)


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def signed_out_and_in(here: Desk, url: str, **typed: object) -> str:
    """The page at `url` after its answers were sent with a session that had ended, and signing in again."""
    here.client.logout()
    to_sign_in = here.post(url, **typed)
    here.client.post(to_sign_in.url, {"login": here.user.email, "password": PASSWORD})
    return text_of(here.get(url))


def desk(role: Role = Role.EARLY_YEARS_ADVISER, *, with_places: bool = True, **places: int) -> Desk:
    """An adviser with one zone and one setting; `places` as for `period_with_places`."""
    zone = ZoneFactory(name="Coastal zone")
    user = person(role, zones=[zone], full_name="Sorrel Khan")
    school = STREAM_OF_ROLE[role] == Stream.MAINSTREAM
    setting = EstablishmentFactory(school=school, zone=zone)
    return Desk(signed_in(user), user, zone, setting, period_with_places(**places) if with_places else None)


def section_url(draft: DraftReferral, section: Section) -> str:
    """Where a section of a draft is."""
    return f"/drafts/{draft.key}/{section.value}/"


def text_of(response: HttpResponse) -> str:
    """The page's HTML with its entities resolved, to look for words as people read them."""
    return unescape(response.content.decode())


def listed(response: HttpResponse) -> list[str]:
    """The references a list shows, in its order."""
    assert response.status_code == 200
    return re.findall(r'href="/requests/([A-Z]{2}-[^/"]+)/"', response.content.decode())
