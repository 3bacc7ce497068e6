"""The demo's staff: who works for the council and for S2S, and in which zones. All invented."""

from dataclasses import dataclass
from random import Random

from s2s_portal.core.text import folded
from s2s_portal.demo.choices import Persona
from s2s_portal.organisations.choices import Role

DOMAIN = "demo.invalid"
"""No mail can ever reach this domain."""
TEACHERS = 20

PERSONA_NAMES = {
    Persona.EARLY_YEARS_ADVISER: "Amara Whitlock",
    Persona.SEND_ADVISER: "Dominic Sayer",
    Persona.S2S_COORDINATOR: "Ruth Adeyemi",
    Persona.S2S_TEACHER: "Priya Nandakumar",
    Persona.COMMISSIONER: "Helen Marchetti",
    Persona.SECOND_COMMISSIONER: "Patience Mensah",
    Persona.ADMINISTRATOR: "Tomasz Bielak",
    Persona.AUDITOR: "Siân Gethin",
}
_EARLY_YEARS_ADVISERS = (
    ("Bethany O’Rourke", (2, 3)),
    ("Chidi Nwosu", (4,)),
    ("Carolyn Leeder", (5, 6)),
    ("Farah Siddiqui", (7,)),
    ("Gwen Hallam-Price", (8,)),
    ("Joanna Wójcik", (9,)),
    ("Keith Rumbold", (10, 11)),
    ("Lucía Ferreira", (12,)),
    ("Marion Tuddle", (13,)),
    ("Nadia Rahman", (14,)),
    ("Sophie Blanchflower", (0, 3)),
)
"""Name and zones (by number) of each but the persona, who has zones 0, 1 and 2."""
_SEND_ADVISERS = (
    ("Alasdair Munro", (2,)),
    ("Beatrice Osei", (3,)),
    ("Callum Jex", (4,)),
    ("Deborah Stannard", (5, 6)),
    ("Emeka Obi", (7,)),
    ("Fiona Larter", (8,)),
    ("Gurpreet Sandhu", (9,)),
    ("Hannah Lindqvist", (10,)),
    ("Ifeoma Eze", (11,)),
    ("Jerome Baptiste", (12,)),
    ("Kirsty Mallett", (13,)),
    ("Leila Haddad", (14,)),
    ("Martin Brockwell", (6, 11)),
    ("Noor Hussain", (0, 13)),
)
_OTHERS = (("Owen Thirtle", Role.S2S_COORDINATOR),)
_TEACHER_FIRST = (
    *("Abigail", "Bogdan", "Catrin", "Declan", "Esther", "Faisal", "Grace", "Hamish", "Isla", "Jasmine", "Kwame"),
    *("Laura", "Maeve", "Nikhil", "Oliver", "Petra", "Rosalind", "Stephen", "Theresa"),
)
_TEACHER_LAST = (
    *("Alderson", "Brzezińska", "Copeman", "D’Souza", "Ellingworth", "Falade", "Grimshaw", "Howlett", "Iqbal"),
    *("Jermyn", "Kowalczyk", "Lowther", "McNulty", "Nightingale", "Oduya", "Pargeter", "Quantrill", "Rix", "Starling"),
)


@dataclass(frozen=True)
class Colleague:
    """One member of staff; `zones` are numbers in the order of `places.zone_places`."""

    full_name: str
    email: str
    role: Role
    zones: tuple[int, ...] = ()


def persona_email(persona: Persona) -> str:
    """The fixed e-mail address of a persona."""
    return f"{persona.value}@{DOMAIN}"


def persona_colleague(persona: Persona) -> Colleague:
    """The person behind a persona."""
    role = persona.role
    zones = (0, 1, 2) if role in (Role.EARLY_YEARS_ADVISER, Role.SEND_ADVISER, Role.S2S_TEACHER) else ()
    return Colleague(PERSONA_NAMES[persona], persona_email(persona), role, zones)


def staff(rng: Random) -> list[Colleague]:
    """Everyone, the personas first: 12 and 15 advisers, 2 co-ordinators, 20 teachers, 2 commissioners and the rest."""
    advisers = [(name, Role.EARLY_YEARS_ADVISER, zones) for name, zones in _EARLY_YEARS_ADVISERS]
    advisers += [(name, Role.SEND_ADVISER, zones) for name, zones in _SEND_ADVISERS]
    others = [(name, role, ()) for name, role in _OTHERS]
    names = [" ".join(pair) for pair in zip(_TEACHER_FIRST, _TEACHER_LAST, strict=True)]
    teachers = [(name, Role.S2S_TEACHER, tuple(sorted(rng.sample(range(15), k=2)))) for name in names]
    return [persona_colleague(persona) for persona in Persona] + [
        Colleague(name, f"{_address(name)}@{DOMAIN}", role, zones) for name, role, zones in advisers + others + teachers
    ]


def _address(name: str) -> str:
    return folded(name).replace("ł", "l").replace(" ", ".")
