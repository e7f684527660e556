"""A message of a campaign becomes a letter: what its shop wrote, in its reader's language, with
what ends it below."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from markupsafe import Markup
from msgspec import Struct

from regulars.base.keyed import Keyed
from regulars.base.languages import language_of
from regulars.flows.telling.campaigns.commands import Posting
from regulars.flows.telling.campaigns.filling import Inviting, Reader, values_for
from regulars.flows.telling.campaigns.try_campaigns import TrialPosting
from regulars.records.access.members.spelling import stop_of, survey_of
from regulars.records.members.types import Member
from regulars.records.outbox.campaigns.journeys.types import MessageStep
from regulars.records.outbox.campaigns.mailing import PLAIN, page
from regulars.records.outbox.campaigns.rules import way_of
from regulars.records.outbox.campaigns.types import Campaign, Said, said_by
from regulars.records.outbox.campaigns.writing import Unwritten, write
from regulars.records.program.translations import in_language
from regulars.records.program.types import Program
from regulars.surfaces.senders.linking import linked
from regulars.surfaces.senders.sms.parts import parts_of
from regulars.surfaces.senders.types import Letter
from regulars.surfaces.senders.words.phrases import Phrases, phrases_for

STOP_PATH: Final = "/card/stop"
"""Where nothing more of the kind is wished; whoever holds the letter may say so, without signing
in (RFC 8058)."""
ASK_PATH: Final = "/card/survey"
CARD_PATH: Final = "/card"
EVENT_PATH: Final = "/card/me/events"
Message = Campaign | MessageStep
"""What says something: a campaign, or a step of a journey that somebody only looks at."""


class Desk(Struct, frozen=True):
    """What is the same for all letters of one round."""

    program: Program
    keyed: Keyed
    public_url: str


class Words(Struct, frozen=True):
    """What a member reads, and where they end it."""

    language: str
    about: str
    text: str
    stop: str
    shop: str
    preview: str = ""
    html: str = ""
    """How a letter looks; nothing where its text is all there is."""

    @property
    def parts(self) -> int:
        """In how many parts a text message of these words is sent."""
        return parts_of(self.text).count


def trying(program: Program, public_url: str = "") -> Desk:
    """A desk for who only looks: the link below ends nothing, as it is of nobody's making."""
    return Desk(program, lambda _: bytes(32), public_url)


def letter_of(desk: Desk, posting: Posting) -> Letter:
    """A message by letter or as a text message. Raises: Unwritten.

    Keeps: the mark is the same for each try, so a letter sent twice is one letter.
    """
    said = words_for(desk, posting.campaign, posting.reader)
    mark = posting.due.message_id.hex
    base = desk.public_url.rstrip("/")
    asks = _asks(posting.campaign) and posting.reader.invitation_id is not None
    return Letter(
        mark, posting.address, said.about, said.text, said.shop, said.language, stop=said.stop,
        html=said.html, preview=said.preview, devices=posting.devices, answerable=True,
        of_list=f"campaigns.{desk.program.program}",
        opens=_survey(desk, posting.reader) if asks else f"{base}{CARD_PATH}",
    )  # fmt: skip


def trial_of(desk: Desk, posting: TrialPosting) -> Letter:
    """A test, which says that it is one. Raises: Unwritten."""
    said = words_for(desk, posting.campaign, posting.reader, trial=True)
    return Letter(
        posting.trial_id.hex, posting.address, said.about, said.text, said.shop, said.language,
        html=said.html, preview=said.preview, devices=posting.devices,
        opens=f"{desk.public_url.rstrip('/')}{CARD_PATH}",
    )  # fmt: skip


