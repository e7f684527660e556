"""The sheet for a store's counter: a code that leads to joining, printed on A5 or A6."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final

import segno
from litestar import Response
from markupsafe import Markup

from regulars.base.decimals import units
from regulars.base.faults import NotFound
from regulars.engine.words.explain import amount_in_words
from regulars.records.program.types import Program
from regulars.records.tills import read as tills
from regulars.surfaces.console.here import Here
from regulars.surfaces.in_words.rules import rule_in_words
from regulars.surfaces.languages.voices import voice_for
from regulars.surfaces.ui.reader import Reader
from regulars.surfaces.ui.words import LANGUAGES

SIZES: Final = ("a5", "a6")
JOIN: Final = "/join"


async def counter(here: Here, code: str) -> Response[str]:
    """One sheet in the shop's language, or in the one that was chosen. Faults: NotFound."""
    async with here.transaction as tx:
        store = (await tills.stores(tx)).get(code)
    if store is None or store.closed_at is not None:
        raise NotFound("there is no such store")
    program = here.version.program
    own = program.locale[:2] if program.locale[:2] in LANGUAGES else "en"
    language = here.query.get("sheet", own)
    size = here.query.get("size", SIZES[0])
    sheet = Reader(language if language in LANGUAGES else own, program.zone)
    to = here.origin + JOIN
    return here.page(
        "begin/counter.html",
        store=store,
        size=size if size in SIZES else SIZES[0],
        sizes=SIZES,
        sheet=sheet,
        promise=promised(program, sheet),
        words={
            "head": sheet.say("Come back, and it pays"),
            "scan": sheet.say("Point your phone’s camera here. No app, no plastic card."),
            "or": sheet.say("Or open"),
        },
        picture=drawn(to),
        address=to.partition("://")[2],
        here_only=_is_here(here.origin),
    )


def promised(program: Program, reader: Reader) -> list[str]:
    """What is promised on the sheet: the first rule, and the reward that is cheapest."""
    voice = voice_for(reader.language)
    said = [rule_in_words(program, rule, voice) for rule in program.rules[:1]]
    for reward in program.rewards:
        if len(reward.price) == 1 and reward.by == "points":
            ((wallet, price),) = reward.price.items()
            kept = program.wallets[wallet]
            amount = amount_in_words(program, wallet, units(price, kept.scale), voice)
            said.append(f"{amount} → {reward.name}")
            break
    return said


def drawn(text: str) -> Markup:
    """A code as a picture that stays sharp on paper."""
    made = segno.make(text, error="q", micro=False)
    return Markup(made.svg_inline(border=0, dark="#000", omitsize=True))  # noqa: S704 - drawn by us


def _is_here(origin: str) -> bool:
    """Whether this address leads a telephone to itself instead of to the shop."""
    host = origin.partition("://")[2].rpartition(":")[0] or origin.partition("://")[2]
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
