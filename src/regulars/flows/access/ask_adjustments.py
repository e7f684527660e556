"""Staff ask a colleague for an adjustment beyond what they may do; a colleague says no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound, Refused
from regulars.base.money import LARGEST
from regulars.base.tx import Tx, Write
from regulars.engine.deciding.adjust import chosen_end
from regulars.engine.terms import Terms
from regulars.flows.access.by_hand import already_decided, own_request
from regulars.flows.access.commands import AskAdjustment, RejectAdjustment, RequestKept
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.named import find_named
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.read import some_staff
from regulars.records.access.staff.types import By, Staff, staff_of
from regulars.records.access.staff.write import Done, acted
from regulars.records.access.watching import write
from regulars.records.access.watching.types import AdjustmentRequest
from regulars.records.activity.types import NOBODY
from regulars.records.once.write import keep

RequestOutcome = RequestKept | Refused | Fault


async def ask_adjustments(
    tx: Tx, terms: Terms, batch: Sequence[AskAdjustment | RejectAdjustment]
) -> list[RequestOutcome]:
    """Keep what staff ask for until a colleague books it, or says no; each once.

    Order: what is granted is booked by `adjust_balances`, which decides the request with it.
    Refuses: their own membership; deciding what one asked for; what was decided before.
    Faults: whose role does not ask or decide; no reason; unknown member or wallet.
    """
    asked: list[Asking[Any]] = askings(
        lambda one: f"request:{type(one).__name__}", batch, lambda _: None
    )
    await sort_out(tx, asked, RequestKept)
    who = {staff_of(item.command.asked.principal) for item in asked} - {None}
    staff = await some_staff(tx, [one for one in who if one is not None]) if who else {}
    todo = [item for item in asked if item.open]
    for item in todo:
        item.outcome = _wrong(terms, tx, item.command, staff)
    wishes = [one for one in todo if one.open and isinstance(one.command, AskAdjustment)]
    found = await find_named(tx, terms, wishes, lambda one: one.member, "/member")
    noes = [one for one in todo if one.open and isinstance(one.command, RejectAdjustment)]
    held = await write.hold_requests(tx, [one.command.request_id for one in noes]) if noes else {}
    for item in todo:
        if item.place in found:
            await _ask(tx, item, found[item.place])
        elif item.open:
            await _reject(tx, item, held)
    return settle_followers(asked)


async def _ask(tx: Tx, item: Asking[AskAdjustment], member_id: UUID) -> None:
    command, by = item.command, _by(item.command)
    assert by.staff_id is not None
    request = AdjustmentRequest(
        request_id=tx.new_id(),
        member_id=member_id,
        wallet=command.wallet,
        units=command.units,
        reason=command.reason.strip(),
        asked_by=by.staff_id,
        asked_at=tx.now,
        expires_on=command.expires_on,
    )
    item.outcome = RequestKept(request.request_id, "waiting")
    after = {"wallet": command.wallet, "units": command.units, "member": member_id.hex}
    if command.expires_on:
        after["expires_on"] = command.expires_on
    done = Done(by, "request.asked", "request", request.request_id.hex, after=after)
    await _write(tx, item, write.ask(tx, request), done)


async def _reject(
    tx: Tx, item: Asking[RejectAdjustment], held: dict[UUID, AdjustmentRequest]
) -> None:
    command, by = item.command, _by(item.command)
    request = held.get(command.request_id)
    if request is None:
        item.outcome = NotFound("there is no such request here", field="/request_id")
    elif request.state != "waiting":
        item.outcome = already_decided()
    elif request.asked_by == by.staff_id:
        item.outcome = own_request()
    else:
        assert by.staff_id is not None
        held.pop(command.request_id)
        item.outcome = RequestKept(request.request_id, "rejected")
        no = write.Decision(request.request_id, "rejected", by.staff_id, note=command.note.strip())
        done = Done(by, "request.rejected", "request", request.request_id.hex)
        await _write(tx, item, write.decide(tx, [no]), done)


async def _write(tx: Tx, item: Asking[Any], writes: list[Write], done: Done) -> None:
    rows = kept(item, NOBODY, item.outcome.request_id)
    await tx.write([*writes, *acted(tx, [done]), *keep(tx, rows)])


def _wrong(
    terms: Terms, tx: Tx, command: AskAdjustment | RejectAdjustment, staff: dict[UUID, Staff]
) -> Fault | None:
    asks = isinstance(command, AskAdjustment)
    needed = Permission.ADJUST_ASK if asks else Permission.ADJUST_APPROVE
    one = staff.get(staff_of(command.asked.principal) or NOBODY)
    if one is None or not one.may(needed):
        return Forbidden("your role does not do this; ask an owner")
    if isinstance(command, RejectAdjustment):
        return None
    return _wrong_wish(terms, tx, command)


def _wrong_wish(terms: Terms, tx: Tx, command: AskAdjustment) -> Fault | None:
    if command.wallet not in terms.at(tx.now).program.wallets:
        return Invalid(f"there is no wallet {command.wallet} in this program", field="/wallet")
    if command.units == 0 or abs(command.units) > LARGEST:
        return Invalid("give or take at least 1 and at most 2^53-1", field="/units")
    if command.expires_on and command.units < 0:
        return Invalid("what is taken has no end", field="/expires_on")
    try:
        chosen_end(terms.at(tx.now).zone, tx.now, command.expires_on)
    except Invalid as no:
        return no
    if not command.reason.strip():
        return Invalid("say why, so that it can be understood later", field="/reason")
    return None


def _by(command: AskAdjustment | RejectAdjustment) -> By:
    return By(staff_of(command.asked.principal), address=command.address)
