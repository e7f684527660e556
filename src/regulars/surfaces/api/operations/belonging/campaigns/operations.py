"""Campaigns: written, looked at as a member, checked, approved, stopped, dropped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast
from uuid import UUID

from regulars.base.faults import Fault, Invalid
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.flows.telling.campaigns.commands import KeepCampaign, MoveCampaign, Step
from regulars.flows.telling.campaigns.keep_campaigns import keep_campaigns, nothing
from regulars.flows.telling.campaigns.show_campaigns import show_reader
from regulars.records.access.types import Scope
from regulars.records.members import read as members
from regulars.records.members.types import MemberRef, nobody
from regulars.records.outbox.campaigns import read
from regulars.records.outbox.campaigns.inbox import read as inbox
from regulars.records.outbox.campaigns.reaching.read import reached_by
from regulars.records.outbox.campaigns.returned import read as returned
from regulars.records.outbox.campaigns.returned.types import Tally
from regulars.records.outbox.campaigns.types import WAYS, Campaign, Instead, Said, said_by
from regulars.records.outbox.surveys.read import code_of
from regulars.records.program.changes.segments import read as segments
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.operations.belonging.campaigns import examples
from regulars.surfaces.api.operations.belonging.campaigns.effects import (
    effect_of,
    reach_of,
    ways_of,
)
from regulars.surfaces.api.operations.belonging.campaigns.wire import (
    CampaignCount,
    CampaignPreviewed,
    CampaignRead,
    CampaignReturned,
    CampaignSent,
    CampaignShown,
    CampaignsShown,
    CampaignStep,
    CampaignWords,
    InsteadSent,
    LetterShown,
    LettersPage,
    SaidSent,
    WayName,
    returned_share,
)
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import addressed, required
from regulars.surfaces.api.strict.ids import shown as shown_id
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import PageQuery
from regulars.surfaces.senders.words.campaigns import least_parts, trying, words_for

_TAG: Final = "Campaigns"
_READ = (Scope.MEMBERS_READ,)
_WRITE = (Scope.MEMBERS_WRITE,)


async def listed(call: Call) -> Reply:
    """Every campaign."""
    async with call.transaction as tx:
        names, active = await _segments(tx), await read.active(tx)
        found = [_shown(one, names, active) for one in await read.campaigns(tx)]
    return Reply(CampaignsShown(found))


async def one(call: Call) -> Reply:
    """One campaign with what became of it."""

    async def look(tx: Tx, terms: Terms) -> tuple[Any, ...]:
        found = await _there(tx, call)
        counts = await read.counts(tx, found.campaign_id)
        shown = _shown(found, await _segments(tx), await read.active(tx))
        effect = await effect_of(tx, found, terms.at(tx.now).zone)
        ways = await ways_of(tx, found, terms.at(tx.now).zone)
        opened = await inbox.opened(tx, found.campaign_id)
        back = [_returned(each) for each in await returned.by_way(tx, found.campaign_id)]
        parts = least_parts(trying(terms.at(tx.now).program, call.given.public_url), found)
        return (
            found,
            counts,
            shown,
            effect,
            ways,
            opened,
            back,
            parts,
            await code_of(tx, found.survey_id),
        )

    found, counts, shown, effect, ways, opened, back, parts, survey = await call.read(look)
    told = [
        CampaignCount(each.state, each.reason, each.messages, cast("Any", each.channel))
        for each in counts
    ]
    variants = [_says(one) for one in found.variants]
    says = _says(found.says)
    return Reply(CampaignRead(
        shown, says, told, effect, variants, ways, opened, back, list(found.offers), parts,
        survey, found.event,
        [InsteadSent(each.channel, _says(each.says)) for each in found.instead],
        reach_of(found),
    ))  # fmt: skip


def _returned(one: Tally) -> CampaignReturned:
    parts = (returned_share(part, one.sent) for part in (one.bounces, one.complaints))
    return CampaignReturned(cast("WayName", WAYS[one.way]), one.sent, *parts)


def _says(says: Mapping[str, Said]) -> dict[str, SaidSent]:
    return {
        language: SaidSent(said.text, said.about, said.preview, said.mjml)
        for language, said in says.items()
    }


def _said(sent: Mapping[Any, SaidSent]) -> dict[str, Said]:
    return {
        str(language): Said(one.text, one.about, one.preview, one.mjml)
        for language, one in sent.items()
    }


async def keep(call: Call) -> Reply:
    """A campaign is written."""
    sent: CampaignSent = call.sent
    await call.do(keep_campaigns, KeepCampaign(
        call.ids["campaign"], sent.name, sent.segment, sent.channel, _said(sent.says), call.by,
        sent.held_percent, sent.send_at, sent.local, tuple(map(_said, sent.variants)),
        tuple(map(str, sent.offers)),
        tuple(Instead(each.channel, _said(each.says)) for each in sent.instead),
        sent.event, sent.survey,
    ))  # fmt: skip
    return await one(call)


async def check(call: Call) -> Reply:
    """To how many it would go."""
    return await _step(call, "check")


async def approve(call: Call) -> Reply:
    """It is released."""
    return await _step(call, "approve")


async def resume(call: Call) -> Reply:
    """It goes on."""
    return await _step(call, "resume", versioned=False)


async def stop(call: Call) -> Reply:
    """It ends."""
    return await _step(call, "stop", versioned=False)


async def drop(call: Call) -> Reply:
    """It is forgotten."""
    found: Campaign = await call.do(
        keep_campaigns, MoveCampaign(call.ids["campaign"], "drop", call.by)
    )
    async with call.transaction as tx:
        return Reply(_shown(found, await _segments(tx), await read.active(tx)))


async def preview(call: Call) -> Reply:
    """What one member would read."""
    sent: CampaignPreviewed = call.sent
    who = MemberRef(id=required("mem", sent.member_id, "/member_id"))

    async def look(tx: Tx, terms: Terms) -> CampaignWords:
        found = await _there(tx, call)
        reader = await show_reader(tx, terms, who, found.event)
        if isinstance(reader, Fault):
            raise reader
        way = None if sent.way is None else WAYS.index(sent.way)
        if way is not None and way > len(found.variants):
            raise Invalid("it is not said in so many ways", field="/way")
        if found.event and reader.event is None:
            raise Invalid("the event it invites to was called off or has begun", field="/event")
        by = await reached_by(tx, found, reader.member.id)
        channel = sent.channel or by or found.channel
        if channel not in found.channels:
            raise Invalid("it does not go by this channel", field="/channel")
        desk = trying(terms.at(tx.now).program, call.given.public_url)
        one = said_by(found, channel)
        said = words_for(desk, one, reader, way=way if one is found else None)
        return CampaignWords(
            said.language, said.about, said.text, said.preview, said.html,
            said.parts if channel == "sms" else 0, channel, channel == by,
        )  # fmt: skip

    return Reply(await call.read(look))


async def letters(call: Call) -> Reply:
    """What lies in a member's card."""
    who, query = addressed("mem", call.ids["member_id"]), call.query
    place = place_of(query.cursor, tuple[UUID])
    async with call.transaction as tx:
        if not await members.present(tx, [who]):
            raise nobody()
        before = None if place is None else place[0]
        found = await inbox.lying(tx, who, before=before, limit=query.limit + 1)
    some, more = found[: query.limit], len(found) > query.limit
    items = [
        LetterShown(
            shown_id("msg", one.message_id), one.language, one.about, one.says, one.laid_at,
            one.read_at,
        )
        for one in some
    ]  # fmt: skip
    return Reply(LettersPage(items, more, cursor_of((some[-1].message_id,)) if more else None))


