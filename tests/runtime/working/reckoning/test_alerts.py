"""Alerts about members: told of within the week's budget, once, and what became of them is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.makers import Shop

from regulars.base.faults import Forbidden, Invalid, NotFound
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.membership.office.alerts.commands import HandleAlert
from regulars.flows.membership.office.alerts.handle_alerts import handle_alerts
from regulars.records.access.staff.types import By
from regulars.records.members.types import EraseMember
from regulars.records.program.templates import load_template
from regulars.records.standing.alerts import read
from regulars.records.standing.alerts.read import Wanted
from regulars.records.standing.alerts.types import MemberAlert
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.reckoning import alerts
from regulars.runtime.working.reckoning.alerts import Alerts

OWNER = By(words="owner")
_WHO = """
select value, member_id from identifier where program_id = $1 and kind = 'external' order by 1
"""
_VALUE = """
insert into member_value (program_id, member_id, as_of, chance, orders, worth_minor, since, gap,
                          health, worth)
values ($1, $2, $3, $4, 20, $5, 61, 19, 'slipping', 'upper')
"""
_RUN = """
insert into value_run (program_id, as_of, at, members, model, found)
values ($1, $2, now(), 9, 'MBG/NBD', '{}') on conflict do nothing
"""
_BOUGHT = """
insert into member_day (program_id, member_id, day, store, sales, orders, paid_minor, net_minor,
                        pieces, returns, visits)
values ($1, $2, $3, '', 1, $5, $4, $4, 1, 0, 0)
"""
_MOVED = """
insert into points_day (program_id, member_id, day, store, wallet, issued, redeemed, expired,
                        adjusted, other)
values ($1, $2, $3, '', $4, $5, $6, 0, 0, 0)
"""
_SET = """
insert into staff_setting (program_id, name, about, value, set_at, set_by)
values ($1, $2, '', $3, now(), 'owner')
    on conflict (program_id, name, about) do update set value = excluded.value
"""


def held_out(shop: Shop, *ids: UUID) -> None:
    """These are held out of all campaigns."""
    shop.rows("""
        insert into experiment (program_id, experiment_id, code, title, kind, outcome, arms, parts,
                                seed, wanted, made_at, made_by, begun_at)
        values ($1, gen_random_uuid(), 'held', 'H', 'everybody', 'spend', '{held-out,all}', '{1,1}',
                decode(repeat('00', 16), 'hex'), 0, '2026-01-01', 'owner', '2026-01-01')""")
    for id_ in ids:
        shop.rows("""insert into experiment_member
                     select $1, experiment_id, $2, 0, '2026-01-01' from experiment
                      where program_id = $1""", id_)  # fmt: skip


class World:
    """A shop whose members' days are written as they are told; yesterday is the last of them."""

    def __init__(self, shop: Shop, members: int = 8) -> None:
        self.shop = shop
        shop.joined(*(f"m{at}" for at in range(members)))
        self.ids: dict[str, UUID] = dict(shop.rows(_WHO))  # type: ignore[arg-type]

    @property
    def day(self) -> date:
        """Yesterday."""
        return self.shop.now.date() - timedelta(days=1)

    def slips(self, name: str, chance: int, worth: int) -> None:
        """Somebody slips as of yesterday."""
        self.shop.rows("delete from member_value where program_id = $1 and member_id = $2",
                       self.ids[name])  # fmt: skip
        self.shop.rows(_VALUE, self.ids[name], self.day, chance, worth)

    def bought(self, name: str, back: int, minor: int = 900, orders: int = 1) -> None:
        """Somebody bought so many days before yesterday."""
        day = self.day - timedelta(days=back)
        self.shop.rows(_BOUGHT, self.ids[name], day, minor, orders)

    def moved(self, name: str, back: int, issued: int = 0, redeemed: int = 0) -> None:
        """Points of the first wallet moved."""
        (code,) = self.shop.terms.at(self.shop.now).wallet_codes[:1]
        day = self.day - timedelta(days=back)
        self.shop.rows(_MOVED, self.ids[name], day, code, issued, redeemed)

    def set(self, name: str, value: int) -> None:
        """The shop decides."""
        self.shop.rows(_SET, name, value)

    def night(self) -> None:
        """Values were reckoned; the duty goes."""
        self.shop.rows(_RUN, self.day)
        duty = Alerts(self.shop.database, Programs(self.shop.database))
        self.shop.run(duty.go(self.shop.program_id, self.shop.now))

    def later(self, days: int) -> None:
        """So many days go by."""
        self.shop.now += timedelta(days=days)

    def alerts(self, kind: Any = None, state: Any = None) -> list[MemberAlert]:
        """What there is to be seen."""
        return self.shop.do(
            lambda tx, _: read.page(tx, tx.now.date(), Wanted(kind, state), None, 99)
        )

    def names(self, **which: Any) -> list[str]:
        """Whom it is about, by name."""
        names = {id_: name for name, id_ in self.ids.items()}
        return sorted(names[one.member_id] for one in self.alerts(**which))


