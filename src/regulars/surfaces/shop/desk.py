"""Who asks from the page of a web shop: its key, where the page comes from, and which member."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from litestar import Request, Response

from regulars.base.faults import Fault, Forbidden, NotFound, Outage, StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms, Version
from regulars.flows.access.member_sessions import Inside, show_inside
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import Asked as By
from regulars.records.members.types import Member
from regulars.records.program.translations import in_language
from regulars.surfaces.api.access import Access
from regulars.surfaces.api.answers import PRIVATE, encode, failed
from regulars.surfaces.api.call import granted
from regulars.surfaces.api.faults import NoKey, TooLarge
from regulars.surfaces.api.strict.bodies import read_body, require_json
from regulars.surfaces.card.inside import Visit
from regulars.surfaces.given import Flow, Given
from regulars.surfaces.languages.voices import voice_for
from regulars.surfaces.signing_in import SigningIn
from regulars.surfaces.ui.reader import Reader, language_of

Asked = Request[Any, Any, Any]
Found = TypeVar("Found")
Deed = Callable[["Page"], Awaitable[Any]]
"""Something the script of a shop's page asks for; what is answered, as JSON."""
NOBODY: Final = Member(
    UUID(int=0), "", "active", datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)
)
NOT_IN: Final = Inside(UUID(int=0), UUID(int=0), stale=False)
MOST_BYTES: Final = 64_000
REMEMBERED_S: Final = 600


class Shop(NamedTuple):
    """A web shop: its program, its public key, and where the page that asks comes from."""

    program_id: int
    key_id: UUID
    origin: str


class SignedOut(Fault):
    """Nobody is signed in on this page of a web shop, or not any more."""

    code = "signed_out"
    category = "forbidden"


class Desk:
    """Hears pages of web shops, each only with a key of ours and from where that key is good."""

    def __init__(self, given: Given, access: Access, channels: frozenset[str]) -> None:
        self.given = given
        self.channels = channels
        self.door = SigningIn(msgspec.structs.replace(given, channels=channels))
        self._access = access

    async def shop(self, key: str, origin: str) -> Shop:
        """The shop behind a key, for a page from there.

        Faults: Forbidden, with the same words for a key nobody knows, a secret one and a page from
        elsewhere.
        """
        try:
            caller = await self._access.caller(b"Bearer " + key.encode())
        except NoKey:
            caller = None
        if caller is None or Scope.SHOP not in caller.scopes or not good_at(origin, caller.origins):
            raise Forbidden(
                "this public key is unknown, revoked, or not for pages from here",
                mend="Look at the console under Web shop: key and origin have to be listed there",
            )
        assert caller.key_id is not None
        return Shop(caller.program_id, caller.key_id, origin)

    async def may_ask(self, request: Asked) -> Response[Any]:
        """A browser asks whether a page from there may ask at all (Fetch, CORS preflight)."""
        origin = request.headers.get("origin", "")
        try:
            await self.shop(request.path_params["key"], origin)
        except Forbidden:
            return Response(b"", status_code=403, headers=_private())
        allowed = {
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": "authorization, content-type",
            "access-control-max-age": str(REMEMBERED_S),
        }
        return Response(b"", status_code=204, headers=_private() | _open_to(origin) | allowed)

    async def answer(self, request: Asked, deeds: Mapping[str, Deed]) -> Response[Any]:
        """What a page asks for, or a problem as the API tells it (RFC 9457)."""
        origin, path = request.headers.get("origin", ""), request.scope["path"]
        headers = _private()
        try:
            shop = await self.shop(request.path_params["key"], origin)
            headers |= _open_to(origin)
            deed = deeds.get(request.path_params["deed"])
            if deed is None:
                raise NotFound("there is nothing at this address")
            body = await _body(request)
            said = await deed(Page(self, shop, request, body))
        except Exception as error:
            no = failed(error, "/shop", lambda _, bug: self.given.report(path, bug))
            told = {name.decode(): value.decode() for name, value in no.headers}
            kind = told.pop("content-type")
            return Response(no.body, status_code=no.status, media_type=kind, headers=headers | told)
        return Response(encode(said), media_type="application/json", headers=headers)


