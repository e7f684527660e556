"""A partner's file of sales: each row once, by its contract, or kept with the field that failed."""

from __future__ import annotations

from tests.books import assert_books_right
from tests.surfaces.connect.feeds.partners.agency import Agency, booked
from tests.surfaces.connect.inlets.sender import Sender

from regulars.surfaces.connect.inlets.mapping import MappingFault, read_mapping


def test_each_sale_of_a_file_is_credited_once_and_priced(agency: Agency) -> None:
    ada = agency.ada()
    row = booked("B-1", ada)
    assert agency.drops("monday.csv", row) == [("booked", "partner", "")]
    assert (agency.miles(), agency.balance()) == (200, -200)
    later = booked("B-2", ada, total="50.49")
    assert agency.drops("tuesday.csv", row, later)[1:] == [("booked", "partner", "")]
    assert (agency.miles(), agency.balance()) == (300, -300)  # 50.49 are 100 miles, cut off
    told_otherwise = booked("B-1", ada, passenger="A SEN")
    assert agency.drops("late.csv", told_otherwise)[2:] == [("refused", "key_reused", "booking")]
    assert agency.miles() == 300
    agency.shop.run(assert_books_right(agency.shop.made.owner_dsn))


def test_what_does_not_count_is_kept_with_the_field_that_failed(agency: Agency) -> None:
    ada = agency.ada()
    slip = ada[:-1] + str((int(ada[-1]) + 1) % 10)
    rows = (
        booked("B-1", slip),
        booked("B-2", ada, passenger="MUELLER/EVA"),
        booked("B-3", "79927398713"),
        booked("B-4", ada, travelled="31.01.2026"),
        booked("B-5", ada, total="6000.00"),
        booked("B-6", ada, currency="USD"),
        booked("", ada),
        booked("B-8", ada, total="0.00"),
        booked("B-9", ada),
    )
    states = sorted(agency.drops("a.csv", *rows))
    assert states == sorted(
        [
            ("unfit", "unfit", "member"),
            ("refused", "name_mismatch", "passenger"),
            ("refused", "unknown_member", "member"),
            ("refused", "no_contract", "travelled"),
            ("refused", "partner_limit_reached", "total"),
            ("unfit", "unfit", "currency"),
            ("unfit", "unfit", "booking"),
            ("unfit", "unfit", "total"),
            ("booked", "partner", ""),
        ]
    )
    assert (agency.miles(), agency.balance()) == (200, -200)


def test_what_was_refused_is_run_again_once_it_is_mended(agency: Agency) -> None:
    states = agency.drops("a.csv", booked("B-1", agency.digits))
    assert states == [("refused", "unknown_member", "member")]
    agency.ada()
    again = agency.counter.post(f"{agency.feed.place}/again")
    assert again.status_code == 202, again.text
    agency.feed.book()
    assert agency.feed.states() == [("booked", "partner", "")]
    assert agency.miles() == 200


def test_a_sale_our_own_till_told_counts_once_whoever_is_first(agency: Agency) -> None:
    ada = agency.ada()
    first, second = f"K-{agency.feed.mark}", f"L-{agency.feed.mark}"
    sold = {"kind": "purchase", "source": "on-board", "member": {"card": agency.card}}
    money = {"amount": {"minor": 10_000, "currency": "EUR"}}
    told = agency.counter.post("/v1/activities", {**sold, **money, "external_id": first})
    assert told.status_code == 201, told.text
    had = agency.miles()
    states = agency.drops("a.csv", booked("B-1", ada, receipt=first))
    assert states == [("refused", "key_reused", "receipt")]
    assert agency.drops("b.csv", booked("B-2", ada, receipt=second))[1][0] == "booked"
    assert agency.miles() == had + 200
    late = agency.counter.post("/v1/activities", {**sold, **money, "external_id": second})
    assert late.status_code == 409
    assert late.json()["code"] == "receipt_reused"
    assert agency.miles() == had + 200


