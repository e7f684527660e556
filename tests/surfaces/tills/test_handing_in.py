"""What tills recorded while they were cut off comes to the books once, in whatever order."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.makers import NOON
from tests.surfaces.counter import Counter
from tests.surfaces.tills.device import Device, books, newcomer, sale


@pytest.fixture
def shop(counter: Counter) -> Iterator[Counter]:
    """The counter with its clock at noon, and left so."""
    counter.shop.now = NOON
    yield counter
    counter.shop.now = NOON


def test_a_sale_made_without_network_is_booked_when_it_is_handed_in(shop: Counter) -> None:
    device = Device(shop)
    record = device.records("activity", sale("off-1"))
    shop.shop.now += timedelta(hours=3)
    (done,) = device.hands_in(record)
    assert (done["outcome"], done["clock"], done["again"]) == ("applied", "", False)
    assert done["occurred_at"] == "2026-03-02T12:00:00Z"
    kept = shop.get(f"/v1/activities/{done['subject']}").json()
    assert (kept["store"], kept["channel"], kept["actor"]) == ("main-street", "till", device.id)
    assert (kept["occurred_at"], kept["source"]) == ("2026-03-02T12:00:00Z", device.id)


def test_handed_in_again_nothing_happens_twice(shop: Counter) -> None:
    device = Device(shop)
    records = [device.records("activity", sale("twice", 500 + n)) for n in range(3)]
    first = device.hands_in(*records)
    before = books(shop)
    again = device.hands_in(*records, records[0])
    assert [one | {"again": False} for one in again] == [*first, first[0]]
    assert all(one["again"] for one in again)
    assert books(shop) == before


def _day(devices: list[Device]) -> list[tuple[Device, dict[str, str]]]:
    """What happens at two counters: newcomers, sales, a sale taken back, a receipt told twice."""
    one, two = devices
    receipt = {"source": "pos", "external_id": "R-1"}
    made = [
        (one, one.records("join", newcomer("day-a"))),
        (two, two.records("activity", sale("day-a", 900))),
        (one, one.records("activity", sale("day-b", 700, **receipt))),
        (two, two.records("join", newcomer("day-c"))),
        (one, one.records("activity", sale("day-c", 350))),
    ]
    sold = f"key-{two.id[-6:]}-{2:04}"
    back = {"sale": {"source": two.id, "external_id": sold}}
    made.append((two, two.records("activity", sale("day-c", 1200), key=sold)))
    made.append((two, two.records("void", back)))
    made.append((one, one.records("activity", sale("day-b", 700, **receipt))))
    return made


def _told(shop: Counter, seed: int) -> tuple[Any, list[str]]:
    """The books after such a day, told in an order by chance, in pieces, some of them twice."""
    from regulars.records.program.templates import load_template

    shop.shop.begin(load_template("coffee-shop"), slug=f"day-{seed}")
    shop.key = shop.made_key("all")
    chance = random.Random(seed)
    made = _day([Device(shop, "one"), Device(shop, "two")])
    shop.shop.now += timedelta(hours=1)
    told = made + chance.sample(made, 3)
    if seed:
        chance.shuffle(told)
    while told:
        size = chance.randint(1, 4)
        piece, told = told[:size], told[size:]
        for device in {id(one): one for one, _ in piece}.values():
            device.hands_in(*[record for whose, record in piece if whose is device])
    shop.shop.now -= timedelta(hours=1)
    states = shop.shop.rows("select state from till_record where program_id = $1 order by 1")
    return books(shop), [state for (state,) in states]


def test_in_whatever_order_and_pieces_the_books_are_the_same(shop: Counter) -> None:
    before = shop.shop.program_id, shop.key
    straight, states = _told(shop, 0)
    assert states == ["applied"] * 7 + ["duplicate"]
    for seed in range(1, 4):
        assert _told(shop, seed) == (straight, states), seed
    shop.shop.program_id, shop.key = before


def test_a_receipt_told_on_line_before_is_a_duplicate(shop: Counter) -> None:
    device = Device(shop)
    receipt = {"source": "pos", "external_id": "R-77", "occurred_at": "2026-03-02T12:00:00Z"}
    where = {"store": "main-street", "channel": "till"}
    first = shop.post("/v1/activities", sale("told", 500, **receipt, **where)).json()
    (done,) = device.hands_in(device.records("activity", sale("told", 500, **receipt)))
    assert (done["outcome"], done["subject"]) == ("duplicate", first["id"])
    (done,) = device.hands_in(device.records("activity", sale("told", 501, **receipt)))
    assert (done["outcome"], done["reason"]) == ("quarantined", "key_reused")


def test_another_content_under_a_number_is_a_fork(shop: Counter) -> None:
    device = Device(shop)
    first = device.records("activity", sale("fork", 100))
    copy = device.sequence, device.previous
    assert device.outcomes(first, device.records("activity", sale("fork", 200)))[1][0] == "applied"
    device.sequence, device.previous = copy  # restored from an old copy
    other = device.records("activity", sale("fork", 300))
    later = device.records("activity", sale("fork", 400))
    before = books(shop)
    assert device.outcomes(later, other) == [("quarantined", "fork"), ("quarantined", "fork")]
    assert books(shop) == before
    (till,) = [one for one in shop.get("/v1/tills").json()["items"] if one["id"] == device.id]
    assert (till["state"], till["reason"], till["waiting"]) == ("suspended", "fork", 2)
    shown = shop.get("/v1/till-records?limit=200").json()["items"]
    kept = {one["signed"] for one in shown if one["till_id"] == device.id}
    assert kept == {other["signed"], later["signed"]}
    turned = shop.ask("PATCH", f"/v1/tills/{device.id}", {"state": "paired"})
    assert (turned.status_code, turned.json()["code"]) == (409, "till_ended")


def test_a_record_that_comes_before_an_earlier_one_does_not_wait(shop: Counter) -> None:
    device = Device(shop)
    first, second, third = (device.records("activity", sale("gap", n)) for n in (100, 200, 300))
    assert device.outcomes(third) == [("applied", "")]
    (till,) = [one for one in shop.get("/v1/tills").json()["items"] if one["id"] == device.id]
    assert (till["told"], till["missing"]) == (3, 2)
    assert device.outcomes(first) == [("applied", "")]
    assert device.outcomes(second) == [("applied", "")]


def test_an_earlier_record_that_does_not_lead_to_a_later_one_is_a_fork(shop: Counter) -> None:
    device = Device(shop)
    device.records("activity", sale("led", 100))
    copy = device.sequence, device.previous
    device.records("activity", sale("led", 200))
    third = device.records("activity", sale("led", 300))
    device.sequence, device.previous = copy
    other = device.records("activity", sale("led", 250))
    assert device.outcomes(third) == [("applied", "")]
    assert device.outcomes(other) == [("quarantined", "fork")]


@pytest.mark.parametrize(("days", "off"), [(365, 365), (-365, -365), (0, 0)])
def test_a_clock_that_is_off_is_put_right(shop: Counter, days: int, off: int) -> None:
    device = Device(shop)
    device.off = timedelta(days=off)
    device.hears(device.counter.shop.now.isoformat())
    record = device.records("activity", sale("clock"))
    shop.shop.now += timedelta(days=45)
    (done,) = device.hands_in(record)
    assert (done["occurred_at"], done["clock"]) == ("2026-03-02T12:00:00Z", "")


@pytest.mark.parametrize(
    ("minutes", "why"),
    [(525_600, "clock_ahead"), (-525_600, "clock_behind"), (10, ""), (11, "clock_ahead")],
)
def test_a_clock_that_was_turned_is_not_believed(shop: Counter, minutes: int, why: str) -> None:
    device = Device(shop)
    device.off = timedelta(minutes=minutes)  # turned since the server was heard
    (done,) = device.hands_in(device.records("activity", sale("turned")))
    assert (done["outcome"], done["clock"]) == ("applied", why)
    assert done["occurred_at"] == "2026-03-02T12:00:00Z"


def test_what_is_not_signed_by_the_till_is_set_aside(shop: Counter) -> None:
    device, other = Device(shop), Device(shop)
    good = device.records("activity", sale("signed", 700))
    bad = {"signed": good["signed"].replace("700", "900"), "signature": good["signature"]}
    before = books(shop)
    assert device.outcomes(bad) == [("quarantined", "bad_signature")]
    assert device.outcomes(other.signs(good["signed"])) == [("quarantined", "bad_signature")]
    assert device.outcomes(good | {"signature": ""}) == [("quarantined", "bad_signature")]
    assert books(shop) == before
    assert device.outcomes(good) == [("applied", "")]
    assert device.outcomes(device.records("activity", sale("signed", 800))) == [("applied", "")]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format":1}', '{"format":2}', '{"a":1,"a":1}', "[" * 50]
)
def test_what_is_no_record_is_kept_and_said(shop: Counter, text: str) -> None:
    device = Device(shop)
    assert device.outcomes(device.signs(text)) == [("quarantined", "malformed")]


def test_what_a_record_says_wrongly_keeps_its_place(shop: Counter) -> None:
    device = Device(shop)
    wrong = device.records("activity", {"kind": "purchase", "amount": {"minor": -1}})
    good = device.records("activity", sale("placed"))
    assert device.outcomes(good, wrong) == [("applied", ""), ("quarantined", "malformed")]


def test_who_is_not_known_waits_until_they_are(shop: Counter) -> None:
    one, two = Device(shop, "one"), Device(shop, "two")
    told = sale("x", 600) | {"member": {"phone": "+4930901821"}}
    assert one.outcomes(one.records("activity", told)) == [("quarantined", "unknown_member")]
    joins = newcomer("waits") | {"identifiers": [{"kind": "phone", "value": "030 901821"}]}
    assert two.outcomes(two.records("join", joins)) == [("applied", "")]
    assert [row[4] for row in books(shop) if row[0] == "+4930901821"] == [1]


def test_who_was_erased_is_not_booked_and_nothing_of_them_is_kept(shop: Counter) -> None:
    device = Device(shop)
    phone = {"identifiers": [{"kind": "phone", "value": "+4930901822"}], "given_name": "Eve"}
    told = sale("x", 600) | {"member": {"phone": "030 901822"}}
    early = device.records("activity", told)
    assert device.outcomes(early) == [("quarantined", "unknown_member")]
    member = shop.post("/v1/members", phone).json()["id"]
    joins = {"identifiers": [{"kind": "phone", "value": "(030) 901822"}], "given_name": "Eve"}
    assert device.outcomes(device.records("join", joins)) == [("quarantined", "identifier_taken")]
    other = device.records("activity", sale("x", 822) | {"member": {"phone": "+4930901888"}})
    assert device.outcomes(other) == [("quarantined", "unknown_member")]
    assert shop.ask("DELETE", f"/v1/members/{member}").status_code == 200
    late = device.records("activity", told | {"amount": {"minor": 700, "currency": "EUR"}})
    assert device.outcomes(late) == [("quarantined", "member_erased")]
    kept = shop.shop.rows(
        "select reason, signed, whom from till_record where program_id = $1 and till_id = $2"
        " and state = 'quarantined'", UUID(hex=device.id[4:]),
    )  # fmt: skip
    assert sorted(kept) == [
        ("member_erased", "", ""),
        ("member_erased", "", ""),
        ("member_erased", "", ""),
        ("unknown_member", other["signed"], "+4930901888"),
    ]


def test_a_till_that_is_suspended_hands_in_and_does_no_more(shop: Counter) -> None:
    device = Device(shop)
    assert shop.get("/v1/members?card=x", key=device.token).status_code == 200
    turn = {"state": "suspended", "reason": "left in a taxi"}
    assert shop.ask("PATCH", f"/v1/tills/{device.id}", turn).status_code == 200
    assert shop.get("/v1/members?card=x", key=device.token).status_code == 403
    assert shop.get("/v1/till/snapshot", key=device.token).status_code == 410
    (done,) = device.hands_in(device.records("activity", sale("rest")))
    assert (done["outcome"], done["reason"]) == ("quarantined", "suspended")
    retry = shop.post(f"/v1/till-records/{done['id']}", {"outcome": "retry"}).json()
    assert (retry["outcome"], retry["reason"]) == ("applied", "")
    shop.ask("PATCH", f"/v1/tills/{device.id}", {"state": "paired"})
    assert shop.get("/v1/members?card=x", key=device.token).status_code == 200
    shop.ask("PATCH", f"/v1/tills/{device.id}", {"state": "unpaired"})
    assert device.outcomes(device.records("activity", sale("rest"))) == [
        ("quarantined", "unpaired")
    ]


def test_what_waits_is_dismissed_with_a_reason(shop: Counter) -> None:
    device = Device(shop)
    told = sale("x") | {"member": {"phone": "+4930901829"}}
    (done,) = device.hands_in(device.records("activity", told))
    address = f"/v1/till-records/{done['id']}"
    assert shop.post(address, {"outcome": "dismiss"}).status_code == 422
    no = {"outcome": "dismiss", "reason": "a try"}
    assert shop.post(address, no).json()["outcome"] == "dismissed"
    (booked,) = device.hands_in(device.records("activity", sale("booked")))
    assert shop.post(f"/v1/till-records/{booked['id']}", no).status_code == 422
