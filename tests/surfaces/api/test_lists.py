"""Lists come in pages: everything once, whatever is added meanwhile."""

from typing import Any

from tests.surfaces.counter import Counter, coffee


def walked(counter: Counter, path: str, between: Any = lambda: None) -> list[dict[str, Any]]:
    """Every item of a list, page by page, with something happening between pages."""
    found: list[dict[str, Any]] = []
    joint = "&" if "?" in path else "?"
    page = counter.get(path).json()
    found += page["items"]
    while page["has_more"]:
        between()
        page = counter.get(f"{path}{joint}cursor={page['next_cursor']}").json()
        found += page["items"]
    assert page["next_cursor"] is None
    return found


def test_members_are_listed_once_while_others_join(counter: Counter) -> None:
    ids = {counter.joined(f"L-{n}") for n in range(7)}
    late: list[str] = []

    def somebody_joins() -> None:
        if len(late) < 5:
            late.append(counter.joined(f"L-late-{len(late)}"))

    found = [one["id"] for one in walked(counter, "/v1/members?limit=2", somebody_joins)]
    assert len(found) == len(set(found))
    assert ids <= set(found)


def test_entries_are_listed_once_while_more_is_earned(counter: Counter) -> None:
    member = counter.joined("L-e")
    for _ in range(5):
        counter.post("/v1/activities", coffee("L-e"))
    path = f"/v1/members/{member}/entries?limit=2"
    found = walked(counter, path, lambda: counter.post("/v1/activities", coffee("L-e")))
    ids = [one["id"] for one in found]
    assert len(ids) == len(set(ids)) == 5
    assert ids == sorted(ids, reverse=True)


def test_lots_come_in_the_order_they_are_spent(counter: Counter) -> None:
    member = counter.joined("L-l")
    for _ in range(4):
        counter.post("/v1/activities", coffee("L-l"))
    found = walked(counter, f"/v1/members/{member}/lots?limit=3")
    assert len({one["id"] for one in found}) == len(found) == 8
    assert [one["wallet"] for one in found] == ["points"] * 4 + ["stamps"] * 4
    assert found[0]["expires_at"] == "2027-03-31T22:00:00Z"
    assert found[-1]["expires_at"] is None


def test_a_full_last_page_says_that_it_is_the_last(counter: Counter) -> None:
    member = counter.joined("L-full")
    for _ in range(2):
        counter.post("/v1/activities", coffee("L-full"))
    page = counter.get(f"/v1/members/{member}/entries?limit=2").json()
    assert (len(page["items"]), page["has_more"], page["next_cursor"]) == (2, False, None)


def test_members_are_found_by_everything_they_gave(counter: Counter) -> None:
    body = {
        "identifiers": [
            {"kind": "phone", "value": "030 901820"},
            {"kind": "email", "value": "Ada@Example.org"},
            {"kind": "card", "value": "L/1 2+3"},
            {"kind": "external", "value": "crm-7"},
        ],
        "given_name": "Ada",
        "family_name": "Lovelace",
    }
    joined = counter.post("/v1/members", body).json()
    for query in (
        "phone=%2B4930901820",
        "phone=+49 30 901820".replace(" ", "%20"),
        "phone=030901820",
        "email=ada@example.ORG",
        "card=L/1%202%2B3",
        "external=crm-7",
        f"number={joined['number']}",
        "name=lovel",
        "name=Ada%20Love",
    ):
        found = counter.get(f"/v1/members?{query}").json()["items"]
        assert joined["id"] in [one["id"] for one in found], query
    assert counter.get("/v1/members?card=nobody").json()["items"] == []
