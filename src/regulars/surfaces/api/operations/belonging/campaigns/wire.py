"""Campaigns on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from regulars.insight.estimators.asking.shares import share
from regulars.records.outbox.campaigns.types import MessageState, State, Way
from regulars.surfaces.api.wire.parts import Id, Instant, WrittenIn

OfferOrNone = Annotated[str, Meta(pattern=r"^([a-z][a-z0-9]*(-[a-z0-9]+)*)?$(?!\n)", max_length=40)]
WayName = Literal["a", "b", "c", "d"]
"""A way to say it: `a` is `says`, `b` the first of `variants`."""


class SaidSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a message says in one language, as a template."""

    text: Annotated[str, Meta(min_length=1, max_length=20_000)]
    """Fields stand in double braces: `Hi {{ member.given_name }}`."""
    about: Annotated[str, Meta(max_length=500)] = ""
    """The subject of a letter or of what lies in the card; a text message has none."""
    preview: Annotated[str, Meta(max_length=500)] = ""
    """Of a letter, what a list shows beside its subject."""
    mjml: Annotated[str, Meta(max_length=20_000)] = ""
    """Of a letter, how it looks: sections of MJML (`<mj-section>…`), with the same fields. `text`
    is for who reads text alone."""


class InsteadSent(Struct, frozen=True, forbid_unknown_fields=True):
    """By which channel a campaign goes to who is not reached by those before it."""

    channel: Way
    says: dict[WrittenIn, SaidSent]
    """What it says there, by language; that of the program among them."""


class CampaignSent(Struct, frozen=True, forbid_unknown_fields=True):
    """What a campaign is to be; it is a draft from now on."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    segment: Annotated[str, Meta(min_length=1, max_length=40)]
    """The code of a saved segment or a list."""
    channel: Way
    """`inbox` lays it into the card of who agreed to that; `webhook` tells the webhooks that hear
    of `message.told`, once, so that another system says it."""
    says: dict[WrittenIn, SaidSent]
    """By language; that of the program among them."""
    held_percent: Annotated[int, Meta(ge=0, le=50)] = 5
    """So many of a hundred are written nothing, to see what it does; nobody below 500 members."""
    send_at: Instant | None = None
    """Not before; without it as soon as it is approved."""
    local: bool = False
    """At that hour by the clock of each member."""
    variants: Annotated[tuple[dict[WrittenIn, SaidSent], ...], Meta(max_length=3)] = ()
    """Further ways to say it, each in the languages of `says`: chance draws who reads which, and
    `ways` of the campaign says what came of each."""
    offers: Annotated[tuple[OfferOrNone, ...], Meta(max_length=4)] = ()
    """Codes of open offers: one for all ways, or one by way (empty: none). Whoever is written to
    has it from then on; whoever is held out has not."""
    instead: Annotated[tuple[InsteadSent, ...], Meta(max_length=4)] = ()
    """Further channels in their order: each member is written to once, by the first that reaches
    them, which they agreed to."""
    event: Annotated[str, Meta(max_length=40)] = ""
    """The code of an event that is to come: its texts may name `event.name`, `event.when`,
    `event.where` and `event.link`, and nobody is invited once it was called off or has begun
    (`called_off`)."""
    survey: Annotated[str, Meta(max_length=40)] = ""
    """The code of an open survey: whoever is written to is invited as their message goes, and
    `survey.link`, which each text has then, is where they answer; whoever was asked not long ago is
    skipped as `spared`, and everybody once it is closed as `closed`."""


class CampaignStep(Struct, frozen=True, forbid_unknown_fields=True):
    """Which version of a campaign is meant: the one that was read."""

    version: Annotated[int, Meta(ge=1, le=2_000_000_000)]


class CampaignPreviewed(Struct, frozen=True, forbid_unknown_fields=True):
    """As whom a campaign is looked at."""

    member_id: Id
    way: WayName | None = None
    """In which way; without it in the one that is drawn for them."""
    channel: Way | None = None
    """By which of its channels; without it by the one that reaches them, else by the first."""


class CampaignWords(Struct, frozen=True):
    """What a member would read."""

    language: str
    about: str
    text: str
    preview: str = ""
    html: str = ""
    """How a letter looks, where it was written in MJML."""
    parts: int = 0
    """Of a text message, in how many parts it goes out; each is paid for."""
    channel: Way = "email"
    """By which channel this would be read."""
    reached: bool = True
    """Whether that one reaches them at this moment."""


class CampaignShown(Struct, frozen=True):
    """A campaign as it is."""

    code: str
    name: str
    segment: str
    """Empty where it is gone since."""
    channel: Way
    state: State
    version: int
    held_percent: int
    send_at: datetime | None
    local: bool
    audience: int | None
    """How many were in the segment when it was checked, or began."""
    warns: Literal["", "nobody", "everybody"]
    """Seldom meant."""
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    approved_at: datetime | None
    approved_by: str | None
    queued_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    paused_at: datetime | None = None
    """Since then nothing of it goes out, as too much of it came back."""
    paused_why: Literal["", "bounces", "complaints"] = ""


class ReturnedShare(Struct, frozen=True):
    """So many of those sent, as a part of one; 95 % from `low` to `high`."""

    messages: int
    share: float
    low: float
    high: float


class CampaignReturned(Struct, frozen=True):
    """What came back of one way of a campaign."""

    way: WayName
    sent: int
    """Handed over, also what was refused there as its address is wrong."""
    bounces: ReturnedShare
    """Nobody is at the address."""
    complaints: ReturnedShare
    """Its reader called it unwanted."""


def returned_share(part: int, whole: int) -> ReturnedShare:
    """So many of so many, with Wilson's interval."""
    found = share(part, whole)
    return ReturnedShare(part, found.value, found.low, found.high)


