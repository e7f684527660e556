"""Nobody is forgotten of whom something is still under way, or of whom little is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
from tests.flows.night.test_retention import CAFE, id_of, known, night, says
from tests.makers import Shop, buys, by

from regulars.records.members.types import Identifier, JoinMember

Open = Callable[[str], Shop]
Sign = Callable[[Shop], None]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    opened = open_shop(CAFE)
    opened.now = opened.local("2024-01-10 12:00")
    return opened


def put(shop: Shop, table: str, **columns: Any) -> None:
    """A row of a room that is none of this test's business, as that room keeps it."""
    names = ", ".join(columns)
    places = ", ".join(f"${n}" for n in range(2, len(columns) + 2))
    shop.rows(
        f"insert into {table} (program_id, {names}) values ($1, {places}) returning 1",
        *columns.values(),
    )


def sale(shop: Shop, **told: Any) -> None:
    """What a till told, as it waits to be booked or to be looked at."""
    row = {"state": "quarantined", "member_id": None, "whom": "", **told}
    put(
        shop, "till_record", record_id=uuid4(), till_id=uuid4(), sequence=0, hash=bytes(32),
        previous=b"", placed=False, kind="purchase", key="", cashier="", signed="", signature=b"",
        occurred_at=shop.now, clock="", reason="", says="", recorded_at=shop.now, ended_by="", **row,
    )  # fmt: skip


def wants_fewer_letters(shop: Shop) -> None:
    put(shop, "message_choice", member_id=id_of(shop, "ada"), kind="earned", ways="off",
        changed_at=shop.now)  # fmt: skip


def agrees_to_terms(shop: Shop, word: str = "accepted") -> None:
    put(shop, "terms_word", member_id=id_of(shop, "ada"), word_id=uuid4(), version=1, word=word,
        channel="card", said_at=shop.now, actor="", recorded_at=shop.now)  # fmt: skip


def chooses(shop: Shop) -> None:
    put(shop, "choice", member_id=id_of(shop, "ada"), choice_id=uuid4(), word="gift", period=0,
        chosen="cup", version=1, chosen_at=shop.now, actor="")  # fmt: skip


def keeps_the_card_on_a_phone(shop: Shop) -> None:
    put(shop, "pass_device", device="phone", member_id=id_of(shop, "ada"), push_token="t",
        registered_at=shop.now)  # fmt: skip


def a_friend_comes(shop: Shop) -> None:
    put(shop, "referral", member_id=uuid4(), referral_id=uuid4(), referrer_id=id_of(shop, "ada"),
        version=1, state="named", reason="", marks=[], counts_from=shop.now, named_at=shop.now,
        buys_until=shop.now + timedelta(days=30), looked_at=shop.now, wallet=1)  # fmt: skip


def a_partner_claims(shop: Shop) -> None:
    put(shop, "partner_claim", member_id=id_of(shop, "ada"), claim_id=uuid4(), partner_id=uuid4(),
        contract_id=uuid4(), units=5, occurred_at=shop.now, filed_at=shop.now,
        decide_by=shop.now + timedelta(days=60), external_id="x", actor="", reason="")  # fmt: skip


SIGNS: Final = (
    wants_fewer_letters, agrees_to_terms, chooses, keeps_the_card_on_a_phone, a_friend_comes,
    a_partner_claims,
)  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_of_life_is_whatever_somebody_did(shop: Shop, sign: Sign) -> None:
    shop.joined("ada", "ben")
    shop.now = shop.local("2024-09-10 12:00")
    sign(shop)
    says(shop, inactive_months=12)
    night(shop, "2025-01-20 03:00")
    assert known(shop) == 1


def test_that_terms_were_told_to_somebody_is_no_sign_of_life(shop: Shop) -> None:
    shop.joined("ada")
    shop.now = shop.local("2024-09-10 12:00")
    agrees_to_terms(shop, "told")
    says(shop, inactive_months=12)
    night(shop, "2025-01-20 03:00")
    assert known(shop) == 1


def a_till_told_a_sale(shop: Shop) -> None:
    sale(shop, member_id=id_of(shop, "ada"))


def a_till_named_them(shop: Shop) -> None:
    sale(shop, whom="somebody\nada", state="taken")


def eats_at_a_table(shop: Shop) -> None:
    put(shop, "bill", bill_id=uuid4(), member_id=id_of(shop, "ada"), store="", state="open",
        version=1, body="{}", opened_at=shop.now, changed_at=shop.now)  # fmt: skip


