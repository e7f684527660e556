"""Erase members who ask for it: everything personal goes, every sum of the books stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import replace

from regulars.base.faults import Fault, UnknownMember
from regulars.base.tx import Tx
from regulars.engine.deciding.conclude import Ending
from regulars.engine.terms import Terms
from regulars.flows.batch.askings import Asking, askings, kept, settle_followers, sort_out
from regulars.flows.batch.forgotten import free_numbers
from regulars.flows.commands import RecordActivity
from regulars.flows.redeem_rewards import end, load_redemptions, write_ended
from regulars.records.activity import read as activities
from regulars.records.activity.write import retell_waiting
from regulars.records.erasure import read as erasures
from regulars.records.erasure.write import erase
from regulars.records.members import read, write
from regulars.records.members.identify import normal_ref
from regulars.records.members.types import Erased, EraseMember, Identifier, MemberRef
from regulars.records.once.write import Kept, keep
from regulars.records.outbox.write import Told, tell
from regulars.records.rewards import read as rewards
from regulars.records.seal.write import erase_salts
from regulars.records.standing import read as standing
from regulars.records.trail import read as trails
from regulars.records.trail.types import pack

EraseOutcome = Erased | Fault
_unpack = msgspec.msgpack.Decoder(RecordActivity).decode
_pack = msgspec.msgpack.Encoder().encode


class Whole(NamedTuple):
    """What is known of the members to be erased, read under their locks."""

    names: Mapping[UUID, list[Identifier]]
    versions: Mapping[UUID, int]
    """Of those that are not erased yet."""
    before: Mapping[UUID, datetime]
    """When the others were."""
    activities: Mapping[UUID, list[UUID]]
    voided: Mapping[UUID, int]


async def erase_members(tx: Tx, terms: Terms, batch: Sequence[EraseMember]) -> list[EraseOutcome]:
    """Each of these members is erased, once; asked again, the first answer comes.

    Order: open redemptions are voided first, then texts and names go, in one transaction. Points
    stay with the pseudonym and lapse as they would have (ADR 0075).
    Faults: `unknown_member`, `key_reused`.
    Keeps: the erasure, its list of digests, keys and `member.erased`; the seal's salts go, so that
    the chain still verifies and proves no text of them.
    """
    asked = askings("erase", batch, lambda _: None)
    await write.lock_identifiers(tx)
    await sort_out(tx, asked, Erased)
    fresh = [item for item in asked if item.open]
    ids = sorted({item.command.member_id for item in fresh})
    await standing.lock(tx, ids)
    there = await read.members(tx, ids)
    todo = [id_ for id_ in ids if id_ in there and there[id_].state != "erased"]
    before = await erasures.erased(tx, ids)
    whole = await _whole(
        tx, terms, (todo, before), fresh[0].command.asked.principal if fresh else ""
    )
    answered: list[Kept] = []
    told: list[Told] = []
    for item in fresh:
        if item.command.member_id not in there:
            item.outcome = UnknownMember(
                "nobody here has this id; check it for a slip", field="/id"
            )
            continue
        told += await _one(tx, item, whole)
        answered += kept(item, item.command.member_id, item.command.member_id)
    versions = [(event.member_id, event.sequence) for event in told]
    gone = erase_salts(tx, sorted(event.member_id for event in told))
    await tx.write(
        [*keep(tx, answered), *write.raise_versions(tx, versions), *tell(tx, told), *gone]
    )
    return settle_followers(asked)


async def _whole(
    tx: Tx, terms: Terms, known: tuple[Sequence[UUID], Mapping[UUID, datetime]], actor: str
) -> Whole:
    """Void what is open, then read everything an erasure needs to know."""
    todo, before = known
    voided = dict.fromkeys(todo, 0)
    owners = await rewards.open_of(tx, todo) if todo else {}
    if owners:
        batch, redemptions = await load_redemptions(tx, terms, owners)
        for redemption in redemptions.values():
            no = end(batch, redemption, Ending("voided", tx.now, actor))
            assert no is None, no
            voided[redemption.member_id] += 1
        await write_ended(batch)
    return Whole(
        await read.identifiers_of(tx, todo),
        await read.lock(tx, todo),
        before,
        await activities.of_members(tx, todo) if todo else {},
        voided,
    )


async def _one(tx: Tx, item: Asking[EraseMember], whole: Whole) -> list[Told]:
    """Erase one member, unless that was done before; what is to be told of it."""
    id_ = item.command.member_id
    at = item.command.erased_at or tx.now
    if id_ not in whole.versions:
        item.outcome = Erased(id_, whole.before[id_], replayed=True)
        return []
    item.outcome = Erased(id_, at, whole.voided[id_])
    await _forget_returns(tx, id_, whole)
    (number,) = await free_numbers(tx, 1)
    by = (item.command.asked.principal, at)
    if not await erase(tx, id_, number, by, await _blank_trails(tx, id_, whole.activities[id_])):
        return []
    payload = msgspec.json.encode({"member_id": f"mem_{id_.hex}", "erased_at": at}).decode()
    return [Told(id_, whole.versions[id_] + 1, "member.erased", payload)]


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
