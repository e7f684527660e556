"""Somebody asks to come in, or is asked whether they meant a consent: a code is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.keyed import Keyed, digest_of
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import reused
from regulars.records.access.members import read, write
from regulars.records.access.members.spelling import link_of
from regulars.records.access.members.types import (
    AT_TILL,
    LIMITS,
    MACHINE_LIMITS,
    SignInCode,
)
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.members import read as members
from regulars.records.members.identify import normal_or_fault
from regulars.records.members.types import Identifier, MemberRef
from regulars.records.outbox.delivery.types import (
    IDENTIFIED_BY,
    KEEPS,
    Mailed,
    Wanted,
    address_digest,
)
from regulars.records.outbox.delivery.write import send
from regulars.records.program.types import Program

_LOCK = waiting_for(Alone.SIGNING_IN)


class AskForCode(Struct, frozen=True):
    """Somebody types an address to sign in with.

    Shape: `code_id` is made by who asks, from 128 random bits; asked again under it, nothing more
    is sent. `machine` is whatever tells one asking machine from another; only its digest is kept.
    """

    code_id: UUID
    by: Literal["email", "phone"]
    address: str
    machine: str = ""


class AskToConfirm(Struct, frozen=True):
    """A member is asked, at the address itself, whether they allow this channel."""

    code_id: UUID
    member: MemberRef
    channel: Mailed
    machine: str = ""


class AskToSpend(Struct, frozen=True):
    """A member at a counter is sent a code to prove that what is taken there is theirs.

    Shape: `reward` is what it will be good for, nothing is paying with points; `channels` are those
    by which this house sends, the first one the member has an address for is taken. `machine` is
    the till, where one asks.
    """

    code_id: UUID
    member: MemberRef
    reward: str
    channels: tuple[Mailed, ...]
    machine: str = ""


class SpendingAsked(Struct, frozen=True):
    """A code is on its way to the member."""

    code_id: UUID
    until: datetime
    channel: Mailed
    hint: str
    """The end of the number, or the beginning of the address: `··42`, `a··`."""
    replayed: bool = False
    """It was on its way before; nothing more was sent."""


class HandLink(Struct, frozen=True):
    """Staff let a member who stands before them sign in: the link is shown as a QR code."""

    code_id: UUID
    member: MemberRef
    by: By | None = None
    """Who has it shown at a till; nobody where the member came in otherwise."""


class CodeAsked(Struct, frozen=True):
    """The answer, the same whether anybody is found by this address or not."""

    code_id: UUID
    until: datetime
    """When the digits stop to work."""
    replayed: bool = False


class LinkHanded(Struct, frozen=True):
    """A link that was not sent but shown."""

    link: str
    until: datetime


AskOutcome = CodeAsked | Refused | Fault
HandOutcome = LinkHanded | Fault
SpendOutcome = SpendingAsked | Refused | Fault
Ask = tuple[SignInCode, Wanted | None]
"""A code, and the message that carries it where there is a member to get it."""


async def ask_for_codes(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[AskForCode]
) -> list[AskOutcome]:
    """Each who asks gets one answer; who is a member gets a message besides.

    Order: whoever is asked for, the same statements run in the same order, so that neither answer
    nor time tells who is a member.
    Refuses: `too_many_codes`, by address and by machine, for members and others alike.
    Faults, each for its own item: `invalid` at the field for what is no address.
    """
    return await _ask(tx, await _sign_ins(tx, terms, keyed, batch))


async def would_refuse(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[AskForCode]
) -> list[Refused | Fault | None]:
    """What `ask_for_codes` would refuse of these, each counted behind those before it.

    Keeps: nobody else asks for a code until this transaction is over, so it stays as it was said.
    """
    return [no for no, _ in await _weighed(tx, await _sign_ins(tx, terms, keyed, batch))]


async def count_asked(tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[AskForCode]) -> None:
    """Each counts as if a code was asked for, where none can be sent: nobody comes in by it."""
    asks = await _sign_ins(tx, terms, keyed, batch)
    codes = [replace(one[0], member_id=None) for one in asks if not isinstance(one, Fault)]
    await tx.write(write.ask(tx, codes))


async def ask_to_confirm(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[AskToConfirm]
) -> list[AskOutcome]:
    """Each member is sent a code by the channel it is about; until it comes back nothing is given.

    Refuses: `too_many_codes`. Faults: `unknown_member`, `invalid` where the member has no address
    of that kind, `key_reused` where the same id was asked for somebody or something else before.
    """
    country = terms.versions[-1].program.country
    whom = await members.whom(tx, country, [one.member for one in batch])
    names = await members.identifiers_of(tx, [who for who in whom if isinstance(who, UUID)])
    asks: list[Ask | Fault] = []
    for one, who in zip(batch, whom, strict=True):
        asks.append(who if isinstance(who, Fault) else _confirm(tx, keyed, one, who, names[who]))
    return await _ask(tx, asks)


async def ask_to_spend(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[AskToSpend]
) -> list[SpendOutcome]:
    """Each member is sent digits that prove at the counter that they are there.

    Refuses: `proof_not_asked` where the program asks for no proof; `nowhere_to_send` for a member
    without an address that this house sends to; `too_many_codes`, by address, whatever they were
    asked for, and by till; `unknown_reward`. Faults: `unknown_member`; `key_reused` where the same
    id was asked for somebody or something else before.
    """
    program = terms.at(tx.now).program
    whom = await members.whom(tx, program.country, [one.member for one in batch])
    names = await members.identifiers_of(tx, [who for who in whom if isinstance(who, UUID)])
    found = [
        who if isinstance(who, Fault) else _to_spend(tx, keyed, program, (one, who, names[who]))
        for one, who in zip(batch, whom, strict=True)
    ]
    asks: list[Ask | Fault] = [one.ask for one in found if isinstance(one, _Sending)]
    told = iter(await _ask(tx, asks) if asks else ())
    return [_on_its_way(next(told), one) if isinstance(one, _Sending) else one for one in found]


class _Sending(NamedTuple):
    ask: Ask
    channel: Mailed
    hint: str


def _to_spend(
    tx: Tx, keyed: Keyed, program: Program, said: tuple[AskToSpend, UUID, Sequence[Identifier]]
) -> _Sending | Refused | Fault:
    one, who, names = said
    if program.spending_proof is None:
        return Refused("proof_not_asked", "this program asks for no proof; a number is enough")
    if one.reward and one.reward not in {reward.id for reward in program.rewards}:
        return Refused("unknown_reward", f"there is no reward {one.reward} in this program")
    for channel in one.channels:
        value = next((n.value for n in names if n.kind == IDENTIFIED_BY[channel]), None)
        if value is not None:
            address = address_digest(keyed, channel, value)
            machine = digest_of(keyed, "machine", one.machine) if one.machine else None
            code = SignInCode(one.code_id, "spending", address, tx.now, who, one.reward, machine)
            best_before = tx.now + KEEPS["spending"]
            letter = Wanted(who, one.code_id, "spending", channel, address, best_before)
            hint = f"{value[0]}··" if channel == "email" else f"··{value[-2:]}"
            return _Sending((code, letter), channel, hint)
    says = "no code can be sent to this member; let them show their card"
    return Refused("nowhere_to_send", says)


def _on_its_way(told: AskOutcome, one: _Sending) -> SpendOutcome:
    if not isinstance(told, CodeAsked):
        return told
    return SpendingAsked(told.code_id, told.until, one.channel, one.hint, told.replayed)


async def hand_links(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[HandLink]
) -> list[HandOutcome]:
    """A sign-in link for each of these members, to be shown and not sent.

    Keeps: who had one shown at a till; that one is over after some minutes, and has no digits.
    Faults: `unknown_member`.
    """
    country = terms.versions[-1].program.country
    whom = await members.whom(tx, country, [one.member for one in batch])
    there = await read.codes(tx, [one.code_id for one in batch])
    outcomes: list[HandOutcome] = []
    codes, shown = [], []
    for one, who in zip(batch, whom, strict=True):
        if isinstance(who, Fault):
            outcomes.append(who)
            continue
        address = digest_of(keyed, "handed", who.bytes)
        about = AT_TILL if one.by else ""
        code = SignInCode(one.code_id, "sign_in", address, tx.now, who, about)
        codes.append(code)
        outcomes.append(LinkHanded(link_of(keyed, one.code_id), tx.now + code.link_lasts()))
        if one.by is not None and one.code_id not in there:
            shown.append(Done(one.by, "member.link_shown", "member", f"mem_{who.hex}"))
    await tx.write([*write.ask(tx, codes), *acted(tx, shown)])
    return outcomes


async def _sign_ins(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[AskForCode]
) -> list[Ask | Fault]:
    country = terms.versions[-1].program.country
    names = [normal_or_fault(one.by, one.address, country, field=f"/{one.by}") for one in batch]
    found = await members.resolve(tx, [name for name in names if isinstance(name, Identifier)])
    return [
        name if isinstance(name, Fault) else _sign_in(tx, keyed, one, name, found.get(name))
        for one, name in zip(batch, names, strict=True)
    ]


def _sign_in(tx: Tx, keyed: Keyed, one: AskForCode, name: Identifier, who: UUID | None) -> Ask:
    channel: Mailed = "email" if one.by == "email" else "sms"
    address = address_digest(keyed, channel, name.value)
    machine = digest_of(keyed, "machine", one.machine) if one.machine else None
    code = SignInCode(one.code_id, "sign_in", address, tx.now, who, machine=machine)
    if who is None:
        return code, None
    best_before = tx.now + KEEPS["code"]
    return code, Wanted(who, one.code_id, "code", channel, address, best_before)


def _confirm(
    tx: Tx, keyed: Keyed, one: AskToConfirm, who: UUID, names: Sequence[Identifier]
) -> Ask | Fault:
    kind = IDENTIFIED_BY[one.channel]
    value = next((name.value for name in names if name.kind == kind), None)
    if value is None:
        return Invalid(
            "this member has no address for this channel",
            field="/channel",
            mend=f"Link their {kind} first",
        )
    address = address_digest(keyed, one.channel, value)
    machine = digest_of(keyed, "machine", one.machine) if one.machine else None
    code = SignInCode(one.code_id, "consent", address, tx.now, who, one.channel, machine)
    best_before = tx.now + KEEPS["confirmation"]
    return code, Wanted(who, one.code_id, "confirmation", one.channel, address, best_before)


async def _ask(tx: Tx, asks: Sequence[Ask | Fault]) -> list[AskOutcome]:
    """Keep what is within its limits, and send what goes to members."""
    outcomes: list[AskOutcome] = []
    kept: list[SignInCode] = []
    wanted: list[Wanted] = []
    for one, (no, stands) in zip(asks, await _weighed(tx, asks), strict=True):
        if isinstance(one, Fault) or stands is None:
            outcomes.append(one if isinstance(one, Fault) else _said(no))
            continue
        (code, letter), until = one, stands.recorded_at + stands.code_lasts()
        outcomes.append(CodeAsked(code.code_id, until, replayed=stands is not code))
        if stands is code:
            kept.append(code)
            wanted += [] if letter is None else [letter]
    await tx.write([*write.ask(tx, kept), *send(tx, wanted)])
    return outcomes


def _said(no: Refused | Fault | None) -> Refused | Fault:
    assert no is not None, "a code stands, or it is said why not"
    return no


async def _weighed(
    tx: Tx, asks: Sequence[Ask | Fault]
) -> list[tuple[Refused | Fault | None, SignInCode | None]]:
    """Why each is not answered; or the code that stands, which may have been sent before."""
    await tx.fetch(_LOCK, tx.program_id)
    codes = [one[0] for one in asks if not isinstance(one, Fault)]
    before = await read.codes(tx, [code.code_id for code in codes])
    longest = max(span for span, _ in (*LIMITS, *MACHINE_LIMITS))
    machines = [code.machine for code in codes if code.machine is not None]
    asked = await read.asked(tx, [code.address for code in codes], machines, tx.now - longest)
    found: list[tuple[Refused | Fault | None, SignInCode | None]] = []
    for one in asks:
        if isinstance(one, Fault):
            found.append((one, None))
            continue
        code = one[0]
        stands = before.get(code.code_id)
        no = _too_many(code, asked, tx.now) if stands is None else _other(code, stands)
        found.append((no, None if no else stands or code))
        if no is None and stands is None:
            before[code.code_id] = code
            for who in {code.address, code.machine} - {None}:
                asked.setdefault(who, []).append(tx.now)  # type: ignore[arg-type]
    return found


def _other(code: SignInCode, stands: SignInCode) -> Fault | None:
    """Whether the code that stands under this id is for somebody or something else.

    Not of who signs in: they are answered alike, member or not.
    """
    same = (code.purpose, code.about) == (stands.purpose, stands.about)
    same = same and bytes(code.address) == bytes(stands.address)
    return None if code.purpose == "sign_in" or same else reused()


def _too_many(
    code: SignInCode, asked: dict[bytes, list[datetime]], now: datetime
) -> Refused | None:
    limits = [(code.address, limit) for limit in LIMITS]
    if code.machine is not None:
        limits += [(code.machine, limit) for limit in MACHINE_LIMITS]
    waits = []
    for who, (span, most) in limits:
        lately = sorted(at for at in asked.get(who, ()) if at > now - span)
        if len(lately) >= most:
            waits.append(lately[-most] + span - now)
    if not waits:
        return None
    seconds = int(max(waits).total_seconds()) + 1
    return Refused(
        "too_many_codes",
        "several codes were asked for here already; use the last one, or wait",
        {"retry_after_seconds": seconds},
    )
