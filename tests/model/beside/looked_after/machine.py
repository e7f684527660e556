"""The machine for who looks after whom: by tiers and grants, by hand, and from version to version.

On PostgreSQL only: who works here and whom they know is kept in tables the engine does not see.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from tests.model import makings
from tests.model.beside.by_hand.events import Erases, GivesTier, Grants, TurnsTier, Uses
from tests.model.beside.looked_after.events import (
    Assigns,
    BringsCount,
    BringsTier,
    Follows,
    Hires,
    Leaves,
    LetsGo,
    MovesOver,
    PassesOn,
)
from tests.model.events import Blocks, Happens, Joins, Merges, Publishes, Returns
from tests.model.machine import FEW, SOME, LedgerOnce
from tests.model.programs import ZONES, written

from regulars.records.program.reading import read_program

SOURCE = Path(__file__).with_name("house.yaml").read_text("utf-8")
CHANGES = {
    "as it was": ("", ""),
    "a shorter grace": ("grace: 10 days", "grace: 2 days"),
    "for silver, too": ("tier: gold, associate", "tier: silver, associate"),
    "nobody comes with it": ("tier: gold, associate: {grace: 10 days}}", "tier: gold}"),
    "no stylist": ("  - {id: stylist, name: A stylist, by: grant, associate: {}}\n", ""),
    "gold is dearer": ('at: "60.00"', 'at: "80.00"'),
    "gold is cheaper": ('at: "60.00"', 'at: "30.00"'),
    "the host by a rule": ("associate: {chosen: by_hand}", "associate: {}"),
}
ROLES = ("cashier", "support", "manager", "cashier", "auditor", "owner")
STORES = (None, ("mitte",), ("west",), ("mitte", "west"))
BENEFITS = ("shopper", "stylist", "host", "lounge", "stylist", "host", "delivery", "unheard-of")
SUMS = (500, 2000, 6000, 9000)
GAPS = (0, 0, 1, 59, 60, 3600, 6 * 3600, 2 * 86400, 10 * 86400, 40 * 86400)


class LookedAfter(LedgerOnce):
    """Its own program and what happens by it."""

    # What keeps the machine of every day busy would leave this one no time.
    takes_a_version_back = None
    does = confirms = publishes = forgives = spends_all_and_brings_back = time_passes = None
    brings_back_before_the_sale = shares = extends = revives = buys = merges = unmerges = None
    pays_with_points = pays_and_brings_back = gives = spends = pools = adjusts = plays = None
    reserves = ends = tells_at_once = reserve_at_once = end_at_once = blocks = settles = None
    repeats = night_falls = brings_back = None

    @initialize(zone=st.sampled_from(ZONES), start=st.sampled_from(makings.STARTS))
    def opens(self: Any, zone: str, start: Any) -> None:
        self.zone, self.now, self.source = zone, start, self.version("as it was", zone)
        self.log, self.sales, self.done, self.early, self.made = [], [], [], [], 0
        self.clerks: list[str] = []
        self.first = (self.source, start)
        self.driver = self.open_driver(self.source, start)
        self.joins()
        self.takes_on(role=0, stores=0)

    def version(self: Any, name: str, zone: str = "") -> str:
        """The program with one thing changed."""
        was, becomes = CHANGES[name]
        text = SOURCE.replace("zone: Europe/Berlin", f"zone: {zone or self.zone}")
        return written(read_program(text.replace(was, becomes) if was else text))

    def _who(self: Any, who: int) -> str:
        names = [name for name in self.world.people if name not in self.world.hand.erased]
        return names[who % len(names)] if names else "m0"

    def _somebody(self: Any, who: int) -> str:
        return self._who(who)

    def _at(self: Any, late: int) -> None:
        """What comes late is for every day: nobody was given a tier there."""

    def _happen(self: Any, *events: Any) -> None:
        """One after the other."""
        for event in events:
            super()._happen(event)

    def _clerk(self: Any, which: int) -> str:
        return self.clerks[which % len(self.clerks)] if which < 7 else "nobody"

    @precondition(lambda self: len(self.world.people) < 5)
    @rule()
    def joins(self: Any) -> None:
        self._happen(Joins(f"m{len(self.world.people) if self.log else 0}"))

    @rule(seconds=st.sampled_from(GAPS))
    def time_goes_on(self: Any, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    # --- who works here -------------------------------------------------------------------

    @precondition(lambda self: len(self.clerks) < 5)
    @rule(role=SOME, stores=FEW)
    def takes_on(self: Any, role: int, stores: int) -> None:
        name = f"s{len(self.clerks)}"
        kind = ROLES[role % len(ROLES)]
        where = None if kind in ("owner", "auditor") else STORES[stores]
        self._happen(Hires(name, kind, where))
        self.clerks.append(name)

    @precondition(lambda self: len(self.clerks) > 2)
    @rule(which=SOME, passes=FEW, to=SOME)
    def leaves(self: Any, which: int, passes: int, to: int) -> None:
        """Mostly their members are passed on soon."""
        name = self._clerk(which % 7)
        if passes == 1:
            self._happen(PassesOn(name, self._clerk(to)))
        if self.world.hand.care.clerks[name].there:
            self._happen(Leaves(name))
        if passes > 1:
            self._happen(PassesOn(name))

    # --- how members come to somebody -----------------------------------------------------

    @rule(who=FEW, amount=st.sampled_from(SUMS), store=FEW, then=SOME)
    def buys_something(self: Any, who: int, amount: int, store: int, then: int) -> None:
        sale = Happens("purchase", self._who(who), self._number("r"), amount=amount)
        self._happen(sale._replace(store=("mitte", "west", "")[store % 3]))
        if then < 5:
            self._happen(Follows())
        if then < 2:
            self._happen(Returns(sale.receipt, (), self._number("b")))
            self.now += timedelta(minutes=1)
            self._happen(Follows())

    @rule(who=FEW, days=st.sampled_from((None, 1, 2, 12)), ended=FEW, then=SOME)
    def has_gold_for_a_while(self: Any, who: int, days: int | None, ended: int, then: int) -> None:
        """Given by hand, followed, over, and perhaps given again within the grace."""
        who_, name = self._who(who), self._number("t")
        self._happen(GivesTier(who_, "granted", "gold", name, days))
        self._happen(Follows())
        if ended == 0:
            self._happen(TurnsTier(name, "ended"))
        self.now += timedelta(days=(1, 3, 13, 40)[ended])
        self._happen(Follows())
        if then < 3:
            self.now += timedelta(days=then)
            self._happen(GivesTier(who_, "granted", "gold", self._number("t"), 5))
            self._happen(Follows())

    @rule(who=FEW, which=SOME, days=st.sampled_from((None, 0, 2, 9)), uses=FEW)
    def grants_a_benefit(self: Any, who: int, which: int, days: int | None, uses: int) -> None:
        until = None if days is None else self.now + timedelta(days=days)
        self._happen(Grants(self._who(who), BENEFITS[which], 1, until))
        if uses:
            self.uses_a_benefit(who=who, which=which, store=uses)

    @rule(who=FEW, which=SOME, store=FEW)
    def uses_a_benefit(self: Any, who: int, which: int, store: int) -> None:
        where = ("", "mitte", "west", "mitte")[store]
        self._happen(Uses(self._who(who), BENEFITS[which], self._number("u"), where))

    @rule()
    def the_worker_looks(self: Any) -> None:
        self._happen(Follows())

    # --- by hand --------------------------------------------------------------------------

    @rule(who=FEW, which=SOME, staff=SOME, then=SOME)
    def is_assigned(self: Any, who: int, which: int, staff: int, then: int) -> None:
        """By name, or whoever's turn it is; and then once more."""
        person, benefit = self._who(who), BENEFITS[which]
        named = self._clerk(staff) if then > 1 else ""
        self._happen(Assigns(person, benefit, named))
        if then in (2, 3):
            self._happen(Assigns(person, benefit, named))
        if then in (3, 4):
            self._happen(LetsGo(person, benefit))
            self._happen(Follows())
            self._happen(Assigns(person, benefit))

    @rule(who=FEW, which=SOME)
    def is_let_go(self: Any, who: int, which: int) -> None:
        self._happen(LetsGo(self._who(who), BENEFITS[which]))

    @rule(which=SOME, to=SOME)
    def passes_members_on(self: Any, which: int, to: int) -> None:
        self._happen(PassesOn(self._clerk(which), "" if to < 4 else self._clerk(to)))

    # --- what they had elsewhere ----------------------------------------------------------

    @rule(
        who=FEW, tier=FEW, since=st.sampled_from((None, 0, 10, 400, -3)), then=FEW,
        lasts=st.sampled_from((None, None, -5, 1, 40, 700)), by_rule=st.booleans(),
    )  # fmt: skip
    def brings_a_tier(
        self: Any,
        who: int,
        tier: int,
        since: int | None,
        lasts: int | None,
        by_rule: bool,
        then: int,
    ) -> None:
        """Whoever stands nowhere; told once more, or of somebody who stands there already."""
        person = self._who(who)
        if self.world.who(person).given_tiers:
            return
        at = None if since is None else self.now - timedelta(days=since)
        until = None if lasts is None else self.now + timedelta(days=lasts)
        told = BringsTier(
            person, ("silver", "gold", "gold", "unheard-of")[tier], at, until, by_rule and not until
        )
        self._happen(told)
        if then == 1:
            self._happen(told)
        if then > 1:
            self._happen(Follows())

    @rule(who=FEW, times=st.sampled_from((0, 1, 3, 4, 9, -1)), ago=st.sampled_from((0, 0, 20, 40)),
          then=FEW)  # fmt: skip
    def brings_a_count(self: Any, who: int, times: int, ago: int, then: int) -> None:
        told = BringsCount(self._who(who), "lounge", times, self.now - timedelta(days=ago))
        self._happen(told)
        if then == 1:
            self._happen(told, told._replace(times=times + 1))
        for _ in range(then):
            self._happen(Uses(told.who, "lounge", self._number("u")))

    @rule()
    def the_worker_moves_them(self: Any) -> None:
        self._happen(MovesOver())

    # --- what turns it over ---------------------------------------------------------------

    @precondition(lambda self: len(self.world.people) > 1)
    @rule(who=FEW, into=FEW, forgotten=st.booleans())
    def turn_out_to_be_one(self: Any, who: int, into: int, forgotten: bool) -> None:
        """Of two to whom tiers were given it is not worked out by hand where they stand."""
        pair = self._who(who), self._who(into)
        if not any(self.world.who(one).given_tiers for one in pair):
            self._happen(Merges(*pair))
            self._happen(Follows())
        elif forgotten and len(self.world.people) - len(self.world.hand.erased) > 2:
            self._happen(Erases(pair[0]))
            self.now += timedelta(minutes=1)
            self._happen(Follows())

    @rule(who=FEW, then=FEW)
    def is_blocked(self: Any, who: int, then: int) -> None:
        """Who looks after them stays; nobody new comes meanwhile."""
        self._happen(Blocks(self._who(who), True))
        if then == 1:
            self._happen(Follows())
        if then:
            self._happen(Blocks(self._who(who), False))

    @precondition(lambda self: len(self.world.versions) < 5)
    @rule(which=SOME, ahead=FEW)
    def another_version(self: Any, which: int, ahead: int) -> None:
        wished = self.version([*CHANGES][which % len(CHANGES)])
        if wished == self.world.versions[-1].source:
            return
        at = self.now + timedelta(hours=ahead) if ahead else None
        self._happen(Publishes(wished, at))
        self.now += timedelta(hours=2 * ahead)
        self._happen(MovesOver() if which % 2 else Follows())
