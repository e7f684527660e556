"""Bugs in referrals, and the tests of referrals as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_ENGINE = "engine/rewarding/referring.py"
_NAMING = "flows/points/referring/name_referrals.py"
_SETTLING = "flows/points/referring/settle_referrals.py"
_COUNTING = "flows/points/referring/count_friends.py"
_READ = "records/members/referrals/read.py"
REFERRALS = (
    Bug(
        "points come with the purchase, before it is kept",
        _ENGINE,
        "return add_span(version.zone, sale.activity.occurred_at, promised(version).after)",
        "return sale.activity.occurred_at",
        "checks.referral_both_get_points_when_the_purchase_was_kept_for_the_time_for_returns",
    ),
    Bug(
        "what came back counts",
        _ENGINE,
        "facts = facts_left(version, sale, sale.steps.returned)",
        "facts = facts_left(version, sale, ())",
        "checks.referral_a_purchase_that_is_too_small_or_came_back_does_not_suffice",
    ),
    Bug(
        "who was rewarded twice before they became one keeps both",
        _ENGINE,
        "twice = any(other < one.referral_id for",
        "twice = any(False for",
        "checks.referral_one_person_who_was_rewarded_under_two_names_gives_the_second_back",
    ),
    Bug(
        "who was merged with somebody of old is a newcomer",
        _SETTLING,
        "referring.at_the_end(version, one, pair, decided.known)",
        "referring.still(pair, decided.known)",
        "checks.referral_who_turns_out_to_be_here_for_long_was_no_newcomer",
    ),
    Bug(
        "only the name that stays says since when somebody is here",
        _ENGINE,
        "min(pair.newcomer.joined_at, known.joined.get(newcomer, one.counts_from))",
        "pair.newcomer.joined_at",
        "checks.referral_who_turns_out_to_be_here_for_long_was_no_newcomer",
    ),
    Bug(
        "any purchase suffices",
        _ENGINE,
        "return kept(terms, promised(version), sale) >= least(version)",
        "return kept(terms, promised(version), sale) > 0",
        "checks.referral_a_purchase_that_is_too_small_or_came_back_does_not_suffice",
    ),
    Bug(
        "milestones stay when a friend is lost",
        _SETTLING,
        "if each.friends > friends]",
        "if False]",
        "checks.referral_what_comes_back_later_takes_the_points_and_the_milestone_along",
    ),
    Bug(
        "nothing is owed",
        "engine/rewarding/correcting.py",
        'owed = wanted - taken if wallet.negative == "debt" else 0',
        "owed = 0",
        "checks.referral_what_was_spent_already_is_owed_where_the_wallet_says_so",
    ),
    Bug(
        "every friend brings points",
        _SETTLING,
        "lately < promise.most.times",
        "lately <= promise.most.times + 9",
        "checks.referral_most_friends_and_both_budgets_are_apart",
    ),
    Bug(
        "a budget gives everything or more",
        _ENGINE,
        "return max(min(wanted, units(side.budget.points, _scale(version)) - given), 0)",
        "return wanted",
        "checks.referral_a_budget_is_cut_and_never_overdrawn",
    ),
    Bug(
        "of one batch each sees the whole budget",
        _SETTLING,
        "decided.spend(mine, theirs, now)",
        "pass",
        "checks.referral_a_budget_is_cut_and_never_overdrawn",
    ),
    Bug(
        "the last code wins in one batch",
        _NAMING,
        "known.brought[one.member_id] = {one.referral_id}",
        "pass",
        "checks.referral_the_first_code_wins_and_each_newcomer_is_brought_once",
    ),
    Bug(
        "what follows a plus is another mailbox",
        "records/members/mailbox.py",
        'local = local.partition("+")[0]',
        "local = local + domain[:0]",
        "checks.referral_nobody_brings_themself",
    ),
    Bug(
        "dots make another mailbox",
        "records/members/mailbox.py",
        'local.replace(".", ""), "gmail.com"',
        'local, "gmail.com"',
        "checks.referral_nobody_brings_themself",
    ),
    Bug(
        "who turns out to be one person keeps it",
        _ENGINE,
        "if newcomer == pair.referrer.member_id:",
        "if False:",
        "checks.referral_who_turns_out_to_be_one_person_gets_nothing_or_gives_it_back",
    ),
    Bug(
        "a device is another one under another code",
        _ENGINE,
        "or own & known.brought_with)",
        "or set() & known.brought_with)",
        "checks.referral_one_device_brings_nobody_twice_under_another_name_either",
    ),
    Bug(
        "a household brings itself",
        _ENGINE,
        'return "same_household" if home is not None and home',
        'return "same_household" if home is None and home',
        "checks.referral_nobody_brings_their_household",
    ),
    Bug(
        "a ring over three is not seen",
        _ENGINE,
        "for parent in parents.get(child, ())} - seen",
        "for parent in ()} - seen",
        "checks.referral_no_two_bring_each_other_over_however_many",
    ),
    Bug(
        "everybody is new",
        _ENGINE,
        "if _too_late(version, newcomer.joined_at, now) or newcomer.member_id in known.bought:",
        "if newcomer.member_id in known.bought:",
        "checks.referral_only_newcomers_are_brought",
    ),
    Bug(
        "marks are spelled in two ways",
        "records/members/referrals/lettering.py",
        'return " ".join(text.casefold().split())',
        "return text",
        "checks.referral_one_device_brings_nobody_twice",
    ),
    Bug(
        "friends of a referrer have no marks",
        _READ,
        "and (r.referrer_id = f.member_id or r.member_id = f.member_id)",
        "and r.member_id = f.member_id",
        "checks.referral_one_address_brings_one_friend_of_each",
    ),
    Bug(
        "one person brought under two names counts twice",
        _ENGINE,
        "if any(other < one.referral_id for other in known.brought.get(newcomer, ())):",
        "if newcomer is None:",
        "checks.referral_one_person_brought_under_two_names_counts_once",
    ),
    Bug(
        "what came back leaves room in a later period",
        _SETTLING,
        "if given_at >= since:",
        "if given_at is not None:",
        "checks.referral_what_was_given_long_ago_leaves_no_room_in_todays_budget",
    ),
    Bug(
        "a friend lost from an earlier period makes room in this one",
        _SETTLING,
        "there = lately if settled_at >= since else 0",
        "there = lately",
        "checks.referral_a_friend_lost_from_last_month_makes_no_room_among_this_month_s",
    ),
    Bug(
        "blocked members are paid",
        _ENGINE,
        'if "blocked" in states:',
        'if "shut" in states:',
        "checks.referral_blocked_members_bring_nobody",
    ),
    Bug(
        "signs that changed places are not noticed",
        "records/members/referrals/lettering.py",
        "(place + 1) * ALPHABET.index(sign)",
        "ALPHABET.index(sign)",
        "checks.referral_codes_are_given_once_and_slips_are_noticed",
    ),
    Bug(
        "every wish gives another code",
        _NAMING,
        "code = there.get(who) or made.get(who)",
        "code = made.get(who)",
        "checks.referral_codes_are_given_once_and_slips_are_noticed",
    ),
    Bug(
        "what was told late is too late",
        _READ,
        "and occurred_at >= w.since and occurred_at < w.until",
        "and recorded_at >= w.since and recorded_at < w.since + interval '1 day'",
        "checks.referral_told_late_counts_by_when_it_happened",
    ),
    Bug(
        "a friend counts as soon as they bought",
        _COUNTING,
        'if one.state == "rewarded" and one.settled_at == tx.now]',
        'if one.state == "qualified"]',
        "checks.friends_a_friend_counts_once_they_stayed_and_not_while_they_may_bring_things_back",
    ),
    Bug(
        "who is undone counts on",
        _COUNTING,
        "for one in gone if _key(one) in there]",
        "for one in gone if _key(one) not in there]",
        "checks.friends_what_comes_back_later_takes_the_tier_along",
    ),
    Bug(
        "anybody says that they brought a friend",
        "flows/recording/decide_one.py",
        "if command.kind != FRIEND_STAYED or command.asked.principal == REFERRALS:",
        "if command.kind != FRIEND_STAYED or command.asked.principal:",
        "checks.friends_nobody_says_of_themselves_that_a_friend_stayed",
    ),
    Bug(
        "anybody takes a friend back",
        "flows/recording/sales.py",
        "if item.command.asked.principal == REFERRALS:",
        "if item.command.asked.principal:",
        "checks.friends_nobody_brings_a_friend_back_who_stayed",
    ),
)


def _test(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.members import test_referrals as tests

        shop.begin(tests.BRING, slug=f"referral-{os.getpid()}")
        getattr(tests, f"test_{name}")(tests.met(shop))

    return check


def _settled(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.members import test_referrals_settled as tests

        def opened(source: str) -> Any:
            shop.begin(source, slug=f"referral-{os.getpid()}")
            return shop

        getattr(tests, f"test_{name}")(opened)

    return check


def _counted(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.members import test_referrals
        from tests.flows.tiers import test_by_friends as tests

        shop.begin(tests.BY_FRIENDS, slug=f"referral-{os.getpid()}")
        getattr(tests, f"test_{name}")(test_referrals.met(shop))

    return check


ALONE: Final = (
    {
        f"referral_{name}": _test(name)
        for name in (
            "both_get_points_when_the_purchase_was_kept_for_the_time_for_returns",
            "a_purchase_that_is_too_small_or_came_back_does_not_suffice",
            "what_comes_back_later_takes_the_points_and_the_milestone_along",
            "what_was_spent_already_is_owed_where_the_wallet_says_so",
            "most_friends_and_both_budgets_are_apart",
            "a_budget_is_cut_and_never_overdrawn",
            "the_first_code_wins_and_each_newcomer_is_brought_once",
            "nobody_brings_themself",
            "who_turns_out_to_be_one_person_gets_nothing_or_gives_it_back",
            "nobody_brings_their_household",
            "no_two_bring_each_other_over_however_many",
            "only_newcomers_are_brought",
            "one_device_brings_nobody_twice",
            "one_address_brings_one_friend_of_each",
            "one_device_brings_nobody_twice_under_another_name_either",
            "blocked_members_bring_nobody",
            "codes_are_given_once_and_slips_are_noticed",
            "told_late_counts_by_when_it_happened",
        )
    }
    | {
        f"referral_{name}": _settled(name)
        for name in (
            "one_person_brought_under_two_names_counts_once",
            "one_person_who_was_rewarded_under_two_names_gives_the_second_back",
            "who_turns_out_to_be_here_for_long_was_no_newcomer",
            "what_was_given_long_ago_leaves_no_room_in_todays_budget",
            "a_friend_lost_from_last_month_makes_no_room_among_this_month_s",
        )
    }
    | {
        f"friends_{name}": _counted(name)
        for name in (
            "a_friend_counts_once_they_stayed_and_not_while_they_may_bring_things_back",
            "what_comes_back_later_takes_the_tier_along",
            "nobody_says_of_themselves_that_a_friend_stayed",
            "nobody_brings_a_friend_back_who_stayed",
        )
    }
)
