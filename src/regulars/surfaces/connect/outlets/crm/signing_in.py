"""How an app signs in to a CRM whose tokens end within the hour.

Source: OAuth 2.0, RFC 6749: client credentials (4.4), refreshing an access token (6). Microsoft
Entra answers 400 or 401 with `error`; Zoho answers 200 with `error` in place of a token.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.flows.inlets.outlets.keep_rotated import keep_rotated
from regulars.records.inlets.catching import read as catching
from regulars.records.once.types import digest
from regulars.records.outbox.hooks.outlets import read as outlets
from regulars.surfaces.connect.catching.asking import Keeps, NotTold, Send, Shop
from regulars.surfaces.connect.catching.keys import NONCE, NotOpened, ShopKeys, opened, sealed
from regulars.surfaces.connect.outlets.crm.shapes import SignsInMap
from regulars.surfaces.connect.outlets.telling import pause_s
from regulars.surfaces.senders.outgoing.client import Answer, Sending
from regulars.surfaces.senders.outgoing.guard import Guard, NotAllowed

EARLY: Final = timedelta(minutes=2)
"""So long before its end a token is renewed."""
UNSAID: Final = timedelta(minutes=10)
"""So long a token is used that does not say when it ends."""
LONGEST: Final = timedelta(days=1)
REST: Final = timedelta(minutes=1)
"""So long nobody signs in once it failed: whoever comes meanwhile is told why at once."""
MOST_TOKENS: Final = 1_000
_TOKEN: Final = "{token}"
_NOT_LET_IN: Final = {
    "invalid_grant": "its refresh token is over: sign in there once more and enter a new one",
    "invalid_code": "its refresh token is over: sign in there once more and enter a new one",
    "invalid_scope": "it does not know this scope: see `signs_in` of the mapping",
}
_UNKNOWN: Final = "where tokens are fetched nobody knows this client and secret"
NO_WAY: Final = "its mapping does not say how it signs in: add `signs_in:`"
NO_ADDRESS: Final = "nothing says where its tokens are fetched: enter that with its keys"


_KEPT: Final[dict[bytes, bytes]] = {}
"""Which encrypted keys stand in place of those that this process has read, so that keys renewed
again while they are asked with are kept as well."""


class Entered(NamedTuple):
    """What somebody entered for it; what is empty stays."""

    key: str
    secret: str
    token_address: str
    refresh: str


def check_entered(by: SignsInMap | None, one: Entered, receivers: Guard) -> None:
    """Where its tokens are fetched goes with its client and secret, and is an address we talk to.

    Keeps: a mapping never says where keys go; whoever enters the keys does. Faults: Invalid.
    """
    if by is None:
        if one.token_address or one.refresh:
            mend = "Say under `signs_in:` in the mapping how, or leave it out"
            raise Invalid("Nobody signs in here", field="/token_address", mend=mend)
        return
    if not (one.key or one.secret or one.token_address or one.refresh):
        return
    needed = [("key", one.key), ("secret", one.secret), ("token_address", one.token_address)]
    if by.grant == "refresh_token":
        needed.append(("refresh_token", one.refresh))
    for name, said in needed:
        if not said or not said.isascii() or not said.isprintable():
            mend = "Send client, secret and where its tokens are fetched together"
            raise Invalid("It signs in by all of these", field=f"/{name}", mend=mend)
    try:
        parts = receivers.check_url(one.token_address)
    except NotAllowed as why:
        mend = "Say it as https://login.example.org/oauth2/token"
        raise Invalid(why.why, field="/token_address", mend=mend) from None
    if parts.query:
        mend = "Leave out what stands behind the question mark"
        raise Invalid("No token is fetched there", field="/token_address", mend=mend)


class Sealing(NamedTuple):
    """By what keys that were renewed are kept."""

    transaction: Callable[[int], AbstractAsyncContextManager[Tx]]
    keyed: Keyed
    chance: Callable[[int], bytes]

    def keeps(self, place: tuple[int, UUID], kept: bytes) -> Keeps:
        """Keeps the keys of one system in place of those that were kept, and the refresh token with
        every other source of the program that signs in by it; where somebody entered others
        meanwhile, those stay."""

        async def keep(keys: ShopKeys) -> None:
            program_id, inlet_id = place
            before = kept
            while before in _KEPT:  # whoever asks has read them before they were renewed
                before = _KEPT[before]
            after = sealed(self.keyed, place, keys, self.chance(NONCE))
            async with self.transaction(program_id) as tx:
                everywhere = [(inlet_id, before, after)]
                for id_, theirs, mine in await self._others(tx, place, before):
                    new = replace(mine, refresh=keys.refresh)
                    there = sealed(self.keyed, (program_id, id_), new, self.chance(NONCE))
                    everywhere.append((id_, theirs, there))
                for id_, old, fresh in sorted(everywhere):  # in one order, whoever renews it
                    await keep_rotated(tx, id_, old, fresh)
            for _, old, fresh in everywhere:
                _remember(old, fresh)

        return keep

    async def _others(
        self, tx: Tx, place: tuple[int, UUID], before: bytes
    ) -> list[tuple[UUID, bytes, ShopKeys]]:
        """Other sources here that sign in by the same refresh token, with their keys as kept.

        Keeps: those of the same client at the same address alone; what cannot be opened is left.
        """
        program_id, inlet_id = place
        some = [(id_, one.keys) for id_, one in (await catching.all_of_them(tx)).items()]
        some += [(id_, one.keys) for id_, one in (await outlets.all_of_them(tx)).items()]
        was = self._opened(place, before)
        found = []
        for id_, kept in sorted(set(some)):
            mine = None if id_ == inlet_id else self._opened((program_id, id_), kept)
            if mine is not None and was is not None and _signs_as(mine) == _signs_as(was):
                found.append((id_, kept, mine))
        return found

    def _opened(self, place: tuple[int, UUID], kept: bytes) -> ShopKeys | None:
        try:
            return opened(self.keyed, place, kept)
        except NotOpened:
            return None


def _signs_as(keys: ShopKeys) -> tuple[str, str, str]:
    return keys.token_address, keys.key, keys.refresh


def _remember(before: bytes, after: bytes) -> None:
    if len(_KEPT) >= MOST_TOKENS:
        _KEPT.clear()
    _KEPT[before] = after


class Issued(NamedTuple):
    """A token, and until when it is used."""

    said: str
    until: datetime


class OAuth:
    """The tokens of this process; none is written down."""

    def __init__(self) -> None:
        self._issued: dict[object, Issued] = {}
        self._failed: dict[object, tuple[datetime, str]] = {}
        self._locks: dict[object, asyncio.Lock] = {}
        self._rotated: dict[UUID, str] = {}
        self._roots: dict[UUID, UUID] = {}

    def one_at_a_time(self, place: object) -> asyncio.Lock:
        """Of those who want a token at once the first fetches it, and all have it."""
        for known in (self._issued, self._failed, self._locks, self._rotated, self._roots):
            if len(known) >= MOST_TOKENS:
                known.clear()
        loop = asyncio.get_running_loop()
        return self._locks.setdefault((place, id(loop)), asyncio.Lock())

    def get(self, place: object, at: datetime) -> Issued | None:
        """The token that is good then. Raises: NotTold where fetching one failed just now."""
        found = self._issued.get(place)
        if found is not None and at < found.until:
            return found
        until, why = self._failed.get(place, (at, ""))
        if at < until:
            raise NotTold(why)
        return None

    def keep(self, place: object, one: Issued) -> None:
        """It is let in by this one from now on."""
        self._issued[place] = one
        self._failed.pop(place, None)

    def fail(self, place: object, at: datetime, why: str) -> NotTold:
        """Nobody is let in; for a while nobody tries."""
        self._issued.pop(place, None)
        self._failed[place] = (at + REST, why)
        return NotTold(why)

    def drop(self, place: object, said: str) -> None:
        """This token is over; one that was fetched since is not."""
        found = self._issued.get(place)
        if found is not None and found.said == said:
            del self._issued[place]

    def rotate(self, old: str, new: str) -> None:
        """The one refresh token is good in place of the other."""
        root = self.root(old)
        self._rotated[digest("refresh", old)] = new
        self._roots[digest("refresh", new)] = root

    def root(self, said: str) -> UUID:
        """The same for a refresh token and for each that came in place of it since."""
        known = digest("refresh", said)
        return self._roots.get(known, known)

    def newest(self, said: str) -> str:
        """The refresh token that is good by now."""
        for _ in range(len(self._rotated)):  # never in a circle, whatever a server gives
            said = self._rotated.get(digest("refresh", said), said)
        return said


TOKENS: Final = OAuth()


def signed_in(
    send: Send, shop: Shop, by: SignsInMap | None, tokens: OAuth = TOKENS
) -> tuple[Send, Shop]:
    """By what it is asked, and as which shop: with a token in place of the key, where its mapping
    says that it signs in. Raises: NotTold."""
    if by is None and not shop.keys.token_address:
        return send, shop
    if by is None:
        raise NotTold(NO_WAY)
    if not shop.keys.token_address:
        raise NotTold(NO_ADDRESS)
    asks = _SignedIn(send, shop, by, tokens)
    return asks.send, shop._replace(keys=ShopKeys(_TOKEN, ""))


class _SignedIn:
    def __init__(self, send: Send, shop: Shop, by: SignsInMap, tokens: OAuth) -> None:
        assert shop.at is not None, shop.address
        self._send, self._shop, self._by, self._tokens = send, shop, by, tokens
        self._at = shop.at
        keys = shop.keys
        told = (by.grant, by.scope, by.client_in, *sorted(map(":".join, by.extra.items())))
        # One client lets many organizations in: which one it is says the refresh token alone.
        whose = tokens.root(keys.refresh).hex
        self._place = digest(keys.token_address, keys.key, keys.secret, whose, *told)

    async def send(self, sending: Sending) -> Answer:
        """Once more with another token where this one is over.

        Keeps: one that is over as soon as it was given is not fetched again for a while.
        """
        token = await self._token()
        answer = await self._send(_with(sending, token))
        if answer.status != 401:
            return answer
        self._tokens.drop(self._place, token)
        token = await self._token()
        answer = await self._send(_with(sending, token))
        if answer.status == 401:
            why = "it does not take the token it was given: see the permissions of the app there"
            raise self._tokens.fail(self._place, self._at, why)
        return answer

    async def _token(self) -> str:
        async with self._tokens.one_at_a_time(self._place):
            known = self._tokens.get(self._place, self._at)
            if known is None:
                known = await self._fetched()
                self._tokens.keep(self._place, known)
            return known.said

    async def _fetched(self) -> Issued:
        answer = await self._send(self._asking())
        if answer.status in (429, 503):
            raise NotTold("it asks for a pause", pause_s(answer, self._at))
        found = _read(answer)
        said, error = found.get("access_token"), found.get("error")
        if answer.status in (400, 401, 403) or (said is None and error is not None):
            why = _NOT_LET_IN.get(str(error), _UNKNOWN)
            raise self._tokens.fail(self._place, self._at, why)
        if answer.status != 200 or not isinstance(said, str) or not _is_plain(said):
            why = "where tokens are fetched it answers something that is no token"
            raise self._tokens.fail(self._place, self._at, why)
        await self._rotated(found.get("refresh_token"))
        return Issued(said, self._at + _good_for(found.get("expires_in")))

    async def _rotated(self, refresh: Any) -> None:
        """Keep a refresh token that came in place of the one that was used.

        Order: before the token is used, so that nothing is done by what is lost afterwards.
        """
        before = self._tokens.newest(self._shop.keys.refresh)
        is_new = isinstance(refresh, str) and _is_plain(refresh) and refresh != before
        if self._by.grant != "refresh_token" or not is_new:
            return
        self._tokens.rotate(before, refresh)
        if self._shop.keeps is not None:
            await self._shop.keeps(replace(self._shop.keys, refresh=refresh))

    def _asking(self) -> Sending:
        keys, by = self._shop.keys, self._by
        form = {"grant_type": by.grant, **by.extra}
        if by.scope:
            form["scope"] = by.scope
        if by.grant == "refresh_token":
            form["refresh_token"] = self._tokens.newest(keys.refresh)
        headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Accept", "application/json"),
        ]
        if by.client_in == "basic":
            pair = f"{quote(keys.key, safe='')}:{quote(keys.secret, safe='')}".encode()
            headers.append(("Authorization", f"Basic {b64encode(pair).decode()}"))
        else:
            form |= {"client_id": keys.key, "client_secret": keys.secret}
        return Sending("POST", keys.token_address, tuple(headers), urlencode(form).encode())


def _with(sending: Sending, token: str) -> Sending:
    headers = tuple((name, value.replace(_TOKEN, token)) for name, value in sending.headers)
    return Sending(sending.method, sending.url, headers, sending.body)


def _read(answer: Answer) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_plain(said: str) -> bool:
    return 0 < len(said) <= 8_000 and said.isascii() and said.isprintable()


def _good_for(said: Any) -> timedelta:
    """How long a token is used: until shortly before it ends.

    Example: `3599`, and `"3599"` as older servers write it, are 57 minutes and 59 seconds.
    """
    text = str(said) if isinstance(said, (int, str)) and not isinstance(said, bool) else ""
    if not (text.isascii() and text.isdigit()):
        return UNSAID
    whole = min(timedelta(seconds=int(text[:9])), LONGEST)
    return whole - min(EARLY, whole / 2)
