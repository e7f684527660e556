"""What a card in a wallet shows, for pages and for whoever keeps it up without anybody looking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.access.member_sessions import Inside
from regulars.flows.show_standing import show_standing
from regulars.records.members import read as members
from regulars.records.members.types import Member
from regulars.records.program.translations import in_language
from regulars.surfaces.card.inside import Visit
from regulars.surfaces.card.passes.apple import OnPass
from regulars.surfaces.card.passes.links import changing_of
from regulars.surfaces.card.showing.purses import purses_of
from regulars.surfaces.card.showing.steps import ladders_of
from regulars.surfaces.languages.voices import voice_for
from regulars.surfaces.ui.reader import Reader, language_of


async def on_card(tx: Tx, visit: Visit) -> OnPass:
    """What the card of this member shows, in their language; without a token, colour and logo."""
    standing = await show_standing(tx, visit.terms, visit.member.id)
    say, purses = visit.reader.say, purses_of(visit, standing)
    ladders = ladders_of(visit, standing)
    purse = purses[0] if purses else None
    unit = purse.unit if purse else ""
    return OnPass(
        serial=visit.member.id.hex,
        token="",
        shop=visit.program.name,
        holder=f"{visit.member.given_name} {visit.member.family_name}".strip() or "–",
        number=visit.member.number,
        amount=purse.amount if purse else "0",
        unit=unit or visit.program.name,
        tier=ladders[0].tier if ladders else "",
        changed=say("You now have %(amount)s %(unit)s", amount="%@", unit=unit),
        words={"tier": say("Tier"), "holder": say("Member"), "number": say("Number")},
    )


async def changed_cards(tx: Tx, terms: Terms, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """By member what their card in Google Wallet is to show now; who is not here is left out."""
    here = await members.members(tx, sorted(set(ids)))
    return {
        id_: changing_of(await on_card(tx, _nobody_looks(tx, terms, one)))
        for id_, one in here.items()
        if one.state != "erased"
    }


def _nobody_looks(tx: Tx, terms: Terms, member: Member) -> Visit:
    """The member as they would read: in the language the shop knows of them, else in its own."""
    version = terms.at(tx.now)
    language = language_of({}, {}, member.locale or None, version.program.locale)
    reader = Reader(language, member.zone or version.program.zone)
    program = in_language(version.program, reader.language)
    session = Inside(member.id, member.id, stale=False)
    return Visit(member, session, terms, version, program, reader, voice_for(reader.language))
