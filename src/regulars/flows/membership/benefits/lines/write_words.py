"""A member and whoever looks after them write to each other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, KeyReused, Refused
from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.lines.commands import (
    LineCommand,
    LineOutcome,
    WriteWord,
)
from regulars.flows.telling.said.proving import unproved
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.benefits.associates import read as associates
from regulars.records.benefits.lines import read, write
from regulars.records.benefits.lines.types import LONGEST, Word
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.types import Identifier, Member, nobody
from regulars.records.members.unions import read as unions
from regulars.records.outbox.bounces import read as bounces
from regulars.records.outbox.campaigns.rules import Bounds, after_quiet, zone_of
from regulars.records.outbox.delivery import write as deliveries
from regulars.records.outbox.delivery.devices import read as devices
from regulars.records.outbox.delivery.types import (
    IDENTIFIED_BY,
    KEEPS,
    Channel,
    Wanted,
    address_digest,
    devices_digest,
)

STRANGER: Final = "only whoever looks after a member writes to them"
ENOUGH: Final = "so much was written within a day that it is enough for now"
MOST_A_DAY: Final = 20
"""Words of one member on one day."""


class _Around(NamedTuple):
    """What is known of those who are written to, read after they were held."""

    stands: Mapping[UUID, UUID]
    people: Mapping[UUID, Member]
    after: Mapping[UUID, Collection[UUID]]
    """By whom each is looked after now."""
    keepers: Collection[UUID]
    """Who of those who write keeps members: they answer whom nobody looks after."""
    given: Mapping[UUID, Collection[str]]
    addresses: Mapping[UUID, Mapping[Channel, bytes]]
    unproved: Collection[tuple[UUID, Channel]]
    """To whom no address of a channel is left but one that came after their yes."""
    before: Mapping[UUID, Word]
    bounds: Bounds
    shop: str
    heard: dict[UUID, int]
    """How much each wrote within a day: with so much that nobody talks like that it is enough."""


async def write_words(
    tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[LineCommand]
) -> list[LineOutcome]:
    """Each word stands in the member's card; those of the shop go out by their way besides.

    Order: as sent; members are held before their consents are read. In their quiet hours a word
    waits until these are over, and it is looked at once more before it goes.
    Refuses: `no_consent` to the way, `no_address`, `nobody_looks_after` of a member who writes and
    has nobody.
    Faults, each for its own item: `unknown_member`, `invalid` (nothing said, or too much),
    `forbidden` for whoever does not look after the member, `key_reused`.
    """
    around = await _around(tx, terms, keyed, batch)
    outcomes: list[LineOutcome] = []
    said: dict[UUID, Word] = {}
    wanted: list[Wanted] = []
    for one in batch:
        who = around.stands.get(one.member_id, one.member_id)
        staff = one.staff_id if isinstance(one, WriteWord) else None
        word = Word(one.line_id, who, staff, one.way, _plain(one.says), tx.now)
        before = around.before.get(one.line_id) or said.get(one.line_id)
        if before is not None:
            outcomes.append(_again(before, word))
            continue
        no = _no(around, one, who)
        if no is not None:
            outcomes.append(no)
            continue
        said[word.line_id] = word
        if staff is None:
            around.heard[who] += 1
        if staff is not None and one.way != "inbox":
            wanted.append(_sent(tx, around, word))
        outcomes.append(word)
    await tx.write([*write.say(tx, list(said.values())), *deliveries.send(tx, wanted)])
    return outcomes


def _plain(says: str) -> str:
    """Without what no column keeps, and without empty ends."""
    return says.replace("\0", "").strip()


def _again(before: Word, word: Word) -> LineOutcome:
    """Asked again it is the same; something else under its number is not."""
    same = (before.member_id, before.staff_id, before.way, before.says)
    if same == (word.member_id, word.staff_id, word.way, word.says):
        return replace(before, replayed=True)
    return KeyReused("something else was said under this key")


def _no(around: _Around, one: LineCommand, who: UUID) -> Refused | Fault | None:
    """Why this is not said."""
    member = around.people.get(who)
    if member is None or member.state == "erased":
        return nobody()
    if not 0 < len(_plain(one.says)) <= LONGEST:
        return Invalid("Say something", field="/says", mend=f"up to {LONGEST} letters")
    if isinstance(one, WriteWord):
        return _not_to(around, one, member)
    if not one.answers and not around.after.get(who):
        return Refused("nobody_looks_after", "nobody of the shop looks after this member")
    return Refused("enough_for_now", ENOUGH) if around.heard[who] >= MOST_A_DAY else None


def _not_to(around: _Around, one: WriteWord, member: Member) -> Refused | Fault | None:
    """Why this is not written to them."""
    who = member.id
    # Of whom nobody looks after, whoever keeps members answers.
    after = around.after.get(who) or around.keepers
    if one.staff_id not in after:
        return Forbidden(STRANGER)
    if member.state != "active" or one.way not in around.given.get(who, ()):
        return Refused("no_consent", "the member did not agree to be written to this way")
    if (who, one.way) in around.unproved:
        return Refused("no_consent", "they agreed for another address; a code proves this one")
    if one.way != "inbox" and one.way not in around.addresses.get(who, {}):
        return Refused("no_address", "the member cannot be reached this way")
    return None


def _sent(tx: Tx, around: _Around, word: Word) -> Wanted:
    channel: Channel = word.way  # type: ignore[assignment]
    address = around.addresses[word.member_id][channel]
    zone = zone_of(around.people[word.member_id].zone, around.shop)
    goes_at = after_quiet(tx.now, zone, around.bounds)
    ends_at = goes_at + KEEPS["line"]
    return Wanted(word.member_id, word.line_id, "line", channel, address, ends_at, goes_at)


async def _around(tx: Tx, terms: Terms, keyed: Keyed, batch: Sequence[LineCommand]) -> _Around:
    asked = sorted({one.member_id for one in batch})
    stands = await unions.aliases(tx, asked)
    ids = sorted({stands.get(one, one) for one in asked})
    await members.lock(tx, ids)
    looked = await associates.of(tx, ids)
    after = {
        who: {one.staff_id for one in some if one.lasts(tx.now)} for who, some in looked.items()
    }
    chosen = await staff_read.chosen(tx)
    bounds = Bounds(0, 0, chosen.of("quiet_from"), chosen.of("quiet_until"), 0)
    return _Around(
        stands, await members.members(tx, ids), after, await _keepers(tx, batch),
        await consents.given(tx, ids),
        *await _addresses(tx, keyed, ids), await read.some(tx, [one.line_id for one in batch]),
        bounds, str(terms.at(tx.now).zone), await _heard(tx, batch, stands),
    )  # fmt: skip


async def _keepers(tx: Tx, batch: Sequence[LineCommand]) -> set[UUID]:
    asked = {one.staff_id for one in batch if isinstance(one, WriteWord)}
    staff = await staff_read.some_staff(tx, asked) if asked else {}
    return {id_ for id_, one in staff.items() if one.may(Permission.MEMBERS_WRITE)}


async def _addresses(
    tx: Tx, keyed: Keyed, ids: Sequence[UUID]
) -> tuple[dict[UUID, dict[Channel, bytes]], set[tuple[UUID, Channel]]]:
    """Where each is reached: of several addresses the one known longest that takes letters and that
    they agreed to; and who has none by a channel but what they did not agree to."""
    names = await members.identifiers_of(tx, ids)
    there = {who: [*_digests(keyed, some)] for who, some in names.items()}
    every = [digest for some in there.values() for _, digest in some]
    marked, having = await bounces.some(tx, every), await devices.of(tx, ids)
    later = await unproved(tx, keyed, ids)
    found: dict[UUID, dict[Channel, bytes]] = {}
    strange: set[tuple[UUID, Channel]] = set()
    for who, some in there.items():
        for channel, digest in some:
            if digest in later.get(who, ()):
                strange.add((who, channel))
            elif digest not in marked:
                found.setdefault(who, {}).setdefault(channel, digest)
    for who in having:
        found.setdefault(who, {})["push"] = devices_digest(keyed, who)
    return found, {(who, way) for who, way in strange if way not in found.get(who, {})}


def _digests(keyed: Keyed, names: Sequence[Identifier]) -> list[tuple[Channel, bytes]]:
    return [
        (channel, address_digest(keyed, channel, one.value))
        for one in names
        for channel, kind in IDENTIFIED_BY.items()
        if one.kind == kind
    ]


async def _heard(
    tx: Tx, batch: Sequence[LineCommand], stands: Mapping[UUID, UUID]
) -> dict[UUID, int]:
    asked = {one.member_id for one in batch if not isinstance(one, WriteWord)}
    ids = {stands.get(one, one) for one in asked}
    found = await read.heard(tx, ids, tx.now - timedelta(days=1))
    return {who: found.get(who, 0) for who in ids}
