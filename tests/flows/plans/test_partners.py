"""Partners: priced to the cent, never beyond pack or limit, once, and back at the price it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.books import assert_books_right
from tests.flows.points.sharing import merge
from tests.makers import Shop, brings_back, buys

from regulars.base.faults import Invalid, NotFound, Refused
from regulars.engine.rewarding.partnering.statement import csv_of, statement
from regulars.flows.commands import Adjust
from regulars.flows.membership.erase_members import erase_members
from regulars.flows.points.partners.book_activities import (
    book_activities,
    book_payments,
    take_back,
)
from regulars.flows.points.partners.claim_activities import (
    decide_claims,
    file_claims,
    open_disputes,
)
from regulars.flows.points.partners.commands import (
    BookPayment,
    Decide,
    FileClaim,
    KeepPartner,
    OpenDispute,
    PartnerActivity,
    SignContract,
    TakeBack,
)
from regulars.flows.points.partners.keep_partners import keep_partners, sign_contracts
from regulars.records.members.types import EraseMember, MemberRef
from regulars.records.rewards.partners import read
from regulars.records.rewards.partners import read as partner_lines
from regulars.records.rewards.partners.read import open_claims

SKY = """
regulars: 1
program: sky
name: Sky
currency: EUR
zone: Europe/Berlin
wallets: {miles: {}}
rules:
  - {id: euro, on: purchase, wallet: miles, award: {give: per_amount, points: 1, per: "1.00"}}
