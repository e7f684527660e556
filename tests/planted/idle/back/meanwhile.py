"""What becomes of points between a purchase and its return: budgets, credit, reserved, lapsed."""

from __future__ import annotations

import os
from typing import Any

from tests.planted.bug import Bug

MEANWHILE_BUGS = (
    Bug(
        "a return frees more of a budget than its sale drew",
        "engine/deciding/budgets.py",
        "    return max(gave_by(wallet, steps), 0)\n",
        "    return gave_by(wallet, steps)\n",
        "checks.meanwhile_budgets",
    ),
    Bug(
        "what came back whole goes on using a budget",
        "engine/deciding/budgets.py",
        'if wallet.keeps != "no" and steps.stands.get(wallet.id) == 0:',
        "if False:",
        "checks.meanwhile_budgets",
    ),
    Bug(
        "the point that a return breaks goes on counting for the tier",
        "engine/ladder/counting.py",
        "return left if may_owe(version) else max(left, 0)",
        "return max(left, 0)",
        "checks.meanwhile_credit",
    ),
    Bug(
        "what is reserved when it comes back is forgotten",
        "engine/returning/taking.py",
        "    put_down(changes, state, code, points - taken - owed)\n",
        "",
        "story reserved-and-brought-back",
    ),
    Bug(
        "nobody reads what is reserved",
        "flows/batch/load.py",
        "if any(b.held for b in states[one].balances.values())]",
        "if False]",
        "story reserved-and-brought-back",
    ),
    Bug(
        "what is due of a reservation is taken though it was handed over",
        "engine/deciding/conclude.py",
        "min(_known(state, hold).due, hold.amount - part)",
        "_known(state, hold).due",
        "story reserved-and-brought-back",
    ),
    Bug(
        "what was handed over is written open again by what comes back with it",
        "engine/deciding/conclude.py",
        "        state.holds.pop(hold.hold_id, None)  # nothing more is due of it\n",
        "",
        "checks.meanwhile_handed_over",
    ),
    Bug(
        "a return takes more of a budget than an older reckoning left",
        "engine/deciding/budgets.py",
        "            points = max(points, -used)\n",
        "",
        "checks.meanwhile_budgets",
    ),
    Bug(
        "two become one while something of a seat is due",
        "flows/community/seats/come_along.py",
        "if any(hold.due for some in holds.values() for hold in some):",
        "if False:",
        "checks.meanwhile_seats",
    ),
    Bug(
        "what is decided again knows of no reservation",
        "flows/recording/stories.py",
        "    await load_holds(tx, states, late)\n",
        "",
        "checks.meanwhile_rates",
    ),
    Bug(
        "who captures a part is forgiven all that is due of the rest",
        "engine/deciding/conclude.py",
        "        min(_known(state, hold).due, hold.amount - part)\n",
        '        0 if ending.outcome == "captured" else _known(state, hold).due\n',
        "checks.meanwhile_part",
    ),
    Bug(
        "what is only reserved is called spent",
        "engine/deciding/reverse.py",
        "if points - free <= reserved_in(state, code):",
        "if False:",
        "story spent-before-return-refuse",
    ),
    Bug(
        "a reservation whose time is over is in the way of a return",
        "flows/recording/take_back.py",
        "    batch.let_go(state)\n",
        "",
        "story spent-before-return-refuse",
    ),
    Bug(
        "a reservation that ended with a return is not written as ended",
        "flows/recording/decided.py",
        "        *rewards.close_redemptions(tx, batch.lapsed),\n",
        "",
        "checks.meanwhile_overdue",
    ),
    Bug(
        "an event is refused where it only waits for a reservation to end",
        "flows/inlets/again/reserved.py",
        "    if no.code != RESERVED:\n",
        "    if no.code == RESERVED:\n",
        "checks.meanwhile_tried_again",
    ),
    Bug(
        "what waits for a reservation to end holds up all behind it",
        "records/inlets/feeding/read.py",
        "       and try_at <= $4::timestamptz limit $3::int) w\n",
        "       and $4::timestamptz is not null limit $3::int) w\n",
        "checks.meanwhile_behind",
    ),
    Bug(
        "a night ends where a small batch only moved ends",
        "flows/midnight.py",
        "    return done or len({one.member_id for one in changes.postponed}) or len(members)\n",
        "    return _done(done, len(members), most)\n",
        "checks.meanwhile_many_lots",
    ),
    Bug(
        "what lives again counts as lapsed all the same",
        "engine/moving/courtesy.py",
        "state.lapsed.get(of_cause, 0) - points",
        "state.lapsed.get(of_cause, 0)",
        "checks.meanwhile_lapsed",
    ),
    Bug(
        "what lives again is of no purchase",
        "engine/moving/courtesy.py",
        "        cause_id=lot.cause_id,\n",
        "        cause_id=cause.entry_id,\n",
        "checks.meanwhile_lapsed",
    ),
    Bug(
        "points that are given live longer each time",
        "engine/deciding/notice.py",
        "        taker.told_before[passed.lot_id] = shown_at\n",
        "        pass\n",
        "checks.meanwhile_given",
    ),
    Bug(
        "what a household spends together lives longer each time",
        "records/outbox/read.py",
        "and e.kind in ('transfer', 'pool')",
        "and e.kind in ('transfer')",
        "checks.meanwhile_told_before",
    ),
    Bug(
        "nobody reads who was told of points before they were given",
        "flows/batch/load.py",
        "    if any(_may_be_given(version) for version in terms.versions):\n",
        "    if False:\n",
        "checks.meanwhile_told_before",
    ),
    Bug(
        "what was given back of benefits while they were one is used by who goes",
        "flows/membership/unmerge_members.py",
        "    merge = await _as_used(tx, terms, merge)\n",
        "",
        "checks.benefit_merged_members_share_their_year_and_part_again_with_their_own",
    ),
    Bug(
        "what was paid in part and forgiven with more is forgiven as a whole",
        "records/ledger/again/read.py",
        "coalesce(min(level) filter (where not over), 0) >= 0 as whole",
        "true as whole",
        "checks.meanwhile_parted_in_part",
    ),
    Bug(
        "what was forgiven is forgiven nobody two merges up",
        "records/ledger/again/read.py",
        "                         and u.merged_at <= s.until\n",
        "                         and u.merged_at < s.since\n",
        "checks.meanwhile_parted_twice",
    ),
    Bug(
        "a replay gives back a debt that was forgiven",
        "engine/replaying/between.py",
        "if unions.forgiven[stays, code] > had}",
        "if unions.forgiven[stays, code] < had}",
        "checks.meanwhile_parted_replay",
    ),
    Bug(
        "nobody reads what lives again",
        "records/ledger/read.py",
        " where not exists (select from lot n where n.program_id = c.program_id",
        " where false and not exists (select from lot n where n.program_id = c.program_id",
        "story lapsed-before-it-came-back",
    ),
)
"""Played in memory, or as a story."""


