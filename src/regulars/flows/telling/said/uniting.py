"""What two said about channels, as they become one person and stand apart again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from regulars.base.tx import Tx, Write
from regulars.flows.telling.said.agreeing import MERGED, keep_words
from regulars.records.members.consents import read, write
from regulars.records.members.consents.types import Consent, ConsentState

APART: Final = "they are two after all"


async def words_of(tx: Tx, gone: UUID) -> dict[str, ConsentState]:
    """What somebody who goes said last, by channel."""
    return {channel: word.state for (_, channel), word in (await read.last(tx, [gone])).items()}


def told_anew(tx: Tx, gone: UUID) -> list[Write]:
    """An address of who goes, of which no yes of theirs was said, gets none by becoming another
    one's: it is as new as one that was typed in (`unproved`)."""
    return write.tell_anew(tx, gone)


async def keep_stricter(tx: Tx, words: Mapping[str, ConsentState], stays: UUID) -> None:
    """A no of either of two who become one stands: whoever said it meant their own address, which
    the other has from now on."""
    ours = await words_of(tx, stays)
    noes = sorted(
        channel
        for channel, said in words.items()
        if said == "withdrawn" and ours.get(channel) != "withdrawn"
    )
    await keep_words(tx, [Consent(stays, one, "withdrawn", MERGED, tx.now) for one in noes])


async def give_back(tx: Tx, stays: UUID, still: Collection[UUID]) -> None:
    """Who stands alone again has back the yes that was theirs before the other one's no.

    Shape: `still` are those who go on being the same person; a no of theirs stays.
    Keeps: what was said since they were merged, whichever it is. Of whom nothing was known, the no
    stays: it can only be said once more.
    """
    log = await read.log(tx, stays)
    others = await read.withdrawn(tx, still)
    noes = {channel for some in others.values() for channel in some}
    words: dict[str, list[Consent]] = {}
    for one in log:  # newest first
        words.setdefault(one.channel, []).append(one)
    back = [
        Consent(stays, channel, "given", APART, tx.now)
        for channel, told in sorted(words.items())
        if channel not in noes
        and [one.state for one in told[:2]] == ["withdrawn", "given"]
        and told[0].source == MERGED
    ]
    await keep_words(tx, back)
