"""A lost card: another in its place, and the old number blocked for whoever finds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.block_members import block_members
from regulars.flows.membership.commands import BlockMember
from regulars.flows.membership.join_members import join_members
from regulars.flows.membership.link_identifiers import link_identifiers
from regulars.records.members.types import Identifier, JoinMember, LinkIdentifiers, MemberRef
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.whom import whom
from regulars.surfaces.console.words import N

LOST: Final = "Reported lost"
"""Why an old card is blocked, as the books have it."""
_WHICH: Final = N("Choose the card that was lost")
_TAKEN: Final = N("This card cannot be taken: it belongs to somebody, or is no card number")


async def _linking(tx: Tx, terms: Terms, batch: Sequence[LinkIdentifiers]) -> Sequence[Any]:
    return await link_identifiers(tx, terms.versions[-1].program.country, batch, terms)


async def _joining(tx: Tx, terms: Terms, batch: Sequence[JoinMember]) -> Sequence[Any]:
    return await join_members(tx, terms.versions[-1].program.country, batch, terms)


async def card_form(
    here: Here, member_id: str, wrong: Any = None, typed: str = ""
) -> Response[str]:
    """Which card, and the new one; nothing where there is no new one yet."""
    one = await whom(here, member_id)
    return here.page(
        "people/card.html",
        status=422 if wrong else 200,
        id=member_id,
        name=one.name,
        cards=[(each.value, each.value) for each in one.names if each.kind == "card"],
        wrong=wrong or {},
        typed=typed,
        key=own_key(here.given.random_bytes),
    )


async def replace_card(here: Here, form: Form) -> Response[Any]:
    """The old card finds nobody's points any more; whoever shows it is told that it is blocked.

    Order: the member loses the old and gets the new one in one step; then the old number becomes
    a blocked card of nobody. Sent twice it is done once.
    """
    member_id, old, new = str(form.path["member_id"]), form.get("old"), form.get("new").strip()
    id_, key, say = addressed("mem", member_id), form.get("key"), here.reader.say
    one = await whom(here, member_id)
    lost = Identifier("card", old)
    if lost not in one.names:
        return await card_form(here, member_id, {"old": say(_WHICH)}, new)
    link = (Identifier("card", new),) if new else ()
    command = LinkIdentifiers(MemberRef(id=id_), link, (lost,), here.asked(f"{key}-link"))
    try:
        outcome = await here.do(_linking, command)
    except Fault:
        return await card_form(here, member_id, {"new": say(_TAKEN)}, new)
    if isinstance(outcome, Refused):
        return await card_form(here, member_id, {"new": here.told(outcome)}, new)
    await _block(here, lost, key)
    return redirect(f"/console/members/{member_id}")


async def _block(here: Here, lost: Identifier, key: str) -> None:
    """The number becomes a card of nobody, and blocked."""
    joined = await here.do(_joining, JoinMember((lost,), asked=here.asked(f"{key}-join")))
    if isinstance(joined, Refused):
        return  # a program that asks who joins takes no card without a person: it finds nobody
    ref = MemberRef(id=joined.member_id)
    blocked = BlockMember(ref, True, LOST, here.staff.principal, here.asked(f"{key}-block"))
    await here.do(block_members, blocked)
