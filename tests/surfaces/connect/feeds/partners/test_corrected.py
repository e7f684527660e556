"""What a partner corrects: a row told otherwise, rows below nothing, members merged or erased."""

from __future__ import annotations

from tests.books import assert_books_right
from tests.surfaces.connect.feeds.partners.agency import Agency, booked


def test_a_row_that_a_later_file_replaces_counts_by_its_return_and_a_number_of_its_own(
    agency: Agency,
) -> None:
    ada = agency.ada()
    assert agency.drops("1.csv", booked("B-1", ada)) == [("booked", "partner", "")]
    # Told once more with another total it is refused, and the first stands.
    states = agency.drops("2.csv", booked("B-1", ada, total="40.00"))
    assert states[1:] == [("refused", "key_reused", "booking")]
    assert (agency.miles(), agency.balance()) == (200, -200)
    # The way that is agreed: taken back, and told under a number of its own.
    states = agency.drops(
        "3.csv", booked("B-1", ada, what="cancelled"), booked("B-1a", ada, total="40.00")
    )
    assert states[2:] == [("booked", "partner", "")] * 2
    assert (agency.miles(), agency.balance()) == (80, -80)
    # The whole file once more, and the correction in another order: nothing changes.
    agency.drops(
        "4.csv", booked("B-1a", ada, total="40.00"), booked("B-1", ada, what="cancelled"),
        booked("B-1", ada),
    )  # fmt: skip
    assert (agency.miles(), agency.balance()) == (80, -80)
    agency.shop.run(assert_books_right(agency.shop.made.owner_dsn))


def test_a_row_below_nothing_is_unfit_and_says_what_to_send(agency: Agency) -> None:
    ada = agency.ada()
    states = agency.drops("a.csv", booked("B-1", ada, total="-100.00"), booked("B-2", ada))
    assert sorted(states) == [("booked", "partner", ""), ("unfit", "unfit", "total")]
    (one,) = agency.counter.get(f"{agency.feed.place}/events?state=unfit").json()["items"]
    assert (one["reason"], one["mend"]) == (
        "-200 units are none to book",
        "Leave such rows aside with `skip`, or have the partner mend it",
    )
    assert (agency.miles(), agency.balance()) == (200, -200)


def test_a_number_of_somebody_merged_is_who_they_are_by_now_and_erased_it_is_nobodys(
    agency: Agency,
) -> None:
    ada, counter = agency.ada(), agency.counter
    assert agency.drops("a.csv", booked("B-1", ada)) == [("booked", "partner", "")]
    before = counter.get(f"/v1/members?card={agency.card}").json()["items"][0]["id"]
    named = {"kind": "card", "value": f"S-{agency.feed.mark}"}
    said = {"identifiers": [named], "given_name": "Ada", "family_name": "Sen"}
    stays = counter.post("/v1/members", said).json()["id"]
    wish = {"into": {"id": stays}, "reason": "one person"}
    assert counter.post(f"/v1/members/{before}/merge", wish).status_code == 200
    rows = (booked("B-1", ada), booked("B-2", ada), booked("B-1", ada, what="cancelled"))
    states = agency.drops("b.csv", *rows)
    assert states[1:] == [("booked", "partner", "")] * 2
    assert agency.shop.balances(str(named["value"]))["award"][0] == 200
    assert agency.balance() == -200
    assert counter.ask("DELETE", f"/v1/members/{stays}").status_code == 200
    states = agency.drops("c.csv", booked("B-3", ada), booked("B-2", ada, what="cancelled"))
    assert next(state for state, *_ in states[3:]) == "refused"
    agency.shop.run(assert_books_right(agency.shop.made.owner_dsn))
