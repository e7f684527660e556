"""What is shown once and kept as a digest: tokens of sessions, links and passkey questions."""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from hashlib import sha256
from ipaddress import ip_address, ip_network
from typing import Final

SECRET_BYTES: Final = 32
_TOKEN: Final = re.compile(r"([1-9][0-9]{0,8})\.([A-Za-z0-9_-]{43})")


def make_token(program_id: int, random_bytes: bytes) -> str:
    """A token of a program: its number, and 256 bits by chance.

    Assumes: the bytes are random and used for nothing else.
    """
    assert len(random_bytes) == SECRET_BYTES, len(random_bytes)
    return f"{program_id}.{_letters(random_bytes)}"


def program_of(token: str) -> int | None:
    """The program a token is of; nothing where it is no token of ours at all."""
    found = _TOKEN.fullmatch(token)
    if found is None or int(found[1]) > 2**31 - 1:
        return None
    return int(found[1])


def token_hash(token: str) -> bytes:
    """The digest under which a token is kept and looked up; 256 random bits need no slow one."""
    return sha256(token.encode()).digest()


def form_token(token: str) -> str:
    """What every form of a session carries: it follows from the token and does not give it away."""
    return _letters(hmac.digest(token.encode(), b"forms of this session", "sha256"))


def is_form_token(sent: str, token: str) -> bool:
    """Whether a form was made for this session; takes as long for every wrong one."""
    return hmac.compare_digest(sent.encode(), form_token(token).encode())


def subject_of(kind: str, *parts: str) -> bytes:
    """The digest under which tries are counted, so that nobody reads from it who tried."""
    return sha256("\x1f".join((kind, *parts)).encode()).digest()


def shortened(address: str) -> str:
    """An internet address without its last part: who looks later sees roughly from where.

    Example: `203.0.113.77` → `203.0.113.0/24`; of IPv6 the first 48 bits stay.
    """
    try:
        whole = ip_address(address)
    except ValueError:
        return ""
    bits = 24 if whole.version == 4 else 48
    return str(ip_network(f"{whole}/{bits}", strict=False))


def counted_as(address: str) -> str:
    """As what tries from an internet address are counted: of IPv6 the network of one household.

    Example: `2001:db8:1:2::77` → `2001:db8:1:2::/64`, of which one machine has every address.
    """
    try:
        whole = ip_address(address)
    except ValueError:
        return address
    return address if whole.version == 4 else str(ip_network(f"{whole}/64", strict=False))


def _letters(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
