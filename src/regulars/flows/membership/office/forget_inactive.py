"""Who was not heard of for long is told that they will be forgotten, and some weeks later is.

Nothing of it happens unless the shop says after how many months (`inactive_months`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from regulars.base.tx import Tx
from regulars.engine.calendar import add_months, day_starts_at, local
from regulars.engine.terms import Terms
from regulars.flows.membership.erase_members import erase_members
from regulars.insight.people.inactive import Silence, portion, still_quiet
from regulars.records.access.staff.read import chosen
from regulars.records.access.staff.settings import Chosen
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.members import read as members
from regulars.records.members.erasure.notices import read as notices
from regulars.records.members.erasure.notices import write
from regulars.records.members.erasure.notices.types import Night
from regulars.records.members.types import Asked, EraseMember
from regulars.records.members.unions import read as unions
from regulars.records.members.unions.write import lock_households
from regulars.records.members.write import lock_identifiers, raise_versions
from regulars.records.outbox.write import Told, tell
from regulars.records.standing import read as standing
from regulars.records.tills.bills import read as bills

ACTOR: Final = "data retention"
"""As whom it is written down."""
TOLD: Final = "member.erasure_noticed"
LATE: Final = timedelta(days=4)
"""So long after their day somebody is erased: a till without network may still bring a purchase of
that day, as what it reserved beforehand is held for so long, too."""
PAUSE: Final = timedelta(days=7)
"""After a longer time without a night it is not believed that all was heard that there was."""


class Noticed(NamedTuple):
    """How many of a portion were told, and where to go on; none at the end."""

    told: int
    last: UUID | None


class Forgotten(NamedTuple):
    """How many were erased, and how many were heard of since they were told."""

    erased: int
    stayed: int

    @property
    def looked_at(self) -> int:
        return self.erased + self.stayed


def silence_of(terms: Terms, now: datetime, settings: Chosen) -> Silence | None:
    """Since when nothing may have been heard of whoever is forgotten; nothing where nobody is.

    Example: 24 months seen from 31 March 2026, 14:00: nothing since 31 March 2024 began.
    """
    months = settings.of("inactive_months")
    if not months:
        return None
    zone = terms.at(now).zone
    since = day_starts_at(zone, add_months(local(zone, now).day, -months))
    return Silence(since, bool(settings.of("inactive_points_too")))


def interrupted(last: Night | None, today: date) -> bool:
    """Whether nights were missed since the last one, or it was one of a clock ahead of its time.

    Example: the last night was that of 1 March. The one of 8 March is gone through as any other;
    before the one of 9 March too many were missed.
    """
    return last is not None and not -1 <= (today - last.day).days <= PAUSE.days


async def begin_anew(tx: Tx, today: date) -> None:
    """Where nights were missed whoever was told stays, and this night is over.

    Whoever is silent is told anew from the next one on, with all the days the shop says. It may be
    a backup of months ago, which knows nothing of who came by since; a clock that jumped; or a
    worker that stood still while the shop forgot nobody.
    """
    await write.take_all_back(tx)
    await tx.write(write.no_later(tx, today))
    await tx.write(write.end_night(tx, Night(today, 0, 0, 0)))


async def notice_inactive(tx: Tx, terms: Terms, after: UUID, most: int) -> Noticed:
    """Tell those of the next so many members who were silent that they will be erased.

    Order: members by their ids. Whoever was told keeps their day. They are held while it is
    written down, as every event of a member is.
    """
    settings = await chosen(tx)
    silence = silence_of(terms, tx.now, settings)
    if silence is None:
        return Noticed(0, None)
    found = await portion(tx, silence, after, most)
    known = await notices.told(tx, found.quiet)
    fresh = [one for one in found.quiet if one not in known]
    if fresh:
        due_at = _due_at(terms, tx.now, settings.of("inactive_notice_days"))
        versions = await members.lock(tx, fresh)
        payload = {"erased_at": due_at}
        events = [
            Told(one, versions[one] + 1, TOLD, _encode({"member_id": f"mem_{one.hex}", **payload}))
            for one in sorted(versions)
        ]
        raised = [(one.member_id, one.sequence) for one in events]
        await tx.write(
            [
                *write.notice(tx, sorted(versions), due_at),
                *raise_versions(tx, raised),
                *tell(tx, events),
            ]
        )
    return Noticed(len(fresh), found.last)


async def forget_inactive(tx: Tx, terms: Terms, most: int) -> Forgotten:
    """Erase some of those whose time is over, as an erasure that somebody asks for does.

    Order: whoever is to be erased is held, as an erasure holds them, before it is asked whether
    anything was heard of them since; so nobody goes who buys at this very moment. A step more than
    the shop says is never made: where it forgets nobody any more, or after more months, whoever was
    told stays. Not before `LATE` days after the day they were told, so that nobody is erased who
    came by on the last of them and paid at a till that was cut off.
    """
    ids = await notices.due(tx, tx.now - LATE, most)
    if not ids:
        return Forgotten(0, 0)
    await lock_identifiers(tx)
    await lock_households(tx)
    family = sorted(await unions.family(tx, ids))
    await bills.lock_of(tx, family)
    await standing.lock(tx, family)
    silence = silence_of(terms, tx.now, await chosen(tx))
    quiet = await still_quiet(tx, silence, ids) if silence else set()
    gone = [one for one in ids if one in quiet]
    await tx.write(write.take_back_notices(tx, ids))
    asked = [EraseMember(one, asked=Asked(ACTOR, f"retention-{one.hex}")) for one in gone]
    if asked:
        await erase_members(tx, terms, asked)
    return Forgotten(len(gone), len(ids) - len(gone))


async def end_retention(tx: Tx, night: Night) -> None:
    """A night was gone through; where somebody was told or erased, the log says how many."""
    done = []
    if night.noticed or night.erased:
        after = {"noticed": night.noticed, "erased": night.erased}
        done = [
            Done(By(words=ACTOR), "members.forgotten", "retention", str(night.day), after=after)
        ]
    await tx.write([*write.end_night(tx, night), *acted(tx, done)])


async def forget_nobody(tx: Tx, terms: Terms) -> int:
    """Where the shop forgets nobody any more, whoever was told stays; how many they were."""
    if silence_of(terms, tx.now, await chosen(tx)) is not None:
        return 0
    return await write.take_all_back(tx)


def _due_at(terms: Terms, now: datetime, days: int) -> datetime:
    """The midnight after so many whole days: on the last of them they can still come by."""
    zone = terms.at(now).zone
    return day_starts_at(zone, local(zone, now).day + days + 1)


def _encode(payload: dict[str, object]) -> str:
    return msgspec.json.encode(payload).decode()
