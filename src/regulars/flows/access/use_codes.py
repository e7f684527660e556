"""A code or a link comes back: its member is signed in, or a consent is confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Refused
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx, Write
from regulars.flows.access.commands import CardShown
from regulars.flows.telling.said.agreeing import keep_words
from regulars.flows.telling.said.proving import take_along
from regulars.records.access.cards import read as cards
from regulars.records.access.cards.spelling import step_of
from regulars.records.access.cards.types import STEPS_GOOD, UsedCode
from regulars.records.access.cards.write import forget as forget_cards
from regulars.records.access.cards.write import use as use_card
from regulars.records.access.members import read, write
from regulars.records.access.members.spelling import code_id_of, is_code, token_hash
from regulars.records.access.members.types import (
    MOST_TRIES,
    MemberSession,
    Purpose,
    SignInCode,
)
from regulars.records.members.consents.types import Consent
from regulars.records.members.unions import read as unions
from regulars.records.outbox.bounces.write import clear

LONGEST_DEVICE = 120


class SignIn(Struct, frozen=True):
    """Somebody types the digits they were sent, or opens the link; exactly one of both.

    Shape: `token` is what the cookie will hold, made by who asks (`spelling.make_token`); sent
    again with the same one, the first answer comes.
    """

    token: str
    code_id: UUID | None = None
    code: str = ""
    link: str = ""
    device: str = ""
    """What the member will know the browser by: `Firefox on Android`."""
    shop_key_id: UUID | None = None
    """On the pages of a web shop: by which public key,"""
    origin: str = ""
    """and where those pages come from. By its token nobody is in anywhere else."""
    instead_of: str = ""
    """What this browser's cookie held before: that session is over, whoever's it was."""


class ConfirmConsent(Struct, frozen=True):
    """A member says with digits or link that a consent was meant."""

    code_id: UUID | None = None
    code: str = ""
    link: str = ""


class ProveByCode(Struct, frozen=True):
    """A member at a counter says the digits they were sent; `by` is whoever types them."""

    code_id: UUID
    code: str
    by: str
    link: str = ""


class SignedIn(Struct, frozen=True):
    """A member is in."""

    member_id: UUID
    session_id: UUID
    token: str


class ConsentConfirmed(Struct, frozen=True):
    """A channel is allowed from now on."""

    member_id: UUID
    channel: str
    changed_at: datetime


SignInOutcome = SignedIn | Refused
ConfirmOutcome = ConsentConfirmed | Refused


async def sign_in(tx: Tx, keyed: Keyed, batch: Sequence[SignIn]) -> list[SignInOutcome]:
    """Each right code or link opens one session, once; digits and link of one code are used up
    together. The session this browser had before is over by it. An address that a code reached is
    written to again, whatever came back from it before.

    Order: codes are held in the order of their ids, so two who use one at once do not both get in.
    Refuses: `code_wrong` for other digits, `code_over` for what is used, too old or tried too
    often; of an address that is no member's likewise.
    """
    desk = await _desk(tx, keyed, batch, "sign_in")
    hashes = [_hash(one.token) for one in batch]
    # What a cookie says is anybody's word; of what no token looks like there is no digest.
    former = [token_hash(one.instead_of) or b"" for one in batch]
    before = await read.by_token(tx, [*hashes, *former])
    stands = await unions.aliases(tx, [c.member_id for c in desk.codes.values() if c.member_id])
    opened: list[tuple[MemberSession, bytes]] = []
    ended: list[UUID] = []
    outcomes: list[SignInOutcome] = []
    for one, hashed, had in zip(batch, hashes, former, strict=True):
        again = before.get(hashed)
        if again is not None:  # the connection went after we wrote, and the same is asked again
            outcomes.append(SignedIn(again.member_id, again.session_id, one.token))
            continue
        who = desk.use(one)
        if isinstance(who, Refused):
            outcomes.append(who)
            continue
        member_id = stands.get(who, who)
        device = "".join(sign for sign in one.device if sign.isprintable())[:LONGEST_DEVICE]
        session = MemberSession(
            tx.new_id(), member_id, tx.now, tx.now, device=device, shop_key_id=one.shop_key_id,
            origin=one.origin,
        )  # fmt: skip
        before[hashed] = session
        opened.append((session, hashed))
        ended += [before[had].session_id] if had in before else []
        outcomes.append(SignedIn(member_id, session.session_id, one.token))
    opens = write.open_sessions(tx, opened)
    await tx.write([*desk.writes(tx), *opens, *clear(tx, desk.reached())])
    # After it: what is ended may have been opened by whoever asked just before.
    await tx.write(write.end(tx, ended))
    await take_along(tx, keyed, desk.read_by(stands))
    return outcomes


async def prove_by_codes(
    tx: Tx, keyed: Keyed, batch: Sequence[ProveByCode]
) -> list[CardShown | Refused]:
    """Right digits are as good as a card that was shown to whoever typed them: for ten minutes, for
    one thing, the one the code was sent for.

    Order: codes are held, then their members, so that of two who type at once one has it. Typed
    again by the same, the first answer comes.
    Refuses: `code_wrong` (facts: `tries_left`), `code_over`; `card_code_used` where the member
    showed their card twice within the minute: there is no half minute left, and the code stays.
    """
    desk = await _desk(tx, keyed, batch, "spending")
    there = await unions.held(tx, [c.member_id for c in desk.codes.values()])
    used = await cards.used(tx, _half_minutes(tx.now, desk.codes.values()))
    taken: list[UsedCode] = []
    outcomes: list[CardShown | Refused] = []
    for one in batch:
        meant = desk.meant(one)
        had = _had(keyed, meant, used, one)
        who = had.member_id if had else desk.use(one)
        if isinstance(who, Refused) or who not in there:
            outcomes.append(who if isinstance(who, Refused) else _over())
            continue
        step = had.step if had else _free(tx.now, who, used)
        if step is None:
            desk.leave(meant)
            says = "this card was shown twice just now; use that, or wait a minute"
            outcomes.append(Refused("card_code_used", says))
            continue
        if had is None:
            used[who, step] = UsedCode(who, step, one.code_id, tx.now, one.by)
            taken.append(used[who, step])
        outcomes.append(CardShown(who, step))
    await tx.write([*desk.writes(tx), *clear(tx, desk.reached())])
    await tx.write(use_card(tx, taken))
    await tx.write(forget_cards(tx, taken))
    await take_along(tx, keyed, desk.read_by(there))
    return outcomes


def _half_minutes(now: datetime, codes: Iterable[SignInCode]) -> list[tuple[UUID, int]]:
    """Where a showing of these may lie: in the last minute, or where it was when it was used."""
    at = {(one.member_id, one.used_at or now) for one in codes} | {
        (o.member_id, now) for o in codes
    }
    return sorted(
        {(who, step_of(when) - back) for who, when in at if who for back in range(STEPS_GOOD)}
    )


def _had(
    keyed: Keyed,
    code: SignInCode | None,
    used: Mapping[tuple[UUID, int], UsedCode],
    one: ProveByCode,
) -> UsedCode | None:
    """The showing that these digits were already, where the same types them again."""
    if code is None or code.used_at is None or not is_code(keyed, code.code_id, one.code):
        return None
    mine = (u for u in used.values() if u.asked == code.code_id and u.taken_by == one.by)
    return next(mine, None)


def _free(now: datetime, who: UUID, used: Mapping[tuple[UUID, int], UsedCode]) -> int | None:
    steps = (step_of(now) - back for back in range(STEPS_GOOD))
    return next((step for step in steps if (who, step) not in used), None)


async def confirm_consents(
    tx: Tx, keyed: Keyed, batch: Sequence[ConfirmConsent]
) -> list[ConfirmOutcome]:
    """Each right code is kept as the member's word that they allow its channel.

    Refuses: `code_wrong`, `code_over`.
    """
    desk = await _desk(tx, keyed, batch, "consent")
    stands = await unions.aliases(tx, [c.member_id for c in desk.codes.values() if c.member_id])
    outcomes: list[ConfirmOutcome] = []
    words = []
    for one in batch:
        who = desk.use(one)
        if isinstance(who, Refused):
            outcomes.append(who)
            continue
        member_id = stands.get(who, who)
        channel = desk.meant(one).about  # type: ignore[union-attr]
        words.append(Consent(member_id, channel, "given", "confirmed by code", tx.now))
        outcomes.append(ConsentConfirmed(member_id, channel, tx.now))
    await tx.write([*desk.writes(tx), *clear(tx, desk.reached())])
    await keep_words(tx, words)
    await take_along(tx, keyed, desk.read_by(stands))
    return outcomes


_Typed = SignIn | ConfirmConsent | ProveByCode


class _Desk:
    """The codes of a batch, as they change from one who tries to the next."""

    def __init__(self, keyed: Keyed, now: datetime, codes: dict[UUID, SignInCode]) -> None:
        self.codes = codes
        self._keyed = keyed
        self._now = now
        self._turned: set[UUID] = set()

    def meant(self, one: _Typed) -> SignInCode | None:
        """The code somebody means by digits or link."""
        code_id = code_id_of(self._keyed, one.link) if one.link else one.code_id
        return None if code_id is None else self.codes.get(code_id)

    def use(self, one: _Typed) -> UUID | Refused:
        """Whose code this is, used up by now; or why not."""
        code = self.meant(one)
        if code is None:
            return _over()
        lasts = code.link_lasts() if one.link else code.code_lasts()
        if not code.open_for(self._now, lasts):
            return _over()
        if not one.link:
            if code.tries >= MOST_TRIES:
                return _over()
            code = self._turn(replace(code, tries=code.tries + 1))
            if not is_code(self._keyed, code.code_id, one.code) or code.member_id is None:
                return _wrong(MOST_TRIES - code.tries)
        if code.member_id is None:
            return _over()
        self._turn(replace(code, used_at=self._now))
        return code.member_id

    def leave(self, code: SignInCode | None) -> None:
        """Leave a code as it was before it was typed now."""
        if code is not None:
            self._turn(code)

    def writes(self, tx: Tx) -> list[Write]:
        return write.turn(tx, [self.codes[id_] for id_ in sorted(self._turned)])

    def reached(self) -> set[bytes]:
        """The addresses at which a code of this batch was read."""
        turned = [self.codes[id_] for id_ in self._turned]
        return {bytes(one.address) for one in turned if one.used_at == self._now}

    def read_by(self, stands: Mapping[UUID, UUID]) -> dict[bytes, UUID]:
        """By address, who read a code of this batch there, as whom they stand."""
        turned = [self.codes[id_] for id_ in self._turned]
        return {
            bytes(one.address): stands.get(one.member_id, one.member_id)
            for one in turned
            if one.used_at == self._now and one.member_id is not None
        }

    def _turn(self, code: SignInCode) -> SignInCode:
        self.codes[code.code_id] = code
        self._turned.add(code.code_id)
        return code


async def _desk(tx: Tx, keyed: Keyed, batch: Sequence[_Typed], purpose: Purpose) -> _Desk:
    meant = [code_id_of(keyed, one.link) if one.link else one.code_id for one in batch]
    found = await read.codes(tx, [one for one in meant if one is not None], lock=True)
    return _Desk(keyed, tx.now, {id_: c for id_, c in found.items() if c.purpose == purpose})


def _hash(token: str) -> bytes:
    hashed = token_hash(token)
    assert hashed is not None, "a token of ours"
    return hashed


def _wrong(left: int) -> Refused:
    return Refused("code_wrong", "these are not the digits we sent", {"tries_left": left})


def _over() -> Refused:
    return Refused("code_over", "this code does not work any more; ask for another one")
