"""A campaign of the one program that has everything counted; and faults about whom it wrote to."""

from __future__ import annotations

from typing import Any

from tests.insight.verify.planting import ELSE, at, planted

from regulars.flows.importing.bring_consents import bring_consents
from regulars.flows.importing.commands import BringConsent
from regulars.flows.membership.change_members import change_members
from regulars.flows.telling.campaigns.commands import KeepCampaign, MoveCampaign
from regulars.flows.telling.campaigns.journeys.commands import KeepJourney, MoveJourney
from regulars.flows.telling.campaigns.journeys.keep_journeys import keep_journeys
from regulars.flows.telling.campaigns.journeys.walk_journeys import begin_journeys, walk_journeys
from regulars.flows.telling.campaigns.keep_campaigns import keep_campaigns
from regulars.flows.telling.campaigns.queue_campaigns import queue_campaigns
from regulars.flows.telling.campaigns.settle_messages import Went, settle_messages
from regulars.flows.telling.campaigns.take_messages import take_messages
from regulars.flows.telling.say_consents import SayConsent, say_consents
from regulars.records.access.staff.types import By
from regulars.records.members import read as members
from regulars.records.members.types import ChangeMember, MemberRef
from regulars.records.outbox.campaigns.journeys.types import (
    JourneyPlan,
    MessageStep,
    OnEvent,
    WaitStep,
)
from regulars.records.outbox.campaigns.types import Said

_MIA, _OTTO = By(words="mia"), By(words="otto")
_SAYS = {"en": Said("Hi {{ member.given_name }}", "Hi")}


def _keyed(text: bytes) -> bytes:
    return text.ljust(32, b".")[:32]


async def written_to(shop: Any) -> None:
    """A campaign to who can be reached: one of them said yes, and it is sent and over."""
    terms = await shop.programs.terms(shop.program_id)
    agreed = BringConsent(MemberRef(email="pia@example.org"), "email", "given", "till", shop.now)
    async with shop.database.transaction(shop.program_id) as tx:
        await bring_consents(tx, terms, [agreed], None)
    shop.later(hours=1)
    await shop.act(keep_campaigns, KeepCampaign("hi", "Hi", "reachable", "email", _SAYS, _MIA))
    await shop.act(keep_campaigns, MoveCampaign("hi", "check", _MIA))
    await shop.act(keep_campaigns, MoveCampaign("hi", "approve", _OTTO))
    async with shop.database.transaction(shop.program_id) as tx:
        while await queue_campaigns(tx):
            taken = await take_messages(tx, terms, _keyed, {"email": False})
            await settle_messages(tx, [Went(one, "sent") for one in taken])
    (pia,) = await whom(shop, terms, MemberRef(email="pia@example.org"))
    async with shop.database.transaction(shop.program_id) as tx:
        await say_consents(tx, [SayConsent(pia, "sms", "given", "their card")])
    await in_two_ways(shop, terms)
    await on_their_way(shop, terms)


async def in_two_ways(shop: Any, terms: Any) -> None:
    """A text message that is said in two ways; nobody is set up to send it."""
    says, other = ({"en": Said(text)} for text in ("Hi", "Hello"))
    wish = KeepCampaign("ways", "Ways", "reachable", "sms", says, _MIA, variants=(other,))
    await shop.act(keep_campaigns, wish)
    await shop.act(keep_campaigns, MoveCampaign("ways", "check", _MIA))
    await shop.act(keep_campaigns, MoveCampaign("ways", "approve", _OTTO))
    for _ in range(3):
        async with shop.database.transaction(shop.program_id) as tx:
            await queue_campaigns(tx)
    async with shop.database.transaction(shop.program_id) as tx:
        taken = await take_messages(tx, terms, _keyed, {"sms": False})
        await settle_messages(tx, [Went(one, "sent") for one in taken])


async def whom(shop: Any, terms: Any, *refs: MemberRef) -> list[Any]:
    """Who is meant."""
    async with shop.database.transaction(shop.program_id) as tx:
        return list(await members.whom(tx, terms.versions[-1].program.country, refs))


async def on_their_way(shop: Any, terms: Any) -> None:
    """A journey that somebody who said yes went through, and somebody else is on their way."""
    steps = (MessageStep("hello", "email", _SAYS), WaitStep("a-week", days=7))
    plan = JourneyPlan(OnEvent("member.changed"), steps, again_days=30)
    await shop.act(keep_journeys, KeepJourney("hello", "Hello", plan, _MIA))
    await shop.act(keep_journeys, MoveJourney("hello", "publish", _OTTO))
    shop.later(minutes=1)
    who = MemberRef(email="pia@example.org")
    await shop.act(change_members, ChangeMember(who, given_name="Pia Maria"))
    for _ in range(2):
        async with shop.database.transaction(shop.program_id) as tx:
            await begin_journeys(tx, terms)
        async with shop.database.transaction(shop.program_id) as tx:
            await walk_journeys(tx, terms)
    async with shop.database.transaction(shop.program_id) as tx:
        taken = await take_messages(tx, terms, _keyed, {"email": False})
        assert taken, "nobody began"
        await settle_messages(tx, [Went(one, "sent") for one in taken])


