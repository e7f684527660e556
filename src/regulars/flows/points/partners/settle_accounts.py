"""Accounts of partners are settled, and what partners answer is held against the lines."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.base.faults import Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import day_starts_at, local
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.points.partners.accounts import unknown
from regulars.flows.points.partners.commands import (
    Settle,
    Settled,
    SettledOutcome,
)
from regulars.records.activity.types import NOBODY
from regulars.records.once.write import keep
from regulars.records.rewards.partners import read as accounts
from regulars.records.rewards.partners.settling import read, write
from regulars.records.rewards.partners.settling.types import Settlement
from regulars.records.rewards.partners.types import Partner

_FIRST_YEAR = 1970


async def settle_accounts(tx: Tx, terms: Terms, batch: Sequence[Settle]) -> list[SettledOutcome]:
    """Settle each of these accounts: everything booked since the settlement before, up to a day.

    Order: accounts are held in the order of their ids, so that nobody books meanwhile.
    Keeps: every line is in one settlement and one alone.
    Refuses: `period_not_over`, `already_settled`. Faults: unknown partner, no name.
    """
    asked = askings("settle", batch, lambda _: None)
    await sort_out(tx, asked, Settled)
    fresh = [item for item in asked if item.open]
    known = await accounts.partners(tx, sorted({item.command.partner for item in fresh}))
    for item in fresh:
        item.outcome = unknown(known, item.command.partner)
        if item.open and not item.command.actor.strip():
            item.outcome = Invalid("say who settles this", field="/actor")
    todo = [item for item in fresh if item.open]
    ids = [known[item.command.partner].partner_id for item in todo]
    await accounts.hold(tx, ids)
    before = await read.last(tx, ids) if ids else {}
    for item in todo:
        partner = known[item.command.partner]
        made = await _settled(tx, terms, item, (partner, before.get(partner.partner_id)))
        if made is not None:
            before[partner.partner_id] = made
    return settle_followers(asked)


async def _settled(
    tx: Tx, terms: Terms, item: Asking[Settle], about: tuple[Partner, Settlement | None]
) -> Settlement | None:
    (partner, last), said = about, item.command
    zone = terms.at(tx.now).zone
    on = local(zone, tx.now).day if said.until_on is None else said.until_on.toordinal()
    if said.until_on is not None and said.until_on.year < _FIRST_YEAR:
        item.outcome = Invalid("a settlement ends after 1970", field="/until_on")
        return None
    until = day_starts_at(zone, on)
    if until > tx.now:
        item.outcome = Refused("period_not_over", "that day has not begun; settle up to today")
        return None
    if last is not None and until <= last.until_at:
        says = "everything up to then is settled already"
        item.outcome = Refused("already_settled", says, {"number": last.number})
        return None
    after = 0 if last is None else last.to_step
    sums, to_step = await read.sums(tx, partner.partner_id, after, until)
    opening = 0 if last is None else last.closing_minor
    made = Settlement(
        settlement_id=tx.new_id(),
        partner_id=partner.partner_id,
        number=1 if last is None else last.number + 1,
        after_step=after,
        to_step=to_step,
        from_at=None if last is None else last.until_at,
        until_at=until,
        opening_minor=opening,
        payments_minor=sums.get("payment", 0),
        accruals_minor=sums.get("accrual", 0),
        redemptions_minor=sums.get("redemption", 0),
        returns_minor=sums.get("return", 0),
        corrections_minor=sums.get("correction", 0),
        closing_minor=opening + sum(sums.values()),
        made_at=tx.now,
        actor=said.actor,
    )
    item.outcome = Settled(
        made.settlement_id, made.partner_id, made.number, made.lines, made.closing_minor
    )
    await tx.write([*keep(tx, kept(item, NOBODY, made.settlement_id)), write.settle(tx, made)])
    return made
