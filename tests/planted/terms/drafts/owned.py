"""Bugs in what is asked before terms take what members have; the tests of it notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug
from tests.planted.tiers.bugs import _opens

_ASKING: Final = "engine/changing/owned/asking.py"
_WORTH: Final = "engine/changing/owned/worth.py"
_DECIDED: Final = "records/program/changes/decided/read.py"
OWNED: Final = (
    Bug(
        "decimals and kind of a wallet in use are anybody's to change",
        _ASKING,
        'elif change.kind in ("wallet_scale", "wallet_kind") and '
        "(name in held.ever or held.later):",
        "elif False:",
        "checks.stays_decimals_stay_though_all_of_it_is_spent",
    ),
    Bug(
        "what anybody had is forgotten once it is spent",
        "records/ledger/totals/read.py",
        "or exists (select from lot l where l.program_id = $1::int and l.wallet = w.wallet) as"
        " ever",
        "and false as ever",
        "checks.stays_decimals_stay_though_all_of_it_is_spent",
    ),
    Bug(
        "money becomes another currency's",
        _ASKING,
        'if change.kind == "currency" and (held.anything or held.later):',
        'if change.kind == "currency" and held.later:',
        "checks.stays_what_was_spent_keeps_the_currency_too",
    ),
    Bug(
        "only what is booked is kept as money",
        _DECIDED,
        "select exists (select from activity where program_id = $1)\n",
        "select false\n",
        "checks.stays_what_was_spent_keeps_the_currency_too",
    ),
    Bug(
        "a wallet with members' money may be left out",
        _ASKING,
        'elif change.kind == "wallet_gone" and held.wallets.get(name):',
        "elif False:",
        "checks.stays_a_wallet_with_members_money_stays",
    ),
    Bug(
        "a plan goes in the middle of a paid term",
        _ASKING,
        'elif change.kind == "plan_gone" and held.touched.get(change.whom):',
        "elif False:",
        "checks.plans_a_plan_stays_while_somebody_has_paid_for_it",
    ),
    Bug(
        "who chose another plan is on none",
        "records/benefits/plans/read.py",
        "select p.plan, count(distinct c.member_id)",
        "select c.plan, count(distinct c.member_id)",
        "checks.run_on_the_way_out_those_who_cancelled_keep_what_is_paid",
    ),
    Bug(
        "a plan that is chosen for later is nobody's",
        "records/benefits/plans/read.py",
        "(values (last.plan), (last.next_plan)) as p (plan)",
        "(values (last.plan), ('')) as p (plan)",
        "checks.run_a_plan_that_was_chosen_for_the_next_term_stays_too",
    ),
    Bug(
        "what comes back is what is said by now",
        "engine/rewarding/plans/fees.py",
        "return agreed.plans.get(one.plan) or",
        "return",
        "checks.plans_what_comes_back_is_none_by_now",
    ),
    Bug(
        "a pause moves the promise of a term",
        "engine/rewarding/plans/fees.py",
        "            agreed = terms.numbered(turn.version)\n",
        "            agreed = terms.at(one.from_at)\n",
        "checks.refunds_a_pause_takes_no_refund",
    ),
    Bug(
        "what is chosen for later is agreed on now",
        "engine/rewarding/plans/fees.py",
        'turn.what in ("started", "paid") or',
        'turn.what in ("started", "paid", "changed") or',
        "checks.refunds_what_is_chosen_for_later_agrees_on_nothing_now",
    ),
    Bug(
        "a plan that is changed to has the promise of the payment",
        "engine/rewarding/plans/fees.py",
        " or plan != before):",
        "):",
        "checks.refunds_a_plan_that_is_changed_to_has_the_refund_of_that_day",
    ),
    Bug(
        "less of a benefit is asked about only where something was said before",
        _ASKING,
        'for one in changes if one.turn != "better" and',
        'for one in changes if one.before and one.turn != "better" and',
        "checks.plans_a_benefit_gets_an_allowance",
    ),
    Bug(
        "whoever has it from then on is counted in place of who had it",
        "engine/changing/rewards.py",
        '_entitled(new if turn == "better" else old)',
        "_entitled(new)",
        "checks.plans_whose_benefit_becomes_anothers_are_counted",
    ),
    Bug(
        "whom nothing counts is nobody",
        _ASKING,
        "held.touched.get(one.whom, _SOME):",
        "held.touched.get(one.whom):",
        "checks.ladders_benefit",
    ),
    Bug(
        "a wallet that is there again is a new one",
        "flows/terms/comes/relied.py",
        "changes = [*questions(every), *await _come_back(tx, new, every)]",
        "changes = questions(every)",
        "checks.stays_a_wallet_that_is_there_again_is_what_it_was",
    ),
    Bug(
        "what nobody has is asked about",
        "flows/terms/comes/relied.py",
        "    nothing = await _nobodys(tx, old, new, start)\n",
        "    nothing = []\n",
        "checks.stays_a_dearer_reward_is_asked_about_once_anybody_has_points",
    ),
    Bug(
        "nobody has anything by a later day either",
        "flows/terms/comes/relied.py",
        "    if start > tx.now or not less:\n",
        "    if not less:\n",
        "checks.stays_a_dearer_reward_is_asked_about_once_anybody_has_points",
    ),
    Bug(
        "a reward that is over is somebody's",
        _WORTH,
        " if not (one.until_on and one.until_on <= today)]",
        "]",
        "checks.worth_a_reward_that_is_over",
    ),
    Bug(
        "a bicycle may become a pencil",
        _WORTH,
        'or (gives == "other" and not (_worth(old) and _worth(new)))',
        "",
        "checks.worth_a_bicycle",
    ),
    Bug(
        "other stores are as good",
        _WORTH,
        'if any(turn(name) in ("worse", "other") for name in (*_NARROWER, *_FOR_WHOM)):',
        'if any(turn(name) == "worse" for name in _NARROWER) or any(\n'
        '        turn(name) in ("worse", "other") for name in _FOR_WHOM\n    ):',
        "checks.worth_other_stores",
    ),
    Bug(
        "a plan is sold after its last day",
        "engine/rewarding/plans/fees.py",
        "    return at < day_starts_at(version.zone, last)\n",
        "    return True\n",
        "checks.plans_a_plan_that_is_sold_until_a_day_runs_out_and_may_go_then",
    ),
    Bug(
        "somebody waits for a term that cannot begin",
        "engine/rewarding/plans/life.py",
        "if plan is not None and running and sold(version, plan, at) else None",
        "if plan is not None and running else None",
        "checks.plans_a_plan_that_is_sold_until_a_day_runs_out_and_may_go_then",
    ),
    Bug(
        "a smaller reward for the same points is no less",
        _WORTH,
        "price <= was.price.get(name, 0) and (old <= 0 or price * old <= was.price[name] * new)",
        "price <= was.price.get(name, 0)",
        "checks.worth_a_smaller_reward",
    ),
    Bug(
        "money besides is no less",
        _WORTH,
        "return is_.money <= was.money and all(",
        "worths, new = worths, worths[1]\n    return all(",
        "checks.worth_money_besides",
    ),
    Bug(
        "a reward of which there is none is as good",
        _WORTH,
        'gone = new is None or new.by != "points" or new.stock == 0 != old.stock',
        'gone = new is None or new.by != "points"',
        "checks.worth_none_left",
    ),
    Bug(
        "a reward for fewer is as good",
        _WORTH,
        "for name in (*_NARROWER, *_FOR_WHOM)):",
        "for name in _NARROWER):",
        "checks.worth_for_fewer",
    ),
    Bug(
        "`worth: keep` is believed of what it does not keep",
        "engine/changing/prices.py",
        "        if gone:\n",
        "        if gone and not keeps:\n",
        "checks.worth_none_left",
    ),
    Bug(
        "points of before buy a smaller reward at the whole price",
        "engine/rewarding/counter/keeping.py",
        "return -(-price * is_ // was) if 0 < is_ < was else price",
        "return price",
        "checks.worth_points_of_before",
    ),
    Bug(
        "money that is paid out no more is no less",
        _WORTH,
        "    if old is not None and (\n        new is None\n",
        "    if old is not None and new is not None and (\n        new is None\n",
        "checks.stays_money_that_is_paid_out_no_more_is_asked_about",
    ),
    Bug(
        "what was given by hand under a version keeps nothing",
        _DECIDED,
        "where program_id = $1 and {one.by}",
        "where program_id = $1 and {one.by} and '{one.table}' <> 'lot'",
        "checks.taken_what_was_given_by_hand_under_it_keeps_it",
    ),
    Bug(
        "all lots there are are read while tills wait",
        _DECIDED,
        "return one.since or _all(one)",
        'return (one.name != "lots" and one.since) or _all(one)',
        "checks.taken_what_was_decided_since_is_found_by_an_index",
    ),
    Bug(
        "what comes while it is looked at goes with the wallet",
        "flows/terms/withdraw_version.py",
        "if any(stakes) else {})",
        "if not any(stakes) else {})",
        "checks.taken_what_is_booked_meanwhile_of_a_wallet_that_would_go_keeps_it",
    ),
    Bug(
        "what never ruled is kept for what members have",
        "flows/terms/withdraw_version.py",
        "    if found.effective_from <= tx.now + UNDECIDED:\n",
        "    if True:\n",
        "checks.taken_what_never_ruled_is_taken_back_whatever_members_have",
    ),
    Bug(
        "a later version is weighed by what members have today",
        "flows/terms/comes/relied.py",
        "    if start is not None and start > tx.now:\n",
        "    if False:\n",
        "checks.later_a_later_version_takes_no_wallet_that_may_be_filled_by_then",
    ),
    Bug(
        "money becomes another currency's on a later day",
        _ASKING,
        'if change.kind == "currency" and (held.anything or held.later):',
        'if change.kind == "currency" and held.anything:',
        "checks.later_another_currency",
    ),
    Bug(
        "a plan that was sold out may not go",
        _ASKING,
        'elif change.kind == "plan_gone" and name in held.sold:',
        'elif change.kind == "plan_gone":',
        "checks.later_a_later_version_takes_no_plan_that_can_be_begun_until_then",
    ),
    Bug(
        "what a file before brings is gone with the one that follows",
        "flows/terms/publish_program.py",
        "    found += await before_next(tx, new, follows, start)\n",
        "",
        "checks.later_what_comes_between_is_there_also_when_the_next_one_begins",
    ),
    Bug(
        "what comes while a version is looked at is taken by it",
        "flows/terms/publish_program.py",
        "    if any((await nothing_since(tx, stakes, place)).values()):\n",
        "    if False:\n",
        "checks.later_while_it_is_looked_at",
    ),
    Bug(
        "an announced draw goes with its version",
        _DECIDED,
        '    Counted("draws", "draw"),\n',
        "",
        "checks.taken_a_draw_that_was_announced_keeps_it",
    ),
    Bug(
        "taken back, a version takes what members have",
        "flows/terms/withdraw_version.py",
        "stakes = await _owned(tx, found, before)",
        "stakes = ()",
        "checks.taken_what_would_be_lost_is_asked_besides_what_was_decided",
    ),
)


def _of(module: str, name: str, *more: Any) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from importlib import import_module

        getattr(import_module(f"tests.flows.terms.owned.{module}"), f"test_{name}")(
            *([] if shop is None else [shop]), *more
        )

    return check


def _stays(name: str) -> Callable[[Any], None]:
    return lambda shop: _of("test_wallets_stay", name)(_opens(shop))


def _plans(name: str, *more: Any) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from tests.flows.terms.owned import test_plans_stay as tests

        _of("test_plans_stay", name, *more)(tests.begun(_opens(shop)))

    return check


def _run(name: str) -> Callable[[Any], None]:
    return lambda shop: _of("test_plans_run", name)(_opens(shop))


def _later(name: str, *more: Any) -> Callable[[Any], None]:
    return lambda shop: _of("test_later", name, *more)(_opens(shop))


def _refunds(name: str) -> Callable[[Any], None]:
    return lambda shop: _of("test_refunds_stay", name)(_opens(shop))


def _patched(name: str, module: str = "test_taken_back") -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        import pytest

        with pytest.MonkeyPatch.context() as patch:
            _of(module, name, patch)(_opens(shop))

    return check


def _taken(name: str) -> Callable[[Any], None]:
    return lambda shop: _of("test_taken_back", name)(_opens(shop))


def _worth(name: str, *more: Any) -> Callable[[Any], None]:
    return lambda _shop: _of("test_worth_is_kept", name, *more)(None)


def _another_currency(shop: Any) -> None:
    from tests.flows.terms.owned.houses import house

    name = "a_later_version_makes_nothing_of_what_members_have_by_then"
    _later(name, house(currency="TRY"), "all that is kept as money is in EUR")(shop)


_OFF: Final = 'worth: "10.00"'
_BIKE: Final = '{id: "off", name: Off, price: {points: 100}, gives: {kind: item, sku: bike}}'
_IN: Final = '{id: "off", name: Off, price: {points: 100}, worth: "10.00", stores: [berlin]}'
_UNLESS: Final = "less_for_the_same_points_is_asked_about_unless_it_is_kept"
_ALL_THE_SAME: Final = "what_is_not_kept_is_asked_about_all_the_same"
ALONE: Final[dict[str, Callable[[Any], None]]] = {
    **{
        f"stays_{name}": _stays(name)
        for name in (
            "decimals_stay_though_all_of_it_is_spent",
            "what_was_spent_keeps_the_currency_too",
            "a_wallet_with_members_money_stays",
            "money_that_is_paid_out_no_more_is_asked_about",
            "a_wallet_that_is_there_again_is_what_it_was",
            "a_dearer_reward_is_asked_about_once_anybody_has_points",
        )
    },
    **{
        f"plans_{name}": _plans(name)
        for name in (
            "a_plan_stays_while_somebody_has_paid_for_it",
            "whose_benefit_becomes_anothers_are_counted",
            "a_plan_that_is_sold_until_a_day_runs_out_and_may_go_then",
        )
    },
    **{
        f"run_{name}": _run(name)
        for name in (
            "on_the_way_out_those_who_cancelled_keep_what_is_paid",
            "a_plan_that_was_chosen_for_the_next_term_stays_too",
        )
    },
    "plans_what_comes_back_is_none_by_now": _plans(
        "what_comes_back_is_what_was_said_as_the_term_began", "none"
    ),
    "plans_a_benefit_gets_an_allowance": _plans(
        "less_of_a_benefit_is_asked_about", "allowance: {times: 1, per: month}", "allowance"
    ),
    **{
        f"taken_{name}": _patched(name)
        for name in (
            "what_is_booked_meanwhile_of_a_wallet_that_would_go_keeps_it",
            "what_never_ruled_is_taken_back_whatever_members_have",
        )
    },
    **{
        f"later_{name}": _later(name)
        for name in (
            "a_later_version_takes_no_wallet_that_may_be_filled_by_then",
            "a_later_version_takes_no_plan_that_can_be_begun_until_then",
            "what_comes_between_is_there_also_when_the_next_one_begins",
        )
    },
    **{
        f"refunds_{name}": _refunds(name)
        for name in (
            "a_pause_takes_no_refund",
            "what_is_chosen_for_later_agrees_on_nothing_now",
            "a_plan_that_is_changed_to_has_the_refund_of_that_day",
        )
    },
    "later_another_currency": _another_currency,
    "later_while_it_is_looked_at": _patched(
        "what_comes_while_it_is_looked_at_is_not_taken", "test_later"
    ),
    "worth_a_smaller_reward": _worth(_UNLESS, _OFF, 'worth: "1.00"'),
    "worth_money_besides": _worth(_UNLESS, _OFF, f'{_OFF}, money: "9.00"'),
    "worth_a_reward_that_is_over": _worth("a_reward_that_is_over_is_nobodys_any_more"),
    "worth_a_bicycle": _worth("what_nobody_can_weigh_is_less", _BIKE, _BIKE.replace("bike", "pen")),
    "worth_other_stores": _worth("what_nobody_can_weigh_is_less", _IN, _IN.replace("ber", "ham")),
    "ladders_benefit": lambda shop: _of(
        "test_ladders_stay",
        "what_nothing_counts_is_somebodys",
        "benefits: [{id: lounge, name: Lounge, tier: c2}]",
        "benefit:lounge",
        "benefits.lounge is no more",
    )(_opens(shop)),
    "worth_none_left": _worth(_ALL_THE_SAME, _OFF, f"{_OFF}, stock: 0"),
    "worth_for_fewer": _worth(_ALL_THE_SAME, _OFF, f"{_OFF}, tier: gold"),
    "worth_points_of_before": _worth(
        "points_of_before_buy_as_much_as_they_did", _OFF, 'worth: "1.00"', 10
    ),
    **{
        f"taken_{name}": _taken(name)
        for name in (
            "what_was_given_by_hand_under_it_keeps_it",
            "a_draw_that_was_announced_keeps_it",
            "what_was_decided_since_is_found_by_an_index",
            "what_would_be_lost_is_asked_besides_what_was_decided",
        )
    },
}
