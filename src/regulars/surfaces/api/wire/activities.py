"""Activities on the wire, and how they become commands."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from regulars.base.faults import Invalid
from regulars.base.money import LARGEST
from regulars.engine.terms import Terms
from regulars.flows.commands import RecordActivity, Recorded
from regulars.records.activity.checks import MOST_DETAILS, MOST_LINES
from regulars.records.activity.types import (
    CODE,
    CODE_OF,
    Body,
    Line,
    Payment,
    ReturnedLine,
)
from regulars.records.members.types import Asked
from regulars.surfaces.api.problems import Problem
from regulars.surfaces.api.strict.ids import required
from regulars.surfaces.api.wire.parts import (
    Instant,
    Money,
    Pieces,
    SaleName,
    Slug,
    Text,
    Whom,
    instant_of,
    member_of,
    minor_of,
    sale_of,
)
from regulars.surfaces.api.wire.standing.reckoned import Counted, RuleWeighed, WalletSum

MOST_IN_A_BATCH = 1_000

DetailName = Annotated[str, Meta(min_length=1, max_length=40)]
DetailValue = bool | Annotated[int, Meta(ge=-LARGEST, le=LARGEST)] | Text


class ActivityLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One article of a sale: what all its pieces cost together, before its own discount."""

    amount: Money
    sku: Text = ""
    category: Text = ""
    name: Text = ""
    quantity: Pieces = 1
    discount: Money | None = None
    tax: Money | None = None
    """The tax contained in what remains after the discount."""
    free: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    """So many of its pieces a reward made free; their value is among the discount."""
    redemption: str | None = None
    """Of free pieces: the captured redemption that made them free."""


class ActivityPayment(Struct, frozen=True, forbid_unknown_fields=True):
    """One way a sale was paid. What is paid with points earns nothing."""

    kind: Literal["money", "points", "stored_value"]
    amount: Money
    redemption: str | None = None
    """Of points and stored value: the captured redemption that took them. They come back when the
    sale does."""


class ReturnedPieces(Struct, frozen=True, forbid_unknown_fields=True):
    """So many pieces of one line of the sale (counted from 0) came back; of a sale that was told as
    one amount so many minor units of line 0."""

    line: Annotated[int, Meta(ge=0, le=9_999)]
    quantity: Annotated[int, Meta(ge=1, le=LARGEST)]


class ActivitySent(Struct, frozen=True, forbid_unknown_fields=True):
    """Something happened: a purchase, a return, a visit or any other kind the program knows.

    A purchase has an amount or lines. A return names its sale, and which pieces came back:
    nothing said is everything that is left. Anything else that was told by mistake, or did not take
    place, is taken back by a return too: whole, and once. Without a member the sale is kept, and
    earns nothing.
    """

    kind: Slug
    """`purchase`, `return`, `visit`, or any kind the rules of the program are about."""
    member: Whom | None = None
    """Whose it is; nobody for a sale without a card. A return belongs to whoever bought."""
    occurred_at: Instant | None = None
    """When it happened, from 1970 until a day ahead; now when not said."""
    source: Text = ""
    """The till, shop or file it comes from; external ids are unique within it."""
    external_id: Text = ""
    """The receipt: with source and kind it counts once, for ever."""
    store: Text = ""
    """Where, as rules and rewards name it."""
    channel: Text = ""
    """By which way, as rules name it: `till`, `web`, `app`."""
    amount: Money | None = None
    """What a purchase came to; with lines it may be left out, or must agree with them."""
    lines: Annotated[tuple[ActivityLine, ...], Meta(max_length=MOST_LINES)] = ()
    """The basket, needed for rules about articles and for returns of some of them."""
    order_discount: Money | None = None
    """Off the whole, beside the discounts of the lines."""
    shipping: Money | None = None
    """Added to the lines."""
    tips: Money | None = None
    """Added to the lines."""
    payments: Annotated[tuple[ActivityPayment, ...], Meta(max_length=20)] = ()
    """How it was paid, when points or stored value were among it."""
    details: Annotated[dict[DetailName, DetailValue], Meta(max_length=MOST_DETAILS)] = {}
    """What else rules may ask for: `{"rating": 5}` of a review."""
    code: Annotated[str, Meta(max_length=80)] = ""
    """A code somebody told: a word of a promotion, or one of a reward, which it uses up."""
    sale: SaleName | None = None
    """Of a return: what it takes back."""
    returned: Annotated[tuple[ReturnedPieces, ...], Meta(max_length=MOST_LINES)] = ()
    """Of a return: which pieces; nothing said is everything that is left."""


