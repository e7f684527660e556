"""What the panel shows: the words of the page, the shop, and where a member stands."""

from __future__ import annotations

from typing import Any, Final

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.show_standing import show_standing
from regulars.records.members.referrals import read as referrals
from regulars.records.program.types import Join
from regulars.records.rewards import read as rewards
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.card.coming_in.joining import OPEN, asks_birthday, territories
from regulars.surfaces.card.inside import Visit
from regulars.surfaces.card.person.friends import amount_said, link_of
from regulars.surfaces.card.showing.earning import look_at_ways
from regulars.surfaces.card.showing.purses import Ending, Purse, endings_of, purses_of
from regulars.surfaces.card.showing.shelf import OnShelf, shelf_of
from regulars.surfaces.card.showing.steps import Ladder, ladders_of
from regulars.surfaces.shop.asking import CHANNEL
from regulars.surfaces.shop.desk import Page
from regulars.surfaces.shop.words import words_of

MOST_REWARDS: Final = 12
MOST_ENDINGS: Final = 3


async def hello(page: Page) -> dict[str, Any]:
    """Everything the script needs to begin: the shop, its words, and who is signed in."""

    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        visit = await page.visit(tx, terms)
        seen = visit or page.guest(terms, tx)
        program, reader = seen.program, seen.reader
        return {
            "shop": program.name,
            "currency": program.currency,
            "language": reader.language,
            "direction": reader.direction,
            "words": words_of(reader, page.desk.channels),
            "codes": sorted(page.desk.channels),
            "join": _joining(program.join or OPEN, reader.language),
            "ways": await _ways(tx, page, seen),
            "member": None if visit is None else await standing_of(tx, page, visit),
        }

    return await page.read(look)


async def member(page: Page) -> dict[str, Any]:
    """Where the member who is signed in stands; nothing for a guest."""

    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        visit = await page.visit(tx, terms)
        return {"member": None if visit is None else await standing_of(tx, page, visit)}

    return await page.read(look)


async def standing_of(tx: Tx, page: Page, visit: Visit) -> dict[str, Any]:
    """A member as they see themself: never an id, an address or a number of somebody else."""
    standing = await show_standing(tx, visit.terms, visit.member.id)
    purses = purses_of(visit, standing)
    ladders = ladders_of(visit, standing)
    return {
        "name": visit.member.given_name,
        "tier": ladders[0].tier if ladders else "",
        "ladders": [_ladder(visit, one) for one in ladders],
        "purses": [_purse(one) for one in purses],
        "endings": [_ending(visit, one) for one in endings_of(visit, standing)[:MOST_ENDINGS]],
        "rewards": [_reward(one) for one in shelf_of(visit, standing)[:MOST_REWARDS]],
        "held": await _held(tx, visit),
        "friends": await _friends(tx, page, visit),
    }


async def _ways(tx: Tx, page: Page, seen: Visit) -> list[str]:
    found = await look_at_ways(tx, seen, page.request)
    return [str(one) for name in ("rules", "games", "deeds") for one in found[name]]


def _joining(policy: Join, language: str) -> dict[str, Any]:
    """What joining asks for; where that is more than a panel has room for, it is done elsewhere."""
    names = territories(language)
    return {
        "here": policy.by == "anyone" and not policy.needs and not policy.guardian_for_minors,
        "birthday": asks_birthday(policy),
        "countries": [[one, names.get(one, one)] for one in policy.countries],
    }


def _purse(one: Purse) -> dict[str, Any]:
    return {
        "wallet": one.id, "kind": one.kind, "units": one.units, "amount": one.amount,
        "unit": one.unit, "worth": one.worth, "pending": one.pending, "owed": one.owed,
    }  # fmt: skip


def _ending(visit: Visit, one: Ending) -> str:
    amount = f"{one.amount} {one.unit}".strip()
    day = visit.reader.last_day(one.at)
    return visit.reader.say("%(amount)s good until %(day)s", amount=amount, day=day)


def _ladder(visit: Visit, one: Ladder) -> dict[str, Any]:
    ahead, reader = one.ahead, visit.reader
    told: dict[str, Any] = {"name": one.name, "tier": one.tier, "perks": list(one.perks)}
    told["next"] = None
    if ahead is not None and not ahead.invited:
        says = reader.say("%(missing)s to %(tier)s", missing=ahead.missing, tier=ahead.name)
        if ahead.by is not None:
            says = reader.say(
                "%(missing)s to %(tier)s, until %(day)s", missing=ahead.missing,
                tier=ahead.name, day=reader.last_day(ahead.by),
            )  # fmt: skip
        told["next"] = {
            "tier": ahead.name, "says": says, "words": ahead.words,
            "reached": ahead.reached, "needed": ahead.needed,
        }  # fmt: skip
    return told


def _reward(one: OnShelf) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "price": one.price, "worth": one.worth,
        "terms": one.terms, "state": one.state, "why": one.why, "reached": one.reached,
        "needed": one.needed,
    }  # fmt: skip


async def _held(tx: Tx, visit: Visit) -> list[dict[str, Any]]:
    """What was reserved in a web shop and neither taken nor given back."""
    whose = await rewards.open_of(tx, [visit.member.id])
    found = await rewards.some(tx, [visit.member.id], list(whose))
    names = {one.id: one.name for one in visit.program.rewards}
    kept = [one for one in found.values() if one.channel == CHANNEL and one.lapses_at > tx.now]
    return [
        {
            "code": shown("red", one.redemption_id),
            "reward": one.reward,
            "name": names.get(one.reward, one.reward),
            "until": visit.reader.instant(one.lapses_at),
        }
        for one in sorted(kept, key=lambda one: (one.opened_at, one.redemption_id))
    ]


async def _friends(tx: Tx, page: Page, visit: Visit) -> dict[str, Any] | None:
    promise = visit.program.referral
    if promise is None:
        return None
    codes = await referrals.codes_of(tx, [visit.member.id])
    code = codes[visit.member.id].code if visit.member.id in codes else ""
    return {
        "link": link_of(page.request, visit.program, code) if code else "",
        "mine": amount_said(visit, promise.wallet, promise.referrer),
        "theirs": amount_said(visit, promise.wallet, promise.newcomer),
    }
