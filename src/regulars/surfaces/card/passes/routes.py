"""Passes on the wire: the buttons of the card, and the service telephones of Apple's ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.ids import id_of
from regulars.base.keyed import digest_of, same
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.keep_passes import (
    LONGEST_DEVICE,
    LONGEST_TOKEN,
    GiveEdition,
    RegisterPass,
    give_editions,
    keep_passes,
)
from regulars.flows.access.member_sessions import Inside
from regulars.records.access.cards import read
from regulars.records.access.cards.types import GOOGLE
from regulars.records.members import read as members
from regulars.records.members.types import Member
from regulars.records.program.opening import read as opening
from regulars.surfaces.card.desk import Desk
from regulars.surfaces.card.inside import Asked, Visit, visit_of
from regulars.surfaces.card.passes.apple import KIND, PATH, OnPass, described, pkpass
from regulars.surfaces.card.passes.links import google_link, plain_link
from regulars.surfaces.card.passes.shown import on_card
from regulars.surfaces.given import AppleKeys
from regulars.surfaces.ui.paper import NEVER, text_answer

MOST_BYTES: Final = 65_536
_TOKEN: Final = f"[0-9A-Za-z]{{1,{LONGEST_TOKEN}}}"
"""Apple's are hexadecimal. Whatever else comes is none, and would be part of an address we ask."""
_DEVICE: Final = f"{PATH}/v1/devices/{{device:str}}/registrations/{{kind:str}}"


def pass_routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The buttons, and Apple's service where passes of theirs can be made."""
    passes = Passes(desk)
    buttons = [
        desk.shows("/card/wallet", "me/wallet.html", passes.look_at_wallets),
        desk.open(get, "/card/wallet/card.pkpass", passes.own),
        desk.open(get, "/card/wallet/google", passes.to_google),
    ]
    if desk.given.wallets.apple is None:
        return buttons
    return [
        *buttons,
        _door(post, _DEVICE + "/{serial:str}", passes.register),
        _door(delete, _DEVICE + "/{serial:str}", passes.leave),
        _door(get, _DEVICE, passes.changed),
        _door(get, f"{PATH}/v1/passes/{{kind:str}}/{{serial:str}}", passes.latest),
        _door(post, f"{PATH}/v1/log", passes.log),
    ]


class NotTheirs(Exception):
    """Whoever asks does not have the pass they ask about."""


