"""Benefits over HTTP: asked about, used, taken back, granted, listed."""

from collections.abc import Iterator

import pytest
from tests.flows.members.benefits.test_benefits import WINGS
from tests.makers import Shop
from tests.surfaces.counter import Counter, buys, problem


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, WINGS))  # type: ignore[arg-type]
    yield opened
    opened.close()


def gold(shop: Counter, card: str) -> str:
    member = shop.joined(card)
    shop.post("/v1/activities", buys(card, 20_000))
    return member


def test_used_and_taken_back(shop: Counter) -> None:
    member = gold(shop, "U-1")
    wish = {"member": {"card": "U-1"}, "benefit": "companion", "details": {"companion": "Nil"}}
    first = shop.post("/v1/benefit-uses", wish)
    assert first.status_code == 201
    done = first.json()
    assert {**done, "id": ""} == {
        "id": "", "member_id": member, "benefit": "companion", "state": "used", "left": 1,
        "granted": False, "times": 1, "guests": 0, "from_at": None, "until_at": None,
        "came_at": None,
    }  # fmt: skip
    asked = f"/v1/members/{member}/benefits/companion"
    assert shop.get(asked).json()["left"] == 1
    undone = shop.post(f"/v1/benefit-uses/{done['id']}/undo", {})
    assert (undone.status_code, undone.json()["state"], undone.json()["left"]) == (200, "undone", 2)
    (kept,) = shop.get(f"/v1/members/{member}/benefit-uses").json()["items"]
    assert (kept["state"], kept["details"]) == ("undone", {"companion": "Nil"})
    assert (kept["worth"], kept["cost"]) == (
        {"minor": 8000, "currency": "EUR"}, {"minor": 2500, "currency": "EUR"},
    )  # fmt: skip


def test_one_question_opens_every_gate(shop: Counter) -> None:
    member = gold(shop, "G-1")
    all_of_them = shop.get(f"/v1/members/{member}/benefits?channel=web").json()["items"]
    assert {one["benefit"]: one["may"] for one in all_of_them} == {
        "companion": True, "delivery": True, "lounge": True, "upgrade": True, "drop": False,
        "concierge": False,
    }  # fmt: skip
    asked = f"/v1/members/{member}/benefits/drop?sku=shoe"
    no = shop.get(asked).json()
    assert no["may"] is False
    assert no["why_not"]["code"] == "not_now"
    assert no["opens_at"] == "2026-10-07T22:00:00Z"
    later = shop.get(f"{asked}&at=2026-10-07T22:00:00Z").json()
    assert (later["may"], later["why_not"]) == (True, None)


def test_a_grant_by_hand_opens_what_a_tier_does_not(shop: Counter) -> None:
    member = shop.joined("H-1")
    wish = {"member": {"card": "H-1"}, "benefit": "concierge"}
    assert problem(shop.post("/v1/benefit-uses", wish))[:2] == (409, "not_granted")
    granted = shop.post("/v1/benefit-grants", wish | {"reason": "a long wait", "times": 1})
    assert (granted.status_code, granted.json()["times"]) == (201, 1)
    used = shop.post("/v1/benefit-uses", wish).json()
    assert (used["member_id"], used["granted"], used["left"]) == (member, True, 0)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/benefits/spaceship", "unknown_benefit"),
        ("/benefits/drop?at=2001-01-01T00:00:00Z", "invalid"),
        ("/benefits?colour=red", "bad_parameter"),
    ],
)
def test_bad_questions_are_said_to_be_bad(shop: Counter, path: str, code: str) -> None:
    member = shop.joined("B-1") if path.endswith("red") else gold(shop, f"B{len(path)}")
    assert problem(shop.get(f"/v1/members/{member}{path}"))[1] == code


def test_a_name_nobody_knows_is_answered_alike_wherever_it_is_said(shop: Counter) -> None:
    member = gold(shop, "N-1")
    named = {"member": {"card": "N-1"}}
    answers = {
        "may": shop.get(f"/v1/members/{member}/benefits/spaceship"),
        "use": shop.post("/v1/benefit-uses", named | {"benefit": "spaceship"}),
        "grant": shop.post("/v1/benefit-grants", named | {"benefit": "spaceship", "reason": "so"}),
        "redeem": shop.post("/v1/redemptions", named | {"reward": "spaceship"}),
    }
    assert {asked: problem(answer)[:2] for asked, answer in answers.items()} == {
        "may": (404, "unknown_benefit"), "use": (404, "unknown_benefit"),
        "grant": (404, "unknown_benefit"), "redeem": (404, "unknown_reward"),
    }  # fmt: skip


def test_a_use_names_what_is_missing(shop: Counter) -> None:
    gold(shop, "M-1")
    wish = {"member": {"card": "M-1"}, "benefit": "companion"}
    answer = shop.post("/v1/benefit-uses", wish)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/details/companion"
    nothing = shop.post(f"/v1/benefit-uses/use_{1:032x}/undo", {})
    assert problem(nothing)[:2] == (404, "not_found")
    absurd = shop.post("/v1/benefit-uses", wish | {"details": {"companion": ""}})
    assert absurd.status_code in (400, 422)
