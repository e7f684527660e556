"""Bugs of campaigns by several channels, and of what was bought; and the tests that notice them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_REACHING = "flows/telling/campaigns/reaching.py"
_GOODS = "records/prepared/goods/write.py"
_ROWS = "checks.goods_are_what_a_history_comes_to"
REACHED = (
    Bug(
        "what may have arrived by one channel goes by another",
        _REACHING,
        "others = () if one.taken else (",
        "others = () if False else (",
        "checks.perhaps_goes_by_no_other",
    ),
    Bug(
        "whoever agreed to any channel agreed to all",
        _REACHING,
        "if channel not in people.given.get(who, ()):",
        "if not people.given.get(who, ()):",
        "checks.the_first_channel_that_reaches",
    ),
    Bug(
        "members are reached by the last channel that does",
        "records/outbox/campaigns/reaching/read.py",
        "[min(s.place)]",
        "[max(s.place)]",
        "checks.the_first_channel_that_reaches",
    ),
    Bug(
        "a channel that is away is called by",
        _REACHING,
        "if (found.channel or campaign.channel) not in people.ready and",
        "if False and",
        "checks.the_next_channel_is_waited_for",
    ),
    Bug(
        "a try that is over tells once more",
        "records/outbox/campaigns/write.py",
        "and m.state = 'sending' and m.attempts = t.attempts\n  join",
        "and m.state = 'sending'\n  join",
        "checks.a_late_try_tells_nobody",
    ),
    Bug(
        "members are invited to what has begun",
        _REACHING,
        "if campaign.event and campaign.event not in people.events:",
        "if False:",
        "checks.invited_until_it_begins",
    ),
    Bug(
        "what is taught changes after somebody came",
        "flows/community/keep_gatherings.py",
        "if now.lesson == there.lesson or not seated.came:",
        "if True:",
        "checks.what_somebody_came_to_stays",
    ),
    Bug(
        "what came back whole is bought still",
        _GOODS,
        'joinpath("fold.sql").read_text("utf-8")',
        'joinpath("fold.sql").read_text("utf-8").replace("sum(pieces) > 0", "sum(pieces) >= 0")',
        _ROWS,
    ),
    Bug(
        "articles are found by their category",
        _GOODS,
        'joinpath("fold.sql").read_text("utf-8")',
        'joinpath("fold.sql").read_text("utf-8").replace("coalesce(l ->> \'sku\', \'\')", '
        "\"coalesce(l ->> 'category', '')\")",
        _ROWS,
    ),
    Bug(
        "of several goods of a day each is a day",
        "insight/segments/questions.py",
        'days = "count(*)" if len(set(one.in_)) == 1 else "count(distinct day)"',
        'days = "count(*)"',
        "checks.segments_one_and_all",
    ),
    Bug(
        "segments ask before what was bought is there",
        "records/program/changes/segments/read.py",
        "least(p.below_tx, g.below_tx) as of_goods",
        "p.below_tx as of_goods",
        "checks.what_was_bought_is_followed",
    ),
)


def _channels(name: str) -> Callable[[Shop], None]:
    def check(shop: Shop) -> None:
        from tests.runtime.working.senders.cards import test_by_channel as tests

        getattr(tests, f"test_{name}")(tests.campaigning(shop))

    return check


def _opened(file: str, name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        from importlib import import_module

        module = import_module(f"tests.{file}")
        source = getattr(module, "SOURCE", None) or module.LADDER
        shop.begin(source, slug=f"reached-{name[:20].strip('_').replace('_', '-')}")
        getattr(module, f"test_{name}")(shop)

    return check


def _history(shop: Any) -> None:
    from tests.flows.night.counted import test_any_history as tests

    def opened(source: str) -> Any:
        shop.begin(source, slug="reached-history")
        return shop

    tests.test_rows_are_what_the_history_folds_to(opened, 0)


ALONE: Final[dict[str, Callable[[Any], None]]] = {
    "perhaps_goes_by_no_other": _channels("what_may_have_arrived_by_one_channel_goes_by_no_other"),
    "the_first_channel_that_reaches": _channels(
        "each_is_written_to_once_by_the_first_channel_that_reaches_them"
    ),
    "the_next_channel_is_waited_for": _channels(
        "whoever_is_not_reached_any_more_as_it_goes_is_by_the_next_one"
    ),
    "a_late_try_tells_nobody": _channels("a_try_that_is_over_tells_nobody"),
    "invited_until_it_begins": _channels(
        "it_invites_to_an_event_with_its_fields_until_that_begins"
    ),
    "what_somebody_came_to_stays": _opened(
        "flows.members.playing.community.test_lessons",
        "what_is_taught_is_settled_once_it_begins_and_by_nobody_where_it_was_called_off",
    ),
    "goods_are_what_a_history_comes_to": _history,
    "what_was_bought_is_followed": _opened(
        "flows.terms.segments.test_following",
        "what_was_bought_of_a_good_is_followed_and_waited_for",
    ),
}
