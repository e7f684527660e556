"""Bugs in draws, and their tests as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_DRAWING = "engine/rewarding/gaming/drawing.py"
_HOLDING = "flows/points/gaming/hold_draws.py"
_TICKETS = "checks.draws_tickets_are_for_what_was_kept_in_time_by_who_may_win"
_CHECKED = "checks.draws_anybody_can_work_out_who_won_from_what_is_published"
_DAYS = "checks.draws_a_draw_is_announced_before_and_drawn_after_its_days"
_FAIR = "checks.draws_each_ticket_wins_as_often_as_any_other"
_AGAIN = "checks.draws_a_draw_of_next_year_needs_another_id_and_gets_no_old_tickets"
_HANDING = "engine/rewarding/gaming/handing.py"
_WINNING = "engine/rewarding/gaming/winning.py"
_BOOKED = "checks.draw_prizes_winners_have_what_was_promised_with_the_draw"
_WAITING = "checks.draw_prizes_what_cannot_be_had_waits_and_is_given_when_it_can"
DRAWS = (
    Bug("somebody wins twice", _DRAWING, "        insort(won, place)\n", "", _FAIR),
    Bug(
        "the last ticket never wins",
        _DRAWING,
        "% whole) % whole",
        "% whole) % max(whole - 1, 1)",
        _FAIR,
    ),
    Bug("the words do not matter", _DRAWING, "{secret}\\n{public}\\n", "{secret}\\n\\n", _CHECKED),
    Bug(
        "any number of tickets",
        _DRAWING,
        "min(score // each, most)",
        "max(score // each, 0)",
        _TICKETS,
    ),
    Bug(
        "members see tickets though they may not win",
        "flows/points/gaming/show_tickets.py",
        "if may_win and not over else 0",
        "if not over else 0",
        "checks.draws_members_see_the_tickets_they_are_drawn_with",
    ),
    Bug(
        "staff may win",
        "records/rewards/draws/read.py",
        "m.attributes -> $4::text is distinct from 'true'::jsonb",
        "$4::text is not null",
        _TICKETS,
    ),
    Bug(
        "who is blocked may win",
        "records/rewards/draws/read.py",
        " and m.state = 'active'",
        "",
        _TICKETS,
    ),
    Bug(
        "what is bought before and after counts",
        "engine/compiling/stones.py",
        " or not self.days[0] <= facts.day < self.days[1]",
        "",
        _TICKETS,
    ),
    Bug(
        "the list changes after it was closed",
        _HOLDING,
        "entrants = _listed(closed) or await _entrants(tx, stone)",
        "entrants = await _entrants(tx, stone)",
        "checks.draws_a_list_that_was_closed_is_drawn_from_whatever_comes_back_since",
    ),
    Bug(
        "a list is closed while deeds count",
        _HOLDING,
        'return Refused("draw_not_over", "deeds still count; close',
        'Refused("draw_not_over", "deeds still count; close',
        "checks.draws_a_list_that_was_closed_is_drawn_from_whatever_comes_back_since",
    ),
    Bug(
        "members see what counts by now where the list is closed",
        "flows/points/gaming/show_tickets.py",
        "if closed is not None:",
        "if False:",
        "checks.draws_members_see_the_closed_list_and_where_they_stand_on_it",
    ),
    Bug(
        "a list is closed after the draw",
        _HOLDING,
        'return Refused("draw_drawn"',
        'Refused("draw_drawn"',
        "checks.draws_a_list_is_closed_before_the_draw_and_by_whoever_was_told_of_it",
    ),
    Bug("drawn while deeds count", _HOLDING, "day < stone.days[1]", "day < stone.days[0]", _DAYS),
    Bug(
        "another secret each time",
        _HOLDING,
        "kept = await read.draw(tx, one.draw)\n    version = terms.at",
        "kept = None\n    version = terms.at",
        _CHECKED,
    ),
    Bug(
        "who stands behind a winner wins less",
        _DRAWING,
        "ticket += own[place]",
        "ticket += 0",
        "checks.draws_the_quick_way_finds_whom_the_plain_way_finds",
    ),
    Bug(
        "a draw that runs is promised anew",
        "engine/changing/objections.py",
        "elif new is not None and not same_draw(old, new):",
        "elif new is not None and not new:",
        _AGAIN,
    ),
    Bug(
        "a draw that runs may be left out",
        "engine/changing/objections.py",
        "if new is None and when[0] < over:",
        "if new is None and over < when[0]:",
        _AGAIN,
    ),
    Bug(
        "tickets of last year count again",
        "engine/compiling/stones.py",
        "self.days[0] + period_of(self.per, day)",
        "period_of(self.per, day)",
        _AGAIN,
    ),
    Bug(
        "last year's draw answers for this year's",
        _HOLDING,
        "if stone is not None and not same_draw(",
        "if stone is not None and not stone and not same_draw(",
        _AGAIN,
    ),
    Bug(
        "announced when it is over",
        _HOLDING,
        "if local(version.zone, tx.now).day >= stone.days[1]:",
        "if False:",
        "checks.draws_it_is_too_late_to_announce_what_is_over",
    ),
    Bug(
        "a prize is booked each time it is drawn",
        "flows/points/gaming/book_prizes.py",
        'return one is None or one.state == "waiting"',
        'return one is None or one.state != "nothing"',
        "checks.draw_prizes_drawn_again_nothing_is_booked_twice",
    ),
    Bug(
        "a prize that cannot be had is lost",
        "flows/points/gaming/book_prizes.py",
        'return one is None or one.state == "waiting"',
        "return one is None",
        _WAITING,
    ),
    Bug(
        "a prize is given that is not there",
        _WINNING,
        "return next(not_on_shelf(reward, changes.stock), None)",
        "return None",
        _WAITING,
    ),
    Bug(
        "a prize for somebody blocked",
        _WINNING,
        'if state.state == "blocked":',
        'if state.state == "nobody":',
        _WAITING,
    ),
    Bug(
        "a prize costs what the reward costs",
        _WINNING,
        "promise(version, reward, now, _FREE)",
        "promise(version, reward, now)",
        _BOOKED,
    ),
    Bug(
        "a prize uses up the limit of its reward",
        _WINNING,
        "promised = replace(promised, limit_counter=0, limit_period=0)",
        "promised = replace(promised)",
        "checks.draw_prizes_who_took_the_reward_before_wins_it_all_the_same",
    ),
    Bug(
        "prizes behind the last one are nothing",
        "records/program/parts/gaming.py",
        "draw.gives[min(won, len(draw.gives)) - 1] if draw.gives else None",
        "draw.gives[won - 1] if won <= len(draw.gives) else None",
        _BOOKED,
    ),
)


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.members.playing import test_draw_prizes as prizes
        from tests.flows.members.playing import test_draws as tests

        if name.startswith(("each_ticket", "the_quick")):
            getattr(tests, f"test_{name}")()
            return
        if name.startswith("prizes_"):
            shop.begin(prizes.PRIZES, slug=f"prizes-{os.getpid()}")
            getattr(prizes, f"test_{name.removeprefix('prizes_')}")(prizes.met(shop))
            return
        shop.begin(tests.DRAWS, slug=f"draws-{os.getpid()}")
        getattr(tests, f"test_{name}")(tests.met(shop))

    return check


ALONE: Final = {
    bug.check.removeprefix("checks."): _test(
        bug.check.removeprefix("checks.").removeprefix("draws_").removeprefix("draw_")
    )
    for bug in DRAWS
}
