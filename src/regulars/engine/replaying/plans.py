"""What a history tells of paid memberships, and which of them ran when something was bought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from regulars.engine.compiling.asked import not_of_plans, plans_asked
from regulars.engine.replaying.paid import Stands, stands_as
from regulars.engine.rewarding.plans.then import plans_known
from regulars.engine.state import MemberState
from regulars.engine.terms import Version
from regulars.records.activity.happening import Happening
from regulars.records.benefits.plans.types import Turn, unpack

Known = Mapping[str, bool | int | str]


class Plans(Struct):
    """All that was told of memberships so far, by who bought them; nothing where no rule asks.

    Keeps: whether a plan ran follows from what happened to it and from the terms that are replayed
    (their grace, what holds meanwhile), never from what other terms made of it.
    """

    asked: bool
    told: dict[UUID, list[Turn]] = {}

    @classmethod
    def of(cls, versions: Iterable[Version]) -> Plans:
        """Nothing told yet; it is kept where one of these versions asks for it."""
        return cls(any(plans_asked(one.attributes) for one in versions))

    def hear(self, one: Happening) -> None:
        """Something happened to a membership."""
        if self.asked:
            self.told.setdefault(one.member_id, []).append(unpack(one.turn))

    def show(self, state: MemberState, known: Known, stands: Stands) -> None:
        """Let a member be seen with what was known of them, and with their memberships.

        Keeps: whoever was merged into them brought theirs along, for as long as they are one.
        """
        state.attributes = not_of_plans(known) if self.asked else known
        if not self.told:
            return
        state.turns = list(self.told.get(state.member_id, ()))
        if state.united:
            for gone in stands:
                if stands_as(gone, stands) == state.member_id:
                    state.turns += self.told.get(gone, ())

    def known(self, version: Version, who: UUID, known: Known, at: datetime) -> Known:
        """The same of a member whom nobody was merged with, as what is known of them."""
        if not self.asked:
            return known
        return {**not_of_plans(known), **plans_known(version, self.told.get(who, ()), at)}
