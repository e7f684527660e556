"""Tells Klaviyo of everybody, portion by portion: profiles, and what each agreed to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from regulars.records.outbox.klaviyo.bulk import NotTaken
from regulars.records.outbox.klaviyo.types import Theirs, may_subscribe
from regulars.surfaces.connect.catching.asking import NotTold, Send
from regulars.surfaces.connect.klaviyo.asking import Account, answered
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
    forget,
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
    checked = _checked(send)
    reachable = [one for one in known.members.values() if one.reachable]
    await _some_at_once([partial(keep_profile, checked, known, one) for one in reachable])
    if with_consents:
        for channel in NAMES:
            await _words(send, known, channel)


async def tell_words(send: Send, known: People) -> None:
    """What these agreed to is told, some of them at a time. Raises: NotTold."""
    checked, everybody = _checked(send), list(known.members)
    for begin in range(0, len(everybody), MOST):
        some = {who: known.members[who] for who in everybody[begin : begin + MOST]}
        for channel in NAMES:
            await _words(checked, replace(known, members=some), channel)


async def tell_singly(send: Send, known: People, refused: Sequence[NotTaken]) -> list[NotTaken]:
    """Whom a job did not take is told by themselves, as one of whom there are two profiles can be
    told so; who is not taken then, either. Raises: NotTold."""
    missed = [one for one in refused if one.member_id not in known.members]
    checked = _checked(send)
    mine = [one for one in refused if one.member_id in known.members]
    for place, one in enumerate(mine):
        assert one.member_id is not None, one
        member = known.members[one.member_id]
        if place >= MOST or (await keep_profile(checked, known, member)).status in NEVER:
            missed.append(one)
    return missed


async def forget_erased(send: Send, account: Account, ids: Iterable[UUID]) -> None:
    """These were erased here, maybe while they were told of: it is asked to forget them once more.

    Keeps: nobody who is not known there costs more than a look.
    Raises: NotTold.
    """
    checked = _checked(send)
    try:
        await _some_at_once([partial(forget, checked, account, who) for who in ids])
    except NoAnswer as why:
        raise NotTold(why.why) from None


async def _some_at_once(does: Iterable[Callable[[], Awaitable[Answer]]]) -> None:
    """All of these, some at a time; where one fails, no other goes on. Raises: what it raised."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(do: Callable[[], Awaitable[Answer]]) -> None:
        async with turn:
            await do()

    try:
        async with asyncio.TaskGroup() as group:
            for do in does:
                group.create_task(one(do))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


def _checked(send: Send) -> Send:
    """Asks, and answers with a yes, or with a no to this one thing. Raises: NotTold."""

    async def checked(wish: Sending) -> Answer:
        try:
            answer = await send(wish)
        except (NoAnswer, NotAllowed) as why:
            raise NotTold(why.why) from None
        if answer.status in NEVER:
            return answer
        return await answered(_had(answer), wish)

    return checked


async def _words(send: Send, known: People, channel: str) -> None:
    words: dict[str, list[Said]] = {"given": [], "withdrawn": []}
    for who, member in known.members.items():
        word, address = known.words.get((who, channel)), address_of(member, channel)
        if word is None or address is None:
            continue
        if word.state == "withdrawn" or (who, channel) not in known.unproved:
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
