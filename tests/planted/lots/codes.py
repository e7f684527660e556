"""Bugs in codes and in kinds of rewards, and their tests as the checks that must notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_HAVING = "engine/rewarding/having.py"
_USING = "engine/rewarding/counter/using.py"
_PAYING = "engine/rewarding/paying.py"
_PROMISE = "engine/rewarding/promise.py"
CODES = (
    Bug(
        "a used code is used again",
        _USING,
        'if code.state == "used":',
        'if code.state == "spent":',
        "checks.code_a_code_is_used_once_however_it_is_spelled",
    ),
    Bug(
        "the price of a tier is everybody's",
        _HAVING,
        "first = way if stands_at_least(version, state, way.tier, now) else first",
        "first = way",
        "story gold-pays-less",
    ),
    Bug(
        "a code is burned by a purchase it gave nothing for",
        "flows/points/codes/showing.py",
        "if code is None or not rules & done.rules.keys():",
        "if code is None:",
        "checks.code_a_code_of_a_reward_is_used_up_by_what_it_gave_for",
    ),
    Bug(
        "a code is another's where its owner was merged",
        "flows/recording/decide_one.py",
        "return version, named if state is None else state.member_id",
        "return version, named",
        "checks.code_who_was_merged_has_their_codes_under_either_id",
    ),
    Bug(
        "what is decided again burns no code",
        "flows/points/codes/showing.py",
        "for trail in changes.restated[self.seen :] if self.stories else ():",
        "for trail in ():",
        "checks.code_a_code_is_used_up_by_what_it_gives_for_once_all_is_known",
    ),
    Bug(
        "two deeds that are decided again have one code",
        "engine/restating/codes.py",
        'over.setdefault(told, Over("!code_used", sale.activity.occurred_at))',
        "pass",
        "checks.code_a_code_is_used_up_by_what_it_gives_for_once_all_is_known",
    ),
    Bug(
        "a code that went elsewhere gives to what is decided again",
        "engine/restating/codes.py",
        "sale.steps = replace(sale.steps, code_of=known.why)",
        "pass",
        "checks.code_a_code_that_went_elsewhere_gives_to_nothing_that_is_decided_again",
    ),
    Bug(
        "a return looks at the code as it was told",
        "engine/returning/sale.py",
        "if steps.code_of:",
        "if steps.code_of == steps.version:",
        "checks.code_a_code_that_went_elsewhere_gives_to_nothing_that_is_decided_again",
    ),
    Bug(
        "two of one batch have one code",
        "flows/points/codes/showing.py",
        "        self.codes[code.code] = used\n",
        "",
        "checks.code_a_code_of_a_reward_is_used_up_by_what_it_gave_for",
    ),
    Bug(
        "a code ends a moment late",
        _USING,
        "now >= code.ends_at",
        "now > code.ends_at",
        "checks.code_a_code_can_be_used_until_its_end_and_not_at_it",
    ),
    Bug(
        "a code that was seen goes to the next",
        "engine/deciding/conclude.py",
        "if promised.stocked and not seen and",
        "if promised.stocked and",
        "checks.code_a_code_that_was_seen_is_withdrawn_when_the_sale_it_paid_for_comes_back",
    ),
    Bug(
        "the code of a returned sale stays good",
        "flows/recording/decided.py",
        'if one.state == "returned" and one.promised.kind == "code"',
        "if False",
        "checks.code_a_code_that_was_seen_is_withdrawn_when_the_sale_it_paid_for_comes_back",
    ),
    Bug(
        "a pool is not locked",
        _PROMISE,
        "sorted(shelf_of(reward) for reward in found if shelved(reward) is not None)",
        "sorted(reward.id for reward in found if reward.stock is not None)",
        "checks.code_a_pool_gives_its_codes_in_order_until_none_is_left",
    ),
    Bug(
        "the code is kept with the answer",
        "flows/batch/hand_codes.py",
        'one.state == "captured"',
        'one.state == "kept"',
        "checks.code_a_code_is_made_when_the_reward_is_handed_over_and_not_before",
    ),
    Bug(
        "a repeated line is taken",
        "flows/points/codes/fill_pools.py",
        "elif code in lines:",
        "elif False:",
        "checks.code_a_list_with_slips_is_taken_not_at_all_and_each_slip_named",
    ),
    Bug(
        "an upload is not counted",
        "flows/points/codes/fill_pools.py",
        "there = left[shelf] + len(written)",
        "there = left[shelf]",
        "checks.code_a_pool_gives_its_codes_in_order_until_none_is_left",
    ),
    Bug(
        "the next version changes what was issued",
        "records/rewards/codes/write.py",
        "terms = _encode(run.promised).decode()",
        'terms = "{}"',
        "checks.code_vouchers_are_issued_for_anybody_and_asked_again_they_are_the_same",
    ),
    Bug(
        "the last price is taken",
        _HAVING,
        "for said in my_ways(version, state, reward, wish.now, wish.currency):",
        "for said in my_ways(version, state, reward, wish.now, wish.currency)[::-1]:",
        "checks.kind_the_first_price_that_can_be_paid_is_taken",
    ),
    Bug(
        "the reason is that of the last price",
        _HAVING,
        "    return refused[0]\n",
        "    return refused[-1]\n",
        "games prices",
    ),
    Bug(
        "what was let go cools",
        "records/rewards/read.py",
        "and (r.state = 'captured' or (r.state = 'held' and r.lapses_at > $4::timestamptz))",
        "and $4::timestamptz is not null",
        "checks.kind_some_time_passes_between_two_and_what_was_let_go_does_not_count",
    ),
    Bug(
        "two of one batch do not cool",
        "engine/deciding/redeem.py",
        "        state.taken[reward.id] = wish.now\n",
        "        pass\n",
        "checks.kind_some_time_passes_between_two_and_what_was_let_go_does_not_count",
    ),
    Bug(
        "a one is a true",
        _HAVING,
        "type(has) is type(value) and has == value",
        "has == value",
        "checks.kind_each_attribute_must_match_and_a_one_is_no_true",
    ),
    Bug(
        "seats are endless",
        "records/program/parts/rewards.py",
        "        return reward.gives.seats\n",
        "        return None\n",
        "checks.kind_seats_run_out_and_a_seat_is_not_had_once_it_has_begun",
    ),
    Bug(
        "a seat is sold while it plays",
        _HAVING,
        "if now >= begins:",
        "if now > begins:",
        "checks.kind_seats_run_out_and_a_seat_is_not_had_once_it_has_begun",
    ),
    Bug(
        "any channel will do",
        _HAVING,
        "if reward.channels and wish.channel not in reward.channels:",
        "if False:",
        "checks.kind_a_reward_of_other_channels_is_not_here",
    ),
    Bug(
        "a share of the basket before its discounts",
        _PAYING,
        "(0 if alone else basket.discount_minor)",
        "0",
        "checks.pay_discounts_come_before_payments",
    ),
    Bug(
        "points are paid in halves of steps",
        _PAYING,
        "whole = points // self.step * self.step\n",
        "whole = points\n",
        "checks.pay_as_much_as_can_be_is_paid_in_whole_steps",
    ),
    Bug(
        "more is taken than it is worth",
        _PAYING,
        "most = -(-value * self.points // (self.per_minor * self.step))",
        "most = value * self.points // (self.per_minor * self.step) + 1",
        "checks.pay_as_much_as_can_be_is_paid_in_whole_steps",
    ),
    Bug(
        "the minimum is forgotten",
        _PAYING,
        "least = max(rate.minimum, rate.step)",
        "least = rate.step",
        "checks.pay_what_cannot_be_paid_is_refused_and_nothing_is_held",
    ),
    Bug(
        "a sale says another amount than was paid",
        "engine/returning/payments.py",
        "told != worth",
        "told > worth",
        "checks.pay_paid_named_by_the_sale_and_given_back_with_it",
    ),
    Bug(
        "a part of a payment is captured",
        "engine/deciding/conclude.py",
        'if redemption.promised.kind in ("payment", "stored_value"):',
        "if False:",
        "checks.pay_it_is_captured_whole_and_voided_whole",
    ),
    Bug(
        "nobody is ahead of a reward",
        _HAVING,
        "return min([day_starts_at(version.zone, day), *ahead])",
        "return day_starts_at(version.zone, day)",
        "checks.kind_a_drop_begins_earlier_the_higher_one_stands",
    ),
)


def _test(module: str, name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from importlib import import_module

        from tests.makers import buys

        from regulars.flows.commands import Adjust

        tests = import_module(f"tests.flows.points.test_{module}")
        source = {"codes": "CINEMA", "kinds": "ROASTERY", "paying": "PAYING"}[module]
        shop.begin(getattr(tests, source), slug=f"{module}-{os.getpid()}")
        test = getattr(tests, f"test_{name}")
        more = {}
        if "ada" in test.__code__.co_varnames[: test.__code__.co_argcount]:
            (ada,) = shop.joined("ada")
            if module == "paying":
                shop.adjust(Adjust(ada, "points", 480, "as a start", "mia"))
            else:
                amount = 10_000 if module == "codes" else 6_000
                shop.record(buys(ada, amount, receipt="first"))
            more = {"ada": ada}
        test(shop, **more)

    return check


ALONE: Final = {
    bug.check.removeprefix("checks."): _test(
        {"code": "codes", "kind": "kinds", "pay": "paying"}[
            bug.check.removeprefix("checks.").partition("_")[0]
        ],
        bug.check.removeprefix("checks.").partition("_")[2],
    )
    for bug in CODES
    if bug.check.startswith("checks.")
}
