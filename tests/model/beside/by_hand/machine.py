"""The machine for what the shop hands out by hand: rules beside those of every day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from tests.model import makings
from tests.model.beside.between.events import Agrees, Collects, GoesBack
from tests.model.beside.by_hand.events import (
    Claims,
    Comes,
    Decides,
    Disputes,
    Erases,
    Fills,
    GivesTier,
    Grants,
    Issues,
    Rebooks,
    ShowsCode,
    StaysAway,
    TakesBack,
    Tops,
    TurnsTier,
    Undoes,
    Uses,
    Withdraws,
)
from tests.model.beside.by_hand.quarrels import Claim
from tests.model.events import (
    Adjusts,
    Basket,
    Blocks,
    Ends,
    Happens,
    Joins,
    Merges,
    Night,
    Publishes,
    Reserves,
    Returns,
)  # fmt: skip
from tests.model.machine import FEW, SOME, Ledger, LedgerOnce
from tests.model.programs import ZONES, written

from regulars.records.program.reading import read_program

SOURCE = Path(__file__).with_name("hand.yaml").read_text("utf-8")
LATER = {name: gap for name, gap in makings.STRETCHES.items() if name != "back an hour"}
JUMPS = (*LATER, *(f"{side} {edge}" for edge in makings.EDGES for side in makings.AROUND))
SUMS = (500, 1999, 2000, 2500, 6000, 9000)
BENEFITS = ("lounge", "wash", "guest", "papers", "early", "sauna", "chair", "unheard-of")
KINDS = ("granted", "matched", "invited")
TURNS = ("accepted", "ended", "accepted", "declined", "withdrawn")
CODED = ("voucher", "song", "voucher", "song", "cup", "unheard-of")


CUPS = {"A cup": 10, "A fine cup": 11, "A large cup": 12, "A cup to go": 9}
"""What a cup is called, and its price, in each of the versions."""


BOARDS = """
leaderboards:
  - {id: best, name: The best, measure: spend, per: week, names: nickname, at_least: "5.00",
     most: 3, returned: taken_back, prizes: [{place: 1, wallet: points, points: 31},
     {place: 2, to: 3, wallet: points, points: 10}]}
