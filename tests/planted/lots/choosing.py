"""Bugs in rewards that depend on the basket, on a choice or on the balance alone."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_FREEING = "engine/rewarding/freeing.py"
_PAYMENTS = "engine/returning/payments.py"
_CHOICE = "story a-ticket-or-points"
_ITSELF = "story a-voucher-by-itself"
_COMPANY = "story a-company-buys"
_GIFT = "story a-gift-card-is-spent"
_FREE = "story which-coffee-is-free"
CHOOSING = (
    Bug(
        "the dearest is free for the cheapest",
        _FREEING,
        'reverse=gives.which == "dearest"',
        'reverse=gives.which != "dearest"',
        _FREE,
    ),
    Bug(
        "the cheapest line is free, not the cheapest piece",
        _FREEING,
        "return Fraction(self.net, self.line.quantity)",
        "return Fraction(self.net)",
        _FREE,
    ),
    Bug(
        "a piece dearer than allowed is free",
        _FREEING,
        "(most is None or fit.each <= most)",
        "True",
        _FREE,
    ),
    Bug(
        "any piece may be named",
        _FREEING,
        "    if any(fit is None or",
        "    if any(fit is not None and",
        _FREE,
    ),
    Bug(
        "what is free earns a stamp",
        "engine/compiling/emit_facts.py",
        'return self._sum(which, "quantity - free", "0")',
        'return self._sum(which, "quantity", "0")',
        _FREE,
    ),
    Bug(
        "other pieces are free in the sale",
        _PAYMENTS,
        "    if told != promised:\n",
        "    if False:\n",
        _FREE,
    ),
    Bug(
        "what is free is paid all the same",
        _PAYMENTS,
        "    if value < worth:\n",
        "    if False:\n",
        _FREE,
    ),
    Bug(
        "the free piece comes back first",
        _PAYMENTS,
        "line.free - min(line.free, line.quantity - back)",
        "min(line.free, back)",
        _FREE,
    ),
    Bug(
        "a payment comes back with the free piece as with the others",
        _PAYMENTS,
        "[line.quantity - line.free or line.quantity for line",
        "[line.quantity for line",
        "checks.free_what_paid_for_a_basket_comes_back_with_the_pieces_that_were_paid_for",
    ),
    Bug(
        "what took no points is over with the first piece that comes back",
        "engine/returning/refund.py",
        "return bool(free) and came == free",
        "return bool(free) and sum(spent.back.values()) == sum(spent.taken.values())",
        "checks.free_what_was_free_for_no_points_stays_taken_until_it_comes_back",
    ),
    Bug(
        "a replay takes what was free for a payment of all pieces",
        "engine/returning/refund.py",
        "    free = sum(line.free for line in body.lines if line.redemption == id_)\n",
        "    free = sum(one.pieces for one in spent.redemption.promised.free)\n",
        "checks.free_a_replay_knows_too_that_what_was_free_comes_back_last",
    ),
    Bug(
        "the stamp of a paid piece stays when it comes back",
        "engine/qualify.py",
        "free=min(line.free, left)",
        "free=0",
        _FREE,
    ),
    Bug(
        "what was said is forgotten when it is taken back",
        "engine/rewarding/including/options.py",
        "    for said in state.chosen.get((word, period), ()):\n",
        "    for said in ():\n",
        _CHOICE,
    ),
    Bug(
        "a reward that was taken is no choice",
        "engine/rewarding/including/options.py",
        "        if state.counters.get((option.counter, period)):\n",
        '        if option.kind == "benefit" and state.counters.get((option.counter, period)):\n',
        _CHOICE,
    ),
    Bug(
        "it is chosen twice",
        "engine/rewarding/choosing.py",
        "    if found is not None and found.option.id != say.option:\n",
        "    if False:\n",
        _CHOICE,
    ),
    Bug(
        "a reward is had beside the benefit that was chosen",
        "engine/rewarding/having.py",
        "    if otherwise is not None:\n",
        "    if False:\n",
        _CHOICE,
    ),
    Bug(
        "anybody chooses what is for Gold",
        "engine/rewarding/choosing.py",
        "        yield from not_entitled(",
        "        yield from () and not_entitled(",
        _CHOICE,
    ),
    Bug(
        "points of a benefit stay when its use is taken back",
        "engine/deciding/benefit.py",
        "    if included.entry_id is not None:\n",
        "    if False:\n",
        _CHOICE,
    ),
    Bug(
        "choices are not read",
        "flows/points/choosing/load.py",
        "said[one.word, one.period] = (*said.get((one.word, one.period), ()), one.chosen)",
        "pass",
        _CHOICE,
    ),
    Bug(
        "what was chosen binds though it is not to be had any more",
        "flows/points/choosing/load.py",
        "said[one.word, one.period] = (*said.get((one.word, one.period), ()), one.chosen)",
        "said[one.word, one.period] = said.get((one.word, one.period), (one.chosen,))",
        "checks.choosing_what_was_chosen_and_is_not_offered_any_more_is_chosen_anew",
    ),
    Bug(
        "of two who become one the second word holds",
        "records/rewards/choices/read.py",
        "order by f.stands_as, c.chosen_at, c.choice_id",
        "order by f.stands_as, c.chosen_at desc, c.choice_id desc",
        "checks.choosing_of_two_who_become_one_the_first_word_holds_and_each_has_their_own_again"
        "_after",
    ),
    Bug(
        "what two who became one said before is not read",
        "records/rewards/choices/read.py",
        "select a.member_id, a.into_id from member_alias a",
        "select a.into_id, a.into_id from member_alias a",
        "checks.choosing_of_two_who_become_one_the_first_word_holds_and_each_has_their_own_again"
        "_after",
    ),
    Bug(
        "the erased are told what they chose",
        "flows/points/choosing/choose_one.py",
        'if state.state == "erased" or command.word',
        "if command.word",
        "checks.choosing_who_is_erased_has_chosen_without_a_name",
    ),
    Bug(
        "a basket is paid whole though some of it shall be left",
        "engine/rewarding/paying.py",
        "payable - leaves), 0)",
        "payable), 0)",
        "checks.paying_so_much_is_left_to_pay_in_money_whatever_the_share",
    ),
    Bug(
        "one voucher, however many are in the balance",
        "engine/rewarding/automatic.py",
        "        while len(found) < MOST:\n",
        "        while not found:\n",
        _ITSELF,
    ),
    Bug(
        "nobody is looked at when a balance reaches the price",
        "flows/batch/append.py",
        "*automatic.watch(tx, reached(terms.at(tx.now), changes.balances), tx.now),",
        "",
        _ITSELF,
    ),
    Bug(
        "nobody is looked at because they owe",
        "engine/rewarding/automatic.py",
        " or balance.debt)",
        ")",
        _ITSELF,
    ),
    Bug(
        "a used voucher is given back",
        "records/rewards/automatic/read.py",
        "c.state = 'issued' and (c.ends_at",
        "c.state <> 'free' and (c.ends_at",
        "checks.automatic_a_used_code_is_never_given_back",
    ),
    Bug(
        "a mug nobody had is gone for good",
        "engine/rewarding/automatic.py",
        "if shelf_again(spent.redemption):",
        "if False:",
        "checks.automatic_a_mug_whose_code_was_given_back_unused_is_on_the_shelf_again",
    ),
    Bug(
        "a code that somebody saw is laid into its pool again",
        "engine/rewarding/automatic.py",
        "and promised.stocked and not promised.shelf",
        "and promised.stocked",
        "checks.automatic_a_code_of_a_pool_was_seen_and_is_nobody_elses",
    ),
    Bug(
        "what is given back by earlier terms finds no shelf",
        "flows/points/choosing/take_automatic.py",
        "{*shelves(version, wanted), *(name for found in before for name in found)}",
        "{*shelves(version, wanted)}",
        "checks.automatic_a_mug_whose_code_was_given_back_unused_is_on_the_shelf_again",
    ),
    Bug(
        "what was given back is still good",
        "flows/points/choosing/take_automatic.py",
        "            *close(tx, closed),\n",
        "",
        "checks.automatic_what_was_given_back_is_withdrawn",
    ),
    Bug(
        "a voucher is given back though its points have lapsed",
        "engine/rewarding/automatic.py",
        ".debt and idle.leaves_at(owner, lot, now) > now",
        ".debt",
        "checks.automatic_a_voucher_whose_points_have_lapsed_meanwhile_stays",
    ),
    Bug(
        "a voucher that was given back counts under its limit",
        "engine/rewarding/automatic.py",
        "[dict(spent.taken)], [True], version)",
        "[dict(spent.taken)], [False], version)",
        "checks.automatic_what_is_given_back_goes_to_its_lots_and_keeps_their_ends",
    ),
    Bug(
        "a replay keeps a voucher that was given back",
        "engine/replaying/paid.py",
        "    refund(changes, state, coming, because, fact.now)\n",
        "",
        "checks.automatic_a_replay_knows_what_was_given_back",
    ),
    Bug(
        "nobody is looked at who had enough before",
        "flows/points/choosing/take_automatic.py",
        "        return await _list_reached(tx, terms.at(tx.now), most)\n",
        "        return 0\n",
        "checks.automatic_who_had_enough_before_it_was_promised_has_it_an_hour_later",
    ),
    Bug(
        "everybody is looked through again and again",
        "flows/points/choosing/take_automatic.py",
        "    if walk.done_at is not None:\n        return 0\n    there, listed",
        "    there, listed",
        "checks.automatic_who_had_enough_before_it_was_promised_has_it_an_hour_later",
    ),
    Bug(
        "who cannot have it today is never looked at again",
        "flows/points/choosing/take_automatic.py",
        "*write.watch(tx, again, tx.now + LATER),",
        "*write.looked(tx, again),",
        _ITSELF,
    ),
    Bug(
        "a buyer spends what the company has",
        "flows/batch/pocket.py",
        ', ("buyer", household.buyers)):',
        ",):",
        _COMPANY,
    ),
    Bug(
        "what was said of a buyer does not count",
        "flows/batch/pocket.py",
        "(most | place.limits)",
        "most",
        _COMPANY,
    ),
    Bug(
        "a buyer keeps the limit they had",
        "flows/membership/keep_households.py",
        "(place.role, place.limits) == (role, limits)",
        "place.role == role",
        _COMPANY,
    ),
    Bug(
        "anybody may be given a limit",
        "flows/membership/keep_households.py",
        '    if command.role != "buyer" or said.buyers is None:\n',
        "    if said.buyers is None:\n",
        _COMPANY,
    ),
    Bug(
        "any wallet is a gift balance",
        "engine/rewarding/paying.py",
        'if wallet is None or wallet.kind != "gift":',
        "if wallet is None:",
        _GIFT,
    ),
    Bug(
        "stored value earns nothing, as points do",
        "engine/qualify.py",
        'if paid.kind == "points")',
        'if paid.kind != "money")',
        _GIFT,
    ),
    Bug(
        "a gift balance pays another amount than it gave",
        "engine/returning/payments.py",
        "        if pays and told != worth:\n",
        "        if False:\n",
        _GIFT,
    ),
)


def _test(module: str, name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from importlib import import_module

        def opened(source: str) -> Any:
            shop.begin(source, slug=f"choosing-{os.getpid()}")
            return shop

        getattr(import_module(f"tests.flows.points.{module}"), f"test_{name}")(opened)

    return check


_WHERE: Final = {
    "paying": "test_paying",
    "automatic": "choosing.test_automatic",
    "free": "choosing.test_free_pieces",
    "choosing": "choosing.test_choosing",
}
"""Per first word of a check: the file of tests; they open their shop themselves."""

ALONE: Final = {
    name: _test(_WHERE[name.partition("_")[0]], name.partition("_")[2])
    for name in (bug.check.removeprefix("checks.") for bug in CHOOSING)
    if name.partition("_")[0] in _WHERE
}
