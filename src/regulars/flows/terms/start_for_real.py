"""Out of a demo becomes a shop: its people go, its program stays."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Forbidden, Invalid, Refused
from regulars.base.tx import Tx
from regulars.records.access.staff import read as staff
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted, invite_anew, set_password
from regulars.records.members import read as members
from regulars.records.night.sandbox import read as sandboxes
from regulars.records.night.sandbox.write import end as end_sandbox
from regulars.records.program import read as program
from regulars.records.program.opening import read, write
from regulars.records.program.parts.rewards import shelf_of, shelved
from regulars.records.program.reading import read_program
from regulars.records.rewards.write import shelve


class StartForReal(Struct, frozen=True):
    """The made-up people go: confirmed by the shop's name, and who of the staff stays."""

    typed: str
    """The shop's name, as somebody typed it who means it."""
    stay: tuple[UUID, ...]
    by: By
    since: int | None = None
    """How many joined since the demo was made, as somebody typed it who knows that they go, too."""
    kept: str = ""
    """The new password of whoever does it, in the form in which it is kept; needed of staff."""


class Started(Struct, frozen=True):
    """The shop is real from now on, under this number; so many members were made up."""

    program_id: int
    members: int


async def start_for_real(tx: Tx, wish: StartForReal) -> Started | Refused:
    """Take everything out of a demo that was made up: members, points, messages, tills, keys.

    Order: program, stores, settings, look, and the staff who are named stay; everybody signs in
    anew. The transaction goes on as one of the program's new number, whose books are empty.
    Refuses: `not_a_demo` for every program but one of `regulars demo` that never started for real
    (the database refuses it, too); `name_differs`; `perhaps_real` while somebody joined since the
    demo was made, and their number was not typed.
    Keeps: no password of the demo, as whoever saw the demo knows it. Whoever starts the shop has a
    new one; whoever else stays is invited, and sets one by a link.
    Faults: Forbidden for all but an owner who is among those who stay; Invalid where staff set no
    new password.
    """
    versions = await program.versions(tx)
    if not await read.is_made_up(tx) or not versions:
        return not_a_demo()
    await _check_owner(tx, wish)
    if wish.by.staff_id is not None and not wish.kept:
        raise Invalid("the demo's password does not stay; set a new one", field="/password")
    source = versions[-1].source
    now = read_program(source)
    if " ".join(wish.typed.split()).casefold() != " ".join(now.name.split()).casefold():
        return name_differs(now.name)
    since = await read.joined_since(tx)
    if since and wish.since != since:
        return perhaps_real(since)
    gone = await members.how_many(tx)
    for one in await sandboxes.sandboxes(tx):  # what was tried with made-up people goes with them
        await end_sandbox(tx, one.program_id)
    program_id = await write.start_for_real(tx, wish.stay)
    stock = {shelf_of(one): pieces for one in now.rewards if (pieces := shelved(one)) is not None}
    done = Done(
        wish.by, "shop.started", "shop", "people", {"members": gone}, {"staff": len(wish.stay)}
    )
    await tx.write([*shelve(tx, stock), *invite_anew(tx, wish.stay)])
    mine = set_password(tx, wish.by.staff_id, wish.kept) if wish.by.staff_id is not None else []
    await tx.write([*mine, *acted(tx, [done])])
    return Started(program_id, gone)


async def _check_owner(tx: Tx, wish: StartForReal) -> None:
    """An owner stays who can sign in, whoever asks; and of staff only an owner asks."""
    found = {one.staff_id: one for one in await staff.all_staff(tx)}
    owners = {one.staff_id for one in found.values() if one.role == "owner" and one.is_active}
    if wish.by.staff_id is not None and wish.by.staff_id not in owners:
        raise Forbidden("your role does not do this; ask an owner")
    if not owners & set(wish.stay) or not set(wish.stay) <= set(found):
        raise Forbidden("an owner has to stay", field="/stay")
    if wish.by.staff_id is not None and wish.by.staff_id not in wish.stay:
        raise Forbidden("whoever starts the shop stays", field="/stay")


def not_a_demo() -> Refused:
    """What somebody is told whose shop has real people in it."""
    return Refused("not_a_demo", "this is no demo: its members are real, and nothing was done")


def name_differs(name: str) -> Refused:
    """What somebody is told who did not type the shop's name."""
    return Refused("name_differs", "the name of the shop is another one; type it as it is shown",
                   {"name": name})  # fmt: skip


def perhaps_real(members: int) -> Refused:
    """What somebody is told in whose demo people joined who were not made up."""
    return Refused(
        "perhaps_real",
        "members joined since the demo was made, and they would go, too; type how many they are",
        {"members": members},
    )
