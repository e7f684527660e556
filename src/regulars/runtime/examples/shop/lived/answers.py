"""What guests say when they are asked: would they recommend the shop, and are they content?"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Final

from regulars.flows.commands import RecordActivity
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import Body
from regulars.records.members.types import MemberRef
from regulars.runtime.examples.shop.guests import Guest
from regulars.runtime.examples.shop.lived.week import House, Week, done

SOURCE: Final = "survey"
EVERY_WEEKS: Final = 12
_ANSWER: Final = 0.4
_SCORES: Final = (10, 10, 10, 9, 9, 9, 8, 8, 7, 7, 6, 5, 3)
_STARS: Final = (5, 5, 5, 4, 4, 3, 2)


class Answers:
    """A question each quarter of a year; not everybody answers."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(f"{seed} asks")  # noqa: S311 - a made-up shop

    async def go(self, house: House, week: Week) -> None:
        """Whoever is here is asked; who stopped coming answers no more."""
        if week.left % EVERY_WEEKS != 1:
            return
        asked = [one for one in week.here if one.left_on is None or one.left_on > week.ends.date()]
        told = [
            self._says(one, week, kind)
            for kind in ("nps", "csat")
            for one in asked
            if self._chance.random() < _ANSWER
        ]
        async with house.database.transaction(house.terms.program_id) as tx:
            done(await record_activities(tx, house.terms, told))

    def _says(self, guest: Guest, week: Week, kind: str) -> RecordActivity:
        score = self._chance.choice(_SCORES if kind == "nps" else _STARS)
        return RecordActivity(
            kind=kind,
            member=MemberRef(external=guest.external),
            occurred_at=week.ends - timedelta(hours=self._chance.randrange(1, 48)),
            source=SOURCE,
            external_id=f"{kind}-{guest.external}-{week.number}",
            channel="mail",
            body=Body(details={"score": score}),
        )
