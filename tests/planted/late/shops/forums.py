"""Bugs of a forum that members sign in to by their card, and the checks that notice them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_AT = "surfaces/connect/inlets/providers/discourse"
FORUMS = (
    Bug(
        "any signature of a forum will do",
        f"{_AT}/kind.py",
        "good |= hmac.compare_digest(given, _BEFORE + made.encode())",
        "good |= len(given) == len(_BEFORE + made.encode())",
        "checks.only_the_forum_tells",
    ),
    Bug(
        "a like of a private letter counts",
        f"{_AT}/telling.py",
        'whose, is_private = post.get("user_id"), post.get("topic_archetype") == PRIVATE',
        'whose, is_private = post.get("user_id"), post.get("id") == PRIVATE',
        "checks.private_letters_are_nobodys",
    ),
    Bug(
        "a question is solved once for each answer",
        f"{_AT}/telling.py",
        "f\"solved-{_text(one.get('topic_id'))}\"",
        "f\"solved-{_text(one.get('id'))}\"",
        "checks.each_thing_counts_once",
    ),
    Bug(
        "whoever signs in is sent wherever the question says",
        f"{_AT}/signing_in.py",
        "if not _NONCE.fullmatch(nonce) or back != address + BACK:",
        "if not _NONCE.fullmatch(nonce) or not back.startswith(address):",
        "checks.answers_go_to_the_forum_alone",
    ),
    Bug(
        "any signature of a question will do",
        f"{_AT}/signing_in.py",
        "secret = one if hmac.compare_digest(signed(one, sso), sig) else secret",
        "secret = one if len(signed(one, sso)) == len(sig) else secret",
        "checks.answers_go_to_the_forum_alone",
    ),
    Bug(
        "a question is answered as often as it is asked",
        "surfaces/card/community/forum.py",
        "    if done.replayed:",
        "    if done.replayed and not link:",
        "checks.a_question_is_answered_once",
    ),
)


@contextmanager
def _forum(shop: Shop, groups: str = "[]") -> Iterator[Any]:
    from tests.surfaces.connect.inlets.forum.discourse import Forum
    from tests.surfaces.counter import Counter

    counter = Counter(shop, ticks=lambda: shop.now.timestamp())  # noqa: PLW0108
    yield Forum(counter, groups)


def only_the_forum_tells(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.forum import test_told as told

    with _forum(shop) as forum:
        told.test_nothing_forged_or_changed_on_its_way_comes_in(forum)


def private_letters_are_nobodys(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.forum import test_told as told

    with _forum(shop) as forum:
        told.test_what_is_private_ones_own_edited_or_the_forums_is_nothing(forum)


def each_thing_counts_once(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.forum import test_told as told

    with _forum(shop) as forum:
        told.test_told_again_under_another_number_or_name_it_counts_once(forum)


def answers_go_to_the_forum_alone(shop: Shop) -> None:
    from tests.surfaces.card.pocket import Pocket
    from tests.surfaces.connect.inlets.forum import test_signing_in as signing

    with _forum(shop) as forum:
        ada = Pocket(forum.counter, signing.joined(forum.counter, "ada"))
        signing.test_nothing_but_what_the_forum_signed_is_answered_and_nowhere_else(forum, ada)


def a_question_is_answered_once(shop: Shop) -> None:
    from tests.surfaces.connect.inlets.forum import test_signing_in as signing

    with _forum(shop) as forum:
        signing.test_a_question_is_answered_once_and_to_one(forum, forum.counter)


FORUMS_HEARD: dict[str, Callable[[Shop], None]] = {
    check.__name__: check
    for check in (
        only_the_forum_tells,
        private_letters_are_nobodys,
        each_thing_counts_once,
        answers_go_to_the_forum_alone,
        a_question_is_answered_once,
    )
}
