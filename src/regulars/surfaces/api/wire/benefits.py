"""Benefits, their uses and grants on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.base.faults import Invalid
from regulars.engine.deciding.benefit import May, Occasion
from regulars.engine.rewarding.including.appointments import Slot
from regulars.engine.rewarding.including.promising import worth_of
from regulars.engine.terms import Version
from regulars.flows.membership.commands import BenefitGranted, BenefitUsed, Guest
from regulars.records.benefits.types import Use, UseState
from regulars.records.program.parts.benefits import Appointments, AroundBirthday, Associate, Guests
from regulars.records.program.types import Allowance, Benefit, Days
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Instant, Language, Money, Slug, Text, Whom, member_of
from regulars.surfaces.api.wire.standing.shown import WhyNot

Details = Annotated[
    dict[Slug, Annotated[str, Meta(min_length=1, max_length=200)]], Meta(max_length=16)
]


class BenefitShown(Struct, frozen=True):
    """Something that is included."""

    id: str
    name: str
    says: str
    tier: str | None
    """For members of this tier or a higher one."""
    by: str
    """`grant`: only for members to whom it was granted by hand."""
    plan: str | None
    """For members who pay for this plan."""
    allowance: Allowance | None
    choose_one: str | None
    stores: tuple[str, ...]
    channels: tuple[str, ...]
    categories: tuple[str, ...]
    skus: tuple[str, ...]
    from_on: str | None
    until_on: str | None
    head_start: dict[str, str]
    blackout: tuple[Days, ...]
    needs: tuple[str, ...]
    """Details to tell with each use."""
    worth: Money
    guests: Guests | None = None
    """Whom a member may bring along."""
    appointments: Appointments | None = None
    """It is used at a time that was booked."""
    associate: Associate | None = None
    """It comes with somebody of the shop who looks after the member."""
    birthday: AroundBirthday | None = None
    """It is used around the member's birthday only."""


class BenefitsShown(Struct, frozen=True):
    """All benefits of the program in force."""

    items: list[BenefitShown]


class OccasionQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """For what, where and when it is asked; now and anywhere, unless said."""

    sku: Text = ""
    category: Text = ""
    store: Text = ""
    channel: Text = ""
    at: Instant | None = None
    """An instant that is still to come."""
    guests: Annotated[int, Meta(ge=0, le=100)] = 0
    """With so many guests."""
    from_at: Instant | None = None
    """Of an appointment: when it would begin."""
    language: Language | None = None


class MayShown(Struct, frozen=True):
    """Whether a member may use a benefit."""

    benefit: str
    name: str
    may: bool
    left: int | None
    """How many uses are left, granted ones too; nothing when there is no end to them."""
    opens_at: datetime | None
    """When it begins for this member, where it begins at all."""
    at: datetime
    why_not: WhyNot | None = None
    ends_at: datetime | None = None
    """When what is left is over, where it began with the member; what was granted aside."""


class MemberBenefitsShown(Struct, frozen=True):
    """All benefits of the program, as they stand for one member."""

    member_id: str
    items: list[MayShown]


class GuestSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who comes along: a member, or somebody else by name."""

    name: Text = ""
    member: Whom | None = None


class UseSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member uses a benefit, here and now."""

    member: Whom
    benefit: Slug
    store: Text = ""
    channel: Text = ""
    sku: Text = ""
    category: Text = ""
    details: Details = {}
    """What the benefit needs to be told, such as the companion's name."""
    guests: Annotated[list[GuestSent], Meta(max_length=100)] = []
    from_at: Instant | None = None
    """The time that is booked, of a benefit with appointments."""


class UndoSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said to take a use back."""

    late: bool = False
    """Let an appointment go although it is too late to cancel."""


class MoveSent(Struct, frozen=True, forbid_unknown_fields=True):
    """When an appointment begins instead."""

    from_at: Instant


class CameSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said when somebody came."""


class MissedSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said when nobody came."""


class SlotsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """On which day, and in which store."""

    on: Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$(?!\n)")]
    store: Text = ""


class SlotShown(Struct, frozen=True):
    """A time that can be booked."""

    from_at: datetime
    until_at: datetime
    left: int
    """How many people can still come."""


class SlotsShown(Struct, frozen=True):
    """Every time of a day at which appointments begin, in order."""

    benefit: str
    store: str
    items: list[SlotShown]


class UseDone(Struct, frozen=True):
    """Where a use stands, and what is left."""

    id: str
    member_id: str
    benefit: str
    state: str
    left: int | None
    granted: bool
    """It was used on what was granted by hand."""
    times: int
    """How much it counts: guests may count too."""
    guests: int
    from_at: datetime | None = None
    until_at: datetime | None = None
    """Of an appointment: from when until when."""
    came_at: datetime | None = None
    """When it was said that somebody came to it."""


class UseShown(Struct, frozen=True):
    """A use, with the benefit as it was promised that day."""

    id: str
    member_id: str
    benefit: str
    name: str
    state: UseState
    worth: Money
    cost: Money
    granted: bool
    store: str
    channel: str
    sku: str
    details: dict[str, str]
    actor: str
    used_at: datetime
    undone_at: datetime | None
    program_version: int
    times: int
    guests: int
    guest_members: list[str]
    """Those of the guests who are members."""
    from_at: datetime | None = None
    until_at: datetime | None = None
    cancel_until: datetime | None = None
    """Of an appointment: until when it is moved or cancelled."""
    came_at: datetime | None = None
    """Of an appointment: when it was said at a till that somebody came to it."""


class UsesPage(Struct, frozen=True):
    """A page of uses, newest first."""

    items: list[UseShown]
    has_more: bool
    next_cursor: str | None


class GrantSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A member may use a benefit so often, whatever their tier."""

    member: Whom
    benefit: Slug
    reason: Text
    actor: Text = ""
    times: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    from_at: Instant | None = None
    until_at: Instant | None = None


