"""What lies on a till of a member: what the rules ask for, and not a word more."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.flows.plans.lives import running
from tests.surfaces.counter import Counter, coffee
from tests.surfaces.tills.device import Device
from tests.surfaces.tills.test_cashiers import asks, shop  # noqa: F401

from regulars.base.tx import Tx
from regulars.engine.checking.cases import Trial
from regulars.engine.compiling.compile import compile_program
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.records.activity.types import NOBODY
from regulars.records.program.reading import read_program
from regulars.records.tills.read import seen_lately
from regulars.surfaces.api.strict.ids import required
from regulars.surfaces.till.sync.counted import (
    MOST_COUNTED,
    LimitUsed,
    PlanStands,
    RestKept,
    counted,
)
from regulars.surfaces.till.sync.snapshot import _LAST

NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
DAY = 739_677
"""2 March 2026."""
PROGRAM = """
regulars: 1
program: asks
name: Asks
currency: EUR
zone: Europe/Berlin
wallets:
  points: {rounding: {mode: floor, carry: true}}
rules:
  - id: base
    on: purchase
    wallet: points
    award: {give: per_amount, points: 1, per: "1.00", qualifying: standard}
    limits: [{per: day, points: 20}, {per: activity, points: 15}, {per: month, times: 9}]
  - id: birthday
    on: purchase
    wallet: points
    award: {give: fixed, points: 5}
    when: {if: anniversary, attribute: birthday}
    cooldown: {hours: 4}
  - id: vegan
    on: purchase
    wallet: points
    award: {give: fixed, points: 2}
    when: {if: not, that: {if: member, attribute: diet, in: [meat]}}
  - id: newcomer
    on: purchase
    wallet: points
    award: {give: fixed, points: 3}
    when: {if: days_since, before: 30}
    until_on: 2026-03-02
qualifying: {standard: {}}
"""
KNOWN = {"birthday": "1990-03-02", "diet": "vegan", "income": 4200, "notes": "owes me a favour"}


def _version(source: str = PROGRAM) -> Version:
    return Trial(compile_program(read_program(source))).terms.versions[0]


def _member(version: Version, **more: int) -> MemberState:
    """Somebody of whom the shop knows much, who used some of the limits; `more` by counter."""
    day, _, month, rest = version.limit_counters
    counters = {
        (day, DAY - 1): 20, (day, DAY): 8, (month, 202603): 2, (month, 202602): 9,
        (rest, int(NOON.timestamp()) // 60 - 239): 1, (version.remainder_counters[0], 0): 7,
    }  # fmt: skip
    joined = NOON - timedelta(days=400)
    return MemberState(NOBODY, joined, KNOWN | more, counters=counters)


def test_a_till_is_told_what_rules_ask_for_and_no_more() -> None:
    version = _version()
    told = counted(version, _member(version), NOON)
    assert told is not None
    # No year of birth, nothing of a rule that is over, no diet but the one that is asked about.
    assert told.attributes == {"birthday": "03-02"}
    minute = int(NOON.timestamp()) // 60 - 239
    assert told.used == [LimitUsed(0, DAY, 8), LimitUsed(2, 202603, 2), LimitUsed(3, minute, 1)]
    assert told.kept == [RestKept("points", 0, f"7/{version.compiled.wallets[0].grid}")]
    over = counted(version, _member(version), NOON + timedelta(days=1, minutes=1))
    assert over is not None
    assert over.used == [LimitUsed(2, 202603, 2)]


def test_what_a_rule_asks_for_in_whole_is_told_in_whole() -> None:
    source = PROGRAM.replace("days_since", "days_since, attribute: birthday")
    version = _version(source.replace("until_on: 2026-03-02", ""))
    told = counted(version, _member(version), NOON)
    assert told is not None
    assert told.attributes == {"birthday": "1990-03-02"}
    eats = _member(version)
    eats.attributes = {"diet": "meat", "birthday": "1999-02-29"}
    told = counted(version, eats, NOON)
    assert told is not None
    assert told.attributes == {"diet": "meat"}, "no such day ever was"


PLANS = """
plans:
  - {id: plus, name: Plus, fee: "10.00", term: month, grace: 7 days}
  - {id: club, name: Club, fee: "10.00", pause: 1 month, grace: 7 days, meanwhile: frozen}
  - {id: spa, name: Spa, fee: "10.00"}
