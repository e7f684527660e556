"""Who of the shop looks after members because of a benefit: seen, chosen, ended, passed on."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from regulars.base.faults import Invalid, NotFound
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.membership.benefits.commands import (
    AssignAssociate,
    EndAssociate,
    PassMembersOn,
)
from regulars.flows.membership.benefits.keep_associates import keep_associates, pass_members_on
from regulars.flows.membership.benefits.show_associates import show_associates, show_looks
from regulars.records.access.staff.types import staff_of
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef, nobody
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.examples import benefits as examples
from regulars.surfaces.api.strict.ids import addressed
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.standing.associates import (
    AssociateDone,
    AssociateEndSent,
    AssociateSent,
    AssociatesShown,
    LooksListed,
    PassedOnShown,
    PassOnSent,
    associate_done,
    associates_shown,
    looks_shown,
    passed_on,
)

_TAG: Final = "Benefits"
_STAFF: Final = "staff_0198f3a2b4c87d10a1b2c3d4e5f60721"
_ASSOCIATE: Final[dict[str, Any]] = {
    "benefit": "personal-shopper",
    "staff_id": _STAFF,
    "name": "Mia",
    "here": True,
    "how": "fewest",
    "since": "2026-03-02T09:00:00Z",
    "until": None,
}
_DONE: Final[dict[str, Any]] = {
    "member_id": examples.MEMBER,
    "benefit": "personal-shopper",
    "staff_id": _STAFF,
    "changed": True,
}


async def of_member(call: Call) -> Reply:
    """Who looks after a member now."""
    id_ = addressed("mem", call.ids["member_id"])

    async def look(tx: Tx, terms: Terms) -> AssociatesShown:
        if not await members.present(tx, [id_]):
            raise nobody()
        return associates_shown(call.ids["member_id"], await show_associates(tx, terms, id_))

    return Reply(await call.read(look))


async def assign(call: Call) -> Reply:
    """Somebody is to look after a member."""
    sent: AssociateSent = call.sent
    staff_id = _staff(sent.staff_id)
    command = AssignAssociate(_member(call), sent.benefit, call.by, staff_id)
    return Reply(associate_done(await call.do(keep_associates, command)))


async def end(call: Call) -> Reply:
    """Nobody looks after a member any more."""
    sent: AssociateEndSent = call.sent
    command = EndAssociate(_member(call), sent.benefit, call.by)
    return Reply(associate_done(await call.do(keep_associates, command)))


async def everybody(call: Call) -> Reply:
    """Who looks after how many members."""
    async with call.transaction as tx:
        return Reply(looks_shown(await show_looks(tx)))


async def pass_on(call: Call) -> Reply:
    """Whoever somebody looked after is looked after by another."""
    sent: PassOnSent = call.sent
    staff_id = staff_of(call.ids["staff_id"])
    if staff_id is None:
        raise NotFound("nobody of this shop has this id", field="/id")
    command = PassMembersOn(staff_id, call.by, _staff(sent.staff_id))
    return Reply(passed_on(await call.do(pass_members_on, command)))


def _member(call: Call) -> MemberRef:
    return MemberRef(id=addressed("mem", call.ids["member_id"]))


def _staff(said: str | None) -> UUID | None:
    if said is None:
        return None
    found = staff_of(said)
    if found is None:
        raise Invalid("write who as staff_ and 32 digits", field="/staff_id")
    return found


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/v1/members/{member_id}/associates",
        name="list_member_associates",
        tag=_TAG,
        says="Who of the shop looks after a member",
        notes="Of each benefit with `associate:` one. `here` is false where they work here no more "
        "and another one is to be chosen.",
        scopes=(Scope.MEMBERS_READ, Scope.BENEFITS_WRITE),
        answers={200: AssociatesShown},
        answer_example={"member_id": examples.MEMBER, "items": [_ASSOCIATE]},
        codes=("unknown_member",),
        do=of_member,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/associates",
        name="assign_associate",
        once=Once.AGAIN,
        tag=_TAG,
        says="Say who of the shop looks after a member",
        notes="Whoever did so far does no more. Without `staff_id` it is who works in the member's "
        "store and looks after fewest. Said again, nothing changes.",
        scopes=(Scope.BENEFITS_WRITE,),
        sent=AssociateSent,
        answers={200: AssociateDone},
        example={"benefit": "personal-shopper", "staff_id": _STAFF},
        answer_example=_DONE,
        codes=(
            "unknown_member", "unknown_benefit", "member_erased", "tier_too_low", "no_plan",
            "plan_frozen", "not_granted",
        ),
        do=assign,
    ),
    Operation(
        method="POST",
        path="/v1/members/{member_id}/associates/end",
        name="end_associate",
        once=Once.AGAIN,
        tag=_TAG,
        says="Nobody looks after a member because of this benefit any more",
        notes="Nobody is chosen anew by rule, only by hand. Said again, nothing changes.",
        scopes=(Scope.BENEFITS_WRITE,),
        sent=AssociateEndSent,
        answers={200: AssociateDone},
        example={"benefit": "personal-shopper"},
        answer_example=_DONE | {"staff_id": None},
        codes=("unknown_member", "member_erased"),
        do=end,
    ),
    Operation(
        method="GET",
        path="/v1/associates",
        name="list_associates",
        tag=_TAG,
        says="Who of the shop looks after how many members",
        notes="Who left and still has some comes first.",
        scopes=(Scope.BENEFITS_WRITE,),
        answers={200: LooksListed},
        answer_example={
            "items": [{"staff_id": _STAFF, "name": "Mia", "members": 12, "here": True}]
        },
        do=everybody,
    ),
    Operation(
        method="POST",
        path="/v1/associates/{staff_id}/pass-on",
        name="pass_members_on",
        once=Once.AGAIN,
        tag=_TAG,
        says="Pass on the members somebody of the shop looked after",
        notes="To one person, or each to who works in their store and looks after fewest; up to "
        "500 at once: `left` says how many still wait.",
        scopes=(Scope.BENEFITS_WRITE,),
        sent=PassOnSent,
        answers={200: PassedOnShown},
        example={},
        answer_example={"members": 12, "left": 0},
        codes=("not_found",),
        do=pass_on,
    ),
)  # fmt: skip
