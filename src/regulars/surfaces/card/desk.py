"""What every page of the card shares: who is in, what they look at, and what is said when not."""

from __future__ import annotations

import os.path
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

from litestar import Response
from litestar.handlers import HTTPRouteHandler, get, post

from regulars.base.faults import Fault, Forbidden, NotFound, Outage, Refused, StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.member_sessions import show_inside
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.members import read as members
from regulars.records.members.types import Asked as By
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.call import granted
from regulars.surfaces.card.forms import VISIT, Form, form_of, proof_of, set_cookie, visitor
from regulars.surfaces.card.inside import Asked, Visit, reader_for, token_of, visit_of
from regulars.surfaces.given import Flow, Given
from regulars.surfaces.in_words.refusals import told_to
from regulars.surfaces.signing_in import SigningIn
from regulars.surfaces.ui.looks import BARE, Looks
from regulars.surfaces.ui.paper import NEVER, page
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.routes import reader_of, theme_of
from regulars.surfaces.ui.words import LANGUAGES

Look = Callable[[Tx, Visit, Asked], Awaitable[Mapping[str, Any]]]
"""What a page shows of the books, as words for its template."""
Act = Callable[["Sender", Form], Awaitable[Response[Any]]]
"""What a form of somebody who is signed in does."""
SIGN_IN = "/card/sign-in"
MESSAGES = "/card/me/messages"
AGREED = ("email", "sms", "inbox", "push", "webhook")
"""Channels members are asked about."""
_SLIPS: Mapping[type[Fault], tuple[str, int]] = {
    Forbidden: ("stale", 403),
    NotFound: ("nothing", 404),
}
TEMPLATES = "card/templates/"
_OWN = re.compile(r"/card(/[A-Za-z0-9_.-]+)*")


class Sender(NamedTuple):
    """Somebody who is signed in and sends a form."""

    desk: Desk
    request: Asked
    program_id: int
    visit: Visit

    @property
    def member_id(self) -> UUID:
        return self.visit.member.id

    def by(self, what: str) -> By:
        """The member themself asks; once for each time this form was shown."""
        return By(f"member:{self.member_id}", f"{what}:{self.desk.given.random_bytes(16).hex()}")

    async def do(self, flow: Flow, command: Any) -> Any:
        """Ask the gate. Faults: whatever the flow answers; a refusal is thrown as No."""
        return granted(await self.desk.given.gate.submit(self.program_id, flow, command))

    async def show(
        self, look: Look, template: str, *, status: int = 200, **words: Any
    ) -> Response[str]:
        """A page about the same member, after what was done or could not be done."""
        visit, seen = await self.desk.look(self.request, look)
        return self.desk.page(self.request, visit, template, {**seen, **words}, status=status)


async def agreeing(tx: Tx, _: Terms, batch: Sequence[SayConsent]) -> Sequence[Any]:
    """Words of members about channels, as the gate takes them."""
    return await say_consents(tx, batch)


class SignedOut(Exception):
    """Nobody is in: the page is not shown, and who they are is asked."""


