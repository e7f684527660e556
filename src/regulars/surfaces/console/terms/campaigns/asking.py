"""A campaign that asks: which survey it may carry, and how it begins."""

from __future__ import annotations

from typing import Any, Final

from regulars.base.tx import Tx
from regulars.flows.telling.campaigns.filling import SURVEY_LINK
from regulars.records.community.gatherings import read as gatherings
from regulars.records.outbox.campaigns.types import Campaign, Said
from regulars.records.outbox.surveys import read as surveys
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.campaigns.journeys.words import NOTHING

MOST_EVENTS: Final = 100
"""Events that can be chosen, the next one first."""
_ASKS: Final = "… {{ " + SURVEY_LINK + " }}"


async def opened_surveys(tx: Tx) -> list[tuple[str, str]]:
    """Codes and names of the surveys that are open."""
    return [(one.code, one.name) for one in await surveys.surveys(tx) if one.state == "open"]


async def asked(here: Here, tx: Tx, found: Campaign) -> dict[str, Any]:
    """What it may ask, and what it does; a survey that is closed since stays to be seen."""
    there = {one.survey_id: one for one in await surveys.surveys(tx)}
    one = there.get(found.survey_id) if found.survey_id else None
    may = dict(await opened_surveys(tx)) | ({one.code: one.name} if one else {})
    return {
        "surveys": [("", here.reader.say(NOTHING)), *may.items()],
        "survey": one.code if one else "",
    }


async def events_to_come(here: Here, tx: Tx, found: Campaign) -> list[tuple[str, str]]:
    """Events to which it may invite, with their day; what it has stays to be chosen."""
    there = {
        one.code: f"{one.name}, {here.reader.instant(one.begins_at)}"
        for one in await gatherings.gatherings(tx, tx.now, None, MOST_EVENTS)
        if one.state == "open" and one.begins_at > tx.now
    }
    chosen = {found.event: found.event} if found.event else {}
    return [("", here.reader.say(NOTHING)), *(chosen | there).items()]


def begun_with(language: str, channel: str, *, asks: bool) -> dict[str, Said]:
    """What a campaign says before anybody wrote it; one that asks has the place of its link."""
    return {language: Said(_ASKS if asks else "…", "" if channel == "sms" else "…")}