async def _step(call: Call, step: Step, *, versioned: bool = True) -> Reply:
    version = call.sent.version if versioned else None
    await call.do(keep_campaigns, MoveCampaign(call.ids["campaign"], step, call.by, version))
    return await one(call)


async def _there(tx: Tx, call: Call) -> Campaign:
    found = await read.campaign(tx, call.ids["campaign"])
    if found is None:
        raise nothing(call.ids["campaign"])
    return found


async def _segments(tx: Tx) -> dict[Any, str]:
    return {each.segment_id: each.code for each in await segments.segments(tx)}


def _shown(found: Campaign, names: dict[Any, str], active: int) -> CampaignShown:
    warns: Any = ""
    if found.audience is not None and found.state == "checked":
        warns = "nobody" if not found.audience else "everybody" * (found.audience >= active > 1)
    return CampaignShown(
        found.code, found.name, names.get(found.segment_id, ""), found.channel, found.state,
        found.version, found.held_percent, found.send_at, found.local, found.audience, warns,
        found.made_at, found.made_by, found.changed_at, found.changed_by, found.approved_at,
        found.approved_by, found.queued_at, found.ended_at, found.ended_by, found.paused_at,
        found.paused_why,
    )  # fmt: skip


def _operation(method: str, path: str, name: str, **told: Any) -> Operation:
    return Operation(method=method, path=path, name=name, tag=_TAG, **told)


