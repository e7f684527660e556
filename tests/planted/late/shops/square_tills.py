"""Bugs of what a real Square till tells and is asked, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_AT = "surfaces/connect/square/selling"
SQUARE_TILLS = (
    Bug(
        "any signature of Square will do",
        f"{_AT}/kind.py",
        "good |= hmac.compare_digest(given, made)",
        "good |= len(given) == len(made)",
        "checks.only_square_signs",
    ),
    Bug(
        "what Square signed for another address is good here",
        f"{_AT}/kind.py",
        'made = hmac.digest(secret, address + body, "sha256")',
        'made = hmac.digest(secret, address[:8] + body, "sha256")',
        "checks.square_agrees",
    ),
    Bug(
        "the address that was asked can be said by a header",
        "surfaces/connect/inlets/door.py",
        '_lower(request) | {PATH: at.encode("latin-1", "replace")}',
        '{PATH: at.encode("latin-1", "replace")} | _lower(request)',
        "checks.only_square_signs",
    ),
    Bug(
        "two deliveries with one id are two events where they differ",
        f"{_AT}/events.py",
        "str(id_), Told([id_, type_], body))",
        "str(id_), Told(found, body))",
        "checks.one_id_is_one_event",
    ),
    Bug(
        "of one moment an older version counts as the newer one",
        f"{_AT}/events.py",
        "return at + timedelta(microseconds=max(0, min(counts, MOST_VERSIONS)))",
        "return at",
        "checks.versions_follow_each_other",
    ),
    Bug(
        "a part of what is weighed comes back whole",
        f"{_AT}/orders.py",
        "return 1 if back == sold else 0",
        "return 1",
        "checks.weighed_comes_back",
    ),
    Bug(
        "money that was refused is back",
        f"{_AT}/orders.py",
        "return not stands or any(one in GIVEN_BACK for one in stands)",
        "return True",
        "checks.refused_money_is_not_back",
    ),
    Bug(
        "a sale of which all money is back in parts stays",
        f"{_AT}/orders.py",
        'if 0 < minor(sale, "total_money") <= back:',
        'if 0 < minor(sale, "total_money") < back:',
        "checks.all_money_back_closes",
    ),
    Bug(
        "what is only asked for at the bank is paid",
        f"{_AT}/orders.py",
        'card.get("status") in (None, "CAPTURED")',
        'card.get("status") != ""',
        "checks.only_captured_is_paid",
    ),
    Bug(
        "of an exchange what is left to pay is what was sold",
        f"{_AT}/orders.py",
        'if order.get("returns") and isinstance(net, dict)',
        'if not order.get("returns") and isinstance(net, dict)',
        "checks.an_exchange_is_both",
    ),
    Bug(
        "money given back without naming the sale is nobody's",
        f"{_AT}/looking.py",
        'return list(dict.fromkeys(named or [id_ for id_ in paid_for if id_ != order.get("id")]))',
        "return list(dict.fromkeys(named))",
        "checks.all_money_back_closes",
    ),
    Bug(
        "of many places the one that is furthest behind is passed over",
        f"{_AT}/catching_up.py",
        "last = min(behind, default=",
        "last = max(behind, default=",
        "checks.no_place_is_left_behind",
    ),
    Bug(
        "of a moment that fills pages only the first is read",
        f"{_AT}/catching_up.py",
        'wish | {"cursor": said["cursor"]}',
        "wish",
        "checks.a_full_moment_of_a_till_is_read",
    ),
    Bug(
        "a hint that could not be asked about is forgotten",
        "runtime/working/inlets/looker.py",
        "silent.add(one.inlet_id)\n",
        "silent.add(one.inlet_id)\n                await self._settle(program_id, one, None)\n",
        "checks.no_hint_is_lost",
    ),
    Bug(
        "an order that the account cannot answer holds all others up",
        "runtime/working/inlets/looker.py",
        "except Odd as why:",
        "except ZeroDivisionError as why:",
        "checks.no_odd_order_holds_others_up",
    ),
    Bug(
        "nothing is a secret by which anybody signs",
        "surfaces/connect/catching/keys.py",
        "good = [keys.secret] if keys.secret else []",
        "good = [keys.secret]",
        "checks.a_made_secret_is_kept",
    ),
    Bug(
        "a secret that is said once is forgotten",
        "surfaces/console/team/sources/asked.py",
        "if made.secret:",
        "if made.many > 1:",
        "checks.a_made_secret_is_kept",
    ),
    Bug(
        "a webhook is made anew each time the button is pressed",
        "surfaces/connect/stripe/hooks.py",
        'before = [one for one in there if one.get("url") == where.address]',
        'before = [one for one in there if one.get("id") == where.address]',
        "checks.a_made_secret_is_kept",
    ),
)


def _hook(shop: Shop) -> Any:
    from tests.surfaces.connect.square_tills.hook import Endpoint
    from tests.surfaces.counter import Counter

    return Endpoint(Counter(shop, ticks=lambda: shop.now.timestamp()))  # noqa: PLW0108


def only_square_signs(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_forged as forged

    forged.test_nothing_forged_or_changed_on_its_way_comes_in(_hook(shop))


def square_agrees(_: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_forged as forged

    forged.test_its_own_library_agrees_with_ours()


def one_id_is_one_event(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_forged as forged

    forged.test_two_deliveries_with_one_id_are_one_event_whatever_they_say(_hook(shop))


def versions_follow_each_other(_: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_told as told

    told.test_versions_of_one_moment_follow_each_other()


def an_exchange_is_both(_: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_told as told

    told.test_an_exchange_sells_and_gives_back_in_one_order()


def weighed_comes_back(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_orders as orders

    orders.test_what_is_weighed_is_one_piece_and_comes_back_whole_or_as_money(_hook(shop))


def refused_money_is_not_back(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_orders as orders

    orders.test_money_that_was_refused_is_not_back(_hook(shop))


def all_money_back_closes(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_orders as orders

    orders.test_money_for_no_piece_is_written_down_and_closes_the_sale_with_the_rest(_hook(shop))


def only_captured_is_paid(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_orders as orders

    orders.test_what_is_only_asked_for_at_the_bank_is_not_paid(_hook(shop))


def no_place_is_left_behind(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_catching_up as catching

    catching.test_of_many_places_none_is_left_behind(_hook(shop))


def a_full_moment_of_a_till_is_read(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_catching_up as catching

    catching.test_a_moment_that_fills_pages_is_read_to_its_end(_hook(shop))


def no_hint_is_lost(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_catching_up as catching

    catching.test_an_account_that_is_down_loses_no_hint(_hook(shop))


def no_odd_order_holds_others_up(shop: Shop) -> None:
    from tests.surfaces.connect.square_tills import test_catching_up as catching

    catching.test_an_order_it_cannot_answer_holds_no_other_up(_hook(shop))


def a_made_secret_is_kept(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.square_tills import test_hooks_made as made
    from tests.surfaces.console.browser import Browser, somebody

    counter = _hook(shop).counter
    browser = Browser(counter)
    browser.sign_in(somebody(counter).email)
    with pytest.MonkeyPatch.context() as patch:
        made.test_stripe_says_its_secret_once_and_it_is_kept(browser, counter, patch)


TILLS_HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        only_square_signs, square_agrees, one_id_is_one_event, versions_follow_each_other,
        an_exchange_is_both, weighed_comes_back, refused_money_is_not_back, all_money_back_closes,
        only_captured_is_paid, no_place_is_left_behind, a_full_moment_of_a_till_is_read,
        no_hint_is_lost, no_odd_order_holds_others_up, a_made_secret_is_kept,
    )
}  # fmt: skip