def test_a_receipt_of_somebody_erased_is_refused_and_no_mistake(agency: Agency) -> None:
    ada = agency.ada()
    ours, theirs = f"O-{agency.feed.mark}", f"T-{agency.feed.mark}"
    sold = {"kind": "purchase", "source": "on-board"}
    money = {"amount": {"minor": 10_000, "currency": "EUR"}}
    whose = {"member": {"card": agency.card}, "external_id": ours}
    told = agency.counter.post("/v1/activities", sold | money | whose)
    agency.drops("a.csv", booked("B-1", ada, receipt=theirs))
    gone = agency.counter.ask("DELETE", f"/v1/members/{told.json()['member_id']}")
    assert gone.status_code == 200, gone.text
    late = agency.counter.post("/v1/activities", sold | money | {"external_id": theirs})
    assert (late.status_code, late.json()["code"]) == (409, "receipt_reused")
    states = agency.drops("b.csv", booked("B-2", ada, receipt=ours))
    assert ("refused", "key_reused", "receipt") in states


def test_a_booking_that_was_cancelled_takes_miles_and_price_back(agency: Agency) -> None:
    ada = agency.ada()
    back = booked("B-1", ada, what="cancelled")
    states = agency.drops("a.csv", back, booked("B-1", ada))
    assert states == [("booked", "partner", "")] * 2
    assert (agency.miles(), agency.balance()) == (0, 0)


def test_a_return_waits_for_its_sale_for_some_days(agency: Agency) -> None:
    ada = agency.ada()
    early, never = (booked(name, ada, what="cancelled") for name in ("B-1", "B-9"))
    waits = ("waiting", "no_sale_yet", "booking")
    assert agency.drops("a.csv", early, never) == [waits] * 2
    agency.feed.book()
    assert agency.feed.states() == [waits] * 2  # it is not its turn yet
    assert agency.drops("b.csv", booked("B-1", ada))[2:] == [("booked", "partner", "")]
    agency.feed.later(hours=6)
    agency.feed.book()
    assert agency.feed.states()[:2] == [("booked", "partner", ""), waits]
    assert (agency.miles(), agency.balance()) == (0, 0)
    agency.feed.later(days=7)
    agency.feed.book()
    assert agency.feed.states()[1] == ("refused", "not_found", "booking")
    agency.shop.run(assert_books_right(agency.shop.made.owner_dsn))


def test_a_partner_tells_by_its_own_webhook_too(agency: Agency) -> None:
    ada = agency.ada()
    own = f"""\
mapping: hook
title: Bookings
source: web-shop
events:
  booking.made:
    partner:
      partner: {agency.slug}
      wallet: award
      external_id: data.id
      units: data.miles
      card: {{column: data.member, prefix: AIR}}
      name: data.given
      family_name: data.family
"""
    hook = Sender(agency.counter, own)
    sale = {"id": "W-1", "miles": 75, "member": ada, "given": "Ada", "family": "Sen"}
    payload = {"type": "booking.made", "data": sale}
    tried = agency.counter.post(f"{hook.place}/try", {"payload": payload})
    assert tried.json()["partner"]["units"] == 75
    assert hook.send("w1", payload).status_code == 202
    hook.book()
    assert hook.states() == [("booked", "partner", "")]
    assert (agency.miles(), agency.balance()) == (75, -75)
    shown = agency.counter.get(f"{hook.place}/events").json()["items"][0]
    entry = agency.counter.get(f"{hook.place}/events/{shown['id']}").json()["entry"]
    assert (entry["first"], entry["id"][:4]) == (True, "pen_")


def test_who_is_erased_is_in_no_event_of_a_partner_any_more(agency: Agency) -> None:
    own = f"E-{agency.feed.mark}"
    agency.drops("a.csv", booked(own, agency.ada()))
    (member,) = agency.shop.rows(
        "select member_id from partner_entry where program_id = $1 and external_id = $2",
        own,
    )
    done = agency.counter.ask("DELETE", f"/v1/members/mem_{member[0].hex}")
    assert done.status_code == 200, done.text
    (body,) = agency.shop.rows(
        "select body from arrival where program_id = $1 and inlet_id = $2::text::uuid",
        agency.feed.made["id"].removeprefix("inl_"),
    )
    assert body == (None,)


def test_a_mapping_that_makes_no_sense_is_told_with_its_line() -> None:
    text = """\
mapping: agency
title: Agency
source: agency
events:
  "*":
    partner: {partner: agency, wallet: award, external_id: a, amount: b, receipt: c, since: soon}
"""
    try:
        read_mapping(text)
    except MappingFault as fault:
        says = " ".join(str(one) for one in fault.problems)
    for word in ("whose it is", "what an amount earns", "who tells this receipt", "this is no day"):
        assert word in says
