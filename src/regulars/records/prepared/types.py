"""Prepared rows as values. Money is in minor units of the program's currency, points in units of
their wallet's scale; days are business days of the store, or of the program where it names none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from msgspec import Struct

NEVER: Final = date(9999, 12, 1)
"""The month in which lapses what never does."""


class MemberDay(NamedTuple):
    """What a member did on one day in one store.

    Example: bought for 10.00 on Monday, 4.00 of it came back on Friday: Monday has 10.00 paid and
    6.00 net, Friday has one return and no money.
    """

    member_id: UUID
    day: date
    store: str
    sales: int
    orders: int
    """1 when something paid for is left of the day's sales, else 0."""
    paid_minor: int
    net_minor: int
    pieces: int
    returns: int
    visits: int
    """Activities that are neither purchase nor return, and were not taken back."""


class MemberGood(NamedTuple):
    """On a day a member bought of a category, or of an article by its `sku`, and some of it stayed.

    Example: three teas of one category on Monday, one of which came back on Friday: one row, of
    Monday, with what the two cost.
    """

    member_id: UUID
    day: date
    article: bool
    good: str
    net_minor: int


class PointsDay(NamedTuple):
    """What moved in one wallet of a member on one day, by the store that brought it about.

    What they hold in all changed by issued + adjusted + other − redeemed − expired.
    """

    member_id: UUID
    day: date
    store: str
    wallet: int
    issued: int
    redeemed: int
    expired: int
    adjusted: int
    other: int


class MemberOrders(NamedTuple):
    """All orders of a member so far, those of one day being one; `second_on` is the day of the
    second, where there is one.

    Example: two purchases on Monday and one on Tuesday are two orders, the second on Tuesday.
    """

    member_id: UUID
    first_on: date
    last_on: date
    orders: int
    net_minor: int
    second_on: date | None


class StoreDay(NamedTuple):
    """What was sold in one store on one day, to members or (not `named`) to nobody we know.

    `orders` are member-days with something left; of nobody, sales with something left.
    """

    day: date
    store: str
    named: bool
    sales: int
    orders: int
    paid_minor: int
    net_minor: int
    pieces: int
    returns: int
    visits: int


class StorePointsDay(NamedTuple):
    """What moved in one wallet of all members on one day, by store ('' where there was none)."""

    day: date
    store: str
    wallet: int
    issued: int
    redeemed: int
    expired: int
    adjusted: int
    other: int


class CohortMonth(NamedTuple):
    """Of members whose first order fell into `first_month`: who ordered in `month`, how often
    (orders merged by day) and for how much. Where both are one month, `buyers` is all of them."""

    first_month: date
    month: date
    buyers: int
    orders: int
    net_minor: int


class OrderGap(NamedTuple):
    """Of orders of a day: how many members had ordered `last` on `before_on`, and how many
    `last_but_one`; the first of all days stands for never.

    Example: buyers of March are its orders whose last lay before March; those whose last but one
    did are counted once more where a member ordered twice in it, however often.
    """

    day: date
    before_on: date
    last: int
    last_but_one: int


class LotMonth(NamedTuple):
    """Of points earned in `earned_month`: what was given, and what left, by entries of `month`.

    `given` − `redeemed` − `expired` − `other` of all months together is what is left of them.
    `brought`: points that an import brought over, whoever has them since.
    """

    wallet: int
    earned_month: date
    month: date
    brought: bool
    given: int
    redeemed: int
    expired: int
    other: int


class CategoryDay(NamedTuple):
    """What was sold of one category, less what came back of it; `sales` that still have some."""

    day: date
    store: str
    category: str
    sales: int
    pieces: int
    net_minor: int


class HourMonth(NamedTuple):
    """Sales of one hour of the week (1 is Monday, hours by the store's clock) in one month."""

    month: date
    store: str
    weekday: int
    hour: int
    sales: int
    net_minor: int


class TierDay(NamedTuple):
    """How many stood on a step as a day ended ('' on none), and who came to and left it then."""

    day: date
    ladder: str
    tier: str
    members: int | None
    """Nothing where nobody counted as the day ended: the worker was not there."""
    came: int
    went: int


class OwedDay(NamedTuple):
    """What was left of all lots as a day ended, by the month in which it lapses (`NEVER`)."""

    day: date
    wallet: int
    lapse_month: date
    units: int


HERE: Final = """m.state in ('active', 'unregistered', 'blocked') and not exists (
           select from import_undone u
            where u.program_id = m.program_id and u.member_id = m.member_id
              and u.made and u.state = 'undone')"""
"""Which rows of `member m` are members as the first page, the tier mix and the report of tiers
count them: not who is merged or erased, nor who went with an import that was taken back."""


class DayEnd(Struct, frozen=True):
    """Who stands where and what is owed as a day ended, of some members so far.

    Shape: `tiers` members by tier ('' on none); `owed` what is left by wallet and the month in
    which it lapses; everybody up to `after_id` is in it, or all where there is none.
    """

    day: date
    after_id: UUID | None = UUID(int=0)
    tiers: dict[str, int] = {}
    owed: tuple[tuple[int, date, int], ...] = ()


class Reach(NamedTuple):
    """How far the rows follow the books: below which transaction of which cluster all is in them,
    by which zones days were cut; while everybody is folded anew, after whom to go on."""

    cluster: int
    zones: str
    below_tx: int
    after_id: UUID | None = None
    stood_on: date | None = None
    """The last day as of whose end it was counted who stood where."""
    gaps_after: UUID | None = None
    """When all days of everybody are there: up to whom gaps between orders are counted."""
    counting: DayEnd | None = None
    """While it is counted who stood where as a day ended: what was found so far."""


class Portion(NamedTuple):
    """Some of everybody, folded at once: members by their ids, or sales to nobody by their time.

    Order: first what nobody bought, by time, then members, by id; each begins where the one before
    it ended. Example: after `m1` up to `m9` is `m9`, too, and not `m1`.
    """

    after_id: UUID
    upto_id: UUID
    since: datetime | None = None
    until: datetime | None = None

    @property
    def next_id(self) -> UUID | None:
        """Where the next one begins; nothing when this was the last."""
        return None if self.upto_id == EVERYBODY else self.upto_id

    @classmethod
    def of_nobody(cls, after_id: UUID, until: datetime | None) -> Portion:
        """What nobody bought from where `after_id` says to this time, or all the rest of it."""
        upto = ALL_OF_NOBODY if until is None else UUID(int=(until - _FIRST) // _TICK)
        return cls(after_id, upto, _FIRST + after_id.int * _TICK, until or _LAST)


ALL_OF_NOBODY: Final = UUID(int=(1 << 80) - 1)
"""Below it an id says up to when sales to nobody are counted, in microseconds; members' ids begin
with the time they were made, so they all come after it."""
EVERYBODY: Final = UUID(int=(1 << 128) - 1)
_FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)


class Span(NamedTuple):
    """Transactions from the one (None: from the first on) to before the other."""

    since: int | None
    below: int
