"""Nobody learns by trying who is a member, who works here, which code is good (proof T18)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
import pytest
from tests.flows.members.staff.people import HOUSE, hires, settles
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.console.browser import KEPT, Browser
from tests.surfaces.counter import Counter, problem
from tests.surfaces.guards.timing import (
    MOST_S,
    NIGHTLY,
    PAIRS,
    gap_s,
    lasting_gap_s,
    took,
)
from tests.surfaces.tills.device import STORE, Device, newcomer
from tests.telling import Telling

from regulars.base.tx import Tx
from regulars.flows.access.commands import SetPin
from regulars.flows.tills.look_up import MOST, SPAN
from regulars.records.access.cards.spelling import Holder, code_at, step_of
from regulars.records.access.members.spelling import code_of
from regulars.records.access.staff.write import count_try
from regulars.records.tills import read as tills
from regulars.surfaces.api.strict.guesses import MOST_WRONG

Ask = Callable[[int], Callable[[], httpx.Response]]
"""Gets a turn ready; what it gives back is measured."""


class Door(NamedTuple):
    """Where somebody may guess; the first finds what is there, the second does not."""

    name: str
    known: Ask
    unknown: Ask
    status: int


@pytest.fixture(scope="module")
def doors(counter: Counter) -> list[Door]:
    """Somebody for every turn, so that nobody is tried too often."""
    for turn in range(PAIRS):
        body = {
            "identifiers": [{"kind": "email", "value": f"m{turn}@example.org"}],
            "given_name": "A",
        }
        assert counter.post("/v1/members", body).status_code == 201
        hires(counter.shop, "cashier", email=f"s{turn}@example.org", kept=KEPT)
    return [*_of_members(counter), *_of_staff(counter), *_of_the_till(counter)]


def test_there_and_not_there_are_answered_alike(doors: list[Door]) -> None:
    for door in doors:
        known, unknown = door.known(0)(), door.unknown(0)()
        assert _shape(known) == _shape(unknown), door.name
        assert known.status_code == door.status, (door.name, known.text)


def test_there_and_not_there_take_equally_long(doors: list[Door], tell: Telling) -> None:
    gaps = {}
    for door in doors:
        gaps[door.name] = lasting_gap_s(door.known, door.unknown)
        if NIGHTLY:
            tell(f"{gaps[door.name] * 1e3:8.3f} ms  {door.name}")
    assert {name: gap for name, gap in gaps.items() if gap > MOST_S} == {}


def test_a_path_that_is_slower_would_be_seen(doors: list[Door]) -> None:
    """The control: more for who is known, by as much as stands out on a machine this busy."""
    door = doors[-1]
    more_s = 0.01 + 3 * max(took(door.unknown(turn)) for turn in range(6))

    def slow(turn: int) -> Callable[[], None]:
        ask = door.known(turn)

        def slowly() -> None:
            time.sleep(more_s)
            ask()

        return slowly

    assert lasting_gap_s(slow, door.unknown) > MOST_S


def test_chance_alone_is_no_difference() -> None:
    busy = [(0.03 if n % 5 == 0 else 0.004, 0.05 if n % 3 == 0 else 0.004) for n in range(PAIRS)]
    assert gap_s(busy) == 0.0
    assert gap_s([(one + 0.004, other) for one, other in busy]) > MOST_S
    assert gap_s([(one, other + 0.004) for one, other in busy]) > MOST_S


def test_codes_of_pairing_are_tried_twenty_times_from_one_address(counter: Counter) -> None:
    device = Device(counter)
    code = counter.post(f"/v1/stores/{STORE}/codes").json()["code"]
    tried = [_pair(counter, f"0000000{n % 10}", "203.0.113.5") for n in range(MOST_WRONG + 1)]
    assert {problem(one)[:2] for one in tried[:-1]} == {(401, "unauthorized")}
    assert problem(tried[-1])[:2] == (429, "too_many_tries")
    # The right one neither, so that the answer tells nothing; from elsewhere it is good.
    assert problem(_pair(counter, code, "203.0.113.5", device))[1] == "too_many_tries"
    assert _pair(counter, code, "203.0.113.6", device).status_code == 201
    # A stranger cannot choose the address they are counted by, nor the rest of their network.
    for n in range(MOST_WRONG):
        _pair(counter, "00000000", f"2001:db8:1:2::{n:x}")
    assert problem(_pair(counter, "00000000", "2001:db8:1:2:ffff::1"))[1] == "too_many_tries"
    assert problem(_pair(counter, "00000000", "2001:db8:1:3::1"))[1] == "unauthorized"


def test_tries_are_counted_by_network_also_where_staff_sign_in(counter: Counter) -> None:
    from regulars.surfaces.console.door.proving import of_address

    assert of_address("2001:db8:1:2::77") == of_address("2001:db8:1:2:3::1")
    assert of_address("2001:db8:1:2::77") != of_address("2001:db8:1:3::77")
    assert of_address("203.0.113.7") != of_address("203.0.113.8")


def _of_members(counter: Counter) -> list[Door]:
    def form(page: str, fields: dict[str, str]) -> Callable[[], httpx.Response]:
        counter.shop.rows("delete from sign_in_code where program_id = $1")
        pocket = Pocket(counter)
        proof = proof_in(pocket.get(page).text)
        return lambda: pocket.post(page, proof=proof, **fields)

    def asks(page: str, kind: str, **more: str) -> Ask:
        return lambda turn: form(page, {"address": f"{kind}{turn}@example.org", **more})

    def digits(kind: str) -> Ask:
        def ready(turn: int) -> Callable[[], httpx.Response]:
            where = asks("/card/sign-in", kind)(turn)().headers["location"]
            id_ = UUID(re.findall("id=([0-9a-f]{32})", where)[0])
            wrong = "000000" if code_of(counter.given.keyed, id_) != "000000" else "111111"
            pocket = Pocket(counter)
            told = {"id": id_.hex, "code": wrong, "proof": proof_in(pocket.get(where).text)}
            return lambda: pocket.post("/card/sign-in/code", **told)

        return ready

    return [
        Door(
            "a member asks for a code", asks("/card/sign-in", "m"), asks("/card/sign-in", "n"), 303
        ),
        Door("a member types digits", digits("m"), digits("n"), 422),
        Door(
            "somebody joins",
            asks("/join", "m", given_name="A", terms="yes"),
            asks("/join", "j", given_name="A", terms="yes"),
            303,
        ),
    ]


def _of_staff(counter: Counter) -> list[Door]:
    def signs_in(kind: str) -> Ask:
        browser = Browser(counter)
        browser.get("/console/sign-in")

        def ready(turn: int) -> Callable[[], httpx.Response]:
            counter.shop.rows("delete from staff_try where program_id = $1")
            told = {"email": f"{kind}{turn}@example.org", "password": "wrong, but long enough"}
            return lambda: browser.post("/console/sign-in", told)

        return ready

    return [Door("staff sign in", signs_in("s"), signs_in("t"), 401)]


def _of_the_till(counter: Counter) -> list[Door]:
    device = Device(counter)
    mia = hires(counter.shop, "cashier", stores=(STORE,), kept=KEPT)
    settles(counter.shop, SetPin(mia.staff_id, KEPT, HOUSE))
    member = counter.joined("guessed")
    holder = Holder(counter.shop.program_id, UUID(hex=member.removeprefix("mem_")))

    def asks(path: str, body: dict[str, Any]) -> Ask:
        def ready(_: int) -> Callable[[], httpx.Response]:
            counter.shop.rows("delete from staff_try where program_id = $1")
            return lambda: counter.post(path, body, key=device.token)

        return ready

    def pin(who: str) -> Ask:
        return asks("/v1/till/cashiers/unlock", {"cashier": who, "pin": "000000"})

    def square(who: Holder) -> Ask:
        # The right square of half an hour ago, and one of nobody.
        code = code_at(counter.given.keyed, who, step_of(counter.shop.now) - 60)
        return asks("/v1/till/cards", {"code": code})

    nobody = Holder(counter.shop.program_id, uuid4())
    return [
        *_of_looking_up(counter),
        Door("a PIN", pin(mia.principal), pin(f"staff_{uuid4().hex}"), 401),
        Door("a square of a card", square(holder), square(nobody), 409),
    ]


def _of_looking_up(counter: Counter) -> list[Door]:
    """Of a device that looked for too many, whom nobody knows or who are members already."""
    device = Device(counter, "Looks")
    (till,) = [one for one in counter.shop.do(lambda tx, _: tills.tills(tx)) if one.name == "Looks"]

    def over(subject: bytes, ask: Callable[[], httpx.Response]) -> Ask:
        async def fill(tx: Tx, _: object) -> None:
            await count_try(tx, "lookup", subject, SPAN["lookup"], MOST["lookup"])

        def ready(_: int) -> Callable[[], httpx.Response]:
            counter.shop.rows("delete from staff_try where program_id = $1")
            counter.shop.do(fill)
            return ask

        return ready

    def finds(card: str) -> Ask:
        path = f"/v1/till/members?typed={card}"
        return over(till.key_id.bytes, lambda: counter.get(path, key=device.token))

    def joins(card: str) -> Ask:
        body = newcomer(card)
        subject = till.key_id.bytes + b"gives"
        return over(subject, lambda: counter.post("/v1/members", body, key=device.token))

    counter.joined("looked-for")
    return [
        Door("a till looks for too many", finds("looked-for"), finds("look-nobody"), 429),
        Door("a till names too many anew", joins("looked-for"), joins("look-nobody"), 429),
    ]


def proof_in(text: str) -> str:
    found = re.search(r'name="proof" value="([0-9a-f]+)"', text)
    assert found is not None, text
    return found[1]


def _pair(
    counter: Counter, code: str, address: str, device: Device | None = None
) -> httpx.Response:
    body = {"name": "Till", "public_key": device.public if device else "A" * 87}
    return counter.post("/v1/till/pair", body, key=code, x_forwarded_for=address)


def _shape(answer: httpx.Response) -> tuple[int, list[str], str]:
    """What somebody sees: status, headers, words; without what is drawn anew each time."""
    drawn = r'[0-9a-f]{32,40}|[a-z][0-9]+@example[.]org|value="[A-Za-z0-9_-]{30,}"'
    return answer.status_code, sorted(answer.headers), re.sub(drawn, "", answer.text)
