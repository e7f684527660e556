"""What a till hands over while it is cut off was reserved beforehand, so nobody spends twice."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from tests.makers import NOON
from tests.surfaces.counter import Counter, coffee
from tests.surfaces.tills.device import Device

from regulars.engine.rewarding.gaming.winning import for_nothing
from regulars.engine.state import Changes
from regulars.flows.batch.load import hold_members
from regulars.flows.redeem_rewards import Batch, write_ended
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef

STORE = {"offline_rewards": ["tenth-coffee-free"], "offline_most": 3}


@pytest.fixture
def shop(counter: Counter) -> Iterator[Counter]:
    counter.shop.now = NOON
    yield counter
    counter.shop.now = NOON


def has_one(shop: Counter, card: str) -> dict[str, Any]:
    """Somebody with the stamps of one free coffee, as a till names them."""
    shop.joined(card)
    answer = shop.post("/v1/activities", coffee(card, cups=9))
    assert answer.status_code == 201, answer.text
    return {"card": card}


def reserves(device: Device, *members: dict[str, Any]) -> list[dict[str, Any]]:
    answer = device.counter.post("/v1/till/allowances", {"members": members}, key=device.token)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def stamps(shop: Counter, card: str) -> tuple[int, int]:
    rows = shop.shop.rows(
        "select b.available, b.held from balance b join identifier i using (program_id, member_id)"
        " join program_code c on c.program_id = b.program_id and c.code = b.wallet"
        " where b.program_id = $1 and i.value = $2 and c.kind = 'wallet' and c.name = 'stamps'",
        card,
    )
    return rows[0][0], rows[0][1]


def test_what_was_reserved_is_handed_over_without_network(shop: Counter) -> None:
    device = Device(shop, **STORE)
    (mine,) = reserves(device, has_one(shop, "R-1"))
    assert mine["reward"] == "tenth-coffee-free"
    assert mine["spend_until"] == "2026-03-03T12:00:00Z"
    assert stamps(shop, "R-1") == (0, 9)
    record = device.records("redeem", {"redemption": mine["redemption_id"]})
    shop.shop.now += timedelta(hours=30)
    (done,) = device.hands_in(record)
    assert (done["outcome"], done["subject"]) == ("applied", mine["redemption_id"])
    assert stamps(shop, "R-1") == (0, 0)
    assert device.hands_in(record)[0]["again"]
    assert stamps(shop, "R-1") == (0, 0)


def test_asked_again_it_is_the_same_reservation(shop: Counter) -> None:
    device = Device(shop, **STORE)
    whom = has_one(shop, "R-2")
    first = reserves(device, whom)
    assert reserves(device, whom) == first
    assert stamps(shop, "R-2") == (0, 9)


def test_a_till_reserves_no_more_than_its_store_allows(shop: Counter) -> None:
    device = Device(shop, offline_rewards=["tenth-coffee-free"], offline_most=1)
    one, two = reserves(device, has_one(shop, "R-3"), has_one(shop, "R-4"))
    assert (one["reward"], two["code"]) == ("tenth-coffee-free", "no_offline_rewards")
    assert stamps(shop, "R-4") == (9, 0)
    released = shop.post("/v1/till/allowances/release", {}, key=device.token).json()
    assert released == {"redemptions": [one["redemption_id"]]}
    assert stamps(shop, "R-3") == (9, 0)


def test_however_many_tills_are_cut_off_one_coffee_is_one(shop: Counter) -> None:
    whom = has_one(shop, "R-5")
    tills = [Device(shop, f"till {n}", **STORE) for n in range(4)]
    body = {"members": [whom]}
    answers = shop.at_once(
        [partial(shop.send, "POST", "/v1/till/allowances", body, key=one.token) for one in tills]
        * 2
    )
    items = [answer.json()["items"][0] for answer in answers]
    got = {one["redemption_id"] for one in items if "redemption_id" in one}
    assert len(got) == 1
    assert {one["code"] for one in items if "code" in one} == {"not_enough_points"}
    made = [
        device.records("redeem", {"redemption": one.get("redemption_id", f"red_{n + 1:032x}")})
        for n, (device, one) in enumerate(zip(tills, items, strict=False))
    ]
    ends = [one.outcomes(record)[0] for one, record in zip(tills, made, strict=True)]
    assert sorted(ends) == [("applied", "")] + [("quarantined", "not_reserved")] * 3
    assert stamps(shop, "R-5") == (0, 0)


def test_another_tills_reservation_cannot_be_handed_over(shop: Counter) -> None:
    one, two = Device(shop, "one", **STORE), Device(shop, "two", **STORE)
    (mine,) = reserves(one, has_one(shop, "R-6"))
    record = two.records("redeem", {"redemption": mine["redemption_id"]})
    assert two.outcomes(record) == [("quarantined", "not_reserved")]
    assert stamps(shop, "R-6") == (0, 9)


@pytest.mark.parametrize("spent", [False, True])
def test_handed_over_and_told_too_late_it_is_taken_where_it_can_be(
    shop: Counter, spent: bool
) -> None:
    card = f"R-7-{spent}"
    device = Device(shop, **STORE)
    whom = has_one(shop, card)
    (mine,) = reserves(device, whom)
    record = device.records("redeem", {"redemption": mine["redemption_id"]})
    shop.shop.now += timedelta(days=5)
    if spent:
        wish = {"member": whom, "reward": "tenth-coffee-free", "capture": True}
        assert shop.post("/v1/redemptions", wish).status_code == 201
    (done,) = device.hands_in(record)
    expected = ("quarantined", "not_enough_points") if spent else ("applied", "")
    assert (done["outcome"], done["reason"]) == expected
    assert stamps(shop, card) == (0, 0)
    assert device.hands_in(record)[0]["again"]


def test_a_reward_that_needs_a_code_is_not_reserved(shop: Counter) -> None:
    bad = shop.ask("PUT", "/v1/stores/x", {"name": "X", "offline_rewards": ["moon"]})
    assert (bad.status_code, bad.json()["errors"][0]["pointer"]) == (422, "/offline_rewards/0")


def test_the_snapshot_has_who_came_lately_and_no_names_to_read(shop: Counter) -> None:
    from hashlib import sha256
    from hmac import digest

    from regulars.records.tills.signing import bytes_of, plain

    device = Device(shop, **STORE)
    phone = {"identifiers": [{"kind": "phone", "value": "030 901825"}], "given_name": "Ada"}
    assert shop.post("/v1/members", phone).status_code == 201
    shop.post("/v1/activities", coffee("x", 10) | {"member": {"phone": "030 901825"}})
    seen = shop.get("/v1/till/snapshot?limit=2", key=device.token)
    first = seen.json()["members"][0]
    assert (first["given_name"], first["phone_ends"]) == ("Ada", "1825")
    assert (first["balances"]["stamps"], first["rewards"]) == (10, ["tenth-coffee-free"])
    key = bytes_of(device.paired["lookup_key"])
    assert key is not None
    assert plain(digest(key, b"phone:+4930901825", sha256)[:16]) in first["finds"]
    assert "901825" not in seen.text
    assert seen.json()["program"]["program"] == "coffee-shop"
    version = seen.json()["version"]
    again = shop.get(f"/v1/till/snapshot?version={version}&limit=100", key=device.token).json()
    assert again["program"] is None
    page = shop.get(
        f"/v1/till/snapshot?limit=2&cursor={seen.json()['next_cursor']}", key=device.token
    ).json()
    ids = [one["id"] for one in again["members"]]
    assert [one["id"] for one in (*seen.json()["members"], *page["members"])] == ids[:4]
    none = shop.get("/v1/till/snapshot?since=2090-01-01T00:00:00Z", key=device.token).json()
    assert none["members"] == []


def test_a_code_pairs_one_device_once_and_not_for_long(shop: Counter) -> None:
    device = Device(shop)
    code = shop.post("/v1/stores/main-street/codes").json()["code"]
    typed = f"{code[:4]}-{code[4:]}".lower()
    assert device.pair(typed, "again").status_code == 201
    assert device.pair(code, "once more").status_code == 410
    late = shop.post("/v1/stores/main-street/codes").json()["code"]
    shop.shop.now += timedelta(minutes=15)
    assert device.pair(late, "late").status_code == 410
    assert device.pair("00000000", "guessed").status_code == 401
    fresh = shop.post("/v1/stores/main-street/codes").json()["code"]
    answers = shop.at_once(
        [
            partial(
                shop.send, "POST", "/v1/till/pair",
                {"name": f"n{n}", "public_key": device.public}, key=fresh,
            )
            for n in range(4)
        ]
    )  # fmt: skip
    assert sorted(one.status_code for one in answers) == [201, 410, 410, 410]


@pytest.mark.parametrize("key", ["", "AAAA", "BGsX", "MFkwEwYHKoZIzj0CAQ"])
def test_what_is_no_public_key_pairs_nothing(shop: Counter, key: str) -> None:
    Device(shop)
    code = shop.post("/v1/stores/main-street/codes").json()["code"]
    answer = shop.post("/v1/till/pair", {"name": "x", "public_key": key}, key=code)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_key_that_is_no_tills_hands_in_nothing(shop: Counter) -> None:
    answer = shop.post("/v1/till/records", {"records": []})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_closed_store_pairs_nothing(shop: Counter) -> None:
    assert shop.ask("PUT", "/v1/stores/annex", {"name": "Annex"}).status_code == 200
    shut = shop.ask("PUT", "/v1/stores/annex", {"closed": True}).json()
    assert shut["closed_at"] == "2026-03-02T12:00:00Z"
    assert shop.post("/v1/stores/annex/codes").status_code == 410
    assert shop.post("/v1/stores/nowhere/codes").status_code == 404
    assert shop.ask("PUT", "/v1/stores/nowhere", {"zone": "UTC"}).status_code == 404
    assert shop.ask("PUT", "/v1/stores/annex", {"zone": "Mars/Base"}).status_code == 422
    opened = shop.ask("PUT", "/v1/stores/annex", {"closed": False, "name": "Annexe"}).json()
    assert (opened["closed_at"], opened["name"]) == (None, "Annexe")


def wins(shop: Counter, card: str) -> str:
    """Somebody won a coffee that is kept for them: its redemption."""

    async def win(tx: Any, terms: Any) -> UUID:
        (who,) = await members.whom(tx, None, [MemberRef(card=card)])
        assert isinstance(who, UUID), who
        states = await hold_members(tx, terms, [who])
        batch = Batch(tx, terms, states, Changes(tx.new_id))
        named = (batch.changes, states[who], terms.at(tx.now), "tenth-coffee-free")
        won = for_nothing(*named, ("game", tx.now))
        batch.opened[won.redemption_id] = won
        await write_ended(batch)
        return won.redemption_id

    return f"red_{shop.shop.do(win).hex}"


def test_what_was_won_is_listed_and_handed_over_by_one_till_of_two(shop: Counter) -> None:
    shop.joined("R-9")
    won = wins(shop, "R-9")
    tills = [Device(shop, f"won {n}") for n in range(2)]
    seen = shop.get("/v1/till/snapshot", key=tills[0].token).json()["members"]
    (mine,) = [one["won"] for one in seen if one["won"]]
    assert mine == [{"redemption_id": won, "reward": "tenth-coffee-free",
                     "name": "The tenth coffee is free",
                     "lapses_at": "2026-04-01T11:00:00Z"}]  # fmt: skip
    records = [one.records("redeem", {"redemption": won}) for one in tills]
    ends = [one.outcomes(record)[0] for one, record in zip(tills, records, strict=True)]
    assert ends == [("applied", ""), ("quarantined", "already_captured")]
    assert tills[0].hands_in(records[0])[0]["again"]
    seen = shop.get("/v1/till/snapshot", key=tills[0].token).json()["members"]
    assert [one["won"] for one in seen if one["won"]] == []


def test_what_was_won_and_left_behind_is_not_taken_for_points(shop: Counter) -> None:
    has_one(shop, "R-10")
    won = wins(shop, "R-10")
    device = Device(shop, "late")
    record = device.records("redeem", {"redemption": won})
    shop.shop.now += timedelta(days=31)
    assert device.outcomes(record) == [("quarantined", "hold_lapsed")]
    assert stamps(shop, "R-10") == (9, 0)