WRITTEN_TO = {
    "somebody is written to who never agreed": planted(
        at(
            "update campaign_message set state = 'sent', reason = '', taken_at = settled_at",
            "campaign_message", "reason = 'no_consent'",
        ),
        "agreed_when_sent",
    ),
    "somebody is written to after they took their word back": planted(
        """insert into consent select m.program_id, m.member_id, 'email', m.taken_at
                  - interval '1 minute', 'withdrawn', 'card', m.taken_at - interval '1 minute'
             from campaign_message m where m.state = 'sent'""",
        "agreed_when_sent",
    ),
    "who took their word back is told of as who gave it": planted(
        """update consent set state = 'withdrawn' where channel = 'sms' and state = 'given'""",
        "consents_told",
    ),
    "somebody chooses who reads which way": planted(
        at("update campaign_message set variant = 1 - variant", "campaign_message",
           "variant is not null"),
        "ways_by_chance",
    ),
    "a campaign of one way has drawn one": planted(
        at("update campaign_message set variant = 0", "campaign_message", "variant is null"),
        "ways_by_chance",
    ),
    "a message waits though its campaign is over": planted(
        at(
            "update campaign_message set state = 'waiting', reason = '', settled_at = null",
            "campaign_message", "reason = 'no_consent'",
        ),
        "messages_end",
    ),
    "a message is of a campaign that nobody released": planted(
        "update campaign set state = 'draft', queued_at = null", "messages_end"
    ),
    "a message is of nobody": planted(
        at(
            f"update campaign_message set member_id = {ELSE}",
            "campaign_message", "reason = 'no_consent'",
        ),
        "messages_end",
    ),
    "nobody says why it was skipped": planted(
        at("update campaign_message set reason = ''", "campaign_message", "state = 'skipped'"),
        "messages_end",
    ),
    "somebody is held out by hand": planted(
        at(
            "update campaign_message set state = 'held_out', reason = 'here'",
            "campaign_message", "state = 'skipped'",
        ),
        "held_out_by_chance",
    ),
    "whom chance held out is written to": planted(
        """with lot as (
               select m.campaign_id as was, min(u.id::text)::uuid as now
                 from campaign_message m,
                      (select md5(n::text)::uuid as id from generate_series(1, 64) n) u
                where m.state = 'sent' and m.asked_at is null
                  and ('x' || encode(substring(sha256(uuid_send(u.id) || uuid_send(m.member_id))
                                               from 1 for 4), 'hex'))::bit(32)::bigint * 100 >> 32
                      < 50
                group by m.campaign_id),
           messages as (update campaign_message m set campaign_id = lot.now from lot
                         where m.campaign_id = lot.was)
           update campaign c set campaign_id = lot.now, holds_out = true, held_percent = 50
             from lot where c.campaign_id = lot.was""",
        "held_out_by_chance",
    ),
    "somebody begins a journey again at once": planted(
        """insert into journey_run (program_id, journey_id, version, member_id, begun_at, step, since,
                                    due_at, ended_at, why)
           select program_id, journey_id, version, member_id, begun_at - interval '2 days', step,
                  since, due_at, begun_at - interval '1 day', 'done' from journey_run""",
        "one_way_at_a_time",
    ),
    "somebody is on their way by no plan": planted(
        "update journey_run set version = 9", "one_way_at_a_time"
    ),
    "somebody is left standing": planted(
        """with earlier as (update journey set begins_at = begins_at - interval '20 days')
           update journey_run set due_at = due_at - interval '10 days'""",
        "nobody_is_stuck",
    ),
    "somebody stands at a step that is not there": planted(
        "update journey_run set step = 'nowhere'", "nobody_is_stuck"
    ),
    "somebody gets the same letter twice on their way": planted(
        """with other as (
               insert into campaign
               select (c).* from (select jsonb_populate_record(c, jsonb_build_object(
                           'campaign_id', md5('x')::uuid, 'journey_version', 2)) as c
                          from campaign c where journey_id is not null) d returning campaign_id)
           insert into campaign_message
           select (m).* from (select jsonb_populate_record(m, jsonb_build_object(
                       'campaign_id', o.campaign_id, 'message_id', md5('y')::uuid)) as m
                      from campaign_message m, other o
                     where m.asked_at is not null and m.state = 'sent' limit 1) d""",
        "asked_once",
    ),
    "a letter of a step that nobody passed": planted("delete from journey_pass", "asked_once"),
    "who passed a step has no letter": planted(
        at("delete from campaign_message", "campaign_message", "asked_at is not null"),
        "asked_once",
    ),
}  # fmt: skip
