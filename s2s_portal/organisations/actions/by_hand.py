"""Schools and settings that no register has yet, and names that a register withholds: written by people."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from s2s_portal.core.text import folded
from s2s_portal.jobs.actions import ask
from s2s_portal.organisations.actions.levers import CannotChange, ChangedMeanwhile, change_of, note
from s2s_portal.organisations.choices import CHECK_BOOKINGS, EstablishmentStatus, Permission, ReferenceKind, Source
from s2s_portal.organisations.models import Establishment, EstablishmentKind, ReferenceChange, User, Zone
from s2s_portal.organisations.permissions import NotAllowed, check, zones_by_stream
from s2s_portal.organisations.queries.by_hand import in_words, seen_as

NOT_LISTED = "It was not listed."
ADDED, NAMED, CORRECTED = "added by hand", "named by hand", "corrected"
LONGEST = 300
"""Characters that the history keeps of what was and of what is."""
_WHOLE = ("Postcode", "Telephone")
"""Facts that say nothing without their ends."""
_NUMBERS = 10**8
"""How many numbers there are for what is added by hand: eight digits, taken from the press's own key."""


@dataclass(frozen=True, kw_only=True)
class NewSetting:
    """What somebody knows of a school or setting that no register has. The postcode is in its usual form."""

    name: str
    kind: EstablishmentKind
    zone: Zone
    postcode: str
    street: str = ""
    locality: str = ""
    town: str = ""
    telephone: str = ""


@transaction.atomic
def add_setting(*, told: NewSetting, key: uuid.UUID, by: User, at: datetime) -> Establishment:
    """A school or setting that is open and can have requests at once. The same key again gives the same one.

    Raises `NotAllowed` unless `by` files requests for its kind in its zone: whoever adds one is to use it; and for a
    key of something else.
    """
    check(by, Permission.FILE_REQUESTS)
    own = zones_by_stream(by).get(told.kind.stream, set()) if told.kind.stream else set()
    if told.zone.pk not in own:
        raise NotAllowed("You can add a school or setting of your own stream in one of your own zones.")
    User.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)  # of two presses one waits for the other
    done = change_of(key, by=by, what=ADDED)
    if done is not None:
        return Establishment.objects.select_related("kind", "zone").get(source=Source.LOCAL, urn=done.now)
    address = {name: getattr(told, name) for name in ("postcode", "street", "locality", "town", "telephone")}
    made = Establishment.objects.create(
        source=Source.LOCAL,
        urn=_free_number(key),
        name=told.name,
        name_folded=folded(told.name)[:200],
        town_folded=folded(told.town)[:100],
        kind=told.kind,
        zone=told.zone,
        status=EstablishmentStatus.OPEN,
        added_by=by,
        added_at=at,
        **address,
    )
    change = {"what": ADDED, "now": made.urn, "reason": NOT_LISTED, "key": key, "by": by, "at": at}
    note(kind=ReferenceKind.ESTABLISHMENT, subject=made.name, **change)
    return made


def _free_number(key: uuid.UUID) -> str:
    number = key.int % _NUMBERS
    while Establishment.objects.filter(source=Source.LOCAL, urn=f"L-{number:08d}").exists():
        number = (number + 1) % _NUMBERS
    return f"L-{number:08d}"


def standing(establishment: Establishment) -> Establishment:
    """As `all_standing`, of one."""
    return all_standing([establishment])[0]


def all_standing(establishments: Sequence[Establishment]) -> list[Establishment]:
    """What is about to be chosen, as it is now. What was added by hand is locked, lest it is merged meanwhile.

    Inside a transaction, after cohorts, requests and drafts are locked and before people are. Costs nothing for those
    of a register.
    """
    local = [one.pk for one in establishments if one.source == Source.LOCAL]
    if not local:
        return list(establishments)
    list(Establishment.objects.select_for_update(no_key=True).filter(pk__in=local).order_by("pk").only("pk"))
    now = Establishment.objects.select_related("kind", "zone").in_bulk(local)
    return [now.get(one.pk, one) for one in establishments]