class Passes:
    """Makes passes, and tells telephones when there is another edition.

    Source: Apple, PassKit Web Service Reference, version 1.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def look_at_wallets(self, tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
        """The buttons for which there are keys, and the link that needs none."""
        shown = await self._shown(tx, visit)
        keys = self._desk.given.wallets
        google = "/card/wallet/google" if keys.google else None
        return {"apple": keys.apple is not None, "google": google, "plain": plain_link(shown)}

    async def to_google(self, request: Asked) -> Response[Any]:
        """On to Google Wallet with the card of who is in; from now on it is kept up there.

        Order: kept first, so that no change after this is missed. Whoever turns back there is
        forgotten when Google says that nobody has this card.
        """
        keys = self._desk.given.wallets.google
        if keys is None:
            raise NotFound("no cards are put into Google Wallet here")

        async def look(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
            shown = await self._shown(tx, visit)
            link = google_link(keys, shown, visit.program.program, tx.now)
            return {"link": link, "member": visit.member}

        _, seen = await self._desk.look(request, look)
        await self._keep(GOOGLE, seen["member"], GOOGLE)
        answer = text_answer(b"", "text/plain", keep=NEVER, status=302)
        answer.headers["location"] = seen["link"]
        return answer

    async def own(self, request: Asked) -> Response[Any]:
        """The pass of who is in."""
        keys = self._desk.given.wallets.apple
        if keys is None:
            raise NotFound("no passes are made here")

        async def look(tx: Tx, visit: Visit, _: Asked) -> Mapping[str, Any]:
            return {"shown": await self._shown(tx, visit)}

        _, seen = await self._desk.look(request, look)
        return await self._sent(keys, seen["shown"])

    async def register(self, request: Asked) -> Response[Any]:
        """A telephone has a pass now."""
        member = await self._theirs(request)
        told = await _told(request)
        token = told.get("pushToken") if isinstance(told, dict) else None
        if not isinstance(token, str) or not re.fullmatch(_TOKEN, token):
            raise Invalid("a telephone says by which token it is reached")
        fresh = await self._keep(request.path_params["device"], member, token)
        return _plain(201 if fresh else 200)

    async def leave(self, request: Asked) -> Response[Any]:
        """A telephone has a pass no more."""
        await self._keep(request.path_params["device"], await self._theirs(request), "")
        return _plain(200)

    async def changed(self, request: Asked) -> Response[Any]:
        """Whether the passes of a telephone changed since it asked last; then it fetches them all.

        The tag it asks with is a digest of what they show, no clock and no place in the books: a
        name or a tier may change, and nothing is booked.
        """
        self._pass_type(request)
        since = request.query_params.get("passesUpdatedSince", "")
        device = request.path_params["device"]

        async def look(tx: Tx, terms: Terms) -> list[OnPass]:
            kept = [one.member_id for one in await read.of_device(tx, device)]
            here = await members.members(tx, kept)
            return [await self._of(tx, terms, request, here[one]) for one in kept if one in here]

        shown = await self._desk.read(await self._desk.program(), look)
        tag = digest_of(self._desk.keyed, "passes", msgspec.json.encode(shown)).hex()
        if not shown or tag == since:
            return _plain(204)
        body = {"lastUpdated": tag, "serialNumbers": [one.serial for one in shown]}
        return _plain(200, msgspec.json.encode(body))

    async def latest(self, request: Asked) -> Response[Any]:
        """The newest edition of a pass; a telephone that says it has it hears that it is so.

        Order: it has it where it says the very moment that it was told with it. No two editions
        have one, so a change within the second of another is fetched, whatever a clock says.
        """
        member = await self._theirs(request)
        keys = self._desk.given.wallets.apple
        assert keys is not None
        program_id = await self._desk.program()

        async def look(tx: Tx, terms: Terms) -> tuple[OnPass, tuple[bytes | None, Any]]:
            shown = await self._of(tx, terms, request, member)
            given = await read.editions(tx, [member.id])
            return shown, given.get(member.id, (None, None))

        shown, (before, at) = await self._desk.read(program_id, look)
        edition = self._edition(keys, shown)
        if edition == before and _moment(request.headers.get("if-modified-since")) == at:
            return _dated(_plain(304), at)
        if edition != before:
            wish = GiveEdition(member.id, edition)
            at = (await self._desk.given.gate.submit(program_id, _giving, wish)).at
        return _dated(await self._sent(keys, shown), at)

    def _edition(self, keys: AppleKeys, shown: OnPass) -> bytes:
        made = msgspec.json.encode(described(keys, shown))
        return digest_of(self._desk.keyed, "edition", made, shown.logo or b"")

    async def log(self, request: Asked) -> Response[Any]:
        """What went wrong on a telephone. Anybody could say so, so nothing of it is kept."""
        await _told(request)
        return _plain(200)

    async def _of(self, tx: Tx, terms: Terms, request: Asked, member: Member) -> OnPass:
        session = Inside(member.id, member.id, stale=False)
        return await self._shown(tx, visit_of(request, member, session, terms, tx))

    async def _shown(self, tx: Tx, visit: Visit) -> OnPass:
        shown = await on_card(tx, visit)
        return shown._replace(
            token=self._token(tx.program_id, visit.member.id),
            colour=self._desk.dress.colour,
            logo=await opening.logo(tx),
        )

    async def _sent(self, keys: AppleKeys, shown: OnPass) -> Response[Any]:
        packed = await self._desk.given.aside(_signed, (keys, shown))
        answer = text_answer(packed, KIND, keep=NEVER)
        answer.headers["content-disposition"] = 'attachment; filename="card.pkpass"'
        return answer

    async def _theirs(self, request: Asked) -> Member:
        """Whose pass it is. Raises: NotTheirs unless its own token comes with the request."""
        self._pass_type(request)
        program_id = await self._desk.program()
        who = _serial(request.path_params["serial"])
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "ApplePass" or not same(token, self._token(program_id, who)):
            raise NotTheirs

        async def look(tx: Tx, _: Terms) -> Member | None:
            return (await members.members(tx, [who])).get(who)

        member = await self._desk.read(program_id, look)
        if member is None or member.state == "erased":
            raise NotTheirs
        return member  # type: ignore[no-any-return]

    def _pass_type(self, request: Asked) -> None:
        keys = self._desk.given.wallets.apple
        if keys is None or request.path_params["kind"] != keys.pass_type:
            raise NotFound("there are no passes of this type")

    def _token(self, program_id: int, who: UUID) -> str:
        """What a telephone proves with that it has the pass; kept nowhere but in the pass."""
        return digest_of(self._desk.keyed, "pass", str(program_id), who.bytes).hex()[:40]

    async def _keep(self, device: str, member: Member, push_token: str) -> bool:
        if not 0 < len(device) <= LONGEST_DEVICE:
            raise Invalid("this is no telephone")
        command = RegisterPass(device, member.id, push_token)
        program_id = await self._desk.program()
        return bool((await self._desk.given.gate.submit(program_id, _keeping, command)).fresh)


async def _giving(tx: Tx, _: Terms, batch: Sequence[GiveEdition]) -> Sequence[Any]:
    return await give_editions(tx, batch)


async def _keeping(tx: Tx, _: Terms, batch: Sequence[RegisterPass]) -> Sequence[Any]:
    return await keep_passes(tx, batch)


def _signed(what: tuple[AppleKeys, OnPass]) -> bytes:
    return pkpass(*what)


async def _told(request: Asked) -> Any:
    got = b""
    async for part in request.stream():
        got += part
        if len(got) > MOST_BYTES:
            raise Invalid("this is too long")
    try:
        return msgspec.json.decode(got)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("this is no JSON") from None


def _moment(said: str | None) -> datetime | None:
    """A moment as HTTP says it; nothing where it is not said well."""
    try:
        at = parsedate_to_datetime(said or "")
    except (ValueError, OverflowError):
        return None
    return at if at.tzinfo is not None else None


def _dated(answer: Response[Any], at: datetime | None) -> Response[Any]:
    if at is not None:
        answer.headers["last-modified"] = format_datetime(at.astimezone(UTC), usegmt=True)
    return answer


def _serial(said: str) -> UUID:
    if len(said) != 32 or not all(sign in "0123456789abcdef" for sign in said):
        raise NotTheirs
    return id_of(said)


def _plain(status: int, body: bytes = b"") -> Response[Any]:
    return text_answer(body, "application/json", keep=NEVER, status=status)


def _door(method: Any, path: str, do: Any) -> HTTPRouteHandler:
    """A door for telephones: they read a status and no page."""

    async def handle(request: Asked) -> Response[Any]:
        try:
            if "\0" in request.scope["path"]:
                raise NotFound("there is nothing at such an address")
            return await do(request)  # type: ignore[no-any-return]
        except NotTheirs:
            return _plain(401)
        except NotFound:
            return _plain(404)
        except Fault:
            return _plain(400)

    return method(path, status_code=200)(handle)  # type: ignore[no-any-return]
