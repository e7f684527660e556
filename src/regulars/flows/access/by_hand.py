"""How much staff may give and take by hand: limits, budgets, and what a colleague grants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from math import floor
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound, Refused
from regulars.base.money import decimals
from regulars.base.tx import Tx, Write
from regulars.engine.calendar import local
from regulars.engine.terms import Terms
from regulars.flows.access.own import own_membership, own_memberships
from regulars.flows.batch.askings import Asking
from regulars.flows.commands import Adjust, Adjusted
from regulars.records.access.office.read import meant as rounds_of
from regulars.records.access.office.types import Round
from regulars.records.access.staff import read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.settings import NO_LIMIT, Chosen
from regulars.records.access.staff.types import By, Staff, staff_of
from regulars.records.access.staff.write import Done, acted
from regulars.records.access.watching.types import AdjustmentRequest
from regulars.records.access.watching.write import (
    Budget,
    Decision,
    decide,
    give,
    hold_goodwill,
    hold_requests,
)
from regulars.records.program.checks.caution.worths import worths_of
from regulars.records.program.types import Program

_NOTHING: Final = Fraction(0)


class Hands(Struct):
    """What staff may still do by hand, while a batch is decided."""

    staff: Mapping[UUID, Staff]
    chosen: Chosen
    month_on: date
    given: dict[Budget, int]
    requests: dict[UUID, AdjustmentRequest]
    touched: dict[Budget, int] = {}
    decisions: list[Decision] = []
    done: list[Done] = []
    rounds: Mapping[UUID, tuple[Round, frozenset[UUID]]] = {}
    """Rounds of this batch, and for which of its members they are."""
    worth: Mapping[str, Fraction] = {}
    """What a smallest unit of each wallet is worth, in whole units of the currency."""
    own: Mapping[UUID, frozenset[UUID]] = {}
    """Which members those are who granted them."""

    def judge(self, command: Adjust, member_id: UUID) -> Refused | Fault | None:
        """Whether this may be done: by a key always, by staff within limit and budget.

        Refuses: `above_limit`, `goodwill_budget_used`, and for what a colleague asked for
        `own_request`, `already_decided`. Faults: forbidden; no such request; another content.
        """
        staff_id = staff_of(command.asked.principal)
        if staff_id is None:
            return _only_staff(command)
        one = self.staff.get(staff_id)
        if command.approves is not None:
            return self._judge_approval(command, member_id, one)
        no = None if command.round is None else self._judge_round(command, member_id, staff_id)
        return no if no is not None or self._granted(command) else self._within(command, one)

    def _within(self, command: Adjust, one: Staff | None) -> Refused | Fault | None:
        if one is None or not one.may(Permission.ADJUST_WRITE):
            return Forbidden("your role gives and takes no points by hand; ask for it")
        limit = self.chosen.of("adjust_limit", one.role)
        if abs(command.units) > limit:
            return Refused(
                "above_limit",
                f"at most {limit} at once; somebody else has to grant more",
                {"limit": limit, "wallet": command.wallet},
            )
        left = self._budget_of(one) - self.given.get(self._budget(one, command.wallet), 0)
        if command.units > left:
            return Refused(
                "goodwill_budget_used",
                f"{max(left, 0)} are left of this month's budget; somebody else has to grant more",
                {"left": max(left, 0), "wallet": command.wallet},
            )
        spare = self._worth_left(one)
        if command.units > 0 and spare is not None:
            asked = self.worth.get(command.wallet, _NOTHING) * command.units
            if asked > spare:
                return Refused(
                    "goodwill_worth_used",
                    f"points worth {floor(spare)} are left of this month's budget in money; "
                    "somebody else has to grant more",
                    {"left": floor(spare), "wallet": command.wallet},
                )
        return None

    def _worth_left(self, one: Staff) -> Fraction | None:
        """What is left of the budget in money; nothing where there is none. Never below zero."""
        budget = self.chosen.of("goodwill_worth", one.role)
        if budget == NO_LIMIT:
            return None
        used = worth_of(
            self.worth,
            {
                b.wallet: n
                for b, n in self.given.items()
                if b.staff_id == one.staff_id and b.month_on == self.month_on
            },
        )
        return max(_NOTHING, budget - used)

    def booked(self, command: Adjust, outcome: Adjusted) -> None:
        """It is done: the budget is less by it, the request granted, and it is written down."""
        staff_id = staff_of(command.asked.principal)
        if staff_id is None:
            return
        if command.approves is not None:
            granted = Decision(command.approves, "booked", staff_id, outcome.entry_id)
            self.decisions.append(granted)
            asked_for = self.requests[command.approves]
            self.requests[command.approves] = replace(asked_for, state="booked")
        elif command.units > 0 and not self._granted(command):
            budget = self._budget(self.staff[staff_id], command.wallet)
            self.given[budget] += command.units
            self.touched[budget] = self.given[budget]
        after = {
            "wallet": command.wallet,
            "units": command.units,
            "entry": outcome.entry_id.hex,
            "left": outcome.balances.get(command.wallet, 0),
        }
        if command.expires_on:
            after["expires_on"] = command.expires_on
        if command.approves is not None:
            after["request"] = command.approves.hex
        if command.round is not None:
            after["round"] = command.round.hex
        by = By(staff_id, address=command.address)
        self.done.append(Done(by, "points.adjusted", "member", outcome.member_id.hex, after=after))

    def writes(self, tx: Tx) -> list[Write]:
        """Budgets, requests and acts as they are now."""
        return [*give(tx, self.touched), *decide(tx, self.decisions), *acted(tx, self.done)]

    def _judge_approval(
        self, command: Adjust, member_id: UUID, one: Staff | None
    ) -> Refused | Fault | None:
        if one is None or not one.may(Permission.ADJUST_APPROVE):
            return Forbidden("your role grants no adjustments of colleagues")
        assert command.approves is not None
        request = self.requests.get(command.approves)
        if request is None:
            return NotFound("there is no such request here", field="/approves")
        if request.state != "waiting":
            return already_decided()
        if request.asked_by == one.staff_id:
            return own_request()
        meant = (request.member_id, request.wallet, request.units, request.expires_on)
        if meant != (member_id, command.wallet, command.units, command.expires_on):
            return Invalid("this is not what was asked for", field="/approves")
        return None

    def _judge_round(self, command: Adjust, member_id: UUID, by: UUID) -> Refused | Fault | None:
        """Whether a round says exactly this, and nobody who granted it has it of it."""
        assert command.round is not None
        found = self.rounds.get(command.round)
        if found is None:
            return NotFound("there is no such round here", field="/round")
        one, members = found
        if one.state != "going":
            return already_decided()
        # Who was merged since is not found under their own id: nobody has it twice.
        meant = (one.asked_by, one.wallet, one.units, command.member.id, member_id in members)
        if meant != (by, command.wallet, command.units, member_id, True):
            return Invalid("this is not what the round is about", field="/round")
        if one.decided_by is not None and member_id in self.own.get(one.decided_by, ()):
            return own_membership()
        return None

    def _granted(self, command: Adjust) -> bool:
        """Whether a colleague said yes to it, so that it is of nobody's budget."""
        return command.round is not None and self.rounds[command.round][0].decided_by is not None

    def _budget_of(self, one: Staff) -> int:
        return self.chosen.of("goodwill_budget", one.role)

    def _budget(self, one: Staff, wallet: str) -> Budget:
        return Budget(one.staff_id, wallet, self.month_on)


