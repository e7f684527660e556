"""Bugs of the direct line, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_WRITES = "flows/membership/benefits/lines/write_words.py"
_SHOWS = "flows/membership/benefits/lines/show_lines.py"
DIRECT_LINES = (
    Bug(
        "who never agreed is written to by whoever looks after them",
        _WRITES,
        'if member.state != "active" or one.way not in around.given.get(who, ()):',
        'if member.state != "active":',
        "checks.lines_ask_for_consent",
    ),
    Bug(
        "a word goes out though it was taken back meanwhile",
        "records/outbox/delivery/rules.py",
        'kind in ("earned", "redeemed", "line")',
        'kind in ("earned", "redeemed")',
        "checks.lines_are_looked_at_once_more",
    ),
    Bug(
        "somebody else writes in their place",
        _WRITES,
        "    if one.staff_id not in after:\n",
        "    if not after:\n",
        "checks.lines_are_of_two",
    ),
    Bug(
        "somebody else reads what was said",
        _SHOWS,
        "return any(one.staff_id == staff_id for one in lasting)",
        "return True",
        "checks.lines_are_of_two",
    ),
    Bug(
        "whoever looked after them once reads on",
        _SHOWS,
        "lasting = [one for one in there if one.lasts(tx.now)]",
        "lasting = there",
        "checks.lines_are_of_two",
    ),
    Bug(
        "a word wakes them at night",
        "flows/telling/take_deliveries.py",
        'if one.kind == "line" and quiet[who] > tx.now:',
        'if one.kind == "none" and quiet[who] > tx.now:',
        "checks.lines_are_quiet",
    ),
    Bug(
        "the same word goes out twice",
        _WRITES,
        "before = around.before.get(one.line_id) or said.get(one.line_id)",
        "before = said.get(one.line_id)",
        "checks.lines_say_it_once",
    ),
    Bug(
        "what was written by text message stands nowhere in the line",
        "records/benefits/lines/read.py",
        "where t.word = 'other' and t.says <> ''",
        "where t.word = 'line' and t.says <> ''",
        "checks.lines_hear_texts",
    ),
)


def _lines(name: str, *more: Any) -> Callable[[Shop], None]:
    def check(shop: Shop) -> None:
        from tests.runtime.working.senders.lines import test_direct_line as lines
        from tests.runtime.working.senders.post_office import post_office, provider

        with post_office() as office, provider() as sms:
            getattr(lines, f"test_{name}")(lines.Talking(shop, office, sms), *more)

    return check


DIRECT_LINES_CHECKS: dict[str, Callable[[Shop], None]] = {
    "lines_ask_for_consent": _lines(
        "nobody_is_written_to_who_did_not_agree_or_took_it_back", "email"
    ),
    "lines_are_looked_at_once_more": _lines("a_word_taken_back_while_it_waits_stops_it", "email"),
    "lines_are_of_two": _lines("nobody_else_writes_or_reads"),
    "lines_are_quiet": _lines("a_word_that_was_held_up_waits_for_the_morning_too"),
    "lines_say_it_once": _lines("the_same_word_is_said_once"),
    "lines_hear_texts": _lines("what_a_member_writes_stands_there_wherever_they_wrote_it"),
}