def meanwhile_budgets(_: Any) -> None:
    from tests.model.left_alone.meanwhile.test_meanwhile import (
        test_a_return_frees_what_its_sale_drew_and_no_more as told,
    )

    for whose in ("everyone", "member"):
        told(whose)


def meanwhile_credit(_: Any) -> None:
    from tests.model.left_alone.meanwhile.test_meanwhile import (
        test_credit_is_what_is_in_the_status_wallet as told,
    )

    told()


def meanwhile_lapsed(_: Any) -> None:
    from tests.model.left_alone.meanwhile import test_meanwhile

    test_meanwhile.test_what_lapsed_and_lives_again_is_taken_and_what_lapsed_since_is_not()


def meanwhile_given(_: Any) -> None:
    from tests.model.left_alone.meanwhile import test_meanwhile

    test_meanwhile.test_points_that_are_given_to_and_fro_live_no_longer()


def meanwhile_told_before(shop: Any) -> None:
    from tests.flows.points import test_notices

    shop.begin(test_notices.TOLD, slug=f"told-before-{os.getpid()}")
    shop.at("2026-03-02 13:00")
    shop.joined("ada")
    test_notices.test_who_is_given_points_is_told_of_them_anew_and_they_live_no_longer(shop)


def meanwhile_many_lots(shop: Any) -> None:
    from tests.flows.points import test_notices

    shop.begin(test_notices.TOLD, slug=f"many-lots-{os.getpid()}")
    shop.at("2026-03-02 13:00")
    shop.joined("ada")
    test_notices.test_many_lots_that_live_on_keep_nobody_else_from_lapsing(shop)


