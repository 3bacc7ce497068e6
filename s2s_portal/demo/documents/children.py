"""Invented children and the grown-ups around them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from referrals.choices import YearGroup

_GIRLS = (
    *("Aaliyah", "Anaïs", "Blessing", "Chloe", "Daisy", "Ekaterina", "Éloïse", "Freya", "Gabriela", "Halima", "Imogen"),
    *("Jaya", "Keira", "Lola-Mae", "Maisie", "Ngozi", "Olivia", "Poppy", "Róisín", "Safiya", "Tilly", "Wren", "Zofia"),
)
_BOYS = (
    *(
        "Abdul-Rahman",
        "Alfie",
        "Bartosz",
        "Callum",
        "Dwayne",
        "Elijah",
        "Finley",
        "George",
        "Harley",
        "Ibrahim",
        "Jude",
    ),
    *(
        "Kai",
        "Leon",
        "Mateusz",
        "Noah",
        "Ólafur",
        "Oscar",
        "Ravi",
        "Seán",
        "Teddy-James",
        "Tomás",
        "Woody",
        "Zachariah",
    ),
)
_SURNAMES = (
    *(
        "Abara",
        "Balfe",
        "Catchpole",
        "Chowdhury",
        "Cordeiro",
        "D’Aguiar",
        "Dhillon",
        "Eke",
        "Farrow",
        "Gotts",
        "Gurney",
    ),
    *("Hewitt-Clarke", "Ireson", "Jankauskas", "Kerrison", "Larwood", "Leggett", "MacAuley", "Nguyen", "O’Hanlon"),
    *(
        "Osborne",
        "Pereira",
        "Petrauskienė",
        "Popescu",
        "Quispe",
        "Rudd",
        "Sadd",
        "Şahin",
        "Tooley",
        "Utting",
        "Van Loon",
    ),
    *("Wąsik", "Whitehand", "Yeboah", "Zielińska-Cole", "Ó Dálaigh", "Bullen", "Cubitt", "Daynes", "Edrich"),
)
LONG_SURNAME = "Featherstonehaugh-Oluwaseun-Cranmer"
"""35 characters: lists and pages must hold it."""
_CONTACT_FIRST = ("Alison", "Bukola", "Claire", "Donna", "Elaine", "Gareth", "Jacqui", "Kasia", "Lorraine", "Marcus")
_CONTACT_LAST = ("Aldous", "Banerjee", "Crome", "Dye", "Eastoe", "Fiddy", "Goffin", "Hannant", "Ives", "Jarvis", "Kett")
_PARENTS = (
    "mother",
    "father",
    "both parents",
    "mother",
    "grandmother, who has parental responsibility",
    "foster carer",
)
_AGE = {year: place + 1 for place, year in enumerate(YearGroup)}
"""Age on 31 August 2024 of the children in each year group; `UNDER_2` stands for one."""


@dataclass(frozen=True)
class Child:
    """One invented child; `pronoun` is "he" or "she"."""

    first_name: str
    last_name: str
    pronoun: str
    born_on: date


def child(rng: Random, year: YearGroup) -> Child:
    """A child of the right age for `year` in the school year 2024/25."""
    pronoun = rng.choice(("he", "he", "she"))
    first = rng.choice(_BOYS if pronoun == "he" else _GIRLS)
    born_on = date(2024 - _AGE[year] - 1, 9, 1) + timedelta(days=rng.randrange(365))
    return Child(first, rng.choice(_SURNAMES), pronoun, born_on)


def parent(rng: Random, who: Child) -> str:
    """Who agreed for this child, such as "Mrs Gotts, mother"."""
    relation = rng.choice(_PARENTS)
    if relation == "both parents":
        return f"Mr and Mrs {who.last_name}, both parents"
    surname = who.last_name if relation in ("mother", "father") else rng.choice(_SURNAMES)
    return f"{'Mr' if relation == 'father' else 'Ms'} {surname}, {relation}"


def grown_up(rng: Random) -> str:
    """Someone who works at a school or setting."""
    return f"{rng.choice(_CONTACT_FIRST)} {rng.choice(_CONTACT_LAST)}"
