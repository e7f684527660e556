"""Somebody writes a campaign, has it checked, releases it, or stops it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from msgspec.structs import replace

from regulars.base.faults import Fault, Forbidden, Invalid, NotFound, Refused
from regulars.base.tx import Tx, Write
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.commands import (
    CampaignCommand,
    CampaignOutcome,
    KeepCampaign,
    MoveCampaign,
    Step,
)
from regulars.flows.telling.campaigns.filling import EVENT_FIELDS, SURVEY_LINK, fields_of
from regulars.flows.telling.campaigns.inviting import off
from regulars.flows.telling.campaigns.looking import ill_instead, ill_said, ill_ways
from regulars.records.access.staff import read as staff_read
from regulars.records.access.staff.permissions import Permission
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.outbox.campaigns import read, write
from regulars.records.outbox.campaigns.reaching.read import reach
from regulars.records.outbox.campaigns.returned import write as returned
from regulars.records.outbox.campaigns.types import WORKING, WRITTEN, Campaign
from regulars.records.outbox.surveys import read as surveys
from regulars.records.outbox.surveys.types import Survey
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.segments import read as segments
from regulars.records.program.changes.segments.types import Segment

MOST: Final = 500
"""Campaigns of a program that are not over."""
AHEAD: Final = timedelta(days=366)
_CODE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FORBIDDEN: Final = "your role does not do this; ask an owner"
_FROM: Final[Mapping[Step, Collection[str]]] = {
    "check": WRITTEN, "approve": {"checked"}, "resume": WORKING, "stop": WORKING, "drop": WRITTEN,
}  # fmt: skip
_DONE: Final[Mapping[Step, Collection[str]]] = {
    "approve": {*WORKING, "sent"}, "stop": {"stopped"},
}  # fmt: skip
"""Where a step was done already: asked again, it changes nothing."""
_Counted = Mapping[str, tuple[Campaign, Mapping[str, int]]]
_DID: Final[Mapping[Step, str]] = {
    "check": "campaign.checked", "approve": "campaign.approved", "stop": "campaign.stopped",
    "drop": "campaign.dropped", "resume": "campaign.resumed",
}  # fmt: skip


async def keep_campaigns(
    tx: Tx, terms: Terms, batch: Sequence[CampaignCommand]
) -> list[CampaignOutcome]:
    """Each of these is kept or takes its step, one after the other; the same said again changes
    nothing.

    Order: a draft is checked, what was checked is approved, what was approved goes out by itself.
    Refuses: `campaign_not_so` for a step that is not its next; `second_person_needed` where whoever
    wrote it would approve it for more members than the shop lets one person write to alone.
    Faults, each for its own item: `invalid` at a field (of a template with line and sign),
    `not_found`, `forbidden`.
    """
    counted = await _counted(tx, batch)  # as long as that takes, nobody waits for it
    await write.hold(tx)
    return [await _one(tx, terms, command, counted) for command in batch]


async def _counted(tx: Tx, batch: Sequence[CampaignCommand]) -> _Counted:
    """Of each that is to be checked as it stands, how many its channels reach."""
    codes = {one.code for one in batch if isinstance(one, MoveCampaign) and one.step == "check"}
    found = [await read.campaign(tx, code) for code in sorted(codes)]
    return {one.code: (one, await reach(tx, one)) for one in found if one is not None}


async def _one(
    tx: Tx, terms: Terms, command: CampaignCommand, counted: _Counted
) -> CampaignOutcome:
    approves = isinstance(command, MoveCampaign) and command.step in ("approve", "resume")
    needed = Permission.MESSAGES_APPROVE if approves else Permission.MESSAGES_WRITE
    if not await _may(tx, command.by, needed):
        return Forbidden(_FORBIDDEN)
    there = await read.campaign(tx, command.code)
    if isinstance(command, KeepCampaign):
        return await _keep(tx, terms, command, there)
    return nothing(command.code) if there is None else await _step(tx, command, there, counted)


async def _step(
    tx: Tx, command: MoveCampaign, there: Campaign, counted: _Counted
) -> CampaignOutcome:
    if command.version not in (None, there.version):
        return not_so(there, "it was changed since; look at it again")
    if there.state in _DONE.get(command.step, ()):
        return there
    if there.state not in _FROM[command.step]:
        return not_so(there)
    return await _moved(tx, command, there, counted)


async def _keep(
    tx: Tx, terms: Terms, command: KeepCampaign, there: Campaign | None
) -> CampaignOutcome:
    if there is not None and there.state not in WRITTEN:
        return not_so(there)
    program = terms.at(tx.now).program
    fields = fields_of(program) | ({SURVEY_LINK} if command.survey else set())
    fields |= EVENT_FIELDS if command.event else frozenset()
    wrong = _ill(tx, command) or ill_said(program, command.channel, command.says, fields)
    wrong = wrong or ill_ways(program, command, fields)
    wrong = wrong or ill_instead(program, command.channel, command.instead, fields)
    wrong = wrong or _asks_nothing(command)
    wrong = wrong or await _ill_offers(tx, command) or await off(tx, command.event)
    if wrong is not None:
        return wrong
    segment = await segments.segment(tx, command.segment)
    if segment is None or segment.saved is None:
        return Invalid(f"there is no saved segment {command.segment[:40]}", field="/segment")
    if there is None and len(await read.campaigns(tx)) >= MOST:
        return Invalid(f"There are {MOST} campaigns; drop one first", field="/code")
    survey = await _survey(tx, command.survey)
    if isinstance(survey, Fault):
        return survey
    return await _kept(tx, command, (segment, survey), there)


def _asks_nothing(command: KeepCampaign) -> Fault | None:
    """Of one that asks: the first text without the place of the link, in whichever way."""
    if not command.survey:
        return None
    further = {f"/variants/{at}": one for at, one in enumerate(command.variants)}
    further |= {f"/instead/{at}": one.says for at, one in enumerate(command.instead)}
    for above, way in ({"": command.says} | further).items():
        for language, said in way.items():
            if SURVEY_LINK not in said.text:
                mend = "Write {{ " + SURVEY_LINK + " }} where the link is to stand"
                place = f"{above}/says/{language}/text"
                return Invalid("It asks, so it says where", field=place, mend=mend)
    return None


async def _kept(
    tx: Tx,
    command: KeepCampaign,
    of: tuple[Segment, Survey | None],
    there: Campaign | None,
) -> Campaign:
    segment, survey = of
    told: dict[str, Any] = {
        "name": command.name.strip(),
        "segment_id": segment.segment_id,
        "channel": command.channel,
        "says": dict(command.says),
        "held_percent": command.held_percent,
        "send_at": command.send_at,
        "local": command.local,
        "variants": tuple(dict(one) for one in command.variants),
        "offers": _by_way(command),
        "instead": command.instead,
        "event": command.event,
        "survey_id": None if survey is None else survey.survey_id,
    }
    who = command.by.actor
    if there is None:
        now = Campaign(
            tx.new_id(), command.code, state="draft", version=1, made_at=tx.now, made_by=who,
            changed_at=tx.now, changed_by=who, writers=(who,), **told,
        )  # fmt: skip
    elif all(getattr(there, name) == value for name, value in told.items()):
        return there
    else:
        now = replace(
            there, state="draft", version=there.version + 1, changed_at=tx.now, changed_by=who,
            audience=None, reach=None, writers=tuple(sorted({*there.writers, who})), **told,
        )  # fmt: skip
    await tx.write([*write.keep(tx, now), *_noted(tx, command.by, "campaign.written", there, now)])
    return now


async def _moved(
    tx: Tx, command: MoveCampaign, there: Campaign, counted: _Counted
) -> CampaignOutcome:
    now: CampaignOutcome = (
        await _checked(tx, there, counted)
        if command.step == "check"
        else await _STEPS[command.step](tx, command, there)
    )
    if isinstance(now, Refused | Fault) or (now == there and command.step != "drop"):
        return now
    if command.step == "resume":
        writes = returned.resume(tx, there.campaign_id)
    else:
        writes = write.drop(tx, there) if command.step == "drop" else write.keep(tx, now)
    before = there if command.step != "drop" else None
    await tx.write([*writes, *_noted(tx, command.by, _DID[command.step], before, now)])
    return now


async def _checked(tx: Tx, there: Campaign, counted: _Counted) -> CampaignOutcome:
    """To how many it would go is said, and stays with it until it is approved."""
    if await _gone(tx, there):
        return Invalid("its segment is gone; choose another", field="/segment")
    audience = await read.inside(tx, there.segment_id)
    before, many = counted.get(there.code, (None, {}))
    if before != there:  # somebody changed it while it was counted
        many = await reach(tx, there)
    return replace(there, state="checked", audience=audience, reach=many)


async def _approved(tx: Tx, command: MoveCampaign, there: Campaign) -> CampaignOutcome:
    if await _gone(tx, there):
        return Invalid("its segment is gone; choose another", field="/segment")
    closed = await _not_open(tx, there.offers) or await _closed(tx, there)
    closed = closed or await off(tx, there.event)
    if closed is not None:
        return closed
    alone = (await staff_read.chosen(tx)).of("campaign_alone")
    who = command.by.actor
    if who in there.writers and (there.audience or 0) > alone:
        says = "Somebody else than wrote it has to approve it: so many members read it"
        return Refused("second_person_needed", says, {"members": there.audience, "alone": alone})
    saved = await read.saved(tx, there.segment_id)
    return replace(
        there, state="approved", approved_at=tx.now, approved_by=who, approved_saved=saved
    )


async def _stopped(tx: Tx, command: MoveCampaign, there: Campaign) -> CampaignOutcome:
    """Whoever takes messages waits, and finds it stopped: none is sent after this."""
    await write.hold_messages(tx)
    now = await read.campaign(tx, there.code)
    assert now is not None, there
    if now.state not in WORKING:
        return not_so(now)
    return replace(now, state="stopped", ended_at=tx.now, ended_by=command.by.actor)


async def _resumed(_tx: Tx, _command: MoveCampaign, there: Campaign) -> CampaignOutcome:
    """It goes on, and is judged by what is sent from now; what came back before stays counted."""
    return replace(there, paused_at=None, paused_why="")


async def _dropped(_tx: Tx, _command: MoveCampaign, there: Campaign) -> CampaignOutcome:
    return there


_STEPS: Final[Mapping[Step, Any]] = {
    "approve": _approved, "resume": _resumed, "stop": _stopped,
    "drop": _dropped,
}  # fmt: skip


async def _gone(tx: Tx, there: Campaign) -> bool:
    return all(one.segment_id != there.segment_id for one in await segments.segments(tx))


def nothing(code: str) -> Fault:
    """There is no such campaign."""
    return NotFound(f"there is no campaign {code[:40]}", field="/code")


def not_so(there: Campaign, says: str = "This is not its next step") -> Refused:
    """The campaign is not where this step begins."""
    return Refused("campaign_not_so", says, {"state": there.state, "version": there.version})


def _noted(tx: Tx, by: By, did: str, there: Campaign | None, now: Campaign) -> Sequence[Write]:
    before, after = ({} if one is None else _told(one) for one in (there, now))
    changed = {name for name in after if before.get(name) != after[name]}
    was, then = ({name: one[name] for name in one if name in changed} for one in (before, after))
    return acted(tx, [Done(by, did, "campaign", now.code, before=was, after=then)])


def _told(one: Campaign) -> dict[str, Any]:
    told: dict[str, Any] = {"name": one.name, "version": str(one.version)}
    return told if one.audience is None else {**told, "members": one.audience}


async def _may(tx: Tx, by: By, needed: Permission) -> bool:
    if by.staff_id is None:
        return True
    who = await staff_read.one_staff(tx, by.staff_id)
    return who is not None and who.may(needed)


async def _ill_offers(tx: Tx, command: KeepCampaign) -> Fault | None:
    """What is wrong with the offers it gives: each is open, or there is none."""
    if len(command.offers) not in (0, 1, 1 + len(command.variants)):
        return Invalid("One offer for all ways, or one for each", field="/offers")
    return await _not_open(tx, command.offers)


async def _not_open(tx: Tx, codes: Sequence[str]) -> Fault | None:
    there = {one.code for one in await offers.opened(tx)} if any(codes) else set()
    for at, code in enumerate(codes):
        if code and code not in there:
            says, mend = f"there is no open offer {code[:40]}", "Open it first, for nobody"
            return Invalid(says, field=f"/offers/{at}", mend=mend)
    return None


async def _survey(tx: Tx, code: str) -> Survey | Fault | None:
    """The open survey of this code; nothing where none is named."""
    there = {one.code: one for one in await surveys.surveys(tx)} if code else {}
    if not code or (code in there and there[code].state == "open"):
        return there.get(code)
    return Invalid(f"there is no open survey {code[:40]}", field="/survey")


async def _closed(tx: Tx, there: Campaign) -> Fault | None:
    """Nobody is asked what nobody may answer any more."""
    if there.survey_id is None:
        return None
    found = await surveys.by_id(tx, [there.survey_id])
    if there.survey_id in found and found[there.survey_id].state == "open":
        return None
    return Invalid("its survey is closed; choose another", field="/survey")


def _by_way(command: KeepCampaign) -> tuple[str, ...]:
    """One for each way, or none at all."""
    ways = 1 + len(command.variants)
    found = command.offers if len(command.offers) == ways else command.offers * ways
    return found if any(found) else ()


def _ill(tx: Tx, command: KeepCampaign) -> Fault | None:
    if len(command.code) > 40 or _CODE.fullmatch(command.code) is None:
        mend = "Small letters, digits and hyphens, up to 40: spring-offer"
        return Invalid("This cannot be the code of a campaign", field="/code", mend=mend)
    name = command.name.strip()
    if not (0 < len(name) <= 80 and name.isprintable()):
        return Invalid("Say in up to 80 letters what it is", field="/name")
    if not 0 <= command.held_percent <= 50:
        return Invalid("From 0 to 50 of a hundred can be held out", field="/held_percent")
    if command.send_at is not None and not tx.now - AHEAD < command.send_at < tx.now + AHEAD:
        return Invalid("Say an instant within a year", field="/send_at")
    if command.local and command.send_at is None:
        return Invalid("Say when, by the clock of each", field="/send_at")
    return None