"""
ADA = MemberRef(external="ada")
Open = Callable[[str], Shop]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    """Ada joined in January; the car rental has a pack of 10.00, 1,000 miles cost it 8.33."""
    return met(open_shop(SKY))


def met(shop: Shop) -> Shop:
    shop.at("2027-01-10T09:00")
    shop.joined("ada", given_name="Ada Maria", family_name="Şen")
    shop.at("2027-03-01T10:00")
    ask(shop, keep_partners, KeepPartner("cars", "Cars & Co", "mia"))
    sign(shop)
    pay(shop, 1_000, "pack-1")
    return shop


def ask(shop: Shop, flow: Any, command: Any) -> Any:
    (outcome,) = shop.ask(flow, command)
    return outcome


def sign(shop: Shop, **more: Any) -> Any:
    said = {
        "kind": "accrual",
        "price_minor": 833,
        "per_units": 1_000,
        "look_back_days": 30,
        "from_at": shop.local("2026-12-01 00:00"),
        "claim_from_days": 3,
    } | more
    wish = SignContract("cars", wallet="miles", currency="EUR", actor="mia", **said)
    return ask(shop, sign_contracts, wish)


def pay(shop: Shop, minor: int, number: str) -> Any:
    return ask(shop, book_payments, BookPayment("cars", minor, "EUR", number, "mia"))


def collects(shop: Shop, units: int, number: str, **more: Any) -> Any:
    said = {"kind": "accrual", "member": ADA, "actor": "cars"} | more
    command = PartnerActivity("cars", wallet="miles", units=units, external_id=number, **said)
    return ask(shop, book_activities, command)


def back(shop: Shop, of: str, number: str, units: int | None = None, **more: Any) -> Any:
    said = {"kind": "accrual", "actor": "cars"} | more
    return ask(shop, take_back, TakeBack("cars", of=of, external_id=number, units=units, **said))


def miles(shop: Shop, who: str = "ada") -> int:
    return shop.balances(who).get("miles", (0, 0, 0))[0]


def stands(shop: Shop) -> int:
    sql = "select balance_minor from partner_entry where program_id = $1 order by step desc limit 1"
    return int(shop.rows(sql)[0][0])


def books(shop: Shop) -> None:
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_an_activity_gives_miles_to_the_member_and_its_price_to_the_account(shop: Shop) -> None:
    done = collects(shop, 250, "r-1")
    assert (done.amount_minor, done.balance_minor, done.balances) == (-208, 792, {"miles": 250})
    assert collects(shop, 300, "r-2").amount_minor == -250
    assert (miles(shop), stands(shop)) == (550, 542)
    books(shop)


def test_a_partner_is_told_nothing_of_wallets_it_has_no_contract_about(open_shop: Open) -> None:
    shop = met(open_shop(SKY.replace("{miles: {}}", "{miles: {}, cash: {}}")))
    shop.adjust(Adjust(ADA, "cash", 90, "a present", "mia"))
    assert collects(shop, 250, "r-1").balances == {"miles": 250}
    assert shop.balances("ada")["cash"][0] == 90


def test_the_same_activity_comes_once_however_it_is_told(shop: Shop) -> None:
    first = collects(shop, 250, "r-1")
    again = collects(shop, 250, "r-1")
    assert (again.entry_id, again.replayed, miles(shop)) == (first.entry_id, True, 250)
    assert collects(shop, 300, "r-1").code == "key_reused"
    assert miles(shop) == 250


def test_a_pack_that_is_used_up_gives_no_more(shop: Shop) -> None:
    before = shop.counts()
    no = collects(shop, 1_202, "r-1")  # 10.01, and 1,201 are still 10.00
    assert (no.code, no.facts) == ("pack_used_up", {"left_minor": 1_000, "price_minor": 1_001})
    assert shop.counts() == before
    assert collects(shop, 1_201, "r-2").balance_minor == 0
    assert collects(shop, 1, "r-3").code == "pack_used_up"
    pay(shop, 1, "pack-2")
    assert collects(shop, 1, "r-4").balance_minor == 0
    books(shop)


def test_a_limit_is_never_passed_not_even_by_two_at_once(shop: Shop) -> None:
    sign(shop, limit_minor=833, from_at=shop.now)
    others = shop.joined("ben", "cem", "dan")  # nobody waits for the lock of a member

    def one(who: MemberRef) -> Any:
        number = f"r-{who.external}"
        command = PartnerActivity("cars", "accrual", who, "miles", 1_000, number, actor="cars")
        return lambda tx, terms: book_activities(tx, terms, [command])

    told, waited = shop.at_once(*(one(who) for who in (ADA, *others)))
    assert waited == {1, 2, 3}  # for the first, who booked and did not say yet that it is so
    answers = [each for (each,) in told]
    refused = [each for each in answers if isinstance(each, Refused)]
    assert [each.code for each in refused] == ["partner_limit_reached"] * 2
    assert sum(miles(shop, who) for who in ("ada", "ben", "cem", "dan")) == 2_000
    assert stands(shop) == 1_000 - 2 * 833
    books(shop)


def test_the_contract_that_was_in_force_counts(shop: Shop) -> None:
    sign(shop, price_minor=2_000, from_at=shop.local("2027-02-01 00:00"),
         until_at=shop.local("2027-03-01 00:00"))  # fmt: skip
    assert collects(shop, 100, "r-1").amount_minor == -83
    assert collects(shop, 100, "r-2", occurred_at=shop.local("2027-02-28 23:59")).amount_minor == (
        -200
    )
    old = collects(shop, 100, "r-3", occurred_at=shop.local("2026-11-30 12:00"))
    assert old.code == "no_contract"
    assert collects(shop, 100, "r-4", kind="redemption").code == "no_contract"


def test_before_somebody_joined_counts_as_far_as_is_looked_back(shop: Shop) -> None:
    assert collects(shop, 100, "r-1", occurred_at=shop.local("2026-12-11 09:00")).moved == 100
    no = collects(shop, 100, "r-2", occurred_at=shop.local("2026-12-11 08:59"))
    assert no.code == "before_enrolment"


@pytest.mark.parametrize(
    ("name", "fits"),
    [("SEN/ADA MRS", True), ("ada şen", True), ("A. Sen", True), ("Eda Sen", False),
     ("Ada", False), ("", False), ("Sen", False), ("Sen Maria", False)],
)  # fmt: skip
def test_a_name_that_does_not_fit_is_refused_and_never_told(
    shop: Shop, name: str, fits: bool
) -> None:
    sign(shop, name_check=True, from_at=shop.now)
    done = collects(shop, 100, "r-1", name=name)
    if fits:
        assert done.moved == 100
    else:
        assert (done.code, miles(shop), done.facts) == ("name_mismatch", 0, {})
        assert "sen" not in done.says.casefold()


def test_what_comes_back_takes_its_price_back_as_it_was_booked(shop: Shop) -> None:
    sign(shop, price_minor=100, per_units=3, from_at=shop.now)
    collects(shop, 3, "r-1")
    sign(shop, price_minor=500, per_units=3, from_at=shop.now)
    assert [back(shop, "r-1", f"b-{n}", 1).amount_minor for n in (1, 2, 3)] == [33, 33, 34]
    assert (miles(shop), stands(shop)) == (0, 1_000)
    assert back(shop, "r-1", "b-4").code == "nothing_left"
    assert back(shop, "r-1", "b-1", 1).replayed
    assert isinstance(back(shop, "r-9", "b-5"), NotFound)
    books(shop)


def test_of_what_was_spent_only_what_is_there_goes_back_and_the_price_all_the_same(
    shop: Shop,
) -> None:
    collects(shop, 300, "r-1")
    shop.adjust(Adjust(ADA, "miles", -200, "spent", "mia"))
    done = back(shop, "r-1", "b-1")
    assert (done.units, done.moved, done.amount_minor, stands(shop)) == (-300, -100, 250, 1_000)
    books(shop)


def test_who_spends_with_a_partner_pays_it_and_gets_it_back(shop: Shop) -> None:
    sign(shop, kind="redemption", price_minor=700)
    assert collects(shop, 10, "s-0", kind="redemption").code == "not_enough_points"
    collects(shop, 1_000, "r-1")
    done = collects(shop, 500, "s-1", kind="redemption")
    assert (done.amount_minor, done.moved, miles(shop)) == (350, -500, 500)
    assert stands(shop) == 1_000 - 833 + 350
    assert back(shop, "s-1", "b-1", kind="redemption").moved == 500
    assert (miles(shop), stands(shop)) == (1_000, 167)
    books(shop)


def test_a_statement_adds_up_and_ends_where_the_next_begins(shop: Shop) -> None:
    collects(shop, 250, "r-1")
    back(shop, "r-1", "b-1", 100)
    shop.at("2027-04-02T10:00")
    pay(shop, 500, "=pack-2")
    march = of_month(shop, "2027-03", "2027-04")
    april = of_month(shop, "2027-04", "2027-05")
    assert (march.opening_minor, march.payments_minor, march.accruals_minor) == (0, 1_000, -208)
    assert (march.corrections_minor, march.closing_minor) == (83, 875)
    assert (april.opening_minor, april.closing_minor, len(april.lines)) == (875, 1_375, 1)
    rows = csv_of(april, "EUR").splitlines()
    assert [row.split(",")[-1] for row in rows] == ["balance", "8.75", "13.75", "13.75"]
    assert "'=pack-2" in rows[2]


def of_month(shop: Shop, first: str, after: str, page: tuple[int, int] = (0, 100)) -> Any:
    span = (shop.local(f"{first}-01 00:00"), shop.local(f"{after}-01 00:00"))
    (id_,) = shop.rows("select partner_id from partner where program_id = $1")[0]
    return statement(*shop.do(lambda tx, _: read.between(tx, id_, span, page)))


def test_a_statement_by_pages_is_the_same_statement(shop: Shop) -> None:
    shop.at("2027-04-02T10:00")
    for number in range(3):
        collects(shop, 100, f"r-{number}")
    whole = of_month(shop, "2027-04", "2027-05")
    step, table, pages, page = 0, "", 0, None
    while page is None or (pages < 5 and not page.ends):
        page = of_month(shop, "2027-04", "2027-05", (step, 2))
        assert (page.opening_minor, page.closing_minor, page.all_lines) == (1_000, 751, 3)
        text = csv_of(page, "EUR")
        table += text if pages == 0 else text.partition("\n")[2]
        step, pages = page.lines[-1].step, pages + 1
    assert (pages, table) == (2, csv_of(whole, "EUR"))
    nothing = of_month(shop, "2027-06", "2027-07")
    assert (nothing.begins, nothing.ends, nothing.closing_minor) == (True, True, 751)


def claim(shop: Shop, number: str = "t-1", days: int = 10, **more: Any) -> Any:
    said = {"member": ADA, "actor": "ada"} | more
    at = shop.now - timedelta(days=days)
    return ask(shop, file_claims, FileClaim(
        "cars", wallet="miles", units=120, external_id=number, occurred_at=at, **said))  # fmt: skip


def decide(shop: Shop, about: Any, decision: Any = "granted", kind: Any = "claim") -> Any:
    command = Decide(kind, about, decision, "mia", "saw the ticket")
    return ask(shop, decide_claims, command)


def test_a_claim_that_is_granted_books_what_was_missed_once(shop: Shop) -> None:
    filed = claim(shop)
    assert claim(shop).code == "already_claimed"
    done = decide(shop, filed.claim_id)
    assert (done.booked.moved, done.booked.amount_minor, miles(shop)) == (120, -100, 120)
    assert decide(shop, filed.claim_id).code == "already_decided"
    assert collects(shop, 120, "t-1").code == "already_credited"
    assert claim(shop).code == "already_credited"
    assert miles(shop) == 120
    books(shop)


def test_a_claim_is_too_early_too_late_or_lapses_by_the_clock(shop: Shop) -> None:
    assert claim(shop, "t-1", 2).code == "too_early"
    sign(shop, from_at=shop.local("2026-01-01 00:00"), claim_until_days=20)
    sign(shop, claim_until_days=20)
    assert claim(shop, "t-2", 20).code == "too_late"
    filed = claim(shop, "t-3", 19)
    shop.now = filed.decide_by - timedelta(seconds=1)
    other = claim(shop, "t-4", 5)
    shop.now = filed.decide_by
    assert decide(shop, filed.claim_id).code == "claim_lapsed"
    assert decide(shop, other.claim_id, "rejected").booked is None
    assert miles(shop) == 0
    books(shop)


def waiting(shop: Shop, most: int = 9, after: Any = None) -> list[Any]:
    return shop.do(lambda tx, _: open_claims(tx, after, most))  # type: ignore[no-any-return]


def test_claims_that_wait_are_listed_until_they_are_decided_or_lapse(shop: Shop) -> None:
    first = claim(shop, "t-1", 5)
    shop.now += timedelta(hours=1)
    second, third = claim(shop, "t-2", 5), claim(shop, "t-3", 5)
    everything = waiting(shop)
    assert everything[0].claim_id == first.claim_id
    assert {one.external_id for one in everything[1:]} == {"t-2", "t-3"}
    ends = everything[1].decide_by, everything[1].claim_id
    assert (waiting(shop, 2), waiting(shop, 2, ends)) == (everything[:2], everything[2:])
    decide(shop, second.claim_id, "rejected")
    assert [one.claim_id for one in waiting(shop)] == [first.claim_id, third.claim_id]
    shop.now = first.decide_by
    assert [one.claim_id for one in waiting(shop)] == [third.claim_id]


def test_what_the_partner_told_meanwhile_is_not_booked_by_a_claim_too(shop: Shop) -> None:
    filed = claim(shop)
    collects(shop, 120, "t-1")
    assert waiting(shop) == []
    assert decide(shop, filed.claim_id).code == "already_decided"
    assert decide(shop, filed.claim_id, "rejected").code == "already_decided"
    assert miles(shop) == 120
    shop.run(assert_books_right(shop.made.owner_dsn))


def test_a_dispute_that_is_granted_gives_the_price_back_and_leaves_the_member(shop: Shop) -> None:
    line = collects(shop, 300, "r-1")
    back(shop, "r-1", "b-1", 100)
    wrong = OpenDispute(line.entry_id, "cars", "not our customer")
    opened = ask(shop, open_disputes, wrong)
    assert ask(shop, open_disputes, wrong).code == "already_disputed"
    done = decide(shop, opened.dispute_id, kind="dispute")
    assert (done.booked.amount_minor, stands(shop), miles(shop)) == (167, 1_000, 200)
    assert decide(shop, opened.dispute_id, "rejected", "dispute").code == "already_decided"
    assert back(shop, "r-1", "b-2").code == "nothing_left"
    books(shop)


def test_who_was_merged_gives_back_as_whom_they_stand_and_the_erased_nothing(shop: Shop) -> None:
    (ben,) = shop.joined("ben")
    collects(shop, 100, "r-1")
    merge(shop, ADA, ben)
    assert back(shop, "r-1", "b-1", 40).balances == {"miles": 60}
    (who,) = shop.rows("select member_id from identifier where program_id = $1 and value = $2",
                       "ben")[0]  # fmt: skip
    claim(shop, "t-1", member=ben, reason="Ben Sen was there")
    shop.ask(erase_members, EraseMember(who))
    assert collects(shop, 1, "r-2", member=MemberRef(id=who)).code == "member_erased"
    assert shop.rows("select reason from partner_claim where program_id = $1") == [("",)]
    books(shop)


def test_with_the_erased_goes_what_was_said_of_their_claims_and_lines(shop: Shop) -> None:
    (grace,) = shop.joined("grace", family_name="Hopper")
    line = collects(shop, 300, "r-1", member=grace)
    opened = ask(shop, open_disputes, OpenDispute(line.entry_id, "G. Hopper", "I was elsewhere"))
    decide(shop, opened.dispute_id, kind="dispute")
    shop.now += timedelta(days=4)
    decide(shop, claim(shop, member=grace, days=4).claim_id)
    shop.ask(erase_members, EraseMember(line.member_id))
    for table in ("partner_dispute", "partner_decision"):
        said = shop.rows(f"select reason, actor from {table} where program_id = $1")
        assert {reason for reason, _ in said} == {""}, table
        assert {actor for _, actor in said} <= {"erased", "mia"}, table
    books(shop)


def test_a_sale_and_what_comes_back_of_it_ask_nothing_about_partners(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a return whose receipt stands for no sale asks whether a partner told it first."""

    async def asked(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(partner_lines, "entries", asked)
    shop.record(buys(ADA, 1_000, receipt="s-1"))
    shop.record(brings_back("s-1", receipt="b-1"))


def test_wrong_words_are_told_with_their_field(shop: Shop) -> None:
    assert collects(shop, 0, "r-1").field == "/units"
    assert collects(shop, 1, "").field == "/external_id"
    assert collects(shop, 1, "r-1", occurred_at=shop.now + timedelta(days=1)).field == (
        "/occurred_at"
    )
    assert sign(shop, per_units=0).field == "/per_units"
    assert sign(shop, until_at=shop.local("2020-01-01 00:00")).field == "/until_at"
    assert sign(shop, decide_days=0).field == "/decide_days"
    assert ask(shop, keep_partners, KeepPartner("Sky Air", "x", "mia")).field == "/slug"
    assert pay(shop, 0, "p-9").field == "/amount/minor"
    assert isinstance(decide(shop, UUID(int=1)), NotFound)
    nobody = PartnerActivity("bikes", "accrual", ADA, "miles", 1, "x", actor="y")
    assert isinstance(ask(shop, book_activities, nobody), NotFound)
    collects(shop, 5, "r-5")
    assert isinstance(back(shop, "r-5", "b-5", 6), Invalid)


def test_of_the_erased_no_points_move_and_the_price_goes_back_all_the_same(shop: Shop) -> None:
    sign(shop, kind="redemption", price_minor=700)
    line = collects(shop, 1_000, "r-1")
    collects(shop, 500, "s-1", kind="redemption")
    shop.ask(erase_members, EraseMember(line.member_id))
    done = back(shop, "s-1", "b-1", kind="redemption")
    assert (done.moved, done.amount_minor, stands(shop)) == (0, -350, 167)
    assert back(shop, "r-1", "b-2").moved == 0
    assert stands(shop) == 1_000
    books(shop)


def test_what_is_decided_in_one_batch_is_decided_once_and_sees_what_was_booked(shop: Shop) -> None:
    line = collects(shop, 300, "r-1")
    opened = ask(shop, open_disputes, OpenDispute(line.entry_id, "cars", "not ours"))
    filed = claim(shop)
    said = [
        Decide(kind, about, "granted", "mia", "papers")
        for kind, about in (("claim", filed.claim_id), ("dispute", opened.dispute_id)) * 2
    ]
    told = shop.ask(decide_claims, *said)
    assert [getattr(one, "code", "done") for one in told] == ["done", "done"] + [
        "already_decided"
    ] * 2
    assert (stands(shop), miles(shop)) == (1_000 - 100, 420)
    books(shop)


def test_what_two_decide_at_once_the_other_way_round_is_decided_once(shop: Shop) -> None:
    ask(shop, keep_partners, KeepPartner("bikes", "Bikes", "mia"))
    wish = SignContract("bikes", "accrual", "miles", 100, 100, "EUR", "mia", limit_minor=9_999)
    ask(shop, sign_contracts, wish)
    told = [collects(shop, 100, "r-1")]
    bikes = PartnerActivity("bikes", "accrual", ADA, "miles", 100, "r-1", actor="bikes")
    told.append(ask(shop, book_activities, bikes))
    opened = [ask(shop, open_disputes, OpenDispute(one.entry_id, "p", "no")) for one in told]
    both = [Decide("dispute", one.dispute_id, "rejected", "mia", "no") for one in opened]
    answers = shop.together(
        lambda tx, terms: decide_claims(tx, terms, both),
        lambda tx, terms: decide_claims(tx, terms, both[::-1]),
    )
    codes = [[getattr(one, "code", "done") for one in each] for each in answers]
    assert codes == [["done"] * 2, ["already_decided"] * 2]