@pytest.fixture
def world(fresh_database: Any) -> Iterator[World]:
    shop = Shop.open(fresh_database, load_template("coffee-shop"))
    shop.now = shop.now.replace(hour=12)
    yield World(shop)
    shop.close()


def test_who_is_worth_most_is_told_of_and_as_likely_ones_stand_beside(world: World) -> None:
    for at, (chance, worth) in enumerate([(300, 9), (120, 8), (290, 7), (125, 6), (390, 5)]):
        world.slips(f"m{at}", chance, worth)
    world.slips("m5", 300, 10)
    world.slips("m6", 298, 10)
    held_out(world.shop, world.ids["m5"], world.ids["m6"])
    world.set("outreach_weekly", 2)
    world.night()
    assert world.names() == ["m0", "m1"], "held out of all campaigns, m5 and m6 are left alone"
    beside = world.shop.rows("select member_id from member_alert where program_id=$1 and not shown")
    assert {id_ for (id_,) in beside} == {world.ids["m2"], world.ids["m3"]}
    told = world.shop.rows(
        "select type, payload from outbox where program_id = $1 and type like 'member.sl%'"
    )
    assert [kind for kind, _ in told] == ["member.slipping"] * 2
    said = json.loads(told[0][1])
    assert (said["reasons"], said["chance"], said["worth_minor"]) == (["days_away"], 300, 9)


def test_who_orders_most_is_told_of_where_nobody_can_say_what_they_are_worth(world: World) -> None:
    for at in range(5):
        world.slips(f"m{at}", 300, 9)
    world.shop.rows("""update member_value v set worth_minor = null, worth = null,
                              orders = case when member_id = any($2) then 90 else 20 end
                        where program_id = $1""", [world.ids["m2"], world.ids["m4"]])  # fmt: skip
    world.set("outreach_weekly", 2)
    world.night()
    assert world.names() == ["m2", "m4"]
    assert {one.worth_minor for one in world.alerts()} == {None}
    told = "select payload from outbox where program_id = $1 and type = 'member.slipping'"
    assert [json.loads(text)["worth_minor"] for (text,) in world.shop.rows(told)] == [None, None]


def test_reasons_are_numbers_beside_what_is_usual(world: World) -> None:
    world.slips("m0", 300, 9)
    for back in (0, 89, 90, 100, 110, 179, 180):
        world.bought("m0", back, 1_000 if back >= 90 else 300)
    world.bought("m0", 3, 0, orders=0)
    world.night()
    (one,) = world.alerts()
    said = [(why.sort, why.have, why.usual) for why in one.reasons]
    assert said == [
        ("days_away", 61, 19), ("fewer_orders", 2, 4), ("spends_less", 600, 4_000),
    ]  # fmt: skip


def test_a_week_has_one_budget_and_nobody_is_told_of_twice(world: World) -> None:
    world.set("outreach_weekly", 2)
    for at in range(6):
        world.slips(f"m{at}", 300, 100 - at)
    world.night()
    world.night()  # the day was looked at
    assert world.names() == ["m0", "m1"]
    for days, expected in ((1, 2), (5, 2), (1, 4)):
        world.later(days)
        for at in range(6):
            world.slips(f"m{at}", 300, 100 - at)
        world.night()
        assert len(world.names()) == expected
    assert world.names() == ["m0", "m1", "m2", "m3"], "who stood beside may be told of later"


def test_the_shop_may_want_to_hear_of_nobody(world: World) -> None:
    world.set("outreach_weekly", 0)
    world.slips("m0", 300, 9)
    world.night()
    assert world.shop.counts()["member_alert"] == 0


