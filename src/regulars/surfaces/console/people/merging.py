"""Two records that are one person: found, compared, and made one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from litestar import Response

from regulars.base.faults import Refused
from regulars.flows.membership.commands import MergeMembers
from regulars.flows.membership.merge_members import merge_members
from regulars.records.members.types import MemberRef
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.people.members import found_by
from regulars.surfaces.console.people.whom import Whom, tier_said, whom, whom_of
from regulars.surfaces.console.words import N

LONGEST: Final = 300
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_NOBODY: Final = N(
    "Nobody is known by this. Try a phone number with its country, a card or an e-mail."
)
_SAME: Final = N("This is the same member")
_WHY: Final = N("Say in a few words why; at most 300 letters")


async def merge_form(
    here: Here, member_id: str, wrong: Mapping[str, str] = NOTHING, typed: str = ""
) -> Response[str]:
    """First who the other one is; then both beside each other, and what comes of it.

    Shape: `wrong` says of each field what is not right, and under "" why nothing was done.
    """
    one = await whom(here, member_id)
    said = here.query.get("with", "").strip()
    other, slips = None, dict(wrong)
    if said:
        other, no = await _other(here, one, said)
        slips |= {"with": here.reader.say(no)} if no else {}
    turned = here.query.get("turned") == "yes"
    pair = (one, other) if other is None or not turned else (other, one)
    return here.page(
        "people/merge.html",
        status=422 if wrong else 200,
        id=member_id,
        name=one.name,
        said=said,
        wrong=slips,
        typed=typed,
        turned=turned,
        key=own_key(here.given.random_bytes),
        stays=_side(here, pair[0]) if other else None,
        goes=_side(here, pair[1]) if other and pair[1] else None,
        after=_after(here, one, other) if other else [],
    )


async def merge(here: Here, form: Form) -> Response[Any]:
    """Made one: everything of who goes comes to who stays; sent twice it is done once."""
    stays, goes = form.get("stays"), form.get("goes")
    reason = form.get("reason").strip()
    if not 0 < len(reason) <= LONGEST:
        wrong = {"reason": here.reader.say(_WHY)}
        return await merge_form(here, form.path["member_id"], wrong, reason)
    command = MergeMembers(
        MemberRef(id=addressed("mem", goes)),
        MemberRef(id=addressed("mem", stays)),
        reason,
        here.staff.principal,
        here.asked(form.get("key")),
    )
    outcome = await here.do(merge_members, command)
    if isinstance(outcome, Refused):
        wrong = {"": here.told(outcome)}
        return await merge_form(here, form.path["member_id"], wrong, reason)
    return redirect(f"/console/members/{shown('mem', outcome.into_id)}?merged=yes")


async def _other(here: Here, one: Whom, said: str) -> tuple[Whom | None, str]:
    async with here.transaction as tx:
        id_ = addressed("mem", said) if said.startswith("mem_") else await found_by(tx, here, said)
    if id_ is None:
        return None, _NOBODY
    if id_ == one.member.id:
        return None, _SAME
    return await here.read(lambda tx, terms: whom_of(tx, terms, id_)), ""


def _side(here: Here, one: Whom) -> dict[str, Any]:
    held = one.standing.balances
    wallets = here.version.program.wallets
    return {
        "id": one.id,
        "name": one.name,
        "number": one.member.number,
        "tier": tier_said(here, one),
        "joined_at": one.member.joined_at,
        "known": [each.value for each in one.names if each.kind != "number"],
        "held": [
            (wallet.name or id_, here.reader.quantity(_left(held, id_), wallet.scale))
            for id_, wallet in wallets.items()
        ],
    }


def _after(here: Here, one: Whom, other: Whom) -> list[tuple[str, str]]:
    """What who stays has then, wallet by wallet."""
    pair = (one.standing.balances, other.standing.balances)
    return [
        (wallet.name or id_, here.reader.quantity(sum(_left(h, id_) for h in pair), wallet.scale))
        for id_, wallet in here.version.program.wallets.items()
    ]


def _left(held: Any, wallet: str) -> int:
    return int(held[wallet].available - held[wallet].debt)
