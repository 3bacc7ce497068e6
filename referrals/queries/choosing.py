"""Choosing a school or setting: what was found, and what is already under way for each."""

from dataclasses import dataclass, field
from datetime import datetime

from quotas import queries as quota_queries
from referrals.choices import Status
from referrals.models import DraftReferral, Referral
from referrals.permissions import Asking, visible_drafts, visible_requests
from referrals.queries import by_hand
from referrals.rules.answers import setting_problem
from s2s_portal.organisations.choices import Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.permissions import zones_by_stream
from s2s_portal.organisations.queries import establishments

MOST = 20
MOST_ELSEWHERE = 3
NOT_FOR_S2S = "S2S does not take requests for this kind of establishment."


@dataclass
class Candidate:
    """An establishment that a request can be for, with the drafts and this period's requests it already has."""

    establishment: Establishment
    key: str
    drafts: list[DraftReferral] = field(default_factory=list)
    requests: list[Referral] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """What a search gave: candidates, and near misses with the reason why each cannot be chosen.

    `more`: there are more than fit. `picked`: the one candidate is a suggestion that the person picked.
    """

    candidates: list[Candidate]
    more: bool = False
    picked: bool = False
    elsewhere: list[tuple[Establishment, str]] = field(default_factory=list)


def find(user: User, *, text: str, key: str = "", draft: DraftReferral | None = None, at: datetime) -> Found:
    """What `text` (or a suggestion's `key`) names among the establishments that `user` may file for, likeliest first.

    For a `draft` that is there already, only those of its stream. At most five queries.
    """
    stream = draft.stream if draft else None
    picked = establishments.chosen(user, key) if key else None
    rows = [picked] if picked else _search(user, text, stream)
    rows = [row for row in rows if stream in (None, row.kind.stream)]
    if not rows:
        return Found([], elsewhere=_elsewhere(user, text, stream))
    candidates = [Candidate(row, establishments.key_of(row)) for row in rows[:MOST]]
    _add_what_is_under_way(candidates, user, at, besides=draft)
    return Found(candidates, more=len(rows) > MOST, picked=picked is not None)


def near(user: User, *, name: str, postcode: str, stream: str) -> list[tuple[Establishment, str]]:
    """What may be the one called `name` at `postcode`, likeliest first, and why `user` cannot choose it ("": can)."""
    own = zones_by_stream(user).get(Stream(stream), set())
    return [(one, _why_not(one, stream, own)) for one in by_hand.near(name=name, postcode=postcode, stream=stream)]


def _why_not(row: Establishment, wanted: str, own: set[int]) -> str:
    stream = row.kind.stream
    why = setting_problem(is_open=row.is_open, stream=stream, wanted_stream=wanted, zone_id=row.zone_id, own_zones=own)
    return NOT_FOR_S2S if stream is None and row.is_open else why or ""


def _search(user: User, text: str, stream: str | None) -> list[Establishment]:
    zones = zones_by_stream(user)
    streams = [one for one in zones if stream in (None, one)]
    wanted = set().union(*(zones[one] for one in streams)) if streams else set()
    rows = establishments.search(text=text, streams=streams, zone_ids=wanted, limit=MOST + 1)
    return [row for row in rows if row.zone_id in zones.get(row.kind.stream, set())]


def _add_what_is_under_way(
    candidates: list[Candidate], user: User, at: datetime, besides: DraftReferral | None
) -> None:
    by_id = {one.establishment.pk: one for one in candidates}
    drafts = DraftReferral.objects.filter(visible_drafts(user), establishment__in=by_id).select_related("started_by")
    for draft in drafts.exclude(pk=besides.pk if besides else None).order_by("-changed_at", "-pk"):
        by_id[draft.establishment_id].drafts.append(draft)
    period = quota_queries.period_at(at)
    sent = Referral.objects.filter(visible_requests(Asking(user)), establishment__in=by_id, period=period)
    for referral in sent.exclude(status=Status.WITHDRAWN).order_by("-submitted_at", "-pk"):
        by_id[referral.establishment_id].requests.append(referral)


def _elsewhere(user: User, text: str, wanted: str | None) -> list[tuple[Establishment, str]]:
    """The few best matches of the whole register, and why this person cannot choose each."""
    zones = zones_by_stream(user)
    found = []
    for row in establishments.search(text=text, include_closed=True, limit=MOST_ELSEWHERE):
        stream = row.kind.stream
        own = wanted or (stream if stream in zones else next(iter(zones), ""))
        found.append((row, _why_not(row, own, zones.get(own, set()))))
    return found