def points_are_asked_for(shop: Shop) -> None:
    put(shop, "adjustment_request", request_id=uuid4(), member_id=id_of(shop, "ada"),
        wallet="points", units=5, reason="", asked_by=uuid4(), asked_at=shop.now,
        state="waiting")  # fmt: skip


def is_one_of_a_round(shop: Shop) -> None:
    put(shop, "adjustment_round", round_id=uuid4(), wallet="points", units=5, reason="",
        member_ids=[id_of(shop, "ada")], state="waiting", asked_by=uuid4(),
        asked_at=shop.now)  # fmt: skip


def works_here(shop: Shop) -> None:
    put(shop, "staff", staff_id=uuid4(), name="Ada", email="ada@example.org", role="cashier",
        state="active", member_id=id_of(shop, "ada"), made_at=shop.now, made_by="")  # fmt: skip


BUSY: Final = (
    a_till_told_a_sale, a_till_named_them, eats_at_a_table, points_are_asked_for,
    is_one_of_a_round, works_here,
)  # fmt: skip


@pytest.mark.parametrize("going_on", BUSY)
def test_whoever_has_something_under_way_is_neither_told_nor_erased(
    shop: Shop, going_on: Sign
) -> None:
    shop.joined("ada", "ben")
    says(shop, inactive_months=12, inactive_points_too=1)
    night(shop, "2025-01-20 03:00")
    assert known(shop) == 2
    told, shop.now = shop.now, shop.local("2024-01-10 13:00")
    going_on(shop)  # so long ago that only its being open counts
    shop.now = told
    night(shop, "2025-03-20 03:00")
    gone = "select count(*)::int from erasure where program_id = $1"
    assert (shop.rows(gone), known(shop)) == ([(1,)], 0)


def has_a_code(shop: Shop, ends: str = "2026-01-01 00:00") -> None:
    put(shop, "reward_code", code_id=uuid4(), member_id=id_of(shop, "ada"), reward="cup",
        code="ADA", printed="", run_id=uuid4(), state="issued", issued_at=shop.now,
        ends_at=shop.local(ends))  # fmt: skip


def has_a_benefit(shop: Shop, ends: str = "2026-01-01 00:00") -> None:
    put(shop, "benefit_grant", member_id=id_of(shop, "ada"), grant_id=uuid4(), benefit="seat",
        times=2, from_at=shop.now, until_at=shop.local(ends), actor="", reason="")  # fmt: skip


@pytest.mark.parametrize("has", [has_a_code, has_a_benefit])
def test_what_somebody_still_has_keeps_them_as_points_do(
    shop: Shop, has: Callable[..., None]
) -> None:
    shop.joined("ada")
    has(shop)
    says(shop, inactive_months=12)
    night(shop, "2025-01-20 03:00")
    assert known(shop) == 0
    says(shop, inactive_points_too=1)
    night(shop, "2025-01-21 03:00")
    assert known(shop) == 1


@pytest.mark.parametrize("has", [has_a_code, has_a_benefit])
def test_what_has_ended_keeps_nobody(shop: Shop, has: Callable[..., None]) -> None:
    shop.joined("ada")
    has(shop, "2024-12-01 00:00")
    says(shop, inactive_months=12)
    night(shop, "2025-01-20 03:00")
    assert known(shop) == 1


def test_whoever_came_yesterday_with_a_file_that_says_nothing_of_them_was_not_silent(
    shop: Shop,
) -> None:
    names = (Identifier("external", "old"),)
    shop.now = shop.local("2025-06-01 12:00")
    shop.join(JoinMember(identifiers=names, joined_at=shop.local("2015-01-01 12:00")))
    says(shop, inactive_months=12)
    night(shop, "2025-06-02 03:00")
    assert known(shop) == 0
    night(shop, "2026-06-02 03:00")
    assert known(shop) == 1


def test_whose_last_purchase_came_with_the_file_was_silent_since(shop: Shop) -> None:
    names = (Identifier("external", "old"),)
    shop.now = shop.local("2025-06-01 12:00")
    shop.join(JoinMember(identifiers=names, joined_at=shop.local("2015-01-01 12:00")))
    shop.record(buys(by(external="old"), 50, occurred_at=shop.local("2020-01-01 12:00")))
    says(shop, inactive_months=12, inactive_points_too=1)
    night(shop, "2025-06-02 03:00")
    assert known(shop) == 1
