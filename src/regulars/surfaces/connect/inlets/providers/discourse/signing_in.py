"""DiscourseConnect: what a forum asks when somebody signs in, and what it is answered."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Forbidden
from regulars.base.keyed import Keyed, digest_of
from regulars.surfaces.senders.hooks.forms import secret_shown

BACK: Final = "/session/sso_login"
"""Where a forum takes the answer."""
LONGEST: Final = 2_000
BEFORE: Final = "forum-"
"""Written before a pseudonym where it is a name of a member here."""
_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{8,128}")
_SIGNATURE: Final = re.compile(r"[0-9a-f]{64}")


class SignInAsked(Struct, frozen=True):
    """A forum asks who somebody is."""

    nonce: str
    """Good for one answer."""
    back: str
    secret: bytes
    """By which it was signed, and the answer is."""


class Person(Struct, frozen=True):
    """What a forum is told of a member, and nothing beside it."""

    pseudonym: str
    email: str
    name: str = ""
    groups: tuple[str, ...] = ()
    not_groups: tuple[str, ...] = ()


def asked_by(secrets: Sequence[bytes], address: str, sso: str, sig: str) -> SignInAsked:
    """What the forum at this address asks.

    Order: the signature before anything of it is read, by each secret that is good.
    Keeps: nobody is sent anywhere but to where the forum of this address takes answers.
    Faults: Forbidden.
    Source: Discourse, `lib/discourse_connect_base.rb`: the hexadecimal HMAC-SHA256 over the base64
    of a query.
    """
    secret = None
    if len(sso) <= LONGEST and sso.isascii() and _SIGNATURE.fullmatch(sig):
        for one in secrets:
            secret = one if hmac.compare_digest(signed(one, sso), sig) else secret
    if secret is None:
        raise Forbidden("this was not signed by the forum")
    try:
        said = parse_qs(b64decode("".join(sso.split()), validate=True).decode(), max_num_fields=20)
    except (Error, UnicodeDecodeError, ValueError):
        raise Forbidden("this is no question of a forum") from None
    nonce, back = ("".join(said.get(name, [])) for name in ("nonce", "return_sso_url"))
    if not _NONCE.fullmatch(nonce) or back != address + BACK:
        raise Forbidden("this forum does not take answers there")
    return SignInAsked(nonce, back, secret)


def answered(asked: SignInAsked, one: Person) -> str:
    """The address by which the browser brings the answer to the forum.

    Keeps: the forum writes to the address itself before it believes it (`require_activation`), so
    an address somebody only typed here opens no account of somebody else there.
    """
    told = {
        "nonce": asked.nonce,
        "external_id": one.pseudonym,
        "email": one.email,
        "require_activation": "true",
    }
    told |= {"name": one.name} if one.name else {}
    told |= {"add_groups": ",".join(one.groups)} if one.groups else {}
    told |= {"remove_groups": ",".join(one.not_groups)} if one.not_groups else {}
    sso = b64encode(urlencode(told).encode()).decode()
    return f"{asked.back}?{urlencode({'sso': sso, 'sig': signed(asked.secret, sso)})}"


def signed(secret: bytes, sso: str) -> str:
    """The signature over a question or an answer."""
    return hmac.new(secret_shown(secret).encode(), sso.encode(), "sha256").hexdigest()


def pseudonym(keyed: Keyed, inlet_id: UUID, member_id: UUID) -> str:
    """What a forum knows a member by: theirs for ever, and of use nowhere else."""
    return digest_of(keyed, "forum member", inlet_id.bytes, member_id.bytes).hex()[:32]


def groups_of(
    wished: Collection[str],
    mine: Mapping[str, Collection[str]],
    every: Mapping[str, Collection[str]],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Into which groups a member comes, and out of which: only those that are ours by their name.

    Example: on gold of silver and gold it is `tier-gold`, and no longer `tier-silver`.
    """
    kinds = [(kind, before) for kind, before in (("tier", "tier-"), ("clubs", "club-"))
             if kind in wished]  # fmt: skip
    there = [f"{before}{one}" for kind, before in kinds for one in sorted(mine[kind])]
    others = [f"{before}{one}" for kind, before in kinds for one in sorted(every[kind])]
    return tuple(there), tuple(one for one in others if one not in there)


def packed(sso: str, sig: str) -> str:
    """A question as one step of an address, so that it is still there once somebody signed in."""
    return f"{urlsafe_b64encode(sso.encode()).decode().rstrip('=')}.{sig}"


def unpacked(ticket: str) -> tuple[str, str]:
    """The question again; nothing of what is none."""
    text, _, sig = ticket.partition(".")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii"), sig
    except (Error, ValueError):
        return "", ""
