"""Staff put words on members and take them off, of one or of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from regulars.base.faults import Fault, Forbidden, Invalid
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.office.commands import Tagged, TagMembers, TagOutcome
from regulars.records.access.office import read, tags, write
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.write import Done, acted

MOST: Final = 10_000
"""Members of one command."""


async def tag_members(tx: Tx, terms: Terms, batch: Sequence[TagMembers]) -> list[TagOutcome]:
    """Each word is on each of these members, or on none of them; done again it changes nothing.

    Order: one after the other in a program, so that of two who make the same word at once one
    spells it, and no more words are made than there may be. A word that differs only in large and
    small letters from one that is there is that one.
    Faults, each for its own item: whose role does not; no word, or too long; too many words or
    members. Members who are erased or became one with another are left out.
    """
    return [await _tag(tx, one) for one in batch]


async def _tag(tx: Tx, one: TagMembers) -> TagOutcome:
    if one.by.staff_id is not None:
        who = await staff_read.one_staff(tx, one.by.staff_id)
        if who is None or not who.may(Permission.MEMBERS_WRITE):
            return Forbidden("your role does not do this; ask an owner")
    await write.hold_tags(tx)
    known = await read.tags(tx)
    try:
        tag = tags.spelled(tags.tag_named(one.tag), known)
    except Invalid as fault:
        return fault
    no = _wrong(one, tag, known)
    if no is not None:
        return no
    turn = write.put_tag if one.adds else write.take_tag
    changed = await turn(tx, tag, sorted(set(one.member_ids)))
    if changed:
        await tx.write(acted(tx, [_did(one, tag, changed)]))
    return Tagged(tag, changed)


def _wrong(one: TagMembers, tag: str, known: Sequence[str]) -> Fault | None:
    if not 0 < len(one.member_ids) <= MOST:
        mend = f"1 to {MOST} members at once"
        return Invalid("Say for whom", field="/member_ids", mend=mend)
    if one.adds and tag not in known and len(known) >= tags.MOST:
        mend = "take one off everybody first"
        return Invalid(f"there are {tags.MOST} tags already", field="/tag", mend=mend)
    return None


def _did(one: TagMembers, tag: str, changed: int) -> Done:
    did = "members.tagged" if one.adds else "members.untagged"
    alone = len(set(one.member_ids)) == 1
    about = ("member", one.member_ids[0].hex) if alone else ("tag", tag)
    # The log is for ever: a word about somebody goes with them when they are erased, as notes do.
    word = {} if alone else {"tag": tag}
    return Done(one.by, did, *about, after=word | {"members": changed})
