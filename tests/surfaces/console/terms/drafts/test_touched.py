"""Whom a draft would move on a further ladder: by name, fifty to a page, and how many."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.flows.terms.test_planning_ladders import HERE, STEEPER
from tests.makers import buys, named
from tests.surfaces.console.browser import Browser, somebody
from tests.surfaces.counter import Counter

from regulars.records.members.types import MemberRef

PAGE = "/console/program/drafts/steeper/people"
MANY = 60


@pytest.fixture(scope="module")
def club(database: object) -> Iterator[Counter]:
    """A shop with a club beside the tiers, and sixty regulars of it."""
    counter = Counter.open(database, source=HERE)  # type: ignore[arg-type]
    shop = counter.shop
    for n in range(MANY):
        told = [{"kind": "external", "value": f"reader-{n}"}]
        body = {"identifiers": told, "given_name": f"Reader{n:02}"}
        assert counter.post("/v1/members", body).status_code == 201
    who = [MemberRef(external=f"reader-{n}") for n in range(MANY)]
    shop.record(*(buys(one, 100) for one in who for _ in range(3)))
    shop.now += timedelta(hours=1)
    yield counter
    counter.close()


def test_regulars_of_a_club_are_named_page_by_page(club: Counter) -> None:
    owner = Browser(club)
    owner.sign_in(somebody(club).email)
    assert owner.post("/console/program/drafts", {"name": "steeper"}).status_code == 303
    file = {"source": named(STEEPER, club.shop.terms.slug), "revision": "1"}
    assert owner.post("/console/program/drafts/steeper", file).status_code == 303
    draft = owner.get("/console/program/drafts/steeper").text
    assert "See them by name" in draft
    assert re.search(r"Keep what they were promised[^<]*<span[^>]*><bdi>", draft)
    first = owner.get(PAGE).text  # only the club changes: it is what is shown
    seen = re.findall(r"<bdi>(Reader\d\d)</bdi>", first)
    assert len(seen) == 50
    following = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert following is not None
    address = following[1].replace("&amp;", "&")
    assert "ladder=club&what=kept" in address
    last = owner.get(address).text
    seen += re.findall(r"<bdi>(Reader\d\d)</bdi>", last)
    assert sorted(seen) == [f"Reader{n:02}" for n in range(MANY)]
    assert "after=" not in last
    assert "Nobody" in owner.get(f"{PAGE}?ladder=club&what=wins").text
    assert owner.get(f"{PAGE}?ladder=nonsense&what=kept").status_code == 200
