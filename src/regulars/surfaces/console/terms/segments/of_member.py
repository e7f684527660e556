"""In which segments a member is, why, and on which lists somebody puts them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from litestar import Response

from regulars.base.faults import Fault
from regulars.base.tx import Tx
from regulars.engine.segments.asking import Reason, ask
from regulars.engine.segments.setting import setting_of
from regulars.engine.terms import Terms
from regulars.flows.membership.office.segments.commands import ListMembers
from regulars.flows.membership.office.segments.keep_segments import list_members
from regulars.insight.segments.knowing import ground
from regulars.insight.segments.profiles import profiles
from regulars.records.access.staff.permissions import Permission
from regulars.records.members import read as members
from regulars.records.members.types import Member, nobody
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments.conditions import All, AnyOf
from regulars.records.program.changes.segments.ground import Ground, OnList, plain, spoken
from regulars.records.program.changes.segments.types import Segment
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import name_of
from regulars.surfaces.in_words.segments import condition_in_words


class Part(NamedTuple):
    """One question of a condition, and whether it holds for the member."""

    says: str
    holds: bool


class Stands(NamedTuple):
    """A segment, since when the member is in it (nothing: they are not), and why."""

    one: Segment
    since: datetime | None
    fits: bool
    parts: list[Part]


async def of_member(here: Here, member_id: str, wrong: str = "") -> Response[str]:
    """Every saved segment, whether the member is in it, and each question. Faults: UnknownMember.

    Order: what is asked now and who is in it may differ for some seconds, until it is followed.
    """
    id_ = addressed("mem", member_id)
    found, stands = await here.read(lambda tx, terms: _told(here, tx, terms, id_))
    return here.page(
        "people/segments.html",
        status=422 if wrong else 200,
        id=member_id,
        member=found,
        name=name_of(found) or found.number,
        inside=[one for one in stands if one.since is not None],
        outside=[one for one in stands if one.since is None and one.one.kind == "rule"],
        lists=[one for one in stands if one.one.kind == "list" and not one.fits],
        wrong=wrong,
    )


async def put(here: Here, form: Form) -> Response[Any]:
    """The member is put on a list, or taken off it."""
    member_id = str(form.path["member_id"])
    id_, adds = addressed("mem", member_id), form.get("way") != "take"
    command = ListMembers(form.get("segment"), (id_,), here.by, adds)
    try:
        await here.do(list_members, command)
    except Fault as fault:
        return await of_member(here, member_id, here.told(fault))
    return redirect(f"/console/members/{member_id}/segments")


async def _told(here: Here, tx: Tx, terms: Terms, id_: UUID) -> tuple[Member, list[Stands]]:
    found = (await members.members(tx, [id_])).get(id_)
    if found is None:
        raise nobody()
    base, zone = await ground(tx, setting_of(terms, tx.now)), str(terms.at(tx.now).zone)
    known = (await profiles(tx, [id_], terms.wallet_names, zone)).get(id_)
    since = {row["code"]: row["since"] for row in await segments.of_member(tx, id_)}
    every = await segments.segments(tx)
    names = {one.code: one.name for one in every}
    stands = []
    for one in every:
        if one.code not in base.segments:
            continue
        said = base.segments[one.code]
        question = OnList(said) if isinstance(said, UUID) else plain(said, base)
        reason = None if known is None else ask(question, known, base)
        asked = reason if one.kind == "rule" else None
        parts = [] if asked is None else list(_parts(here, asked, base, names))
        fits = reason is not None and reason.holds
        stands.append(Stands(one, since.get(one.code), fits, parts))
    return found, stands


def _parts(here: Here, reason: Reason, base: Ground, names: dict[str, str]) -> Iterator[Part]:
    """The questions that are joined, each by itself; of anything else the whole."""
    inner = reason.parts if isinstance(reason.asked, All | AnyOf) else (reason,)
    for part in inner:
        says = spoken(part.asked, base)
        yield Part(condition_in_words(says, here.version.program, here.voice, names), part.holds)


PATH: Final = "/console/members/{member_id:str}/segments"
PAGES: Final = (
    (PATH, Permission.MEMBERS_READ, lambda here, path: of_member(here, path["member_id"])),
)
FORMS_DONE: Final = ((PATH, Permission.MESSAGES_WRITE, put),)
