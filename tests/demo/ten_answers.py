"""The ten answers of the demo on 26 November 2024 at 09:30, as they are read, and as they are counted once more."""

from datetime import date, datetime

from quotas.models import Period
from tests.demo.recount import EARLY, MAIN, Recount

TEN_ANSWERS = (
    (
        "How many of the 50 and the 85 are used?",
        "44 of 50, 79 of 85",
        "44 of 50 early years places and 79 of 85 mainstream places are used; 6 early years and 6 mainstream places "
        "are left.",
    ),
    (
        "At what pace, and when will they run out against 13 December?",
        "Mainstream: 29 November to 3 December 2024 · early years: 2 to 9 December 2024",
        "6 of 50 early years places are left; at 0.7 to 1.2 a working day they run out between 2 and 9 December 2024, "
        "before requests close on 13 December. 6 of 85 mainstream places are left; at 1.3 to 1.6 a working day they "
        "run out between 29 November and 3 December 2024, before requests close on 13 December.",
    ),
    (
        "Who is waiting?",
        "Nobody",
        "Nobody waits for a place. A place that comes free goes to the first in order until 13 December 2024; after "
        "that the commissioner gives it, until 20 December 2024.",
    ),
    ("Who was turned away, and why?", "Nobody", "No request of this period is without a place."),
    (
        "How long do settings wait for contact, observation and record, against the standards?",
        "Contact 4 working days · visit 1.6 weeks · record 3 working days",
        "Half of those reached heard within 4 working days (standard: 5); half of the first "
        "visits came within 1.6 weeks (standard: 4); half of the records came within 3 working days (standard: 10); "
        "6 waits are overdue.",
    ),
    (
        "Which requests are stuck, and with whom?",
        "24 stuck",
        "24 requests are stuck: 17 with their teachers, 7 with their advisers; the longest for 44 working days.",
    ),
    (
        "Does every zone get its share?",
        "6 of 15 zones under half a share",
        "Early years: 44 requests from 14 of 15 zones, 8.2 per 100 settings; the most in Breckside (17.1), none in "
        "Heronsea. Under half of an even share: 5 zones. Mainstream: 79 requests from 15 of 15 zones, 21.2 per 100 "
        "schools; the most in Thornsea (33.3), the fewest in Heronsea and King’s Lynn (4.2). Under half of an even "
        "share: Heronsea and King’s Lynn.",
    ),
    (
        "What needs and what support?",
        "123 requests, 121 visits",
        "Early years: 44 requests, the most for Autistic spectrum disorder and Hearing impairment (9 each). "
        "Mainstream: 79 requests, the most for Speech, language and communication needs (17). 121 visits were held, "
        "the most for observation (78).",
    ),
    (
        "What difference did it make?",
        "16 of 28 goals met",
        "16 of 28 goals were met and 11 partly, in 17 requests closed after visits. Staff’s confidence rose from 2.3 "
        "to 3.8 of 5, in 69 requests for which they were asked.",
    ),
    (
        "What is due to happen at the contract’s end?",
        "106 open, 125 days left",
        "The contract ends on 31 March 2025, in 125 days. 106 requests are open; as things stand, 69 finish under it "
        "and 37 need a decision or an adviser’s answer. No request waits for a place and 8 drafts are "
        "unsent.",
    ),
)
"""Question, figure and sentence of each."""


def recounted(period: Period, at: datetime) -> list[tuple[str, str]]:
    """Figure and sentence of each answer, with every number counted anew."""
    found = Recount(period, at)
    places = {stream: found.bought_used(stream) for stream in (EARLY, MAIN)}
    said = (_used(places), _pace(found, places), *_unmet(found), _waits(found), _stuck(found), _zones(found))
    return [*said, _needs(found), _outcomes(found), _end(found)]


def _used(places: dict[str, tuple[int, int]]) -> tuple[str, str]:
    (young, used_young), (old, used_old) = places[EARLY], places[MAIN]
    return f"{used_young} of {young}, {used_old} of {old}", (
        f"{used_young} of {young} early years places and {used_old} of {old} mainstream places are used; "
        f"{young - used_young} early years and {old - used_old} mainstream places are left."
    )


def _pace(found: Recount, places: dict[str, tuple[int, int]]) -> tuple[str, str]:
    closes, sentences, ranges = found.period.requests_close_on, [], []
    for stream, label in ((EARLY, "early years"), (MAIN, "mainstream")):
        (bought, used), (low, high, first, last) = places[stream], found.pace(stream)
        days = f"{_day(first, last)} and {last:%-d %B %Y}"
        ranges.append((first, f"{label}: {days.replace(' and ', ' to ')}"))
        sentences.append(
            f"{bought - used} of {bought} {label} places are left; at {low:.1f} to {high:.1f} a working day they run "
            f"out between {days}, before requests close on {closes:%-d %B}."
        )
    figure = " · ".join(words for _, words in sorted(ranges))
    return f"{figure[0].upper()}{figure[1:]}", " ".join(sentences)


