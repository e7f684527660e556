"""What can happen to a shop, as plain values: what the machine makes up, the reference replays and
the drivers do.

Members go by a name that is their external id (`m0`) or, when it begins with `card`, a card.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

Details = tuple[tuple[str, bool | int | str], ...]
Parts = tuple[tuple[str, int], ...]


class Sold(NamedTuple):
    """One line of a basket."""

    amount: int
    category: str = ""
    sku: str = ""
    quantity: int = 1
    discount: int = 0
    tax: int = 0
    free: int = 0
    by: str = ""
    """So many pieces of it are free, by what the machine calls that redemption."""


class Basket(NamedTuple):
    lines: tuple[Sold, ...] = ()
    order_discount: int = 0
    shipping: int = 0
    tips: int = 0
    in_points: int = 0
    paid: str = ""
    """What the machine calls the redemption that paid those points."""
    stored: bool = False
    """Whether it was paid from a gift balance: that is money, and no points."""

    @property
    def total(self) -> int:
        """What is to be paid in all."""
        net = sum(line.amount - line.discount for line in self.lines)
        return net - self.order_discount + self.shipping + self.tips


class Joins(NamedTuple):
    who: str
    attributes: Details = ()


class Happens(NamedTuple):
    """A purchase, a visit or anything else but a return; `who` is empty for nobody."""

    kind: str
    who: str
    receipt: str = ""
    key: str = ""
    at: datetime | None = None
    amount: int | None = None
    basket: Basket = Basket()
    store: str = ""
    channel: str = ""
    details: Details = ()
    currency: str = ""
    """In which it is told, where that is another one than the program's; as is what paid for it."""


class Returns(NamedTuple):
    """So many pieces of lines of a sale come back; no pieces means all that is left. Anything but
    a sale is one piece, and named with its kind."""

    sale: str
    pieces: tuple[tuple[int, int], ...] = ()
    receipt: str = ""
    key: str = ""
    at: datetime | None = None
    kind: str = "purchase"


class Reserves(NamedTuple):
    """`name` is what the machine calls the redemption that may come of it."""

    who: str
    reward: str
    name: str
    store: str = ""
    key: str = ""
    capture: bool = False
    currency: str = ""
    goods: tuple[Sold, ...] = ()
    """What lies on the counter."""
    named: tuple[tuple[int, int], ...] = ()
    """So many pieces of which of its lines shall be free."""


class Ends(NamedTuple):
    name: str
    outcome: str
    part: Parts | None = None
    key: str = ""


class Confirms(NamedTuple):
    """What a sale gave is confirmed or cancelled."""

    sale: str
    outcome: str
    key: str = ""


class Adjusts(NamedTuple):
    who: str
    wallet: str
    units: int
    key: str = ""


class Night(NamedTuple):
    """What time alone brings about is done."""


class Publishes(NamedTuple):
    """From `at` on (from now on when not said) these are the terms."""

    source: str
    at: datetime | None = None


class Gives(NamedTuple):
    """A member gives another one points."""

    who: str
    to: str
    wallet: str
    units: int
    key: str = ""


class Merges(NamedTuple):
    """Two are one person: the first goes, the second stays."""

    who: str
    into: str
    key: str = ""


class Unmerges(NamedTuple):
    """They were two after all."""

    who: str


class Blocks(NamedTuple):
    who: str
    blocked: bool
    key: str = ""


class Extends(NamedTuple):
    """The lot at this place in the order of ends lives so much longer."""

    who: str
    wallet: str
    place: int
    by: timedelta


class Revives(NamedTuple):
    """So much of the first lot of which something lapsed lives again; all of it for 0."""

    who: str
    wallet: str
    units: int


class Forgives(NamedTuple):
    who: str
    wallet: str
    key: str = ""


class Shares(NamedTuple):
    """A household of m0 and m1: they live together from now on, or part."""

    together: bool


class Pools(NamedTuple):
    """A reward is taken from what the household has."""

    who: str
    reward: str
    name: str
    store: str = ""
    key: str = ""


class Shows(NamedTuple):
    """Everything that lies in a member's inbox is shown to them."""

    who: str


class Spares(NamedTuple):
    """The lot at this place in the order of ends stays until then, whatever its member does."""

    who: str
    wallet: str
    place: int
    until: datetime


class Chooses(NamedTuple):
    """Somebody says which of several they choose under a word."""

    who: str
    word: str
    option: str
    key: str = ""


class TakesDue(NamedTuple):
    """Rewards that are taken by themselves are taken, for whoever has enough."""


class Pays(NamedTuple):
    """A member pays a part of a basket with points, or from a gift balance."""

    who: str
    amount: int
    name: str
    discount: int = 0
    want: int | None = None
    wallet: str = ""
    store: str = ""
    key: str = ""
    capture: bool = False
    currency: str = ""
    """In which the basket is, where that is another one than the program's."""


class Banks(NamedTuple):
    """Somebody says which of a few bank accounts their money goes to; 0 is none any more."""

    who: str
    number: int


class PaysOut(NamedTuple):
    """Everybody who is due something is paid to their bank account."""

    reference: str


class Bounces(NamedTuple):
    """The bank sends back what was paid out, under a number of its own."""

    name: str
    reference: str


class Settles(NamedTuple):
    """Prizes of challenges and streaks are given and taken back, for whoever did something."""


class Subscribes(NamedTuple):
    """A membership begins, with its trial or with the first term paid; `agreed` says that another
    amount than the fee is as it should be."""

    who: str
    plan: str
    name: str
    trial: bool = False
    amount: int | None = None
    agreed: bool = False
    key: str = ""


class Turns(NamedTuple):
    """Something happened to a membership: paid, failed, refunded, cancelled, paused, resumed, or
    changed to another plan."""

    name: str
    what: str
    amount: int | None = None
    at_once: bool = False
    agreed: bool = False
    key: str = ""
    plan: str = ""


Moving = Gives | Merges | Unmerges | Blocks | Extends | Revives | Forgives | Shares | Pools
Event = Joins | Happens | Returns | Reserves | Ends | Confirms | Adjusts | Night
Event |= Publishes | Moving | Shows | Spares | Chooses | TakesDue
Event |= Settles | Subscribes | Turns | Pays | Banks | PaysOut | Bounces


class Answer(NamedTuple):
    """What somebody who asked is told, in one form for reference and drivers."""

    what: str
    """`recorded`, `waiting`, `held`, `captured`, `voided`, `lapsed`, `confirmed`, `cancelled`,
    `adjusted`, `joined`, or the code of a refusal or fault."""
    earned: Parts = ()
    rules: Parts = ()
    balances: Parts = ()
    tier: str | None = None
    tier_before: str | None = None


def parts(amounts: dict[str, int]) -> Parts:
    """Amounts by name in one order, nothing left out but nothings."""
    return tuple(sorted((name, amount) for name, amount in amounts.items() if amount))


class Picture(NamedTuple):
    """Where one member stands, in one form for reference and drivers."""

    balances: tuple[tuple[str, int, int, int, int, int], ...]
    """Wallet, available, pending, held, owed, earned."""
    lots: tuple[tuple[str, int, int, int, datetime, bool, datetime | None, datetime | None], ...]
    """Wallet, points, left, pinned, end, whether it waits, from when it can be spent, when it is
    cancelled; those with nothing left are left out."""
    tier: str | None
    tier_until: datetime | None
    counters: tuple[tuple[str, str, str], ...]
    """What is used of limits and rewards, credit in all, kept remainders; nothings left out."""
