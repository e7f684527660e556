"""What waits for whoever looks at the first page, each with the way to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from regulars.base.tx import Tx
from regulars.insight.metrics.reading.closed import closes
from regulars.records.access.office.read import rounds
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.watching import read as watching
from regulars.records.benefits.lines.read import unanswered
from regulars.records.outbox.hooks import read as hooks
from regulars.records.outbox.hooks.types import Hook
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.offers.types import PREFIX
from regulars.records.program.types import Program
from regulars.records.standing.alerts import read as alerts
from regulars.records.standing.alerts.types import Kind
from regulars.records.tills import read as tills
from regulars.surfaces.console.here import Here

SOON: Final = timedelta(days=14)
"""What ends within so many days is told of."""
_KINDS: Final[tuple[Kind, Kind]] = ("unusual", "account")
HOUR: Final = timedelta(hours=1)


class Waits(NamedTuple):
    """So many of something, in words, and where one looks after them."""

    many: int
    href: str
    says: str


async def todo(tx: Tx, here: Here) -> list[Waits]:
    """What waits for who may look after it; nothing of what nobody waits for."""
    found = [await look(tx, here) for may, look in _LOOKS if here.may(may)]
    return [one for some in found for one in some if one.many]


async def _requests(tx: Tx, here: Here) -> list[Waits]:
    count = len(await watching.requests_waiting(tx)) + len(await rounds(tx, "waiting"))
    says = here.reader.say_many(
        "%(n)s adjustment waits for a yes", "%(n)s adjustments wait for a yes", count
    )
    return [Waits(count, "/console/requests", says)]


async def _alerts(tx: Tx, here: Here) -> list[Waits]:
    count = len(await watching.alerts(tx))
    says = here.reader.say_many("%(n)s alert is open", "%(n)s alerts are open", count)
    return [Waits(count, "/console/alerts", says)]


async def _records(tx: Tx, here: Here) -> list[Waits]:
    count = sum(one.waiting for one in (await tills.counts(tx)).values())
    says = here.reader.say_many(
        "%(n)s record of a till could not be booked",
        "%(n)s records of tills could not be booked",
        count,
    )
    return [Waits(count, "/console/stores", says)]


async def _unanswered(tx: Tx, here: Here) -> list[Waits]:
    """Members who wrote and have nobody who looks after them."""
    count = len(await unanswered(tx, 100))
    says = here.reader.say_many(
        "%(n)s member wrote and nobody answered",
        "%(n)s members wrote and nobody answered",
        count,
    )
    return [Waits(count, "/console/win-back", says)]


async def _hooks(tx: Tx, here: Here) -> list[Waits]:
    """Receivers that do not answer, or were given up."""
    some = await hooks.hooks(tx)
    count = sum(given_up(one, here.now) for one in some)
    says = here.reader.say_many(
        "%(n)s receiver of events does not answer", "%(n)s receivers of events do not answer", count
    )
    return [Waits(count, "/console/webhooks", says)]


def given_up(one: Hook, now: datetime) -> bool:
    """Whether somebody should look after a receiver: it was switched off by us, or has not answered
    for an hour. Example: one that was down for a minute is tried again without a word."""
    if one.state == "disabled":
        return True
    failing = one.failing_since if one.state == "active" else None
    return failing is not None and now - failing >= HOUR


async def _ending(tx: Tx, here: Here) -> list[Waits]:
    """Rules, rewards and offers that end soon."""
    today = here.now.astimezone(here.zone).date()
    rules, rewards = ending_of(here.version.program, today)
    given = [one for one in await offers.opened(tx) if soon(one.ends_on, today)]
    say = here.reader.say_many
    return [
        Waits(rules, "/console/program", say(
            "%(n)s rule ends within 14 days", "%(n)s rules end within 14 days", rules)),
        Waits(rewards, "/console/rewards", say(
            "%(n)s reward ends within 14 days", "%(n)s rewards end within 14 days", rewards)),
        Waits(len(given), "/console/offers", say(
            "%(n)s offer ends within 14 days", "%(n)s offers end within 14 days", len(given))),
    ]  # fmt: skip


def ending_of(program: Program, today: date) -> tuple[int, int]:
    """How many rules and rewards of the program end soon; those of offers are offers."""
    rules = [one for one in program.rules if soon(one.until_on, today)]
    rewards = [one for one in program.rewards if soon(one.until_on, today)]
    return _own([one.id for one in rules]), _own([one.id for one in rewards])


def _own(ids: list[str]) -> int:
    return sum(not id_.startswith(PREFIX) for id_ in ids)


def soon(until: object, today: date) -> bool:
    """Whether what is over on this day is still there today, and not for long.

    Example: what is over on 15 March ends soon from the 1st to the 14th.
    """
    if until is None:
        return False
    end = date.fromisoformat(str(until))
    return today < end <= today + SOON


async def _members(tx: Tx, here: Here) -> list[Waits]:
    """Members who did something unusual, and accounts that fall quiet, nobody looked after yet."""
    today = here.now.astimezone(here.zone).date()
    n, m = [await alerts.waiting(tx, kind, today) for kind in _KINDS]
    say = here.reader.say_many
    return [
        Waits(n, "/console/win-back?show=unusual", say(
            "%(n)s member did something unusual", "%(n)s members did something unusual", n)),
        Waits(m, "/console/win-back?show=accounts", say(
            "%(n)s account uses the shop less than it used to",
            "%(n)s accounts use the shop less than they used to", m)),
    ]  # fmt: skip


async def _months(tx: Tx, here: Here) -> list[Waits]:
    """Months that have ended and are not closed, of points whose months are closed at all."""
    today = here.now.astimezone(here.zone).date()
    count = months_open(await closes(tx), today, here.version.program.wallets)
    says = here.reader.say_many(
        "%(n)s month of points is over and not closed",
        "%(n)s months of points are over and not closed",
        count,
    )
    return [Waits(count, "/console/reports/liability#months", says)]


def months_open(closed: Iterable[str], today: date, wallets: Collection[str]) -> int:
    """How many months lie between the last that was closed of each of these wallets, and this one.

    Shape: `closed` are months as `2026-10/points`. Keeps: where none was ever closed, nobody waits
    for it, nor for a wallet that the program has no more.
    Example: October is closed, it is 3 December: November is one.
    """
    last: dict[str, date] = {}
    for one in closed:
        month, _, wallet = one.partition("/")
        if wallet in wallets:
            last[wallet] = max(last.get(wallet, date.min), date.fromisoformat(f"{month}-01"))
    this = today.replace(day=1)
    return sum((this.year - m.year) * 12 + this.month - m.month - 1 for m in last.values())


_LOOKS: Final[tuple[tuple[Permission, Callable[[Tx, Here], Awaitable[list[Waits]]]], ...]] = (
    (Permission.ADJUST_APPROVE, _requests),
    (Permission.ALERTS_READ, _alerts),
    (Permission.TILLS_WRITE, _records),
    (Permission.MEMBERS_WRITE, _unanswered),
    (Permission.KEYS_WRITE, _hooks),
    (Permission.MEMBERS_READ, _members),
    (Permission.PROGRAM_WRITE, _ending),
    (Permission.BOOKS_CLOSE, _months),
)
"""Who may look after what."""