"""
"""What the flows alone bring about: the night looks at weeks that are over."""


def source_in(zone: str, name: str = "A cup", more: str = "") -> str:
    said = f"name: {name}, price: {{points: {CUPS[name]}}}, hold_for: 1 day"
    text = SOURCE.replace("zone: Europe/Berlin", f"zone: {zone}") + more
    return written(
        read_program(text.replace("name: A cup, price: {points: 10}, hold_for: 1 day", said))
    )


class Handing:
    """Mixed into a machine: its own program, and what is handed out by it."""

    # What keeps the machine of every day busy would leave this one no time.
    does = confirms = publishes = forgives = spends_all_and_brings_back = time_passes = None
    brings_back_before_the_sale = shares = extends = revives = buys = merges = unmerges = None
    pays_with_points = pays_and_brings_back = gives = spends = pools = adjusts = None
    takes_a_version_back = None  # it publishes by itself

    more: ClassVar[str] = ""

    @initialize(zone=st.sampled_from(ZONES), start=st.sampled_from(makings.STARTS))
    def opens(self: Any, zone: str, start: Any) -> None:
        self.zone, self.now = zone, start
        self.source = self.version("A cup")
        self.log, self.sales, self.done, self.early, self.made = [], [], [], [], 0
        self.first = (self.source, start)
        self.driver = self.open_driver(self.source, start)
        self.joins()

    def version(self: Any, cup: str) -> str:
        """The program with this cup in it."""
        return source_in(self.zone, cup, self.more)

    def _who(self: Any, who: int) -> str:
        """Somebody who can be found; names of cards and of nobody are for every day."""
        names = [name for name in self.world.people if name not in self.world.hand.erased]
        return names[who % len(names)] if names else "m0"

    def _somebody(self: Any, who: int) -> str:
        return self._who(who)

    def _at(self: Any, late: int) -> None:
        """What comes late is for every day: nobody was given a tier there."""

    @precondition(lambda self: len(self.world.people) < 5)
    @rule()
    def joins(self: Any) -> None:
        name = f"m{len(self.world.people) if self.log else 0}"
        self._happen(Joins(name, (("nickname", name),)))

    @rule(who=FEW, amount=st.sampled_from(SUMS), lines=st.booleans())
    def buys_something(self: Any, who: int, amount: int, lines: bool) -> None:
        sale = Happens("purchase", self._who(who), self._number("r"))
        basket = Basket((makings.Sold(amount, "coffee", "c1", 2),))
        self._happen(sale._replace(basket=basket) if lines else sale._replace(amount=amount))

    @rule(jump=st.sampled_from(JUMPS))
    def time_goes_on(self: Any, jump: str) -> None:
        self.now = max(self.now, makings.moved(jump, self.now, self.world))

    def _jump(self: Any, jump: str) -> None:
        if jump:
            self.time_goes_on(jump)

    # --- codes ----------------------------------------------------------------------------

    @rule(which=SOME, times=FEW, key=FEW)
    def fills_a_pool(self: Any, which: int, times: int, key: int) -> None:
        reward = CODED[which % len(CODED)]
        self._happen(Fills(reward, self._number("f"), 1 + times, self._key(key)))

    @rule(
        which=SOME, times=FEW, whom=st.lists(FEW, max_size=3), key=FEW,
        days=st.sampled_from((None, None, 0, 3)),
    )  # fmt: skip
    def issues_codes(
        self: Any, which: int, times: int, whom: list[int], days: int | None, key: int
    ) -> None:
        members = tuple(self._who(who) for who in whom) if times < 2 else ()
        ends = None if days is None else self.now + timedelta(days=days)
        told = Issues(
            CODED[which % len(CODED)], self._number("i"), 0 if members else times, members
        )
        self._happen(told._replace(ends=ends, key=self._key(key)))

    @rule(who=FEW, song=st.booleans(), capture=st.booleans())
    def takes_a_code(self: Any, who: int, song: bool, capture: bool) -> None:
        person, name = self._who(who), self._number("h")
        if self.world.who(person).available("points") < 10 and not capture:
            self._happen(Adjusts(person, "points", 10))
        reward = "song" if song else "voucher"
        self._happen(Reserves(person, reward, name, "", "", capture))
        if not capture and name in self.world.taken:
            self._happen(Ends(name, "captured"))

    @precondition(lambda self: self.world.hand.codes)
    @rule(which=SOME, twice=FEW, withdrawn=st.booleans(), key=FEW)
    def shows_a_code(self: Any, which: int, twice: int, withdrawn: bool, key: int) -> None:
        """Once or twice, or it is withdrawn before or after."""
        codes = [*self.world.hand.codes, "nowhere"]
        code = codes[-1 - which % len(codes)] if which < 7 else codes[0]
        deeds: list[Any] = [ShowsCode(code, self._key(key))]
        if withdrawn:
            deeds.insert(twice % 2, Withdraws(code))
        if twice > 1:
            deeds.append(ShowsCode(code))
        for deed in deeds:
            self._happen(deed)
        if self.driver.once and key % 2:
            again = next(one for one in deeds if isinstance(one, ShowsCode))
            self._happen(again)

    @rule(who=FEW, units=st.sampled_from((1, 500, 1000)), key=FEW)
    def tops_up(self: Any, who: int, units: int, key: int) -> None:
        told = Tops(self._who(who), "gift", units, self._key(key))
        self._happen(told)
        if self.driver.once and key == 3:
            self._happen(told)
            self._happen(told._replace(units=units + 1))

    # --- benefits -------------------------------------------------------------------------

    @rule(who=FEW, which=SOME, times=FEW, days=st.sampled_from((None, 0, 2, 9)), key=FEW)
    def grants_a_benefit(
        self: Any, who: int, which: int, times: int, days: int | None, key: int
    ) -> None:
        until = None if days is None else self.now + timedelta(days=days)
        told = Grants(self._who(who), BENEFITS[which], 1 + times % 2, until, self._key(key))
        self._happen(told)

    @rule(
        who=FEW, which=SOME, times=st.tuples(FEW, FEW), key=FEW,
        store=st.sampled_from(("mitte", "mitte", "")),
        jump=st.sampled_from(("", "", "a day", "a week", "a month", "after end")),
    )  # fmt: skip
    def uses_a_benefit(
        self: Any, who: int, which: int, times: tuple[int, int], store: str = "mitte",
        jump: str = "", key: int = 0,
    ) -> None:  # fmt: skip
        """A few times; later some of it is taken back."""
        names: list[str] = []
        for _ in range(1 + times[0]):
            names.append(self._number("u"))
            used = Uses(self._who(who), BENEFITS[which], names[-1], store, self._key(key))
            self._happen(used)
            if self.driver.once and key == 1:
                self._happen(used)
        if jump:
            self.time_goes_on(jump)
        for name in names[: times[1]]:
            self._happen(Undoes(name))

    @rule(who=FEW, guests=FEW, granted=FEW, then=SOME, key=FEW)
    def brings_guests(self: Any, who: int, guests: int, granted: int, then: int, key: int) -> None:
        """Of a grant there may be too little left for all of them."""
        name = self._who(who)
        if granted:
            self._happen(Grants(name, "sauna", granted))
        used = Uses(name, "sauna", self._number("u"), "", self._key(key), guests)
        self._happen(used)
        if self.driver.once and key == 1:
            self._happen(used)
        self._happen(Uses(name, "sauna", self._number("u"), "", "", then % 3))
        if then < 3:
            self._happen(Undoes(used.name))

    @rule(
        who=FEW, hour=st.sampled_from((10, 10, 11, 11, 12)), days=st.sampled_from((0, 1, 2, 7, 8)),
        guests=st.sampled_from((0, 0, 1, 2)), then=SOME, other=FEW,
    )  # fmt: skip
    def books_the_chair(
        self: Any, who: int, hour: int, days: int, guests: int, then: int, other: int
    ) -> None:
        """Booked, by another one too, and moved, cancelled, missed or there; some too late."""
        at = self._hour(hour, days)
        first, second = self._number("u"), self._number("u")
        self._happen(Uses(self._who(who), "chair", first, "mitte", "", guests, at))
        self._happen(Uses(self._who(other), "chair", second, "mitte", "", 0, at))
        if then in (1, 2):
            self.now = max(self.now, at - timedelta(hours=then))
        if then in (1, 2, 3, 4):
            moved = self._number("u")
            self._happen(Rebooks(first, self._hour(11, days + other), moved))
            first = moved if then > 2 else first
        if then in (2, 4, 5):
            self._happen(Undoes(first))
        if then in (5, 6, 7):
            self._happen(StaysAway(second))
            self.now = max(self.now, at + timedelta(minutes=other))
            self._happen(StaysAway(second), Undoes(second))
        if self.driver.once and then > 3:
            self._happen(Comes(first), Comes(second, self._key(other)))

    @rule(
        who=FEW, lost=FEW, then=SOME,
        days=st.sampled_from((1, 2, 3)), gap=st.sampled_from((1, 2, 5)),
    )  # fmt: skip
    def books_the_booth(self: Any, who: int, lost: int, days: int, then: int, gap: int) -> None:
        """By a tier that may be over before the hour comes: what is booked stays booked."""
        name, tier, use = self._who(who), self._number("t"), self._number("u")
        self._happen(GivesTier(name, "granted", "gold", tier, gap))
        at = self._hour(10, days)
        self._happen(Uses(name, "booth", use, "mitte", at=at))
        if lost == 1 and tier in self.world.hand.tiers:
            self._happen(TurnsTier(tier, "ended"))
        if lost > 1:
            self.now = max(self.now, at - timedelta(hours=(3, 1)[lost - 2]))
        if then in (0, 1):
            self._happen(Rebooks(use, self._hour(11, 1), self._number("u")))
        if then in (2, 3):
            self._happen(Undoes(use))
        if then > 3:
            self.now = max(self.now, at + timedelta(minutes=then))
            if self.driver.once:
                self._happen(Comes(use))
            if then > 5:
                self._happen(StaysAway(use))

    def _hour(self: Any, hour: int, days: int) -> datetime:
        """A time on the clock of the shop, so many days ahead."""
        zone = ZoneInfo(self.zone)
        there = self.now.astimezone(zone) + timedelta(days=days)
        at = there.replace(tzinfo=None, hour=hour, minute=0, second=0, microsecond=0)
        return at.replace(tzinfo=zone).astimezone(UTC)

    @precondition(lambda self: self._booked())
    @rule(which=SOME, other=FEW, then=FEW, ahead=st.sampled_from((0, 0, 1, 3)))
    def comes_no_more(self: Any, which: int, other: int, then: int, ahead: int) -> None:
        """Who booked something is blocked, or forgotten, and somebody else wants the time."""
        booked = self._booked()
        use = booked[-1 - which % len(booked)]
        if ahead:
            self.now = max(self.now, use.at - timedelta(hours=ahead))
        if then == 3 and self.driver.once and len(self.world.people) > 2:
            self._happen(Erases(use.who))
        else:
            self._happen(Blocks(use.who, True))
        again = Uses(self._who(other), use.benefit, self._number("u"), "mitte", at=use.at)
        self._happen(again)
        if then < 3:
            self._happen(Blocks(use.who, False))
            self._happen(again._replace(who=use.who, name=self._number("u")))

    def _booked(self: Any) -> list[Any]:
        """What is booked and still to come."""
        uses, gone = self.world.hand.uses.values(), self.world.hand.erased
        return [
            one
            for one in uses
            if one.at is not None and self.now < one.at and not (one.undone or one.missed)
            and one.who not in gone
        ]  # fmt: skip

    @precondition(lambda self: self.world.hand.uses)
    @rule(which=SOME)
    def undoes_a_use(self: Any, which: int) -> None:
        names = list(self.world.hand.uses)
        self._happen(Undoes(names[-1 - which % len(names)]))

    # --- tiers ----------------------------------------------------------------------------

    @rule(
        who=FEW, kind=FEW, tier=FEW, turn=SOME, key=FEW,
        lasts=st.tuples(st.sampled_from((None, 2, 40, 400)), st.sampled_from((None, None, 2500))),
    )  # fmt: skip
    def gives_a_tier(
        self: Any, who: int, kind: int, tier: int, lasts: tuple[int | None, int | None], turn: int,
        key: int,
    ) -> None:  # fmt: skip
        """Given, matched or offered, and often answered soon."""
        days, asks = lasts
        said, name = KINDS[kind % 3], self._number("t")
        wished = ("silver", "gold", "black", "black")[tier]
        told = GivesTier(self._who(who), said, wished, name, days, asks if days else None)
        if said == "invited" and turn:
            told = told._replace(days=None, asks=None, tier="black")
        self._happen(told._replace(key=self._key(key)))
        if turn < len(TURNS) and name in self.world.hand.tiers:
            self._happen(TurnsTier(name, TURNS[turn]))

    @precondition(lambda self: self.world.hand.tiers)
    @rule(which=SOME, turn=SOME, again=st.booleans(), key=FEW)
    def turns_a_tier(self: Any, which: int, turn: int, again: bool, key: int) -> None:
        names = list(self.world.hand.tiers)
        told = TurnsTier(names[-1 - which % len(names)], TURNS[turn % len(TURNS)], self._key(key))
        self._happen(told)
        if again:
            self._happen(told._replace(key=""))

    @precondition(lambda self: len(self.world.people) > 1)
    @rule(who=FEW, into=FEW)
    def turn_out_to_be_one(self: Any, who: int, into: int) -> None:
        """Of two to whom tiers were given it is not worked out by hand where they stand."""
        pair = self._who(who), self._who(into)
        if not any(self.world.who(one).given_tiers for one in pair):
            self._happen(Merges(*pair))


class HandedLedger(Handing, Ledger):
    """In memory."""


class HandedOnce(Handing, LedgerOnce):
    """For drivers that keep what must happen once; here people are forgotten and versions taken
    back as well."""

    more = BOARDS
    tells_at_once = reserve_at_once = end_at_once = repeats = None

    @rule(whos=st.lists(FEW, min_size=2, max_size=4), sums=st.lists(FEW, min_size=4, max_size=4),
          back=FEW)  # fmt: skip
    def play_for_places(self: Any, whos: list[int], sums: list[int], back: int) -> None:
        """A week in which some spend as much as others; when it was paid something comes back."""
        for who, much in zip(whos, sums, strict=False):
            sale = Happens("purchase", self._who(who), self._number("r"), amount=400 + 100 * much)
            self._happen(sale)
        self.now += timedelta(days=7)
        self._happen(Night())
        if back:
            self._happen(Returns(self.sales[-1 - back % 2].receipt, (), self._number("b")))
            self._happen(Night())

    @initialize(zone=st.sampled_from(ZONES), start=st.sampled_from(makings.STARTS))
    def opens(self: Any, zone: str, start: Any) -> None:
        super().opens(zone, start)
        self._happen(Agrees("cars", "accrual", "points", 7, 3, 60, 2))
        self._happen(Agrees("cars", "redemption", "points", 2, 1))

    @rule(
        who=FEW, units=st.sampled_from((1, 2, 3, 5, 90)), same=FEW, then=SOME,
        days=st.sampled_from((0, 1, 9, 181)),
    )  # fmt: skip
    def claims(self: Any, who: int, units: int, same: int, days: int, then: int) -> None:
        """Mostly decided soon, sometimes too late; the partner may tell of the same by itself."""
        told, name = [one.said for one in self._quarrels(Claim)], self._number("q")
        number = told[-1].number if told and not same else self._number("n")
        at = self.now - timedelta(days=days)
        claim = Claims(self._who(who), units, number, name, at, self._key(then))
        self._happen(claim)
        if then == 7:
            self._happen(claim)
        if then == 6:
            self.now += timedelta(days=30)
        told_of = Collects("cars", "accrual", self._who(who), "points", units, number)
        if then in (2, 3):
            self._happen(told_of)
        self._happen(Decides(name, "rejected" if then == 1 else "granted"))
        if then in (3, 4):
            self._happen(told_of._replace(units=units + 1))

    @rule(kind=FEW, which=FEW, decision=FEW, part=FEW)
    def disputes(self: Any, kind: int, which: int, decision: int, part: int) -> None:
        """A line of the account, some of which came back before."""
        lines = list(self.world.between.accounts["cars"].lines)
        if kind == 3 or not lines:
            number = self._number("n")
            self._happen(Adjusts(self._who(which), "points", 9))
            spent = Collects("cars", "redemption", self._who(which), "points", 3, number)
            self._happen(spent)
            lines = list(self.world.between.accounts["cars"].lines)
        said, of = lines[-1 - which % len(lines)] if lines else ("accrual", "n0")
        if part == 1:
            self._happen(GoesBack("cars", said, of, self._number("b"), 1))
        name = self._number("q")
        self._happen(Disputes(said, of, name))
        if decision:
            self._happen(Decides(name, "granted" if decision > 1 else "rejected"))
        if decision == 3:
            self._happen(Decides(name, "rejected"))
            self._happen(GoesBack("cars", said, of, self._number("b")))

    def _quarrels(self: Any, kind: type) -> list[Any]:
        return [one for one in self.world.hand.quarrels.values() if isinstance(one, kind)]

    @precondition(lambda self: len(self.world.people) > 2)
    @rule(who=FEW, reserves=st.booleans(), then=SOME)
    def is_forgotten(self: Any, who: int, reserves: bool, then: int) -> None:
        """What they reserved goes back; what they had is still found by its own number."""
        name = self._who(who)
        if name in self.world.hand.erased or len(self._found()) < 2:
            return
        if reserves:
            self._happen(Adjusts(name, "points", 20))
            self._happen(Reserves(name, "cup", self._number("h")))
        self._happen(Erases(name))
        if then == 0:
            self._happen(Erases(name))
        if then < 3:
            self._happen(Uses(name, "wash", self._number("u")))
            self._happen(Grants(name, "guest", 1))

    def _found(self: Any) -> list[str]:
        return [name for name in self.world.people if name not in self.world.hand.erased]

    @precondition(lambda self: len(self.world.published) < 8)
    @rule(ahead=FEW, cup=FEW, then=SOME, which=FEW, who=FEW)
    def publishes_and_takes_back(
        self: Any, ahead: int, cup: int, then: int, which: int, who: int
    ) -> None:
        """A version, perhaps decided by, and perhaps taken back."""
        wished = self.version(list(CUPS)[cup])
        if wished == self.world.versions[-1].source:
            return
        at = self.now + timedelta(hours=ahead) if ahead else None
        self._happen(Publishes(wished, at))
        if then in (1, 2):
            self.buys_something(who=who, amount=500, lines=False)
        if then in (2, 3):
            self.now += timedelta(hours=2)
            self._happen(Uses(self._who(who), "wash", self._number("u")))
        if then < 6:
            self._happen(TakesBack(len(self.world.published) - (which if which < 2 else 0)))
