"""What a sale was paid with in points: which redemption may pay for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Invalid
from regulars.engine.state import MemberState
from regulars.records.activity.types import Activity, Body, Payment
from regulars.records.ledger.types import Hold
from regulars.records.rewards.types import Redemption

Shares = dict[UUID, int]
"""Points per lot."""


class Spent(Struct):
    """A redemption that pays for a sale: what it took of which lots, and what came back since."""

    redemption: Redemption
    member_id: UUID
    """Whose sale it may pay for: who took it, or as whom they stand now."""
    capture_id: UUID | None = None
    taken: Shares = {}
    back: Shares = {}
    merge_id: UUID | None = None
    """By which merge who took it became who stands for them, if that is somebody else."""
    taker: MemberState | None = None
    """Then their own books: that is where the points were taken."""
    holds: list[Hold] = []
    """While it is reserved: the points that are."""
    owner: MemberState | None = None
    """Where a household pays: whose points they are, if not those of who bought."""

    def books(self, state: MemberState) -> MemberState:
        """Where its points were taken, and go back to."""
        return self.taker or self.owner or state


class Uncaptured(Invalid):
    """Nothing is wrong with a sale but this: what pays for it was not handed over yet."""


def check_payments(found: Mapping[UUID, Spent], activity: Activity) -> None:
    """A payment may only name a redemption that is this member's and not used yet.

    Order: whether it was handed over is asked last, once nothing else speaks against the sale
    (`check_captured`); so whoever hands it over then takes nothing for a sale that is refused.

    Faults: Invalid at the payment, before anything changes.
    """
    seen: set[UUID] = set()
    for place, payment, redemption_id in named(activity.body.payments):
        field = f"/payments/{place}/redemption"
        if payment.kind == "money":
            raise Invalid("only a payment in points names a redemption", field=field)
        if redemption_id in seen:
            raise Invalid("another payment of this sale names this redemption", field=field)
        seen.add(redemption_id)
        redemption = _usable(found, activity, redemption_id, field)
        told = _told(activity.body, place)
        worth = redemption.promised.value_minor or redemption.promised.worth_minor
        if redemption.promised.free:
            raise Invalid("it makes pieces free; name it at their lines", field=field)
        stored = redemption.promised.kind == "stored_value"
        if (payment.kind == "stored_value") != stored:
            means = "stored_value" if stored else "points"
            raise Invalid(f"this redemption is a payment of kind {means}", field=field)
        pays = stored or redemption.promised.kind == "payment"
        if pays and told != worth:
            raise Invalid(f"this redemption paid {worth}; say so much", field=f"/payments/{place}")
    for place, line in enumerate(activity.body.lines):
        if line.redemption is not None:
            field = f"/lines/{place}/redemption"
            redemption = _usable(found, activity, line.redemption, field)
            _check_free(redemption, activity.body, field)


def check_captured(
    found: Mapping[UUID, Spent], body: Body, by: tuple[str, datetime] | None = None
) -> list[Spent]:
    """What pays for a sale was handed over before it; asked of a sale that is right otherwise.

    Shape: `by` is the till that tells of the sale, and now. What it reserved to pay for a basket
    is taken with the sale: that is answered, and is no fault while it is reserved.
    Faults: Uncaptured at the payment or line, before anything changes.
    """
    taking = []
    fields = [(one, f"/payments/{place}/redemption") for place, _, one in named(body.payments)]
    fields += [
        (line.redemption, f"/lines/{place}/redemption")
        for place, line in enumerate(body.lines)
        if line.redemption is not None
    ]
    for redemption_id, field in fields:
        one = found[redemption_id]
        state = one.redemption.state
        if by is not None and _reserved(one, *by):
            taking.append(one)
        elif state != "captured":
            raise Uncaptured(f"it is {state}; capture it before the sale", field=field)
    return taking


def reserved_at(redemption: Redemption, till: str) -> bool:
    """Whether it pays for a basket and was reserved at this till, by whichever cashier."""
    return redemption.promised.kind == "payment" and redemption.actor.split(" ")[-1] == till


def _reserved(one: Spent, till: str, now: datetime) -> bool:
    redemption = one.redemption
    living = redemption.state == "held" and now < redemption.lapses_at
    return living and reserved_at(redemption, till) and one.taker is None


def _usable(
    found: Mapping[UUID, Spent], activity: Activity, redemption_id: UUID, field: str
) -> Redemption:
    """A redemption of this member that has not paid for a sale."""
    spent = found.get(redemption_id)
    if spent is None or spent.member_id != activity.member_id:
        raise Invalid("this member has no such redemption", field=field)
    redemption = spent.redemption
    if redemption.promised.kind == "payout":
        # Else a return of the sale would put it into the wallet while it is at the bank.
        raise Invalid("it was paid to a bank account, and pays for no sale", field=field)
    if redemption.paid_for is not None:
        raise Invalid("it paid for another sale already", field=field)
    paid_in = activity.body.paid_in
    currency = "" if paid_in is None else paid_in.currency
    if redemption.promised.currency != currency:
        means = redemption.promised.currency or "the currency of the program"
        says = f"it is told in {means}, and pays for no sale in {currency or 'that'}"
        raise Invalid(says, field=field)
    return redemption


def _told(body: Body, place: int) -> int:
    """How much a payment was told to be, in the currency of the sale."""
    payment, paid_in = body.payments[place], body.paid_in
    return payment.amount_minor if paid_in is None else paid_in.payments[place]


def _check_free(redemption: Redemption, body: Body, field: str) -> None:
    """What a redemption made free is free in the sale, all of it and nothing else."""
    told: dict[tuple[str, str], int] = {}
    value = 0
    for line in body.lines:
        if line.redemption == redemption.redemption_id:
            key = (line.sku, line.category)
            told[key] = told.get(key, 0) + line.free
            value += line.discount_minor
    promised: dict[tuple[str, str], int] = {}
    for one in redemption.promised.free:
        promised[one.sku, one.category] = promised.get((one.sku, one.category), 0) + one.pieces
    if told != promised:
        raise Invalid("this redemption made other pieces free; tell those", field=field)
    worth = redemption.promised.worth_minor
    if value < worth:
        says = f"what is free comes to {worth}; say so much as discount of these lines"
        raise Invalid(says, field=field, expected=worth)


def free_back(redemption: Redemption, body: Body, returned: Sequence[int]) -> int:
    """Of what a redemption made free, so many pieces came back; the last of each line."""
    return sum(
        line.free - min(line.free, line.quantity - back)
        for line, back in zip(body.lines, returned, strict=True)
        if line.redemption == redemption.redemption_id
    )


def paid_pieces(body: Body, returned: Sequence[int]) -> tuple[list[int], list[int]]:
    """Of each line the pieces that were paid for, and how many of those came back: the free ones
    come back last. Where all of a line is free, whatever is left to pay of it belongs to all.

    Example: of three coffees one is free; two came back: both were paid for.
    """
    paid = [line.quantity - line.free or line.quantity for line in body.lines]
    return paid, [min(back, pieces) for back, pieces in zip(returned, paid, strict=True)]


def paid_back(spent: Sequence[Spent], body: Body) -> int:
    """How much of what points and gift balances paid has come back as such, in all; what else comes
    back of a sale is money. What a reward paid that was taken for points is among it: else its
    points came back, and its worth in money besides.

    Units: minor units of the currency of the sale; each payment rounded down until all of it came.
    Example: 4.00 were paid with 3 points, and 1 came back: 1.33.
    """
    paid = {redemption_id: _told(body, at) for at, _, redemption_id in named(body.payments)}
    found = 0
    for one in spent:
        taken = sum(one.taken.values())
        if taken:
            value = paid.get(one.redemption.redemption_id, 0)
            found += value * sum(one.back.values()) // taken
    return found


def nets_told(body: Body) -> list[int]:
    """What was paid for each line, in the currency of the sale.

    Keeps: lines of one price weigh alike, however they were rounded to be counted at home.
    Example: three lines of 1 JPY at 0.61 count 1, 0 and 0 cents, and each is a third.
    """
    if body.paid_in is not None:
        return [amount - off for amount, off, _ in body.paid_in.lines]
    return [line.amount_minor - line.discount_minor for line in body.lines]


def named(payments: Sequence[Payment]) -> Iterator[tuple[int, Payment, UUID]]:
    """The payments that say which redemption paid, with their place."""
    for place, payment in enumerate(payments):
        if payment.redemption is not None:
            yield place, payment, payment.redemption


def redemptions_of(body: Body) -> list[UUID]:
    """The redemptions that paid for a sale, or made pieces of it free."""
    freed = [line.redemption for line in body.lines if line.redemption is not None]
    if not body.payments:
        return [*dict.fromkeys(freed)] if freed else freed
    return [*(redemption for _, _, redemption in named(body.payments)), *dict.fromkeys(freed)]


def share(points: int, sold: Sequence[int], returned: Sequence[int], worth: Sequence[int]) -> int:
    """The part of the points that belongs to the pieces that came back, rounded down until all
    came back."""
    if list(returned) == list(sold):
        return points
    total = sum(worth)
    came = sum(w * back // pieces for w, back, pieces in zip(worth, returned, sold, strict=True))
    return points * came // total if total else 0
