"""Erase members who ask for it: everything personal goes, every sum of the books stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.forgotten import free_numbers
from regulars.flows.commands import RecordActivity
from regulars.flows.inlets.forgetting import bodies_that_name
from regulars.flows.membership.benefits.cancelling import cancel_for_good
from regulars.flows.redeem_rewards import end, load_redemptions, write_ended
from regulars.records.access.staff.write import Deed, acted_on
from regulars.records.activity import read as activities
from regulars.records.activity.write import retell_waiting
from regulars.records.community.gatherings.read import hold_seats_of
from regulars.records.inlets.write import forget
from regulars.records.members import read, write
from regulars.records.members.erasure import read as erasures
from regulars.records.members.erasure.write import erase
from regulars.records.members.identify import normal_ref
from regulars.records.members.types import (
    Erased,
    EraseMember,
    Identifier,
    Member,
    MemberRef,
    nobody,
)
from regulars.records.members.unions import read as unions
from regulars.records.members.unions.write import lock_households
from regulars.records.once.write import Kept, keep
from regulars.records.outbox.write import Told, tell
from regulars.records.rewards import read as rewards
from regulars.records.seal.write import erase_salts
from regulars.records.standing import read as standing
from regulars.records.tills.bills import read as bills
from regulars.records.trail import read as trails
from regulars.records.trail.types import pack

EraseOutcome = Erased | Fault
_unpack = msgspec.msgpack.Decoder(RecordActivity).decode
_pack = msgspec.msgpack.Encoder().encode


By = tuple[str, datetime, Sequence[str], Sequence[str]]
"""Who asked for an erasure, since when it holds, by what else the person is known, and how they
are called by given name: as that is a common word, it is looked for where they had a part."""


class Whole(NamedTuple):
    """What is known of the members to be erased, read under their locks."""

    names: Mapping[UUID, list[Identifier]]
    versions: Mapping[UUID, int]
    """Of those that are not erased yet."""
    before: Mapping[UUID, datetime]
    """When the others were."""
    activities: Mapping[UUID, list[UUID]]
    voided: Mapping[UUID, int]
    known: Mapping[UUID, list[str]]
    """By which texts they may be named as somebody who acted."""
    given: Mapping[UUID, str]


async def erase_members(tx: Tx, terms: Terms, batch: Sequence[EraseMember]) -> list[EraseOutcome]:
    """Each of these members is erased, once; asked again, the first answer comes.

    Whoever was merged is erased together with everybody they are one with, by whichever of their
    ids they are named; nobody can part them afterwards.
    Order: names and households are locked, then bills, then all members, then seats; open
    redemptions are voided and appointments to come cancelled, then texts and names go, in one
    transaction. Points stay with the pseudonym and lapse as they would have (ADR 0075).
    Faults: `unknown_member`, `key_reused`.
    Keeps: the erasure, its list of digests, keys and `member.erased`; the seal's salts go, so that
    the chain still verifies and proves no text of them.
    """
    asked = askings("erase", batch, lambda _: None)
    await write.lock_identifiers(tx)
    await lock_households(tx)
    await sort_out(tx, asked, Erased)
    fresh = [item for item in asked if item.open]
    stands = await unions.aliases(tx, [item.command.member_id for item in fresh])
    families = {
        id_: await unions.family(tx, [stands.get(id_, id_)])
        for id_ in sorted({item.command.member_id for item in fresh})
    }
    ids = sorted({id_ for family in families.values() for id_ in family})
    await bills.lock_of(tx, ids)
    await standing.lock(tx, ids)
    await hold_seats_of(tx, ids)
    there = await read.members(tx, ids)
    before = await erasures.erased(tx, ids)
    todo = {id_: there[id_] for id_ in ids if id_ in there and id_ not in before}
    by = fresh[0].command.asked.principal if fresh else ""
    whole = await _whole(tx, terms, (todo, before), by)
    answered: list[Kept] = []
    told: list[Told] = []
    deeds: list[Deed] = []
    for item in fresh:
        if item.command.member_id not in there:
            item.outcome = nobody("/id")
            continue
        gone = await _one(tx, item, whole, families[item.command.member_id])
        told += gone
        who = item.command.asked.principal
        deeds += [Deed(who, "member.erased", event.member_id, {}) for event in gone]
        answered += kept(item, item.command.member_id, item.command.member_id)
    acts = acted_on(tx, deeds)
    gone_now = sorted(event.member_id for event in told)
    names = [(name.kind, name.value) for id_ in gone_now for name in whole.names.get(id_, ())]
    bodies = forget(tx, await bodies_that_name(tx, names), gone_now) if gone_now else []
    versions = [(event.member_id, event.sequence) for event in told]
    salts = erase_salts(tx, gone_now)
    await tx.write(
        [
            *keep(tx, answered),
            *write.raise_versions(tx, versions),
            *tell(tx, told),
            *salts,
            *acts,
            *bodies,
        ]
    )
    return settle_followers(asked)


async def _whole(
    tx: Tx, terms: Terms, known: tuple[Mapping[UUID, Member], Mapping[UUID, datetime]], actor: str
) -> Whole:
    """Void what is open, cancel what is booked, then read everything an erasure needs to know."""
    people, before = known
    todo = list(people)
    voided = dict.fromkeys(todo, 0)
    owners = await rewards.open_of(tx, todo) if todo else {}
    if owners:
        batch, redemptions = await load_redemptions(tx, terms, owners)
        for redemption in redemptions.values():
            no = end(batch, redemption, Ending("voided", tx.now, actor))
            assert no is None, no
            voided[redemption.member_id] += 1
        await write_ended(batch)
    await cancel_for_good(tx, terms, todo)
    names = await read.identifiers_of(tx, todo)
    return Whole(
        names,
        await read.lock(tx, todo),
        before,
        await activities.of_members(tx, todo) if todo else {},
        voided,
        {
            id_: [*(name.value for name in names[id_]), one.family_name or one.given_name]
            for id_, one in people.items()
        },
        {id_: one.given_name for id_, one in people.items()},
    )


async def _one(
    tx: Tx, item: Asking[EraseMember], whole: Whole, family: Sequence[UUID]
) -> list[Told]:
    """Erase one person, unless that was done before; what is to be told of it."""
    id_, at = item.command.member_id, item.command.erased_at or tx.now
    if id_ not in whole.versions:
        item.outcome = Erased(id_, whole.before[id_], replayed=True)
        return []
    item.outcome = Erased(id_, at, sum(whole.voided.get(one, 0) for one in family))
    known = [text for one in family for text in whole.known.get(one, ())]
    given = [whole.given[one] for one in family if one in whole.given]
    by = (item.command.asked.principal, at, known, given)
    told = [await _forget(tx, one, by, whole) for one in family if one in whole.versions]
    return [one for one in told if one is not None]


async def _forget(tx: Tx, id_: UUID, by: By, whole: Whole) -> Told | None:
    """Take everything personal of one member; what is to be told of it."""
    await _forget_returns(tx, id_, whole)
    (number,) = await free_numbers(tx, 1)
    if not await erase(tx, id_, number, by, await _blank_trails(tx, id_, whole.activities[id_])):
        return None
    payload = msgspec.json.encode({"member_id": f"mem_{id_.hex}", "erased_at": by[1]}).decode()
    return Told(id_, whole.versions[id_] + 1, "member.erased", payload)


async def _blank_trails(tx: Tx, id_: UUID, activity_ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The trails that froze attributes of the member, without them."""
    found = await trails.some(tx, id_, activity_ids)
    return {
        trail.activity_id: pack(replace(trail.steps, member={}))
        for trail in found
        if trail.steps.member
    }


