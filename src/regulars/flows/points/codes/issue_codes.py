"""The shop issues codes by hand: vouchers for anybody, or one to each of many members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from regulars.base.faults import Fault, Invalid, Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import add_span
from regulars.engine.rewarding.promise import promise
from regulars.engine.terms import Terms, Version
from regulars.flows.access.own import acting, own_membership, own_memberships
from regulars.flows.batch.askings import (
    Asking,
    askings,
    kept,
    settle_followers,
    sort_out,
)
from regulars.flows.batch.named import unsaid
from regulars.flows.points.codes.commands import CodesIssued, IssueCodes, Issued, IssueOutcome
from regulars.records.access.staff.read import some_staff
from regulars.records.activity.types import NOBODY
from regulars.records.members import read as members
from regulars.records.members.erasure import read as erasures
from regulars.records.members.types import erased_refused
from regulars.records.once.write import keep
from regulars.records.program.parts.rewards import Code, Reward
from regulars.records.rewards.codes import read
from regulars.records.rewards.codes.lettering import BITS, code_of, shown
from regulars.records.rewards.codes.types import Run
from regulars.records.rewards.codes.write import issue, keep_run

MOST_CODES: Final = 100_000


async def issue_codes(tx: Tx, terms: Terms, batch: Sequence[IssueCodes]) -> list[IssueOutcome]:
    """Issue each of these once, all of its codes in one go.

    Keeps: the run with the reward as it is promised now. Nobody's points are touched, so no member
    is locked.
    Refuses: `unknown_reward`. Faults: a reward that gives no codes of ours, no reason, no name, no
    or too many codes, an end that is past, an unknown member.
    """
    asked = askings("issue_codes", batch, lambda _: None)
    await sort_out(tx, asked, CodesIssued)
    for item in asked:
        if item.open:
            item.outcome = unsaid(item.command) or _unfit(tx, terms, item.command)
        if item.open:
            await _one(tx, terms, item)
    return [await _with_codes(tx, outcome) for outcome in settle_followers(asked)]


def _unfit(tx: Tx, terms: Terms, command: IssueCodes) -> Fault | Refused | None:
    reward = terms.at(tx.now).rewards.get(command.reward)
    if reward is None:
        return Refused("unknown_reward", f"there is no reward {command.reward} in this program")
    if not isinstance(reward.gives, Code) or reward.gives.from_ != "generated":
        says = "this reward gives no codes of ours; write `gives: {kind: code}` in the program"
        return Invalid(says, field="/reward")
    ways = (command.times > 0, bool(command.members), command.attribute is not None,
            command.everybody)  # fmt: skip
    if sum(ways) != 1:
        return Invalid("say how many, or to whom: one of both", field="/times")
    if max(command.times, len(command.members)) > MOST_CODES or command.times < 0:
        return Invalid(f"issue at most {MOST_CODES} codes at once", field="/times")
    if command.ends_at is not None and command.ends_at <= tx.now:
        return Invalid("say an end that is still to come", field="/ends_at")
    return None


async def _one(tx: Tx, terms: Terms, item: Asking[IssueCodes]) -> None:
    command, version = item.command, terms.at(tx.now)
    whom = await _whom(tx, version, command)
    if not isinstance(whom, Fault | Refused) and await _for_oneself(tx, terms, command, whom):
        whom = own_membership()
    if isinstance(whom, Fault | Refused):
        item.outcome = whom
        return
    reward = version.rewards[command.reward]
    run = Run(
        run_id=tx.new_id(),
        kind="issued",
        reward=reward.id,
        version=version.number,
        promised=promise(version, reward, tx.now),
        times=len(whom),
        actor=command.actor,
        reason=command.reason,
        made_at=tx.now,
    )
    ends_at = command.ends_at or _ends_at(tx, version, reward)
    codes = [code_of(tx.secret_bits(BITS)) for _ in whom]
    item.outcome = CodesIssued(run.run_id, reward.id, len(whom), ends_at)
    await tx.write(
        [
            *keep(tx, kept(item, NOBODY, run.run_id)),
            keep_run(tx, run),
            issue(tx, run, codes, whom, ends_at),
        ]
    )


async def _for_oneself(
    tx: Tx, terms: Terms, command: IssueCodes, whom: Sequence[UUID | None]
) -> bool:
    """Whether somebody of the shop chooses themselves; among everybody they may be."""
    who = acting(command) if command.members else frozenset()
    if not who:
        return False
    own = await own_memberships(tx, terms, (await some_staff(tx, who)).values())
    return any(one in mine for one in whom for mine in own.values())


def _ends_at(tx: Tx, version: Version, reward: Reward) -> datetime | None:
    assert isinstance(reward.gives, Code), reward.id
    length = reward.gives.valid_for
    return add_span(version.zone, tx.now, length) if length else None


async def _whom(
    tx: Tx, version: Version, command: IssueCodes
) -> Sequence[UUID | None] | Fault | Refused:
    """To whom each code goes; to nobody in particular where only a number was said."""
    if command.times:
        return [None] * command.times
    if command.members:
        found = await members.whom(tx, version.program.country, list(command.members))
        wrong = next((one for one in found if isinstance(one, Fault)), None)
        if wrong is not None:
            return wrong
        ids = list(dict.fromkeys(one for one in found if not isinstance(one, Fault)))
        return erased_refused() if await erasures.erased(tx, ids) else list(ids)
    chosen = await members.chosen(tx, command.attribute, MOST_CODES + 1)
    if not chosen:
        return Invalid("no member is like that, so there is nothing to issue", field="/attribute")
    if len(chosen) > MOST_CODES:
        says = f"these are more than {MOST_CODES} members; issue to fewer at once"
        return Invalid(says, field="/attribute")
    return list(chosen)


async def _with_codes(tx: Tx, outcome: IssueOutcome) -> IssueOutcome:
    """The answer with its codes, read from where they lie: the same when it is asked again."""
    if not isinstance(outcome, CodesIssued):
        return outcome
    codes = tuple(
        Issued(shown(row["code"], row["printed"]), row["member_id"], row["ends_at"])
        for row in await read.of_run(tx, outcome.run_id)
    )
    return CodesIssued(
        outcome.run_id, outcome.reward, outcome.times, outcome.ends_at, codes, outcome.replayed
    )
