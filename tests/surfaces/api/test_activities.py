"""Activities over HTTP: what they bring, what a preview promises, and why."""

from datetime import timedelta
from fractions import Fraction

from tests.surfaces.counter import Counter, buys, coffee, problem

from regulars.engine.reference.conditions import Missed
from regulars.engine.reference.interpreter import Told
from regulars.surfaces.api.wire.standing.reckoned import weighed


def test_a_purchase_earns_and_says_where_it_is_kept(counter: Counter) -> None:
    member = counter.joined("C-1")
    answer = counter.post("/v1/activities", coffee("C-1", 2, minor=390))
    said = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/activities/{said['id']}"
    assert said == {
        "id": said["id"],
        "member_id": member,
        "state": "recorded",
        "earned": {"points": 7, "stamps": 2},
        "balances": {"points": 7, "stamps": 2},
        "rules": [
            {"rule": "point-per-euro", "points": 7},
            {"rule": "stamp-per-coffee", "points": 2},
        ],
        "tier": None,
        "tier_before": None,
        "program_version": 1,
        "pending": {},
        "refunded": {},
        "milestones": {},
    }
    kept = counter.get(f"/v1/activities/{said['id']}").json()
    assert kept["amount"] == {"minor": 780, "currency": "EUR"}
    assert kept["lines"][0]["sku"] == "latte"
    assert kept["recorded_at"] == "2026-03-02T12:00:00Z"


def test_a_preview_says_what_recording_says_and_writes_nothing(counter: Counter) -> None:
    counter.joined("C-p")
    before = counter.shop.counts()
    sent = coffee("C-p", 3)
    promised = counter.post("/v1/activities/preview", sent).json()
    newcomer = counter.post("/v1/activities/preview", coffee("C-nobody-yet", 3)).json()
    assert counter.shop.counts() == before
    got = counter.post("/v1/activities", sent).json()
    assert {**promised, "id": got["id"]} == got
    assert newcomer["earned"] == got["earned"]


def test_a_preview_of_a_return_says_what_would_be_taken_back(counter: Counter) -> None:
    counter.post("/v1/activities", coffee("C-pr", 2, source="till", external_id="pr"))
    back = {
        "kind": "return",
        "sale": {"source": "till", "external_id": "pr"},
        "returned": [{"line": 0, "quantity": 1}],
    }
    for _ in range(2):
        said = counter.post("/v1/activities/preview", back).json()
        assert (said["state"], said["earned"]) == ("recorded", {"points": -4, "stamps": -1})
    early = {"kind": "return", "sale": {"source": "till", "external_id": "not-yet"}}
    assert counter.post("/v1/activities/preview", early).json()["state"] == "waiting"


def test_a_preview_at_another_instant_asks_the_clock_of_then(counter: Counter) -> None:
    later = (counter.shop.now + timedelta(days=400)).isoformat()
    late = coffee("C-at", occurred_at=later)
    assert problem(counter.post("/v1/activities", late)) == (422, "invalid", "/occurred_at")
    answer = counter.post("/v1/activities/preview", {**late, "at": later})
    assert answer.json()["earned"] == {"points": 3, "stamps": 1}


def test_a_return_before_its_sale_waits_and_ends_the_same(counter: Counter) -> None:
    back = {"kind": "return", "sale": {"source": "till", "external_id": "w"}, "external_id": "wr"}
    waiting = counter.post("/v1/activities", back)
    assert (waiting.status_code, waiting.json()["state"]) == (202, "waiting")
    where = waiting.headers["location"]
    assert counter.get(where).json()["state"] == "waiting"
    counter.post("/v1/activities", coffee("C-w", 2, source="till", external_id="w"))
    assert counter.get(where).json()["state"] == "recorded"
    assert counter.shop.balances("C-w") == {}


def test_a_sale_to_nobody_is_kept_and_earns_nothing(counter: Counter) -> None:
    sent = buys("x", 500)
    del sent["member"]
    said = counter.post("/v1/activities", sent).json()
    assert (said["member_id"], said["earned"]) == (None, {})
    trail = counter.get(f"/v1/activities/{said['id']}/trail").json()
    assert trail["says"] == ["No rule saw this activity: it belongs to no member."]


def test_the_trail_says_why_in_sentences(counter: Counter) -> None:
    said = counter.post("/v1/activities", coffee("C-why", 2, minor=395)).json()
    trail = counter.get(f"/v1/activities/{said['id']}/trail").json()
    assert trail["rules"] == said["rules"]
    assert "“1 point for each 1.00 you spend” gives 7.9 Points." in trail["says"]
    assert "In all: 7.9 Points, rounded down to 7." in trail["says"]


def test_the_trail_says_why_in_numbers(counter: Counter) -> None:
    """What counts, each rule with the condition that failed and its values, and the rounding."""
    said = counter.post("/v1/activities", coffee("C-num", 2, minor=395)).json()
    trail = counter.get(f"/v1/activities/{said['id']}/trail").json()
    assert trail["counted"] == [
        {"definition": "standard", "amount": {"minor": 790, "currency": "EUR"}}
    ]
    rules = {one["rule"]: one for one in trail["weighed"]}
    assert rules["point-per-euro"] == {
        "rule": "point-per-euro",
        "wallet": "points",
        "why": "given",
        "worth": "7.9",
        "given": "7.9",
        "points": 7,
        "missed": [],
    }
    assert trail["sums"][0] == {"wallet": "points", "exact": "7.9", "units": 7}
    gave = {one["rule"]: one["points"] for one in trail["weighed"] if one["points"]}
    assert gave == {one["rule"]: one["points"] for one in trail["rules"]}


