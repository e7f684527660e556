"""Tiers by hand over HTTP: given, matched, invited, accepted, ended, listed."""

from collections.abc import Iterator

import pytest
from tests.flows.tiers.houses import MAISON
from tests.makers import Shop
from tests.surfaces.counter import Counter, buys, problem

CLUB = """
ladders: {club: {measure: visits, steps: [{id: guest, at: 1}, {id: regular, name: Regular, at: 2}]}}
translations: {de: {tiers.regular.name: Stammgast}}
"""


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, MAISON + CLUB))  # type: ignore[arg-type]
    yield opened
    opened.close()


def test_given_listed_and_ended(shop: Counter) -> None:
    member = shop.joined("T-1")
    wish = {
        "member": {"card": "T-1"}, "tier": "gold", "kind": "matched", "reason": "gold elsewhere",
        "actor": "Olga", "challenge": {"credit": 15000, "within_days": 30}, "proof": "their card",
    }  # fmt: skip
    first = shop.post("/v1/tier-grants", wish)
    assert first.status_code == 201, first.text
    done = first.json()
    assert {**done, "id": ""} == {
        "id": "", "member_id": member, "kind": "matched", "tier": "gold", "state": "held",
        "until_at": "2026-04-01T22:00:00Z", "answer_by": None, "member_tier": "gold",
    }  # fmt: skip
    shop.post("/v1/activities", buys("T-1", 4_000))
    (kept,) = shop.get(f"/v1/members/{member}/tier-grants").json()["items"]
    assert (kept["state"], kept["asks"], kept["earned"]) == ("held", 15000, 4000)
    ended = shop.post(f"/v1/tier-grants/{done['id']}/end", {"reason": "by mistake"})
    assert (ended.status_code, ended.json()["state"], ended.json()["member_tier"]) == (
        200, "ended", None,
    )  # fmt: skip
    assert shop.get(f"/v1/members/{member}/standing").json()["tier"] is None


def test_invited_and_accepted(shop: Counter) -> None:
    member = shop.joined("T-2")
    shop.post("/v1/activities", buys("T-2", 60_000))
    (one,) = shop.get("/v1/tiers/black/eligible").json()["items"]
    had = {"reached": 60000, "needed": 50000, "or_reached": None, "or_needed": None}
    assert one == {"member_id": member, "tier": "gold", **had}
    wish = {"member": {"card": "T-2"}, "tier": "black", "reason": "our best"}
    asked = shop.post("/v1/tier-invitations", wish).json()
    assert (asked["state"], asked["member_tier"]) == ("waiting", "gold")
    assert shop.get("/v1/tiers/black/eligible").json()["items"] == []
    yes = shop.post(f"/v1/tier-invitations/{asked['id']}/accept", {})
    assert (yes.status_code, yes.json()["member_tier"]) == (200, "black")
    no = shop.post(f"/v1/tier-invitations/{asked['id']}/decline", {})
    assert problem(no) == (409, "not_invited", "")


def test_what_is_wrong_is_said_with_its_field(shop: Counter) -> None:
    shop.joined("T-3")
    wish = {"member": {"card": "T-3"}, "tier": "diamond", "reason": "our best"}
    assert problem(shop.post("/v1/tier-grants", wish)) == (404, "no_such_tier", "")
    no = shop.post("/v1/tier-grants", wish | {"tier": "gold", "reason": ""})
    assert problem(no) == (422, "invalid", "/reason")
    assert problem(shop.get("/v1/tiers/gold/eligible")) == (404, "not_found", "")
    nothing = "tgr_" + "0" * 31 + "1"
    ended = shop.post(f"/v1/tier-grants/{nothing}/end", {"reason": "why not"})
    assert problem(ended) == (404, "not_found", "")


def test_how_somebody_came_to_their_tier_is_told_to_them_and_to_support(shop: Counter) -> None:
    member = shop.joined("T-4")
    sold = shop.post("/v1/activities", buys("T-4", 30_000)).json()
    wish = {"member": {"card": "T-4"}, "tier": "black", "kind": "granted", "reason": "our best"}
    given = shop.post("/v1/tier-grants", wish | {"until_at": "2026-05-01T00:00:00Z"}).json()
    path = f"/v1/members/{member}/tier-moves"
    by_hand, reached = shop.get(path).json()["items"]
    assert {name: reached[name] for name in ("tier_before", "tier", "reason", "activity_id")} == {
        "tier_before": None, "tier": "gold", "reason": "reached", "activity_id": sold["id"],
    }  # fmt: skip
    assert (reached["credit"], reached["program_version"], reached["grant_id"]) == (30000, 1, None)
    assert reached["credit"] >= reached["needed"] > 0
    assert (reached["credit_from"], by_hand["credit_from"]) == ("decision", "decision")
    assert reached["says"] == [
        "Since March 2, 2026: gold (before: no tier).",
        "With what was collected by then it was reached.",
        "It holds until January 1, 2028.",
    ]
    assert (by_hand["reason"], by_hand["grant_id"]) == ("granted", given["id"])
    assert (by_hand["activity_id"], by_hand["until_at"]) == (None, "2026-05-01T00:00:00Z")
    german = shop.get(f"{path}?language=de").json()["items"][0]["says"]
    assert german == [
        "Seit 2. März 2026: black (davor: gold).",
        "Es wurde von Hand vergeben.",
        "Es gilt bis 1. Mai 2026.",
    ]
    again = shop.post("/v1/activities", buys("T-4", 1_000)).json()
    club = shop.get(f"{path}?ladder=club&language=de").json()["items"]
    assert [(one["tier"], one["activity_id"]) for one in club] == [
        ("regular", again["id"]), ("guest", sold["id"])
    ]  # fmt: skip
    assert (club[0]["needed"], club[0]["credit"], club[0]["credit_from"]) == (2, 2, "reckoned")
    assert club[0]["says"][:2] == [
        "Seit 2. März 2026: Stammgast (davor: guest).",
        "Mit dem, was bis dahin gesammelt war, war das erreicht.",
    ]
    assert problem(shop.get(f"{path}?ladder=pub"))[1:] == ("invalid", "/ladder")
    assert problem(shop.get("/v1/members/mem_" + "1" * 32 + "/tier-moves"))[1] == "unknown_member"
