"""Who stands at the till: cashiers by their PIN, members by the code of their card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Annotated, Any, Final, Protocol
from uuid import UUID, uuid5

from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.base.faults import Refused
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.commands import CardShown
from regulars.flows.access.use_card_codes import UseCardCode, use_card_codes
from regulars.flows.commands import Redeem
from regulars.flows.redeem_rewards import redeem_rewards
from regulars.flows.tills.note_approvals import NoteApproval, note_approvals
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.permissions import Permission, permits
from regulars.records.access.staff.types import staff_of
from regulars.records.access.types import Scope
from regulars.records.members.types import Asked
from regulars.records.tills.types import Till
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.front.by_when import saying_by_when
from regulars.surfaces.api.operations.rewarding.rewards import WHY_NOT
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.strict.showing import shown_code
from regulars.surfaces.api.wire.parts import CurrencyText, Slug, Whom, member_of
from regulars.surfaces.api.wire.rewarding.rewards import (
    PriceAsShown,
    RedemptionDone,
    redemption_done,
)
from regulars.surfaces.console.door.proving import House, Prover, pin_right
from regulars.surfaces.given import Flow
from regulars.surfaces.till.sync import examples
from regulars.surfaces.till.sync.devices import working
from regulars.surfaces.till.sync.reading import acting, here
from regulars.surfaces.ui.looks import Looks

GOOD_HOURS: Final = 72
"""So long a device may believe a PIN by itself, once it was right here."""

Cashier = Annotated[str, Meta(max_length=80)]
_one_prover = lru_cache(Prover)


class TillCashier(Struct, frozen=True):
    """Somebody who may take over this till by their PIN; `id` is what records call them by."""

    id: str
    name: str
    approves: bool = False
    """Their PIN is good for what costs more than `redeem_limit`."""


class TillCashiers(Struct, frozen=True):
    """Who may take over this till; nobody, and it is worked without a PIN."""

    server_at: datetime
    lock_minutes: int
    """After so many minutes without a touch the till asks for a PIN again."""
    good_hours: int
    """So long a PIN that was right here may be believed without the network."""
    items: list[TillCashier]


class CashierSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody types their PIN."""

    cashier: Cashier
    pin: Annotated[str, Meta(min_length=1, max_length=20)]


class CashierIn(Struct, frozen=True):
    """Somebody took over the till."""

    server_at: datetime
    id: str
    name: str


class CardCodeSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What the square of a member's card says."""

    code: Annotated[str, Meta(max_length=100)]


class CardProved(Struct, frozen=True):
    """The member is there, with their own telephone."""

    member_id: str


class HandedOverSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A reward is handed over at this till, by this cashier."""

    member: Whom
    reward: Slug
    cashier: Cashier = ""
    approved_by: Cashier = ""
    """Who says yes above the shop's limit (`redeem_limit`): somebody who may approve."""
    pin: Annotated[str, Meta(max_length=20)] = ""
    """Theirs."""
    card_code: Annotated[str, Meta(max_length=100)] = ""
    """What the square of the member's card said, where it was shown."""
    currency: CurrencyText | UnsetType = UNSET
    """In which they pay; the program's, unless said. The reward must have a worth there."""
    price: PriceAsShown | UnsetType = UNSET
    """So many points, by wallet, as the screen showed it; where it takes others by now it is
    refused (`price_changed`), with what it takes."""


async def cashiers(call: Call) -> Reply:
    """Who may take over this till."""
    till = await working(call)

    async def look(tx: Tx, _: Terms) -> tuple[Sequence[Any], int]:
        return await staff.at_the_till(tx, till.store), (await staff.chosen(tx)).of("till_minutes")

    people, minutes = await call.read(look)
    items = [
        TillCashier(one.principal, one.name, permits(one.role, Permission.ADJUST_APPROVE))
        for one in people
    ]
    return Reply(TillCashiers(call.now, minutes, GOOD_HOURS, items))


async def unlock(call: Call) -> Reply:
    """Somebody takes over the till."""
    till, sent = await working(call), call.sent
    house = House(
        call.given, _one_prover(call.given.random_bytes), call.access.forget, Looks(call.given)
    )
    who = staff_of(sent.cashier) or UUID(int=0)
    typed = (till.store, sent.pin)
    found = granted(await pin_right(house, call.caller.program_id, who, typed, till.principal))
    return Reply(CashierIn(call.now, found.principal, found.name))


async def card(call: Call) -> Reply:
    """A member shows the changing code of their card."""
    till = await working(call)
    command = UseCardCode(call.sent.code, uuid5(till.till_id, call.asked.key), till.principal)
    proved: CardShown = await call.do(_taking(call.given.keyed), command)
    return Reply(CardProved(shown("mem", proved.member_id)))


@lru_cache(4)
def _taking(keyed: Keyed) -> Flow:
    """One flow for each key, so that tills who ask at once are asked for in one batch."""

    async def use(tx: Tx, _: Terms, batch: Sequence[UseCardCode]) -> Sequence[Any]:
        return await use_card_codes(tx, keyed, batch)

    return use


