"""Readable references such as `EY-7K4M-2Q`: six characters from a keyed permutation of a counter.

Random references collide (half the time by about 900 requests at four characters); a permutation cannot, and the
key keeps them from being guessed one from the next.
"""

import hashlib
import re

ALPHABET = "234679CDFHJKMNPQRTVWXY"
"""No vowels (no accidental words) and none of the pairs people confuse: 0/O, 1/I/L, 5/S, 8/B, 6/G, 2/Z, U/V."""
_HALF = len(ALPHABET) ** 3
LARGEST = _HALF**2 - 1
_ROUNDS = 4
PATTERN = rf"[A-Z]{{2}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{2}}"
_FORGIVING = re.compile(rf"([A-Z]{{2}})-?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{2}})")


def readable(prefix: str, number: int, *, key: bytes) -> str:
    """The reference of counter value `number` (0 to `LARGEST`) under `key`: unique for each number.

    Raises `ValueError` for a number outside that range.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"A reference needs a number from 0 to {LARGEST}, not {number}.")
    left, right = divmod(number, _HALF)
    for turn in range(_ROUNDS):
        left, right = right, (left + _scramble(right, turn, key)) % _HALF
    letters = _spell(left) + _spell(right)
    return f"{prefix}-{letters[:4]}-{letters[4:]}"


def _scramble(value: int, turn: int, key: bytes) -> int:
    digest = hashlib.blake2b(f"{turn}:{value}".encode(), key=key, digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _spell(value: int) -> str:
    letters = ""
    for _ in range(3):
        value, place = divmod(value, len(ALPHABET))
        letters += ALPHABET[place]
    return letters


def tidied(typed: str) -> str | None:
    """What someone typed or read out as a reference, in its proper form; None if it cannot be one."""
    match = _FORGIVING.fullmatch(re.sub(r"[\s–—-]+", "", typed.upper()))
    return "-".join(match.groups()) if match else None
