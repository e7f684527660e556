"""How members come in, as pages call it: ask for a code, come in by it, stay in, go out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid
from regulars.base.ids import id_of
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.ask_for_codes import (
    AskForCode,
    AskOutcome,
    HandLink,
    HandOutcome,
    ask_for_codes,
    hand_links,
)
from regulars.flows.access.member_sessions import (
    Ended,
    EndSession,
    Inside,
    end_sessions,
    note_seen,
    show_inside,
    show_sessions,
)
from regulars.flows.access.use_codes import (
    ConfirmConsent,
    ConfirmOutcome,
    SignIn,
    SignInOutcome,
    confirm_consents,
    sign_in,
)
from regulars.flows.membership.join_by_codes import (
    JoinByCode,
    JoinByCodeOutcome,
    JoinOutcome,
    join_by_codes,
    join_uncoded,
)
from regulars.flows.telling.said.want_channels import WantChannel, WantOutcome, want_channels
from regulars.records.access.members.spelling import TOKEN_BYTES, make_token
from regulars.records.access.members.types import LASTS, MemberSession
from regulars.records.access.staff.types import By
from regulars.records.members.types import Asked, JoinMember, MemberRef
from regulars.surfaces.given import Given

COOKIE = "__Host-regulars-member"
"""The cookie's name where the browser speaks TLS to us: it must be Secure, with path /."""
COOKIE_PLAIN = "regulars-member"
"""Without TLS, as in a demo."""
COOKIE_SECONDS = int(LASTS.total_seconds())


