"""Finding schools and settings by what people type: a name in any word order, a URN, a postcode or a town.

What was typed and what is stored are compared folded (core.text.folded): no capitals, accents or apostrophes. Every
word is one LIKE '%word%' on a column with a trigram index on PostgreSQL (migration 0002).
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from s2s_portal.core import spoken
from s2s_portal.core.calendar import london_date
from s2s_portal.core.text import folded, postcode, tidy
from s2s_portal.organisations.choices import OPEN_STATUSES, Source, Stream
from s2s_portal.organisations.models import (
    ContactPerson,
    Establishment,
    EstablishmentKind,
    ImportRun,
    User,
    Zone,
)
from s2s_portal.organisations.permissions import zones_by_stream

LONGEST_TEXT = 100
"""Characters of a search that are looked at: nobody types more, and a pasted page must cost no more."""
MOST_WORDS = 8
MOST_SUGGESTIONS = 10
ALSO_WRITTEN = {
    "preschool": "pre school",
    "playgroup": "play group",
    "playschool": "play school",
    "daycare": "day care",
    "st": "saint",
    "saint": "st ",
}
"""Words that registers write another way; "pre school" finds "preschool" without help, word by word."""

_URN = re.compile(r"[A-Z]{0,6}-?[0-9]{2,18}")
_OUTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")
_SECTOR = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?) ([0-9][A-Z]?)")


@dataclass(frozen=True)
class Choice:
    """One suggestion: the key that a form sends back, and the line that people read."""

    value: str
    label: str


def search(
    *,
    text: str,
    streams: Collection[Stream] | None = None,
    zone_ids: Collection[int] | None = None,
    include_closed: bool = False,
    limit: int = 20,
) -> list[Establishment]:
    """At most `limit` establishments that `text` names, the likeliest first; none for a blank text.

    `streams` and `zone_ids` (zone primary keys) narrow it; None means all. One query, with kind and zone.
    """
    found = matching(text).filter(merged_into=None)
    if streams is not None:
        found = found.filter(kind__eligibility__in=list(streams))
    if zone_ids is not None:
        found = found.filter(zone__in=list(zone_ids))
    if not include_closed:
        found = found.filter(status__in=OPEN_STATUSES)
    return list(found[:limit])


def suggestions(user: User, text: str) -> list[Choice]:
    """At most ten establishments for which `user` may file a request and which `text` names."""
    found = matching(text).filter(_fileable(zones_by_stream(user)))[:MOST_SUGGESTIONS]
    return [Choice(key_of(establishment), label_of(establishment)) for establishment in found]


def fileable_by(user: User) -> QuerySet[Establishment]:
    """The open establishments of the person's own streams and zones: those they may file requests for."""
    found = Establishment.objects.select_related("kind", "zone").filter(_fileable(zones_by_stream(user)))
    return found.order_by("name_folded", "pk")


def chosen(user: User, key: str) -> Establishment | None:
    """The establishment of a suggestion's `key`, such as "GIAS:123456"; None unless the person may file for it."""
    source, _, urn = tidy(key[:LONGEST_TEXT]).partition(":")
    return fileable_by(user).filter(source=source, urn=urn).first()


def key_of(establishment: Establishment) -> str:
    """What a form sends for an establishment: source and URN, because URNs of two registers collide."""
    return f"{establishment.source}:{establishment.urn}"


def label_of(establishment: Establishment) -> str:
    """Name, town, postcode and URN in one line, such as "Puddle Lane Pre-school, Staithe, NR29 9ZZ (URN EY900001)"."""
    parts = [establishment.display_name, establishment.town, establishment.postcode]
    return f"{', '.join(part for part in parts if part)} ({establishment.numbered})"


def matching(text: str) -> QuerySet[Establishment]:
    """Establishments that `text` names, open or not: exact URN or postcode first, then names that begin with it.

    Those whose name the register withholds come last. Ends in the primary key, so the order is always the same.
    """
    typed = _cleaned(text)
    words = folded(typed).split()[:MOST_WORDS]
    everything = Establishment.objects.select_related("kind", "zone")
    if not words:
        return everything.none()
    exact, by_place = _exactly(typed), _by_part_of_postcode(typed)
    ranks = [
        When(name_folded__startswith=" ".join(words), then=Value(1)),
        When(name_folded="", then=Value(3)),
    ]
    if exact:
        ranks.insert(0, When(exact, then=Value(0)))
    found = everything.filter(_all_words(words) | exact | by_place)
    rank = Case(*ranks, default=Value(2), output_field=IntegerField())
    return found.annotate(rank=rank).order_by("rank", "name_folded", "pk")


def _cleaned(text: str) -> str:
    visible = "".join(char for char in text[:LONGEST_TEXT] if unicodedata.category(char) not in ("Cf", "Cs"))
    return tidy(visible)


def _all_words(words: list[str]) -> Q:
    """Every word in the name or the town."""
    found = Q()
    for word in words:
        one = Q(name_folded__contains=word) | Q(town_folded__contains=word)
        if word in ALSO_WRITTEN:
            one |= Q(name_folded__contains=ALSO_WRITTEN[word])
        found &= one
    return found


