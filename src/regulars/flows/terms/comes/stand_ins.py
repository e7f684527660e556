"""Versions that stand where others were taken back: nobody said them for that day themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from regulars.base.tx import Tx
from regulars.records.activity.checks import UNDECIDED
from regulars.records.program import write
from regulars.records.program.problems import Finding, worded
from regulars.records.program.read import Published, Withdrawal

WITH_ANOTHER = "another version was published that rules then, too"


def copies(published: Sequence[Published], taken: Iterable[Withdrawal]) -> set[int]:
    """The numbers of versions that only say again what ruled before one that was taken back."""
    there = {one.version: one for one in published}
    found: set[int] = set()
    for each in taken:
        first, number = there[each.restored_as], each.restored_as
        said = (first.source, first.published_at)
        while number in there and (there[number].source, there[number].published_at) == said:
            found.add(number)
            number += 1
    return found


def stand_ins(published: Sequence[Published], taken: Collection[Withdrawal]) -> set[int]:
    """Copies for instants for which nobody said the same themselves.

    Example: of two versions for New Year's Day the second one was taken back. What is there again
    is the first one, and that was said.
    """
    again, gone = copies(published, taken), {one.version for one in taken}
    meant = {
        (one.effective_from, one.source)
        for one in published
        if one.version not in again and one.version not in gone
    }
    return {
        one.version
        for one in published
        if one.version in again and (one.effective_from, one.source) not in meant
    }


def original(published: Sequence[Published], again: Collection[int], copy: Published) -> int:
    """The number of the version that a copy says again: the last one before it that somebody said
    in these words."""
    return max(
        one.version
        for one in published
        if one.version < copy.version and one.version not in again and one.source == copy.source
    )


def coming_along(
    published: Sequence[Published], taken: Collection[Withdrawal], start: datetime, now: datetime
) -> list[Published]:
    """The stand-ins after an instant, up to the first version that somebody said, or by which
    something may be decided already.

    Example: a version for January was taken back, and in its place stands what rules now. Whoever
    publishes another file for today means January, too.
    """
    last = {one.effective_from: one for one in published}
    again, found = stand_ins(published, taken), []
    for begins, one in sorted(last.items()):
        if begins > start:
            if one.version not in again or begins <= now + UNDECIDED:
                break
            found.append(one)
    return found


def next_after(
    published: Sequence[Published], along: Sequence[Published], start: datetime
) -> Published | None:
    """The version that rules after one which begins at this instant, if there is one."""
    days = {one.effective_from for one in along}
    last = {one.effective_from: one for one in published}
    later = [at for at in last if at > start and at not in days]
    return last[min(later)] if later else None


def starts(
    published: Sequence[Published], taken: Iterable[Withdrawal], along: Sequence[Published]
) -> list[tuple[int, datetime]]:
    """When each version begins that was not taken back, but for the days on which a further one
    comes along."""
    days, gone = {one.effective_from for one in along}, {one.version for one in taken}
    return [
        (one.version, one.effective_from)
        for one in published
        if one.version not in gone and one.effective_from not in days
    ]


def told(along: Sequence[Published], zone: str) -> list[Finding]:
    """What is warned of where a file is published in the place of stand-ins, too."""
    return [
        Finding(
            (),
            worded(
                "it also rules from %(day)s on, where version %(version)s stands in for one that "
                "was taken back",
                version=one.version,
                day=f"{one.effective_from.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}",
            ),
            "publish what is to rule from then on as well, if that is something else",
            "warning",
        )
        for one in along
    ]


def said(published: Sequence[Published], taken: Collection[Withdrawal]) -> list[Published]:
    """The versions that somebody said and nobody took back."""
    gone = {one.version for one in taken} | copies(published, taken)
    return [one for one in published if one.version not in gone]


async def publish_along(
    tx: Tx, source: str, by: str, number: int, along: Sequence[Published]
) -> None:
    """Put a file, version `number`, also where stand-ins would bring back what ruled before it."""
    for place, one in enumerate(along, number + 1):
        await tx.write(write.publish(tx, place, one.effective_from, source, by))
        taken = Withdrawal(one.version, place, by, WITH_ANOTHER, tx.now)
        await tx.write(write.withdraw(tx, taken))
