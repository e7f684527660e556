"""Guests bring friends: who comes new now and then names the code of somebody who comes often."""

from __future__ import annotations

import random
from typing import Final

from regulars.flows.points.referring.commands import GiveCode, NameReferral
from regulars.flows.points.referring.name_referrals import give_codes, name_referrals
from regulars.flows.points.referring.settle_referrals import settle_referrals
from regulars.records.members.types import Asked, MemberRef
from regulars.runtime.examples.shop.guests import SHOWN
from regulars.runtime.examples.shop.lived.week import House, Week, done

ADVOCATES: Final = 9
"""So many of those who came first tell others, beside the one whose card is shown."""
_BROUGHT: Final = 0.4
_MANY: Final = 500


class Friends:
    """Who brings whom; what was promised is given once a friend stayed."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(f"{seed} brings friends")  # noqa: S311 - a made-up shop
        self._codes: list[str] = []

    async def go(self, house: House, week: Week) -> None:
        """Codes are given, newcomers name them, and what is due is settled."""
        async with house.database.transaction(house.terms.program_id) as tx:
            here = {one.external for one in week.here}
            if not self._codes and SHOWN in here and len(here) >= ADVOCATES:
                tell = dict.fromkeys((SHOWN, *(one.external for one in week.here[:ADVOCATES])))
                wishes = [
                    GiveCode(MemberRef(external=one), asked=_asked(one, "code")) for one in tell
                ]
                self._codes = [one.code for one in done(await give_codes(tx, house.terms, wishes))]
                return
            named = [
                NameReferral(
                    MemberRef(external=one.external),
                    self._chance.choice(self._codes),
                    asked=_asked(one.external, "friend"),
                )
                for one in week.newcomers
                if self._codes and self._chance.random() < _BROUGHT
            ]
            done(await name_referrals(tx, house.terms, named))
        async with house.database.transaction(house.terms.program_id) as tx:
            await settle_referrals(tx, house.terms, _MANY)


def _asked(external: str, what: str) -> Asked:
    return Asked("regulars demo", f"{external}-{what}")
