"""Challenges, streaks, milestones and boards, as a program file says them."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from regulars.records.program.wallets import Day, Decimal, LongSpan, Slug

Text = Annotated[str, Meta(max_length=200)]
Attribute = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Some = Annotated[tuple[Text, ...], Meta(max_length=50)]


class Deed(Struct, frozen=True, forbid_unknown_fields=True):
    """What counts: an activity of this kind, in these stores, by these ways, with these goods.

    Of a purchase only what was kept counts; of one that came back nothing does.
    """

    on: Slug = "purchase"
    amount: Decimal = 0
    """It is worth at least so much, by the definition below."""
    qualifying: Slug = "standard"
    categories: Some = ()
    skus: Some = ()
    """Only these goods of it count; with categories as well, goods of either."""
    stores: Some = ()
    channels: Some = ()


class Prize(Struct, frozen=True, forbid_unknown_fields=True):
    """What there is for it: points, uses of a benefit, a badge to keep; one or several of them.
    Or a reward of the program, for nothing."""

    wallet: Slug | None = None
    points: Decimal = 0
    benefit: Slug | None = None
    uses: Annotated[int, Meta(ge=1, le=10**6)] = 1
    badge: Annotated[str, Meta(max_length=80)] = ""
    """The name of the badge."""
    reward: Slug | None = None


class Together(Struct, frozen=True, forbid_unknown_fields=True):
    """Members reach it in teams: one forms a team and tells the others its code.

    What each did while they were in the team counts for it. Whoever was in it when it was reached
    has the prize as soon as they did their own part, and are in it still.
    """

    most: Annotated[int, Meta(ge=2, le=50)] = 6
    """So many belong to a team at most."""
    each: Decimal = 1
    """So much of it everybody does themselves, in what the challenge counts."""


class Challenge(Struct, frozen=True, forbid_unknown_fields=True):
    """So much of something within a period, and the prize is the member's.

    What comes back counts no more: the prize is taken back when the target is not reached without
    it, and given again when it is reached again. What is told late counts for its own day.
    """

    id: Slug
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    target: Decimal
    """So many deeds, pieces, days, stores or categories, or so much money."""
    prize: Prize
    says: Annotated[str, Meta(max_length=500)] = ""
    counts: Deed = Deed()
    measure: Literal["deeds", "spend", "items", "days", "stores", "categories"] = "deeds"
    """Deeds, money, or pieces of goods; different days, stores or categories."""
    every: Literal["day", "week", "month", "quarter", "year"] | None = None
    """The period is one of the calendar, and begins anew each time."""
    within: LongSpan | None = None
    """The period begins with the member, and is so long: with the first deed, or by taking part."""
    from_on: Day | None = None
    until_on: Day | None = None
    """Deeds count from the first of these days on, and before the other."""
    joins: Literal["automatic", "opt_in"] = "automatic"
    """Everybody takes part, or who says so, from then on."""
    in_period: Annotated[int, Meta(ge=1, le=1000)] = 1
    """So often it can be reached in a period."""
    in_all: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    """So often in all; each period anew, unless said."""
    overshoot: Literal["dropped", "carried"] = "dropped"
    """What the deed that reaches it brings beyond the target: nothing, or it counts the next time,
    in the same period or, when there is no next time in it, in the next."""
    together: Together | None = None
    """Teams reach it, and not each by themselves."""


class Freezes(Struct, frozen=True, forbid_unknown_fields=True):
    """So many missed days, weeks or months of a calendar period do not end a streak."""

    per: Literal["week", "month", "quarter", "year"]
    times: Annotated[int, Meta(ge=1, le=100)]


class Reached(Struct, frozen=True, forbid_unknown_fields=True):
    """What there is when a streak is so long."""

    length: Annotated[int, Meta(ge=1, le=10_000)]
    prize: Prize


class Streak(Struct, frozen=True, forbid_unknown_fields=True):
    """Days, weeks or months in a row with a deed in each, by the calendar where the member lives.

    A freeze is used by itself for what is missed, while there are some; it does not lengthen the
    streak. The day of a deed is the one it was where the member lived when it was told.
    """

    id: Slug
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    every: Literal["day", "week", "month"]
    milestones: Annotated[tuple[Reached, ...], Meta(min_length=1, max_length=50)]
    says: Annotated[str, Meta(max_length=500)] = ""
    counts: Deed = Deed()
    freezes: Freezes | None = None
    again: Literal["once", "each_streak"] = "once"
    """Each milestone once ever, or in each streak."""


class MilestoneStep(Struct, frozen=True, forbid_unknown_fields=True):
    """So much of it, and so many points for it; once in a period, or every time.

    Points come with the very deed; a reward, a benefit or a badge some seconds later.
    """

    at: Decimal
    points: Decimal = 0
    again: bool = False
    """Each time so much more came together, and not only the first time."""
    reward: Slug | None = None
    benefit: Slug | None = None
    uses: Annotated[int, Meta(ge=1, le=10**6)] = 1
    badge: Annotated[str, Meta(max_length=80)] = ""


def gift_of(step: MilestoneStep) -> Prize | None:
    """What a step gives beside its points; nothing where it is points alone."""
    if step.reward is None and step.benefit is None and not step.badge:
        return None
    return Prize(benefit=step.benefit, uses=step.uses, badge=step.badge, reward=step.reward)


class DeedMilestone(Struct, frozen=True, forbid_unknown_fields=True):
    """Points as soon as so much came together, with the very purchase or visit that reaches it.

    What comes back counts no more: what is not reached without it is taken back. A period keeps
    what was promised when it began.
    """

    id: Slug
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    steps: Annotated[tuple[MilestoneStep, ...], Meta(min_length=1, max_length=50)]
    wallet: Slug | None = None
    """The wallet its points go into; none where no step gives points."""
    says: Annotated[str, Meta(max_length=500)] = ""
    counts: Deed = Deed()
    measure: Literal["deeds", "spend", "items"] = "deeds"
    """Deeds, money kept, or pieces of goods."""
    per: Literal["day", "week", "month", "year", "ever"] = "ever"
    """Counted anew in each period of the program's calendar, or for ever."""
    budget: Decimal | None = None
    """So many points for all members together in each of these periods: what is left is given."""


