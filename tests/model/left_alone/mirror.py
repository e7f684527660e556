"""A shop that does what the reference says, to see what a machine plays and how often.

Nothing is compared by it: it answers as the judge does, in no time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import hypothesis.stateful
import pytest
from hypothesis import Phase
from tests.model.events import Answer, Event, Picture
from tests.model.machine import Ledger
from tests.model.pictures import pictures, shelf
from tests.model.playing import play
from tests.model.reference import World


class Mirror:
    """What is asked of it, it works out from nothing."""

    once = True

    def __init__(self, source: str, now: datetime) -> None:
        self.world = World((source, now), ())

    def do(self, now: datetime, event: Event) -> Answer:
        return self.do_all(now, [event])[0]

    def do_all(self, now: datetime, events: Sequence[Event]) -> list[Answer]:
        return self.world.goes_on(now, events)

    def pictures(self) -> dict[str, Picture]:
        return pictures(self.world)

    def stock(self) -> dict[str, int]:
        return shelf(self.world)

    def close(self) -> None:
        """There is nothing to close."""


def rules_of(machine: type[Ledger]) -> set[str]:
    """Everything that can happen to a shop of this machine."""
    marked = hypothesis.stateful.RULE_MARKER
    named = {name: getattr(machine, name, None) for name in dir(machine)}
    return {name for name, one in named.items() if hasattr(one, marked)}


def played(machine: type[Ledger], shops: int, start: int = 1) -> Counter[str]:
    """How often each rule was played in so many shops, those that never were among them."""
    counted = Counter(dict.fromkeys(rules_of(machine), 0))
    draws: Any = hypothesis.stateful.RuleStrategy
    drawn = draws.do_draw

    def counting(self: Any, data: Any) -> Any:
        chosen = drawn(self, data)
        counted[chosen[0].function.__name__] += 1
        return chosen

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draws, "do_draw", counting)
        play(machine, Mirror, steps=1, start=start, shops=shops, phases=(Phase.generate,))
    return counted
