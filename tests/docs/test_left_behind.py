"""Whatever a member has comes along to another Regulars, or somebody said why it does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).parents[2] / "src/regulars"
GUIDE: Final = Path(__file__).parents[2] / "docs/guides/owner/moving-in.md"
MADE: Final = re.compile(r"create table (\w+) \((.*?)\n\)", re.DOTALL)

FOLLOWS: Final = """
arrival_activity automatic_clock deed entry_place hold_lot hook_line hook_sending idle_clock
import_made ladder_clock lot_move member_day member_good member_orders member_value
membership_clock once outbox outlet_member parked_member points_day prize_clock referral_mark
richness seal_link seal_salt segment_listed segment_member segment_move segment_touch tier_clock
unsent_letter used_before
"""
"""It follows from what came along, or is about the telling, the sealing or the sandbox there."""
BOOKS: Final = """
adjustment_request bill block board_place campaign_message campaign_trial courtesy delivery
draw_entrant draw_prize erased_name erasure_notice partner_claim partner_entry payout
payout_return postponement quarantine restatement sign_in_code staff till_record tier_move
tier_notice trail bounced_address experiment_member member_alert text_heard
"""
"""What was done there: it stays in the books of there, which are kept, and in `books/` of an
export; what it came to comes along as points, tiers and states."""
STAYS: Final = {
    "offer_member": "offers", "offer_choice_made": "offers", "journey_run": "journeys",
    "survey_invitation": "surveys", "survey_answer": "surveys",
    "club_place": "clubs", "club_invitation": "clubs", "seat": "seats at events",
    "lesson_try": "lessons", "member_post": "posts", "post_report": "posts",
    "service_case": "cases", "reference_member": "references",
    "reference_request": "references", "reference_ask": "references",
    "member_note": "notes", "member_tag": "tags", "benefit_associate": "who looks after whom",
    "line_word": "direct line", "line_task": "direct line",
    "message_choice": "which messages somebody chose", "push_device": "telephones that are woken",
    "pass_device": "passes in wallets", "card_letter": "campaigns",
    "card_code": "being signed in", "member_session": "being signed in",
    "bank_account": "bank accounts", "admission": "what was told on joining",
    "terms_word": "said to new terms", "message": "notices that were shown",
    "notice_lot": "notices that were shown",
}  # fmt: skip
"""What a member has and does not have after a move, with the words that say so in the guide."""


def tables(folder: Path) -> set[str]:
    """The tables that keep something of a member."""
    made = (one for path in folder.glob("*.sql") for one in MADE.findall(path.read_text("utf-8")))
    return {name for name, columns in made if re.search(r"^\s*member_id\b", columns, re.MULTILINE)}


def unsaid(kept: set[str], come: set[str]) -> set[str]:
    return kept - come - {*FOLLOWS.split()} - {*BOOKS.split()} - STAYS.keys()


def test_what_a_member_has_comes_along_or_is_named_as_left_behind() -> None:
    kept = tables(SOURCE / "records/migrations")
    canonical = (SOURCE / "insight/export/files/canonical").glob("*.sql")
    told = " ".join(re.sub("--.*", "", path.read_text("utf-8")) for path in canonical)
    come = {*re.findall(r"(?:from|join) (\w+)", told)}
    assert unsaid(kept, come) == set()
    assert unsaid({*kept, "a_new_table"}, come) == {"a_new_table"}, "the control"
    said = {*FOLLOWS.split(), *BOOKS.split(), *STAYS}
    assert (said - kept, said & come) == (set(), set()), "said for nothing"
    guide = GUIDE.read_text("utf-8").partition("What stays behind")[2]
    assert {words for words in STAYS.values() if words not in guide} == set()
