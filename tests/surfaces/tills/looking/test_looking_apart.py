"""What is given to newcomers and is somebody's already counts; and what was looked for offline."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.makers import NOON
from tests.surfaces.counter import Counter, problem
from tests.surfaces.tills.device import Device, newcomer, sale
from tests.surfaces.tills.looking.test_looking_up import TEN, finds, raised, strangers

from regulars.base.faults import Refused
from regulars.flows.tills.look_up import LookUp, look_up
from regulars.records.access.staff.write import count_try
from regulars.records.members.types import Identifier, MemberRef
from regulars.records.tills.read import tills


@pytest.fixture
def shop(counter: Counter) -> Iterator[Counter]:
    counter.shop.now = NOON
    yield counter
    counter.shop.now = NOON


def joins(shop: Counter, device: Device, card: str, **more: Any) -> Any:
    return shop.post("/v1/members", newcomer(card, **more), key=device.token)


def tells(shop: Counter, device: Device, told: int, lately: int) -> int:
    body = {"records": [], "strangers": {"told": told, "lately": lately}}
    return int(shop.post("/v1/till/records", body, key=device.token).status_code)


def test_thirty_names_that_are_taken_are_said_and_then_nobody_joins_there(shop: Counter) -> None:
    device, other = Device(shop, "Joins"), Device(shop, "Elsewhere")
    shop.joined("taken-ada")
    # A rush of newcomers, looked for before they join, is not stopped: nothing of it is taken.
    strangers(shop, device, 29)
    assert {joins(shop, device, f"fresh-{n}").status_code for n in range(35)} == {201}
    told = [joins(shop, device, "taken-ada") for _ in range(30)]
    assert {problem(one)[:2] for one in told} == {(409, "identifier_taken")}
    no = [joins(shop, device, card) for card in ("taken-ada", "fresh-and-free")]
    # Alike, whether it is a member's or not; and nobody joined.
    assert [problem(one)[:2] for one in no] == [(429, "too_many_lookups")] * 2
    assert no[0].json() == no[1].json()
    assert shop.get("/v1/members?card=fresh-and-free").json()["items"] == []
    assert ("Joins", "main-street", 30) in raised(shop)
    assert problem(joins(shop, other, "taken-ada"))[:2] == (409, "identifier_taken")
    shop.shop.now += TEN
    assert joins(shop, device, "fresh-and-free").status_code == 201


class Hears:
    """A transaction that remembers what was asked in it."""

    def __init__(self, tx: Any) -> None:
        self._tx, self.asked = tx, list[str]()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    async def fetch(self, sql: str, *args: Any) -> Any:
        self.asked.append(sql)
        return await self._tx.fetch(sql, *args)


def test_once_refused_nobody_is_looked_for_who_is_a_member_or_not(shop: Counter) -> None:
    """No time can tell what is not asked (proof T18)."""
    shop.joined("asked-ada")

    def asked(card: str, tries: int, *, gives: bool) -> list[str]:
        key_id = uuid4()
        wish = LookUp(key_id, (MemberRef(card=card),))
        if gives:
            wish = LookUp(key_id, gives=(Identifier("card", card),))

        async def act(tx: Any, terms: Any) -> list[str]:
            hears = Hears(tx)
            await count_try(tx, "lookup", key_id.bytes + b"gives" * gives, TEN, tries)
            (outcome,) = await look_up(hears, terms, [wish])  # type: ignore[arg-type]
            assert isinstance(outcome, Refused) == (tries == 30)
            return hears.asked

        return shop.shop.do(act)

    for gives in (False, True):
        over = [asked(card, 30, gives=gives) for card in ("asked-ada", "asked-nobody")]
        assert over[0] == over[1]
        assert len(over[0]) == 2, "that one waits for the other, and the count"
        # The control: while there is an answer, it is in what is asked as well.
        under = [asked(card, 1, gives=gives) for card in ("asked-ada", "asked-nobody")]
        assert under[0] != under[1]


def test_a_name_that_is_given_to_a_member_counts_too(shop: Counter) -> None:
    device = Device(shop, "Links")
    ada = shop.joined("links-ada")
    shop.joined("links-bea")

    def links(card: str) -> Any:
        body = {"link": [{"kind": "card", "value": card}]}
        return shop.post(f"/v1/members/{ada}/identifiers", body, key=device.token)

    assert {problem(links("links-bea"))[1] for _ in range(30)} == {"identifier_taken"}
    assert problem(links("links-nobody"))[1] == "too_many_lookups"


def test_a_card_that_collected_is_nobodys_and_who_was_erased_counts(shop: Counter) -> None:
    device = Device(shop, "Cards")
    body = sale("bare-card")
    assert shop.post("/v1/activities", body | {"external_id": "bare"}).status_code == 201
    gone = shop.joined("erased-card")
    erased = shop.ask("DELETE", f"/v1/members/{gone}")
    assert erased.status_code == 200, erased.text
    told = [joins(shop, device, "erased-card") for _ in range(29)]
    assert {problem(one)[1] for one in told} == {"member_erased"}
    assert joins(shop, device, "bare-card").status_code == 201
    assert problem(joins(shop, device, "erased-card"))[1] == "member_erased"
    assert problem(joins(shop, device, "erased-card"))[1] == "too_many_lookups"


def test_whoever_answers_for_a_newcomer_or_asked_them_is_looked_up(shop: Counter) -> None:
    device = Device(shop, "Guardians")
    for n in range(30):
        more = {"guardian" if n % 2 else "invited_by": {"card": f"no-guardian-{n}"}}
        assert joins(shop, device, f"child-{n}", **more).status_code in (404, 409, 422)
    assert finds(shop, device, "anybody").status_code == 429


def test_strangers_of_the_time_without_network_are_told_once(shop: Counter) -> None:
    device = Device(shop, "Cut off")
    strangers(shop, device, 9)
    assert [tells(shop, device, 20, 20) for _ in range(3)] == [200] * 3
    assert finds(shop, device, "one-more").status_code == 200
    # One that is told late of fewer, as an old copy would, takes nothing back and adds nothing.
    assert tells(shop, device, 4, 4) == 200
    assert ("Cut off", "main-street", 30) in raised(shop)
    assert finds(shop, device, "one-more").status_code == 429


def test_names_given_without_network_count_once_and_are_booked_as_ever(shop: Counter) -> None:
    device = Device(shop, "Given alone")
    shop.joined("alone-ada")
    made = [device.records("join", newcomer(f"alone-fresh-{n}")) for n in range(35)]
    made += [device.records("join", newcomer("alone-ada")) for _ in range(29)]
    told = device.outcomes(*made)
    assert told == [("applied", "")] * 35 + [("quarantined", "identifier_taken")] * 29
    # Told again, as by a device that heard no answer, none counts once more; one more is the last.
    assert len(device.outcomes(*made)) == 64
    assert joins(shop, device, "alone-fresh-36").status_code == 201
    last = device.records("join", newcomer("alone-ada"))
    assert device.outcomes(last) == [("quarantined", "identifier_taken")]
    assert ("Given alone", "main-street", 30) in raised(shop)
    assert problem(joins(shop, device, "alone-fresh-37"))[1] == "too_many_lookups"
    # What is in its books goes to the shop's all the same.
    after = device.records("join", newcomer("alone-fresh-38"))
    assert device.outcomes(after) == [("applied", "")]


def test_of_names_given_hours_ago_only_the_day_is_full(shop: Counter) -> None:
    device = Device(shop, "Given long ago")
    shop.joined("long-ada")
    made = [device.records("join", newcomer("long-ada")) for _ in range(40)]
    shop.shop.now += timedelta(hours=1)
    device.hands_in(*made)
    assert problem(joins(shop, device, "long-ada"))[1] == "identifier_taken"
    counts = "select kind, tries from staff_try where program_id = $1 and subject = $2 order by 1"
    (till,) = [one for one in shop.shop.do(lambda tx, _: tills(tx)) if one.name == "Given long ago"]
    assert shop.shop.rows(counts, till.key_id.bytes + b"gives") == [
        ("lookup", 1),
        ("lookup_day", 41),
    ]


def test_of_what_was_looked_for_long_ago_only_the_day_is_full(shop: Counter) -> None:
    device = Device(shop, "Long")
    assert tells(shop, device, 290, 5) == 200
    strangers(shop, device, 9)
    assert finds(shop, device, "the-last").status_code == 200
    no = finds(shop, device, "one-too-many")
    assert no.json()["facts"]["retry_after_seconds"] == 86_400
    shop.shop.now += timedelta(days=1)
    assert finds(shop, device, "the-next").status_code == 200


def test_told_more_at_once_than_there_may_be_the_shop_is_alerted_all_the_same(
    shop: Counter,
) -> None:
    device = Device(shop, "Many")
    assert tells(shop, device, 45, 45) == 200
    assert ("Many", "main-street", 45) in raised(shop)
    assert finds(shop, device, "anybody").status_code == 429


def test_what_cannot_be_told_is_said_at_its_field(shop: Counter) -> None:
    device = Device(shop, "Odd")
    for body in ({"told": -1}, {"lately": 3}, {"told": 1, "lately": 2**31}):
        sent = {"records": [], "strangers": body}
        no = shop.post("/v1/till/records", sent, key=device.token)
        assert no.status_code in (400, 422), no.text
        assert "/strangers" in no.text
