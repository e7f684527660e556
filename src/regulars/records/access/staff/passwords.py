"""Passwords and PINs: how they must be, how they are kept, and whether one is right."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION, Type, hash_secret, verify_secret

SHORTEST: Final = 12
"""Characters. Source: NIST SP 800-63B-4, where a password is the only thing asked for: 15; with a
limit on tries and 12 we ask a little less of people who stand behind a counter."""
LONGEST: Final = 200
SALT_BYTES: Final = 16
MEMORY_KIB: Final = 19_456
PASSES: Final = 2
LANES: Final = 1
_HASH_BYTES: Final = 32
PREFIX: Final = f"$argon2id$v={ARGON2_VERSION}$m={MEMORY_KIB},t={PASSES},p={LANES}$"
"""How every text begins that was made today. Source: OWASP Password Storage, argon2id."""
NOBODYS: Final = PREFIX + "MTExMTExMTExMTExMTExMQ$+wT4Ba0kkAhoEXYR3hLKOg4g8pKd0chBsEWFEP8xf94"
"""Stands in where there is no account, so that the answer takes as long; it opens nothing."""


def kept_form(secret: str, salt: bytes) -> str:
    """The text under which a password is kept; the password cannot be had from it.

    Assumes: sixteen random bytes that are used for nothing else. Some 30 ms and 19 MiB.
    """
    assert len(salt) == SALT_BYTES, len(salt)
    made = hash_secret(secret.encode(), salt, PASSES, MEMORY_KIB, LANES, _HASH_BYTES, Type.ID)
    return made.decode()


def is_right(secret: str, kept: str) -> bool:
    """Whether this is the password that was kept; never where none was.

    Order: takes as long where none was kept, so that nobody learns who works here.
    """
    try:
        right = verify_secret((kept or NOBODYS).encode(), secret.encode(), Type.ID)
    except (VerificationError, InvalidHashError):
        return False
    return right and bool(kept)


def is_outdated(kept: str) -> bool:
    """Whether it was kept by other parameters than those of today."""
    return not kept.startswith(PREFIX)


def wrong_password(secret: str, name: str, email: str) -> str:
    """What is wrong with a wished password, to be said to who wishes it; nothing when it is good.

    Example: `Olga's coffee` of Olga is refused; four words by chance are good.
    """
    if len(secret) < SHORTEST:
        return f"Take at least {SHORTEST} characters; four words are easy to keep in mind"
    if len(secret) > LONGEST:
        return f"Take at most {LONGEST} characters"
    if len(set(secret)) < 5:
        return "Take one with more than a few different characters"
    low = secret.lower()
    if any(len(part) > 3 and part in low for part in _known_of(name, email)):
        return "Leave your name and your address out of it"
    return ""


def wrong_pin(pin: str) -> str:
    """What is wrong with a wished PIN; nothing when it is good."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        return "A PIN has four to eight digits"
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return "Take one that is not one digit again and again, nor a row such as 1234"
    return ""


def _known_of(name: str, email: str) -> list[str]:
    return [*name.lower().split(), email.partition("@")[0]]
