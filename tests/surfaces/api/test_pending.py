"""Points that wait, over HTTP: confirmed, cancelled, shown."""

from collections.abc import Iterator

import pytest
from tests.makers import Shop
from tests.surfaces.counter import Counter, buys, problem

JOURNEYS = """
regulars: 1
program: journeys
name: Journeys
currency: EUR
zone: Europe/Berlin
wallets:
  points: {pending: {until: event, cancel_after: 30 days}}
  days: {pending: {until: duration, after: 2 days}, expiry: {after: 1 month}}
rules:
  - {id: euro, on: purchase, wallet: points, award: {give: per_amount, points: 1, per: "1.00"}}
  - {id: day, on: purchase, wallet: days, award: {give: fixed, points: 1, stage: bonus}}
  - {id: review, on: review, wallet: points, award: {give: fixed, points: 20}}
advocacy:
  - {on: review, name: A review, about: product, moderated: 14 days}
"""


@pytest.fixture(scope="module")
def agency(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, JOURNEYS))  # type: ignore[arg-type]
    yield opened
    opened.close()


def test_what_waits_is_shown_and_can_be_confirmed_once(agency: Counter) -> None:
    member = agency.joined("P-1")
    done = agency.post("/v1/activities", buys("P-1", 4000)).json()
    assert done["earned"] == done["pending"] == {"points": 40, "days": 1}
    assert done["balances"] == {"points": 0, "days": 0}
    wallets = agency.get(f"/v1/members/{member}/standing").json()["wallets"]
    assert wallets["points"]["pending"] == 40
    # Thirty days later by the wall clock, which meanwhile was set to summer time.
    assert wallets["points"]["cancels_next"] == {"at": "2026-04-01T11:00:00Z", "units": 40}
    assert wallets["days"]["activates_next"] == {"at": "2026-03-04T12:00:00Z", "units": 1}
    lots = {one["wallet"]: one for one in agency.get(f"/v1/members/{member}/lots").json()["items"]}
    assert (lots["points"]["state"], lots["points"]["expires_at"]) == ("pending", None)
    assert lots["days"]["activates_at"] == "2026-03-04T12:00:00Z"
    first = agency.post(f"/v1/activities/{done['id']}/confirm")
    again = agency.post(f"/v1/activities/{done['id']}/confirm", {})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == {
        "id": done["id"],
        "member_id": member,
        "outcome": "confirmed",
        "points": {"points": 40},
        "balances": {"points": 40, "days": 0},
    }
    assert again.json()["points"] == {}
    entry = agency.get(f"/v1/members/{member}/entries").json()["items"][0]
    assert (entry["kind"], entry["cause"]) == ("activate", lots["points"]["id"])
    assert entry["postings"] == [
        {"wallet": "points", "account": "pending", "amount": -40},
        {"wallet": "points", "account": "available", "amount": 40},
    ]


def test_what_was_cancelled_stays_cancelled_and_the_other_way(agency: Counter) -> None:
    agency.joined("P-2")
    one = agency.post("/v1/activities", buys("P-2", 4000)).json()["id"]
    two = agency.post("/v1/activities", buys("P-2", 5000)).json()["id"]
    assert agency.post(f"/v1/activities/{one}/cancel").json()["points"] == {"points": 40}
    agency.post(f"/v1/activities/{two}/confirm")
    before = agency.shop.counts()
    assert problem(agency.post(f"/v1/activities/{one}/confirm"))[:2] == (409, "already_cancelled")
    assert problem(agency.post(f"/v1/activities/{two}/cancel"))[:2] == (409, "already_confirmed")
    assert agency.shop.counts() == before


def test_a_key_gives_the_first_answer_again(agency: Counter) -> None:
    agency.joined("P-3")
    id_ = agency.post("/v1/activities", buys("P-3", 4000)).json()["id"]
    path = f"/v1/activities/{id_}/confirm"
    first = agency.post(path, idempotency_key="k1")
    again = agency.post(path, idempotency_key="k1")
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    other = agency.post(f"/v1/activities/{id_}/cancel", idempotency_key="k1")
    assert problem(other)[:2] == (422, "key_reused")


@pytest.mark.parametrize("verb", ["confirm", "cancel"])
def test_bad_requests_are_answered_clearly(agency: Counter, verb: str) -> None:
    nobody = agency.post("/v1/activities", {"kind": "visit", "external_id": "n", "source": "s"})
    id_ = nobody.json()["id"]
    path = f"/v1/activities/{id_}/{verb}"
    assert problem(agency.post(path))[:2] == (409, "nothing_pending")
    assert problem(agency.post(f"/v1/activities/act_{'1' * 32}/{verb}"))[:2] == (404, "not_found")
    assert problem(agency.post(f"/v1/activities/nonsense/{verb}"))[0] == 404
    assert problem(agency.post(path, {"part": 1}))[:2] == (400, "unknown_field")
    reads = agency.made_key("books:read")
    assert problem(agency.post(path, key=reads))[:2] == (403, "missing_scope")


def test_a_key_that_tells_of_reviews_does_not_approve_them(agency: Counter) -> None:
    agency.joined("P-9")
    tells, looks = agency.made_key("activities:write"), agency.made_key("activities:approve")
    said = {**buys("P-9", 0), "kind": "review", "details": {"product": "mug"}}
    del said["amount"]
    told = agency.post("/v1/activities", said, key=tells)
    path = f"/v1/activities/{told.json()['id']}"
    assert problem(agency.post(f"{path}/confirm", key=tells))[:2] == (403, "forbidden")
    assert problem(agency.post(f"{path}/cancel", {"reason": "x"}, key=tells))[1] == "forbidden"
    assert agency.post(f"{path}/confirm", key=looks).json()["points"] == {"points": 20}
    sold = agency.post("/v1/activities", buys("P-9", 4000), key=tells).json()["id"]
    assert problem(agency.post(f"/v1/activities/{sold}/confirm", key=looks))[1] == "forbidden"
    assert agency.post(f"/v1/activities/{sold}/confirm", key=tells).status_code == 200
