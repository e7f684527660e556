"""`regulars stores …` and `regulars tills …` as they are typed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.makers import Shop
from tests.runtime.cli.test_points import typed
from tests.surfaces.counter import Counter
from tests.surfaces.tills.device import Device, sale

from regulars.records.program.templates import load_template


@pytest.fixture
def counter(fresh_database: Any) -> Iterator[Counter]:
    shop = Shop.open(fresh_database, load_template("coffee-shop"))
    shop.now = datetime.now(UTC)  # the verbs have a clock of their own
    opened = Counter(shop)
    yield opened
    opened.close()


def test_a_store_is_opened_a_till_paired_and_what_waits_decided(
    counter: Counter, tmp_path: Path
) -> None:
    def says(*words: str) -> str:
        return str(typed(counter.shop, tmp_path, *words, program="coffee-shop").output)

    opened = says("stores", "open", "main-street", "Main Street", "--zone", "Europe/Berlin")
    assert "main-street is Main Street." in opened
    assert "/zone" in says("stores", "open", "x", "X", "--zone", "Mars")
    offline = ("--offline", "free-coffee", "--most", "5")
    assert "main-street is Corner." in says(
        "stores", "change", "main-street", "--name", "Corner", *offline
    )
    assert "free-coffee" in says("stores", "list")
    (code,) = re.findall(r"^(\w{4}-\w{4})$", says("stores", "code", "main-street"), re.M)
    assert "not_found" in says("stores", "code", "nowhere")
    device = Device(counter)
    assert device.pair(code, "By hand").status_code == 201
    told = sale("x") | {"member": {"phone": "+4930901844"}}
    (done,) = device.hands_in(device.records("activity", told))
    assert f"{done['id']}  activity" in says("tills", "records")
    assert "quarantined" in says("tills", "retry", done["id"])
    joins = {"identifiers": [{"kind": "phone", "value": "+4930901844"}]}
    assert counter.post("/v1/members", joins).status_code == 201
    assert f"{done['id']} is applied." in says("tills", "retry", done["id"])
    assert "/record_id" in says("tills", "dismiss", done["id"], "--reason", "no")
    assert "is suspended" in says("tills", "suspend", device.id, "--reason", "lost")
    assert "is paired" in says("tills", "resume", device.id)
    assert "is unpaired" in says("tills", "unpair", device.id)
    assert "till_ended" in says("tills", "resume", device.id)
    assert f"{device.id}  Counter 1  main-street  unpaired (unpaired)  told 1" in says(
        "tills", "list"
    )
    assert "closed" in says("stores", "close", "main-street")
