"""Points by hand for many members: begun within limits, granted by a colleague, gone through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

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
from regulars.records.access.staff.types import By, Staff, staff_of
from regulars.records.access.staff.write import Done, acted
from regulars.records.access.watching.read import goodwill_given
from regulars.records.activity.types import NOBODY
from regulars.records.once.write import keep

MOST: Final = 10_000
"""Members of one round."""


async def begin_rounds(tx: Tx, terms: Terms, batch: Sequence[BeginRound]) -> list[RoundOutcome]:
    """Each round once: it is gone through by the worker, or waits for a colleague.

    Order: what it comes to for all members together is compared with the limit and with what is
    left of the month's budget; beyond either, somebody else has to say yes (ADR 0418).
    Faults: whose role does not; nobody or too many; no reason; unknown wallet.
    """
    asked: list[Asking[Any]] = askings("round", batch, lambda _: None)
    await sort_out(tx, asked, RoundKept)
    for item in [one for one in asked if one.open]:
        who = await _who(tx, By(staff_of(item.command.asked.principal)), Permission.ADJUST_WRITE)
        no = who if isinstance(who, Fault) else _wrong(terms, tx, item.command)
        item.outcome = no
        if no is None:
            assert isinstance(who, Staff)
            await _begin(tx, terms, item, who)
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
        await write.step_round(tx, one.round_id, (one.begin, one.end), one.booked)
        found = await read.one_round(tx, one.round_id)
        answers.append(RoundKept(found.round_id, found.state) if found else _nothing())
    return answers


async def _begin(tx: Tx, terms: Terms, item: Asking[Any], who: Staff) -> None:
    command: BeginRound = item.command
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
    state: RoundState = "going" if await _may_alone(tx, terms, who, one) else "waiting"
    item.outcome = RoundKept(one.round_id, state)
    after = {"wallet": one.wallet, "units": one.units, "members": one.members, "state": state}
    by = By(who.staff_id, address=command.address)
    done = Done(by, "round.begun", "round", one.round_id.hex, after=after)
    rows = keep(tx, kept(item, NOBODY, one.round_id))
    await tx.write(
        [*write.ask_round(tx, replace(one, state=state), ids), *acted(tx, [done]), *rows]
    )


async def _may_alone(tx: Tx, terms: Terms, who: Staff, one: Round) -> bool:
    """Whether all of it together is within one's limit and what is left of the budget."""
    chosen = await staff_read.chosen(tx)
    given = await goodwill_given(tx, who.staff_id, first_of_month(terms, tx.now))
    left = chosen.of("goodwill_budget", who.role) - given.get(one.wallet, 0)
    money = chosen.of("goodwill_worth", who.role)
    if one.units > 0 and money != NO_LIMIT:
        total = {**given, one.wallet: given.get(one.wallet, 0) + one.total}
        if worth_of(worths(terms.at(tx.now).program), total) > money:
            return False
    within = abs(one.total) <= chosen.of("adjust_limit", who.role)
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
        done, did = await write.stop_round(tx, one.round_id), "round.stopped"
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
