"""Which schools the rows of a cohort's file mean: by URN, then by name and postcode, then by name in the own zones.

Two queries, whatever the number of rows. Nothing is decided for the adviser where two schools could be meant.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q

from quotas import queries as quota_queries
from referrals.importers.cohort_files import CohortFileRow
from referrals.models import Referral
from referrals.permissions import Asking, visible_requests
from referrals.queries.support_given import came_to_something
from referrals.rules.matching import Hit, MatchState, alike, standing_of, state_of
from s2s_portal.core.text import folded
from s2s_portal.organisations.choices import Source, Stream
from s2s_portal.organisations.models import Establishment, User
from s2s_portal.organisations.permissions import zones_by_stream
from s2s_portal.organisations.queries import establishments

MOST_CANDIDATES = 8
_REGISTERS = (Source.GIAS, Source.LOCAL, Source.OFSTED)
"""Where a school's URN is looked for, in this order: Ofsted's numbers collide with those of GIAS."""


@dataclass(frozen=True)
class Match:
    """What one row comes to. `establishment`: the one it means, also where it cannot be chosen; None if unsure.

    `candidates`: what else might be meant, likeliest first; all of them where one is to be picked. `repeats`: the line
    of the row that means the same school.
    """

    row: CohortFileRow
    state: MatchState
    establishment: Establishment | None = None
    candidates: list[Establishment] = field(default_factory=list)
    repeats: int | None = None


def match(rows: Iterable[CohortFileRow], user: User) -> list[Match]:
    """What each row means to `user`, a SEND Adviser, in the rows' order. Two queries."""
    rows = list(rows)
    registers = _Registers(rows, user)
    return _with_repeats([registers.match(row) for row in rows])


def already_requested(schools: Iterable[Establishment], user: User, at: datetime) -> dict[int, list[Referral]]:
    """This period's requests of `schools` that did not come to nothing, newest first, by the school's primary key.

    Every school has its list, of the requests that `user` may see: a list may name any school there is (R17). Who the
    children are is not read. Two queries.
    """
    found: dict[int, list[Referral]] = {school.pk: [] for school in schools}
    period = quota_queries.period_at(at)
    visible = Referral.objects.filter(visible_requests(Asking(user)), establishment__in=list(found))
    sent = visible.filter(period=period, stream=Stream.MAINSTREAM)
    told = sent.filter(came_to_something()).only("reference", "stream", "status", "submitted_at", *_KEYS)
    for referral in told.order_by("-submitted_at", "-pk"):
        found[referral.establishment_id].append(referral)
    return found


_KEYS = ("establishment_id", "zone_id", "period_id", "cohort_id")


def _hit(one: Establishment, own_zones: set[int]) -> Hit:
    return Hit(is_mainstream=one.kind.stream == Stream.MAINSTREAM, is_open=one.is_open, is_own=one.zone_id in own_zones)


def _with_repeats(matches: list[Match]) -> list[Match]:
    """The second row that found the same school is no second request."""
    lines: dict[int, int] = {}
    told = []
    for one in matches:
        if one.state == MatchState.MATCHED and one.establishment is not None:
            first = lines.setdefault(one.establishment.pk, one.row.line)
            one = replace(one, state=MatchState.REPEATED, repeats=first) if first != one.row.line else one
        told.append(one)
    return told


