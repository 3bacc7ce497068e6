"""How long the places of a quota last, in the words of a commissioner."""

from datetime import date
from fractions import Fraction

from quotas.rules import Balance
from s2s_portal.core import spoken
from s2s_portal.oversight.rules.pace import FEWEST_DAYS, Outlook, Prospect, Span


def pace_sentence(*, stream_label: str, balance: Balance, outlook: Outlook, span: Span) -> str:
    """What is left of one stream's places, at what pace they go and between which days the last goes."""
    words = _Words(stream_label, balance, outlook, span)
    return SENTENCES[outlook.prospect](words)


def pace_in_short(outlook: Outlook, span: Span) -> str:
    """The range, or what stands in its place, in a few words."""
    if outlook.prospect == Prospect.RUNS_OUT:
        return spoken.stretch(*_range(outlook, span))
    words = {
        Prospect.OVER: f"over by {-outlook.left}",
        Prospect.NOT_BOUGHT: "none bought",
        Prospect.FULL: "none left",
        Prospect.NOT_OPEN: f"opens on {spoken.day(span.opens_on)}",
        Prospect.CLOSED: f"{outlook.left:,} left unused",
        Prospect.NO_PACE: "no pace yet",
        Prospect.LASTS: f"not before {spoken.day(span.closes_on)}",
    }
    return words.get(outlook.prospect) or f"from {spoken.day(outlook.earliest(span.today) or span.today)} or not at all"


def pace_words(outlook: Outlook) -> str:
    """The slowest and the fastest pace: "0.7 to 1.2 a working day"."""
    low, high = _rate(outlook.slowest), _rate(outlook.fastest)
    if high == "0":
        return "less than 0.1 a working day"
    return f"about {high} a working day" if low == high else f"{low} to {high} a working day"


def _rate(pace: Fraction) -> str:
    shown = f"{float(pace):.1f}"
    return "0" if shown == "0.0" else shown


def _range(outlook: Outlook, span: Span) -> tuple[date, date]:
    """The days between which the last place goes, of an outlook that knows both."""
    return outlook.earliest(span.today) or span.closes_on, outlook.latest or span.closes_on


class _Words:
    """The parts of a sentence about one stream, in the singular where one place is left."""

    def __init__(self, stream_label: str, balance: Balance, outlook: Outlook, span: Span) -> None:
        self.stream, self.balance, self.outlook, self.span = stream_label, balance, outlook, span
        self.is_one = outlook.left == 1
        self.left = (
            f"{outlook.left:,} of {balance.bought:,} {stream_label} places {'is' if self.is_one else 'are'} left"
        )
        self.was_used = "it was used" if self.is_one else "they ran out"
        self.closes = f"requests close on {spoken.day(span.closes_on)}"
        since = outlook.since
        self.since = f" since {spoken.day(since)}" if since and since > span.opens_on else ""

    def after(self, named: date) -> str:
        """When requests close, after the day `named` was written in full."""
        day = self.span.closes_on
        if day == named:
            return "requests close that day"
        return f"requests close on {day:%-d %B}" if day.year == named.year else self.closes

    def over(self) -> str:
        """More places are used than are bought (R9)."""
        used, bought = self.balance.used, self.balance.bought
        return f"{used:,} of {bought:,} {self.stream} places are used: over by {self.balance.over_by}{self.since}."

    def not_bought(self) -> str:
        """A quota without places."""
        return f"No {self.stream} places are bought for this period."

    def full(self) -> str:
        """Every place is used."""
        if self.balance.bought == 1:
            return f"The only {self.stream} place has been used{self.since}."
        return f"All {self.balance.bought:,} {self.stream} places have been used{self.since}."

    def not_open(self) -> str:
        """Before the period."""
        return f"{self.left}; requests open on {spoken.day(self.span.opens_on)}."

    def closed(self) -> str:
        """After the cut-off, with places left."""
        return f"{self.left}: requests closed on {spoken.day(self.span.closes_on)} before {self.was_used}."

    def no_pace(self) -> str:
        """Too few days, or nothing used."""
        days = self.outlook.windows[0].days if self.outlook.windows else 0
        if days < FEWEST_DAYS:
            known = "1 working day" if days == 1 else f"{days} working days"
            return f"{self.left}. It is too early for a pace: requests have been open for {known}."
        return f"{self.left}. There is no pace yet: since requests opened, no more places were used than given back."

    def runs_out(self) -> str:
        """The whole range lies before the cut-off."""
        first, last = _range(self.outlook, self.span)
        between = spoken.stretch(first, last).replace(" to ", " and ")
        go = "it goes" if self.is_one else "they run out"
        return f"{self.left}; at {pace_words(self.outlook)} {go} between {between}, before {self.after(last)}."

    def may_run_out(self) -> str:
        """The cut-off lies within the range."""
        first = self.outlook.earliest(self.span.today) or self.span.closes_on
        _, most = self.outlook.unused(self.span.closes_on)
        go = "it may go" if self.is_one else "they may run out"
        last = "it stays unused" if self.is_one else f"up to {most:,} {'is' if most == 1 else 'are'} left"
        when = f"on {spoken.day(first)}" if first == self.span.closes_on else f"from {spoken.day(first)}"
        return f"{self.left}; at {pace_words(self.outlook)} {go} {when}, or {last} when {self.after(first)}."

    def lasts(self) -> str:
        """The whole range lies after the cut-off."""
        fewest, most = self.outlook.unused(self.span.closes_on)
        if self.is_one:
            rest = "it is still unused"
        else:
            rest = f"up to {most:,} are still left" if not fewest else f"{fewest:,} to {most:,} of them are still left"
            rest = f"{most:,} of them are still left" if fewest == most else rest
        return f"{self.left}; at {pace_words(self.outlook)} {rest} when {self.closes}."


SENTENCES = {
    Prospect.OVER: _Words.over,
    Prospect.NOT_BOUGHT: _Words.not_bought,
    Prospect.FULL: _Words.full,
    Prospect.NOT_OPEN: _Words.not_open,
    Prospect.CLOSED: _Words.closed,
    Prospect.NO_PACE: _Words.no_pace,
    Prospect.RUNS_OUT: _Words.runs_out,
    Prospect.MAY_RUN_OUT: _Words.may_run_out,
    Prospect.LASTS: _Words.lasts,
}
