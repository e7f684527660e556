"""A campaign as kept, and what became of it with each member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

Way = Literal["email", "sms", "inbox", "push", "webhook"]
"""By letter, as a text message, into the member's card, as a notice on their devices, or told
to the webhooks that hear of `message.told`: another system says it."""
State = Literal["draft", "checked", "approved", "queueing", "sending", "sent", "stopped"]
"""Being written; looked at; released; everybody gets their row; going out; over; ended by hand."""
MessageState = Literal["waiting", "sending", "sent", "unknown", "skipped", "held_out"]
"""`sending` is between our call and the answer; `unknown` is what may have arrived or not, as
whoever sent it was gone before the answer came; it is never sent again."""
Skipped = Literal[
    "gone", "united", "no_address", "no_consent", "bounced", "capped", "late", "stopped",
    "unwritten", "refused", "in_vain", "restored", "no_offer", "over", "spared", "closed",
    "called_off",
]  # fmt: skip
"""Why somebody was not written to: blocked or erased; stands under another member; no address; no
consent; letters come back; enough was written to them; not in time; ended by hand; it could not be
written; the provider refuses it; tried too often; the house was restored since, and it was sent
before, perhaps; the offer it tells of could not be given; what ends its journey happened before it
went;
they were asked something not long ago; its survey was closed meanwhile; the event it invites to was
called off or has begun."""
WORKING: Final = frozenset({"approved", "queueing", "sending"})
WRITTEN: Final = frozenset({"draft", "checked"})
"""While it may still be changed."""
WAYS: Final = "abcd"
"""What the ways to say it are called, the first one first."""
TOLD: Final = "message.told"
"""The event by which webhooks hear of a message that another system is to say."""
LIVES: Final = timedelta(days=3)
"""So long after its time a message is worth sending: a campaign is not for ever."""


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """What a message says in one language, with fields that are filled for each member."""

    text: str
    about: str = ""
    """The subject of a letter; a text message has none."""
    preview: str = ""
    """Of a letter, what stands beside its subject before it is opened."""
    mjml: str = ""
    """Of a letter, how it looks: sections of MJML. Without it the text is all there is."""


class Instead(Struct, frozen=True, forbid_unknown_fields=True):
    """By which channel a campaign goes to who is not reached by those before it, and what it says
    there, by language."""

    channel: Way
    says: Mapping[str, Said]


class Campaign(Struct, frozen=True):
    """A campaign: to whom, by which way, what and when; and how far it came.

    Units: `held_percent` of a hundred in the segment are written nothing, to see what it does.
    Order: what was checked and approved is `version`; whoever changes it makes it a draft again.
    """

    campaign_id: UUID
    code: str
    name: str
    segment_id: UUID
    """Of a step of a journey that journey: its members come one by one."""
    channel: Way
    says: Mapping[str, Said]
    held_percent: int
    send_at: datetime | None
    local: bool
    state: State
    version: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    audience: int | None = None
    approved_at: datetime | None = None
    approved_by: str | None = None
    queued_at: datetime | None = None
    queued_after: UUID | None = None
    holds_out: bool = False
    ended_at: datetime | None = None
    ended_by: str | None = None
    journey_id: UUID | None = None
    journey_version: int | None = None
    survey_id: UUID | None = None
    """Its messages bear a link to answer this."""
    variants: tuple[Mapping[str, Said], ...] = ()
    """Further ways to say it, each in the languages of the first; who reads which is drawn."""
    paused_at: datetime | None = None
    """Since then nothing of it goes out, whatever its state: too much of it came back."""
    paused_why: Literal["", "bounces", "complaints"] = ""
    offers: tuple[str, ...] = ()
    """By way, which offer whoever reads it has from then on; empty: none."""
    instead: tuple[Instead, ...] = ()
    """Further channels in their order: each member is written to by the first that reaches them."""
    reach: Mapping[str, int] | None = None
    """How many each channel reached when it was checked, and under "" how many none did."""
    event: str = ""
    """The code of the event to which it invites; empty: none."""
    writers: tuple[str, ...] = ()
    """Everybody who wrote any part of it: none of them is the second person who approves it."""
    approved_saved: int | None = None
    """By which version of its segment it was approved."""

    @property
    def channels(self) -> tuple[Way, ...]:
        """All its channels, the one that is preferred first."""
        return (self.channel, *(one.channel for one in self.instead))


def said_by(campaign: Campaign, channel: Way) -> Campaign:
    """The campaign as it goes by one of its channels: what it says there is all it says."""
    if channel == campaign.channel:
        return campaign
    says = next(one.says for one in campaign.instead if one.channel == channel)
    return replace(campaign, channel=channel, says=says, variants=())


class Due(Struct, frozen=True):
    """A message that is due: of which campaign, to whom, how often it was tried."""

    campaign_id: UUID
    member_id: UUID
    message_id: UUID
    attempts: int
    try_at: datetime
    taken: bool
    """Whether it may have arrived by a try that nobody said the end of; the cap counts it."""
    asked_at: datetime | None = None
    """When its member came to this step of a journey; a campaign has one time for everybody."""
    over: bool = False
    """Whether its journey is over for its member since, by what ends it."""
    channel: Way | Literal[""] = ""
    """By which of several channels; empty where its campaign has one for all."""


class Outcome(Struct, frozen=True):
    """What became of a message that was taken: it waits for an instant, is asked again at one as it
    may have arrived (`sending`), or is over for good."""

    message_id: UUID
    attempts: int
    state: Literal["sent", "unknown", "skipped", "waiting", "sending"]
    reason: Skipped | Literal[""] = ""
    detail: str = ""
    try_at: datetime | None = None


class Counted(Struct, frozen=True):
    """So many messages of a campaign are in this state for this reason."""

    state: MessageState
    reason: str
    messages: int
    channel: str = ""
    """Of a campaign that goes by several."""
