"""Pay out: everybody who is due something gets one credit transfer, and nobody gets two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.calendar import local
from regulars.engine.rewarding.cashback.due import Paying, minimum_of, pay_out
from regulars.engine.rewarding.having import wallet_code
from regulars.engine.state import Changes
from regulars.engine.terms import Terms, Version
from regulars.flows.batch.append import writes_of
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    look_again,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.load import hold_members
from regulars.flows.batch.overdue import lapse_overdue
from regulars.flows.batch.pocket import load_allowances
from regulars.flows.points.payouts.commands import (
    PayoutsRun,
    RunOutcome,
    RunPayouts,
    no_payouts,
)
from regulars.records.activity.types import NOBODY
from regulars.records.once.types import natural_key
from regulars.records.once.write import keep
from regulars.records.rewards.payouts import read, write
from regulars.records.rewards.payouts.iban import bic_of, holder_of, iban_of
from regulars.records.rewards.payouts.types import Payout, PayoutRun
from regulars.records.rewards.types import Redemption
from regulars.records.rewards.write import open_redemptions

MOST_PAYOUTS: Final = 2_000
"""So many members in one run and one file; the others come with the next."""


class Paid(Struct):
    """What a run took so far."""

    changes: Changes
    lapsed: list[Write] = []
    taken: list[Redemption] = []
    payouts: list[Payout] = []


async def run_payouts(tx: Tx, terms: Terms, batch: Sequence[RunPayouts]) -> list[RunOutcome]:
    """Make each run once: what members are due leaves their wallets and is written down for the
    bank, in one transaction; the file is made of that whenever it is asked for.

    Order: one run at a time in a program; its members are locked before anything is looked at, so
    what a till spends meanwhile is not paid out too.
    Refuses: `no_payouts`, `nothing_due`. Faults: an account of the shop that is wrong, a day that
    is over.
    """
    await read.alone(tx)
    asked = askings("run_payouts", batch, _receipt)
    await sort_out(tx, asked, PayoutsRun)
    for item in asked:
        if item.open:
            await _one(tx, terms, item)
    await look_again(tx, asked, PayoutsRun)
    return settle_followers(asked)


async def _one(tx: Tx, terms: Terms, item: Asking[RunPayouts]) -> None:
    version = terms.at(tx.now)
    if version.program.paying_out is None:
        item.outcome = no_payouts()
        return
    try:
        run = _run(tx, version, item.command)
    except Fault as fault:
        item.outcome = fault
        return
    found, more = await _pay(tx, terms, item, run)
    if found is None:
        says = "nobody with a usable account is due as much as is paid out at least"
        item.outcome = Refused("nothing_due", says)
        return
    item.outcome = PayoutsRun(
        run_id=found.run_id,
        made_at=found.made_at,
        execute_on=found.execute_on,
        currency=found.currency,
        payouts=found.payouts,
        total_minor=found.total_minor,
        more=more,
    )
    await tx.write(keep(tx, kept(item, NOBODY, found.run_id)))


async def _pay(
    tx: Tx, terms: Terms, item: Asking[RunPayouts], run: PayoutRun
) -> tuple[PayoutRun | None, bool]:
    """Take the money and write down where it goes, and whether others are due too; nothing when
    nobody is due anything.

    Order: members in the order of their ids, until so many are paid: who turns out to be due
    nothing takes nobody's place.
    """
    version, most = terms.at(tx.now), item.command.most or MOST_PAYOUTS
    blocked = () if version.program.blocked.may_redeem else ("blocked",)
    asked = (run.wallet, minimum_of(version), ["erased", *blocked])
    paid = Paid(Changes(tx.new_id))
    after, more = None, True
    while more and len(paid.payouts) < most:
        room = most - len(paid.payouts)
        found = await read.due(tx, asked, room + 1, after)
        more, page = len(found) > room, found[:room]
        if page:
            after = page[-1]
            await _take(tx, terms, (item, run), (paid, page))
    # What is opened and ended in one batch is born with its end.
    changes, payouts = paid.changes, paid.payouts
    for hold_id in [one for one in changes.holds_closed if one in changes.holds_opened]:
        del changes.holds_closed[hold_id]
    whole = _with_totals(run, payouts)
    kept_ = [*open_redemptions(tx, paid.taken), *write.keep_run(tx, whole, payouts)]
    # Even where nobody is paid, what lapsed by now is written.
    await tx.write([*paid.lapsed, *(kept_ if payouts else []), *writes_of(tx, terms, changes)])
    return (whole if payouts else None), more


async def _take(
    tx: Tx,
    terms: Terms,
    asked: tuple[Asking[RunPayouts], PayoutRun],
    done: tuple[Paid, Sequence[UUID]],
) -> None:
    """Lock these members and take what each of them is due."""
    (item, run), (paid, members) = asked, done
    states = await hold_members(tx, terms, members, with_lots=members)
    paid.lapsed += await lapse_overdue(tx, terms, paid.changes, states)
    await load_allowances(tx, terms, states)
    accounts = await read.accounts(tx, sorted(states))
    for member_id in sorted(accounts):
        account, state = accounts[member_id], states[member_id]
        if not account.usable:
            continue
        paying = Paying(tx.new_id(), tx.now, item.command.actor)
        redemption = pay_out(paid.changes, state, terms.at(tx.now), paying)
        if redemption is None:
            continue
        paid.taken.append(redemption)
        paid.payouts.append(
            Payout(
                run_id=run.run_id,
                place=len(paid.payouts) + 1,
                member_id=member_id,
                redemption_id=redemption.redemption_id,
                amount_minor=redemption.promised.worth_minor,
                holder=account.holder,
                iban=account.iban,
                bic=account.bic,
            )
        )


def _run(tx: Tx, version: Version, command: RunPayouts) -> PayoutRun:
    """The head of a run. Faults: Invalid at what is wrong with the shop's account or the day."""
    said = version.program.paying_out
    assert said is not None, version.number
    today = date.fromordinal(local(version.zone, tx.now).day)
    on = command.execute_on or today
    if on < today:
        raise Invalid("no bank pays on a day that is over", field="/execute_on")
    if not 0 <= command.most <= MOST_PAYOUTS:
        raise Invalid(f"at most {MOST_PAYOUTS} members at once", field="/most")
    if not command.actor.strip():
        raise Invalid("say who has this paid", field="/actor")
    return PayoutRun(
        run_id=tx.new_id(),
        version=version.number,
        wallet=wallet_code(version, said.wallet),
        made_at=tx.now.replace(microsecond=0),
        execute_on=on,
        currency=version.program.currency,
        from_name=holder_of(command.from_name, "/from/name"),
        from_iban=iban_of(command.from_iban, "/from/iban"),
        from_bic=bic_of(command.from_bic, "/from/bic"),
        says=said.says or version.program.name,
        payouts=0,
        total_minor=0,
        reference=command.reference,
        actor=command.actor,
    )


def _with_totals(run: PayoutRun, payouts: Sequence[Payout]) -> PayoutRun:
    total = sum(one.amount_minor for one in payouts)
    return replace(run, payouts=len(payouts), total_minor=total)


def _receipt(command: RunPayouts) -> UUID | None:
    if not command.reference:
        return None
    return natural_key("payouts", command.reference, "payout_run")
