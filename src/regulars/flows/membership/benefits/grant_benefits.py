"""Benefits granted by hand: who may use what besides what their tier includes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.deciding.benefit import unknown_benefit
from regulars.engine.state import Changes, Event, MemberState
from regulars.engine.terms import Terms
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
from regulars.flows.batch.named import find_named, unsaid
from regulars.flows.membership.benefits.looking_after import Wanted, give_associates
from regulars.flows.membership.commands import BenefitGranted, GrantBenefit, GrantOutcome
from regulars.records.benefits import write
from regulars.records.benefits.types import Grant
from regulars.records.members.types import erased_refused
from regulars.records.once.write import Kept, keep

MOST_TIMES = 10**6


async def grant_benefits(tx: Tx, terms: Terms, batch: Sequence[GrantBenefit]) -> list[GrantOutcome]:
    """Grant each of these once, with a reason and a name.

    Refuses: `unknown_benefit`, `member_erased`. Faults: unknown member, no reason, no name, no use,
    an end before its beginning.
    """
    asked = askings("grant_benefit", batch, lambda _: None)
    await sort_out(tx, asked, BenefitGranted)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = unsaid(item.command) or _wrong(tx, terms, item.command)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    todo = [item for item in fresh if item.open]
    if todo:
        states = await hold_members(tx, terms, found.values())
        changes, granted, answered = Changes(tx.new_id), list[Grant](), list[Kept]()
        for item in todo:
            one = _one(tx, changes, item, states[found[item.place]])
            if one is not None:
                granted.append(one)
                answered += kept(item, one.member_id, one.grant_id)
        await look_again(tx, todo, BenefitGranted)
        also: dict[UUID, list[Grant]] = {}
        for one_granted in granted:
            also.setdefault(one_granted.member_id, []).append(one_granted)
        wanted = [Wanted(one.member_id, one.benefit) for one in granted]
        given = await give_associates(tx, terms, changes, (states, also), wanted)
        kept_too = [*keep(tx, answered), *write.grant(tx, granted)]
        await tx.write([*kept_too, *given, *writes_of(tx, terms, changes)])
    return settle_followers(asked)


def _wrong(tx: Tx, terms: Terms, command: GrantBenefit) -> Fault | Refused | None:
    if command.benefit not in terms.at(tx.now).benefits:
        return unknown_benefit(command.benefit)
    if not 1 <= command.times <= MOST_TIMES:
        return Invalid(f"grant at least 1 and at most {MOST_TIMES} uses", field="/times")
    begins = command.from_at or tx.now
    if command.until_at is not None and command.until_at <= max(begins, tx.now):
        return Invalid("say an end that is still to come, after its beginning", field="/until_at")
    return None


def _one(tx: Tx, changes: Changes, item: Asking[GrantBenefit], state: MemberState) -> Grant | None:
    command, grant_id = item.command, tx.new_id()
    if state.state == "erased":
        item.outcome = erased_refused()
        return None
    granted = Grant(
        grant_id=grant_id,
        member_id=state.member_id,
        benefit=command.benefit,
        times=command.times,
        from_at=command.from_at or tx.now,
        until_at=command.until_at,
        actor=command.actor,
        reason=command.reason,
    )
    changes.touch(state)
    payload = {"grant_id": grant_id, "benefit": granted.benefit, "times": granted.times}
    changes.events.append(Event(state.member_id, state.version, "benefit.granted", payload))
    item.outcome = BenefitGranted(
        grant_id=grant_id,
        member_id=state.member_id,
        benefit=granted.benefit,
        times=granted.times,
        from_at=granted.from_at,
        until_at=granted.until_at,
    )
    return granted