def _day(first: date, last: date) -> str:
    return f"{first:%-d}" if first.month == last.month else f"{first:%-d %B}"


def _unmet(found: Recount) -> list[tuple[str, str]]:
    waiting, refused, lapsed = found.waiting(), found.refused(), found.lapsed()
    closes, until = (
        f"{day:%-d %B %Y}" for day in (found.period.requests_close_on, found.period.allocation_deadline_on)
    )
    waits = "Nobody waits" if not waiting else f"{waiting} wait"
    count = waiting + refused + lapsed
    without = f"{count} requests" if count else "No request"
    return [
        (
            waits.split()[0],
            f"{waits} for a place. A place that comes free goes to the first in order until {closes}; "
            f"after that the commissioner gives it, until {until}.",
        ),
        (f"{count} without a place" if count else "Nobody", f"{without} of this period is without a place."),
    ]


def _waits(found: Recount) -> tuple[str, str]:
    contact, visit, record, late = found.waits()
    return f"Contact {contact} working days · visit {visit:.1f} weeks · record {record} working days", (
        f"Half of those reached heard within {contact} working days (standard: 5); half of the "
        f"first visits came within {visit:.1f} weeks (standard: 4); half of the records came within {record} working "
        f"days (standard: 10); {late} waits are overdue."
    )


def _stuck(found: Recount) -> tuple[str, str]:
    holders, longest = found.stuck()
    assert set(holders) == {"teacher", "adviser"}
    return f"{holders.total()} stuck", (
        f"{holders.total()} requests are stuck: {holders['teacher']} with their teachers, {holders['adviser']} with "
        f"their advisers; the longest for {longest} working days."
    )


def _zones(found: Recount) -> tuple[str, str]:
    sentences, few = [], set()
    for stream, label, many in ((EARLY, "Early years", "settings"), (MAIN, "Mainstream", "schools")):
        zones = found.zones(stream)
        rates = {name: 100 * requests / there for name, (requests, there) in zones.items()}
        whole = [sum(column) for column in zip(*zones.values(), strict=True)]
        having = {name for name, rate in rates.items() if rate}
        most, least = ([name for name in sorted(rates) if rates[name] == end(rates.values())] for end in (max, min))
        names, rate = " and ".join(least), rates[least[0]]
        fewest = f"the fewest in {names} ({rate:.1f})" if rate else f"none in {names}"
        under = [name for name in sorted(zones) if zones[name][0] / whole[0] < zones[name][1] / whole[1] / 2]
        named = f"{len(under)} zones" if len(under) > 3 else " and ".join(", ".join(under).rsplit(", ", 1))
        sentences.append(
            f"{label}: {whole[0]} requests from {len(having)} of {len(zones)} zones, {100 * whole[0] / whole[1]:.1f} "
            f"per 100 {many}; the most in {' and '.join(most)} ({rates[most[0]]:.1f}), "
            f"{fewest}. Under half of an even share: {named}."
        )
        few |= set(under)
    return f"{len(few)} of {len(zones)} zones under half a share", " ".join(sentences)


def _needs(found: Recount) -> tuple[str, str]:
    sentences, total = [], 0
    for stream, label in ((EARLY, "Early years"), (MAIN, "Mainstream")):
        needs = found.needs(stream)
        most = max(needs.values())
        names = sorted(name for name, count in needs.items() if count == most)
        each = " each" if len(names) > 1 else ""
        sentences.append(f"{label}: {needs.total()} requests, the most for {' and '.join(names)} ({most}{each}).")
        total += needs.total()
    [(kind, count), *_] = found.visits().most_common()
    visits = found.visits().total()
    sentences.append(f"{visits} visits were held, the most for {kind.lower()} ({count}).")
    return f"{total} requests, {visits} visits", " ".join(sentences)


def _outcomes(found: Recount) -> tuple[str, str]:
    (goals, requests), (before, after, asked) = found.goals(), found.confidence()
    return f"{goals['MET']} of {goals.total()} goals met", (
        f"{goals['MET']} of {goals.total()} goals were met and {goals['PARTLY']} partly, in {requests} requests closed "
        f"after visits. Staff’s confidence rose from {before:.1f} to {after:.1f} of 5, in {asked} requests for which "
        "they were asked."
    )


def _end(found: Recount) -> tuple[str, str]:
    ends, fates = found.period.contract.ends_on, found.endings()
    days = (ends - found.today).days
    assert set(fates) == {"finish", "ask"}
    return f"{fates.total()} open, {days} days left", (
        f"The contract ends on {ends:%-d %B %Y}, in {days} days. {fates.total()} requests are open; as things stand, "
        f"{fates['finish']} finish under it and {fates['ask']} need a decision or an adviser’s answer. "
        f"{found.waiting() or 'No'} request waits for a place and {found.drafts()} drafts are unsent."
    )
