"""After a demo started for real nobody of it is left anywhere, and nothing of it opens a door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.flows.terms.test_opening import starts
from tests.makers import NOON
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.connect.inlets.sender import Sender
from tests.surfaces.console.browser import KEPT, Browser, somebody
from tests.surfaces.counter import Counter, buys
from tests.surfaces.tills.device import Device, sale

from regulars.records.program.templates import load_template

TRACES = ("Quirina", "quirina@example.org", "+493055667788", "CARD-QUIRINA", "Quirina's tablet")
_TABLES = """
select t.table_name, $1::int from information_schema.tables t
 where t.table_schema = 'public' and t.table_type = 'BASE TABLE'
"""


@pytest.fixture
def counter(make_database: Callable[..., Any]) -> Any:
    opened = Counter.open(make_database(), source=load_template("coffee-shop"))
    opened.shop.now = NOON
    yield opened
    opened.close()


def traces(counter: Counter) -> dict[str, str]:
    """In which tables a word of the demo's people stands, whatever their program."""
    found = {}
    for table, _ in counter.shop.rows(_TABLES):
        for word in (*TRACES, *TRACES[-1:]):
            hits = counter.shop.rows(
                f'select count(*) from "{table}" t where $1::int > 0'
                " and strpos(lower(t::text), lower($2::text)) > 0",
                word,
            )
            if hits[0][0]:
                found[table] = word
    return found


def lived(counter: Counter) -> dict[str, Any]:
    """Somebody joins, buys, writes, is written to, and is kept on a till and in a phone."""
    names = [
        {"kind": "phone", "value": TRACES[2]},
        {"kind": "email", "value": TRACES[1]},
        {"kind": "card", "value": TRACES[3]},
    ]
    joined = counter.post(
        "/v1/members",
        {"identifiers": names, "given_name": "Quirina", "attributes": {"note": "Quirina"}},
    ).json()
    assert "id" in joined, joined
    device = Device(counter, TRACES[4])
    assert device.outcomes(device.records("activity", sale(TRACES[3], 9_900))) == [("applied", "")]
    assert device.outcomes(device.records("activity", {"kind": "x", "who": "Quirina"}))
    bought = counter.post("/v1/activities", buys(TRACES[3], 900, source="s", external_id="Quirina"))
    assert bought.status_code in (200, 201), bought.text
    tag = counter.post(f"/v1/members/{joined['id']}/tags", {"tags": ["Quirina"]})
    sender = Sender(counter)
    sender.send("q-1", {"type": "order.noted", "data": {"for": "Quirina"}})
    hook = counter.post("/v1/webhooks", {"url": "https://quirina.example.org/", "events": ["*"]})
    return {"id": joined["id"], "device": device, "sender": sender, "tag": tag, "hook": hook}


def test_nobody_of_the_demo_is_left_in_any_table_and_no_door_opens(counter: Counter) -> None:
    shop = counter.shop
    there = lived(counter)
    shop.rows("update program set made_up = true, created_at = $2 where program_id = $1", shop.now)
    owner, cashier = somebody(counter), somebody(counter, "cashier")
    office, phone = Browser(counter), Pocket(counter, there["id"])
    office.sign_in(owner.email)
    assert office.get("/console").status_code == 200
    assert phone.get("/card").status_code == 200
    assert len(traces(counter)) >= 6, traces(counter)
    device: Device = there["device"]
    doors: dict[str, Callable[[], int]] = {
        "key": lambda: counter.get("/v1/members").status_code,
        "till": lambda: counter.get("/v1/till/snapshot", key=device.token).status_code,
        "records": lambda: counter.post(
            "/v1/till/records", {"records": [device.records("activity", sale("x"))]},
            key=device.token,
        ).status_code,
        "look-up": lambda: counter.get(
            "/v1/till/members?typed=x", key=device.token
        ).status_code,
        "events": lambda: there["sender"].send("q-2", {"type": "order.noted"}).status_code,
        "console": lambda: office.get("/console").status_code,
        "card": lambda: phone.get("/card").status_code,
    }  # fmt: skip
    assert {name: door() // 100 for name, door in doors.items()} == dict.fromkeys(doors, 2)
    since = 1 if shop.rows(_SINCE)[0][0] else None
    started = starts(shop, "Corner Coffee", [owner], owner, since, KEPT)
    assert started.members >= 1, started
    shop.program_id = started.program_id
    assert traces(counter) == {}
    shop.now = shop.now.replace(minute=shop.now.minute + 1)
    counter.given.programs.forget(started.program_id)
    wait(counter)
    assert {name: door() for name, door in doors.items()} == {
        "key": 401, "till": 401, "records": 401, "look-up": 401, "events": 404, "console": 303,
        "card": 303,
    }  # fmt: skip
    # Who stays signs in anew, who does not stay does not.
    assert Browser(counter).sign_in(owner.email).status_code == 303
    assert Browser(counter).sign_in(cashier.email).status_code != 303


_SINCE = "select count(*) from member m join program p using (program_id) \
where program_id = $1 and m.joined_at > p.created_at"


def wait(counter: Counter) -> None:
    """What a process remembers of keys for less than a second is forgotten."""
    import time

    time.sleep(1.1)
