"""Somebody works on a program file; two who do so at once cannot overwrite each other."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx
from regulars.records.program import read as program
from regulars.records.program.changes import read, write
from regulars.records.program.changes.types import Draft
from regulars.records.program.parsing.nodes import LARGEST_FILE

MOST_DRAFTS: Final = 100
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


class KeepDraft(Struct, frozen=True):
    """A draft as it is to be now: `revision` is the one its writer read, 0 for a new draft."""

    name: str
    source: str
    revision: int
    by: str


class DraftChanged(Fault):
    """Somebody else wrote this draft since it was read."""

    code = "draft_changed"
    category = "conflict"


async def keep_draft(tx: Tx, wish: KeepDraft) -> tuple[Draft, bool]:
    """Keep a draft as it was written, right or wrong; and whether anything is another now.

    Order: told again after a lost answer, it finds itself and does nothing.
    Faults: Invalid name or size; DraftChanged when the draft is not the one that was read.
    """
    _fits(wish)
    await write.hold_drafts(tx)
    there = await read.draft(tx, wish.name)
    if there is not None and _same(there, wish):
        return there, False
    _still(there, wish.name, wish.revision)
    if there is None:
        kept = await read.drafts(tx)
        if len(kept) >= MOST_DRAFTS:
            raise Invalid(f"there are {MOST_DRAFTS} drafts; delete one first", field="/name")
        draft = Draft(
            wish.name, 1, await program.ruling(tx), wish.source, wish.by, tx.now, wish.by, tx.now
        )
    else:
        draft = replace(
            there, revision=there.revision + 1, source=wish.source, changed_by=wish.by,
            changed_at=tx.now, before=there.source,
        )  # fmt: skip
    await tx.write(write.keep_draft(tx, draft))
    return draft, True


async def drop_draft(tx: Tx, name: str, revision: int) -> Draft:
    """Forget a draft, as it was when it was read.

    Faults: NotFound; DraftChanged.
    """
    await write.hold_drafts(tx)
    there = await read.draft(tx, name)
    if there is None:
        raise no_draft(name)
    _still(there, name, revision)
    await tx.write(write.drop_draft(tx, name))
    return there


def no_draft(name: str) -> NotFound:
    """There is no such draft."""
    return NotFound(f"there is no draft {name[:40]}; list the drafts to find it", field="/name")


def _same(there: Draft, wish: KeepDraft) -> bool:
    again = (there.revision, there.changed_by, there.source)
    return again == (wish.revision + 1, wish.by, wish.source)


def _still(there: Draft | None, name: str, revision: int) -> None:
    if there is None and revision != 0:
        raise no_draft(name)
    if there is not None and there.revision != revision:
        what = "exists already" if revision == 0 else "was written by somebody else since"
        raise DraftChanged(
            f"the draft {name} {what}: it is revision {there.revision}, by {there.changed_by}; "
            "read it, take over what is new, and name its revision",
            field="/revision",
            revision=there.revision,
            changed_by=there.changed_by,
        )


def _fits(wish: KeepDraft) -> None:
    if len(wish.name) > 40 or not _NAME.match(wish.name):
        says = "a draft is named in small letters, digits and hyphens, as in spring-2027"
        raise Invalid(says, field="/name")
    if len(wish.source.encode()) > LARGEST_FILE:
        raise Invalid(f"more than {LARGEST_FILE // 1024} KB; shorten it", field="/source")
    if "\x00" in wish.source:
        raise Invalid("a program file is text, and this has a zero byte", field="/source")
