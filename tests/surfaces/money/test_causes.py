"""Over HTTP: what is given to causes in members' place, by all of them and by one."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.makers import Shop
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter, buys, problem

GIVING = """
regulars: 1
program: giving
name: Giving
currency: EUR
zone: Europe/Berlin
wallets: {leaves: {name: Leaves}}
rules:
  - {id: leaf, on: purchase, wallet: leaves, award: {give: per_amount, points: 1, per: "1.00"}}
rewards:
  - id: tree
    name: A tree
    price: {leaves: 50}
    worth: "5.00"
    gives: {kind: donation, cause: City forest, amount: "5.00"}
  - id: meal
    name: A meal
    price: {leaves: 20}
    worth: "2.00"
    gives: {kind: donation, cause: Soup kitchen, amount: "2.00"}
"""


@pytest.fixture(scope="module")
def shop(database: object) -> Iterator[Counter]:
    opened = Counter(Shop.open(database, GIVING))  # type: ignore[arg-type]
    yield opened
    opened.close()


def give(shop: Counter, card: str, reward: str, **more: Any) -> str:
    wish = {"member": {"card": card}, "reward": reward, **more}
    done = shop.post("/v1/redemptions", wish)
    assert done.status_code == 201, done.text
    return str(done.json()["id"])


def given(shop: Counter, path: str = "/v1/causes") -> list[tuple[str, int, int, int]]:
    answer = shop.get(path)
    assert answer.status_code == 200, answer.text
    return [
        (one["cause"], one["amount"]["minor"], one["times"], one["members"])
        for one in answer.json()["items"]
    ]


def looked_at(shop: Counter, ada: str) -> None:
    """The same on her card, and for who keeps the books; until now only the API told it."""
    pocket = Pocket(shop, ada)
    assert 'href="/card/me/causes"' in pocket.get("/card/me").text
    card = " ".join(re.sub(r"<[^>]+>", " ", pocket.get("/card/me/causes").text).split())
    assert "City forest €10.00 2 donations · last on" in card
    assert "Soup kitchen" not in card, "that was others, or is only reserved"
    books = Browser(shop)
    books.sign_in(somebody(shop, "finance").email)
    assert 'href="/console/reports/causes"' in books.get("/console/reports").text
    page = " ".join(re.sub(r"<[^>]+>", " ", books.get("/console/reports/causes").text).split())
    assert re.search(r"City forest €15\.00 3 2 .*Soup kitchen €2\.00 1 1 ", page)


def test_before_anything_was_given_the_pages_say_so(shop: Counter) -> None:
    cleo = Pocket(shop, shop.joined("C-1"))
    assert "Nothing given yet" in cleo.get("/card/me/causes").text
    marketer = Browser(shop)
    marketer.sign_in(somebody(shop, "marketer").email)
    assert "/console/reports/causes" not in marketer.get("/console/reports").text
    assert marketer.get("/console/reports/causes").status_code == 403


def test_what_was_taken_is_given_and_what_was_let_go_is_not(shop: Counter) -> None:
    assert given(shop) == []
    ada, ben = shop.joined("A-1"), shop.joined("B-1")
    for card in ("A-1", "B-1"):
        shop.post("/v1/activities", buys(card, 40_000))
    for _ in range(2):
        give(shop, "A-1", "tree", capture=True)
    give(shop, "B-1", "tree", capture=True)
    give(shop, "B-1", "meal", capture=True)
    shop.post(f"/v1/redemptions/{give(shop, 'A-1', 'meal')}/void", {})
    give(shop, "A-1", "meal")  # reserved, and nobody said yet that it is meant
    assert given(shop) == [("City forest", 1_500, 3, 2), ("Soup kitchen", 200, 1, 1)]
    looked_at(shop, ada)
    assert given(shop, f"/v1/members/{ada}/causes") == [("City forest", 1_000, 2, 1)]
    # What is promised from now on changes nothing of what was given.
    dearer = GIVING.replace('amount: "5.00"', 'amount: "4.00"').replace("City forest", "Wood")
    assert shop.post("/v1/programs/versions", {"source": dearer}).status_code == 201
    assert given(shop)[0] == ("City forest", 1_500, 3, 2)
    # Two who turn out to be one gave it all.
    merged = shop.post(f"/v1/members/{ben}/merge", {"into": {"id": ada}, "reason": "one person"})
    assert merged.status_code == 200, merged.text
    assert given(shop) == [("City forest", 1_500, 3, 1), ("Soup kitchen", 200, 1, 1)]
    for who in (ada, ben):
        assert given(shop, f"/v1/members/{who}/causes") == given(shop)


def test_of_nobody_nothing_was_given(shop: Counter) -> None:
    nobody = "mem_01a2241a5df5768580b9ba649ac96254"
    assert problem(shop.get(f"/v1/members/{nobody}/causes"))[:2] == (404, "unknown_member")
    assert problem(shop.get("/v1/members/somebody/causes"))[0] == 404
