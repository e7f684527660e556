"""How codes, links and session tokens are spelled, and how a right one is known."""

from __future__ import annotations

import re
from base64 import b32encode, urlsafe_b64encode
from hashlib import sha256
from typing import Final
from uuid import UUID

from regulars.base.keyed import Keyed, digest_of, same

DIGITS: Final = 6
TOKEN_BYTES: Final = 32
_LINK = re.compile(r"([0-9a-f]{32})([a-z2-7]{32})")
_STOP = re.compile(r"([a-z]{1,10})-([0-9a-f]{32})([a-z2-7]{32})")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def code_of(keyed: Keyed, code_id: UUID) -> str:
    """The six digits of a code.

    Worked out from its id and a key outside the database, so that neither a copy of the database
    nor a digest that could be tried a million times gives it away (ADR 0362).
    """
    number = int.from_bytes(digest_of(keyed, "code", code_id.bytes)[:16], "big")
    return str(number % 10**DIGITS).rjust(DIGITS, "0")


def link_of(keyed: Keyed, code_id: UUID) -> str:
    """What a sign-in link carries: the code's id, and 160 bits that prove it."""
    proof = b32encode(digest_of(keyed, "link", code_id.bytes)[:20]).decode().lower()
    return code_id.hex + proof


def is_code(keyed: Keyed, code_id: UUID, said: str) -> bool:
    """Whether these are the digits; spaces and hyphens between them do not matter.

    Digits of other scripts are digits: an Arabic keyboard may write them so.
    """
    plain = said.replace(" ", "").replace("-", "")
    typed = "".join(str(int(sign)) if sign.isdecimal() else "?" for sign in plain[:40])
    return same(typed, code_of(keyed, code_id))


def code_id_of(keyed: Keyed, link: str) -> UUID | None:
    """Of which code this link is; nothing where it was not made by us."""
    parts = _LINK.fullmatch(link)
    if parts is None:
        return None
    code_id = UUID(hex=parts[1])
    return code_id if same(link_of(keyed, code_id), link) else None


def stop_of(keyed: Keyed, member_id: UUID, channel: str) -> str:
    """What a link carries that ends what a member is written by a channel: it lasts for ever."""
    proof = b32encode(digest_of(keyed, "stop", member_id.bytes, channel)[:20]).decode().lower()
    return f"{channel}-{member_id.hex}{proof}"


def stopped_by(keyed: Keyed, link: str) -> tuple[UUID, str] | None:
    """Whom such a link is of, and by which channel; nothing where it was not made by us."""
    parts = _STOP.fullmatch(link)
    if parts is None:
        return None
    member_id, channel = UUID(hex=parts[2]), parts[1]
    return (member_id, channel) if same(stop_of(keyed, member_id, channel), link) else None


def survey_of(keyed: Keyed, invitation_id: UUID) -> str:
    """What a link to a survey carries: the invitation's id, and 160 bits that prove it."""
    proof = b32encode(digest_of(keyed, "survey", invitation_id.bytes)[:20]).decode().lower()
    return invitation_id.hex + proof


def invitation_id_of(keyed: Keyed, link: str) -> UUID | None:
    """Of which invitation this link is; nothing where it was not made by us."""
    parts = _LINK.fullmatch(link)
    if parts is None:
        return None
    invitation_id = UUID(hex=parts[1])
    return invitation_id if same(survey_of(keyed, invitation_id), link) else None


def make_token(random_bytes: bytes) -> str:
    """What the cookie of a session holds; kept is only its digest."""
    assert len(random_bytes) == TOKEN_BYTES, len(random_bytes)
    return urlsafe_b64encode(random_bytes).decode().rstrip("=")


def token_hash(token: str) -> bytes | None:
    """The digest under which a session is found; nothing for what no token looks like.

    256 random bits need no slow digest.
    """
    return sha256(token.encode()).digest() if _TOKEN.fullmatch(token) else None
