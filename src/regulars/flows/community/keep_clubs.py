"""Somebody plans a club, changes it, or closes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import replace

from regulars.base.faults import Invalid
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.community.allowed import forbidden, own_language, unknown_place, wrong
from regulars.flows.community.commands import KeepClub, KeepClubOutcome
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.write import Done, acted
from regulars.records.community.clubs import read, write
from regulars.records.community.clubs.rules import MOST, ill_planned
from regulars.records.community.clubs.types import Club

_KEPT: Final = ("name", "says", "joins", "tiers", "store", "state")


async def keep_clubs(tx: Tx, terms: Terms, batch: Sequence[KeepClub]) -> list[KeepClubOutcome]:
    """Each of these is what its club is from now on; the same said again changes nothing.

    Keeps: who is in it, however it is joined from now on.
    Faults, each for its own item: `invalid` at a field, `forbidden`.
    """
    await write.hold(tx)
    return [await _one(tx, terms, command) for command in batch]


async def _one(tx: Tx, terms: Terms, command: KeepClub) -> KeepClubOutcome:
    no = await forbidden(tx, command.by, Permission.MESSAGES_WRITE)
    if no is not None:
        return no
    own = own_language(tx, terms)
    there = await read.club(tx, command.code)
    had = ("", ()) if there is None else (there.store, there.tiers)
    ill = ill_planned(
        command.code, command.name, command.says, command.joins, command.tiers, own
    ) or await unknown_place(tx, terms, (command.store, command.tiers), had)
    fault = wrong(ill)
    if fault is not None:
        return fault
    if there is None and len(await read.clubs(tx)) >= MOST:
        return Invalid(f"There are {MOST} clubs already", field="/code")
    return await _kept(tx, command, there)


async def _kept(tx: Tx, command: KeepClub, there: Club | None) -> Club:
    told: dict[str, Any] = {name: getattr(command, name) for name in _KEPT}
    told["name"] = command.name.strip()
    who = command.by.actor
    if there is None:
        now = Club(
            club_id=tx.new_id(), code=command.code, version=1, made_at=tx.now, made_by=who,
            changed_at=tx.now, changed_by=who, **told,
        )  # fmt: skip
    elif all(getattr(there, name) == value for name, value in told.items()):
        return there
    else:
        now = replace(
            there, version=there.version + 1, changed_at=tx.now, changed_by=who, **told
        )  # fmt: skip
    did = "club.closed" if now.state == "closed" else "club.written"
    after = {"name": now.name, "version": str(now.version)}
    done = Done(command.by, did, "club", now.code, before={}, after=after)
    await tx.write([*write.keep(tx, now), *acted(tx, [done])])
    return now