class GrantDone(Struct, frozen=True):
    """What was granted."""

    id: str
    member_id: str
    benefit: str
    times: int
    from_at: datetime
    until_at: datetime | None


def benefits_shown(version: Version, benefits: Sequence[Benefit], now: datetime) -> BenefitsShown:
    """All benefits of a version, in some language, as the world sees them."""
    items = []
    for one in benefits:
        worth = worth_of(version, one)
        items.append(
            BenefitShown(
                id=one.id, name=one.name, says=one.says, tier=one.tier, by=one.by,
                plan=one.plan,
                allowance=one.allowance, choose_one=one.choose_one, stores=one.stores,
                channels=one.channels, categories=one.categories, skus=one.skus,
                from_on=one.from_on, until_on=one.until_on, head_start=one.head_start,
                blackout=one.blackout, needs=one.needs,
                worth=Money(worth, version.program.currency),
                guests=one.guests, appointments=one.appointments, associate=one.associate,
                birthday=one.birthday,
            )
        )  # fmt: skip
    return BenefitsShown(items)


def may_shown(version: Version, occasion: Occasion, answer: May) -> MayShown:
    """An answer to the one question, as it is shown."""
    benefit, no = version.benefits.get(occasion.benefit), answer.no
    return MayShown(
        benefit=occasion.benefit,
        name="" if benefit is None else benefit.name,
        may=no is None,
        left=answer.left,
        opens_at=answer.opens_at,
        at=occasion.now,
        why_not=None if no is None else WhyNot(no.code, no.says, dict(no.facts)),
        ends_at=answer.ends_at,
    )


def guests_of(sent: Sequence[GuestSent]) -> tuple[Guest, ...]:
    """Who comes along. Faults: Invalid for somebody who is named as both or neither."""
    found = []
    for place, one in enumerate(sent):
        if (one.member is None) == (not one.name.strip()):
            raise Invalid("say a name, or a member", field=f"/guests/{place}")
        whom = None if one.member is None else member_of(one.member, f"/guests/{place}/member")
        found.append(Guest(one.name, whom))
    return tuple(found)


def slots_shown(benefit: str, store: str, slots: Sequence[Slot]) -> SlotsShown:
    """Times that can be booked, as they are shown."""
    items = [SlotShown(one.from_at, one.until_at, one.left) for one in slots]
    return SlotsShown(benefit, store, items)


def use_done(answer: BenefitUsed) -> UseDone:
    """The answer to a use that was asked for or taken back."""
    return UseDone(
        id=shown("use", answer.use_id),
        member_id=shown("mem", answer.member_id),
        benefit=answer.benefit,
        state=answer.state,
        left=answer.left,
        granted=answer.granted,
        times=answer.times,
        guests=answer.guests,
        from_at=answer.from_at,
        until_at=answer.until_at,
        came_at=answer.came_at,
    )


def uses_shown(uses: Sequence[Use], currencies: Mapping[int, str]) -> list[UseShown]:
    """Uses as the world sees them; `currencies` by version."""
    return [_use_shown(one, currencies[one.version]) for one in uses]


def _use_shown(one: Use, currency: str) -> UseShown:
    included, booked = one.included, one.included.booked
    return UseShown(
        id=shown("use", one.use_id),
        member_id=shown("mem", one.member_id),
        benefit=one.benefit,
        name=included.name,
        state=one.state,
        worth=Money(included.worth_minor, currency),
        cost=Money(included.cost_minor, currency),
        granted=one.grant_id is not None,
        store=one.store,
        channel=one.channel,
        sku=one.sku,
        details=dict(one.details),
        actor=one.actor,
        used_at=one.used_at,
        undone_at=one.undone_at,
        program_version=one.version,
        times=included.times,
        guests=included.guests,
        guest_members=[shown("mem", who) for who in included.guest_ids],
        from_at=None if booked is None else booked.from_at,
        until_at=None if booked is None else booked.until_at,
        cancel_until=None if booked is None else booked.cancel_until,
        came_at=one.came_at,
    )


def grant_done(answer: BenefitGranted) -> GrantDone:
    """The answer to a grant."""
    return GrantDone(
        id=shown("grt", answer.grant_id),
        member_id=shown("mem", answer.member_id),
        benefit=answer.benefit,
        times=answer.times,
        from_at=answer.from_at,
        until_at=answer.until_at,
    )
