"""What Klaviyo answered is kept: who said no there, and how far it was asked and told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.said.agreeing import MERGED, keep_words
from regulars.records.members import read as members
from regulars.records.members.consents import read as consents
from regulars.records.members.consents.types import Consent
from regulars.records.members.types import MemberRef
from regulars.records.outbox.klaviyo import read, write
from regulars.records.outbox.klaviyo.types import (
    SOURCE,
    WALKS_EVERY,
    Klaviyo,
    Profile,
    Word,
    further,
    pause_after,
    taken,
)

CHANNELS: Final = ("email", "sms")
_HERE: Final = ("active", "unregistered", "blocked")


async def keep_page(
    tx: Tx, terms: Terms, begun: Klaviyo, page: tuple[Sequence[Profile], datetime | None, str]
) -> Klaviyo | None:
    """Whoever said no there since they said yes here is left alone from now on; and how far it was
    asked, in one transaction. Nothing where somebody else moved it meanwhile.

    Shape: `page` is what changed, when the last of it did, and where the next page begins.
    Order: who a profile is follows from our id in it, else from its e-mail address, else from its
    telephone number; of two profiles of one member a no counts.
    """
    link = await read.link(tx, held=True)
    if link is None or link.version != begun.version:
        return None
    profiles, last, following = page
    found = await _words(tx, terms, link, profiles)
    await keep_words(tx, found)
    after = further(replace(link, heard=link.heard + len(found)), last, following, tx.now)
    await tx.write(write.keep(tx, after))
    return after


async def keep_link(tx: Tx, one: Klaviyo) -> Klaviyo | None:
    """How far it is; nothing where somebody else moved it since it was read."""
    link = await read.link(tx, held=True)
    if link is None or link.version != one.version - 1:
        return None
    await tx.write(write.keep(tx, one))
    return one


def walked(one: Klaviyo, some: Sequence[UUID], most: int, now: datetime) -> Klaviyo:
    """How far everybody was told of after these; at the end, when it begins anew by itself."""
    so_far = replace(
        one, walked=one.walked + len(some), walk_fails=0, version=one.version + 1,
        walked_past=some[-1] if some else one.walked_past,
    )  # fmt: skip
    if len(some) == most:
        return replace(so_far, walk_at=now)
    again = now + WALKS_EVERY if "values" in one.shares else None
    return replace(so_far, walk_at=again, walk_yes=False, walked_past=None, walked_at=now)


def walk_failed(one: Klaviyo, problem: str, now: datetime, wait_s: int) -> Klaviyo:
    """As far as before; told of again when it asks for, or ever later."""
    fails = one.walk_fails if wait_s else min(one.walk_fails + 1, 1_000_000)
    pause = timedelta(seconds=wait_s) if wait_s else pause_after(fails)
    said = {} if wait_s else {"problem": problem}
    return replace(one, walk_fails=fails, walk_at=now + pause, version=one.version + 1, **said)


async def _words(tx: Tx, terms: Terms, link: Klaviyo, profiles: Sequence[Profile]) -> list[Consent]:
    """What follows from these profiles for members of ours, who are held."""
    named = await _whom(tx, terms, profiles)
    whom = sorted({who for who in named if who is not None})
    await members.lock(tx, whom)
    here = {one.id for one in (await members.members(tx, whom)).values() if one.state in _HERE}
    stands = await consents.last(tx, whom)
    said: dict[tuple[UUID, str], Consent] = {}
    for who, profile in zip(named, profiles, strict=True):
        for channel in CHANNELS if who in here else ():
            if who is None or channel not in profile.says:
                continue
            ours = said.get((who, channel)) or stands.get((who, channel))
            word = (
                None if ours is None else Word(ours.state, ours.changed_at, ours.source != MERGED)
            )
            follows = taken(profile.says[channel], word, tx.now, takes_yes=link.takes_yes)
            if follows is not None:
                said[who, channel] = Consent(who, channel, follows[0], SOURCE, follows[1])
    return list(said.values())


async def _whom(tx: Tx, terms: Terms, profiles: Sequence[Profile]) -> list[UUID | None]:
    country = terms.at(tx.now).program.country
    refs: list[list[MemberRef]] = []
    for one in profiles:
        ways = [MemberRef(id=one.member_id)] if one.member_id is not None else []
        ways += [MemberRef(email=one.email)] if one.email else []
        ways += [MemberRef(phone=one.phone)] if one.phone else []
        refs.append(ways)
    flat = [ref for ways in refs for ref in ways]
    found = dict(zip(flat, await members.whom(tx, country, flat), strict=True)) if flat else {}
    return [
        next((who for ref in ways if isinstance(who := found[ref], UUID)), None) for ways in refs
    ]
