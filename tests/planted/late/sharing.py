"""Bugs about households that pay for baskets, and the tests of it that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_PAYING = "engine/moving/paying.py"
_ALL = "checks.sharing_all_pay_in_proportion_and_a_return_gives_each_back_their_own_lots"
_STORM = "sharing_many_at_once_pay_what_there_is"
_MINOR = "checks.sharing_a_minor_pays_so_much_with_whosever_points"
SHARING = (
    Bug(
        "what a household paid comes back to who bought",
        "engine/returning/payments.py",
        "        return self.taker or self.owner or state\n",
        "        return self.taker or state\n",
        _ALL,
    ),
    Bug(
        "whose points paid for a household hears nothing when they are back",
        "engine/returning/refund.py",
        "        _tell(changes, owner, one)\n",
        "",
        _ALL,
    ),
    Bug(
        "who pays for somebody else's basket is not looked for",
        "flows/recording/record_activities.py",
        "    members |= await who_pays(tx, terms, todo, sales.owners)\n",
        "",
        _ALL,
    ),
    Bug(
        "what each of a household pays is cut off",
        _PAYING,
        "    for who in sorted(weights, key=",
        "    for who in () and sorted(weights, key=",
        "checks.sharing_values_add_up_to_what_is_paid",
    ),
    Bug(
        "a minor spends others' points without end",
        "records/rewards/read.py",
        "select coalesce((r.terms ->> 'pays_for')::uuid, r.member_id) as member_id, c.name",
        "select r.member_id, c.name",
        _MINOR,
    ),
    Bug(
        "what a minor spends counts with whose points they are",
        "engine/deciding/redeem.py",
        "    spender = payer or state\n",
        "    spender = state\n",
        "checks.sharing_in_one_batch_a_minor_pays_no_more_than_they_may",
    ),
    Bug(
        "who left a household takes what a minor spent of theirs along",
        "records/rewards/read.py",
        "where mine.program_id = $1 and mine.member_id",
        "where other.left_at is null and mine.program_id = $1 and mine.member_id",
        _MINOR,
    ),
    Bug(
        "a household pays other points than were said",
        _PAYING,
        "    if wish.quoted is not None and not as_quoted(",
        "    if False and not as_quoted(",
        "checks.sharing_what_was_quoted_is_taken_and_nothing_else",
    ),
    Bug(
        "a household pays by the terms in force alone",
        "engine/rewarding/paying.py",
        "            rate = rate._replace(together=_together(",
        "            rate._replace(together=_together(",
        "checks.sharing_points_that_keep_an_earlier_worth_pay_by_it_whoever_has_them",
    ),
    Bug(
        "who is blocked pays for their household",
        _PAYING,
        "others=[state for state in pool.others if gives(version, state)]",
        "others=pool.others",
        "checks.sharing_who_is_blocked_or_owes_lends_nothing",
    ),
    Bug(
        "anybody of a household pays with what was reserved for another",
        "engine/returning/payments.py",
        "    if spent is None or spent.member_id != activity.member_id:\n",
        "    if spent is None:\n",
        "checks.sharing_nobody_elses_points_pay_but_those_reserved_for_this_member",
    ),
    Bug(
        "what pays for a sale is looked at by nobody",
        "flows/recording/paying.py",
        "batch.pays_with = bool(wanted)",
        "batch.pays_with = False",
        "checks.sharing_nobody_elses_points_pay_but_those_reserved_for_this_member",
    ),
    Bug(
        "a household pays without a lock",
        "flows/points/redeem_together.py",
        "    states = await hold_members(tx, terms, ids, with_lots=ids)\n",
        "    states = await hold_members(tx, terms, ids, with_lots=ids, lock=False)\n",
        f"checks.{_STORM}",
    ),
)


def _of(check: str) -> Callable[[Any], None]:
    def run(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.flows.points.choosing import test_paying_together as module

        shop.begin(module.HOME, slug=f"sharing-{id(shop)}")
        test = getattr(module, f"test_{check.removeprefix('sharing_')}")
        wants = test.__code__.co_varnames[: test.__code__.co_argcount]
        test(shop, *([module.people(shop)] if "three" in wants else []))

    return run


def _storm(shop: Any) -> None:
    from tests.storm.writers import KINDS, all_at_once, connected, furnish

    furnish(shop, f"storm-{os.getpid()}-{id(shop)}")
    asked = KINDS["what a household pays"](shop)
    with connected(shop) as many:
        assert asked.had(all_at_once(shop, asked, many)) == asked.there


_CHECKS: Final = {bug.check.removeprefix("checks.") for bug in SHARING} - {_STORM}
ALONE: Final = {name: _of(name) for name in _CHECKS} | {_STORM: _storm}
