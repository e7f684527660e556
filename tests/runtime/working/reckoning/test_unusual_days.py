"""Unusual days: within a budget, judged by people, tried on nights of the past, followed up."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from tests.makers import Shop
from tests.runtime.working.reckoning.test_alerts import OWNER, World, usual, world

from regulars.base.faults import Invalid
from regulars.flows.membership.office.alerts.commands import HandleAlert
from regulars.flows.membership.office.alerts.handle_alerts import handle_alerts
from regulars.insight.values.unusual import Far, raised
from regulars.records.access.staff.types import By
from regulars.records.program.templates import load_template
from regulars.records.standing.alerts import read
from regulars.records.standing.alerts.types import MemberAlert
from regulars.records.standing.alerts.unusual.read import Nights, last_tried

__all__ = ["world"]
_TOLD = """
select payload from outbox where program_id = $1 and type = $2 order by outbox_id
"""


def told(world: World, kind: str) -> list[dict[str, Any]]:
    """What webhooks hear of this kind."""
    return [json.loads(text) for (text,) in world.shop.rows(_TOLD, kind)]


def outcomes(world: World) -> dict[str, Any]:
    """What became of whom."""
    names = {id_: name for name, id_ in world.ids.items()}
    return {names[one.member_id]: one.outcome for one in world.alerts(kind="unusual")}


def test_so_many_a_week_are_told_of_and_it_is_kept_what_became_of_each(world: World) -> None:
    usual(world, 26)
    for at in range(4):
        world.bought(f"m{at}", 0, 90_000 - 10_000 * at)
    world.set("unusual_weekly", 3)
    world.night()
    assert world.names(kind="unusual") == ["m0", "m1", "m2"], "who is farthest first"
    day = world.day
    world.later(6)
    world.bought("m4", 0, 99_000)
    world.night()
    assert len(world.alerts(kind="unusual")) == 3, "this week's are used up"
    ids = [world.ids[name] for name in ("m0", "m1", "m2")]
    world.shop.rows("update member_day set net_minor = 44999 where program_id = $1 and member_id ="
                    " $2 and day = $3", ids[0], day)  # fmt: skip
    world.bought("m1", 0, 40_000)
    world.bought("m2", 0, 34_999)
    world.later(1)
    world.set("unusual_weekly", 0)
    world.night()
    assert outcomes(world) == {"m0": "taken_back", "m1": "lasted", "m2": None}
    world.later(82)
    world.night()
    assert outcomes(world)["m2"] is None, "there is a day left"
    world.later(12)  # the worker stood still, and tells it all the same
    world.night()
    assert outcomes(world)["m2"] == "once"
    ended = told(world, "member.unusual_ended")
    found = {one["member_id"]: (one["outcome"], one["over_on"], one["verdict"]) for one in ended}
    assert len(ended) == 3
    assert found[f"mem_{ids[1].hex}"] == ("lasted", (day + timedelta(6)).isoformat(), None)
    assert found[f"mem_{ids[2].hex}"] == ("once", (day + timedelta(90)).isoformat(), None)
    became = world.shop.do(lambda tx, _: read.became(tx, "UTC", "unusual"))
    assert (became.lasted, became.once, became.taken_back, became.judged) == (1, 1, 1, 0)


def test_people_say_whether_it_was_right_and_the_next_is_told_with_it(world: World) -> None:
    usual(world, 30)
    for at in range(3):
        world.bought(f"m{at}", 0, 60_000)
    # 90 nights ago two days were far from usual; one of them came again.
    world.bought("m5", 94, 70_000)
    world.bought("m6", 95, 70_000)
    world.bought("m5", 40, 35_000)
    world.slips("m7", 300, 9)
    world.night()
    assert world.shop.do(lambda tx, _: last_tried(tx)) == Nights(2, 1)
    alerts: list[MemberAlert] = world.alerts(kind="unusual")
    (slip,) = world.alerts(kind="slipping")
    shop = world.shop
    right, wrong, open_ = (one.alert_id for one in alerts)
    said = shop.ask(
        handle_alerts,
        HandleAlert(right, OWNER, "A wedding", verdict="right"),
        HandleAlert(wrong, OWNER, "Till closed late", verdict="false_alarm"),
        HandleAlert(slip.alert_id, OWNER, verdict="right"),
    )
    assert [getattr(one, "verdict", one) for one in said[:2]] == ["right", "false_alarm"]
    assert isinstance(said[2], Invalid)
    assert said[2].field == "/verdict"
    became = shop.do(lambda tx, _: read.became(tx, "UTC", "unusual"))
    assert (became.judged, became.right) == (2, 1)
    (back,) = shop.ask(handle_alerts, HandleAlert(wrong, OWNER, undone=True))
    assert back.verdict is None
    (word,) = shop.ask(handle_alerts, HandleAlert(right, OWNER, "Called"))
    assert (word.verdict, word.note) == ("right", "Called"), "whoever does not judge changes none"
    shop.now += timedelta(minutes=1)
    (again,) = shop.ask(handle_alerts, HandleAlert(right, By(words="olga"), verdict="false_alarm"))
    kept = (again.verdict, again.note, again.handled_at, again.handled_by)
    assert kept == ("false_alarm", "Called", word.handled_at, word.handled_by), "only judged"
    shop.ask(handle_alerts, HandleAlert(right, OWNER, verdict="right"))
    shop.ask(handle_alerts, HandleAlert(open_, OWNER, verdict="right"))
    world.later(1)
    world.bought("m4", 0, 60_000)
    world.night()
    last = told(world, "member.unusual")[-1]
    names = ("weekly", "judged", "right", "tried", "lasted")
    assert [last[name] for name in names] == [20, 2, 2, 2, 1]


TIERS = """
tiers: {steps: [{id: silver, at: "10.00"}, {id: gold, at: "20.00"}, {id: top, at: "30.00"}]}
"""


def test_a_jump_lasted_where_they_did_not_fall_below_the_tier(fresh_database: Any) -> None:
    """Climbing on is no fall; the day ends by the shop's own clock. An account that is gone tells
    nothing, and its day stays one day."""
    shop = Shop.open(fresh_database, load_template("coffee-shop") + TIERS)
    jumps_are_followed(shop)
    shop.close()


def jumps_are_followed(shop: Shop) -> None:
    """Whoever jumped two tiers, and what became of each."""
    shop.now = shop.now.replace(hour=12)
    world = World(shop)
    moved: dict[str, tuple[str | None, timedelta] | None] = {
        "m0": None, "m1": (None, timedelta(30)), "m2": ("top", timedelta(30)),
        "m3": ("silver", timedelta(minutes=30)), "m4": None, "m5": (None, -timedelta(minutes=1)),
    }  # fmt: skip
    jumped = '[{"sort": "tier_jump", "have": 2, "about": "gold"}]'
    for name, move in moved.items():
        gone = '[{"sort": "earned_much", "have": 9, "about": "old-points"}]'
        shop.rows(
            "insert into member_alert (program_id, alert_id, member_id, kind, shown, as_of,"
            " raised_at, sorts, reasons) values ($1, gen_random_uuid(), $2, 'unusual', true, $3,"
            " now(), '{}', $4)", world.ids[name], world.day, gone if name == "m4" else jumped,
        )  # fmt: skip
        if move is not None:
            becomes, later = move
            ended = datetime.combine(world.day + timedelta(1), time(), shop.zone)
            shop.rows(
                "insert into tier_move (program_id, member_id, move_id, from_tier, to_tier, reason,"
                " occurred_at, recorded_at) values ($1, $2, gen_random_uuid(), 'gold', $3, 'lost',"
                " $4, $4)", world.ids[name], becomes, ended + later,
            )  # fmt: skip
    world.later(90)
    world.night()
    assert outcomes(world) == {
        "m0": "lasted", "m1": "once", "m2": "lasted", "m3": "once", "m4": "once", "m5": "lasted",
    }  # fmt: skip


def test_whom_was_told_of_lately_takes_no_room_from_others() -> None:
    day, who = date(2026, 3, 2), [UUID(int=at) for at in range(3)]
    seen = [("spent_much", "", [Far(one, 900, 9, 9.0 - one.int) for one in who])]
    lately = [(who[0], ["spent_much", "earned_much"]), (who[1], ["earned_much"])]
    assert [one.member_id for one in raised(day, seen, (), 1)] == who[:1]
    assert [one.member_id for one in raised(day, seen, (), 1, lately)] == who[1:2]
    assert [one.member_id for one in raised(day, seen, (), 5, lately)] == who[1:]
