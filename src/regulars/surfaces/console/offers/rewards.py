"""What members can have: on what terms, what it is worth and costs, and how a card shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from litestar import Response
from msgspec.structs import replace

from regulars.base.faults import NotFound
from regulars.engine.rewarding.promise import Margin, margin_of, promise
from regulars.engine.words.explain import amount_in_words
from regulars.insight.home.given import handed_over
from regulars.records.program.parts.measuring import names_of
from regulars.records.program.translations import in_language
from regulars.records.program.types import Program, Reward
from regulars.records.rewards import read as stocks
from regulars.surfaces.console.here import Here
from regulars.surfaces.in_words.rewards import reward_terms_in_words
from regulars.surfaces.languages.voices import voice_for
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.words import LANGUAGES

LOOKS_BACK: Final = timedelta(days=30)
"""So long ago what was handed over still counts as lately."""


async def rewards(here: Here) -> Response[str]:
    """Every reward of the terms in force."""
    program = here.version.program
    async with here.transaction as tx:
        shelves = await stocks.stock(tx)
        handed = await handed_over(tx, here.now - LOOKS_BACK)
    shown = [
        {
            "id": one.id,
            "name": one.name,
            "says": reward_terms_in_words(program, one, here.voice),
            "left": here.reader.number(shelves[one.id]) if one.id in shelves else "–",
            "handed": here.reader.number(handed.get(one.id, 0)),
            **money_of(here, margin_of(here.version, one, here.now)),
        }
        for one in program.rewards
    ]
    return here.page("offers/rewards.html", rewards=shown)


def money_of(here: Here, margin: Margin) -> dict[str, Any]:
    """Worth, cost and what is left of it, as people read it."""
    reader, currency = here.reader, here.version.program.currency
    counts = margin.worth_minor or margin.said
    share = margin.percent
    return {
        "worth": reader.money(margin.worth_minor, currency) if margin.worth_minor else "",
        "cost": reader.money(margin.cost_minor, currency) if counts else "",
        "said": margin.said,
        "margin": reader.money(margin.left_minor, currency) if counts else "",
        "share": "" if share is None else reader.share(share, 100),
        "loses": margin.left_minor < 0,
    }


async def as_member(here: Here, reward: str) -> Response[str]:
    """A reward as members see it on their card, in the language that is chosen: when they can have
    it, when they have half of its price, and when they have nothing. Faults: NotFound."""
    chosen = here.query.get("look", "")
    language = chosen if chosen in LANGUAGES else here.reader.language
    seen_by = Reader(language if language in LANGUAGES else "en", here.reader.zone)
    program = in_language(here.version.program, seen_by.language)
    one = next((each for each in program.rewards if each.id == reward), None)
    if one is None:
        raise NotFound("the terms in force have no such reward; look at the list again")
    there = replace(here, reader=seen_by)
    return there.page(
        "offers/as_member.html",
        program=program,
        shown=_shown(there, program, one),
        id=reward,
        spoken=seen_by.language,
        visit=None,  # nobody is signed in to this card
    )


def _shown(here: Here, program: Program, one: Reward) -> list[dict[str, Any]]:
    """The same reward three times, as the card says it."""
    voice, reader = voice_for(here.reader.language), here.reader
    promised = promise(here.version, one, here.now)
    price = {wallet: amount_in_words(program, wallet, n, voice)
             for wallet, n in promised.price.items()}  # fmt: skip
    line = {
        "name": one.name,
        "price": voice.all_of(list(price.values())),
        "worth": reader.money(promised.worth_minor, program.currency)
        if promised.worth_minor
        else "",
        "terms": reward_terms_in_words(program, one, voice),
        "lacks": False,
        "why": "",
    }
    states = [line | {"state": "now"}]
    if promised.price:
        wallet, units = max(promised.price.items(), key=lambda each: each[1])
        half = units - units // 2
        lacks = amount_in_words(program, wallet, half, voice)
        states.append(
            line
            | {
                "state": "almost",
                "lacks": True,
                "reached": units // 2,
                "needed": units,
                "why": reader.say("%(points)s to go", points=lacks),
            }
        )
    if one.tier is not None:
        tier = names_of(program).get(one.tier, one.tier)
        says = reader.say("From %(tier)s on", tier=tier)
        states.append(line | {"state": "later", "why": says})
    return states