def test_without_values_of_the_day_nothing_is_looked_at(world: World) -> None:
    """With them the day is over, also where nights of the past take longer than they are given."""
    world.slips("m0", 300, 9)
    duty = Alerts(world.shop.database, Programs(world.shop.database))
    world.shop.run(duty.go(world.shop.program_id, world.shop.now))
    assert world.shop.counts()["member_alert_day"] == 0

    async def slow(*_: Any) -> None:
        raise TimeoutError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(alerts, "_would_tell", slow)
        world.night()
    assert world.names(kind="slipping") == ["m0"]
    assert world.shop.counts()["member_alert_day"] == 1


def test_it_is_kept_who_came_back_and_who_did_not(world: World) -> None:
    world.set("outreach_weekly", 2)
    for at in range(4):
        world.slips(f"m{at}", 300, 100 - at)
    world.bought("m0", 0)  # the day itself was known
    world.night()
    world.later(90)
    world.set("outreach_weekly", 0)
    world.bought("m1", 0)  # on the last of 90 days
    world.bought("m2", 50)
    world.bought("m3", 20, 0, orders=0)  # nothing is left of it
    world.night()
    became = world.shop.do(lambda tx, _: read.became(tx, "UTC"))
    assert (became.told, became.came, became.beside, became.beside_came) == (2, 1, 2, 1)
    sets = """update member_alert set handled_by = 'owner', handled_at = (over_on + 1)::timestamp
                - $2::interval where program_id = $1 and outcome is not null"""
    for before, many in ((timedelta(0), 0), (timedelta(minutes=1), 2)):
        world.shop.rows(sets, before)
        became = world.shop.do(lambda tx, _: read.became(tx, "UTC"))
        assert became.handled == many, "once it is known nobody looks after them any more"
    world.shop.rows("update member_alert set handled_at = null, handled_by = '' where"
                    " program_id = $1")  # fmt: skip
    found = {one.member_id: one.outcome for one in world.alerts()}
    assert found == {world.ids["m0"]: "stayed_away", world.ids["m1"]: "came"}
    assert {one.state for one in world.alerts()} == {"over"}


def test_what_became_of_whom_somebody_was_told_of_is_an_event_once(world: World) -> None:
    world.set("outreach_weekly", 3)
    for at in range(5):
        world.slips(f"m{at}", 300, 100 - at)
    world.night()
    (card,) = [one for one in world.alerts() if one.member_id == world.ids["m0"]]
    shop = world.shop
    shop.ask(handle_alerts, HandleAlert(card.alert_id, OWNER, "Wrote a card"))
    world.later(90)
    world.set("outreach_weekly", 0)
    for name in ("m0", "m2", "m3"):
        world.bought(name, 50)
    world.night()
    world.later(1)
    world.night()
    told = "select payload from outbox where program_id = $1 and type = 'member.slip_ended'"
    found = {one["member_id"]: one for (text,) in shop.rows(told) for one in [json.loads(text)]}
    assert len(shop.rows(told)) == len(found) == 3, "who was left alone is nobody's to hear of"
    came, away = (found[f"mem_{world.ids[name].hex}"] for name in ("m0", "m1"))
    assert (came["outcome"], away["outcome"]) == ("came", "stayed_away")
    day = card.as_of + timedelta(days=90)
    assert away["over_on"] == day.isoformat()
    assert came["over_on"] == (day - timedelta(days=50)).isoformat()
    assert came["handled_at"].endswith("Z")
    assert away["handled_at"] is None
    assert "Wrote a card" not in str(found)
    became = shop.do(lambda tx, _: read.became(tx, "UTC"))
    assert (became.told, became.came, became.handled, became.handled_came) == (3, 2, 1, 1)


def test_a_day_early_nothing_is_known_of_who_did_not_come(world: World) -> None:
    world.slips("m0", 300, 9)
    world.night()
    world.later(89)
    world.set("outreach_weekly", 0)
    world.night()
    assert [one.outcome for one in world.alerts()] == [None]


def test_whoever_slips_again_afterwards_is_told_of_again(world: World) -> None:
    world.slips("m0", 300, 9)
    world.night()
    world.later(10)
    world.bought("m0", 2)
    world.slips("m0", 300, 9)
    world.night()
    assert sorted(str(one.outcome) for one in world.alerts()) == ["None", "came"]