"""


def test_of_plans_a_till_is_told_whether_they_run_and_until_when_that_is_known() -> None:
    rule = "{if: not, that: {if: member, attribute: diet, in: [meat]}}"
    asks = "{if: any, of: [{if: plan, runs: plus}, {if: not, that: {if: plan, runs: club}}]}"
    version = _version(PROGRAM.replace(rule, asks) + PLANS)
    member = _member(version)
    member.turns = running(["plus", "club", "spa"], NOON, days=5)
    ends = NOON + timedelta(days=4)
    for now, runs in ((NOON, True), (ends, False)):
        told = counted(version, member, now)
        assert told is not None
        until = ends if runs else ends + timedelta(days=7)
        stands = [PlanStands("club", runs, until), PlanStands("plus", True, until)]
        assert told.plans == stands, "late and frozen, late and kept; of Spa no rule asks"
    over = counted(version, member, ends + timedelta(days=7))
    assert over is not None
    assert over.plans == []


def test_what_is_too_much_or_still_to_come_is_not_told() -> None:
    version = _version()
    ahead = _member(version)
    ahead.counters[version.limit_counters[0], DAY + 1] = 1
    assert counted(version, ahead, NOON) is None
    rule = PROGRAM[PROGRAM.index("  - id: base") : PROGRAM.index("  - id: birthday")]
    many = "".join(rule.replace("base", f"base-{n}") for n in range(MOST_COUNTED // 2 + 1))
    crowded = _version(PROGRAM.replace(rule, rule + many))
    state = MemberState(NOBODY, NOON, {})
    for place, counter in enumerate(crowded.limit_counters):
        per = crowded.compiled.limits[place].per
        state.counters[counter, DAY if per == "day" else 202603] = 1
    assert counted(crowded, state, NOON) is None


def test_the_snapshot_tells_a_till_what_is_used(shop: Counter) -> None:  # noqa: F811
    shop.shop.begin(PROGRAM, slug="counted-asks", now=NOON, accept=("newer:newcomer",))
    shop.key = shop.made_key("all")
    device, body = Device(shop), {"identifiers": [{"kind": "card", "value": "asks-a"}]}
    assert shop.post("/v1/members", body | {"attributes": KNOWN}).status_code == 201
    assert shop.post("/v1/activities", coffee("asks-a", 3)).status_code == 201
    seen = asks(device, "/v1/till/snapshot")
    (told,) = [one["counted"] for one in seen.json()["members"]]
    # 10.50 at noon of their birthday: ten of the day's twenty, half a point is kept.
    assert told == {
        "version": seen.json()["version"],
        "attributes": {"birthday": "03-02"},
        "used": [
            {"place": 0, "period": DAY, "used": 10},
            {"place": 2, "period": 202603, "used": 1},
        ],
        "kept": [{"wallet": "points", "period": 0, "rest": "1/2"}],
    }
    assert "favour" not in seen.text
    assert "1990" not in seen.text


def test_a_till_hears_of_who_changed_and_of_who_is_gone(shop: Counter) -> None:  # noqa: F811
    device = Device(shop)
    ada, bo, cy = (shop.joined(f"hears-{one}") for one in "abc")
    begun = shop.shop.now + timedelta(hours=1)

    async def mark(tx: Tx, _: Any) -> UUID:
        return tx.new_id()

    async def lately(tx: Tx, _: Any) -> list[UUID]:
        return [who for who, _ in await seen_lately(tx, since, _LAST, 50)]

    def gone() -> Any:
        query = begun.isoformat().replace("+00:00", "Z")
        return asks(device, f"/v1/till/snapshot?since={query}").json()["gone"]

    since = shop.shop.do(mark)
    shop.shop.now = begun + timedelta(hours=1)
    assert (shop.shop.do(lately), gone()) == ([], [])
    changed = shop.ask("PATCH", f"/v1/members/{ada}", {"attributes": {"diet": "vegan"}})
    assert changed.status_code == 200, changed.text
    assert shop.shop.do(lately) == [required("mem", ada, "")]
    assert shop.ask("DELETE", f"/v1/members/{bo}").status_code == 200
    merge = {"into": {"id": ada}, "reason": "one person", "actor": "Clara"}
    assert shop.post(f"/v1/members/{cy}/merge", merge).status_code == 200
    assert gone() == sorted([bo, cy])
    assert asks(device, "/v1/till/snapshot").json()["gone"] == []
