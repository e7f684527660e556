"""Bugs in prizes of places and of sums, and their tests as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_PAYING = "engine/rewarding/gaming/paying.py"
_GIFTS = "engine/rewarding/gaming/gifts.py"
_WINNING = "engine/rewarding/gaming/winning.py"
_CLOSING = "flows/points/gaming/close_boards.py"
_PLAIN = "checks.paying_each_place_has_what_the_plain_way_says"
_PERIODS = "checks.paying_a_period_is_paid_so_long_after_its_end_and_each_store_by_itself"
_LESS = "checks.paying_who_has_less_than_who_came_behind_loses_it_and_gets_it_back"
_STEPS = "checks.paying_each_step_gives_as_often_as_the_plain_way_says"
_BACK = "checks.won_a_return_takes_the_unused_code_and_leaves_what_was_used"
_GONE = "checks.won_a_week_has_what_was_promised_when_it_began_also_when_the_board_is_gone"
_HERE = "checks.paying_a_period_that_was_over_before_it_was_counted_here_is_not_paid"
_COMES = "checks.won_nothing_is_closed_while_something_is_brought_over_and_nothing_paid_from_before"
_BADGE = "checks.paying_who_shares_a_place_with_a_badge_has_the_points_behind_it_too"
_BOTH = "checks.won_two_winners_who_are_one_before_they_are_paid_have_both_prizes"
_WAITS = "checks.won_a_won_mug_waits_at_the_counter_is_handed_over_once_or_lapses"
_SEAT = "checks.won_who_won_a_seat_at_what_has_begun_is_not_looked_at_for_ever"
_NAMED = "checks.won_who_is_named_anew_while_they_are_looked_at_stays_named"
WON = (
    Bug("a tie is paid twice over", _PAYING, "for place in there) // many", "for place in there)",
        _PLAIN),
    Bug("a crowd is paid as if it were one", _PAYING, "seen <= one.promise.most and ", "", _PLAIN),
    Bug("a single visit wins", _PAYING, " and group[0].score >= least", "", _PLAIN),
    Bug("who came behind is forgotten", _PAYING, "max(behind, least)", "least", _PLAIN),
    Bug("what came back stays paid for", _PAYING, "together < place.needs", "together < 0", _LESS),
    Bug("a board pays before its time", _PAYING,
        "one.ends_at if after is None else add_span(one.version.zone, one.ends_at, after)",
        "one.ends_at", _PERIODS),
    Bug("what was counted elsewhere is paid here", _PAYING, "one.ends_at > (begun if",
        "one.ends_at == one.ends_at or (begun if", _HERE),
    Bug("boards close while things come", _CLOSING, "if move.going_on:", "if False:", _COMES),
    Bug("who shares a badge has no points", _PAYING, "if not place.units or prize.wallet",
        "if True or prize.wallet", _BADGE),
    Bug("a period is closed again", _PAYING, "one.key not in closed and ", "", _PERIODS),
    Bug("a board that is gone pays on", _PAYING, "yield version, min(end, now)", "yield version, now",
        _GONE),
    Bug("every tenth mug is the tenth only", _GIFTS, "MOST if again else 1", "1", _STEPS),
    Bug("a used code is had again", _WINNING, 'code.state != "issued"', 'code.state == "free"',
        _BACK),
    Bug("what was won is handed over unseen", "flows/points/gaming/hand_rewards.py",
        "if not is_fetched(redemption):", "if True:", _WAITS),
    Bug("what was won is kept for ever", _WINNING, "reward.kept_for_winner if", '"9 years" if',
        _WAITS),
    Bug("what came back is kept for its winner", _WINNING, 'issued.redemption.state == "held"',
        "False", _BACK),
    Bug("a seat is tried for ever", "engine/rewarding/gaming/giving.py",
        ' if no.code != "not_now" else set()', "", _SEAT),
    Bug("what was won is had again and again", "flows/redeem_rewards.py",
        "(redemption.actor in WINNERS and command", "(False and command", _WAITS),
    Bug("what lapsed unseen is withdrawn", _WINNING, "now >= issued.redemption.lapses_at", "False",
        _WAITS),
    Bug("who wins twice has it once", _PAYING, "            place.member_id,\n", "", _BOTH),
    Bug("who wins meanwhile is forgotten", "records/rewards/prizes/write.py",
        " and c.due_at = l.due_at", "", _NAMED),
    Bug("winners are not told to anybody", _CLOSING, "each.member_id for each in places",
        "each.member_id for each in places[:0]", _GONE),
)  # fmt: skip


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that they meet the source with the bug in it.
        from tests.engine.orders import test_paying as alone
        from tests.flows.members.playing import test_won_rewards as tests

        if name.startswith("won_"):
            number = sorted(ALONE).index(name)

            def opened(source: str) -> Any:
                shop.begin(source, slug=f"won-{os.getpid()}-{number}")
                return shop

            getattr(tests, name.replace("won_", "test_", 1))(opened)
            return
        test = getattr(alone, name.replace("paying_", "test_", 1))
        for case in _CASES.get(name, [()]):
            test(*case)

    return check


_CASES: Final[dict[str, list[tuple[Any, ...]]]] = {
    _HERE.removeprefix("checks."): [(8, None, False), (-1, 8, False)],
    "paying_each_place_has_what_the_plain_way_says": [(seed,) for seed in range(60)],
    "paying_each_step_gives_as_often_as_the_plain_way_says": [("week",), ("ever",)],
}
ALONE: Final = {
    name: _test(name) for name in sorted({bug.check.removeprefix("checks.") for bug in WON})
}