class Page(NamedTuple):
    """One request of a page whose key and origin are good."""

    desk: Desk
    shop: Shop
    request: Asked
    body: bytes

    @property
    def given(self) -> Given:
        """What a surface works with."""
        return self.desk.given

    @property
    def token(self) -> str:
        """By what the page says a member is signed in; nothing for a guest."""
        kind, _, token = self.request.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    def sent(self, decoder: msgspec.json.Decoder[Found]) -> Found:
        """What was sent. Faults: as of every body of the API."""
        return read_body(self.body, decoder)

    def reader(self, version: Version, member: Member | None = None) -> Reader:
        """Who reads: in the language of the page, else the member's own, else the browser's."""
        known = "" if member is None else member.locale
        likes = known or self.request.headers.get("accept-language")
        language = language_of(self.request.query_params, {}, likes, version.program.locale)
        return Reader(language, (member and member.zone) or version.program.zone)

    async def terms(self) -> Terms:
        """The program of the shop."""
        return await self.given.programs.terms(self.shop.program_id)

    async def read(self, look: Callable[[Tx, Terms], Awaitable[Found]]) -> Found:
        """Look at the books with the terms in force, also when a version was just published."""
        for _ in range(3):
            terms = await self.terms()
            try:
                async with self.given.database.transaction(self.shop.program_id) as tx:
                    return await look(tx, terms)
            except StaleTerms:
                self.given.programs.forget(self.shop.program_id)
        raise Outage("the program changes right now; try again in a moment")

    async def visit(self, tx: Tx, terms: Terms) -> Visit | None:
        """Which member is signed in on this page; nobody for a guest."""
        session = await show_inside(tx, self.token, self.shop.key_id, self.shop.origin)
        if session is None:
            return None
        member = (await members.members(tx, [session.member_id])).get(session.member_id)
        if member is None or member.state == "erased":
            return None
        version = terms.at(tx.now)
        reader = self.reader(version, member)
        program = in_language(version.program, reader.language)
        voice = voice_for(reader.language)
        return Visit(member, session, terms, version, program, reader, voice)

    def guest(self, terms: Terms, tx: Tx) -> Visit:
        """Nobody: whoever only looks at the page, for what is said to everybody."""
        version = terms.at(tx.now)
        reader = self.reader(version)
        program, voice = in_language(version.program, reader.language), voice_for(reader.language)
        return Visit(NOBODY, NOT_IN, terms, version, program, reader, voice)

    async def member(self, tx: Tx, terms: Terms) -> Visit:
        """The same where there has to be one. Faults: SignedOut."""
        visit = await self.visit(tx, terms)
        if visit is None:
            raise SignedOut("nobody is signed in on this page; sign in once more")
        return visit

    async def inside(self) -> Visit:
        """Who asks for something to be done. Faults: SignedOut."""
        return await self.read(self.member)

    async def do(self, flow: Flow, command: Any) -> Any:
        """Ask the gate for one command. Faults: what the flow answers; a refusal as No."""
        return granted(await self.given.gate.submit(self.shop.program_id, flow, command))

    def by(self, visit: Visit, key: str) -> By:
        """The member themself asks; under the same key once."""
        kept = key or f" {self.given.random_bytes(16).hex()}"
        return By(f"member:{visit.member.id}", f"shop:{kept}")


def good_at(origin: str, allowed: tuple[str, ...]) -> bool:
    """Whether a page from there may show this key: exactly there, and nothing that only looks so.

    Keeps: a page without an origin (a file, a sandbox) is from nowhere.
    """
    return origin in allowed


def _open_to(origin: str) -> dict[str, str]:
    return {"access-control-allow-origin": origin}


def _private() -> dict[str, str]:
    told = {name.decode(): value.decode() for name, value in PRIVATE}
    return told | {"vary": "origin"}


async def _body(request: Asked) -> bytes:
    require_json(request.headers.get("content-type", "").encode("latin-1"))
    got = b""
    async for part in request.stream():
        got += part
        if len(got) > MOST_BYTES:
            raise TooLarge(f"a page of a shop sends at most {MOST_BYTES} bytes")
    return got