class CampaignCount(Struct, frozen=True):
    """So many members are in this state, for this reason."""

    state: MessageState
    reason: str
    messages: int
    channel: Way | Literal[""] = ""
    """By which channel, of a campaign that goes by several."""


class CampaignReach(Struct, frozen=True):
    """So many of its segment are reached by this channel; empty: by none."""

    channel: Way | Literal[""]
    members: int


class CampaignSide(Struct, frozen=True):
    """Members it was for, or who were held out of it, and what they bought since."""

    members: int
    orders: int
    spend_minor: int


class CampaignMore(Struct, frozen=True):
    """So much more of a member it was for than of one who was held out; 95 % from `low` to `high`.
    All of them are empty where there is not enough to say."""

    value: float | None
    low: float | None
    high: float | None


class CampaignEffect(Struct, frozen=True):
    """What a campaign changed, by whole days since it went out."""

    days: int
    """Counted so far, of 28; as many before are what was foretold of each member."""
    sent: CampaignSide
    """All it was for, also who could not be reached."""
    held_out: CampaignSide
    orders: CampaignMore
    spend_minor: CampaignMore


class CampaignWay(Struct, frozen=True):
    """What came of one way in which it was said."""

    way: WayName
    sent: CampaignSide
    orders: CampaignMore | None
    """Of a member more than of one who read `a`, by one look; of `a` nothing."""
    orders_always: CampaignMore | None
    """The same with bounds that hold however often one looks."""
    spend_minor: CampaignMore | None
    orders_held_out: CampaignMore | None
    """Of a member more than of one who was held out; nothing where nobody was."""
    spend_minor_held_out: CampaignMore | None


class CampaignWays(Struct, frozen=True):
    """The ways of a campaign beside each other, by orders of a member."""

    days: int
    """Counted so far, of 28."""
    items: list[CampaignWay]
    best: WayName | None
    """Better than each other one for sure, by bounds that hold at every look and for all pairs
    together."""
    stop: Literal["", "sure", "over"]
    """Why one may stop looking: there is a `best`, or the days are over."""
    worse: list[WayName] = []
    """Worse than another for sure, by the same bounds."""


class CampaignRead(Struct, frozen=True):
    """A campaign, what it says, and what became of it."""

    campaign: CampaignShown
    says: dict[str, SaidSent]
    counts: list[CampaignCount]
    effect: CampaignEffect | None = None
    """Nothing where nobody was held out."""
    variants: list[dict[str, SaidSent]] = []
    ways: CampaignWays | None = None
    """Nothing where it is said in one way, or nobody read one of them yet."""
    opened: int = 0
    """How many members opened it in their card, where that is where it lies."""
    returned: list[CampaignReturned] = []
    """By way, of those of which something was sent."""
    offers: list[str] = []
    """By way, which offer whoever is written to has; empty: none."""
    parts: int = 0
    """Of a campaign by text message, in how many parts each goes out at least; each is paid for."""
    survey: str = ""
    """Which survey whoever is written to is asked to answer; empty: none."""
    event: str = ""
    """To which event it invites; empty: none."""
    instead: list[InsteadSent] = []
    """Further channels in their order."""
    reach: list[CampaignReach] = []
    """By channel, how many it reached when it was checked: who agreed to it and has an address."""


class LetterShown(Struct, frozen=True):
    """What lies in a member's card, as they read it."""

    id: str
    language: str
    about: str
    text: str
    laid_at: datetime
    opened_at: datetime | None
    """When they had it before their eyes first."""


class LettersPage(Struct, frozen=True):
    """What lies there, the latest first."""

    items: list[LetterShown]
    has_more: bool
    next_cursor: str | None


class CampaignsShown(Struct, frozen=True):
    """All of them, the latest first."""

    items: list[CampaignShown]