def _exactly(typed: str) -> Q:
    """The URN or the whole postcode that was typed; an empty Q if it is neither."""
    found = Q()
    compact = typed.upper().replace(" ", "").removeprefix("URN").lstrip(":")
    if _URN.fullmatch(compact):
        found |= Q(urn__in=[compact, f"EY{compact}"] if compact.isdigit() else [compact])
    whole = postcode(typed)
    return found | Q(postcode=whole) if whole else found


def _by_part_of_postcode(typed: str) -> Q:
    """The outcode ("NR29", "nr 29") or sector ("NR29 3") that was typed; an empty Q if it is neither."""
    upper = typed.upper()
    sector = _SECTOR.fullmatch(upper)
    if sector:
        return Q(postcode__startswith=f"{sector[1]} {sector[2]}")
    compact = upper.replace(" ", "")
    return Q(postcode__startswith=f"{compact} ") if _OUTCODE.fullmatch(compact) else Q()


def _fileable(zones: Mapping[Stream, set[int]]) -> Q:
    """Open, and of one of these streams in that stream's zones; nothing for someone who files no requests."""
    own = Q(pk__in=[])
    for stream, zone_ids in zones.items():
        own |= Q(kind__eligibility=stream, zone__in=zone_ids)
    return own & Q(status__in=OPEN_STATUSES)


# --- The registers' page ----------------------------------------------------------------------------------------
def register(
    *,
    text: str = "",
    kind_id: int | None = None,
    zone_id: int | None = None,
    without_zone: bool = False,
    is_open: bool | None = None,
    not_in_last_file: bool = False,
) -> QuerySet[Establishment]:
    """The registers' establishments that pass every filter given, by name, or by likeness to `text`.

    Those whose name the register withholds, mostly childminders, come last: they would fill the first pages.
    """
    withheld = Case(When(name_folded="", then=Value(1)), default=Value(0), output_field=IntegerField())
    everything = Establishment.objects.select_related("kind", "zone").order_by(withheld, "name_folded", "pk")
    found = matching(text) if text else everything
    if kind_id is not None:
        found = found.filter(kind=kind_id)
    if without_zone:
        found = found.filter(zone=None)
    elif zone_id is not None:
        found = found.filter(zone=zone_id)
    if is_open is not None:
        found = found.filter(status__in=OPEN_STATUSES) if is_open else found.exclude(status__in=OPEN_STATUSES)
    return found.filter(_missing_from_last_file()) if not_in_last_file else found


def _missing_from_last_file() -> Q:
    """Of a register that was imported, and not in its last whole file; what was added by hand is in no file."""
    missing = Q(pk__in=[])
    for source in (Source.GIAS, Source.OFSTED):
        last = ImportRun.objects.filter(source=source, finished_at__isnull=False).order_by("-pk").first()
        if last is not None:
            missing |= Q(source=source) & (Q(seen_in=None) | ~Q(seen_in=last.pk))
    return missing


def one(source: str, urn: str) -> Establishment | None:
    """The establishment with this source and URN, open or closed, with kind and zone; None if there is none."""
    related = ("kind", "zone", "seen_in", "added_by", "merged_into__kind")
    return Establishment.objects.select_related(*related).filter(source=source, urn=urn).first()


def contacts_of(establishment: Establishment) -> list[ContactPerson]:
    """Its contact people, deputies last."""
    return list(establishment.contacts.order_by("is_deputy", "name", "pk"))


def zone_choices() -> list[tuple[int, str]]:
    """Every zone's primary key and name, by name."""
    return list(Zone.objects.order_by("name", "pk").values_list("pk", "name"))


def kind_choices() -> list[tuple[int, str]]:
    """Every kind's primary key and words, by register and name."""
    return [(kind.pk, str(kind)) for kind in EstablishmentKind.objects.order_by("source", "name", "pk")]


def facts_of(establishment: Establishment) -> list[dict[str, str]]:
    """What the register says, as key and value in reading order; ages in years, dates in words."""
    ages = [str(age) for age in (establishment.low_age, establishment.high_age) if age is not None]
    facts = {
        "Register": establishment.get_source_display(),
        "Number" if establishment.source == Source.LOCAL else "URN": establishment.urn,
        "Added": _added(establishment),
        "Name": "Given by hand, as the register withholds it" if establishment.named_by_hand else "",
        "Kind": establishment.kind.name,
        "Uses places for": establishment.kind.get_eligibility_display(),
        "Status": establishment.get_status_display(),
        "Zone": establishment.zone.name if establishment.zone else "No zone: no adviser can find it",
        "Address": "\n".join(establishment.address_lines),
        "Telephone": establishment.telephone,
        "Phase": establishment.phase,
        "Ages": " to ".join(ages),
        "Trust": establishment.trust,
        "Opened": spoken.day(establishment.opened_on) if establishment.opened_on else "",
        "Closed": spoken.day(establishment.closed_on) if establishment.closed_on else "",
        "Last seen in": str(establishment.seen_in or ""),
    }
    return [{"key": key, "value": value} for key, value in facts.items() if value]


def _added(establishment: Establishment) -> str:
    if establishment.added_at is None:
        return ""
    return f"by {establishment.added_by}, {spoken.day(london_date(establishment.added_at))}"