async def hand_over(call: Call) -> Reply:
    """A member is given a reward at this till."""
    till, sent = await working(call), call.sent
    principal, who = await proven(call, till, sent.cashier)
    home = (await call.terms()).at(call.now).program.currency
    told = "" if isinstance(sent.currency, UnsetType) else sent.currency
    command = Redeem(
        member=member_of(sent.member),
        reward=sent.reward,
        store=till.store,
        channel="till",
        capture=True,
        currency="" if told == home else told,
        shown=None if sent.price is UNSET else sent.price,
        asked=Asked(
            principal if who else call.caller.principal,
            call.asked.key,
            shown_code(call, sent.card_code, till.principal),
            alone=not await approved(call, till, sent, sent.reward),
        ),
    )
    async with saying_by_when(call, command.member, command.reward):
        answer = await call.do(redeem_rewards, command)
    body = redemption_done(answer)
    return Reply(body, 201, answer.replayed, f"/v1/redemptions/{body.id}")


async def proven(call: Call, till: Till, cashier: str) -> tuple[str, UUID | None]:
    """As whom a till asks, and who of the shop that is. Refuses: `pin_wrong`."""
    principal = acting(cashier, till)
    who = staff_of(principal)
    if who is not None:
        async with call.transaction as tx:
            found = await staff.one_staff(tx, who)
        if not here(found, till, call.now):
            granted(Refused("pin_wrong", "nobody of this store has this name; type the PIN again"))
    return principal, who


class ApprovedBy(Protocol):
    """What is to be handed over, and who says yes to it."""

    @property
    def member(self) -> Whom: ...
    @property
    def approved_by(self) -> str: ...
    @property
    def pin(self) -> str: ...


async def approved(call: Call, till: Till, sent: ApprovedBy, reward: str) -> bool:
    """Whether somebody who may approve said yes by their PIN, each time anew.

    Keeps: whether anybody has to is decided with the redemption (`Asked.alone`), for only there it
    is known how many points are taken.
    Refuses: `manager_needed`, `pin_wrong`, `too_many_tries`.
    """
    who = staff_of(sent.approved_by)
    if who is None:
        return False
    prover = _one_prover(call.given.random_bytes)
    house = House(call.given, prover, call.access.forget, Looks(call.given))
    typed = (till.store, sent.pin)
    found = granted(await pin_right(house, call.caller.program_id, who, typed, till.principal))
    if not permits(found.role, Permission.ADJUST_APPROVE):
        granted(Refused("manager_needed", "whoever agrees to it has to be a manager"))
    member = member_of(sent.member)
    await call.do(note_approvals, NoteApproval(found.staff_id, member, reward, till.principal))
    return True


_operation = partial(Operation, tag="Tills", scopes=(Scope.TILL,))
OPERATIONS: Final = (
    _operation(
        method="GET",
        path="/v1/till/cashiers",
        name="list_cashiers",
        says="Who may take over this till by their PIN",
        answers={200: TillCashiers},
        answer_example=examples.CASHIERS,
        codes=("not_found", "gone"),
        do=cashiers,
    ),
    _operation(
        method="POST",
        path="/v1/till/cashiers/unlock",
        name="unlock_till",
        once=Once.ANEW,
        says="A cashier takes over the till by their PIN",
        notes="What the till records from then on names them (`cashier` of a record), and is "
        "booked as theirs: nobody credits or redeems for themselves. Tries are counted per cashier "
        "and till.",
        sent=CashierSent,
        answers={200: CashierIn},
        example=examples.CASHIER_SENT,
        answer_example=examples.CASHIER_IN,
        codes=("not_found", "gone", "pin_wrong", "too_many_tries"),
        do=unlock,
    ),
    _operation(
        method="POST",
        path="/v1/till/cards",
        name="show_card",
        once=Once.PARTS,
        says="A member shows the changing code of their card",
        notes="The code is good for a minute and is taken once; whoever asks again under the same "
        "Idempotency-Key is answered as before.",
        sent=CardCodeSent,
        answers={200: CardProved},
        example=examples.CARD_CODE,
        answer_example=examples.CARD_PROVED,
        codes=("not_found", "gone", "card_code_wrong", "card_code_used"),
        do=card,
    ),
    _operation(
        method="POST",
        path="/v1/till/redemptions",
        name="hand_over_reward",
        says="A reward is handed over at this till",
        notes="As `POST /v1/redemptions` with `capture`, in the till's store and as its cashier's. "
        "Above the shop's `redeem_limit` a manager of the store types their PIN for it. Above the "
        "program's `spending_proof` the member shows the code of their card (`card_code`, also "
        "after `POST /v1/till/cards` took it here; one showing, one reward).",
        sent=HandedOverSent,
        answers={201: RedemptionDone},
        example=examples.HANDED_OVER,
        answer_example=examples.REDEEMED,
        codes=(
            "not_found", "gone", "pin_wrong", *WHY_NOT, "price_changed",
            "own_membership", "manager_needed", "too_many_tries",
        ),
        do=hand_over,
    ),
)  # fmt: skip
