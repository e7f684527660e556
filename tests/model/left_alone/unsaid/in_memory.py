"""A version that is taken back, driven as the flow does it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.model.beside.by_hand.events import TakesBack
from tests.model.events import Answer, Publishes

from regulars.base.faults import Fault, NotFound
from regulars.flows.terms import withdraw_version as flow
from regulars.flows.terms.comes.stand_ins import coming_along, copies
from regulars.records.program.read import Published, Withdrawal

if TYPE_CHECKING:
    from tests.model.in_memory import InMemory


class Said:
    """What was published, when that was, and by which versions something was decided."""

    def __init__(self) -> None:
        self.published: list[Published] = []
        self.decided: set[int] = set()
        self.taken_back: dict[int, Withdrawal] = {}

    def along(self, start: datetime, now: datetime) -> list[Published]:
        """The versions in whose place one comes along that begins then."""
        return coming_along(self.published, self.taken_back.values(), start, now)

    def add(self, event: Publishes, now: datetime, instead: int = 0) -> int:
        """The number of a further version, perhaps of one that stands in for another."""
        number = len(self.published) + 1
        if instead:
            self.taken_back[instead] = Withdrawal(instead, number, "owner", "", now)
        self.published.append(Published(number, event.at or now, event.source, now, "owner"))
        return number

    @property
    def again(self) -> set[int]:
        """The numbers of versions that stand where others were taken back."""
        return copies(self.published, self.taken_back.values())

    @property
    def known(self) -> dict[int, datetime]:
        return {one.version: one.published_at for one in self.published}


def takes_back(memory: InMemory, event: TakesBack) -> Answer:
    said = memory.said
    if event.version not in said.taken_back:
        try:
            _again(memory, event.version)
        except Fault as fault:
            return Answer(fault.code)
    return Answer("taken back")


def _again(memory: InMemory, number: int) -> None:
    """What it replaced is published from the same instant on."""
    said = memory.said
    found: Any = next((one for one in said.published if one.version == number), None)
    if found is None:
        raise NotFound("there is none", field="/version")
    before = flow._replaced(said.published, found, said.taken_back)
    ruling = flow._ruling(said.published, found)
    for one in (found, *ruling):
        flow._nothing(one, {"activities": int(one.version in said.decided)})
    fresh = len(said.published) + 1
    said.taken_back[number] = Withdrawal(number, fresh, "owner", "a slip", memory.now)
    for one in ruling:
        memory.put_up(Publishes(before.source, one.effective_from))
