"""How members come in and go out: to be failed at every statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from msgspec.structs import replace
from tests.isolation.scenes import Ask, of
from tests.makers import Shop

from regulars.base.keyed import key_from
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.ask_for_codes import (
    AskForCode,
    HandLink,
    ask_for_codes,
    hand_links,
)
from regulars.flows.access.member_sessions import EndSession, end_sessions, note_seen
from regulars.flows.access.use_codes import ConfirmConsent, SignIn, confirm_consents, sign_in
from regulars.flows.membership.join_by_codes import JoinByCode, join_by_codes, join_uncoded
from regulars.flows.telling.said.want_channels import WantChannel, want_channels
from regulars.records.access.members.spelling import code_of, link_of
from regulars.records.access.staff.types import By
from regulars.records.members.types import Asked, Identifier, JoinMember

_KEYED = key_from(b"k" * 32, "test")


def _id(n: int, what: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"{what} {n}")


async def _asks(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    done = []
    for code, confirmation, link in batch:
        done += await ask_for_codes(tx, terms, _KEYED, [code])
        done += await want_channels(tx, terms, _KEYED, [confirmation])
        done += [one.until for one in await hand_links(tx, terms, _KEYED, [link])]  # type: ignore
    return [str(type(one)) for one in done][: len(batch)]


def asks(n: int, _: Any) -> Ask:
    """A code to sign in with, a question about a consent and a link to be shown."""
    code = AskForCode(_id(n, "code"), "email", f"a{n}@example.org", f"machine {n}")
    sends = frozenset({"email"})
    confirmation = WantChannel(_id(n, "consent"), of("a", n), ("email",), sends, "the card")
    return _asks, [(code, confirmation, HandLink(_id(n, "link"), of("a", n), By(words="til_1")))]


async def _joins(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return [str(type(one)) for one in await join_by_codes(tx, terms, _KEYED, batch)]


def joins(n: int, _: Any) -> Ask:
    """Somebody joins on a page and is sent a code."""
    wish = JoinMember(identifiers=(Identifier("email", f"j{n}@example.org"),), again=True)
    code = AskForCode(_id(n, "join"), "email", f"j{n}@example.org", f"machine {n}")
    return _joins, [JoinByCode(wish, code)]


async def _joins_at_once(tx: Tx, terms: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    return [str(type(one)) for one in await join_uncoded(tx, terms, _KEYED, batch)]


def joins_at_once(n: int, _: Any) -> Ask:
    """Somebody joins on a page where nothing can be sent."""
    (wish,) = joins(n, None)[1]
    return _joins_at_once, [replace(wish, join=replace(wish.join, asked=Asked("page", f"j{n}")))]


def reachable(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members with an address."""
    for n in ns:
        names = (Identifier("external", f"a{n}"), Identifier("email", f"a{n}@example.org"))
        shop.join(JoinMember(identifiers=names))
    return [None] * len(ns)


async def _enter(tx: Tx, _: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    done: list[Any] = []
    for coming, meaning in batch:
        done += [type(one).__name__ for one in await sign_in(tx, _KEYED, [coming])]
        await confirm_consents(tx, _KEYED, [meaning])
    return done


def enters(n: int, _: Any) -> Ask:
    """Digits bring a member in, and a link says that a consent was meant."""
    code_id = _id(n, "code")
    coming = SignIn(f"{n:043d}", code_id, code_of(_KEYED, code_id))
    return _enter, [(coming, ConfirmConsent(link=link_of(_KEYED, _id(n, "consent"))))]


def with_codes(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members who asked for codes."""
    reachable(shop, ns)
    for n in ns:
        flow, batch = asks(n, None)
        shop.ask(flow, *batch)
    return [None] * len(ns)


async def _leave(tx: Tx, _: Terms, batch: Sequence[Any]) -> Sequence[Any]:
    await note_seen(tx, [session_id for _, session_id in batch])
    return await end_sessions(tx, [EndSession(member_id) for member_id, _ in batch])


def leaves(n: int, inside: Any) -> Ask:
    """A member signs out everywhere."""
    member_id, session_id = inside if isinstance(inside, tuple) else (UUID(int=1), UUID(int=2))
    return _leave, [(member_id, session_id)]


def inside(shop: Shop, ns: Sequence[int]) -> Sequence[Any]:
    """Members who are in."""
    with_codes(shop, ns)
    for n in ns:
        flow, batch = enters(n, None)
        shop.ask(flow, *batch)
    sql = "select member_id, session_id from member_session join identifier using"
    sql += " (program_id, member_id) where program_id = $1 and value = $2"
    return [shop.rows(sql, f"a{n}")[0] for n in ns]
