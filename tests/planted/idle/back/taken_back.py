"""Bugs about taking back what is no purchase, and about prizes that a replay decides anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.planted.bug import Bug

_STORY = "story a-visit-that-never-was"
_GAMES = "engine/replaying/games.py"
_PLAYED = "checks.replayed_prizes_"
_AS_BOOKED = _PLAYED + "prizes_come_out_as_the_books_say"
_ALIKE = _PLAYED + "a_draft_of_the_same_games_gives_the_same_prizes"
_PRICED = _PLAYED + "a_draft_whose_point_is_a_challenge_says_what_it_gives"
TAKEN_BACK = (
    Bug(
        "only a purchase comes back",
        "flows/recording/sales.py",
        "return activity.sale_id is None",
        'return activity.kind == "purchase"',
        _STORY,
    ),
    Bug(
        "what is named is always a purchase",
        "records/once/types.py",
        "return natural_key(named.source, named.external_id, named.kind)",
        'return natural_key(named.source, named.external_id, "purchase")',
        _STORY,
    ),
    Bug(
        "a visit that was taken back keeps its points",
        "engine/compiling/emit_rules.py",
        "if isinstance(rule.award, Fixed | ByTable):",
        "if False:",
        _STORY,
    ),
    Bug(
        "a visit that was taken back counts for the milestone",
        "engine/compiling/stones.py",
        "return int(not facts.lines or any(line.quantity for line in facts.lines))",
        "return 1",
        _STORY,
    ),
    Bug(
        "a visit that was taken back counts for the challenge",
        "engine/rewarding/gaming/deeds.py",
        "return None if all(done.sale.steps.returned or (0,)) else Worth(1)",
        "return Worth(1)",
        _STORY,
    ),
    Bug(
        "nobody reads what came back of visits",
        "flows/batch/played.py",
        "bought | back}, taken_back=friends)",
        "bought}, taken_back=friends)",
        _STORY,
    ),
    Bug(
        "a return waits for purchases alone",
        "flows/recording/decide_one.py",
        'if item.command.kind == "return":\n        return None\n    return item.receipt',
        'if item.command.kind != "purchase":\n        return None\n    return item.receipt',
        _STORY,
    ),
    Bug(
        "a review that was taken back cannot be written anew",
        "records/activity/read.py",
        "r.sale_id = a.activity_id)\n   and not exists (select from lot l",
        "r.sale_id = a.sale_id)\n   and not exists (select from lot l",
        _STORY,
    ),
    Bug(
        "a return can be taken back",
        "flows/recording/decide_one.py",
        '_STAYS: Final = ("return", FRIEND_STAYED)',
        "_STAYS: Final = ()",
        _STORY,
    ),
    Bug(
        "a replay takes prizes when it likes, whatever the books say",
        _GAMES,
        "self._later = None if as_told else LATER",
        "self._later = LATER",
        _AS_BOOKED,
    ),
    Bug(
        "a replay gives what was won only by what was told first",
        _GAMES,
        "        member.since = min(member.since, since)\n",
        "        member.since = max(member.since, since)\n",
        "checks.played_new_and_old_at_once",
    ),
    Bug(
        "a replay never takes a prize back",
        _GAMES,
        "            self._watch(member, now, sale.activity.occurred_at)",
        "            pass",
        _ALIKE,
    ),
    Bug(
        "whoever took part has forgotten it in a replay",
        _GAMES,
        "member.parts.setdefault(one.kind, []).append(one.at)",
        "pass",
        _AS_BOOKED,
    ),
    Bug(
        "what was won is given as it was, too",
        _GAMES,
        'return replace(one, what="game") if played == "alone" else one',
        'return replace(one, what="adjust")',
        "checks.played_alone_or_in_teams",
    ),
    Bug(
        "a draft without a game pays what was won",
        "engine/replaying/given.py",
        'return how(terms.at(one.earned_at or one.at), one.kind) == "alone"',
        "return False",
        "checks.played_alone_or_in_teams",
    ),
    Bug(
        "what each won is lost where teams win it",
        _GAMES,
        'return replace(one, what="adjust")',
        "return one",
        "checks.played_alone_or_in_teams",
    ),
    Bug(
        "the books' own looks are passed over",
        "engine/replaying/fold.py",
        "            self._settle(whose, one.now)\n            return",
        "            return",
        _AS_BOOKED,
    ),
    Bug(
        "a prize is told of twice in a replay",
        "engine/replaying/tally.py",
        "fired.times += 0 if back else 1",
        "fired.times += 1",
        _ALIKE,
    ),
    Bug(
        "a replay gives the same prize at every look",
        _GAMES,
        "Member()).has += settled.given",
        "Member()).has += settled.given[:0]",
        _PRICED,
    ),
    Bug(
        "in a replay of a file a purchase comes back, whatever is named",
        "surfaces/replay/reading.py",
        "sale_id = named.id or key_of(named)",
        "sale_id = named.id or key_of(type(named)(None, named.source, named.external_id))",
        "checks.taken_back_in_a_file",
    ),
    Bug(
        "a file says in vain what comes back",
        "surfaces/connect/moving/history.py",
        'of = reading.sale_kind(values) or "purchase"',
        'of = "purchase"',
        "checks.taken_back_in_a_file",
    ),
    Bug(
        "a visit that was taken back counts as one of its member",
        "records/prepared/write.py",
        'joinpath("members.sql").read_text("utf-8")',
        'joinpath("members.sql").read_text("utf-8").replace("b.sale_id = act.", "null = act.")',
        "checks.taken_back_no_visit",
    ),
    Bug(
        "a visit that was taken back counts once all is counted anew",
        "records/prepared/anew/__init__.py",
        'joinpath(f"{file}.sql").read_text("utf-8")',
        'joinpath(f"{file}.sql").read_text("utf-8").replace(" and t.parts is null", "")',
        "checks.taken_back_no_visit",
    ),
    Bug(
        "a visit of nobody that was taken back counts",
        "records/prepared/write.py",
        'joinpath("sold.sql").read_text("utf-8")',
        'joinpath("sold.sql").read_text("utf-8").replace("0, -1\\n      from b", "0, 0 from b")',
        "checks.taken_back_no_visit",
    ),
    Bug(
        "what does not come back is met for ever",
        "flows/recording/catch_up.py",
        "that comes back: it would be met for ever\n            hopeless.append(one.activity_id)",
        "that comes back: it would be met for ever",
        "checks.taken_back_what_stays",
    ),
    Bug(
        "a return waits for what is there and stays",
        "flows/recording/decide_one.py",
        "if batch.sales.stays(command):",
        "if False:",
        "checks.taken_back_what_stays",
    ),
    Bug(
        "what was taken back keeps what its tips gave",
        "engine/returning/sale.py",
        "nothing),), extras=nothing)",
        "nothing),))",
        "checks.taken_back_with_its_tips",
    ),
    Bug(
        "of a visit that was waited for nobody knows what had lapsed",
        "flows/recording/milestones.py",
        "if stone.counts.on == kind and",
        'if stone.counts.on == "purchase" and',
        "checks.taken_back_in_two_orders",
    ),
    Bug(
        "what is taken back makes room beside what stands",
        "engine/checking/telling.py",
        "[key for key, by in told.items() if activity.activity_id in by]:",
        "[key for key, by in told.items() if not by.clear()]:",
        "checks.advocacy_what_is_not_approved_says_why_and_may_be_told_again",
    ),
    Bug(
        "a look at somebody erased is tried again for ever",
        "engine/replaying/fold.py",
        "            self._games.looked(member_id)\n",
        "",
        "checks.played_and_erased_at_once",
    ),
    Bug(
        "what a merged one gave back is looked at under nobody",
        _GAMES,
        "member = self._of.setdefault(whose, Member())",
        "member = self._of[sale.activity.member_id]",
        "checks.played_and_merged",
    ),
    Bug(
        "what lapsed with a merged one is taken from whom they stand as",
        _GAMES,
        "lapsed = _lapsed(has, [states[id_] for id_ in kin[1:]])",
        "lapsed = _lapsed(has, [])",
        "checks.played_lapsed_and_merged",
    ),
)


def _alone(name: str) -> Callable[[Any], None]:
    """One without books."""

    def check(_shop: Any) -> None:
        getattr(import_module("tests.engine.replaying.test_playing"), f"test_{name}")()

    return check


def _played(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        tests = import_module("tests.insight.replay.test_games")
        shop.begin(tests.GAMES, slug=f"p{os.getpid()}-played-{len(name)}")
        tests.lives_playing(shop)
        getattr(tests, f"test_{name}")(shop)

    return check


def _file(_shop: Any) -> None:
    tests = import_module("tests.surfaces.replay.test_sales")
    with TemporaryDirectory() as folder:
        tests.test_another_shops_file_says_what_comes_back_by_its_kind(Path(folder))


def _opens(shop: Any) -> Callable[[str], Any]:
    """Opens programs one after the other, each in the same shop."""

    def opens(source: str) -> Any:
        shop.begin(source, slug=f"p{os.getpid()}-{os.urandom(3).hex()}")
        return shop

    return opens


def _two_orders(shop: Any) -> None:
    tests = import_module("tests.flows.test_returns")
    tests.test_a_visit_whose_return_waited_ends_as_if_it_had_come_first(_opens(shop))


def _no_visit(shop: Any) -> None:
    tests = import_module("tests.flows.night.counted.test_any_history")
    tests.test_a_visit_that_was_taken_back_is_none_of_a_member_or_of_nobody(_opens(shop))


def _stays(shop: Any) -> None:
    tests = import_module("tests.flows.test_returns")
    tests.test_what_is_there_and_does_not_come_back_is_waited_for_by_nobody(shop)


PLAYED_AGAIN: Final = {
    f"replayed_prizes_{name}": _played(name)
    for name in (
        "prizes_come_out_as_the_books_say",
        "a_draft_of_the_same_games_gives_the_same_prizes",
        "a_draft_whose_point_is_a_challenge_says_what_it_gives",
    )
} | {
    "played_and_erased_at_once": _alone("whoever_is_erased_at_once_is_looked_at_no_more"),
    "taken_back_in_a_file": _file,
    "taken_back_in_two_orders": _two_orders,
    "taken_back_no_visit": _no_visit,
    "taken_back_with_its_tips": _alone(
        "of_what_was_taken_back_nothing_is_left_of_shipping_and_tips_either"
    ),
    "taken_back_what_stays": _stays,
    "played_alone_or_in_teams": _alone(
        "prizes_of_what_each_plays_alone_are_decided_anew_and_those_of_teams_stay"
    ),
    "played_new_and_old_at_once": _alone(
        "something_new_and_what_came_back_of_long_ago_are_looked_at_at_once"
    ),
    "played_and_merged": _alone(
        "what_a_merged_one_brings_back_takes_the_prize_from_whom_they_stand_as"
    ),
    "played_lapsed_and_merged": _alone(
        "what_had_lapsed_of_a_merged_ones_prize_is_not_taken_and_not_told_as_taken"
    ),
}