class _Registers:
    """What the registers say about the URNs, names and postcodes of `rows`, and the schools that `user` may choose."""

    def __init__(self, rows: list[CohortFileRow], user: User) -> None:
        self._zones = zones_by_stream(user).get(Stream.MAINSTREAM, set())
        self._own = list(establishments.fileable_by(user).filter(kind__eligibility=Stream.MAINSTREAM))
        self._by_urn: dict[str, list[Establishment]] = defaultdict(list)
        self._by_name: dict[str, list[Establishment]] = defaultdict(list)
        self._by_postcode: dict[str, list[Establishment]] = defaultdict(list)
        for one in self._named_in(rows):
            self._by_urn[one.urn].append(one)
            self._by_name[one.name_folded].append(one)
            self._by_postcode[one.postcode].append(one)

    def _named_in(self, rows: list[CohortFileRow]) -> list[Establishment]:
        urns, names, postcodes = ({getattr(row, name) for row in rows} - {""} for name in ("urn", "name", "postcode"))
        prefixed = {f"EY{urn}" for urn in urns if urn.isdigit()}  # Ofsted's are often written without their letters
        named = Q(urn__in=urns | prefixed) | Q(name_folded__in={folded(name) for name in names} - {""})
        found = Establishment.objects.filter(named | Q(postcode__in=postcodes))
        return list(found.select_related("kind", "zone").order_by("name_folded", "pk"))

    def match(self, row: CohortFileRow) -> Match:
        """What `row` comes to, seen alone."""
        if row.urn:
            return self._match_urn(row)
        return self._match_place(row) if row.postcode else self._match_name(row)

    def _match_urn(self, row: CohortFileRow) -> Match:
        held = self._held(row.urn)
        if held is None:
            return Match(row, MatchState.UNKNOWN, candidates=self._similar(row))
        if self._contradicts(row, held):
            others = [one for one in self._exactly(row) if one.pk != held.pk] or self._similar(row)
            both = [held, *(one for one in others if one.pk != held.pk)]
            return Match(row, MatchState.AMBIGUOUS, candidates=both[:MOST_CANDIDATES])
        state = state_of([_hit(held, self._zones)])
        return Match(row, state, held, [] if state == MatchState.MATCHED else self._similar(row, besides=held))

    def _held(self, urn: str) -> Establishment | None:
        """The establishment with this URN in the first register that has it."""
        found = [*self._by_urn.get(urn, []), *self._by_urn.get(f"EY{urn}", [])]
        return min(found, key=lambda one: _REGISTERS.index(Source(one.source)), default=None)

    def _contradicts(self, row: CohortFileRow, held: Establishment) -> bool:
        """Whether the row's name, or without one its postcode, is another school's than that of its URN."""
        if not folded(row.name):
            return row.postcode not in ("", held.postcode)
        if folded(row.name) == held.name_folded or not held.name_folded:
            return False
        namesakes = self._exactly(row)
        if alike(folded(row.name), held.name_folded):
            return any(row.postcode in ("", one.postcode) for one in namesakes)
        return bool(namesakes) or row.postcode != held.postcode

    def _match_place(self, row: CohortFileRow) -> Match:
        there, name = self._by_postcode.get(row.postcode, []), folded(row.name)
        hits = [one for one in there if one.name_folded == name]
        hits = hits or [one for one in there if self._is_mainstream(one) and alike(name, one.name_folded)]
        if hits:
            return self._of(row, hits)
        nearly = self._similar(row)
        return Match(row, MatchState.AMBIGUOUS, candidates=nearly) if nearly else self._of(row, self._exactly(row))

    def _match_name(self, row: CohortFileRow) -> Match:
        hits = self._exactly(row)
        if hits:
            return self._of(row, hits)
        nearly = self._similar(row)
        if nearly:
            return Match(row, MatchState.AMBIGUOUS, candidates=nearly)
        name = folded(row.name)
        return self._of(row, self._by_name.get(name, []) if name else [])

    def _of(self, row: CohortFileRow, hits: list[Establishment]) -> Match:
        """The match with those of `hits` that decide it: the ones that can be chosen, or the nearest to it."""
        state = state_of([_hit(one, self._zones) for one in hits])
        wanted = MatchState.MATCHED if state in (MatchState.MATCHED, MatchState.AMBIGUOUS) else state
        decisive = [one for one in hits if standing_of(_hit(one, self._zones)) == wanted]
        if state == MatchState.AMBIGUOUS:
            return Match(row, state, candidates=decisive[:MOST_CANDIDATES])
        [one] = decisive if len(decisive) == 1 else [None]
        similar = [] if state == MatchState.MATCHED else self._similar(row, besides=one)
        return Match(row, state, one, similar)

    def _exactly(self, row: CohortFileRow) -> list[Establishment]:
        """The mainstream schools with exactly the row's name, wherever they are, open or not."""
        name = folded(row.name)
        return [one for one in self._by_name.get(name, []) if name and self._is_mainstream(one)]

    def _similar(self, row: CohortFileRow, besides: Establishment | None = None) -> list[Establishment]:
        """The schools that can be chosen and have the row's postcode or a name like its own, its very name first.

        A row without name may mean a school called like `besides`, the one of its URN that cannot be chosen.
        """
        name, postcode = folded(row.name) or (besides.name_folded if besides else ""), row.postcode
        near = [
            one
            for one in self._own
            if one != besides and ((postcode and one.postcode == postcode) or alike(name, one.name_folded))
        ]
        near.sort(key=lambda one: (one.name_folded != name, one.postcode != postcode))
        return near[:MOST_CANDIDATES]

    @staticmethod
    def _is_mainstream(one: Establishment) -> bool:
        return one.kind.stream == Stream.MAINSTREAM