async def hold_hands(
    tx: Tx, terms: Terms, items: Sequence[Asking[Adjust]], found: Mapping[int, UUID]
) -> Hands:
    """What staff of this batch may do by hand, their budgets and requests held.

    Order: after the members are held; requests before budgets, each in the order of their ids.
    Where no staff ask, nothing is looked up.
    """
    asking = [item.command for item in items if staff_of(item.command.asked.principal)]
    month_on = first_of_month(terms, tx.now)
    if not asking:
        return Hands({}, Chosen({}), month_on, {}, {})
    ids = [one.approves for one in asking if one.approves is not None]
    requests = await hold_requests(tx, ids) if ids else {}
    # All wallets of whoever gives: together they are worth something in money.
    program = terms.at(tx.now).program
    budgets = [
        Budget(staff_id, wallet, month_on)
        for one in asking
        if one.approves is None
        and one.units > 0
        and (staff_id := staff_of(one.asked.principal)) is not None
        for wallet in {one.wallet, *program.wallets}
    ]
    given = await hold_goodwill(tx, budgets) if budgets else {}
    who = [one for item in asking if (one := staff_of(item.asked.principal)) is not None]
    staff = await read.some_staff(tx, who)
    hands = Hands(staff, await read.chosen(tx), month_on, given, requests)
    hands.worth = worths(program)
    named = {one.round for one in asking if one.round is not None}
    if named:
        hands.rounds = await rounds_of(tx, sorted(named), list(found.values()))
        granted = {one.decided_by for one, _ in hands.rounds.values()} - {None}
        who_granted = await read.some_staff(tx, [one for one in granted if one is not None])
        hands.own = await own_memberships(tx, terms, who_granted.values())
    return hands


def worths(program: Program) -> dict[str, Fraction]:
    """What a smallest unit of each wallet is worth to a member, in whole units of the currency."""
    unit = 10 ** decimals(program.currency)
    return {wallet: minor * Fraction(1, unit) for wallet, minor in worths_of(program).items()}


def worth_of(worth: Mapping[str, Fraction], given: Mapping[str, int]) -> Fraction:
    """What these units of these wallets are worth together; a wallet without rewards nothing."""
    return sum((worth.get(wallet, _NOTHING) * units for wallet, units in given.items()), _NOTHING)


def first_of_month(terms: Terms, now: datetime) -> date:
    """The first day of the month it is in the shop: the one that budgets are counted in."""
    return date.fromordinal(local(terms.at(now).zone, now).day).replace(day=1)


def already_decided() -> Refused:
    """What somebody is told who comes second."""
    return Refused("already_decided", "somebody decided this request before")


def own_request() -> Refused:
    """What somebody is told who decides what they asked for."""
    return Refused("own_request", "somebody else decides what you asked for")


def _only_staff(command: Adjust) -> Fault | None:
    if command.approves is None:
        return None
    return Forbidden("only somebody of the shop grants what a colleague asked for")
