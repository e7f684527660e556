"""Benefits as a program file says them: what a tier, a plan or a grant opens, how often, where and
when; and the plans members pay for."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from regulars.records.program.wallets import Day, Decimal, LongSpan, Slug, Span, Weekday

Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""A time on the clock of the shop, such as 09:30."""
Beforehand = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,4} (minute|hour|day|week)s?$")]
"""A length of time before something begins: `24 hours`."""


class Allowance(Struct, frozen=True, forbid_unknown_fields=True):
    """A member uses it at most so often: in a period of the program's calendar, or in the time
    after they came to have it."""

    times: Annotated[int, Meta(ge=1, le=10**6)]
    per: Literal["day", "week", "month", "year", "ever", "reached"]
    """`reached`: each time the tier is reached or confirmed, the plan begins or somebody joins."""
    good_for: LongSpan | None = None
    """Of one that is `reached`: gone so long after; another begins after that at the soonest."""


class Guests(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a member may bring along."""

    most: Annotated[int, Meta(ge=1, le=100)]
    counts: bool = True
    """Each guest counts as a use of the allowance too."""
    who: Literal["anybody", "members", "others"] = "anybody"
    """`others`: only people who are no members."""


class OpenHours(Struct, frozen=True, forbid_unknown_fields=True):
    """On these days of the week, from one time on the clock to before another."""

    on: Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)]
    from_: Clock = field(name="from")
    until: Clock


class Appointments(Struct, frozen=True, forbid_unknown_fields=True):
    """It is used at a time that was booked beforehand."""

    hours: Annotated[tuple[OpenHours, ...], Meta(min_length=1, max_length=14)]
    lasts: Annotated[int, Meta(ge=5, le=1440)]
    """Minutes; appointments follow one another from the first of each of these hours."""
    places: Annotated[int, Meta(ge=1, le=10**4)] = 1
    """How many can be there at a time, guests too, in each store."""
    ahead: LongSpan = "30 days"
    """So long beforehand at most."""
    cancel_until: Beforehand | None = None
    """So long before it begins, at the latest, it is moved or cancelled; until it begins, unless
    said."""
    missed: Literal["counted", "given_back"] = "counted"
    """What becomes of the use when nobody came."""


class Associate(Struct, frozen=True, forbid_unknown_fields=True):
    """Whoever has it has one person of the shop who looks after them."""

    chosen: Literal["fewest", "by_hand"] = "fewest"
    """`fewest`: who works in the member's store and looks after fewest; `by_hand`: somebody of the
    shop chooses."""
    grace: LongSpan | None = None
    """So long they stay when the benefit is over; not at all, unless said."""


class Days(Struct, frozen=True, forbid_unknown_fields=True):
    """A stretch of local days: on or after the first, before the other (half-open)."""

    from_on: Day
    until_on: Day


class AroundBirthday(Struct, frozen=True, forbid_unknown_fields=True):
    """Only on the member's birthday, or so many days around it, on the calendar of the program's
    zone.

    Who was born on 29 February has theirs on the 28th in other years.
    """

    days_before: Annotated[int, Meta(ge=0, le=60)] = 0
    days_after: Annotated[int, Meta(ge=0, le=60)] = 0


class BenefitPoints(Struct, frozen=True, forbid_unknown_fields=True):
    """Each use of the benefit gives so many points."""

    wallet: Slug
    points: Decimal


class Benefit(Struct, frozen=True, forbid_unknown_fields=True):
    """Something a tier includes, or that is granted by hand: free delivery, early access, a seat.

    Nothing is paid for it in points. Every use is kept with what it was worth and what it cost.
    """

    id: Slug
    name: str
    says: str = ""
    tier: Slug | None = None
    """For members of this tier or a higher one; for every member when not said."""
    by: Literal["tier", "grant"] = "tier"
    """`grant`: only for members to whom it was granted by hand."""
    plan: Slug | None = None
    """For members whose paid membership of this plan runs."""
    allowance: Allowance | None = None
    choose_one: Slug | None = None
    """Of all benefits and rewards with this word a member chooses one in a period."""
    stores: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    """What it opens: articles of these categories or with these numbers; anything when empty."""
    from_on: Day | None = None
    until_on: Day | None = None
    head_start: dict[Slug, Span] = {}
    """Tiers for which `from_on` begins so much earlier."""
    blackout: Annotated[tuple[Days, ...], Meta(max_length=50)] = ()
    """Days on which it cannot be used."""
    needs: Annotated[tuple[Slug, ...], Meta(max_length=8)] = ()
    """Details that must be told with each use, such as the companion's name."""
    worth: Decimal = 0
    cost: Decimal | None = None
    gives: BenefitPoints | None = None
    guests: Guests | None = None
    """It may be shared; with nobody, unless said."""
    appointments: Appointments | None = None
    """It is used at a booked time; at once, unless said."""
    associate: Associate | None = None
    """It comes with somebody who looks after the member; with nobody, unless said."""
    birthday: AroundBirthday | None = None
    """It is used around the member's birthday only; at any time, unless said."""


class TermPoints(Struct, frozen=True, forbid_unknown_fields=True):
    """So many points of a wallet with each term that is paid."""

    wallet: Slug
    points: Decimal
    on: Literal["each_term", "renewals"] = "each_term"
    """`renewals`: not with the first one."""
    claw_back: bool = True
    """What is refunded takes back its share of them."""


class Plan(Struct, frozen=True, forbid_unknown_fields=True):
    """A membership people pay for: a fee for each term, and what comes with it.

    Who takes the money is not said here: whoever does tells each payment, and the life of a
    membership follows from what was told and from the clock.
    """

    id: Slug
    name: str
    fee: Decimal
    term: Literal["month", "year"] = "year"
    says: str = ""
    trial: LongSpan | None = None
    """The first so long are free, once for each person."""
    grace: LongSpan | None = None
    """So long after a term that was not paid on, a payment still continues it."""
    meanwhile: Literal["kept", "frozen"] = "kept"
    """Whether benefits go on in that time."""
    pause: LongSpan | None = None
    """A member may pause for so long at most; not at all, unless said."""
    refund: Literal["none", "unused", "rest"] = "unused"
    """What comes back when a member wants their money for the running term."""
    price_notice: Annotated[int, Meta(ge=1, le=365)] = 30
    """A higher fee is told at least so many days before the first term it is asked for."""
    gives: TermPoints | None = None
    until_on: Day | None = None
    """From this day on nobody begins it, and nobody goes on with another term; what is paid keeps
    its benefits to its end. For ever, unless said."""
