"""A shop opens: how it looks, and out of a demo becomes a real one that no slip can wipe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.books import assert_books_right
from tests.flows.members.staff.people import hires
from tests.makers import SECOND, Shop, buys

from regulars.base.faults import Forbidden, Invalid, Refused
from regulars.flows.terms.keep_look import KeepLook, keep_look
from regulars.flows.terms.open_shop import type_step
from regulars.flows.terms.promised.keep_promotions import (
    Made,
    MakePromotion,
    cancel_promotion,
    make_promotion,
)
from regulars.flows.terms.start_for_real import Started, StartForReal, start_for_real
from regulars.flows.tills.commands import KeepStore
from regulars.flows.tills.keep_stores import keep_stores
from regulars.records.access.staff.read import Wanted, acts, all_staff
from regulars.records.access.staff.types import By, Staff
from regulars.records.program import read as program
from regulars.records.program.changes.promotions.read import promotions
from regulars.records.program.opening import read, write
from regulars.records.tills.read import stores

Open = Callable[[str], Shop]
COPIED = {
    "program_version", "version_withdrawal", "program_code", "program_draft", "store", "message_words",
    "shop_look", "setup_step", "staff_setting", "promotion",
}  # fmt: skip
PARTLY = {
    "program": "its name and age under a new number",
    "message_choice": "the shop's own, nobody's",
    "staff": "who stays",
    "staff_passkey": "of who stays",
    "staff_act": "what was done to staff and settings",
    "saved_view": "of who stays",
}
SIGNED = {"seal_chain", "seal_link", "seal_checkpoint", "seal_anchor"}
"""Stays under the old number, as it was signed."""
DROPPED = {
    "journey", "journey_version", "journey_run", "journey_pass", "journey_reach", "text_heard", "campaign_trial", "card_letter", "feed", "feed_file", "outlet", "outlet_member",
    "extract_plan", "extract_run", "hook_broker", "stream", "stream_part",
    "activity", "adjustment_request", "adjustment_round", "admission", "alert", "alert_note", "api_key", "article",
    "automatic_clock", "automatic_walk", "balance", "bank_account", "benefit_associate", "benefit_grant", "benefit_use",
    "arrival", "arrival_activity", "bill", "bill_payment", "bill_refund", "bill_reward", "block", "catch_up", "code_shop", "shop_code",
    "board_end", "board_place", "bounced_address", "budget", "came_along", "card_code", "challenge_part",
    "changeover_walk", "choice", "code_run", "consent", "counter", "courtesy", "deed", "delivery",
    "delivery_reach", "draw", "draw_entrant", "draw_list", "draw_prize", "entry", "entry_place",
    "experiment", "offer", "offer_member", "offer_choice", "offer_choice_made", "experiment_look", "experiment_member", "erased_name", "erasure", "erasure_notice", "erasure_salt", "retention_day", "errand", "gone_before", "goodwill", "hold",
    "hold_lot", "hook", "hook_line", "hook_reach", "hook_replay", "hook_sending", "hook_try",
    "hook_wish", "household", "household_member", "identifier", "idle_clock", "idle_walk", "import", "klaviyo",
    "import_lane", "import_made", "import_row", "import_slip", "import_undo", "import_undone", "inlet",
    "ladder_clock", "lot", "lot_move", "member", "member_alias", "member_merge", "member_note",
    "member_session", "member_tag", "member_alert", "member_alert_day", "member_value", "value_run", "category_run", "membership_clock", "membership_turn", "message", "midnight_step", "month_letter", "month_page", "notice_lot",
    "once", "outbox", "pairing", "parked_member", "partner", "partner_claim", "partner_contract", "partner_contract_end",
    "partner_decision", "partner_dispute", "partner_entry", "partner_claim_match", "partner_settlement", "partner_answer", "arrival_partner_entry", "settlement_plan", "pass_device", "pass_reach", "push_device", "line_word", "line_task", "payout", "payout_return",
    "payout_run", "posting", "postponement", "prize", "prize_clock", "quarantine", "redemption",
    "referral", "referral_code", "referral_mark", "referral_milestone", "restatement", "retold_reach",
    "club", "club_invitation", "club_place", "gathering", "seat", "lesson", "lesson_try", "member_post", "post_report", "service_case", "case_note", "reference_member", "reference_request", "reference_ask",
     "campaign", "campaign_message", "survey", "survey_answer", "survey_invitation",
    "member_tally", "segment", "segment_listed", "segment_member", "segment_move",
    "segment_reach", "segment_touch",
    "segment_version",
    "reward_code", "reward_stock", "richness", "richness_reach", "seal_salt", "sign_in_code",
    "staff_link", "staff_nonce", "staff_session",
    "staff_try", "standing", "team", "team_place", "terms_word", "tier_clock", "tier_grant",
    "tier_move", "tier_notice", "tier_turn", "till", "till_record", "trail", "trial_taken", "request_page", "sandbox", "unsent_letter", "upload",
    "used_before", "waiting_return",
    "category_day", "cohort_month", "hour_month", "lot_month", "member_day", "member_good", "goods_reach", "member_orders",
    "order_gap", "owed_day", "points_day", "prepared_reach", "report_told", "store_day", "store_points_day", "tier_day",
}  # fmt: skip
"""Of made-up people, of what they did, or of who comes in: keys, tills and sessions begin anew."""
_FENCED = """
select c.table_name, $1::int from information_schema.columns c
  join information_schema.tables t using (table_schema, table_name)
 where c.table_schema = 'public' and c.column_name = 'program_id' and t.table_type = 'BASE TABLE'
