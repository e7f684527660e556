"""Bugs of programs to try things in, and the checks that notice them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from tests.planted.bug import Bug

if TYPE_CHECKING:
    from tests.makers import Shop

_NUMBERS = count(1)
MOST_ROUNDS = 40
"""Half a second each: with a bug a clock may stand still for ever."""
SANDBOXES = (
    Bug(
        "a key that is no test key opens a sandbox",
        "flows/access/api_keys.py",
        'if sandbox and item.command.mode != "test":',
        "if False:",
        "checks.only_test_keys_open_it",
    ),
    Bug(
        "the clock of a sandbox is everybody's",
        "runtime/storage/database.py",
        "            self.real.add(program_id)\n        return _NOTHING",
        "            pass\n        return max(self._of.values(), default=_NOTHING)",
        "checks.nobody_real_is_moved",
    ),
    Bug(
        "a clock is moved, and nothing in there goes by it",
        "runtime/storage/database.py",
        "now = self.clock() + ahead\n",
        "now = self.clock()\n",
        "checks.points_end_on_the_way",
    ),
    Bug(
        "a clock jumps to the end without its nights",
        "flows/terms/sandboxes/move_clock.py",
        "min(_midnight_after(tx.now, zone), there.to_at)",
        "there.to_at",
        "checks.points_end_on_the_way",
    ),
    Bug(
        "a clock goes on before its night is done",
        "runtime/working/sandboxes.py",
        "            if not await self._due(program_id, terms, now):",
        "            if False:",
        "checks.points_end_on_the_way",
    ),
    Bug(
        "a clock is turned back",
        "flows/terms/sandboxes/move_clock.py",
        "    if to <= now:\n",
        "    if False:\n",
        "checks.clocks_go_forward",
    ),
    Bug(
        "a sandbox writes to people",
        "runtime/working/messages.py",
        "carriers = UNSENT if unsent else self._carriers",
        "carriers = self._carriers",
        "checks.points_end_on_the_way",
    ),
    Bug(
        "what a sandbox would have sent is not kept",
        "runtime/working/messages.py",
        "    await tx.write(write.keep_unsent(tx, letters))",
        "    await tx.write(write.keep_unsent(tx, letters[:0]))",
        "checks.points_end_on_the_way",
    ),
    Bug(
        "what comes home writes over a draft",
        "surfaces/console/terms/sandboxes.py",
        "if before is not None and revision != str(before.revision):",
        "if False:",
        "checks.drafts_are_not_lost",
    ),
    Bug(
        "what comes home is the first version that was tried",
        "surfaces/api/operations/terms/sandboxes.py",
        'return (versions[-1].source if versions else ""), anew',
        'return (versions[0].source if versions else ""), anew',
        "checks.what_was_tried_comes_home",
    ),
    Bug(
        "begun anew it keeps its time",
        "flows/terms/sandboxes/keep_sandboxes.py",
        "here, anew = tx.program_id, await write.renew(tx, there.program_id, principal)",
        "here, anew = tx.program_id, there.program_id",
        "checks.begun_anew_it_is_empty",
    ),
)


_OWN = "select program_id from sandbox where of_program = $1 and name = $2"


@contextmanager
def _trying(shop: Shop, name: str = "") -> Iterator[Any]:
    """A program of this process's own with a sandbox; only its clock is moved here, as another
    process beside this one may have a bug in how it moves them."""
    from tests.makers import named
    from tests.runtime.working import test_sandboxes, trying
    from tests.surfaces.console.terms import test_sandboxes as home
    from tests.surfaces.counter import Counter

    slug = f"tried-{os.getpid()}-{next(_NUMBERS)}"
    shop.begin(trying.SOURCE, slug=slug)
    test_sandboxes.SOURCE = named(trying.SOURCE, slug)
    home.TRIED, home.OURS = named(home.TRIED, slug), named(home.OURS, slug)
    made = trying.Trying(Counter(shop), name or slug)

    async def own() -> int:
        owner = await shop.owning()
        return int(await owner.fetchval(_OWN, shop.program_id, made.name))

    inside, rounds = shop.run(own()), count()

    async def move(_: Any) -> None:
        assert next(rounds) < MOST_ROUNDS, "the clock never arrives"
        await made.clocks.move(inside)

    made.clocks.run = move  # type: ignore[method-assign]
    yield made


_CHECKS: Final = {
    "only_test_keys_open_it": "test_a_sandbox_is_opened_by_test_keys_only",
    "nobody_real_is_moved": "test_everything_in_a_sandbox_goes_by_its_clock_and_nothing_real_does",
    "points_end_on_the_way": "test_points_end_on_the_way_and_who_had_them_was_told_before",
    "clocks_go_forward": "test_a_clock_goes_forward_only_not_too_far_and_once_at_a_time",
    "what_was_tried_comes_home": "test_what_was_tried_goes_home_as_a_draft_that_is_published"
    "_as_any_other",
    "begun_anew_it_is_empty": "test_begun_anew_it_is_empty_at_our_time_and_the_same_key_opens_it",
}
"""Which test of sandboxes each check runs."""


def _check(test: str) -> Callable[[Shop], None]:
    def check(shop: Shop) -> None:
        from tests.runtime.working import test_sandboxes as tests

        with _trying(shop) as trying:
            getattr(tests, test)(trying)

    return check


def drafts_are_not_lost(shop: Shop) -> None:
    from tests.surfaces.console.terms import test_sandboxes as tests

    with _trying(shop, "spring") as trying:
        trying.ask("POST", "/v1/programs/versions", {"source": tests.TRIED})
        tests.test_a_draft_of_the_same_name_is_asked_about_first(trying)


ALONE: dict[str, Callable[[Shop], None]] = {
    **{name: _check(test) for name, test in _CHECKS.items()},
    "drafts_are_not_lost": drafts_are_not_lost,
}