async def _forget_returns(tx: Tx, id_: UUID, whole: Whole) -> None:
    """Returns that wait or waited keep all that was told of them; this takes what is personal."""
    mine, names = set(whole.activities[id_]), set(whole.names[id_])
    told = []
    for activity_id, packed in await activities.may_name(tx, sorted(mine)):
        command = _unpack(packed)
        if activity_id in mine or _means(command.member, id_, names):
            told.append((activity_id, _pack(_blank(command))))
    await tx.write(retell_waiting(tx, told))


def _means(ref: MemberRef | None, id_: UUID, names: set[Identifier]) -> bool:
    """Whether this names the member; of a spelling we cannot read, whether it looks like one."""
    if ref is None:
        return False
    try:
        meant = normal_ref(ref, None)
    except Fault:  # a telephone number without its country
        digits = "".join(sign for sign in ref.phone or "" if sign.isdigit()).lstrip("0")
        return any(n.kind == "phone" and digits and n.value.endswith(digits) for n in names)
    return meant == id_ or meant in names


def _blank(command: RecordActivity) -> RecordActivity:
    """A return finds its sale and its lines by numbers; nothing else is needed of it."""
    lines = tuple(replace(line, name="") for line in command.body.lines)
    body = replace(command.body, lines=lines, details={})
    return replace(command, member=None, body=body)
