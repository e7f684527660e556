"""A campaign of the one program that has everything counted; and faults about whom it wrote to."""

from __future__ import annotations

from typing import Any

from tests.insight.verify.planting import ELSE, at, planted

from regulars.flows.importing.bring_consents import bring_consents
from regulars.flows.importing.commands import BringConsent
from regulars.flows.telling.campaigns.commands import KeepCampaign, MoveCampaign
from regulars.flows.telling.campaigns.keep_campaigns import keep_campaigns
from regulars.flows.telling.campaigns.queue_campaigns import queue_campaigns
from regulars.flows.telling.campaigns.settle_messages import Went, settle_messages
from regulars.flows.telling.campaigns.take_messages import take_messages
from regulars.records.access.staff.types import By
from regulars.records.members.types import MemberRef
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
                where m.state = 'sent'
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
}  # fmt: skip
