"""Bugs in challenges and streaks, and their tests as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_CHALLENGES = "engine/rewarding/gaming/challenges.py"
_STREAKS = "engine/rewarding/gaming/streaks.py"
_PRIZES = "engine/rewarding/gaming/prizes.py"
_DEEDS = "engine/rewarding/gaming/deeds.py"
_RETURN = "checks.game_a_return_takes_the_prize_back_once_and_reaching_it_again_gives_it_once"
_CARRIED = "checks.game_what_the_reaching_deed_brings_beyond_the_target_counts_next_month"
_STREAK = "checks.game_a_streak_bridges_one_missed_week_a_month_and_ends_at_the_second"
_PART = "checks.game_who_takes_part_has_seven_days_from_then_on"
_FAIR = "checks.game_fair_"
_LAPSE = "checks.game_lapse_"
GAMES = (
    Bug(
        "who was merged is shown what they did alone",
        "flows/points/gaming/show_games.py",
        "member_id = states[member_id].member_id",
        "assert states[member_id].member_id",
        "checks.game_who_was_merged_is_shown_as_whom_they_stand",
    ),
    Bug(
        "what came back counts for a challenge",
        _DEEDS,
        "facts = facts_left(version, sale, sale.steps.returned)",
        "facts = facts_left(version, sale, ())",
        _RETURN,
    ),
    Bug(
        "a prize is never taken back",
        _PRIZES,
        "if key not in due_keys and not prize.came:",
        "if False:",
        _RETURN,
    ),
    Bug(
        "a prize that had lapsed is taken back again",
        "engine/rewarding/correcting.py",
        "amount.units - lapsed - state",
        "amount.units - state",
        f"{_LAPSE}what_had_lapsed_of_a_prize_is_not_owed",
    ),
    Bug(
        "a prize that lapses in the same breath is taken back again",
        "engine/rewarding/correcting.py",
        " - lapsed - state.lapsed.get((gave, amount.wallet), 0)",
        " - lapsed",
        f"{_LAPSE}what_lapses_with_the_taking_back_is_not_owed",
    ),
    Bug(
        "what is owed of a prize comes from nowhere",
        "engine/rewarding/correcting.py",
        "sides = [(Account.ADJUSTED, taken + owed)",
        "sides = [(Account.ADJUSTED, taken)",
        "checks.game_points_that_were_spent_are_owed_when_the_prize_is_taken_back",
    ),
    Bug(
        "a prize is given at each look",
        _PRIZES,
        "        open_.pop(key, None)\n",
        "",
        "checks.game_the_prize_comes_with_the_tenth_coffee_and_once_in_the_month",
    ),
    Bug(
        "each deed begins its period anew",
        _CHALLENGES,
        "return (one.begins, one.began_on) == (other.begins, other.began_on)",
        "return False",
        "checks.game_the_prize_comes_with_the_tenth_coffee_and_once_in_the_month",
    ),
    Bug(
        "overshoot is lost",
        _CHALLENGES,
        "way.running, way.surplus = 0, way.running",
        "way.running, way.surplus = 0, 0",
        _CARRIED,
    ),
    Bug(
        "what was begun is carried as well",
        _CHALLENGES,
        "full = before is not None and way.times >= before.promise.in_period",
        "full, way.surplus = True, way.surplus or way.running",
        "checks.game_unfinished_progress_is_not_carried",
    ),
    Bug(
        "told late counts where it was told",
        "records/rewards/prizes/read.py",
        " order by d.occurred_at, d.activity_id",
        " order by d.activity_id",
        "checks.game_what_is_told_in_another_order_ends_the_same",
    ),
    Bug(
        "any goods count",
        _DEEDS,
        "line.counted and _asked(counts, line)",
        "line.counted",
        "checks.game_other_goods_do_not_count",
    ),
    Bug(
        "stores count each time",
        _CHALLENGES,
        "    return len(way.seen)",
        "    return way.running + 1",
        "checks.game_different_stores_count_once_each_and_the_benefit_ends_with_the_prize",
    ),
    Bug(
        "what was won goes on",
        "records/benefits/read.py",
        "least(g.until_at, (select max(z.undone_at)",
        "greatest(g.until_at, (select max(null::timestamptz)",
        "checks.game_different_stores_count_once_each_and_the_benefit_ends_with_the_prize",
    ),
    Bug(
        "everybody takes part",
        _CHALLENGES,
        'return turn.promise.joins == "automatic" or any(since <= at for since in parts)',
        "return True",
        _PART,
    ),
    Bug(
        "the days of who takes part never end",
        _CHALLENGES,
        "inside = _inside(version, promise, at) and begins <= at < ends",
        "inside = _inside(version, promise, at) and begins <= at",
        _PART,
    ),
    Bug(
        "a freeze is free",
        _STREAKS,
        "there.frozen[period] = used + 1",
        "there.frozen[period] = used",
        _STREAK,
    ),
    Bug("freezes are never used", _STREAKS, "if used >= freezes.times:", "if True:", _STREAK),
    Bug(
        "weeks end where the shop is",
        "records/rewards/prizes/write.py",
        "coalesce(nullif(m.zone, ''), $5::text)",
        "coalesce($5::text, m.zone)",
        "checks.game_the_week_ends_where_the_member_lives",
    ),
    Bug(
        "a month that has begun gets new terms",
        _CHALLENGES,
        "for one in (judge, version):",
        "for one in (version, judge):",
        "checks.game_a_month_that_has_begun_keeps_its_terms",
    ),
    Bug(
        "returns have nobody looked at",
        "flows/recording/decided.py",
        "    for one in own:\n        sold = one if",
        "    for one in [a for a in own if a.sale_id is None]:\n        sold = one if",
        _RETURN,
    ),
    Bug(
        "merging has nobody looked at",
        "flows/membership/merge_members.py",
        "if pays(terms) else ()",
        "if False else ()",
        "checks.game_two_halves_that_become_one_reach_it_together",
    ),
)
_SINCE: Final = "checks.games_settle_by_what_came_since"
SINCE = (
    Bug(
        "of two deeds the later one says since when games are told anew",
        "flows/recording/decided.py",
        "min(sold.occurred_at, since.get(one.member_id, sold.occurred_at))",
        "tx.now",
        _SINCE,
    ),
    Bug(
        "what is said anew forgets what was said before",
        "records/rewards/prizes/write.py",
        "then least(prize_clock.since, excluded.since) end",
        "then excluded.since end",
        _SINCE,
    ),
    Bug(
        "another streak gets the prize of one that is over",
        "engine/rewarding/gaming/since.py",
        "        return _streak_begins(terms, name, own, last) <= first",
        "        return True",
        _SINCE,
    ),
    Bug(
        "a period is told from the middle",
        "engine/rewarding/gaming/since.py",
        "stretch_of(_every(terms, name), here).start",
        "here",
        _SINCE,
    ),
    Bug(
        "what has no end never ends",
        "engine/rewarding/gaming/challenges.py",
        "if days.end >= _LAST and promise_of(terms.at(at), id_) is None:",
        "if days.end > _LAST and promise_of(terms.at(at), id_) is None:",
        f"{_FAIR}what_has_no_end_ends_when_it_is_taken_out_of_the_program",
    ),
    Bug(
        "two who become one reach it once more",
        "engine/rewarding/gaming/prizes.py",
        "            twice.append(key)\n",
        "            pass\n",
        f"{_FAIR}two_who_become_one_are_not_given_again_what_each_was_given",
    ),
    Bug(
        "a streak is judged by the terms of today",
        "engine/rewarding/gaming/streaks.py",
        "        version, promise = then, said\n",
        "        pass\n",
        f"{_FAIR}a_streak_that_runs_is_judged_by_the_terms_it_ran_under",
    ),
    Bug(
        "freezes of today for the weeks of then",
        "engine/rewarding/gaming/streaks.py",
        "return said if said is not None and said.every == promise.every else promise",
        "return promise",
        f"{_FAIR}a_week_that_was_bridged_stays_so_when_there_are_no_freezes_any_more",
    ),
)


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.members.playing import test_games as tests
        from tests.flows.members.playing import test_games_fairly as fairly
        from tests.flows.members.playing import test_prizes_that_lapse as lapse

        if name.startswith("lapse_"):
            shop.begin(lapse.LAPSING, slug=f"lapse-{os.getpid()}")
            getattr(lapse, f"test_{name.removeprefix('lapse_')}")(lapse.met(shop))
            return
        if name.startswith("fair_"):
            shop.begin(fairly.FAIR, slug=f"fair-{os.getpid()}")
            getattr(fairly, f"test_{name.removeprefix('fair_')}")(tests.met(shop))
            return
        shop.begin(tests.PLAY, slug=f"game-{os.getpid()}")
        getattr(tests, f"test_{name}")(tests.met(shop))

    return check


def _since(shop: Any) -> None:
    from random import Random

    from tests.flows.members.playing import test_games_since as tests

    for seed in range(2):
        begun, ends = shop.now, []
        for whole in (False, True):
            slug = f"since-{os.getpid()}-{seed}-{int(whole)}"
            shop.begin(tests.GAMES + tests.STREAK, slug=slug, now=begun)
            ends.append(tests.lives(shop, Random(seed), whole=whole))
        assert ends[0] == ends[1], seed
        shop.now = begun


ALONE: Final = {
    _SINCE.removeprefix("checks."): _since,
} | {
    bug.check.removeprefix("checks."): _test(bug.check.removeprefix("checks.game_"))
    for bug in (*GAMES, *SINCE)
    if bug.check != _SINCE
}
