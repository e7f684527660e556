"""Bugs of asking for the types of products, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_TYPES = "surfaces/connect/shopify/product_types.py"
SHOPIFY_TYPES = (
    Bug(
        "an order is booked before the types of its products are known",
        _TYPES,
        "or TYPES in root:",
        "or TYPES not in root:",
        "checks.an_order_waits_for_types",
    ),
    Bug(
        "a type is known for days",
        _TYPES,
        "now - found[1] < KNOWN_FOR",
        "now - found[1] < KNOWN_FOR * 99",
        "checks.an_order_waits_for_types",
    ),
    Bug(
        "of several states of an order the oldest is completed",
        "runtime/working/inlets/looker.py",
        "max(some, key=_when)[1]",
        "min(some, key=_when)[1]",
        "checks.the_newest_state_is_completed",
    ),
    Bug(
        "however many products are asked for at once",
        _TYPES,
        "A_BATCH: Final = 250",
        "A_BATCH: Final = 500",
        "checks.a_back_fill_has_types",
    ),
    Bug(
        "a mapping that speaks of types in a comment asks for them",
        _TYPES,
        "return BY_TYPE.encode() in msgspec.json.encode(read_mapping(mapping))",
        "return BY_TYPE in mapping",
        "checks.only_who_reads_types_asks_for_them",
    ),
    Bug(
        "what is brought in has no types",
        "surfaces/connect/shopify/catching_up.py",
        "return _BY_TYPE if reads_types(mapping) else self",
        "return self",
        "checks.a_back_fill_has_types",
    ),
    Bug(
        "one odd product holds all orders of its shop up",
        _TYPES,
        "len(nodes) != len(ids):\n            raise Odd(",
        "len(nodes) != len(ids):\n            raise NotTold(",
        "checks.an_odd_question_is_one",
    ),
    Bug(
        "a number no product has is asked for",
        _TYPES,
        "0 < one < MOST_ID",
        "one > 0",
        "checks.an_odd_question_is_one",
    ),
    Bug(
        "a type that is forgotten meanwhile is a mistake of ours",
        _TYPES,
        "return {str(one): said[one] for one in some}",
        "return {str(one): self._known[shop.address, one][0] for one in some}",
        "checks.what_is_forgotten_is_told",
    ),
    Bug(
        "a mistake about one order ends the round of all",
        "runtime/working/inlets/looker.py",
        "            except Exception as error:  # a mistake",
        "            except ZeroDivisionError as error:  # a mistake",
        "checks.a_mistake_ends_no_round",
    ),
)


@contextmanager
def _hook(shop: Shop) -> Iterator[Any]:
    """A coffee shop whose mapping asks for types."""
    from tests.makers import Shop as Kept
    from tests.surfaces.connect.shopify.test_types import opened_hook
    from tests.surfaces.counter import Counter

    from regulars.records.program.templates import load_template

    kept = Kept.open(shop.made, load_template("coffee-shop"))
    counter = Counter(kept, ticks=kept.now.timestamp)
    yield opened_hook(counter)
    counter.close()


def an_order_waits_for_types(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_types as types

    with _hook(shop) as hook:
        types.test_a_rule_by_category_waits_for_the_type_and_then_gives(hook)


def the_newest_state_is_completed(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_types as types

    with _hook(shop) as hook:
        types.test_of_several_states_the_newest_counts_and_asked_for_it_is_the_same(hook)


def a_back_fill_has_types(shop: Shop) -> None:
    from tests.surfaces.connect.shopify import test_types as types

    with _hook(shop) as hook:
        types.test_a_back_fill_asks_for_the_types_of_a_page_together(hook)


def only_who_reads_types_asks_for_them(_: Shop) -> None:
    from tests.surfaces.connect.shopify import test_types as types

    types.test_a_mapping_that_only_speaks_of_types_asks_for_none()


def an_odd_question_is_one(_: Shop) -> None:
    from tests.surfaces.connect.shopify import test_types as types

    said = {"data": {"nodes": []}}
    types.test_what_is_wrong_with_one_question_is_said_of_that_one_alone(said, odd=True)


def what_is_forgotten_is_told(_: Shop) -> None:
    from tests.surfaces.connect.shopify import test_types as types

    types.test_what_is_forgotten_while_others_ask_is_told_all_the_same()


def a_mistake_ends_no_round(shop: Shop) -> None:
    import pytest
    from tests.surfaces.connect.shopify import test_types as types

    with _hook(shop) as hook, pytest.MonkeyPatch.context() as patch:
        types.test_a_mistake_of_ours_about_one_order_ends_no_round(hook, patch)


SHOPIFY_TYPES_HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        an_order_waits_for_types, the_newest_state_is_completed, a_back_fill_has_types,
        only_who_reads_types_asks_for_them, an_odd_question_is_one, what_is_forgotten_is_told,
        a_mistake_ends_no_round,
    )
}  # fmt: skip
