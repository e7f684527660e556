"""One request of somebody who works here, as a page sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from litestar import Response
from litestar.datastructures import MultiDict
from msgspec import Struct

from regulars.base.faults import Fault, Outage, Refused, StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms, Version
from regulars.engine.words.voice import Voice
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By, Staff
from regulars.records.members.types import Asked
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console import words as words_of
from regulars.surfaces.console.door.proving import House
from regulars.surfaces.console.door.session import Asking, Visit
from regulars.surfaces.given import Flow, Given
from regulars.surfaces.in_words.refusals import told_to
from regulars.surfaces.languages.voices import voice_for
from regulars.surfaces.ui.coming import behind_tls, origin_of
from regulars.surfaces.ui.looks import BARE, Dress
from regulars.surfaces.ui.paper import NEVER, page
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.routes import reader_of, theme_of
from regulars.surfaces.ui.words import LANGUAGES

Found = TypeVar("Found")


class Here(Struct):
    """Who asks, in which shop, in which language; and what a page may do about it.

    Keeps: all but the terms, which are those of the last look at the books.
    """

    house: House
    terms: Terms
    visit: Visit
    reader: Reader
    theme: str
    path: str
    query: MultiDict[Any]
    safe: bool
    """Whether they came by TLS."""
    origin: str = ""
    """Where our pages come from, as their browser writes it."""
    look: Dress = BARE
    """How the shop looks."""

    @property
    def given(self) -> Given:
        """What a surface works with."""
        return self.house.given

    @property
    def staff(self) -> Staff:
        """Who is signed in."""
        return self.visit.staff

    @property
    def form(self) -> str:
        """What every form they are shown carries, as `_form`."""
        return self.visit.form

    @property
    def address(self) -> str:
        """Of their browser, without its last part."""
        return self.visit.address

    @property
    def by(self) -> By:
        """As whom and from where it is written down what they do."""
        return self.visit.by

    @property
    def now(self) -> datetime:
        """This instant."""
        return self.given.now(self.terms.program_id)

    @property
    def version(self) -> Version:
        """The terms in force now."""
        return self.terms.at(self.now)

    @property
    def zone(self) -> ZoneInfo:
        """The shop's own clock."""
        return ZoneInfo(self.reader.zone)

    @property
    def voice(self) -> Voice:
        """How rules and entries are said to this reader."""
        return voice_for(self.reader.language)

    @property
    def transaction(self) -> Any:
        """A transaction fenced to this shop's program, for reading."""
        return self.given.database.transaction(self.terms.program_id)

    def may(self, permission: Permission) -> bool:
        """Whether they may do this."""
        return self.staff.may(permission)

    def all(self, name: str) -> list[str]:
        """Everything the address says under a name."""
        return [str(one) for one in self.query.getall(name, [])]

    def asked(self, key: str = "") -> Asked:
        """Who asks, under which key; a form brings its own, so that sent twice counts once."""
        return Asked(self.staff.principal, key or own_key(self.given.random_bytes))

    def told(self, no: Refused | Fault | Outage) -> str:
        """Why something was not done, in the reader's language."""
        wallets = self.version.program.wallets
        return told_to(self.reader, no, {name: one.scale for name, one in wallets.items()})

    async def read(self, look: Callable[[Tx, Terms], Awaitable[Found]]) -> Found:
        """Look at the books with the terms in force, also when a version was just published.

        Keeps: what the page says afterwards goes by the same terms, or it would name a benefit of
        one version by the other.
        """
        for _ in range(3):
            try:
                async with self.transaction as tx:
                    return await look(tx, self.terms)
            except StaleTerms:
                self.given.programs.forget(self.terms.program_id)
                self.terms = await self.given.programs.terms(self.terms.program_id)
        raise Outage("the program changes right now; try again in a moment")

    async def do(self, flow: Flow, command: Any) -> Any:
        """Ask the gate for one command; what came of it, or the refusal as it is.

        Faults: whatever the flow answers.
        """
        outcome = await self.given.gate.submit(self.terms.program_id, flow, command)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def page(self, template: str, *, status: int = 200, **words: Any) -> Response[str]:
        """A page of the console, or a part of one; nobody keeps it."""
        return page(
            f"console/templates/{template}",
            self.reader,
            keep=NEVER,
            status=status,
            here=self,
            theme=self.theme,
            look=self.look,
            role_names=words_of.ROLES,
            states=words_of.STATES,
            kinds=words_of.KINDS,
            languages=LANGUAGES,
            **words,
        )


async def here_of(house: House, visit: Visit, request: Asking) -> Here:
    """What a page needs, of somebody who is signed in and asks for it."""
    terms = await house.given.programs.terms(visit.program_id)
    program = terms.at(house.given.now(terms.program_id)).program
    reader = reader_of(request, zone=program.zone, otherwise=program.locale)
    path = request.scope["path"]
    query, theme = request.query_params, theme_of(request)
    safe, origin = behind_tls(request), origin_of(request)
    look = await house.looks.of(visit.program_id)
    return Here(house, terms, visit, reader, theme, path, query, safe, origin, look)
