"""Bugs of coupons in Adobe Commerce and of signed requests, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_AT = "surfaces/connect/magento"
_SHOPS = "surfaces/connect/catching/shops.py"
MAGENTO_CODES = (
    Bug(
        "a rule whose making nobody heard of is made once more",
        f"{_AT}/codes.py",
        "    if found:\n        if not",
        "    if not name:\n        if not",
        "checks.coupons_have_one_rule",
    ),
    Bug(
        "a coupon of somebody else is one of ours",
        f"{_AT}/codes.py",
        "            if not await _is_ours(api, there):",
        "            if not there:",
        "checks.coupons_of_others_are_left_alone",
    ),
    Bug(
        "a coupon of somebody else is deleted",
        f"{_AT}/codes.py",
        "if number != there_id and not await _is_ours(api, there):",
        "if number == there_id:",
        "checks.coupons_of_others_are_left_alone",
    ),
    Bug(
        "a coupon is deleted by its number in another shop",
        f"{_AT}/codes.py",
        '        number = _number(there, "coupon_id")',
        '        number = there_id or _number(there, "coupon_id")',
        "checks.coupons_of_others_are_left_alone",
    ),
    Bug(
        "coupons of a rule that is switched off are made",
        f"{_AT}/codes.py",
        'if not found[0].get("is_active", True):',
        "if not found:",
        "checks.coupons_have_one_rule",
    ),
    Bug(
        "whoever enters a client ID turns signing off",
        _SHOPS,
        "if pair.key == old.key and not pair.consumer:",
        "if pair.key != old.key and not pair.consumer:",
        "checks.keys_are_entered_together",
    ),
    Bug(
        "an amount is off in whatever currency a store has",
        f"{_AT}/codes.py",
        'if anywhere or one.get("base_currency_code") == code.currency]',
        'if anywhere or one.get("base_currency_code")]',
        "checks.coupons_have_one_rule",
    ),
    Bug(
        "a coupon that is gone already is tried for ever",
        f"{_AT}/codes.py",
        "        except Missing:  # somebody",
        "        except ZeroDivisionError:  # somebody",
        "checks.a_coupon_is_used_by_what_is_paid",
    ),
    Bug(
        "of several coupons of an order none is seen",
        f"{_AT}/kind.py",
        'said.split(",") if',
        "(said,) if",
        "checks.a_coupon_is_used_by_what_is_paid",
    ),
    Bug(
        "a space in a signed question is the sign of a sum",
        f"{_AT}/api/asking.py",
        "urlencode(query, quote_via=quote)",
        "urlencode(query)",
        "checks.requests_are_signed",
    ),
    Bug(
        "requests are signed by SHA-1",
        f"{_AT}/api/oauth.py",
        "signature_method=SIGNATURE_HMAC_SHA256,",
        'signature_method="HMAC-SHA1",',
        "checks.requests_are_signed",
    ),
    Bug(
        "every signed request has the same nonce",
        f"{_AT}/api/oauth.py",
        "signature_method=SIGNATURE_HMAC_SHA256,",
        'signature_method=SIGNATURE_HMAC_SHA256, nonce="1234567890",',
        "checks.requests_are_signed",
    ),
    Bug(
        "another token goes with the secrets of the one before",
        _SHOPS,
        "pair = replace(pair, secret=old.secret, before=old.before, until=old.until)",
        "pair = replace(old, key=pair.key)",
        "checks.keys_are_entered_together",
    ),
    Bug(
        "half of the keys of an integration will do",
        _SHOPS,
        "if not value or not (value.isascii() and value.isprintable()):",
        "if not value.isascii():",
        "checks.keys_are_entered_together",
    ),
)


@contextmanager
def _desk(shop: Shop) -> Iterator[Any]:
    """A cinema whose codes are coupons."""
    from tests.makers import Shop as Kept
    from tests.surfaces.connect.magento.test_codes import opened_desk
    from tests.surfaces.connect.shopify.test_codes import SHOWS
    from tests.surfaces.counter import Counter

    kept = Kept.open(shop.made, SHOWS)
    counter = Counter(kept, ticks=kept.now.timestamp)
    yield opened_desk(counter)
    counter.close()


@contextmanager
def _counter(shop: Shop) -> Iterator[Any]:
    """A counter of the office supplies, which the shop that is given is not."""
    from tests.makers import Shop as Kept
    from tests.surfaces.connect.magento.conftest import opened_counter

    from regulars.records.program.templates import load_template

    counter = opened_counter(Kept.open(shop.made, load_template("office-supplies")))
    yield counter
    counter.close()


def coupons_have_one_rule(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_codes as codes

    with _desk(shop) as desk:
        codes.test_codes_of_one_reward_are_coupons_of_one_rule_whoever_did_not_hear_of_it(desk)


def coupons_of_others_are_left_alone(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_codes as codes

    with _desk(shop) as desk:
        codes.test_a_code_of_somebody_else_is_left_alone_and_what_is_not_allowed_is_said(desk)


def a_coupon_is_used_by_what_is_paid(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_codes as codes

    with _desk(shop) as desk:
        codes.test_used_in_the_shop_it_is_used_here_and_the_coupon_is_gone(desk)


def requests_are_signed(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_oauth as oauth

    with _counter(shop) as counter:
        signed = oauth.test_orders_customers_hints_and_a_back_fill_are_asked_for_by_signed_requests
        signed(counter)


def keys_are_entered_together(shop: Shop) -> None:
    from tests.surfaces.connect.magento import test_oauth as oauth

    with _counter(shop) as counter:
        oauth.test_the_four_are_entered_together_or_the_token_alone(counter)


MAGENTO_CODES_HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        coupons_have_one_rule, coupons_of_others_are_left_alone, a_coupon_is_used_by_what_is_paid,
        requests_are_signed, keys_are_entered_together,
    )
}  # fmt: skip
