"""The contract before this one: a summer term whose places ran out, so that its waiting list can be looked at."""

from datetime import date

from referrals.choices import WithdrawReason
from s2s_portal.demo.documents.days import moment
from s2s_portal.organisations.choices import Stream

CONTRACT = "School to School support, April to August 2024"
PERIOD = "Summer term 2024"
DATES = {
    "opens_on": date(2024, 4, 15),
    "requests_close_on": date(2024, 6, 28),
    "allocation_deadline_on": date(2024, 7, 12),
    "delivery_ends_on": date(2024, 8, 31),
}
PLACES = {Stream.EARLY_YEARS: 5, Stream.MAINSTREAM: 6}
COMMISSIONED_AT = moment(2024, 3, 18, 11)

REQUESTS = {
    Stream.EARLY_YEARS: (
        *(moment(2024, 4, 30, 10, 5), moment(2024, 5, 9, 14, 30), moment(2024, 5, 16, 9, 45)),
        *(moment(2024, 5, 22, 15, 10), moment(2024, 6, 4, 11, 20), moment(2024, 6, 17, 10, 40)),
        moment(2024, 6, 25, 13, 15),
    ),
    Stream.MAINSTREAM: (
        *(moment(2024, 5, 2, 9, 30), moment(2024, 5, 14, 16, 0), moment(2024, 6, 11, 10, 15)),
        moment(2024, 6, 20, 14, 45),
    ),
}
"""When each was sent or joined the list: those for whom no place was free waited."""

WITHDRAWN = {
    Stream.EARLY_YEARS: (
        (0, moment(2024, 6, 19, 9, 20), WithdrawReason.CHILD_MOVED, "The family moved to Lincolnshire at half term."),
    ),
    Stream.MAINSTREAM: (
        (0, moment(2024, 6, 13, 12, 5), WithdrawReason.SUPPORT_ELSEWHERE, "The cluster’s own teacher took the group."),
        (1, moment(2024, 7, 3, 10, 30), WithdrawReason.NO_LONGER_NEEDED, "The pupils have joined a resource base."),
    ),
}
"""Which request (by its place in `REQUESTS`), when, and why: the second mainstream one after the cut-off."""
GIVEN_BY_HAND_AT = moment(2024, 7, 4, 9, 15)
LAPSED_AT = moment(2024, 7, 13, 0, 10)
