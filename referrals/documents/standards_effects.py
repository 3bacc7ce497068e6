"""What other settings of R10 would do, in words, for the page before they are set or taken back."""

from collections.abc import Sequence

from django.utils.text import capfirst

from referrals.choices import Clock
from referrals.documents.standards import TITLES, values_in_words
from referrals.rules.standards import Standards
from referrals.rules.standards_effects import SETTING_OF, ClockEffect

AS_NOW = "As now"
NO_CLOCK = "No deadline of an open request moves: how soon S2S means to act stays as it is."
_WAITS_FOR = {
    Clock.CONTACT: "first contact",
    Clock.OBSERVATION: "the first visit",
    Clock.RECORD: "the record of a visit",
    Clock.REVIEW: "the review",
}
_AS_TODAY = "As things stand today, "


def beside(now: Standards, then: Standards) -> list[tuple[str, str, str]]:
    """Each setting: what it is called, what it says now and what it would say; `AS_NOW` where that is the same."""
    said, other = values_in_words(now), values_in_words(then)
    return [
        (title, said[name], AS_NOW if getattr(now, name) == getattr(then, name) else other[name])
        for name, title in TITLES.items()
    ]


def effects_in_words(found: Sequence[ClockEffect], *, later: bool = False, taken_back: bool = False) -> list[str]:
    """A sentence for each clock whose setting changes. `later`: from a day to come, so that today's are a forecast.

    `taken_back`: the change was to come and does not, so what it would do is what it would have done.
    """
    sentences = [_sentence(one, later=later, taken_back=taken_back) for one in found]
    return sentences or [NO_CLOCK]


def keeps_in_words(now: Standards, then: Standards) -> list[str]:
    """What other settings leave as it is."""
    kept = []
    if any(getattr(now, name) != getattr(then, name) for name in SETTING_OF.values()):
        kept.append("What S2S has done already is measured by the standards that were in force when it was done.")
    if any(getattr(now, name) != getattr(then, name) for name in TITLES if name not in SETTING_OF.values()):
        kept.append("Visits that are booked stay booked: the other numbers count for times booked from then on.")
    return kept


def _sentence(one: ClockEffect, *, later: bool, taken_back: bool) -> str:
    awaited = _WAITS_FOR[one.clock]
    begins = _AS_TODAY if later else ""
    if not one.requests:
        sentence = f"{begins}no request waits for {awaited}."
        return capfirst(sentence)
    waits = "request waits" if one.requests == 1 else "requests wait"
    would = "would be with the change" if taken_back else "would be"
    is_are, now = "is" if one.overdue_now <= 1 else "are", "" if later else " now"
    then = _number(one.overdue_then) if one.overdue_then or one.overdue_now else "and none"
    overdue = f"{_number(one.overdue_now)} {is_are} overdue{now}, {then} {would}"
    return f"{begins}{one.requests:,} {waits} for {awaited}: {overdue}. {_moves(one, taken_back=taken_back)}"


def _number(number: int) -> str:
    return f"{number:,}" if number else "none"


def _moves(one: ClockEffect, *, taken_back: bool) -> str:
    if not one.moved:
        return "No deadline among them moves." if not taken_back else "No deadline among them would move."
    if one.requests == 1:
        return "Its deadline stays where it is." if taken_back else "Its deadline moves to another day."
    number = "All" if one.moved == one.requests else f"{one.moved:,} of"
    if taken_back:
        return f"{number} their deadlines would move, and now stay where they are."
    return f"{number} their deadlines {'moves' if one.moved == 1 else 'move'} to another day."
