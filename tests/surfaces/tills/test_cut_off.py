"""Killed in the middle of a hand-in, at whatever step: told again, everything is there once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.books import assert_books_right
from tests.makers import Shop
from tests.surfaces.counter import Counter, coffee
from tests.surfaces.tills.device import Device, Record, books, newcomer, sale
from tests.surfaces.tills.paying import test_paying as paying

from regulars.records.program.templates import load_template
from regulars.runtime.serving.gate import Gate
from regulars.runtime.serving.programs import Programs

ALWAYS = 10_000
PREFIX = "cut"


class Killed(BaseException):
    """The process is gone: nothing catches it, nobody is answered."""


class CutGate:
    """A gate that dies before or after a command is durable."""

    def __init__(self, gate: Any) -> None:
        self.gate, self.asked, self.dies_at, self.after = gate, 0, ALWAYS, False

    async def submit(self, program_id: int, flow: Any, command: Any) -> Any:
        self.asked += 1
        dies = self.asked >= self.dies_at
        if dies and not (self.after and self.asked == self.dies_at):
            raise Killed
        outcome = await self.gate.submit(program_id, flow, command)
        if dies:
            raise Killed
        return outcome

    async def drain(self) -> None:
        await self.gate.drain()


def _shop(counter: Counter, name: str) -> tuple[Device, list[Record]]:
    """A fresh program with a till that has a bit of everything to tell."""
    counter.shop.begin(load_template("coffee-shop"), slug=f"{PREFIX}-{name}")
    counter.key = counter.made_key("all")
    device = Device(counter, offline_rewards=["tenth-coffee-free"], offline_most=1)
    counter.joined("cut-a")
    assert counter.post("/v1/activities", coffee("cut-a", cups=9)).status_code == 201
    body = {"members": [{"card": "cut-a"}]}
    ready = counter.post("/v1/till/allowances", body, key=device.token).json()["items"][0]
    sold = {"source": "pos", "external_id": "R-1"}
    late = {"member": {"phone": "030 901833"}}
    joins = {"identifiers": [{"kind": "phone", "value": "030 901833"}]}
    return device, [
        device.records("join", newcomer("cut-b")),
        device.records("activity", sale("cut-b", 500, **sold)),
        device.records("activity", sale("cut-b", 500, **sold)),
        device.records("void", {"sale": sold}),
        device.records("activity", sale("x", 700) | late),
        device.records("redeem", {"redemption": ready["redemption_id"]}),
        device.records("join", newcomer("cut-c") | joins),
    ]


def _states(counter: Counter) -> list[Any]:
    return counter.shop.rows(
        "select sequence, state, reason from till_record where program_id = $1 order by 1"
    )


@pytest.fixture
def cut(database: Any) -> Iterator[tuple[Counter, CutGate]]:
    """A counter whose gate can die."""
    shop = Shop.open(database, load_template("coffee-shop"))
    gate = CutGate(Gate(shop.database, Programs(shop.database), width=3))
    opened = Counter(shop, gate=gate)
    yield opened, gate
    opened.close()


def test_killed_at_any_step_nothing_is_lost_and_nothing_doubled(
    cut: tuple[Counter, CutGate],
) -> None:
    counter, gate = cut
    device, records = _shop(counter, "straight")
    gate.asked = 0
    device.hands_in(*records)
    steps, straight, states = gate.asked, books(counter), _states(counter)
    assert [state for _, state, _ in states] == [
        "applied", "applied", "duplicate", "applied", "applied", "applied", "applied",
    ]  # fmt: skip
    assert steps > 10
    for step in range(1, steps + 1):
        device, records = _shop(counter, f"step-{step}")
        gate.asked, gate.dies_at, gate.after = 0, step, step % 2 == 0
        with pytest.raises(Killed):
            device.hands_in(*records)
        gate.dies_at = ALWAYS
        answers = device.hands_in(*records)
        assert {one["outcome"] for one in answers} <= {"applied", "duplicate"}, step
        assert (books(counter), _states(counter)) == (straight, states), step
    counter.shop.run(assert_books_right(counter.shop.made.owner_dsn))


def test_who_joined_when_it_was_cut_off_has_what_waited_for_them(
    cut: tuple[Counter, CutGate],
) -> None:
    """The join is in the books, and nobody lived to try again what another till told before."""
    counter, gate = cut
    for step in range(1, 5):
        counter.shop.begin(load_template("coffee-shop"), slug=f"waits-{step}")
        counter.key = counter.made_key("all")
        one, other = Device(counter, "one"), Device(counter, "two")
        whom = {"member": {"phone": "030 901833"}}
        early = one.records("activity", sale("x", 700) | whom)
        assert one.outcomes(early) == [("quarantined", "unknown_member")]
        names = [{"kind": "phone", "value": "030 901833"}]
        joins = other.records("join", {"identifiers": names})
        gate.asked, gate.dies_at, gate.after = 0, step, True
        with pytest.raises(Killed):
            other.hands_in(joins)
        gate.dies_at = ALWAYS
        assert other.outcomes(joins) == [("applied", "")]
        assert one.outcomes(early) == [("applied", "")], step


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=2)])
def test_killed_between_the_points_and_their_sale_both_are_there_once(
    cut: tuple[Counter, CutGate], late: timedelta
) -> None:
    """Taken as reserved, or anew as the reservation lapsed: 10.00 at 5.00 in points, of 400."""
    counter, gate = cut
    basket, value = paying.money(1_000), paying.money(500)
    step, steps = 0, ALWAYS
    while step <= steps:  # the first goes straight through, and says how many steps there are
        counter.shop.begin(paying.PAYS, slug=f"{PREFIX}-pays-{late.seconds}-{step}")
        counter.key = counter.made_key("all")
        device, member = Device(counter), paying.with_points(counter, "ada")
        paid = paying.asks(device, member, "some-of-it-1", basket=basket).json()
        record = paying.sells(device, member, paid, (basket, value))
        counter.shop.now += late
        gate.asked = 0
        if step:
            gate.dies_at, gate.after = step, True
            with pytest.raises(Killed):
                device.hands_in(record)
            gate.dies_at = ALWAYS
        assert device.outcomes(record) == [("applied", "")], step
        steps = steps if step else gate.asked
        counter.shop.now += timedelta(hours=3)
        counter.shop.night("lapse_holds")
        assert paying.stands(counter, member) == (355, 0), step
        step += 1
    assert steps >= (5 if late else 3)
    counter.shop.run(assert_books_right(counter.shop.made.owner_dsn))
