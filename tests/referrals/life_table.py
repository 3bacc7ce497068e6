"""DESIGN §5 written out by hand: what may be done to a request where, by whom, where it leads, place and clocks.

The tests compare it with the table in the code, and with what the actions really do.
"""

from collections.abc import Iterator

from referrals.choices import Action, ClockStep, Doer, Place, Status
from referrals.rules.lifecycle import Transition

#: Status it stands at · action · who · status it leads to (= the same; * where it was) · place · clocks.
BY_HAND = """
draft                                          SUBMIT            adviser             SUBMITTED  drawn    CONTACT_STARTS
draft                                          JOIN              adviser             WAITING    -        -
WAITING                                        GIVE_PLACE        portal,commissioner SUBMITTED  drawn    CONTACT_STARTS
WAITING                                        LAPSE             portal              LAPSED     -        -
WAITING                                        WITHDRAW          adviser             WITHDRAWN  -        -

SUBMITTED,ASSIGNED,IN_CONTACT,BOOKED           ASK               coordinator,teacher RETURNED   -        PAUSED
RETURNED                                       SEND_BACK         adviser             *          -        RESUMED
RETURNED                                       TAKE_BACK         coordinator,teacher *          -        RESUMED
SUBMITTED                                      ASSIGN            coordinator         ASSIGNED   -        -
ASSIGNED,IN_CONTACT,BOOKED,SUPPORTING          REASSIGN          coordinator         =          -        -
ASSIGNED,IN_CONTACT,BOOKED,SUPPORTING          COVER             coordinator         =          -        -

ASSIGNED                                       REACH             teacher             IN_CONTACT -        REACHED
RETURNED,ASSIGNED,IN_CONTACT,BOOKED,SUPPORTING LOG_CONTACT       teacher             =          -        -
IN_CONTACT                                     BOOK              teacher             BOOKED     -        -
BOOKED,SUPPORTING                              BOOK              teacher             =          -        -
BOOKED,SUPPORTING,RETURNED                     MOVE_BOOKING      coordinator,teacher =          -        -
BOOKED                                         CANCEL_BOOKING    coordinator,teacher IN_CONTACT -        -
SUPPORTING,RETURNED                            CANCEL_BOOKING    coordinator,teacher =          -        -
BOOKED                                         HOLD              teacher             SUPPORTING spent    VISITED
SUPPORTING                                     HOLD              teacher             =          -        RECORD_STARTS
BOOKED                                         NOT_HELD          teacher             IN_CONTACT -        -
SUPPORTING                                     NOT_HELD          teacher             =          -        -

SUPPORTING                                     RECORD            teacher             =          -        RECORDED
CLOSED                                         RECORD            teacher             =          -        -
SUPPORTING,CLOSED                              ADD_TO_RECORD     coordinator,teacher =          -        -
SUPPORTING                                     RETRACT           coordinator,teacher =          -        RECORD_STARTS
CLOSED                                         RETRACT           coordinator,teacher =          -        -

SUBMITTED,RETURNED,ASSIGNED,IN_CONTACT,BOOKED  WITHDRAW          adviser             WITHDRAWN  released STOPPED
SUBMITTED,RETURNED,ASSIGNED,IN_CONTACT,BOOKED  DECLINE           coordinator         DECLINED   released STOPPED
SUBMITTED,RETURNED,ASSIGNED,IN_CONTACT,BOOKED  CLOSE_NOT_STARTED coordinator,teacher CLOSED     released STOPPED
SUPPORTING                                     CLOSE             teacher             CLOSED     -        STOPPED
CLOSED                                         REOPEN            coordinator         SUPPORTING -        RESTARTED
WITHDRAWN,DECLINED                             REINSTATE         commissioner        SUBMITTED  drawn    CONTACT_STARTS

draft                                          CARRY_OVER        portal              *          -        -
SUBMITTED,RETURNED,ASSIGNED,IN_CONTACT,BOOKED,SUPPORTING TRANSFER   portal TRANSFERRED -        STOPPED
SUBMITTED,RETURNED,ASSIGNED,IN_CONTACT,BOOKED,SUPPORTING UNDO_CARRY portal WITHDRAWN   -        STOPPED
TRANSFERRED                                    MOVE_BACK         portal              *          -        RESTARTED
SUBMITTED,RETURNED,ASSIGNED,IN_CONTACT,BOOKED  END_WITH_CONTRACT portal              CLOSED     released STOPPED
SUPPORTING                                     END_WITH_CONTRACT portal              CLOSED     -        STOPPED
LAPSED                                         BRING_BACK        portal              WAITING    -        -

SUBMITTED,RETURNED,ASSIGNED,IN_CONTACT,BOOKED  CORRECT           adviser,coordinator =          -        -
SUBMITTED,RETURNED,ASSIGNED,IN_CONTACT,BOOKED,SUPPORTING RECORD_AGREEMENT adviser,coordinator,teacher = - -
SUBMITTED,RETURNED,ASSIGNED,IN_CONTACT,BOOKED,SUPPORTING WITHDRAW_AGREEMENT adviser,coordinator,teacher = - -
"""


def _rows() -> Iterator[tuple[tuple[Status | None, Action], Transition]]:
    for line in filter(None, BY_HAND.splitlines()):
        statuses, action, who, to, place, clock = line.split()
        for name in statuses.split(","):
            stands = None if name == "draft" else Status[name]
            leads = None if to == "*" else stands if to == "=" else Status[to]
            yield (
                (stands, Action[action]),
                Transition(
                    leads,
                    frozenset(Doer[one.upper()] for one in who.split(",")),
                    None if place == "-" else Place[place.upper()],
                    None if clock == "-" else ClockStep[clock],
                ),
            )


TABLE = dict(_rows())


def who_may(action: Action) -> frozenset[Doer]:
    """Everybody who may take `action` somewhere."""
    return frozenset().union(*(step.by for (_, taken), step in TABLE.items() if taken == action))
