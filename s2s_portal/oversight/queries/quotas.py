"""The places of a period as their dashboard shows them, from the lines of the ledger."""

from quotas.rules import Balance
from s2s_portal.organisations.choices import Stream
from s2s_portal.oversight.documents.quotas import Places, StreamPlaces
from s2s_portal.oversight.queries.ledger import Ledger
from s2s_portal.oversight.queries.readings import Readings
from s2s_portal.oversight.rules.pace import NOTHING, Span, burn_down, outlook, weeks


def places_of(readings: Readings) -> Places:
    """The places of the period's quotas at the moment of the figures. The ledgers and the calendar: two statements."""
    scope = readings.scope
    period = scope.period
    span = Span(period.opens_on, period.requests_close_on, scope.today)
    streams = [_stream_places(one, span, readings) for one in readings.ledgers]
    return Places(period=period.pk, span=span, streams=streams)


def _stream_places(ledger: Ledger, span: Span, readings: Readings) -> StreamPlaces:
    total = sum(ledger.days.values(), NOTHING)
    shown_until = max([span.closes_on, *ledger.days])
    return StreamPlaces(
        stream_label=Stream(ledger.stream).label,
        balance=Balance(total.granted, total.adjusted, total.drawn, total.released),
        outlook=outlook(ledger.days, span, readings.days),
        days=burn_down(ledger.days, span.opens_on, shown_until),
        weeks=weeks(ledger.days, span.opens_on, max([*ledger.days, min(span.today, span.closes_on)])),
    )
