"""The landing page: the program at work, without anybody's name."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct

from regulars.base.decimals import text_of
from regulars.base.money import decimals
from regulars.base.tx import Tx
from regulars.engine.rewarding.promise import ways
from regulars.engine.terms import Terms, Version
from regulars.engine.words.explain import amount_in_words
from regulars.engine.words.voice import Voice
from regulars.records.activity import read as activities
from regulars.records.activity.types import NOBODY
from regulars.records.ledger import read as ledger
from regulars.records.members import read as members
from regulars.records.program.types import Reward
from regulars.records.trail import read as trails
from regulars.surfaces.given import Given
from regulars.surfaces.in_words.games import (
    board_in_words,
    draw_in_words,
    game_in_words,
    milestone_in_words,
)
from regulars.surfaces.in_words.promised import for_everybody, promised
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.in_words.tiers import further_in_words, step_in_words
from regulars.surfaces.languages.voices import voice_for

KEPT_S = 5.0
"""How long the totals are kept: counting a million members is not done for every visitor."""
MOST_SHOWN = 8
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:[0-9]{1,5})?|\[[0-9a-f:]{2,39}\](:[0-9]{1,5})?")


class Shown(Struct, frozen=True):
    """What the landing page tells."""

    name: str
    slug: str
    currency: str
    version: int
    rules: list[str]
    tiers: list[dict[str, str]]
    rewards: list[dict[str, str]]
    totals: list[tuple[str, str]]
    latest: list[dict[str, Any]]


class Kept(NamedTuple):
    """What was told last, and until when it may be told again."""

    until: float
    shown: Shown | None


class Landing:
    """Looks at the program from time to time."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._kept = Kept(0.0, None)
        self._looking: asyncio.Task[Shown | None] | None = None

    async def shown(self) -> Shown | None:
        """The program at work, or nothing before there is one.

        Order: of many who come at once one looks, and all are told what it saw.
        """
        if self._kept.until > self._given.ticks():
            return self._kept.shown
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look_and_keep())
        # Shielded: a visitor who leaves does not take the answer away from the others.
        return await asyncio.shield(self._looking)

    async def _look_and_keep(self) -> Shown | None:
        shown = await self._look()
        self._kept = Kept(self._given.ticks() + (KEPT_S if shown else 0.0), shown)
        return shown

    async def _look(self) -> Shown | None:
        program_id = await self._given.shown_program()
        if program_id is None:
            return None
        terms = await self._given.programs.terms(program_id)
        async with self._given.database.transaction(program_id) as tx:
            return await _told(tx, terms, self._given.now(program_id))


def address_of(host: str | None) -> str:
    """The address to write into the example; a strange one is not repeated."""
    return f"http://{host}" if host and _HOST.fullmatch(host) else "http://127.0.0.1:8000"


def ago(then: datetime, now: datetime) -> str:
    """How long ago, roughly."""
    seconds = int((now - then).total_seconds())
    if seconds < 60:
        return "just now"
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    raise AssertionError(seconds)


async def _told(tx: Tx, terms: Terms, now: datetime) -> Shown:
    version = terms.at(now)
    program, voice = version.program, voice_for(version.program.locale)
    steps = program.tiers.steps if program.tiers else ()
    return Shown(
        name=program.name,
        slug=program.program,
        currency=program.currency,
        version=version.number,
        rules=[
            *(rule_in_words(program, rule, voice) for rule in promised(program.rules)),
            *(game_in_words(program, one, voice) for one in program.challenges),
            *(game_in_words(program, one, voice) for one in program.streaks),
            *(milestone_in_words(program, one, voice) for one in program.milestones),
            *(f"{one.name}: {board_in_words(program, one, voice)}" for one in program.leaderboards),
            *(f"{one.name}: {draw_in_words(program, one, voice)}" for one in program.draws),
        ],
        tiers=[
            {
                "name": one.name or one.id,
                "at": step_in_words(program, one, voice),
                "perks": ", ".join(one.perks),
            }
            for one in steps
        ]
        + [
            {"name": name, "at": takes, "perks": ""}
            for name, takes in further_in_words(program, voice)
        ],
        rewards=[
            _reward(version, one, voice)
            for one in for_everybody(program.rewards)
            if one.by == "points"
        ],
        totals=await _totals(tx, terms, version, voice),
        latest=await _latest(tx, terms, now, voice),
    )


def _reward(version: Version, reward: Reward, voice: Voice) -> dict[str, str]:
    """A reward with the first way to pay for it."""
    way, currency = ways(version, reward)[0], version.program.currency
    price = _amounts(version, way.price, voice)
    if way.money_minor:
        money = voice.money(text_of(way.money_minor, decimals(currency)), currency)
        price = f"{price} + {money}" if price else money
    return {"name": reward.name, "price": price}


async def _totals(tx: Tx, terms: Terms, version: Version, voice: Voice) -> list[tuple[str, str]]:
    found = [("Members", voice.number(str(await members.how_many(tx))))]
    outstanding = await ledger.outstanding(tx)
    for code in version.wallet_codes:
        id_ = terms.wallet_names[code]
        wallet = version.program.wallets[id_]
        points = voice.number(text_of(outstanding.get(code, 0), wallet.scale))
        found.append((f"{wallet.name or id_} outstanding", points))
    return found


async def _latest(tx: Tx, terms: Terms, now: datetime, voice: Voice) -> list[dict[str, Any]]:
    """What happened last: what and when and what it earned, never whose it was."""
    rows = []
    for activity, _ in await activities.latest(tx, MOST_SHOWN):
        trail = await trails.one(tx, activity.member_id, activity.activity_id)
        version = terms.at(activity.occurred_at)
        currency = version.program.currency
        money = voice.money(text_of(activity.amount_minor, decimals(currency)), currency)
        earned = ""
        if trail is not None and activity.member_id != NOBODY and activity.kind != "return":
            version = terms.numbered(trail.steps.version)
            earned = _amounts(version, _by_wallet(version, trail.steps.given), voice)
        rows.append(
            {
                "kind": activity.kind.capitalize().replace("-", " "),
                "amount": money if activity.amount_minor else "",
                "earned": earned,
                "at": activity.occurred_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "ago": ago(activity.occurred_at, now),
            }
        )
    return rows


def _by_wallet(version: Version, given: tuple[int, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for rule, points in zip(version.program.rules, given, strict=True):
        if points:
            found[rule.wallet] = found.get(rule.wallet, 0) + points
    return found


def _amounts(version: Version, by_wallet: Mapping[str, int], voice: Voice) -> str:
    """Quantities of wallets in words: `7 Points, 1 Coffee stamp`."""
    program = version.program
    return ", ".join(
        amount_in_words(program, id_, units, voice) for id_, units in by_wallet.items()
    )
