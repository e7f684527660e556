"""What a till does besides giving points: take back by lines, credit late, open a card, leave."""

from datetime import timedelta
from typing import Any

import pytest
from tests.flows.members.staff.people import HOUSE, hires, settles
from tests.makers import NOON
from tests.surfaces.counter import Counter, coffee, problem
from tests.surfaces.tills.device import STORE, Device, sale
from tests.surfaces.tills.test_cashiers import PIN, asks, cashier, shop  # noqa: F401

from regulars.base.tx import Tx
from regulars.flows.access.commands import ChangeSetting, SetPin
from regulars.records.access.staff.passwords import kept_form
from regulars.records.activity.read import _PRINTED
from regulars.records.trail import read as trails
from regulars.runtime.serving.programs import Programs
from regulars.runtime.working.told_early import told_early
from regulars.surfaces.signing_in import SigningIn
from regulars.surfaces.till.sync import applying

POS = {"source": "pos-7"}


def found(device: Device, **query: str) -> list[dict[str, Any]]:
    said = "&".join(f"{name}={value}" for name, value in query.items())
    answer = asks(device, f"/v1/till/sales?{said}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def nothing(*_: Any) -> dict[Any, Any]:
    return {}


def wakes(counter: Counter, rounds: int = 2) -> None:
    """The worker tries what waited."""
    duty = told_early(counter.shop.database, Programs(counter.shop.database))
    for _ in range(rounds):
        counter.shop.run(duty(counter.shop.program_id, counter.shop.now))


def test_pieces_of_a_purchase_come_back_by_its_receipt(shop: Counter) -> None:  # noqa: F811
    device, ada = Device(shop), shop.joined("lines")
    body = coffee("lines", 3, external_id="R-1", **POS)
    assert shop.post("/v1/activities", body).status_code == 201
    (one,) = found(device, receipt="R-1")
    assert (one["member_id"], one["left"], one["credits"]) == (ada, 3, None)
    assert [line["name"] for line in one["lines"]] == ["latte"]
    assert found(device, member=ada) == [one]
    pieces = {"sale": {"id": one["id"]}, "returned": [{"line": 0, "quantity": 2}]}
    asked = {"kind": "return", **pieces}
    told = asks(device, "/v1/activities/preview", asked).json()["earned"]
    assert told["stamps"] == -2
    (done,) = device.hands_in(device.records("void", pieces))
    assert done["outcome"] == "applied"
    assert [line["left"] for line in found(device, receipt="R-1")[0]["lines"]] == [1]
    too_much = device.records("void", pieces)
    assert device.outcomes(too_much) == [("quarantined", "too_much_returned")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trails, "of_sales", nothing)
        assert found(device, receipt="R-1")[0]["left"] == 0, "who knows no steps takes none back"
    assert found(device, receipt="nothing-has-it") == []
    assert problem(asks(device, "/v1/till/sales"))[1:] == ("invalid", "/receipt")


def test_a_forgotten_telephone_is_credited_late(shop: Counter) -> None:  # noqa: F811
    device, ada, bo = Device(shop), shop.joined("late-a"), shop.joined("late-b")
    body = coffee("", 2, external_id="R-2", **POS)
    del body["member"]
    assert shop.post("/v1/activities", body).status_code == 201
    (one,) = found(device, receipt="R-2", member=ada)
    assert one["member_id"] is None
    assert one["credits"]["stamps"] == 2
    wish = {"sale": {"id": one["id"]}, "member": {"id": ada}}
    record = device.records("credit", wish)
    assert device.outcomes(record) == [("applied", "")]
    assert device.hands_in(record)[0]["again"]
    nobodys = one["id"].removeprefix("act_")
    sql = "select count(*)::int from activity where program_id = $1 and sale_id = $2::uuid"
    assert shop.shop.rows(sql, nobodys) == [(1,)], "it is taken back from nobody, once"
    other = device.records("credit", wish | {"member": {"id": bo}})
    assert device.outcomes(other) == [("quarantined", "credited_already")]
    unknown = {"sale": {"source": STORE, "external_id": "R-none"}, "member": {"id": ada}}
    assert device.outcomes(device.records("credit", unknown)) == [("quarantined", "unknown_sale")]
    stands = shop.get(f"/v1/members/{ada}/standing").json()["wallets"]
    assert stands["stamps"]["available"] == 2
    (theirs,) = found(device, receipt="R-2")
    assert (theirs["member_id"], theirs["receipt"], theirs["credits"]) == (ada, "R-2", None)
    again = shop.post("/v1/late-credits", wish)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    no = shop.post("/v1/late-credits", wish | {"member": {"id": bo}})
    assert problem(no)[:2] == (409, "credited_already")


def test_cut_off_a_receipt_is_named_by_its_store(shop: Counter) -> None:  # noqa: F811
    device, ada = Device(shop), shop.joined("own-a")
    elsewhere = coffee("own-a", 1, external_id="R-9", source="pos-9", store="north")
    assert shop.post("/v1/activities", elsewhere).status_code == 201
    assert found(device, receipt="R-9") == [], "another store's number is not ours"
    noted = {"sale": {"source": STORE, "external_id": "R-9"}}
    credit = device.records("credit", noted | {"member": {"id": ada}})
    early = device.records("void", {"sale": {"source": STORE, "external_id": "R-8"}})
    assert device.outcomes(early) == [("quarantined", "unknown_sale")], "it waits for its purchase"
    assert device.outcomes(credit) == [("quarantined", "unknown_sale")]
    body = coffee("", 3, external_id="R-9", store=STORE, **POS)
    del body["member"]
    assert shop.post("/v1/activities", body).status_code == 201
    other = coffee("own-a", 5, external_id="R-8", store=STORE, **POS)
    assert shop.post("/v1/activities", other).status_code == 201
    duty = told_early(shop.shop.database, Programs(shop.shop.database))
    for _ in range(2):
        shop.shop.run(duty(shop.shop.program_id, shop.shop.now))
    assert device.outcomes(credit) == [("applied", "")], "the register told late"
    assert device.outcomes(early) == [("applied", "")], "what came back before met its purchase"
    stamps = f"/v1/members/{ada}/standing"
    assert shop.get(stamps).json()["wallets"]["stamps"]["available"] == 4
    assert device.outcomes(device.records("void", noted)) == [("applied", "")]
    assert shop.get(stamps).json()["wallets"]["stamps"]["available"] == 1
    assert found(device, receipt="R-9")[0]["left"] == 0


def test_a_receipt_is_found_by_its_index_however_old(shop: Counter) -> None:  # noqa: F811
    device, _ = Device(shop), shop.joined("old-a")
    for nth in range(3):
        sold = coffee("old-a", nth + 1, external_id="R-old", source=f"pos-{nth}", store=STORE)
        assert shop.post("/v1/activities", sold).status_code == 201
    assert [one["left"] for one in found(device, receipt="R-old")] == [3, 2, 1]

    async def explained(tx: Tx, _: Any) -> str:
        asked = ["R-old", "R-older"], [None, NOON], [STORE, ""], 20
        rows = await tx.fetch(f"explain {_PRINTED}", tx.program_id, *asked)
        return "\n".join(row[0] for row in rows)

    plan = shop.shop.do(explained)
    assert "activity_receipt" in plan
    assert "store = s.store" in next(line for line in plan.splitlines() if "Index Cond" in line)


def test_what_is_bought_after_a_return_was_noted_is_left_alone(shop: Counter) -> None:  # noqa: F811
    device, bo = Device(shop), shop.joined("next-b")
    for number, source in (("R-20", "pos-7"), ("R-21", STORE)):
        noted = {"sale": {"source": STORE, "external_id": number}}
        slip = device.records("void", noted)
        claim = device.records("credit", noted | {"member": {"id": bo}})
        assert device.outcomes(slip, claim) == [("quarantined", "unknown_sale")] * 2
        shop.shop.now += timedelta(hours=1)
        bought = coffee("next-b", 3, external_id=number, store=STORE, source=source)
        assert shop.post("/v1/activities", bought).status_code == 201
        wakes(shop)
        assert device.outcomes(slip, claim) == [("quarantined", "unknown_sale")] * 2
        assert found(device, receipt=number)[0]["left"] == 3, "it is another's"
        assert device.outcomes(device.records("void", noted)) == [("applied", "")]


def test_of_several_purchases_with_one_number_somebody_chooses(shop: Counter) -> None:  # noqa: F811
    device, ada = Device(shop), shop.joined("several-a")
    for source in ("pos-1", "pos-2"):
        sold = coffee("several-a", 2, external_id="R-22", source=source, store=STORE)
        assert shop.post("/v1/activities", sold).status_code == 201
    noted = {"sale": {"source": STORE, "external_id": "R-22"}}
    told = device.records("void", noted), device.records("credit", noted | {"member": {"id": ada}})
    assert device.outcomes(*told) == [("quarantined", "several_sales")] * 2
    wakes(shop)
    assert [one["left"] for one in found(device, receipt="R-22")] == [2, 2]


def test_what_waits_for_its_purchase_is_looked_at_in_turn(
    shop: Counter,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(applying, "MOST_WAITING", 1)
    device, _ = Device(shop), shop.joined("turn-a")
    numbers = [f"T-{nth}" for nth in range(3)]
    told = [device.records("void", {"sale": {"source": STORE, "external_id": n}}) for n in numbers]
    assert device.outcomes(*told) == [("quarantined", "unknown_sale")] * 3
    sold = coffee("turn-a", 1, external_id="T-1", source="pos-7", store=STORE)
    assert shop.post("/v1/activities", sold).status_code == 201
    wakes(shop, rounds=12)
    waits = ("quarantined", "unknown_sale")
    assert device.outcomes(*told) == [waits, ("applied", ""), waits]


def test_a_credit_and_a_return_of_one_receipt_in_one_hand_in(shop: Counter) -> None:  # noqa: F811
    device, ada = Device(shop), shop.joined("both-a")
    body = coffee("", 2, external_id="R-10", store=STORE, **POS)
    del body["member"]
    assert shop.post("/v1/activities", body).status_code == 201
    noted = {"sale": {"source": STORE, "external_id": "R-10"}}
    told = device.records("void", noted), device.records("credit", noted | {"member": {"id": ada}})
    assert device.outcomes(*told) == [("applied", "")] * 2
    assert shop.get(f"/v1/members/{ada}/standing").json()["wallets"]["stamps"]["available"] == 0
    assert [(one["member_id"], one["left"]) for one in found(device, receipt="R-10")] == [(ada, 0)]


def test_a_square_opens_a_card_once_and_not_for_long(shop: Counter) -> None:  # noqa: F811
    device, mia, ada = Device(shop), cashier(shop), shop.joined("square")
    body = {"member": {"id": ada}, "origin": "https://shop.test", "cashier": mia.principal}
    door = SigningIn(shop.given)

    def opens(link: str) -> str:
        proof = link.partition("=")[2]
        outcome = shop.shop.run(door.by_link(shop.shop.program_id, proof))
        return getattr(outcome, "code", "in")

    answer = asks(device, "/v1/till/links", body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["square"].startswith("<svg")
    assert [opens(answer.json()["link"]) for _ in range(2)] == ["in", "code_over"]
    kept = shop.shop.rows(
        "select actor, did, about_id from staff_act where program_id = $1 order by act_id desc"
    )
    assert kept[0] == (mia.principal, "member.link_shown", ada)
    late = asks(device, "/v1/till/links", body).json()["link"]
    shop.shop.now += timedelta(minutes=5)
    assert opens(late) == "code_over"
    wrong = asks(device, "/v1/till/links", body | {"origin": "javascript:alert(1)"})
    assert problem(wrong)[0] == 422


def test_no_square_where_codes_are_sent(counter: Counter) -> None:
    counter.shop.now = NOON
    device, ada = Device(counter), counter.joined("letters")
    sends = Counter(counter.shop, channels=frozenset({"email"}))
    body = {"member": {"id": ada}, "origin": "https://shop.test"}
    no = sends.post("/v1/till/links", body, key=device.token)
    assert problem(no)[:2] == (409, "sender_there")
    counter.shop.run(sends.client.aclose())


def test_a_cashier_hears_that_somebody_wants_no_more(shop: Counter) -> None:  # noqa: F811
    device, mia, ada = Device(shop), cashier(shop), shop.joined("no-more")
    body = {"member": {"id": ada}, "cashier": mia.principal}
    for _ in range(2):
        heard = asks(device, "/v1/till/consents", body)
        assert heard.status_code == 200, heard.text
        stands = {one["channel"]: one["state"] for one in heard.json()["items"]}
        assert stands == {"email": "withdrawn", "sms": "withdrawn"}
    kept = shop.shop.rows(
        "select actor from staff_act where program_id = $1 and did = 'consent.withdrawn'"
    )
    assert kept == [(mia.principal,)]


def test_a_reward_above_the_limit_needs_a_manager(shop: Counter) -> None:  # noqa: F811
    device, mia, ada = Device(shop), cashier(shop), shop.joined("limit")
    boss = hires(shop.shop, "manager", stores=(STORE,))
    settles(shop.shop, SetPin(boss.staff_id, kept_form("161803", bytes(16)), HOUSE))
    assert device.outcomes(device.records("activity", sale("limit", 90_000))) == [("applied", "")]
    reward = shop.get("/v1/rewards").json()["items"][0]
    (price,) = reward["price"].values()
    body = {"member": {"id": ada}, "reward": reward["id"], "cashier": mia.principal}
    settles(shop.shop, ChangeSetting("redeem_limit", price - 1, HOUSE))
    assert problem(asks(device, "/v1/till/redemptions", body))[:2] == (409, "manager_needed")
    own = body | {"approved_by": mia.principal, "pin": PIN}
    assert problem(asks(device, "/v1/till/redemptions", own))[1] == "manager_needed"
    wrong = body | {"approved_by": boss.principal, "pin": "000000"}
    assert problem(asks(device, "/v1/till/redemptions", wrong))[1] == "pin_wrong"
    plain = {"member": {"id": ada}, "reward": reward["id"]}
    assert problem(asks(device, "/v1/redemptions", plain))[1] == "missing_scope", "no way round it"
    right = body | {"approved_by": boss.principal, "pin": "161803"}
    assert asks(device, "/v1/till/redemptions", right).status_code == 201
    sql = "select actor, about_id from staff_act where program_id = $1 and did = $2"
    assert shop.shop.rows(sql, "redemption.approved") == [(boss.principal, ada)]
    settles(shop.shop, ChangeSetting("redeem_limit", price, HOUSE))
    assert asks(device, "/v1/till/redemptions", body).status_code == 201


def test_a_device_that_is_unpaired_says_so_itself(shop: Counter) -> None:  # noqa: F811
    device = Device(shop)
    for _ in range(2):
        answer = device.counter.ask("POST", "/v1/till/unpair", key=device.token)
        assert answer.json()["state"] == "unpaired", answer.text
    assert problem(asks(device, "/v1/till/snapshot"))[:2] == (410, "gone")
    tills = shop.get("/v1/tills").json()["items"]
    assert next(one for one in tills if one["id"] == device.id)["state"] == "unpaired"


def test_who_joins_elsewhere_wakes_what_waited_for_them(shop: Counter) -> None:  # noqa: F811
    device = Device(shop)
    records = [
        device.records("activity", sale("x", 600) | {"member": {"phone": phone}})
        for phone in ("+4930901855", "+4930901856")
    ]
    assert device.outcomes(*records) == [("quarantined", "unknown_member")] * 2
    body = {"identifiers": [{"kind": "phone", "value": "030 901855"}]}
    member = shop.post("/v1/members", body).json()["id"]
    programs = Programs(shop.shop.database)
    duty = told_early(shop.shop.database, programs)
    for _ in range(2):
        shop.shop.run(duty(shop.shop.program_id, shop.shop.now))
    assert device.outcomes(*records) == [("applied", ""), ("quarantined", "unknown_member")]
    stands = shop.get(f"/v1/members/{member}/standing").json()["wallets"]
    assert stands["points"]["available"] == 6


def test_a_visit_and_a_purchase_of_one_number_are_told_apart(shop: Counter) -> None:  # noqa: F811
    """Cut off, a till names both by its store."""
    device, ada = Device(shop), shop.joined("alike-a")
    own = {"source": STORE, "external_id": "R-30"}
    bought = coffee("alike-a", 3, store=STORE, **own)
    assert shop.post("/v1/activities", bought).status_code == 201
    visit = {"kind": "visit", "store": STORE, **own}
    noted = {"sale": own | {"kind": "visit"}}
    early = device.records("void", noted)
    assert device.outcomes(early) == [("quarantined", "unknown_sale")]
    (came, again) = (shop.post("/v1/activities", visit) for _ in range(2))
    assert (came.status_code, again.json()["id"]) == (201, came.json()["id"])
    named = {"sale": {"id": came.json()["id"]}, "member": {"id": ada}}
    claim = device.records("credit", named)
    claims = claim, device.records("credit", noted | {"member": {"id": ada}})
    assert device.outcomes(*claims) == [("quarantined", "unknown_sale")] * 2
    assert device.outcomes(device.records("void", noted)) == [("applied", "")]
    assert found(device, receipt="R-30")[0]["left"] == 3
