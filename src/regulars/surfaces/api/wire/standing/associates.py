"""What travels about who of the shop looks after members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.flows.membership.benefits.commands import AssociateKept, PassedOn
from regulars.flows.membership.benefits.show_associates import LookedAfter, Looks
from regulars.records.benefits.associates.types import How
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Slug

StaffId = Annotated[str, Meta(max_length=40)]


class AssociateShown(Struct, frozen=True):
    """Because of this benefit somebody of the shop looks after the member."""

    benefit: str
    staff_id: str
    name: str
    here: bool
    """They still work here; else another one is to be chosen."""
    how: How
    since: datetime
    until: datetime | None
    """The end of the grace of a benefit that is over; nothing while the member has it."""


class AssociatesShown(Struct, frozen=True):
    """Who looks after a member, of each benefit one."""

    member_id: str
    items: list[AssociateShown]


class AssociateSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is to look after the member."""

    benefit: Slug
    staff_id: StaffId | None = None
    """By the fair rule, unless said."""


class AssociateEndSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Of which benefit nobody looks after the member any more."""

    benefit: Slug


class AssociateDone(Struct, frozen=True):
    """Who looks after the member now; nobody, where it ended."""

    member_id: str
    benefit: str
    staff_id: str | None
    changed: bool


class LooksShown(Struct, frozen=True):
    """Somebody of the shop, and how many members they look after."""

    staff_id: str
    name: str
    members: int
    here: bool
    """They still work here; else their members wait to be passed on."""


class LooksListed(Struct, frozen=True):
    """Everybody who looks after members or could; who left and still has some first."""

    items: list[LooksShown]


class PassOnSent(Struct, frozen=True, forbid_unknown_fields=True):
    """To whom their members are passed on."""

    staff_id: StaffId | None = None
    """Each by the fair rule, unless said."""


class PassedOnShown(Struct, frozen=True):
    """How many members were passed on, and how many still wait: ask again for those."""

    members: int
    left: int


def associates_shown(member_id: str, found: Sequence[LookedAfter]) -> AssociatesShown:
    """Who looks after a member, as the world sees it."""
    items = [
        AssociateShown(
            benefit=one.benefit,
            staff_id=one.who.principal,
            name=one.who.name,
            here=one.here,
            how=one.how,
            since=one.since,
            until=one.until,
        )
        for one in found
    ]
    return AssociatesShown(member_id, items)


def associate_done(kept: AssociateKept) -> AssociateDone:
    """What became of it."""
    staff_id = None if kept.staff_id is None else shown("staff", kept.staff_id)
    return AssociateDone(shown("mem", kept.member_id), kept.benefit, staff_id, kept.changed)


def looks_shown(found: Sequence[Looks]) -> LooksListed:
    """Who looks after how many, as the world sees it."""
    return LooksListed(
        [LooksShown(one.who.principal, one.who.name, one.members, one.here) for one in found]
    )


def passed_on(done: PassedOn) -> PassedOnShown:
    """What became of it."""
    return PassedOnShown(done.members, done.left)
