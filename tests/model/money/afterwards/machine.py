"""The machine for what is put right afterwards: purchases that named nobody, tables that hold for
what happened already; and for pieces of a basket that are free.

On PostgreSQL only: it hangs on what flows read of receipts and of all that somebody did.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from tests.model import makings
from tests.model.events import (
    Adjusts,
    Basket,
    Ends,
    Happens,
    Joins,
    Night,
    Pays,
    Publishes,
    Reserves,
    Returns,
    Sold,
)  # fmt: skip
from tests.model.machine import FEW, SOME, LedgerOnce
from tests.model.money.afterwards.events import Credits
from tests.model.programs import ZONES, written

from regulars.records.program.reading import read_program

_HERE = Path(__file__).parent
SOURCES = {path.stem: path.read_text("utf-8") for path in sorted(_HERE.glob("*.yaml"))}
LATER = {name: gap for name, gap in makings.STRETCHES.items() if name != "back an hour"}
JUMPS = (*LATER, *(f"{side} {edge}" for edge in makings.EDGES for side in makings.AROUND))
SAID = {
    "RETURNED": "revoke_now", "NEGATIVE": "debt", "FULL": "2", "CHEAP": '"0.5"', "STATUS": "1",
    "KILO": "3",
}  # fmt: skip
TABLES = (
    {}, {"FULL": "3"}, {"FULL": "1", "STATUS": "2"}, {"CHEAP": "2", "KILO": "1"},
    {"STATUS": "3"}, {"FULL": "0"}, {"KILO": "9", "CHEAP": "1"},
)  # fmt: skip
FREES = ("coffee", "coffee", "treat", "own", "gift")
GOODS = (
    Sold(350, "coffee", "c1"), Sold(600, "coffee", "c1", 2), Sold(350, "coffee", "c2"),
    Sold(1000, "coffee", "", 3), Sold(333, "cake", "k1"), Sold(700, "cake", "k2", 2, 101),
    Sold(900, "beans", "b1"), Sold(1999, "beans", "b1", 2), Sold(0, "coffee", "c1"),
    Sold(500, "coffee", "c2", 2, 500), Sold(801, "", "x"),
)  # fmt: skip
"""What lies on counters: at one price twice, with a discount, and for nothing."""


def source_of(name: str, zone: str = "Europe/Berlin", since: str = "", **said: str) -> str:
    """The program of this name; `since` is the day from which its tables hold."""
    text = SOURCES[name].replace("zone: Europe/Berlin", f"zone: {zone}")
    for word, what in (SAID | said).items():
        text = text.replace(word, what)
    if since:
        text += f'changeover: {{rates_from_on: "{since}"}}\n'
    return written(read_program(text))


def counter(number: int) -> tuple[Sold, ...]:
    """What lies on it: up to four lines."""
    rng = Random(number)
    return tuple(rng.choice(GOODS) for _ in range(rng.choice((1, 2, 2, 3, 4))))


def freed(goods: tuple[Sold, ...], taken: Any, name: str) -> Basket:
    """The basket of these goods, in which pieces are free as it was promised."""
    lines = list(goods)
    for one in taken.frees:
        for place, line in enumerate(lines):
            same = (line.sku, line.category) == (one.sku, one.category)
            net = line.amount - line.discount
            if same and not line.by and line.quantity >= one.pieces and net >= one.value:
                off = line.discount + one.value
                lines[place] = line._replace(free=one.pieces, by=name, discount=off)
                break
    return Basket(tuple(lines))


class Afterwards(LedgerOnce):
    """Its own programs and what happens by them."""

    programs: ClassVar[tuple[str, ...]] = tuple(SOURCES)
    # What keeps the machine of every day busy would leave this one no time; and what is taken back
    # here has tables that hold from a day on, which is drawn apart.
    takes_a_version_back = None
    does = confirms = publishes = forgives = spends_all_and_brings_back = time_passes = None
    brings_back_before_the_sale = shares = extends = revives = buys = merges = unmerges = None
    pays_with_points = pays_and_brings_back = gives = spends = pools = adjusts = plays = None
    reserves = tells_at_once = reserve_at_once = end_at_once = blocks = settles = None
    pays_a_part = repeats = None
    # And these cannot happen by its programs.
    joins = chooses = takes_due = subscribes = turns = changes_plan = None
    costs_something_else = says_a_bank = pays_out = bounces = None
    rolls_back = False

    @initialize(
        place=SOME, zone=st.sampled_from(ZONES), start=st.sampled_from(makings.STARTS),
        how=st.tuples(st.sampled_from(("revoke_now", "at_period_end")),
                      st.sampled_from(("debt", "never", "refuse"))),
    )  # fmt: skip
    def opens(self: Any, place: int, zone: str, start: Any, how: tuple[str, str]) -> None:
        self.name, self.zone = self.programs[place % len(self.programs)], zone
        self.said = {"RETURNED": how[0], "NEGATIVE": how[1]}
        self.now, self.source = start, source_of(self.name, zone, **self.said)
        self.log, self.sales, self.done, self.early, self.made = [], [], [], [], 0
        self.first = (self.source, start)
        self.driver = self.open_driver(self.source, start)
        self._happen(Joins("m0"))
        self._happen(Joins("m1"))

    def _who(self: Any, who: int) -> str:
        return f"m{who % 2}"

    def _somebody(self: Any, who: int) -> str:
        return self._who(who)

    @rule(jump=st.sampled_from(JUMPS))
    def time_goes_on(self: Any, jump: str) -> None:
        self.now = max(self.now, makings.moved(jump, self.now, self.world))

    # --- purchases that named nobody ------------------------------------------------------

    @rule(goods=st.integers(0, 60), whole=st.booleans(), before=FEW, gap=FEW, then=SOME, late=SOME)
    def is_somebodys_after_all(
        self: Any, goods: int, whole: bool, before: int, gap: int, then: int, late: int
    ) -> None:
        """Nobody was named; something may have come back by then, or happened since, and it is
        told too late, twice, or by two."""
        if late == 7 and self.name == "freed":
            self._happen(Returns(f"r{self.made + 2}", (), self._number("b")))
        sale = Happens("purchase", "", self._number("r"), at=self._at(late), store="mitte")
        lines = counter(goods)
        details = (("kilos", 2 + goods), ("fare", "YL"[goods % 2])) if goods % 3 else ()
        sale = sale._replace(details=details, basket=Basket(() if whole else lines))
        sale = sale._replace(amount=100 * goods if whole else None)
        self._happen(sale)
        if before == 1:
            self._happen(Returns(sale.receipt, ((0, 1),), self._number("b")))
        if before == 2:
            self._happen(Returns(sale.receipt, (), self._number("b")))
        if gap == 3:
            self.now += timedelta(days=30, seconds=then % 3 - 1)
        elif gap:
            self._happen(Happens("purchase", self._who(then), self._number("r"), amount=2900))
            self.now += timedelta(days=gap * 7 - 6)
        self._credits(sale, then)

    def _credits(self: Any, sale: Happens, then: int) -> None:
        whose = self._who(then)
        self._happen(Credits(sale.receipt, whose))
        if then % 4 == 1:
            self._happen(Credits(sale.receipt, whose))
        if then % 4 == 2:
            self._happen(Credits(sale.receipt, self._who(then + 1)))
        if then > 4:
            self._happen(Returns(sale.receipt, ((0, 1),) if then > 5 else (), self._number("b")))
        if then == 7:
            self._happen(sale)

    @precondition(lambda self: self.sales)
    @rule(which=SOME, who=FEW)
    def is_somebodys(self: Any, which: int, who: int) -> None:
        receipt = self.sales[-1 - which % len(self.sales)].receipt
        self._happen(Credits(receipt if which < 7 else "never seen", self._who(who)))

    # --- free pieces ----------------------------------------------------------------------

    @precondition(lambda self: self.name == "freed")
    @rule(
        who=FEW, which=st.integers(0, 4), goods=st.integers(0, 400), wrong=SOME,
        back=st.lists(FEW, max_size=3), named=st.lists(FEW, max_size=2),
    )  # fmt: skip
    def frees_pieces(
        self: Any, who: int, which: int, goods: int, wrong: int, back: list[int],
        named: list[int],
    ) -> None:  # fmt: skip
        """Pieces are free, the basket is bought, mostly as it was promised, and comes back."""
        person, lines, name = self._who(who), counter(goods), self._number("h")
        for wallet, units in (("stamps", 9), ("points", 40)) if wrong < 6 else ():
            self._happen(Adjusts(person, wallet, units))
        pieces = tuple((place % len(lines), 1 + (len(named) == 1)) for place in named)
        wish = Reserves(
            person, FREES[which], name, "", self._key(wrong), wrong != 4, goods=lines,
            named=pieces if FREES[which] == "own" or wrong == 5 else (),
        )  # fmt: skip
        self._happen(wish)
        if name not in self.world.taken:
            return
        basket = freed(lines, self.world.taken[name], name)
        sale = Happens("purchase", self._who(who + (wrong == 3)), self._number("r"), basket=basket)
        if wrong in (1, 2):
            sale = sale._replace(basket=_otherwise(basket, wrong))
        self._happen(sale)
        if self.world.taken[name].state == "held":
            self._happen(Ends(name, "captured"), Ends(name, "captured"))
            self._happen(sale)
        for place in back:
            part = ((place % len(lines), 1),) if place else ()
            self._happen(Returns(sale.receipt, part, self._number("b")))
        if wrong == 7:
            self._happen(sale._replace(receipt=self._number("r")))

    @precondition(lambda self: self.name == "freed")
    @rule(who=FEW, goods=st.integers(0, 400), back=st.lists(FEW, min_size=1, max_size=4))
    def pays_beside_what_is_free(self: Any, who: int, goods: int, back: list[int]) -> None:
        """A piece is free, and points pay a part of what is left; then it comes back."""
        person, lines, name, pay = self._who(who), counter(goods), *map(self._number, "hh")
        self._happen(Adjusts(person, "stamps", 5))
        self._happen(Adjusts(person, "points", 25))
        self._happen(Reserves(person, "coffee", name, "", "", True, goods=lines))
        if name not in self.world.taken:
            return
        basket = freed(lines, self.world.taken[name], name)
        self._happen(Pays(person, max(basket.total, 1), pay, capture=True))
        paid = self.world.taken.get(pay)
        if paid is not None:
            basket = basket._replace(in_points=paid.value, paid=pay)
        sale = Happens("purchase", person, self._number("r"), basket=basket)
        self._happen(sale)
        for place in back:
            part = ((place % len(lines), 1),) if place else ()
            self._happen(Returns(sale.receipt, part, self._number("b")))

    # --- tables that hold for what happened already ---------------------------------------

    @precondition(lambda self: self.name == "rated")
    @rule(who=FEW, miles=st.sampled_from((0, 9, 100, 250, 999)), fare=st.sampled_from("YYLX"),
          late=SOME)  # fmt: skip
    def flies(self: Any, who: int, miles: int, fare: str, late: int) -> None:
        details = (("fare", fare), ("miles", miles))
        flight = Happens("flight", self._who(who), self._number("d"), at=self._at(late))
        self._happen(flight._replace(details=details))

    @precondition(lambda self: self.name == "rated")
    @rule(who=FEW, kilos=SOME, goods=st.integers(0, 40), late=SOME, back=FEW)
    def sends_freight(self: Any, who: int, kilos: int, goods: int, late: int, back: int) -> None:
        sale = Happens("purchase", self._who(who), self._number("r"), at=self._at(late))
        details = (("fare", "YL"[goods % 2]), ("kilos", kilos))
        self._happen(sale._replace(details=details, basket=Basket(counter(goods))))
        if back == 1:
            self._happen(Returns(sale.receipt, ((0, 1),), self._number("b")))
        if back == 2:
            self._happen(Returns(sale.receipt, (), self._number("b"), at=self._at(late + 1)))

    @precondition(lambda self: self.name == "rated")
    @rule(who=FEW, units=st.sampled_from((0, 1, 60, 200)))
    def spends_miles(self: Any, who: int, units: int) -> None:
        person = self._who(who)
        if units == 0:
            self._happen(Reserves(person, "seat", self._number("h"), "", "", True))
        elif self.world.who(person).available("miles") >= units:
            self._happen(Adjusts(person, "miles", -units))

    @precondition(lambda self: self.name == "rated" and len(self.world.versions) < 6)
    @rule(
        which=st.integers(0, len(TABLES) - 1), days=st.sampled_from((None, 0, 1, 10, 40, 400)),
        ahead=st.sampled_from((0, 0, 0, 2)), night=st.booleans(),
    )  # fmt: skip
    def has_other_rates(self: Any, which: int, days: int | None, ahead: int, night: bool) -> None:
        """Since so many days ago; a minute later the night goes through what happened."""
        self.now += timedelta(seconds=1)
        today = self.world.terms(self.now).day(self.now)
        since = "" if days is None else f"{today - timedelta(days=days)}"
        source = source_of(self.name, self.zone, since, **{**self.said, **TABLES[which]})
        newest, start = self.world.versions[-1], self.now + timedelta(days=ahead)
        before = self.world.terms(start).program
        if since and read_program(source).rules == before.rules:
            return  # nothing is rated otherwise, and saying so is refused
        if source == newest.source:
            return  # the same file again publishes nothing
        self._happen(Publishes(source, self.now + timedelta(days=ahead) if ahead else None))
        self.now += timedelta(minutes=1)
        if night:
            self._happen(Night())

    def another_version(self: Any, before: Any, number: int, start: Any) -> str | None:
        """With other tables, that would hold for what was before it."""
        days = (None, 0, 10, 400)[number % 4]
        since = "" if days is None else f"{before.day(start) - timedelta(days=days)}"
        tables = TABLES[number % len(TABLES)]
        source = source_of(self.name, self.zone, since, **{**self.said, **tables})
        same = since and read_program(source).rules == before.program.rules
        return None if same or self.name != "rated" else source


def _otherwise(basket: Basket, wrong: int) -> Basket:
    """Another piece is free, or it is taken off by a cent less."""
    lines = list(basket.lines)
    place = next(at for at, line in enumerate(lines) if line.by)
    line = lines[place]
    if wrong == 1:
        lines[place] = line._replace(free=min(line.free + 1, line.quantity + 1))
    else:
        lines[place] = line._replace(discount=line.discount - 1)
    return basket._replace(lines=tuple(lines))