@transaction.atomic
def give_name(
    *, establishment: Establishment, name: str, seen: str, reason: str, key: uuid.UUID, by: User, at: datetime
) -> ReferenceChange:
    """A name for one whose name its register withholds, shown everywhere until the register publishes one itself.

    `seen` is the name that the person saw. Raises `NotAllowed`, `ChangedMeanwhile`, and `CannotChange` where the
    register has a name, or for the name that it has.
    """
    check(by, Permission.MANAGE_REGISTERS)
    row = (
        Establishment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("kind")
        .get(pk=establishment.pk)
    )
    subject = f"{row.source} {row.urn}"
    done = change_of(key, by=by, what=NAMED, subject=subject, now=name)
    if done is not None:
        return done
    if row.source == Source.LOCAL or (row.name and not row.named_by_hand):
        raise CannotChange(f"Its name is not withheld: it is {row.display_name}", "name")
    if row.name != seen:
        raise ChangedMeanwhile(f"Somebody has called it {row.name} while you were writing", row.name)
    if row.name == name:
        raise CannotChange("It is called so already", "name")
    was = row.display_name
    row.name, row.name_folded, row.named_by_hand = name, folded(name)[:200], True
    row.save(update_fields=["name", "name_folded", "named_by_hand"])
    told = {"what": NAMED, "was": was, "now": name, "reason": reason, "key": key, "by": by, "at": at}
    return note(kind=ReferenceKind.ESTABLISHMENT, subject=subject, **told)


@transaction.atomic
def correct_setting(
    *, setting: Establishment, told: NewSetting, seen: str, reason: str, key: uuid.UUID, by: User, at: datetime
) -> ReferenceChange:
    """Another name, kind, address or zone of one that was added by hand; requests sent before keep what was true then.

    `seen` is `queries.by_hand.seen_as` of what the person saw. The same key again gives what the first press did.
    Drafts and requests for it are the caller's to hold still. Raises `NotAllowed`, `ChangedMeanwhile`, and
    `CannotChange` once it is merged, for another kind that has no requests, and where nothing is different.
    """
    check(by, Permission.MANAGE_REGISTERS)
    rows = Establishment.objects.select_for_update(no_key=True, of=("self",)).select_related("kind", "zone")
    row = rows.get(pk=setting.pk)
    done = change_of(key, by=by, what=CORRECTED)
    if done is not None:
        return done
    before, after = in_words(row), in_words(told)
    _check_correction(row, told, seen)
    different = [title for title in before if before[title] != after[title]]
    if not different:
        raise CannotChange("Nothing is different: change what is wrong")
    was, now = (_kept({title: one[title] for title in different}) for one in (before, after))
    subject = f"{row.name[:180]} ({row.urn})"
    _write(row, told)
    if before["Postcode"] != told.postcode:
        ask(job=CHECK_BOOKINGS, subject="all", at=at)  # journeys between visits are others now
    change = {"what": CORRECTED, "was": was, "now": now, "reason": reason, "key": key}
    return note(kind=ReferenceKind.ESTABLISHMENT, subject=subject, **change, by=by, at=at)


def _kept(facts: dict[str, str]) -> str:
    """These facts, each under its title, in `LONGEST` characters at most: if need be the longest lose their ends."""
    tried = (
        "; ".join(f"{title}: {_cut(title, fact, longest) or 'none'}" for title, fact in facts.items())
        for longest in range(LONGEST, 0, -1)
    )
    return next(text for text in tried if len(text) <= LONGEST)


def _cut(title: str, fact: str, longest: int) -> str:
    return fact if len(fact) <= longest or title in _WHOLE else f"{fact[: longest - 1].rstrip()}…"


def _check_correction(row: Establishment, told: NewSetting, seen: str) -> None:
    if row.source != Source.LOCAL:
        raise CannotChange("It is of a register: the register’s next file would bring back what it says")
    if row.merged_into is not None:
        raise CannotChange(f"It has been merged into {row.merged_into}: there is nothing to correct any more")
    now = seen_as(row)
    if seen != now:
        ours = ReferenceChange.objects.filter(kind=ReferenceKind.ESTABLISHMENT, subject__endswith=f"({row.urn})")
        last = ours.select_related("by").order_by("-pk").first()
        facts = "; ".join(f"{title}: {words}" for title, words in in_words(row).items() if words)
        who = last.by if last else "Somebody"
        raise ChangedMeanwhile(f"{who} has changed it while you were writing. It is now: {facts}", now)
    if told.kind.stream is None and told.kind != row.kind:
        raise CannotChange("No request can be made for this kind", "kind")


def _write(row: Establishment, told: NewSetting) -> None:
    address = ("postcode", "street", "locality", "town", "telephone")
    for name in ("name", "kind", "zone", *address):
        setattr(row, name, getattr(told, name))
    row.name_folded, row.town_folded = folded(told.name)[:200], folded(told.town)[:100]
    row.save(update_fields=["name", "name_folded", "kind", "zone", *address, "town_folded"])
