"""How a pairing code is spelled: eight characters that are hard to mistake for each other."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Final

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O and U."""
LENGTH: Final = 8
BITS: Final = 5 * LENGTH
LASTS: Final = timedelta(minutes=15)
_MEANT: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def make_code(bits: int) -> str:
    """The code of forty bits made by chance.

    Example: `make_code(33)` is `"00000011"`.
    """
    assert 0 <= bits < 1 << BITS, bits
    return "".join(LETTERS[bits >> 5 * place & 31] for place in reversed(range(LENGTH)))


def code_meant(typed: str) -> str | None:
    """The code somebody typed, with what is often mistaken put right; nothing if it is none.

    Example: `"oi23-45kz"` is `"012345KZ"`.
    """
    code = typed.upper().translate(_MEANT)
    return code if len(code) == LENGTH and all(one in LETTERS for one in code) else None


def code_hash(code: str) -> bytes:
    """The digest under which a code is kept and looked up."""
    return sha256(b"regulars pairing " + code.encode()).digest()