OPERATIONS = (
    _operation(
        "GET", "/v1/campaigns", "list_campaigns",
        says="Every campaign, the latest first",
        scopes=_READ,
        answers={200: CampaignsShown},
        answer_example={"items": [examples.CAMPAIGN]},
        do=listed,
    ),
    _operation(
        "GET", "/v1/campaigns/{campaign}", "get_campaign",
        says="One campaign, what it says, and what became of it",
        notes="`counts` has members by state and reason: who was sent it, who was held out, and "
        "why others were skipped (`no_consent`, `no_address`, `capped`, `spared` …). `unknown` may "
        "have arrived: whoever sent it was gone before the answer came, and it is not sent again. "
        "Of a campaign that goes by several channels each line has its `channel`. "
        "`effect` compares members it was for with those who were held out of it. `returned` is "
        "what came back of it.",
        scopes=_READ,
        answers={200: CampaignRead},
        answer_example=examples.READ,
        codes=("not_found",),
        do=one,
    ),
    _operation(
        "GET", "/v1/members/{member_id}/letters", "list_letters",
        says="What campaigns and journeys laid into a member's card, the latest first",
        notes="Reading it here does not open it: that happens on the card.",
        scopes=(Scope.MEMBERS_READ,),
        query=PageQuery,
        answers={200: LettersPage},
        answer_example=examples.LETTERS,
        codes=("unknown_member", "bad_cursor"),
        do=letters,
    ),
    _operation(
        "PUT", "/v1/campaigns/{campaign}", "keep_campaign",
        once=Once.AGAIN,
        says="Write a campaign",
        notes="Its texts are templates in Liquid with the fields `member.given_name`, "
        "`member.family_name`, `member.number`, `member.tier`, `shop.name`, `shop.card` and "
        "`points.` with the short name of a wallet, `next.reward` (what they are nearest to and "
        "cannot pay yet, as their card has it; empty where there is nothing) and `next.missing` "
        "(the points it takes more), `lapse.points` and `lapse.last_day` (what of theirs lapses "
        "next, and the last day they have it; empty where nothing does), `lapse.wallet` and "
        "`lapse.balance` (of which wallet, and how much of it they have), `lapse.days` (in how "
        "many days the last one is); with a survey also "
        "`survey.link`, with an event `event.name`, `event.when`, `event.where` (empty where "
        "nobody named a place) and `event.link`. A letter may have `mjml` "
        "for how it looks: sections of MJML, of which nothing is fetched but pictures and "
        "nothing runs. An unknown "
        "field, a loop that does not end or a text that is too large is refused with line and "
        "sign at its place, as `/says/en/text`. "
        "With `instead` it goes by several channels: each member by the first that reaches them, "
        "as `letter, else text message, else inbox`; what was sent by one is sent by no other. "
        "By `webhook` the webhooks that hear of `message.told` are told what to say, once for "
        "each member who agreed to that channel. "
        "What ends all of them by one request is put below by itself. Whoever changes it makes it "
        "a draft again.",
        scopes=_WRITE,
        sent=CampaignSent,
        answers={200: CampaignRead},
        example=examples.SENT,
        answer_example=examples.READ,
        codes=("campaign_not_so",),
        do=keep,
    ),
    _operation(
        "POST", "/v1/campaigns/{campaign}/check", "check_campaign",
        once=Once.AGAIN,
        says="See to how many a campaign would go, before it is approved",
        scopes=_WRITE,
        sent=CampaignStep,
        answers={200: CampaignRead},
        example={"version": 1},
        answer_example=examples.READ,
        codes=("not_found", "campaign_not_so"),
        do=check,
    ),
    _operation(
        "POST", "/v1/campaigns/{campaign}/approve", "approve_campaign",
        once=Once.AGAIN,
        says="Release a campaign that was checked",
        notes="To more members than the shop lets one person write to alone, another key than the "
        "one that wrote it has to. It goes out by itself, at its time.",
        scopes=_WRITE,
        sent=CampaignStep,
        answers={200: CampaignRead},
        example={"version": 1},
        answer_example=examples.READ,
        codes=("not_found", "campaign_not_so", "second_person_needed"),
        do=approve,
    ),
    _operation(
        "POST", "/v1/campaigns/{campaign}/resume", "resume_campaign",
        once=Once.AGAIN,
        says="Let a campaign go on that pauses",
        notes="It pauses by itself once more of it came back than the shop bears "
        "(`complaints_most`, `bounces_most`). From now on it is judged by what is sent from now; "
        "messages whose three days went by meanwhile are skipped as `late`.",
        scopes=_WRITE,
        answers={200: CampaignRead},
        answer_example=examples.READ,
        codes=("not_found", "campaign_not_so"),
        do=resume,
    ),
    _operation(
        "POST", "/v1/campaigns/{campaign}/stop", "stop_campaign",
        once=Once.AGAIN,
        says="End a campaign that goes out",
        notes="What was sent stays sent; nothing more is.",
        scopes=_WRITE,
        answers={200: CampaignRead},
        answer_example=examples.READ,
        codes=("not_found", "campaign_not_so"),
        do=stop,
    ),
    _operation(
        "DELETE", "/v1/campaigns/{campaign}", "drop_campaign",
        once=Once.AGAIN,
        says="Forget a campaign that was never approved",
        scopes=_WRITE,
        answers={200: CampaignShown},
        answer_example=examples.CAMPAIGN,
        codes=("not_found", "campaign_not_so"),
        do=drop,
    ),
    _operation(
        "POST", "/v1/campaigns/{campaign}/preview", "preview_campaign",
        once=Once.LOOKS,
        says="See what one member would read, and by which channel",
        scopes=_READ,
        sent=CampaignPreviewed,
        answers={200: CampaignWords},
        example={"member_id": examples.MEMBER},
        answer_example=examples.WORDS,
        codes=("not_found", "unknown_member"),
        do=preview,
    ),
)  # fmt: skip
