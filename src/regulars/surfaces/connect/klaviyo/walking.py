"""Tells Klaviyo of everybody, portion by portion: profiles, and what each agreed to."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from regulars.records.outbox.klaviyo.types import Theirs, may_subscribe
from regulars.surfaces.connect.catching.asking import NotTold, Send
from regulars.surfaces.connect.klaviyo.asking import answered
from regulars.surfaces.connect.klaviyo.consents import (
    NAMES,
    Said,
    lookup,
    subscribes,
    unsubscribes,
)
from regulars.surfaces.connect.klaviyo.telling import (
    PATHS,
    People,
    address_of,
    keep_profile,
    theirs_of,
)
from regulars.surfaces.senders.hooks.courier import NEVER
from regulars.surfaces.senders.outgoing.client import Answer, NoAnswer, Sending
from regulars.surfaces.senders.outgoing.guard import NotAllowed

MOST: Final = 50
"""Members of one portion; a job or a look-up takes as many, and more."""
AT_ONCE: Final = 5


async def tell_everybody(send: Send, known: People, *, with_consents: bool) -> None:
    """These members are told of there.

    Keeps: what was told is told once more without harm, so a portion that was cut off begins anew.
    A profile that is not taken for itself, as for an address that is none there, keeps no other
    one back.
    Raises: NotTold.
    """
    turn = asyncio.Semaphore(AT_ONCE)

    async def checked(wish: Sending) -> Answer:
        try:
            answer = await send(wish)
        except (NoAnswer, NotAllowed) as why:
            raise NotTold(why.why) from None
        if answer.status in NEVER:
            return answer
        return await answered(_had(answer), wish)

    async def one(who: object) -> None:
        member = known.members.get(who)  # type: ignore[call-overload]
        if member is not None and member.reachable:
            async with turn:
                await keep_profile(checked, known, member)

    await asyncio.gather(*(one(who) for who in known.members))
    if with_consents:
        for channel in NAMES:
            await _words(send, known, channel)


async def _words(send: Send, known: People, channel: str) -> None:
    words: dict[str, list[Said]] = {"given": [], "withdrawn": []}
    for who, member in known.members.items():
        word, address = known.words.get((who, channel)), address_of(member, channel)
        if word is not None and address is not None:
            words[word.state].append(Said(channel, address, word.changed_at))
    given = await _may(send, known, channel, words["given"])
    if given:
        job = subscribes(given, known.link.list_id)
        await answered(send, known.account.post(PATHS["given"], job))
    if words["withdrawn"]:
        job = unsubscribes(words["withdrawn"])
        await answered(send, known.account.post(PATHS["withdrawn"], job))


async def _may(send: Send, known: People, channel: str, given: Sequence[Said]) -> list[Said]:
    """Those of whom nobody knows there that they said no since."""
    if not given:
        return []
    wish = known.account.get("profiles", lookup(channel, [one.address for one in given]))
    answer = await answered(send, wish)
    try:
        theirs: dict[str, Theirs] = theirs_of(answer, channel)
    except NoAnswer as why:
        raise NotTold(why.why) from None
    return [one for one in given if may_subscribe(theirs.get(one.address.lower()), one.at)]


def _had(answer: Answer) -> Send:
    async def send(_: Sending) -> Answer:
        return answer

    return send
