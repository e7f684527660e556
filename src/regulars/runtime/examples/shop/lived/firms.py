"""Offices that buy beans and cake: a company has one account, and several of its people buy."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from regulars.flows.commands import RecordActivity
from regulars.flows.membership.commands import Belonging, EnterHousehold, FoundHousehold
from regulars.flows.membership.join_members import join_members
from regulars.flows.membership.keep_households import enter_households, found_households
from regulars.flows.recording.record_activities import record_activities
from regulars.records.activity.types import Body, Line
from regulars.records.members.types import Asked, Identifier, JoinMember, MemberRef
from regulars.runtime.examples.shop.guests import STORE, WEEKS
from regulars.runtime.examples.shop.lived.week import House, Week, done

SINCE: Final = 16
_BUYERS: Final = 3
_HELP_DESK: Final = "help-desk"


class Firm(NamedTuple):
    """A company: its name, how many weeks lie between its orders, and until when it ordered."""

    external: str
    name: str
    locale: str
    every: int
    stops: int = WEEKS
    asks: tuple[int, ...] = ()
    """In which weeks somebody of it asked the help desk; a week may stand there more than once."""


FIRMS: Final = (
    Firm("firm-01", "Studio Lindenhof", "de", 1, asks=(21, 34, 49)),
    Firm("firm-02", "Reuter & Lenz", "de", 2),
    Firm("firm-03", "Harbour Print", "en", 2, stops=44, asks=(22, 38, 41, 42, 42, 43, 43, 43, 44)),
    Firm("firm-04", "Kaya Mimarlık", "tr", 3),
)
"""One of them has fallen quiet, after it had asked for help more and more."""


class Firms:
    """The accounts of companies, and what is bought for them."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(f"{seed} sells to firms")  # noqa: S311 - a made-up shop

    async def go(self, house: House, week: Week) -> None:
        """They come in one week, each with some of its people; from then on they order."""
        async with house.database.transaction(house.terms.program_id) as tx:
            if week.number == SINCE:
                country = house.terms.versions[-1].program.country
                joins = [_joins(firm, week) for firm in FIRMS]
                done(await join_members(tx, country, joins, house.terms))
                founded = await found_households(tx, house.terms, [_founds(one) for one in FIRMS])
                enters = _enter(done(founded), self._buyers(week))
                done(await enter_households(tx, house.terms, enters))
            elif week.number > SINCE:
                orders = [
                    self._order(one, week)
                    for one in FIRMS
                    if week.number % one.every == 0 and week.number < one.stops
                ]
                asked = [
                    _asks(one, week, place)
                    for one in FIRMS
                    for place in range(one.asks.count(week.number))
                ]
                done(await record_activities(tx, house.terms, [*orders, *asked]))

    def _buyers(self, week: Week) -> list[str]:
        """For each company some guests in turn; for the one that falls quiet such who do, too."""
        often = [one.external for one in week.here if one.left_on is None and one.every_days < 9]
        gone = [one.external for one in week.here if one.left_on is not None]
        some, quiet = (iter(self._chance.sample(all_, len(all_))) for all_ in (often, gone))
        return [next(quiet if firm.stops < WEEKS else some) for firm in FIRMS * _BUYERS]

    def _order(self, firm: Firm, week: Week) -> RecordActivity:
        beans, cakes = self._chance.randint(2, 6), self._chance.randint(0, 10)
        lines = [Line(950 * beans, "beans-250g", "beans", beans)]
        lines += [Line(290 * cakes, "croissant", "bakery", cakes)] if cakes else []
        return RecordActivity(
            kind="purchase",
            member=MemberRef(external=firm.external),
            occurred_at=week.ends - timedelta(days=2),
            source=STORE,
            external_id=f"{firm.external}-{week.number}",
            store=STORE,
            channel="invoice",
            body=Body(lines=tuple(lines)),
        )


def _asks(firm: Firm, week: Week, place: int) -> RecordActivity:
    """What the help desk tells when somebody of the company wrote to it."""
    return RecordActivity(
        kind="ticket",
        member=MemberRef(external=firm.external),
        occurred_at=week.ends - timedelta(days=3, hours=-place),
        source=_HELP_DESK,
        external_id=f"{firm.external}-{week.number}-{place}",
        channel="e-mail",
    )


def _joins(firm: Firm, week: Week) -> JoinMember:
    return JoinMember(
        identifiers=(Identifier("external", firm.external),),
        given_name=firm.name,
        locale=firm.locale,
        joined_at=week.ends,
        source="demo",
        asked=Asked("regulars demo", firm.external),
    )


def _founds(firm: Firm) -> FoundHousehold:
    asked = Asked("regulars demo", f"{firm.external}-account")
    return FoundHousehold(MemberRef(external=firm.external), firm.name, "regulars demo", asked)


def _enter(founded: Sequence[Belonging], buyers: Sequence[str]) -> list[EnterHousehold]:
    return [
        EnterHousehold(
            founded[place % len(founded)].household_id,
            MemberRef(external=who),
            "buyer",
            "regulars demo",
            asked=Asked("regulars demo", f"{who}-buyer"),
        )
        for place, who in enumerate(buyers)
    ]