class Desk:
    """Shows pages of the card to whoever is signed in."""

    def __init__(self, given: Given) -> None:
        self.given = given
        self.keyed = given.keyed
        self.door = SigningIn(given)
        self.looks = Looks(given)
        self.dress = BARE

    def shows(self, path: str, template: str, look: Look) -> HTTPRouteHandler:
        """A page for members at this address."""

        @get(path)
        async def show(request: Asked) -> Response[Any]:
            async def answer() -> Response[Any]:
                visit, seen = await self.look(request, look)
                return self.page(request, visit, template, seen)

            return await self.answered(request, answer)

        return show

    def acts(self, path: str, act: Act) -> HTTPRouteHandler:
        """What a form of a member's page does."""

        @post(path, status_code=200)
        async def do(request: Asked) -> Response[Any]:
            async def answer() -> Response[Any]:
                inside = await self.inside(request)
                form = await form_of(request, self.keyed, token_of(request))
                return await act(inside, form)

            return await self.answered(request, answer)

        return do

    def open(
        self, method: Any, path: str, answer: Callable[[Asked], Awaitable[Response[Any]]]
    ) -> HTTPRouteHandler:
        """A page for anybody; `method` is `get` or `post` of litestar."""

        async def handle(request: Asked) -> Response[Any]:
            return await self.answered(request, lambda: answer(request))

        return method(path, status_code=200)(handle)  # type: ignore[no-any-return]

    async def look(self, request: Asked, look: Look) -> tuple[Visit, Mapping[str, Any]]:
        """Who is in and what they look at, in one transaction.

        Raises: SignedOut. Faults: NotFound before there is a program.
        """

        async def both(tx: Tx, terms: Terms) -> tuple[Visit, Mapping[str, Any]]:
            visit = await self._visit(tx, terms, request)
            return visit, await look(tx, visit, request)

        program_id = await self.program()
        visit, seen = await self.read(program_id, both)
        if visit.session.stale:
            await self.door.who(program_id, token_of(request))
        return visit, seen

    async def inside(self, request: Asked) -> Sender:
        """Who sends a form. Raises: SignedOut."""
        program_id = await self.program()
        visit = await self.read(program_id, lambda tx, terms: self._visit(tx, terms, request))
        return Sender(self, request, program_id, visit)

    async def program(self) -> int:
        """The program this address is about. Faults: NotFound before there is one."""
        program_id = await self.given.shown_program()
        if program_id is None:
            raise NotFound("there is no program yet")
        self.dress = await self.looks.of(program_id)
        return program_id

    async def read(self, program_id: int, look: Callable[[Tx, Terms], Awaitable[Any]]) -> Any:
        """Look at the books with the terms in force, also when a version was just published."""
        for _ in range(3):
            terms = await self.given.programs.terms(program_id)
            try:
                async with self.given.database.transaction(program_id) as tx:
                    return await look(tx, terms)
            except StaleTerms:
                self.given.programs.forget(program_id)
        raise Outage("the program changes right now; try again in a moment")

    async def want(
        self, program_id: int, member_id: UUID, channel: str, source: str, machine: str = ""
    ) -> list[str]:
        """A member wants to be written to by this channel: they are, or are asked at the address.

        Returns: what the page of messages is to say of it besides what stands in the books, as
        parts of its query. Faults: as `want_channels`.
        """
        member = MemberRef(id=member_id)
        answer = await self.door.want(program_id, member, (channel,), source, machine)
        if isinstance(answer, Fault):
            raise answer
        if not isinstance(answer, Refused):
            return []
        return ["often=yes"] if answer.code == "too_many_codes" else [f"no-{channel}={channel}"]

    async def agree(self, program_id: int, member_id: UUID, channel: str) -> list[str]:
        """Keep that a member who just proved an address wants to be written to by this channel;
        where it is another address than that one, they are asked there. Returns: as `want`."""
        if channel not in AGREED:
            return []
        return await self.want(program_id, member_id, channel, "the member's card, by code")

    async def agree_unproved(self, program_id: int, member_id: UUID, channel: str) -> list[str]:
        """The same of who joined where no code can be sent: it is kept as their word, unless the
        program takes no word for an address that nobody proved."""
        terms = await self.given.programs.terms(program_id)
        join = terms.at(self.given.now(terms.program_id)).program.join
        if join is not None and join.double_opt_in:
            return await self.agree(program_id, member_id, channel)
        if channel in AGREED:
            command = SayConsent(member_id, channel, "given", "joining, the address not proved")
            granted(await self.given.gate.submit(program_id, agreeing, command))
        return []

    def page(
        self,
        request: Asked,
        visit: Visit,
        template: str,
        words: Mapping[str, Any],
        *,
        status: int = 200,
    ) -> Response[str]:
        """A page for who is in; nobody else keeps it."""
        token = token_of(request)
        return self._page(
            request,
            visit.reader,
            template,
            {"visit": visit, "program": visit.program, "member": visit.member,
             "proof": proof_of(self.keyed, token), **words},
            status=status,
        )  # fmt: skip

    async def open_page(
        self, request: Asked, template: str, *, status: int = 200, **words: Any
    ) -> Response[str]:
        """A page for who is not in, or may not be; its forms hang on a cookie of their own."""
        terms = await self.given.programs.terms(await self.program())
        version = terms.at(self.given.now(terms.program_id))
        reader = reader_for(request, version)
        held = visitor(request) or self.given.random_bytes(16).hex()
        said = {"program": version.program, "visit": None, "proof": proof_of(self.keyed, held)}
        answer = self._page(request, reader, template, {**said, **words}, status=status)
        set_cookie(request, answer, VISIT, held)
        return answer

    async def answered(
        self, request: Asked, answer: Callable[[], Awaitable[Response[Any]]]
    ) -> Response[Any]:
        """An answer, or a page that says why there is none and what to do."""
        try:
            return await answer()
        except SignedOut:
            return self._ask_who(request)
        except Outage as outage:
            slip = self._slip(request, "away", 503)
            slip.headers["retry-after"] = str(outage.retry_after_seconds)
            return slip
        except No as no:
            return self._slip(request, "refused", 409, told_to(reader_of(request), no.refused))
        except Fault as fault:
            kind, status = _SLIPS.get(type(fault), ("wrong", 400))
            return self._slip(request, kind, status)
        except Exception as error:
            return self._our_mistake(request, error)

    async def _visit(self, tx: Tx, terms: Terms, request: Asked) -> Visit:
        session = await show_inside(tx, token_of(request))
        if session is None:
            raise SignedOut
        member = (await members.members(tx, [session.member_id])).get(session.member_id)
        if member is None or member.state == "erased":
            raise SignedOut
        return visit_of(request, member, session, terms, tx)

    def _ask_who(self, request: Asked) -> Response[Any]:
        if request.headers.get("hx-request"):
            return Response("", status_code=200, headers={"hx-redirect": SIGN_IN})
        to = own_address(request.scope["path"])
        where = SIGN_IN if to in ("", "/card") else f"{SIGN_IN}?to={quote(to)}"
        return moved(where)

    def _our_mistake(self, request: Asked, error: Exception) -> Response[Any]:
        number = self.given.random_bytes(4).hex()
        self.given.report(f"{request.scope['path']} ({number})", error)
        return self._slip(request, "ours", 500, number)

    def _slip(self, request: Asked, kind: str, status: int, more: str = "") -> Response[Any]:
        words = {"kind": kind, "visit": None, "program": None, "more": more}
        return self._page(request, reader_of(request), "slip.html", words, status=status)

    def _page(
        self,
        request: Asked,
        reader: Reader,
        template: str,
        words: Mapping[str, Any],
        *,
        status: int,
    ) -> Response[str]:
        answer = page(
            TEMPLATES + template,
            reader,
            keep=NEVER,
            status=status,
            theme=theme_of(request),
            path=request.scope["path"],
            look=self.dress,
            **words,
        )
        chosen = request.query_params.get("lang")
        if chosen in LANGUAGES:
            set_cookie(request, answer, "lang", chosen, days=365)
        return answer


def own_address(said: str) -> str:
    """An address of the card's own to go on to; anything else is nowhere.

    Keeps: nothing that begins a further header, or a further field of an address it is put into.
    """
    plain = said.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
    return plain if _OWN.fullmatch(plain) and os.path.normpath(plain) == plain else ""


def moved(to: str) -> Response[Any]:
    """Go on there; asked for with GET, whatever was asked before."""
    return Response("", status_code=303, headers={"location": to, "cache-control": NEVER})
