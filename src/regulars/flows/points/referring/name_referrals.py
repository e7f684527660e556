"""Members get a code to give to friends; newcomers name whose code they were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.calendar import add_span
from regulars.engine.rewarding import referring
from regulars.engine.state import Changes, MemberState
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
from regulars.flows.batch.named import find_named
from regulars.flows.points.referring.commands import (
    CodeGiven,
    GiveCode,
    GiveOutcome,
    NameOutcome,
    NameReferral,
    ReferralNamed,
)
from regulars.records.members.referrals import read, write
from regulars.records.members.referrals.lettering import (
    BITS,
    LONGEST,
    code_of,
    is_ours,
    marks_of,
    meant,
)
from regulars.records.members.referrals.types import MOST_MARKS, Code, Known, Referral
from regulars.records.members.types import erased_refused
from regulars.records.once.write import Kept, keep


async def give_codes(tx: Tx, terms: Terms, batch: Sequence[GiveCode]) -> list[GiveOutcome]:
    """Give each of these members a code for friends; who has one keeps it.

    Refuses: `no_referrals`, `member_erased`. Faults: unknown member, too many marks.
    """
    asked = askings("give_code", batch, lambda _: None)
    await sort_out(tx, asked, CodeGiven)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = _wrong(tx, terms, item.command)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    if found:
        states = await hold_members(tx, terms, found.values())
        there = await read.codes_of(tx, sorted({s.member_id for s in states.values()}))
        made: dict[UUID, Code] = {}
        answered: list[Kept] = []
        for item in (one for one in fresh if one.open):
            answered += _code_for(tx, terms, item, states[found[item.place]], (there, made))
        await look_again(tx, fresh, CodeGiven)
        await tx.write([*keep(tx, answered), *write.give_codes(tx, list(made.values()))])
    return settle_followers(asked)


def _code_for(
    tx: Tx,
    terms: Terms,
    item: Asking[GiveCode],
    state: MemberState,
    codes: tuple[Mapping[UUID, Code], dict[UUID, Code]],
) -> list[Kept]:
    if state.state == "erased":
        item.outcome = erased_refused()
        return []
    (there, made), who = codes, state.member_id
    code = there.get(who) or made.get(who)
    if code is None:
        marks = marks_of(tx.program_id, item.command.marks)
        code = made[who] = Code(who, code_of(tx.secret_bits(BITS)), marks, tx.now)
    promise = referring.promise_of(terms.at(tx.now))
    assert promise is not None, who
    item.outcome = CodeGiven(who, code.code, promise.link.replace("{code}", code.code))
    return kept(item, who, who)


async def name_referrals(tx: Tx, terms: Terms, batch: Sequence[NameReferral]) -> list[NameOutcome]:
    """Keep that each of these newcomers was brought by whose code they name; the first code wins.

    Order: both are held, then all referrals of the program; what is not to be is kept as rejected,
    with the reason, and answered so.
    Refuses: `no_referrals`. Faults: unknown member, a code that is mistyped or nobody's.
    """
    asked = askings("name_referral", batch, lambda _: None)
    await sort_out(tx, asked, ReferralNamed)
    fresh = [item for item in asked if item.open]
    for item in fresh:
        item.outcome = _wrong(tx, terms, item.command) or _mistyped(item.command.code)
    found = await find_named(tx, terms, fresh, lambda one: one.member, "/member")
    codes = await read.by_code(tx, [meant(item.command.code) for item in fresh if item.open])
    for item in (one for one in fresh if one.open):
        if meant(item.command.code) not in codes:
            item.outcome = NotFound("nobody here has this code", field="/code")
    todo = [item for item in fresh if item.open]
    if todo:
        owners = {item.place: codes[meant(item.command.code)].member_id for item in todo}
        members = {found[place] for place in owners} | set(owners.values())
        states = await hold_members(tx, terms, members)
        await read.lock(tx)
        marks = [each for item in todo for each in marks_of(tx.program_id, item.command.marks)]
        who = sorted({one.member_id for one in states.values()})
        known = await read.known(tx, who, marks)
        changes, named, answered = Changes(tx.new_id), list[Referral](), list[Kept]()
        for item in todo:
            pair = states[found[item.place]], states[owners[item.place]]
            named.append(_name(tx, terms, changes, item, (pair, known)))
            answered += kept(item, pair[0].member_id, named[-1].referral_id)
        await look_again(tx, todo, ReferralNamed)
        writes = [*keep(tx, answered), *write.name(tx, named), *writes_of(tx, terms, changes)]
        await tx.write(writes)
    return settle_followers(asked)


def _wrong(tx: Tx, terms: Terms, command: Any) -> Fault | Refused | None:
    if referring.promise_of(terms.at(tx.now)) is None:
        return Refused("no_referrals", "nothing is promised here to who brings a friend")
    if len(command.marks) > MOST_MARKS:
        return Invalid(f"tell at most {MOST_MARKS} marks", field="/marks")
    return None


def _mistyped(code: str) -> Fault | None:
    if len(code) > LONGEST or not is_ours(meant(code)):
        says = "this is no code: a sign is missing, wrong, or changed places with another"
        return Invalid(f"{says}; read it again from where it is shown", field="/code")
    return None


def _name(
    tx: Tx,
    terms: Terms,
    changes: Changes,
    item: Asking[NameReferral],
    who: tuple[tuple[MemberState, MemberState], Known],
) -> Referral:
    (newcomer, referrer), known = who
    version = terms.at(tx.now)
    promise = referring.promise_of(version)
    assert promise is not None, version.number
    marks = marks_of(tx.program_id, item.command.marks)
    reason = referring.objection(version, referring.Pair(newcomer, referrer, marks), known, tx.now)
    one = Referral(
        referral_id=tx.new_id(),
        member_id=newcomer.member_id,
        referrer_id=referrer.member_id,
        version=version.number,
        state="rejected" if reason else "named",
        named_at=tx.now,
        counts_from=newcomer.joined_at,
        buys_until=add_span(version.zone, tx.now, promise.buys_within),
        wallet=referring.wallet_of(version),
        reason=reason,
        marks=marks,
    )
    if not reason:  # who is decided after them in this batch finds them brought
        known.brought[one.member_id] = {one.referral_id}
        known.parents.setdefault(one.member_id, set()).add(one.referrer_id)
        known.marks.setdefault(one.referrer_id, set()).update(marks)
        known.brought_with |= {*marks}
    told: dict[str, object] = {"referral_id": one.referral_id, "newcomer_id": one.member_id}
    if reason:
        told["reason"] = reason
    referring.tell(changes, referrer, f"referral.{one.state}", told)
    item.outcome = ReferralNamed(
        referral_id=one.referral_id,
        member_id=one.member_id,
        referrer_id=one.referrer_id,
        state=one.state,
        reason=reason,
        buys_until=one.buys_until,
    )
    return one