class SigningIn:
    """The door for members, made once for all pages: each deed is one command at the gate."""

    def __init__(self, given: Given) -> None:
        self._given = given
        keyed = given.keyed

        # Made once, as the gate takes commands of one and the same flow together.
        async def asking(tx: Tx, terms: Terms, batch: Sequence[AskForCode]) -> list[AskOutcome]:
            return await ask_for_codes(tx, terms, keyed, batch)

        async def joining(
            tx: Tx, terms: Terms, batch: Sequence[JoinByCode]
        ) -> list[JoinByCodeOutcome]:
            return await join_by_codes(tx, terms, keyed, batch)

        async def uncoded(tx: Tx, terms: Terms, batch: Sequence[JoinByCode]) -> list[JoinOutcome]:
            return await join_uncoded(tx, terms, keyed, batch)

        async def wanting(tx: Tx, terms: Terms, batch: Sequence[WantChannel]) -> list[WantOutcome]:
            return await want_channels(tx, terms, keyed, batch)

        async def handing(tx: Tx, terms: Terms, batch: Sequence[HandLink]) -> list[HandOutcome]:
            return await hand_links(tx, terms, keyed, batch)

        async def coming(tx: Tx, _: Terms, batch: Sequence[SignIn]) -> list[SignInOutcome]:
            return await sign_in(tx, keyed, batch)

        async def meaning(
            tx: Tx, _: Terms, batch: Sequence[ConfirmConsent]
        ) -> list[ConfirmOutcome]:
            return await confirm_consents(tx, keyed, batch)

        self._joining, self._uncoded = joining, uncoded
        self._asking, self._wanting, self._handing = asking, wanting, handing
        self._coming, self._meaning = coming, meaning

    async def ask(
        self, program_id: int, by: Literal["email", "phone"], address: str, machine: str
    ) -> AskOutcome:
        """Somebody wants a code at this address; the answer never tells whether they are a member.

        Refuses: `too_many_codes` (facts: `retry_after_seconds`). Faults: `invalid` at the field;
        also where no sender for it is set up, which is true of everybody.
        """
        if ("email" if by == "email" else "sms") not in self._given.channels:
            return Invalid(
                "codes cannot be sent this way here",
                field=f"/{by}",
                mend="Ask at the counter: staff show a code to scan",
            )
        command = AskForCode(self._id(), by, address, machine)
        outcome: AskOutcome = await self._given.gate.submit(program_id, self._asking, command)
        return outcome

    async def join(
        self, program_id: int, wish: JoinMember, by: Literal["email", "phone"], machine: str
    ) -> JoinByCodeOutcome:
        """Somebody joins by the first name they give, and is sent a code to prove it is theirs.

        Refuses and faults: as `join_by_codes`; neither tells whether they were a member before.
        """
        outcome: JoinByCodeOutcome = await self._given.gate.submit(
            program_id, self._joining, self._join_of(wish, by, machine)
        )
        return outcome

    async def join_uncoded(
        self, program_id: int, wish: JoinMember, by: Literal["email", "phone"], machine: str
    ) -> JoinOutcome:
        """Somebody joins where no code can be sent; so many from one machine as could ask for one.

        Refuses: `too_many_codes`, and what joining refuses. Faults: what joining answers.
        """
        # The gate asks again when an answer is lost: under a key, who is in by then has joined.
        once = replace(wish, asked=Asked("joining", self._id().hex))
        outcome: JoinOutcome = await self._given.gate.submit(
            program_id, self._uncoded, self._join_of(once, by, machine)
        )
        return outcome

    def _join_of(self, wish: JoinMember, by: Literal["email", "phone"], machine: str) -> JoinByCode:
        return JoinByCode(wish, AskForCode(self._id(), by, wish.identifiers[0].value, machine))

    async def want(
        self,
        program_id: int,
        member: MemberRef,
        channels: tuple[str, ...],
        source: str = "",
        machine: str = "",
        code_id: UUID | None = None,
    ) -> WantOutcome:
        """A member wants to be written to by a channel: at once where the address is proved to be
        theirs, else they are asked there. Without a `source` somebody else wants it for them.

        Refuses and faults: as `want_channels`.
        """
        sends = frozenset(self._given.channels)
        id_ = code_id or self._id()
        command = WantChannel(id_, member, channels, sends, source, machine)
        outcome: WantOutcome = await self._given.gate.submit(program_id, self._wanting, command)
        return outcome

    async def hand_link(
        self, program_id: int, member: MemberRef, by: By | None = None
    ) -> HandOutcome:
        """A sign-in link for a member at the counter, to be shown as a QR code and not sent.

        `by` is who has it shown at a till: it is written down, and good for some minutes only.
        """
        command = HandLink(self._id(), member, by)
        outcome: HandOutcome = await self._given.gate.submit(program_id, self._handing, command)
        return outcome

    async def by_code(
        self,
        program_id: int,
        code_id: UUID,
        code: str,
        device: str = "",
        had: str = "",
        shop: tuple[UUID | None, str] = (None, ""),
    ) -> SignInOutcome:
        """Somebody types the digits; `token` of the answer belongs into the cookie, `had` is
        what it holds: that session is over.

        On the pages of a web shop (`shop`: its key and their origin) the token is good there alone.
        Refuses: `code_wrong` (facts: `tries_left`), `code_over`.
        """
        key_id, origin = shop
        command = SignIn(
            self._token(),
            code_id,
            code,
            device=device,
            shop_key_id=key_id,
            origin=origin,
            instead_of=had,
        )
        outcome: SignInOutcome = await self._given.gate.submit(program_id, self._coming, command)
        return outcome

    async def by_link(
        self, program_id: int, link: str, device: str = "", had: str = ""
    ) -> SignInOutcome:
        """Somebody posts a link. Never call it for a GET: scanners of mail open every address."""
        command = SignIn(self._token(), link=link, device=device, instead_of=had)
        outcome: SignInOutcome = await self._given.gate.submit(program_id, self._coming, command)
        return outcome

    async def confirm(
        self, program_id: int, *, code_id: UUID | None = None, code: str = "", link: str = ""
    ) -> ConfirmOutcome:
        """A member confirms a consent, with digits or by posting the link."""
        command = ConfirmConsent(code_id, code, link)
        outcome: ConfirmOutcome = await self._given.gate.submit(program_id, self._meaning, command)
        return outcome

    async def who(self, program_id: int, token: str | None) -> Inside | None:
        """Who is in by this cookie; a session that was not used for some hours is noted."""
        if not token:
            return None
        async with self._given.database.transaction(program_id) as tx:
            inside = await show_inside(tx, token)
        if inside is not None and inside.stale:
            await self._given.gate.submit(program_id, _seen, inside.session_id)
        return inside

    async def sessions(self, program_id: int, member_id: UUID) -> list[MemberSession]:
        """Where a member is signed in, the browser used last first."""
        async with self._given.database.transaction(program_id) as tx:
            return await show_sessions(tx, member_id)

    async def end(
        self, program_id: int, member_id: UUID, session_id: UUID | None = None
    ) -> Ended | Fault:
        """A member signs out of this session, or (none named) of all of them."""
        command = EndSession(member_id, session_id)
        outcome: Ended | Fault = await self._given.gate.submit(program_id, _ending, command)
        return outcome

    def _id(self) -> UUID:
        return id_of(self._given.random_bytes(16))

    def _token(self) -> str:
        return make_token(self._given.random_bytes(TOKEN_BYTES))


async def _seen(tx: Tx, _: Terms, batch: Sequence[UUID]) -> list[None]:
    return await note_seen(tx, batch)


async def _ending(tx: Tx, _: Terms, batch: Sequence[EndSession]) -> list[Ended | Fault]:
    return await end_sessions(tx, batch)