def test_a_condition_that_failed_is_told_with_its_values() -> None:
    missed = (
        Missed("amount", {"at_least": 2500, "at_most": None}, 780),
        Missed("tier", "gold", None, forbidden=True),
    )
    told = [
        Told("a", "points", "other_kind"),
        Told("b", "points", "condition", missed=missed),
        Told("c", "points", "limited", Fraction(10, 3), Fraction(5, 2)),
    ]
    first, last = weighed(told, [0, 0, 2])
    assert [(one.fact, one.asked, one.found, one.forbidden) for one in first.missed] == [
        ("amount", "at_least 2500", "780", False),
        ("tier", "gold", "", True),
    ]
    assert (last.why, last.worth, last.given, last.points) == ("limited", "3.333333", "2.5", 2)


def test_the_trail_of_a_return_says_what_is_left(counter: Counter) -> None:
    counter.post("/v1/activities", coffee("C-left", 3, source="till", external_id="left"))
    back = {
        "kind": "return",
        "sale": {"source": "till", "external_id": "left"},
        "returned": [{"line": 0, "quantity": 2}],
    }
    said = counter.post("/v1/activities", back).json()
    assert said["earned"] == {"points": -7, "stamps": -2}
    trail = counter.get(f"/v1/activities/{said['id']}/trail").json()
    assert trail["sale_id"].startswith("act_")
    assert "“1 stamp for each coffee” gives 1 Coffee stamp." in trail["says"]


def test_a_visit_is_taken_back_by_its_kind_or_id_once(counter: Counter) -> None:
    """Semantics D7."""
    counter.joined("C-gone")
    sent = {"member": {"card": "C-gone"}, "source": "till", "external_id": "same"}
    bought = counter.post("/v1/activities", {**coffee("C-gone"), **sent}).json()
    visit = counter.post("/v1/activities", {**sent, "kind": "visit"}).json()
    named = {"source": "till", "external_id": "same", "kind": "visit"}
    back = counter.post("/v1/activities", {"kind": "return", "sale": named})
    assert (back.status_code, back.json()["balances"]) == (201, bought["balances"])
    trail = counter.get(f"/v1/activities/{back.json()['id']}/trail").json()
    assert trail["sale_id"] == visit["id"]
    again = counter.post("/v1/activities", {"kind": "return", "sale": {"id": visit["id"]}})
    assert problem(again)[:2] == (409, "too_much_returned")
    two = {"kind": "return", "sale": named, "returned": [{"line": 1, "quantity": 1}]}
    assert problem(counter.post("/v1/activities", two))[1] == "too_much_returned"
    of_return = {"kind": "return", "sale": {**named, "kind": "return"}}
    assert problem(counter.post("/v1/activities", of_return))[1:] == ("invalid", "/sale/kind")
    for sale, place in (
        ({"id": back.json()["id"]}, "id"),
        ({"id": visit["id"], "kind": "flight"}, "kind"),
        ({**named, "kind": "Visit"}, "kind"),
    ):
        wrong = counter.post("/v1/activities", {"kind": "return", "sale": sale})
        assert problem(wrong)[1:] == ("invalid", f"/sale/{place}"), wrong.text


def test_a_batch_of_a_thousand_is_done_in_order(counter: Counter) -> None:
    sent = [coffee("C-1000", external_id=f"t{n}", source="till") for n in range(1000)]
    results = counter.post("/v1/activities/batch", {"activities": sent}).json()["results"]
    stamps = [one["body"]["balances"]["stamps"] for one in results]
    assert stamps == list(range(1, 1001))


def test_how_it_was_paid_is_told_by_the_sale_and_by_the_redemption(counter: Counter) -> None:
    counter.post("/v1/activities", buys("C-paid", 20_000))
    wish = {"member": {"card": "C-paid"}, "reward": "free-coffee", "capture": True}
    taken = counter.post("/v1/redemptions", wish).json()["id"]
    amount = {"minor": 350, "currency": "EUR"}
    paid = [{"kind": "points", "amount": amount, "redemption": taken}]
    cash = {"kind": "money", "amount": amount}
    sent = coffee("C-paid", 2, minor=350, payments=[*paid, cash])
    sale = counter.post("/v1/activities", sent).json()["id"]
    kept = counter.get(f"/v1/activities/{sale}").json()
    assert kept["payments"] == [*paid, {**cash, "redemption": None}]
    assert counter.get(f"/v1/redemptions/{taken}").json()["paid_for"] == sale
    again = counter.post("/v1/activities", coffee("C-paid", 1, payments=paid))
    assert problem(again) == (422, "invalid", "/payments/0/redemption")
    back = counter.post("/v1/activities", {"kind": "return", "sale": {"id": sale}}).json()
    assert back["refunded"] == {"points": 100}
    assert counter.get(f"/v1/redemptions/{taken}").json()["state"] == "returned"
