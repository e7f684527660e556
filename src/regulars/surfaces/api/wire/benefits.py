"""Benefits, their uses and grants on the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from regulars.engine.deciding.benefit import May, Occasion, promise
from regulars.engine.terms import Version
from regulars.flows.membership.commands import BenefitGranted, BenefitUsed
from regulars.records.benefits.types import Use, UseState
from regulars.records.program.types import Allowance, Benefit, Days
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.wire.parts import Instant, Money, Slug, Text, Whom
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


class MemberBenefitsShown(Struct, frozen=True):
    """All benefits of the program, as they stand for one member."""

    member_id: str
    items: list[MayShown]


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


class UndoSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said to take a use back."""


class UseDone(Struct, frozen=True):
    """Where a use stands, and what is left."""

    id: str
    member_id: str
    benefit: str
    state: str
    left: int | None
    granted: bool
    """It was used on what was granted by hand."""


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
        worth = promise(version, one, now, counted=False).worth_minor
        items.append(
            BenefitShown(
                id=one.id, name=one.name, says=one.says, tier=one.tier, by=one.by,
                plan=one.plan,
                allowance=one.allowance, choose_one=one.choose_one, stores=one.stores,
                channels=one.channels, categories=one.categories, skus=one.skus,
                from_on=one.from_on, until_on=one.until_on, head_start=one.head_start,
                blackout=one.blackout, needs=one.needs,
                worth=Money(worth, version.program.currency),
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
    )


def use_done(answer: BenefitUsed) -> UseDone:
    """The answer to a use that was asked for or taken back."""
    return UseDone(
        id=shown("use", answer.use_id),
        member_id=shown("mem", answer.member_id),
        benefit=answer.benefit,
        state=answer.state,
        left=answer.left,
        granted=answer.granted,
    )


def uses_shown(uses: Sequence[Use], currencies: Mapping[int, str]) -> list[UseShown]:
    """Uses as the world sees them; `currencies` by version."""
    return [
        UseShown(
            id=shown("use", one.use_id),
            member_id=shown("mem", one.member_id),
            benefit=one.benefit,
            name=one.included.name,
            state=one.state,
            worth=Money(one.included.worth_minor, currencies[one.version]),
            cost=Money(one.included.cost_minor, currencies[one.version]),
            granted=one.grant_id is not None,
            store=one.store,
            channel=one.channel,
            sku=one.sku,
            details=dict(one.details),
            actor=one.actor,
            used_at=one.used_at,
            undone_at=one.undone_at,
            program_version=one.version,
        )
        for one in uses
    ]


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