class BoardPrize(Struct, frozen=True, forbid_unknown_fields=True):
    """What there is for a place on a leaderboard, or for each of several places."""

    place: Annotated[int, Meta(ge=1, le=1000)]
    to: Annotated[int, Meta(ge=1, le=1000)] | None = None
    """The last of these places; that one place alone, unless said."""
    wallet: Slug | None = None
    points: Decimal = 0
    benefit: Slug | None = None
    uses: Annotated[int, Meta(ge=1, le=10**6)] = 1
    badge: Annotated[str, Meta(max_length=80)] = ""
    reward: Slug | None = None


def won_by(one: BoardPrize) -> Prize:
    """What somebody has for such a place."""
    return Prize(
        wallet=one.wallet,
        points=one.points,
        benefit=one.benefit,
        uses=one.uses,
        badge=one.badge,
        reward=one.reward,
    )


class Leaderboard(Struct, frozen=True, forbid_unknown_fields=True):
    """Who has most of something in a period, by first names or nicknames, for everybody to see.

    What comes back counts no more; what is told late counts for its own day. Who has as much as
    another has the same place, and the places behind are left out. Nobody is on it who is blocked,
    has no name we may show, or does not want to be.
    """

    id: Slug
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    says: Annotated[str, Meta(max_length=500)] = ""
    counts: Deed = Deed()
    measure: Literal["deeds", "spend", "items"] = "deeds"
    """Deeds, money kept, or pieces of goods."""
    per: Literal["day", "week", "month", "year", "ever"] = "week"
    stores: Some = ()
    """One board for each of these stores; one for all of the program, unless said."""
    shows: Annotated[int, Meta(ge=1, le=100)] = 10
    names: Literal["initials", "nickname"] = "initials"
    """Initials, or the attribute `nickname` where a member has it and else their initials."""
    unlisted: Attribute = "unlisted"
    """The attribute that is true of members who are not to be shown."""
    prizes: Annotated[tuple[BoardPrize, ...], Meta(max_length=50)] = ()
    """What there is for places, the first ones first, once the period is over."""
    pays_after: LongSpan | None = None
    """So long after the end of the period, when the time for returns has run; at once, unless
    said."""
    at_least: Decimal = 0
    """Who has less than this has nothing for their place."""
    ties: Literal["divided", "each"] = "divided"
    """Who share a place divide the points of the places they take, or each has all of it."""
    most: Annotated[int, Meta(ge=1, le=1000)] = 100
    """So many have something at most; a place by which it would be more, and those behind it, have
    nothing."""
    returned: Literal["kept", "taken_back"] = "kept"
    """When something comes back after it was paid: it is kept, or taken from who has less now than
    somebody behind them had."""


class DrawPrize(Struct, frozen=True, forbid_unknown_fields=True):
    """What is booked for whoever wins: points of a wallet, or a reward for nothing."""

    wallet: Slug | None = None
    points: Decimal = 0
    reward: Slug | None = None


class Draw(Struct, frozen=True, forbid_unknown_fields=True):
    """Tickets for what members do in some weeks, and then one draw that anybody can check.

    What comes back before the draw takes its tickets along. Nobody wins twice, and nobody takes
    part who is blocked or excluded.
    """

    id: Slug
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    from_on: Day
    until_on: Day
    """Deeds count from the first of these days on, and before the other."""
    prize: Annotated[str, Meta(min_length=1, max_length=200)]
    """What there is to win, in words; what `gives` does not book, the shop hands over."""
    says: Annotated[str, Meta(max_length=500)] = ""
    counts: Deed = Deed()
    measure: Literal["deeds", "spend", "items"] = "deeds"
    each: Decimal = 1
    """A ticket for each so many deeds or pieces, or for so much money."""
    most: Annotated[int, Meta(ge=1, le=10**6)] | None = None
    """So many tickets for one member at most."""
    winners: Annotated[int, Meta(ge=1, le=1000)] = 1
    excluded: Attribute = "no-draws"
    """The attribute that is true of members who may not win, such as staff."""
    words: Annotated[str, Meta(max_length=200)] = ""
    """Which words it is drawn by, named before anybody knows them: the lottery of a day to come."""
    gives: Annotated[tuple[DrawPrize, ...], Meta(max_length=1000)] = ()
    """What is booked with the draw: for the first prize, the second and so on; the last one for all
    prizes behind it. Unless said, nothing."""


def booked_for(draw: Draw, won: int) -> DrawPrize | None:
    """What is booked for the how-manieth prize of a draw; nothing where the shop hands it over.

    Example: 500 points and then 100 points: the third prize is 100 points too.
    """
    return draw.gives[min(won, len(draw.gives)) - 1] if draw.gives else None


def same_draw(one: Draw, other: Draw) -> bool:
    """Whether two draws differ in nothing but how they are called."""
    return replace(one, name="", says="") == replace(other, name="", says="")