# Kept as it is, so that a slip in one activity is that one's alone.
OneOfBatch = Annotated[
    msgspec.Raw, Meta(extra_json_schema={"$ref": "#/components/schemas/ActivitySent"})
]


class BatchSent(Struct, frozen=True, forbid_unknown_fields=True):
    """Up to 1,000 activities, each decided by itself."""

    activities: Annotated[tuple[OneOfBatch, ...], Meta(min_length=1, max_length=MOST_IN_A_BATCH)]


class PreviewSent(ActivitySent, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An activity to try out, now or at another instant."""

    at: Instant | None = None
    """The instant the clock shall show; now when not said."""


class RulePoints(Struct, frozen=True):
    """What one rule gave."""

    rule: str
    points: int


class ActivityRecorded(Struct, frozen=True):
    """What an activity brought, and where the member stands with it.

    `earned` is negative where points were taken back. `state` is `recorded`, or `waiting` for a
    return whose sale has not come yet.
    """

    id: str
    member_id: str | None
    state: Literal["recorded", "waiting"]
    earned: dict[str, int]
    balances: dict[str, int]
    rules: list[RulePoints]
    tier: str | None
    tier_before: str | None
    program_version: int
    pending: dict[str, int] = {}
    """Of what was earned, what cannot be spent yet."""
    refunded: dict[str, int] = {}
    """Of a return: what was spent on the sale and came back to the lots it was taken from."""
    milestones: dict[str, int] = {}
    """What milestones gave besides, by their id; what a return took back of it is negative."""
    paid_back: Money | UnsetType = UNSET
    """Of a return of a sale for which points or a gift balance paid, in its currency: how much of
    that came back as such. Give the rest of what came back in money."""


class ActivityPreviewed(Struct, frozen=True):
    """What an activity would bring; nothing was written."""

    member_id: str | None
    state: Literal["recorded", "waiting"]
    earned: dict[str, int]
    balances: dict[str, int]
    rules: list[RulePoints]
    tier: str | None
    tier_before: str | None
    program_version: int
    pending: dict[str, int] = {}
    """Of what was earned, what cannot be spent yet."""
    refunded: dict[str, int] = {}
    """Of a return: what was spent on the sale and came back to the lots it was taken from."""
    milestones: dict[str, int] = {}
    """What milestones gave besides, by their id; what a return took back of it is negative."""
    paid_back: Money | UnsetType = UNSET
    """Of a return of a sale for which points or a gift balance paid, in its currency: how much of
    that came back as such. Give the rest of what came back in money."""


class TrailShown(Struct, frozen=True):
    """Why an activity earned what it earned, in sentences, and the numbers behind them."""

    activity_id: str
    sale_id: str | None
    program_version: int
    says: list[str]
    rules: list[RulePoints]
    """What each rule gave; of a return, what the sale still gives after it."""
    counted: list[Counted] = []
    """How much of a purchase counts, by each definition."""
    weighed: list[RuleWeighed] = []
    """What became of every rule about this kind of activity, also of those that gave nothing."""
    sums: list[WalletSum] = []
    """What they come to, by wallet."""


class BatchItem(Struct, frozen=True, omit_defaults=True):
    """What became of one activity of a batch: the answer it would have got alone."""

    status: int
    replayed: bool = False
    body: ActivityRecorded | None = None
    problem: Problem | None = None


class BatchDone(Struct, frozen=True):
    """One result per activity, in the order they were sent."""

    results: list[BatchItem]


def command_of(sent: ActivitySent, terms: Terms, asked: Asked) -> RecordActivity:
    """The command behind a request; amounts in the program's currency, or all of them in one of
    those it has rates for.

    Faults: Invalid at the field, for ids of other things and other currencies.
    """
    own = terms.versions[-1].program.currency
    currency = _currency_of(sent, terms, own)
    lines = [_line(line, currency, place) for place, line in enumerate(sent.lines)]
    payments = [
        Payment(
            one.kind,
            minor_of(one.amount, currency, f"/payments/{place}/amount"),
            None
            if one.redemption is None
            else required("red", one.redemption, f"/payments/{place}/redemption"),
        )
        for place, one in enumerate(sent.payments)
    ]
    body = Body(
        lines=tuple(lines),
        order_discount_minor=minor_of(sent.order_discount, currency, "/order_discount"),
        shipping_minor=minor_of(sent.shipping, currency, "/shipping"),
        tips_minor=minor_of(sent.tips, currency, "/tips"),
        payments=tuple(payments),
        details=sent.details,
        returned=tuple([ReturnedLine(one.line, one.quantity) for one in sent.returned]),
    )
    return RecordActivity(
        kind=sent.kind,
        member=None if sent.member is None else member_of(sent.member),
        occurred_at=instant_of(sent.occurred_at, "/occurred_at"),
        source=sent.source,
        external_id=sent.external_id,
        store=sent.store,
        channel=sent.channel,
        amount_minor=None if sent.amount is None else minor_of(sent.amount, currency, "/amount"),
        body=body,
        sale=None if sent.sale is None else sale_of(sent.sale),
        asked=asked,
        currency="" if currency == own else currency,
        code=_code_of(sent),
    )


def _code_of(sent: ActivitySent) -> str:
    """The code that was told; details of its name are kept for it."""
    if CODE_OF in sent.details:
        raise Invalid(f"{CODE_OF} is found by the code; tell that", field=f"/details/{CODE_OF}")
    if sent.code and CODE in sent.details:
        raise Invalid("tell the code once", field="/code")
    if sent.code and sent.kind == "return":
        raise Invalid("a return gives nothing for a code", field="/code")
    return sent.code


def _currency_of(sent: ActivitySent, terms: Terms, own: str) -> str:
    """The currency of a sale: that of its first amount, where any version has rates for it."""
    first = sent.amount or (sent.lines[0].amount if sent.lines else None)
    if first is None or first.currency == own or sent.kind != "purchase":
        return own
    known = any(first.currency in version.program.currencies for version in terms.versions)
    return first.currency if known else own


def _line(line: ActivityLine, currency: str, place: int) -> Line:
    at = f"/lines/{place}"
    return Line(
        minor_of(line.amount, currency, f"{at}/amount"),
        line.sku,
        line.category,
        line.quantity,
        minor_of(line.discount, currency, f"{at}/discount"),
        minor_of(line.tax, currency, f"{at}/tax"),
        line.name,
        line.free,
        None if line.redemption is None else required("red", line.redemption, f"{at}/redemption"),
    )


def answer_of(recorded: Recorded) -> ActivityRecorded:
    """The answer for an activity that was recorded, now or before."""
    return ActivityRecorded(
        id=f"act_{recorded.activity_id.hex}",
        member_id=shown_member(recorded.member_id),
        state="waiting" if recorded.state == "waiting" else "recorded",
        earned=recorded.earned,
        balances=recorded.balances,
        rules=[RulePoints(rule, points) for rule, points in recorded.rules.items()],
        tier=recorded.tier,
        tier_before=recorded.tier_before,
        program_version=recorded.version,
        pending=recorded.pending,
        refunded=recorded.refunded,
        milestones=recorded.milestones,
        paid_back=_paid_back(recorded),
    )


def _paid_back(recorded: Recorded) -> Money | UnsetType:
    if not recorded.currency:
        return UNSET
    return Money(recorded.paid_back_minor, recorded.currency)


def shown_member(member_id: UUID) -> str | None:
    """The member's id; nothing for a sale to nobody we know."""
    # All zeros are nobody; looked at as a number, since this is done for every activity.
    return f"mem_{member_id.hex}" if member_id.int else None


def previewed(recorded: Recorded) -> ActivityPreviewed:
    """The answer for an activity that was only tried out."""
    member_id = recorded.member_id
    return ActivityPreviewed(
        member_id=shown_member(member_id),
        state="waiting" if recorded.state == "waiting" else "recorded",
        earned=recorded.earned,
        balances=recorded.balances,
        rules=[RulePoints(rule, points) for rule, points in recorded.rules.items()],
        tier=recorded.tier,
        tier_before=recorded.tier_before,
        program_version=recorded.version,
        pending=recorded.pending,
        refunded=recorded.refunded,
        milestones=recorded.milestones,
        paid_back=_paid_back(recorded),
    )
