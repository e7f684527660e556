"""Points by hand for many members: begun within limits, granted by a colleague, gone through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound
from regulars.base.money import LARGEST
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.by_hand import (
    already_decided,
    first_of_month,
    own_request,
    worth_of,
    worths,
)
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.membership.office.commands import (
    BeginRound,
    DecideRound,
    RoundKept,
    RoundOutcome,
    StepRound,
    StopRound,
)
from regulars.records.access.office import read, write
from regulars.records.access.office.types import Round, RoundState
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.settings import NO_LIMIT
from regulars.records.access.staff.types import By, Staff, principal_of, staff_of
from regulars.records.access.staff.write import Done, acted
from regulars.records.access.watching.write import Budget, hold_goodwill
from regulars.records.activity.types import NOBODY
from regulars.records.once.read import known
from regulars.records.once.types import idempotency_key
from regulars.records.once.write import keep

MOST: Final = 10_000
"""Members of one round."""
AT_ONCE: Final = 100
"""Members held in one transaction: for some tens of milliseconds, so no till waits longer."""


async def begin_rounds(tx: Tx, terms: Terms, batch: Sequence[BeginRound]) -> list[RoundOutcome]:
    """Each round once: it is gone through by the worker, or waits for a colleague.

    Order: what it comes to for all members together is compared with the limit and with what is
    left of the month's budget; beyond either, somebody else has to say yes (ADR 0418). What their
    other rounds still have to book counts as given, and nobody else counts meanwhile.
    Faults: whose role does not; nobody or too many; no reason; unknown wallet.
    """
    asked: list[Asking[Any]] = askings("round", batch, lambda _: None)
    await sort_out(tx, asked, RoundKept)
    fresh = [one for one in asked if one.open]
    given = await _hold_budgets(tx, terms, fresh)
    for item in fresh:
        who = await _who(tx, By(staff_of(item.command.asked.principal)), Permission.ADJUST_WRITE)
        no = who if isinstance(who, Fault) else _wrong(terms, tx, item.command)
        item.outcome = no
        if no is None:
            assert isinstance(who, Staff)
            await _begin(tx, terms, item, (who, given))
    return settle_followers(asked)


async def turn_rounds(
    tx: Tx, terms: Terms, batch: Sequence[DecideRound | StopRound]
) -> list[RoundOutcome]:
    """A colleague says yes or no to a round; or it is stopped, with what was booked staying so.

    Refuses: deciding one's own (`own_request`), and what is decided or over (`already_decided`).
    Faults: whose role does not; no such round.
    """
    return [await _turn(tx, one) for one in batch]


async def step_rounds(tx: Tx, terms: Terms, batch: Sequence[StepRound]) -> list[RoundOutcome]:
    """The worker went on: counted once, however often it is said. Faults: no such round."""
    answers: list[RoundOutcome] = []
    for one in batch:
        step = (one.begin, one.end)
        await write.step_round(tx, one.round_id, step, one.booked, one.left_out)
        found = await read.one_round(tx, one.round_id)
        answers.append(RoundKept(found.round_id, found.state) if found else _nothing())
    return answers


async def _hold_budgets(tx: Tx, terms: Terms, asked: Sequence[Asking[Any]]) -> dict[Budget, int]:
    """What was given this month by whoever begins a round, held as for one gift by hand."""
    month_on = first_of_month(terms, tx.now)
    who = {staff_of(one.command.asked.principal) for one in asked} - {None}
    budgets = [
        Budget(one, wallet, month_on)
        for one in who
        if one is not None
        for wallet in terms.at(tx.now).program.wallets
    ]
    return await hold_goodwill(tx, budgets) if budgets else {}


async def _begin(
    tx: Tx, terms: Terms, item: Asking[Any], whose: tuple[Staff, Mapping[Budget, int]]
) -> None:
    command: BeginRound = item.command
    who, _ = whose
    ids = tuple(dict.fromkeys(command.member_ids))
    one = Round(
        round_id=tx.new_id(),
        wallet=command.wallet,
        units=command.units,
        reason=command.reason.strip(),
        members=len(ids),
        place=0,
        booked=0,
        state="waiting",
        asked_by=who.staff_id,
        asked_at=tx.now,
    )
    state: RoundState = "going" if await _may_alone(tx, terms, one, whose) else "waiting"
    item.outcome = RoundKept(one.round_id, state)
    after = {"wallet": one.wallet, "units": one.units, "members": one.members, "state": state}
    by = By(who.staff_id, address=command.address)
    done = Done(by, "round.begun", "round", one.round_id.hex, after=after)
    rows = keep(tx, kept(item, NOBODY, one.round_id))
    await tx.write(
        [*write.ask_round(tx, replace(one, state=state), ids), *acted(tx, [done]), *rows]
    )


async def _may_alone(
    tx: Tx, terms: Terms, one: Round, whose: tuple[Staff, Mapping[Budget, int]]
) -> bool:
    """Whether all of it together is within one's limit and what is left of the budget.

    Keeps: what other rounds of theirs have still to book counts too, or two would pass both.
    """
    who, held = whose
    chosen, others = await staff_read.chosen(tx), await read.going_alone(tx, who.staff_id)
    given = {budget.wallet: n for budget, n in held.items() if budget.staff_id == who.staff_id}
    for each in others:
        given[each.wallet] = given.get(each.wallet, 0) + max(0, each.rest)
    left = chosen.of("goodwill_budget", who.role) - given.get(one.wallet, 0)
    money = chosen.of("goodwill_worth", who.role)
    if one.units > 0 and money != NO_LIMIT:
        total = {**given, one.wallet: given.get(one.wallet, 0) + one.total}
        if worth_of(worths(terms.at(tx.now).program), total) > money:
            return False
    moved = sum(abs(each.rest) for each in (one, *others) if each.wallet == one.wallet)
    within = moved <= chosen.of("adjust_limit", who.role)
    return within and one.total <= max(left, 0)


async def _turn(tx: Tx, one: DecideRound | StopRound) -> RoundOutcome:
    needed = Permission.ADJUST_APPROVE if isinstance(one, DecideRound) else Permission.ADJUST_WRITE
    who = await _who(tx, one.by, needed)
    found = await read.one_round(tx, one.round_id)
    if isinstance(who, Fault) or found is None:
        return who if isinstance(who, Fault) else _nothing()
    if isinstance(one, StopRound):
        if found.asked_by != who.staff_id and not who.may(Permission.ADJUST_APPROVE):
            return Forbidden("somebody else began this round; ask them to stop it")
        done, did = await _stop(tx, one.round_id), "round.stopped"
        state = "stopped"
    else:
        if found.asked_by == who.staff_id:
            return own_request()
        state = "going" if one.yes else "rejected"
        done = await write.decide_round(tx, one.round_id, state, who.staff_id)
        did = "round.granted" if one.yes else "round.rejected"
    if not done:
        return already_decided()
    await tx.write(acted(tx, [Done(one.by, did, "round", one.round_id.hex)]))
    return RoundKept(one.round_id, state)  # type: ignore[arg-type]


async def _stop(tx: Tx, round_id: UUID) -> bool:
    """Stop it, whether it was open.

    Order: what a killed worker booked and did not count is counted first, by the keys of the parts;
    a worker that counts meanwhile waits for this and then finds it counted.
    """
    stretch = await read.hold_round(tx, round_id, AT_ONCE)
    if stretch is not None:
        place, ids = stretch.round.place, stretch.member_ids
        principal = principal_of(stretch.round.asked_by)
        keys = [idempotency_key(principal, "adjust", part_key(round_id, id_)) for id_ in ids]
        booked = await known(tx, keys)
        if booked:
            end = place + max(at for at, one in enumerate(keys, 1) if one in booked)
            await write.step_round(tx, round_id, (place, end), len(booked), {})
    return await write.stop_round(tx, round_id)


def part_key(round_id: UUID, member_id: UUID) -> str:
    """The key under which a member's part of a round is booked, whenever it is asked for."""
    return f"round-{round_id.hex}-{member_id.hex}"


async def _who(tx: Tx, by: By, needed: Permission) -> Staff | Fault:
    who = await staff_read.one_staff(tx, by.staff_id) if by.staff_id else None
    if who is None or not who.may(needed):
        return Forbidden("your role does not do this; ask an owner")
    return who


def _wrong(terms: Terms, tx: Tx, command: BeginRound) -> Fault | None:
    if command.wallet not in terms.at(tx.now).program.wallets:
        return Invalid(f"there is no wallet {command.wallet} in this program", field="/wallet")
    if command.units == 0 or abs(command.units) * MOST > LARGEST:
        return Invalid("give or take at least 1, and less than this", field="/units")
    if not 0 < len(command.member_ids) <= MOST:
        return Invalid(f"a round is for 1 to {MOST} members", field="/member_ids")
    if not command.reason.strip():
        return Invalid("say why, so that it can be understood later", field="/reason")
    return None


def _nothing() -> Fault:
    return NotFound("there is no such round here", field="/round_id")