def words_for(
    desk: Desk,
    campaign: Message,
    reader: Reader,
    language: str = "",
    *,
    trial: bool = False,
    way: int | None = None,
) -> Words:
    """What this member reads; of a test, with that on it. Raises: Unwritten.

    Order: in the `way` that is drawn for them where it is said in several, unless another one is
    asked for; in the member's language where the campaign is written in it, else in the program's;
    who only looks may ask for another `language` of the campaign.
    """
    own, base = desk.program.locale, desk.public_url.rstrip("/")
    says = ways_of(campaign)[drawn(campaign, reader) if way is None else way]
    language = language or said_in(says, reader.member.locale, own)
    program = in_language(desk.program, language)
    survey = _survey(desk, reader) if _asks(campaign) else ""
    phrases = phrases_for(language, own)
    values = values_for(reader, program, f"{base}/card", survey, phrases.day)
    if reader.event is not None:
        values["event"] = _event(reader.event, program, phrases, base)
    said = says[language]
    text, about = write(said.text, values).strip(), write(said.about, values).strip()
    stop = f"{base}{STOP_PATH}?link={stop_of(desk.keyed, reader.member.id, campaign.channel)}"
    if trial and campaign.channel != "email":
        about, text = phrases.say("trial.about", about=about), _tried(phrases, text)
        return Words(phrases.language, about, text, stop, program.name)
    # What ends it stands beside it: in the card, or in what another system is told.
    if campaign.channel in ("inbox", "push", "webhook"):
        return Words(phrases.language, about, text, stop, program.name)
    below = phrases.say(f"campaign.{campaign.channel}", shop=program.name, link=stop)
    if trial:
        below, about = phrases.say("trial.below"), phrases.say("trial.about", about=about)
    joint = "\n\n" if campaign.channel == "email" else "\n"
    preview, html = write(said.preview, values).strip(), ""
    if campaign.channel == "email" and (said.mjml or reader.scale):
        why = below if trial else phrases.say("campaign.letter", shop=program.name)
        lines = linked(text, Markup("<br />"))
        letter = {
            "preview": preview, "below": why, "stop": stop, "survey": survey, "text": lines,
        }  # fmt: skip
        html = page(said.mjml or PLAIN, language, values, letter, reader.scale)
    whole = f"{text}{joint}{below}"
    return Words(phrases.language, about, whole, stop, program.name, preview, html)


def _event(event: Inviting, program: Program, phrases: Phrases, base: str) -> dict[str, Any]:
    """What the fields of the event are, by the clock of the shop; a place that nobody named is
    empty."""
    at = event.begins_at.astimezone(ZoneInfo(program.zone))
    return {
        "name": event.name,
        "when": f"{phrases.day(at.date())}, {phrases.clock(at.replace(tzinfo=None))}",
        "where": event.place or None,
        "link": f"{base}{EVENT_PATH}/{event.code}",
    }


def _tried(phrases: Phrases, text: str) -> str:
    """A test in a card or by text message says so below; what would end it is not there."""
    return f"{text}\n\n{phrases.say('trial.short')}"


def _asks(campaign: Message) -> bool:
    if isinstance(campaign, MessageStep):
        return bool(campaign.survey)
    return campaign.survey_id is not None


def _survey(desk: Desk, reader: Reader) -> str:
    """Where they answer; who only looks sees a link that opens nothing."""
    asked = reader.invitation_id
    link = "" if asked is None else survey_of(desk.keyed, asked)
    return f"{desk.public_url.rstrip('/')}{ASK_PATH}?link={link}"


def each_words(
    desk: Desk, campaign: Message, reader: Reader, way: int | None = None
) -> list[Words]:
    """What this member reads, and after it the same in every other language. Raises: Unwritten."""
    first = said_in(campaign.says, reader.member.locale, desk.program.locale)
    languages = sorted(campaign.says, key=lambda one: (one != first, one))
    return [words_for(desk, campaign, reader, one, way=way) for one in languages]


def least_parts(desk: Desk, campaign: Campaign) -> int:
    """In how many parts the text messages of a campaign go out at least, in the longest of its ways
    and languages: to whom nothing is known of, so the fields are empty. Nothing of others,
    and of what cannot be written without a name."""
    if "sms" not in campaign.channels:
        return 0
    campaign = said_by(campaign, "sms")
    ever = datetime.min.replace(tzinfo=UTC)
    nobody = Reader(Member(UUID(int=0), "", "active", ever, ever), {})
    try:
        return max(
            words_for(desk, campaign, nobody, language, way=at).parts
            for at, says in enumerate(ways_of(campaign))
            for language in says
        )
    except Unwritten:
        return 0


def ways_of(campaign: Message) -> tuple[Mapping[str, Said], ...]:
    """Each way in which it is said, the first one first."""
    return (campaign.says, *campaign.variants)


def drawn(campaign: Message, reader: Reader) -> int:
    """Which of them this member reads; of a step that is only looked at, the first."""
    if not isinstance(campaign, Campaign):
        return 0
    return way_of(campaign.campaign_id, reader.member.id, 1 + len(campaign.variants))


def said_in(says: Mapping[str, Said], locale: str, own: str) -> str:
    """In which of its languages a member reads a campaign.

    Example: a campaign in English and German reaches `de-AT` in German and `tr` in the program's.
    """
    for one in (locale, own):
        language = language_of(one)
        if language in says:
            return language
    return next(iter(says))
