"""The duty that looks each day for members somebody should look at."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

import structlog
from asyncpg.exceptions import QueryCanceledError

from regulars.base.tx import Tx
from regulars.engine.calendar import day_starts_at
from regulars.engine.terms import Version
from regulars.flows.membership.office.alerts.raise_alerts import (
    end_day,
    raise_alerts,
    settle_alerts,
)
from regulars.flows.membership.office.alerts.settle_unusual import settle_unusual
from regulars.records.access.staff.read import chosen
from regulars.records.standing.alerts import read
from regulars.records.standing.alerts.accounts import read as firms
from regulars.records.standing.alerts.accounts.read import Less, Tried
from regulars.records.standing.alerts.days import read as days
from regulars.records.standing.alerts.days.read import Measure
from regulars.records.standing.alerts.types import WAITS, Raised, Sort
from regulars.records.standing.alerts.unusual import read as unusual_read
from regulars.records.standing.alerts.unusual.read import Nights
from regulars.records.standing.values import read as values
from regulars.runtime.serving.programs import Programs
from regulars.runtime.storage.database import Database

if TYPE_CHECKING:
    from regulars.insight.values.unusual import Far, Jump

log = structlog.get_logger()
WEEKS: Final = 13
_WALLETS: Final[tuple[tuple[Measure, Sort], ...]] = (
    ("issued", "earned_much"), ("redeemed", "redeemed_much"),
)  # fmt: skip


class Alerts:
    """Looks for one installation; whoever holds the worker's lock runs it.

    Keeps: a day is looked at once values of it are reckoned, and is over when its row is there.
    Cut off before, it is looked at again: whoever was told of is not told of twice.
    """

    def __init__(self, database: Database, programs: Programs) -> None:
        self._database = database
        self._programs = programs

    async def go(self, program_id: int, now: datetime) -> None:
        """Look at the day that ended last, where nobody did yet."""
        version = (await self._programs.terms(program_id)).at(now)
        day = now.astimezone(version.zone).date() - timedelta(days=1)
        async with self._database.transaction(program_id) as tx:
            last, run = await read.last_day(tx), await values.last_run(tx)
        if (last is not None and last >= day) or run is None or run.as_of < day:
            return
        async with self._database.transaction(program_id) as tx:
            await settle_alerts(tx, day)
        await self._settle(program_id, version, day, last)
        async with self._database.transaction(program_id) as tx:
            await raise_alerts(tx, await _slipping(tx, day))
        async with self._database.transaction(program_id) as tx:
            found = await _unusual(tx, version, day)
        async with self._database.transaction(program_id) as tx:
            await raise_alerts(tx, found)
        slips, tried = await self._accounts(program_id, day)
        async with self._database.transaction(program_id) as tx:
            await raise_alerts(tx, await _less(tx, version, day, slips))
        # Last: it tells nobody anything, and a night of the past may take longer than it is given.
        # Then nothing is said of it today, and the day is over all the same.
        try:
            nights = await self._nights(program_id, version, day)
        except (TimeoutError, QueryCanceledError):
            log.warning("alerts.nights_too_slow", program_id=program_id)
            nights = Nights()
        async with self._database.transaction(program_id) as tx:
            await end_day(tx, day, tried, nights)

    async def _settle(
        self, program_id: int, version: Version, day: date, looked: date | None
    ) -> None:
        """What became of unusual days, some at a time."""
        after: UUID | None = UUID(int=0)
        while after is not None:
            async with self._database.transaction(program_id) as tx:
                after = await settle_unusual(tx, version, day, after, looked)

    async def _nights(self, program_id: int, version: Version, day: date) -> Nights:
        """How the rule of unusual days did in a week of the past, with what may be told of in a
        week, and nobody twice for the same; each night apart, as one statement has so much time
        and no more."""
        from regulars.insight.values import lasting

        nights, lately = Nights(), list[tuple[UUID, list[str]]]()
        async with self._database.transaction(program_id) as tx:
            weekly = (await chosen(tx)).of("unusual_weekly")
        for origin in reversed(lasting.nights(day)):
            room = weekly - nights.tried
            if room <= 0:
                break
            async with self._database.transaction(program_id) as tx:
                told = await _would_tell(tx, version, origin, room, lately)
                nights = nights.and_(await _tried(tx, version, told))
            lately += [(one.member_id, one.sorts) for one in told]
        return nights

    async def _accounts(self, program_id: int, day: date) -> tuple[list[Less], Tried]:
        """Accounts that use the shop less, and how right that signal was; portion by portion, as a
        statement over all of them may take longer than one is given."""
        from regulars.insight.values import accounts

        slips: list[Less] = []
        tried, after = Tried(), UUID(int=0)
        while True:
            async with self._database.transaction(program_id) as tx:
                upto = await firms.portion(tx, after)
                if upto is None:
                    return slips, tried
                slips += await firms.slipping(tx, day, after, upto)
            for origin in accounts.origins(day):
                async with self._database.transaction(program_id) as tx:
                    tried = tried.and_(await firms.tried(tx, origin, after, upto))
            after = upto


async def _slipping(tx: Tx, day: date) -> list[Raised]:
    """Whom the shop can still reach this week, and who stands beside them."""
    from regulars.insight.values import slips

    weekly = (await chosen(tx)).of("outreach_weekly")
    room = weekly - await read.told_of(tx, day)
    if room <= 0:
        return []
    there = await read.slipping(tx, day, room)
    # At most twice as many are looked at further: those of room, and one beside each.
    told, beside = slips.chosen(there, room)
    lately = await read.lately(tx, [one.member_id for one in (*told, *beside)], day)
    return slips.raised(there, room, day, lately)


async def _less(tx: Tx, version: Version, day: date, slips: list[Less]) -> list[Raised]:
    """Accounts the shop can still call this week: as many as members, each on its own."""
    from regulars.insight.values import accounts

    weekly = (await chosen(tx)).of("outreach_weekly")
    told = accounts.chosen(slips, weekly - await read.told_of(tx, day, "account"))
    these, zone = [one.account_id for one in told], version.program.zone
    asked = await firms.tickets(tx, these, day, zone) if told else {}
    return accounts.raised(told, day, asked)


async def _unusual(tx: Tx, version: Version, day: date) -> list[Raised]:
    """Whose day is far from what is usual: as many as somebody can look into this week."""
    from regulars.insight.values import unusual

    room = (await chosen(tx)).of("unusual_weekly") - await read.told_of(tx, day, "unusual")
    if room <= 0:
        return []
    seen = await _seen(tx, version, day)
    lately = await unusual_read.lately(tx, day)
    return unusual.raised(day, seen, await _jumps(tx, version, day), room, lately)


async def _would_tell(
    tx: Tx, version: Version, day: date, room: int, lately: list[tuple[UUID, list[str]]]
) -> list[Raised]:
    """Whom the rule would have told of on a night of the past, jumps of tiers left out.

    Traps: what came back since is in no row any more, so days that were taken back are not found.
    """
    from regulars.insight.values import unusual

    return unusual.raised(day, await _seen(tx, version, day), (), room, lately)


async def _tried(tx: Tx, version: Version, told: list[Raised]) -> Nights:
    """Of how many of these such a day came again within 90 days."""
    from regulars.insight.values.lasting import MEASURES

    codes, lasted = _accounts_of(version), set[UUID]()
    for one in told:
        until = one.as_of + timedelta(days=WAITS)
        for why in one.reasons:
            asked = [(one.member_id, one.as_of, why.have)]
            measure, wallet = MEASURES[why.sort], codes.get(why.about)
            since = await unusual_read.since(tx, measure, wallet, asked, until)
            lasted |= {who for (who, _), there in since.items() if there.again is not None}
    return Nights(len(told), len(lasted))


async def _seen(tx: Tx, version: Version, day: date) -> list[tuple[Sort, str, list[Far]]]:
    """Who is far from usual on a day, by each measure and account."""
    seen: list[tuple[Sort, str, list[Far]]] = [
        ("spent_much", "", await _far(tx, "spent", None, day))
    ]
    for name, code in _accounts_of(version).items():
        seen += [(sort, name, await _far(tx, one, code, day)) for one, sort in _WALLETS]
    return seen


def _accounts_of(version: Version) -> dict[str, int]:
    """The numbers of accounts of points by their names."""
    return dict(zip(version.program.wallets, version.wallet_codes, strict=True))


async def _far(tx: Tx, measure: Measure, wallet: int | None, day: date) -> list[Far]:
    from regulars.insight.estimators.saying import NotEnough
    from regulars.insight.values import unusual

    today = await days.on(tx, measure, wallet, day)
    if not today:
        return []
    same = [day - timedelta(weeks=back + 1) for back in range(WEEKS)]
    peers = unusual.usual(await days.of_all(tx, measure, wallet, same))
    if isinstance(peers, NotEnough):
        every = [day - timedelta(days=back + 1) for back in range(WEEKS * 7)]
        peers = unusual.usual(await days.of_all(tx, measure, wallet, every))
    if isinstance(peers, NotEnough):
        return []
    doubtful = unusual.suspects(today, peers)
    rows = await days.before(tx, measure, wallet, doubtful, day)
    before = {who: [unusual.Day(*one) for one in theirs] for who, theirs in rows.items()}
    return await asyncio.to_thread(unusual.far, today, before, peers, day.weekday())


async def _jumps(tx: Tx, version: Version, day: date) -> list[Jump]:
    from regulars.insight.values.unusual import Jump

    ladder = version.program.tiers
    if ladder is None:
        return []
    place: dict[str | None, int] = {step.id: at + 1 for at, step in enumerate(ladder.steps)}
    since = day_starts_at(version.zone, day.toordinal())
    until = day_starts_at(version.zone, day.toordinal() + 1)
    moved: list[tuple[UUID, str | None, str | None]] = await days.climbed(tx, day, since, until)
    return [
        Jump(who, place.get(becomes, 0) - place.get(was, 0), becomes or "")
        for who, was, becomes in moved
    ]