"""
_NOBODY = UUID(int=0)
PNG = b"\x89PNG\r\n\x1a\n" + b"a" * 40


def lived_in(cafe: Shop, *, made_up: bool) -> list[Staff]:
    """A shop with a member, points, a store and staff."""
    made = "update program set made_up = $2, created_at = $3 where program_id = $1"
    cafe.rows(made, made_up, cafe.now + timedelta(hours=1))
    (ada,) = cafe.joined("ada")
    cafe.record(buys(ada, 12_000))
    cafe.ask(keep_stores, KeepStore("corner", "somebody", name="Corner"))
    team = [hires(cafe, role, kept="$kept$") for role in ("owner", "manager", "cashier")]
    cafe.rows("update staff set pin = '$pin$' where program_id = $1")
    return team


def starts(
    shop: Shop, typed: str, stay: list[Staff], by: Staff, since: int | None = None,
    own: str = "$own$",
) -> Any:  # fmt: skip
    kept = tuple(one.staff_id for one in stay)
    wish = StartForReal(typed, kept, By(by.staff_id), since, own)
    return shop.do(lambda tx, _: start_for_real(tx, wish))


def test_a_demo_starts_for_real_without_its_people_and_with_its_program(cafe: Shop) -> None:
    owner, manager, cashier = lived_in(cafe, made_up=True)
    cafe.do(lambda tx, _: keep_look(tx, KeepLook(By(owner.staff_id), accent="#7a1f3d")))
    (member,) = cafe.rows("select member_id from member where program_id = $1")[0]
    for who, ways in ((_NOBODY, "off"), (member, "email")):
        cafe.rows("insert into message_choice values ($1, $2, 'notice', $3, now())", who, ways)
    for one in (owner, manager):
        cafe.rows(
            "insert into saved_view values ($1, gen_random_uuid(), $2, true, 'x', '', now())",
            one.staff_id,
        )
    before = cafe.do(lambda tx, _: program.versions(tx))
    started = starts(cafe, " corner  COFFEE ", [owner, cashier], owner)
    assert isinstance(started, Started)
    assert started.members == 1
    old, cafe.program_id = cafe.program_id, started.program_id
    counts = {table: n for table, n in cafe.counts().items() if n}
    assert counts.pop("staff_act") >= 4
    once = dict.fromkeys(("message_choice", "saved_view", "shop_look", "store"), 1)
    assert counts == {"staff": 2, **once}
    chosen = "select member_id, ways from message_choice where program_id = $1"
    assert [tuple(row) for row in cafe.rows(chosen)] == [(_NOBODY, "off")]
    viewed = "select staff_id from saved_view where program_id = $1"
    assert [row[0] for row in cafe.rows(viewed)] == [owner.staff_id]
    after = cafe.do(lambda tx, _: program.versions(tx))
    assert [one.source for one in after] == [one.source for one in before]
    assert cafe.do(lambda tx, _: read.look(tx)).accent == "#7a1f3d"
    assert set(cafe.do(lambda tx, _: stores(tx))) == {"corner"}
    team = {one.staff_id: one for one in cafe.do(lambda tx, _: all_staff(tx))}
    assert set(team) == {owner.staff_id, cashier.staff_id}
    assert not any(one.has_pin for one in team.values())
    # The demo's password is everybody's who saw it: it opens nothing any more.
    stands = {who: (one.state, one.has_password) for who, one in team.items()}
    invited = ("invited", False)
    assert stands == {owner.staff_id: ("active", True), cashier.staff_id: invited}
    passwords = "select password, $1::int from staff where program_id = $1 order by 1"
    assert [row[0] for row in cafe.rows(passwords)] == ["", "$own$"]
    told = cafe.do(lambda tx, _: acts(tx, Wanted(limit=5)))
    assert ("shop.started", {"members": 1}) in [(one.did, one.before) for one in told]
    # Of the old number nothing is left but what was signed.
    cafe.program_id = old
    assert not any(cafe.counts().values())
    cafe.program_id = started.program_id
    (bob,) = cafe.joined("bob")
    cafe.record(buys(bob, 700))
    assert cafe.balances("bob") == {"points": (7, 0, 0)}
    cafe.run(assert_books_right(cafe.made.owner_dsn))
    # It is a shop from now on, and no second word wipes it.
    no = starts(cafe, "Corner Coffee", [owner], owner)
    assert (no.code, cafe.counts()["member"]) == ("not_a_demo", 1)


def test_nobody_goes_on_with_the_password_of_the_demo(cafe: Shop) -> None:
    owner, manager, _ = lived_in(cafe, made_up=True)
    before = cafe.counts()
    mute = StartForReal("Corner Coffee", (owner.staff_id,), By(owner.staff_id))
    with pytest.raises(Invalid, match="the demo's password"):
        cafe.do(lambda tx, _: start_for_real(tx, mute))
    assert cafe.counts() == before
    # At the shell of the house nobody types one: everybody sets theirs by a link.
    chosen = (owner.staff_id, manager.staff_id)
    words = StartForReal("Corner Coffee", chosen, By(words="regulars start-for-real"))
    started = cafe.do(lambda tx, _: start_for_real(tx, words))
    cafe.program_id = started.program_id
    team = cafe.do(lambda tx, _: all_staff(tx))
    assert [(one.state, one.has_password) for one in team] == [("invited", False)] * 2


def test_of_every_table_somebody_decided_whether_it_stays(cafe: Shop) -> None:
    assert {row[0] for row in cafe.rows(_FENCED)} == COPIED | set(PARTLY) | SIGNED | DROPPED
    copied = cafe.rows("select unnest(stays_for_real()), $1::int")
    assert {name for name, _ in copied} == COPIED | set(PARTLY) - {"program"}


def test_a_promotion_stays_with_its_rule_and_can_be_canceled_still(cafe: Shop) -> None:
    owner, *_ = lived_in(cafe, made_up=True)
    rule = """{"says": "Three more", "on": "purchase", "wallet": "points", "needs_base": true,
               "when": {"if": "amount", "at_least": "500.00"},
               "award": {"give": "fixed", "points": 3, "stage": "bonus"}}"""
    wish = MakePromotion(rule, "fixed", "{}", cafe.now.date(), None)
    made = cafe.do(lambda tx, _: make_promotion(tx, wish))
    assert isinstance(made, Made), made
    cafe.forget_terms()
    kept = cafe.do(lambda tx, _: promotions(tx))
    started = starts(cafe, "Corner Coffee", [owner], owner)
    assert isinstance(started, Started)
    cafe.program_id = started.program_id
    assert cafe.do(lambda tx, _: promotions(tx)) == kept
    (bob,) = cafe.joined("bob")
    cafe.record(buys(bob, 70_000))
    assert cafe.balances("bob") == {"points": (703, 0, 0)}
    cafe.now += SECOND
    gone = cafe.do(lambda tx, _: cancel_promotion(tx, made.promotion_id, "owner"))
    cafe.forget_terms()
    assert gone.canceled_at == cafe.now
    cafe.record(buys(bob, 70_000))
    assert cafe.balances("bob") == {"points": (1_403, 0, 0)}


def test_a_real_shop_is_never_wiped(cafe: Shop) -> None:
    owner, *_ = lived_in(cafe, made_up=False)
    before = cafe.counts()
    no = starts(cafe, "Corner Coffee", [owner], owner)
    assert isinstance(no, Refused)
    assert no.code == "not_a_demo"
    # The database keeps the same guard, whoever asks it.
    with pytest.raises(Exception, match="is no demo"):
        cafe.do(lambda tx, _: write.start_for_real(tx, [owner.staff_id]))
    assert cafe.counts() == before


def test_the_shop_is_named_and_an_owner_stays(cafe: Shop) -> None:
    owner, manager, cashier = lived_in(cafe, made_up=True)
    before = cafe.counts()
    assert starts(cafe, "Corner", [owner], owner).code == "name_differs"
    for stay, by in (([owner, manager], manager), ([cashier], owner), ([], owner)):
        with pytest.raises(Forbidden):
            starts(cafe, "Corner Coffee", stay, by)
    # Nor at the command line, where nobody of the staff asks.
    wish = StartForReal("Corner Coffee", (cashier.staff_id,), By(words="command line"))
    with pytest.raises(Forbidden, match="an owner has to stay"):
        cafe.do(lambda tx, _: start_for_real(tx, wish))
    assert cafe.counts() == before


def test_who_joined_since_the_demo_was_made_goes_only_when_their_number_was_typed(
    cafe: Shop,
) -> None:
    owner, *_ = lived_in(cafe, made_up=True)
    cafe.now += timedelta(days=2)
    cafe.joined("bob", "eve")
    made = "update program set created_at = $2 where program_id = $1"
    cafe.rows(made, cafe.now - timedelta(days=1))
    before = cafe.counts()
    for typed in (None, 0, 1, 3):
        no = starts(cafe, "Corner Coffee", [owner], owner, typed)
        assert (no.code, no.facts) == ("perhaps_real", {"members": 2})
    assert cafe.counts() == before
    assert starts(cafe, "Corner Coffee", [owner], owner, 2).members == 3


def test_rows_that_never_change_are_deleted_by_no_other_way(cafe: Shop) -> None:
    lived_in(cafe, made_up=True)
    for said in ("", "for real"):
        with pytest.raises(Exception, match=r"append-only|permission denied"):
            cafe.do(lambda tx, _, s=said: deletes(tx, s))


async def deletes(tx: Any, said: str) -> None:
    await tx.fetch("select set_config('regulars.starting', $1, true)", said)
    await tx.fetch("delete from posting where program_id = $1", tx.program_id)


def test_a_look_is_kept_once_and_written_down(cafe: Shop) -> None:
    owner = hires(cafe, "owner")
    by = By(owner.staff_id)

    def keeps(**what: Any) -> Any:
        return cafe.do(lambda tx, _: keep_look(tx, KeepLook(by, **what)))

    assert keeps(accent="#7a1f3d").revision == 1
    assert keeps(accent="#7a1f3d").revision == 1
    assert keeps(logo=PNG) == keeps(logo=PNG)
    assert cafe.do(lambda tx, _: read.logo(tx)) == PNG
    assert (keeps(logo=None).has_logo, keeps().accent) == (False, "#7a1f3d")
    for wrong in ({"accent": "red"}, {"accent": "#7A1F3D; }"}, {"logo": b"<svg/>"},
                  {"logo": PNG + b"a" * 1_000_000}):  # fmt: skip
        with pytest.raises(Invalid):
            keeps(**wrong)
    told = cafe.do(lambda tx, _: acts(tx, Wanted(limit=9)))
    assert [one.did for one in told].count("look.changed") == 3


def test_what_is_typed_while_setting_up_is_kept_step_by_step(cafe: Shop) -> None:
    def types(step: str, **answers: str) -> Any:
        cafe.do(lambda tx, _: type_step(tx, step, answers))
        return cafe.do(lambda tx, _: read.typed(tx))

    types("shop", name="Ada's")
    assert types("shop", name="Ada's")["shop"].revision == 1
    found = types("points", rate="6")
    assert dict(found["shop"].answers) == {"name": "Ada's"}
    assert types("shop", name="Bo's")["shop"].revision == 2
    with pytest.raises(Invalid):
        types("shop", name="x" * 301)


def test_the_first_program_is_founded_once(cafe: Shop, open_shop: Open) -> None:
    # There is one already, and the application founds no second one.
    async def found(tx: Any) -> Any:
        return await write.found_first(tx, "another")

    assert cafe.do(lambda tx, _: found(tx)) is None
