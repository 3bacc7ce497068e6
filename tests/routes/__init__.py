"""Tables of who gets what, by noun: the rest of tests/test_routes.py."""

from tests.routes import (
    asking_again,
    booking,
    by_hand,
    closing,
    contact,
    contract_ends,
    contracts,
    dashboards,
    desk,
    details,
    hand_over,
    levers,
    messages,
    people,
    reconciling,
    recording,
    registers,
    reminders,
    repairs,
    setting,
    teaching,
)

MODULES = (
    *(booking, closing, contact, contract_ends, desk, details, messages, reconciling, recording),
    *(reminders, setting, teaching, asking_again, contracts, hand_over, levers, dashboards, registers, people),
    *(by_hand, repairs),
)
