"""Bugs of events in Square's words; and the tests of each as the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final

from tests.planted.bug import Bug

_WORDS = "surfaces/connect/square/hooks/retelling.py"
_SIGNING = "surfaces/senders/hooks/square.py"
_RETELL = "flows/telling/hooks/retell.py"
_THEN = "checks.retold_what_is_told_is_how_it_was_at_that_event_and_never_a_later_read"
_AGAIN = "checks.retold_a_retry_has_the_same_bytes_and_says_that_it_is_one"
_KILLED = "checks.retold_a_worker_that_is_killed_tells_nothing_twice_and_leaves_nothing_out"
_MOVED = "checks.retold_a_house_that_moves_retells_what_was_told_before_and_after"
_FLOOR = "checks.retold_a_house_that_moves_retells_nothing_of_before_anybody_wanted_to_hear"
_ERASED = "checks.retold_who_is_erased_while_they_are_retold_leaves_no_telephone"
_LATER = "checks.retold_a_webhook_that_is_written_in_their_words_later_hears_from_then_on"
RETOLD = (
    Bug(
        "an account is told as it is, not as it was at that event",
        "insight/connected/retold.py",
        "and e.entry_id > w.at_id) s",
        "and e.entry_id < w.at_id and false) s",
        _THEN,
    ),
    Bug(
        "a retry does not say that it is one",
        "flows/telling/hooks/take_sendings.py",
        "if hook.form != SQUARE or not again:",
        "if True:",
        _AGAIN,
    ),
    Bug(
        "a signature leaves out where the body goes",
        _SIGNING,
        "url.encode() + body",
        "body",
        _AGAIN,
    ),
    Bug(
        "what was retold is told once more under another id",
        _WORDS,
        "retold_id(move.entry_id, part), one.member_id",
        "UUID(bytes=__import__('os').urandom(16)), one.member_id",
        _KILLED,
    ),
    Bug(
        "events are skipped when their round is cut off",
        _RETELL,
        "return write.tell(tx, await self._retells(tx, asked))",
        "return write.tell(tx, (await self._retells(tx, asked))[:0])",
        _KILLED,
    ),
    Bug(
        "what another cluster told is never retold",
        "records/outbox/retold/write.py",
        "set below_tx = 0, after_id = $2::uuid",
        "set after_id = $2::uuid",
        _MOVED,
    ),
    Bug(
        "what happened before anybody wanted to hear is retold after a move",
        _RETELL,
        "        fresh = [one for one in events if one.recorded_at > self._floor_at]\n",
        "        self._floor_at = self._floor_at.replace(year=1970)\n        fresh = events\n",
        _FLOOR,
    ),
    Bug(
        "who is erased while they are retold leaves a telephone",
        _RETELL,
        "        await read.hold(tx, {one.member_id for one in heard})\n",
        "",
        _ERASED,
    ),
    Bug(
        "a webhook that is written in other words later hears of nothing",
        "flows/telling/hooks/keep_hooks.py",
        "    if after.form == SQUARE != hook.form:\n",
        "    if False:\n",
        _LATER,
    ),
)


def _run(name: str) -> Callable[[Any], None]:
    def check(shop: Any) -> None:
        # Imported late, so that it meets the source with the bug in it.
        from tests.runtime.working.hooks.receiver import receiver
        from tests.runtime.working.hooks.town import HOME
        from tests.surfaces.connect.square import test_hooks
        from tests.surfaces.connect.square.around.post import Post
        from tests.surfaces.connect.square.till import SPEND
        from tests.surfaces.counter import Counter

        shop.begin(SPEND, slug=f"retold-{os.getpid()}", now=test_hooks.NOON)
        counter = Counter(shop, receivers=HOME)
        with receiver() as house:
            post = Post(counter, None, house)
            getattr(test_hooks, f"test_{name}")(post)
            shop.run(post.dispatcher.close())
        shop.run(counter.client.aclose())

    return check


_NAMES = {bug.check.removeprefix("checks.retold_") for bug in RETOLD}
ALONE: Final = {f"retold_{name}": _run(name) for name in _NAMES}
