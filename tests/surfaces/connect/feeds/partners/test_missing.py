"""A member claims on the card what is missing; a return of what a partner told does not wait."""

from __future__ import annotations

import re

import pytest
from tests.surfaces.card.pocket import Pocket
from tests.surfaces.connect.feeds.partners.agency import Agency, booked
from tests.surfaces.counter import problem

from regulars.flows.recording.catch_up import catch_up_returns
from regulars.records.members.types import Identifier, JoinMember

AT = "/card/me/missing"


@pytest.fixture
def pocket(agency: Agency) -> Pocket:
    """Ada's telephone."""
    card = (Identifier("card", agency.card),)
    return carried(agency, JoinMember(identifiers=card, given_name="Ada", family_name="Sen"))


def carried(agency: Agency, who: JoinMember) -> Pocket:
    """The telephone of somebody who joins."""
    (joined,) = agency.shop.join(who)
    return Pocket(agency.counter, f"mem_{joined.member_id.hex}")


def told(agency: Agency, **more: str) -> dict[str, str]:
    """What somebody types who misses 200 miles of the day before."""
    said = {"of": f"{agency.slug}:award", "number": "SUN-1", "day": "2026-03-01", "units": "200"}
    return said | more


def waiting(agency: Agency) -> list[str]:
    page = agency.counter.get(f"/v1/partner-claims?partner={agency.slug}").json()
    return [one["external_id"] for one in page["items"]]


def test_a_claim_is_met_by_what_the_partner_tells_later(agency: Agency, pocket: Pocket) -> None:
    assert "A flight or a stay is missing?" in pocket.get("/card/me").text
    page = pocket.get(AT).text
    once = re.search(r'name="once" value="([0-9a-f]{32})"', page)
    assert once is not None
    sent = told(agency, once=once[1], why="Seat 3C")
    assert pocket.send(AT, **sent).headers["location"] == f"{AT}?done=yes"
    assert pocket.send(AT, **sent).status_code == 303, "the same form sent twice"
    assert waiting(agency) == ["SUN-1"]
    shown = pocket.get(AT).text
    for said in ("SUN-1", "Somebody looks at it", "until 1 Apr 2026 at the latest"):
        assert said in shown, said
    agency.drops("a.csv", booked("SUN-1", agency.digits))
    assert (agency.miles(), waiting(agency)) == (200, [])
    assert "It is yours" in pocket.get(AT).text
    again = pocket.send(AT, **told(agency))
    assert again.status_code == 422
    assert 'id="number-wrong"' in again.text, "it is in the account"


WRONG = (
    ("number", "  ", "Say the number"),
    ("day", "yesterday", "Say the day"),
    ("day", "2026-03-09", "it cannot lie ahead"),
    ("day", "2025-06-01", "Nothing was agreed"),
    ("units", "0", "as a whole number above nothing"),
    ("units", "two", "as a whole number above nothing"),
    ("of", "", "Choose with whom"),
    ("of", "nobody:award", "no such partner"),
    ("of", "AGENCY:gold", "no wallet"),
)


def test_what_cannot_be_claimed_is_said_at_its_field(agency: Agency, pocket: Pocket) -> None:
    for field, typed, says in WRONG:
        said = told(agency, **{field: typed.replace("AGENCY", agency.slug)})
        no = pocket.send(AT, **said)
        assert no.status_code == 422, (field, typed, no.text)
        wrong = re.search(rf'id="{field}-wrong">(.*?)</span>', no.text, re.DOTALL)
        assert wrong is not None, (field, typed, no.text)
        assert says in wrong[1], (field, typed, wrong[1])
    assert waiting(agency) == []


def test_what_somebody_else_claimed_is_not_claimed_again(agency: Agency, pocket: Pocket) -> None:
    other = JoinMember(identifiers=(Identifier("card", f"{agency.card}-2"),), given_name="Bo")
    bo = carried(agency, other)
    assert bo.send(AT, **told(agency)).status_code == 303
    no = pocket.send(AT, **told(agency))
    assert (no.status_code, 'id="number-wrong"' in no.text) == (422, True)
    assert "SUN-1" not in pocket.get(AT).text, "what is another's is not told"


def test_a_return_at_our_till_of_what_a_partner_told_does_not_wait_for_ever(agency: Agency) -> None:
    ada, shop = agency.ada(), agency.shop
    first, second = f"T-{agency.feed.mark}", f"U-{agency.feed.mark}"
    back = {"kind": "return", "source": "on-board", "member": {"card": agency.card}}
    early = agency.counter.post(
        "/v1/activities",
        back
        | {"external_id": f"r-{second}", "sale": {"source": "on-board", "external_id": second}},
    )
    assert early.json()["state"] == "waiting", early.text
    agency.drops("a.csv", booked("B-1", ada, receipt=first), booked("B-2", ada, receipt=second))
    assert agency.miles() == 400
    late = agency.counter.post(
        "/v1/activities",
        back | {"external_id": f"r-{first}", "sale": {"source": "on-board", "external_id": first}},
    )
    assert problem(late)[:2] == (422, "invalid")
    assert "the partner tell" in late.text
    assert shop.do(lambda tx, terms: catch_up_returns(tx, terms, 100)) == 1
    assert shop.do(lambda tx, terms: catch_up_returns(tx, terms, 100)) == 0
    told = shop.rows("select settled_at, refused_at from waiting_return where program_id = $1")
    assert [(settled, refused is None) for settled, refused in told] == [(None, False)]
    assert agency.miles() == 400, "it goes back by the partner"
    agency.drops("b.csv", booked("B-1", ada, what="cancelled"))
    assert agency.miles() == 200