def meanwhile_handed_over(shop: Any) -> None:
    from tests.flows.points import test_paying

    def opens(source: str) -> Any:
        shop.begin(source, slug=f"handed-over-{os.getpid()}")
        return shop

    told = test_paying.test_what_a_sale_took_stays_taken_where_something_comes_back_with_it
    told(opens)


def meanwhile_overdue(shop: Any) -> None:
    from tests.flows.night import test_lapsed_holds

    def opens(source: str) -> Any:
        shop.begin(source, slug=f"overdue-{os.getpid()}")
        return shop

    test_lapsed_holds.test_a_return_finds_them_free(opens)


def _sender(shop: Any) -> tuple[Any, Any]:
    from tests.surfaces.connect.inlets.sender import Sender, paid
    from tests.surfaces.connect.inlets.signed import test_reserved
    from tests.surfaces.counter import Counter

    shop.begin(test_reserved.REFUSES, slug=f"reserved-{os.getpid()}")
    sender = Sender(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108
    sender.send("e1", paid("r1"))
    sender.book()
    return sender, test_reserved


def meanwhile_tried_again(shop: Any) -> None:
    sender, tests = _sender(shop)
    tests.test_it_is_booked_once_the_reservation_is_over(sender)


def meanwhile_behind(shop: Any) -> None:
    sender, tests = _sender(shop)
    tests.test_what_comes_behind_it_is_booked_and_counts_as_nothing_late(sender)


def meanwhile_part(_: Any) -> None:
    from tests.model.left_alone.meanwhile.test_meanwhile import (
        test_what_is_reserved_when_it_comes_back_is_taken_once_it_is_free as told,
    )

    told("part", (0, 0, 0, 1))


def meanwhile_rates(shop: Any) -> None:
    from tests.flows.terms import test_rates

    def opens(source: str) -> Any:
        shop.begin(source, slug=f"rates-{source.count('never')}-{os.getpid()}")
        return shop

    test_rates.test_points_that_were_too_many_are_owed_or_left_as_the_wallet_says(opens)


def meanwhile_seats(shop: Any) -> None:
    from tests.flows.members.playing.community import test_seats_for_points as seats

    shop.begin(seats.PRICED, slug=f"due-seats-{os.getpid()}")
    seats.test_a_seat_of_which_something_is_due_keeps_two_apart(shop)


def _parted(name: str, told: str) -> Any:
    def check(shop: Any) -> None:
        from tests.flows.points import test_parted
        from tests.flows.points.sharing import SHARING

        shop.begin(SHARING, slug=f"{name.replace('_', '-')}-{os.getpid()}")
        getattr(test_parted, f"test_{told}")(shop)

    check.__name__ = f"meanwhile_{name}"
    return check


meanwhile_parted_in_part = _parted(
    "parted_in_part", "what_was_paid_in_part_and_forgiven_with_more_is_spent_together"
)
meanwhile_parted_replay = _parted(
    "parted_replay", "what_is_owed_after_it_was_forgiven_is_their_own_in_a_replay_too"
)
meanwhile_parted_twice = _parted("parted_twice", "what_was_forgiven_two_merges_up_is_forgiven")
ALONE = {
    one.__name__: one
    for one in (
        meanwhile_budgets, meanwhile_credit, meanwhile_given, meanwhile_handed_over,
        meanwhile_lapsed, meanwhile_overdue, meanwhile_tried_again, meanwhile_behind, meanwhile_many_lots,
        meanwhile_part, meanwhile_parted_in_part, meanwhile_parted_replay,
        meanwhile_parted_twice, meanwhile_rates, meanwhile_seats, meanwhile_told_before,
    )
}  # fmt: skip
