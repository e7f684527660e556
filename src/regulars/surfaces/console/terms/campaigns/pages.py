"""Campaigns: a list, an editor with a preview, approval, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, cast
from urllib.parse import quote

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound, Refused
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.commands import (
    CampaignOutcome,
    KeepCampaign,
    MoveCampaign,
    Step,
)
from regulars.flows.telling.campaigns.filling import EVENT_FIELDS, SURVEY_LINK, fields_of
from regulars.flows.telling.campaigns.keep_campaigns import keep_campaigns
from regulars.flows.telling.campaigns.show_campaigns import show_reader
from regulars.flows.telling.campaigns.try_campaigns import AskTrial, TrialOutcome, ask_trials
from regulars.insight.experiments.campaigns import brought
from regulars.records.access.staff.permissions import Permission
from regulars.records.members.types import MemberRef
from regulars.records.outbox.campaigns import read
from regulars.records.outbox.campaigns.inbox import read as inbox
from regulars.records.outbox.campaigns.returned import read as returned
from regulars.records.outbox.campaigns.trials import read as trials
from regulars.records.outbox.campaigns.types import (
    TOLD,
    WAYS,
    WORKING,
    WRITTEN,
    Campaign,
    Said,
)
from regulars.records.outbox.campaigns.writing import Unwritten
from regulars.records.outbox.hooks.read import any_hears
from regulars.records.program.changes.offers import read as offers
from regulars.records.program.changes.segments import read as segments
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.terms.campaigns.asking import (
    asked,
    begun_with,
    events_to_come,
    opened_surveys,
)
from regulars.surfaces.console.terms.campaigns.changed import Changed, changed
from regulars.surfaces.console.terms.campaigns.instead import (
    each_channel,
    reach_rows,
    reached,
    slots,
    typed_instead,
)
from regulars.surfaces.console.terms.campaigns.journeys.words import NOTHING
from regulars.surfaces.console.terms.campaigns.looks import letter
from regulars.surfaces.console.terms.campaigns.places import field_of, said_of
from regulars.surfaces.console.terms.campaigns.returned import PAUSES, returned_rows
from regulars.surfaces.console.terms.campaigns.tongues import own_tongue, tongues
from regulars.surfaces.console.terms.campaigns.ways import compared
from regulars.surfaces.console.terms.campaigns.words import (
    BECAME,
    CHANNELS,
    NOT_TRIED,
    PAUSED,
    STATES,
    TRIED,
    WARNINGS,
)
from regulars.surfaces.senders.words.campaigns import (
    drawn,
    each_words,
    least_parts,
    trying,
)

PAGE: Final = "/console/campaigns"
MOST_TRIALS: Final = 3
_STEPS: Final[dict[str, Step]] = {
    "check": "check", "approve": "approve", "resume": "resume", "stop": "stop", "drop": "drop",
}  # fmt: skip


class _Wrong(NamedTuple):
    """What is wrong, and beside which field; "" above all."""

    field: str
    says: str


async def listed(
    here: Here, form: Form | None = None, wrong: dict[str, str] | None = None
) -> Response[str]:
    """Every campaign, and a form to begin one."""
    async with here.transaction as tx:
        found = await read.campaigns(tx)
        there = await segments.segments(tx)
        asks = await opened_surveys(tx)
    names = {one.segment_id: one.name for one in there}
    return here.page(
        "terms/campaigns/list.html",
        status=422 if wrong else 200,
        items=[
            (one, PAUSED if _pauses(one) else STATES[one.state], names.get(one.segment_id, ""))
            for one in found
        ],
        channels=_options(here, CHANNELS),
        channel_words=CHANNELS,
        segments=[(one.code, one.name) for one in there if one.saved is not None],
        surveys=[("", here.reader.say(NOTHING)), *asks],
        form=form or Form({"survey": (str(here.query.get("survey", "")),)}),
        wrong=wrong or {},
    )


async def begin(here: Here, form: Form) -> Response[Any]:
    """A campaign is begun, with nothing said yet."""
    code = form.get("code").strip()
    async with here.transaction as tx:
        there = await read.campaign(tx, code)
    if there is not None:
        no: Any = Invalid("There is a campaign of this code already; choose another", field="/code")
        return await listed(here, form, {"code": here.told(no)})
    channel: Any = form.get("channel") if form.get("channel") in CHANNELS else "email"
    says = begun_with(own_tongue(here), channel, asks=bool(form.get("survey")))
    kept = await _done(here, KeepCampaign(
        code, form.get("name"), form.get("segment"), channel, says, here.by,
        survey=form.get("survey"),
    ))  # fmt: skip
    if isinstance(kept, Fault | Refused):
        field = kept.field.strip("/") if isinstance(kept, Fault) else "code"
        return await listed(here, form, {field: here.told(kept)})
    return redirect(f"{PAGE}/{kept.code}")


async def campaign(here: Here, code: str) -> Response[str]:
    """One campaign: what it says, to whom, as a member reads it, and what became of it."""
    async with here.transaction as tx:
        found = await read.campaign(tx, code)
    if found is None:
        raise NotFound("there is no such campaign; look at the list again")
    return await _page(here, found)


async def _page(
    here: Here, found: Campaign, form: Form | None = None, wrong: _Wrong | None = None
) -> Response[str]:
    """The editor; of what was typed and is wrong, as it was typed."""

    async def look(tx: Tx, terms: Terms) -> dict[str, Any]:
        there = await segments.segments(tx)
        counts = await read.counts(tx, found.campaign_id)
        active = await read.active(tx)
        return {
            "segments": [(one.code, one.name) for one in there if one.saved is not None],
            "segment": next((s.code for s in there if s.segment_id == found.segment_id), ""),
            "counts": [
                (BECAME[one.state, one.reason], CHANNELS.get(one.channel, ""), one.messages)
                for one in counts
            ],
            "reach": reach_rows(here, found),
            **await _preview(here, tx, terms, found),
            "changed": await _changed(here, tx, found),
            "compared": await compared(here, tx, found),
            "back": returned_rows(
                here, await returned.by_way(tx, found.campaign_id), bool(found.variants)
            ),
            "opened": await inbox.opened(tx, found.campaign_id),
            "trials": await trials.of(tx, found.campaign_id, here.staff.staff_id, MOST_TRIALS),
            "warning": _warning(found, active),
            "away": await _away(here, tx, found),
            "parts": least_parts(trying(here.version.program, here.given.public_url), found),
            "texts": found.audience if found.channel == "sms" else (found.reach or {}).get("sms"),
            "offers": [("", here.reader.say("none")), *await _opened(tx, found)],
            **await asked(here, tx, found),
            "events": await events_to_come(here, tx, found),
        }

    seen = await here.read(look)
    return here.page(
        "terms/campaigns/one.html",
        status=422 if wrong else 200,
        one=found,
        state=PAUSED if _pauses(found) else STATES[found.state],
        pauses=here.reader.say(PAUSES[found.paused_why]) if _pauses(found) else "",
        channel=CHANNELS[found.channel],
        channel_words=CHANNELS,
        written_in=tongues(here),
        own=own_tongue(here),
        fields=[*sorted(fields_of(here.version.program)), SURVEY_LINK, *sorted(EVENT_FIELDS)],
        at="" if found.send_at is None else found.send_at.astimezone(here.zone).isoformat()[:16],
        editable=found.state in WRITTEN,
        working=found.state in WORKING,
        ways=[(WAYS[at + 1], one) for at, one in enumerate(_further(found, form))],
        instead=slots(found, form, _typed),
        channels=[("", here.reader.say(NOTHING)), *_options(here, CHANNELS)],
        looked_as=here.query.get("as", ""),
        tried=TRIED,
        not_tried=NOT_TRIED,
        typed=form,
        wrong=wrong,
        **seen,
    )


def _pauses(found: Campaign) -> bool:
    return found.paused_at is not None and found.state in WORKING


def _further(found: Campaign, form: Form | None) -> list[Mapping[str, Said]]:
    """The further ways to say it, and an empty one for who wants another."""
    there = list(found.variants)
    if form is not None:
        there = [one for way in WAYS[1:] if (one := _typed(form, f"{way}-"))]
    return [*there, {}][: len(WAYS) - 1]


async def _changed(here: Here, tx: Tx, found: Campaign) -> Changed | None:
    """What it changed, as far as somebody was held out of it to see that."""
    if not found.holds_out or found.queued_at is None:
        return None
    begun_on = found.queued_at.astimezone(here.zone).date()
    came = await brought(tx, found.campaign_id, begun_on, tx.now.astimezone(here.zone).date())
    return None if came is None else changed(here, came)


async def _preview(here: Here, tx: Tx, terms: Terms, found: Campaign) -> dict[str, Any]:
    """What the member whom somebody looks as would read, and after it the same in every other
    language it is written in, in every other way and by every further channel; or why there is
    nothing to see."""
    typed = str(here.query.get("as", "")).strip()
    if not typed:
        return {"preview": ""}
    reader = await show_reader(tx, terms, _ref(typed), found.event)
    if isinstance(reader, Fault):
        return {"preview": here.told(reader)}
    desk = trying(here.version.program, here.given.public_url)
    theirs = drawn(found, reader)
    ways = sorted(range(1 + len(found.variants)), key=lambda at: (at != theirs, at))
    try:
        shown = [
            (WAYS[at].upper() if found.variants else "", "", each_words(desk, found, reader, at))
            for at in ways
        ]
        shown += each_channel(here, desk, found, reader)
    except Unwritten:
        return {"preview": here.reader.say("This cannot be written with what is known of them.")}
    return {"preview": shown, "reached": await reached(here, tx, found, reader)}


async def _opened(tx: Tx, found: Campaign) -> list[tuple[str, str]]:
    """Offers that may come with it; what it has stays to be chosen."""
    there = {one.code: one.name for one in await offers.opened(tx)}
    return list(({one: one for one in found.offers if one} | there).items())


def _warning(found: Campaign, active: int) -> str:
    if found.audience is None or found.state != "checked":
        return ""
    if not found.audience:
        return WARNINGS["nobody"]
    return WARNINGS["everybody"] if found.audience >= active > 1 else ""


async def _away(here: Here, tx: Tx, found: Campaign) -> str:
    """Its channels by which nothing goes at this moment, as nothing is set up that sends it, or no
    webhook hears it; nothing once it is over."""
    if found.state not in WRITTEN | WORKING:
        return ""
    there = {"inbox", "push", *here.given.channels}
    if "webhook" in found.channels and await any_hears(tx, TOLD):
        there.add("webhook")
    return ", ".join(here.reader.say(CHANNELS[one]) for one in found.channels if one not in there)


async def change(here: Here, form: Form) -> Response[Any]:
    """A campaign is written, or takes a step."""
    code = str(form.path["campaign"])
    async with here.transaction as tx:
        found = await read.campaign(tx, code)
    if found is None:
        raise NotFound("there is no such campaign; look at the list again")
    if form.get("does") == "try":
        return await _tried(here, form, found)
    step = _STEPS.get(form.get("does"))
    if step is None:
        return await _kept(here, form, found)
    version = form.whole("version") if form.get("version") else None
    done = await _done(here, MoveCampaign(code, step, here.by, version))
    if isinstance(done, Fault | Refused):
        return await _page(here, found, None, _Wrong("", here.told(done)))
    return redirect(PAGE if step == "drop" else f"{PAGE}/{code}")


async def _tried(here: Here, form: Form, found: Campaign) -> Response[Any]:
    """A test goes to whoever asked, as the member they look as would read it."""
    typed = form.get("as").strip()
    done = await _asked(here, AskTrial(found.code, _ref(typed), here.by))
    if isinstance(done, Fault):
        return await _page(here, found, None, _Wrong("", here.told(done)))
    return redirect(f"{PAGE}/{found.code}?as={quote(typed)}#looks")


def _ref(typed: str) -> MemberRef:
    return MemberRef(email=typed) if "@" in typed else MemberRef(number=typed)


async def _asked(here: Here, command: AskTrial) -> TrialOutcome:
    try:
        return cast("TrialOutcome", await here.do(ask_trials, command))
    except Fault as fault:
        return fault


async def _kept(here: Here, form: Form, found: Campaign) -> Response[Any]:
    at = _instant(here, form.get("at"))
    if isinstance(at, Fault):
        return await _page(here, found, form, _Wrong("at", here.told(at)))
    says, *further = (_typed(form, way) for way in ("", *(f"{one}-" for one in WAYS[1:])))
    held = form.get("held", "5").strip()
    command = KeepCampaign(
        found.code, form.get("name"), form.get("segment"), found.channel, says, here.by,
        int(held) if held.isascii() and held.isdigit() and len(held) < 4 else -1,
        at, form.get("local") == "yes", tuple(one for one in further if one),
        _offers(form, further), typed_instead(form, found.channel, _typed),
        form.get("event"), form.get("survey"),
    )  # fmt: skip
    kept = await _done(here, command)
    if isinstance(kept, Refused):
        return await _page(here, found, form, _Wrong("", here.told(kept)))
    if isinstance(kept, Fault):
        return await _page(here, found, form, _Wrong(field_of(kept, form), said_of(here, kept)))
    return redirect(f"{PAGE}/{found.code}")


def _offers(form: Form, further: Sequence[Mapping[str, Said]]) -> tuple[str, ...]:
    """Which offer was chosen for each way that is written."""
    ways = ["", *(f"{way}-" for way, one in zip(WAYS[1:], further, strict=False) if one)]
    found = tuple(form.get(f"{way}offer") for way in ways)
    return found if any(found) else ()


def _typed(form: Form, way: str) -> dict[str, Said]:
    """What was typed for one way, by language; nothing where nothing was."""
    return {
        language: Said(*(form.get(f"{way}{language}-{name}") for name in _WRITES))
        for language in form.languages(way, "-text")
        if form.get(f"{way}{language}-text").strip() or form.get(f"{way}{language}-about").strip()
    }


_WRITES: Final = ("text", "about", "preview", "mjml")


def _instant(here: Here, typed: str) -> datetime | Fault | None:
    """By the shop's clock; nothing where nothing is typed."""
    if not typed.strip():
        return None
    try:
        return datetime.fromisoformat(typed.strip()).replace(tzinfo=here.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return Invalid("Say a day and an hour", field="/send_at")


def _options(here: Here, words: Any) -> list[tuple[str, str]]:
    return [(name, here.reader.say(says)) for name, says in words.items()]


async def _done(here: Here, command: Any) -> CampaignOutcome:
    try:
        return cast("CampaignOutcome", await here.do(keep_campaigns, command))
    except Fault as fault:
        return fault


PAGES: Final = (
    (PAGE, Permission.MEMBERS_READ, lambda here, _: listed(here)),
    (
        PAGE + "/{campaign:str}",
        Permission.MEMBERS_READ,
        lambda here, path: campaign(here, path["campaign"]),
    ),
    (
        PAGE + "/{campaign:str}/letter",
        Permission.MEMBERS_READ,
        lambda here, path: letter(here, path["campaign"]),
    ),
)
FORMS_DONE: Final = (
    (PAGE, Permission.MESSAGES_WRITE, begin),
    (PAGE + "/{campaign:str}", Permission.MESSAGES_WRITE, change),
)