def test_somebody_looks_after_it_and_the_last_word_counts(world: World) -> None:
    world.slips("m0", 300, 9)
    world.night()
    (one,) = world.alerts(state="open")
    shop = world.shop
    (first,) = shop.ask(handle_alerts, HandleAlert(one.alert_id, OWNER, " Wrote a card "))
    assert (first.state, first.handled_by, first.note) == ("handled", "owner", "Wrote a card")
    before = shop.counts()
    (same,) = shop.ask(handle_alerts, HandleAlert(one.alert_id, OWNER, "Wrote a card"))
    assert (same, shop.counts()) == (first, before)
    # Another note later: who looked after it first stays, as does when.
    later = HandleAlert(one.alert_id, By(words="bob"), "Called, too")
    (second,) = shop.ask(handle_alerts, later)
    assert (second.note, second.handled_by) == ("Called, too", "owner")
    assert second.handled_at == first.handled_at
    assert world.alerts(state="open") == []
    (back,) = shop.ask(handle_alerts, HandleAlert(one.alert_id, OWNER, undone=True))
    assert (back.state, back.note, back.handled_by) == ("open", "", "")


def test_what_cannot_be_said_of_an_alert(world: World) -> None:
    world.slips("m0", 300, 9)
    world.night()
    (one,) = world.alerts()
    before = world.shop.counts()
    nobody = By(staff_id=UUID(int=7))
    answers = world.shop.ask(
        handle_alerts,
        HandleAlert(one.alert_id, OWNER, "x" * 501),
        HandleAlert(one.alert_id, OWNER, "a\0b"),
        HandleAlert(UUID(int=5), OWNER, "x"),
        HandleAlert(one.alert_id, nobody, "x"),
    )
    assert [type(each) for each in answers] == [Invalid, Invalid, NotFound, Forbidden]
    assert world.shop.counts() == before


def test_whoever_is_erased_takes_their_alerts_along(world: World) -> None:
    world.slips("m0", 300, 9)
    world.night()
    world.shop.ask(erase_members, EraseMember(world.ids["m0"]))
    assert world.shop.counts()["member_alert"] == 0


def usual(world: World, weeks: int = 13) -> None:
    """Everybody spends about 9.00 on three days of each week."""
    for week in range(1, weeks + 1):
        for at in range(8):
            for extra in range(3):
                world.bought(f"m{at}", week * 7 + extra, 850 + 20 * at + week)


def test_a_day_far_from_ones_own_and_everybodys_is_unusual(world: World) -> None:
    usual(world, 26)
    world.bought("m0", 0, 60_000)
    world.bought("m1", 0, 1_000)
    world.night()
    (one,) = world.alerts(kind="unusual")
    assert one.member_id == world.ids["m0"]
    (why,) = one.reasons
    assert (why.sort, why.have, 800 < (why.usual or 0) < 900) == ("spent_much", 60_000, True)
    assert world.shop.told()[-1] == "member.unusual"
    world.later(1)
    world.bought("m0", 0, 70_000)
    world.night()
    assert len(world.alerts(kind="unusual")) == 1, "the same is not told twice"


def test_who_always_does_so_is_not_unusual(world: World) -> None:
    usual(world, 26)
    for week in range(1, 10):
        world.bought("m0", week * 7 + 3, 60_000)
    world.shop.rows(
        "delete from member_day where program_id = $1 and member_id = $2 and net_minor < 9000",
        world.ids["m0"],
    )
    world.bought("m0", 0, 66_000)
    world.night()
    assert world.alerts(kind="unusual") == []


def test_a_burst_of_redeeming_is_unusual(world: World) -> None:
    for week in range(1, 27):
        for at in range(8):
            for extra in range(3):
                world.moved(f"m{at}", week * 7 + extra, redeemed=100 + at)
    world.moved("m3", 0, redeemed=5_000)
    world.bought("m3", 0)
    world.night()
    (one,) = world.alerts(kind="unusual")
    assert [(why.sort, why.have) for why in one.reasons] == [("redeemed_much", 5_000)]


def test_of_few_days_nothing_is_said_to_be_unusual(world: World) -> None:
    usual(world, 5)
    world.bought("m0", 0, 60_000)
    world.night()
    assert world.alerts() == []
