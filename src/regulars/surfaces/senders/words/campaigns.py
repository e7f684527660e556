"""A message of a campaign becomes a letter: what its shop wrote, in its reader's language, with
what ends it below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from regulars.base.keyed import Keyed
from regulars.flows.telling.campaigns.commands import Posting
from regulars.flows.telling.campaigns.filling import Reader, values_for
from regulars.records.access.members.spelling import stop_of, survey_of
from regulars.records.outbox.campaigns.types import Campaign, Said
from regulars.records.outbox.campaigns.writing import write
from regulars.records.program.translations import in_language
from regulars.records.program.types import Program
from regulars.surfaces.senders.types import Letter
from regulars.surfaces.senders.words.phrases import phrases_for

STOP_PATH: Final = "/card/stop"
"""Where nothing more of the kind is wished; whoever holds the letter may say so, without signing
in (RFC 8058)."""
ASK_PATH: Final = "/card/survey"


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


def trying(program: Program) -> Desk:
    """A desk for who only looks: the link below ends nothing, as it is of nobody's making."""
    return Desk(program, lambda _: bytes(32), "")


def letter_of(desk: Desk, posting: Posting) -> Letter:
    """A message by letter or as a text message. Raises: Unwritten.

    Keeps: the mark is the same for each try, so a letter sent twice is one letter.
    """
    said = words_for(desk, posting.campaign, posting.reader)
    mark = posting.due.message_id.hex
    return Letter(
        mark, posting.address, said.about, said.text, said.shop, said.language, stop=said.stop
    )


def words_for(desk: Desk, campaign: Campaign, reader: Reader, language: str = "") -> Words:
    """What this member reads. Raises: Unwritten.

    Order: in the member's language where the campaign is written in it, else in the program's; who
    only looks may ask for another `language` of the campaign.
    """
    own, base = desk.program.locale, desk.public_url.rstrip("/")
    language = language or said_in(campaign.says, reader.member.locale, own)
    program = in_language(desk.program, language)
    survey = _survey(desk, reader) if campaign.survey_id else ""
    values = values_for(reader, program, f"{base}/card", survey)
    said = campaign.says[language]
    text, about = write(said.text, values).strip(), write(said.about, values).strip()
    stop = f"{base}{STOP_PATH}?link={stop_of(desk.keyed, reader.member.id, campaign.channel)}"
    phrases = phrases_for(language, own)
    below = phrases.say(f"campaign.{campaign.channel}", shop=program.name, link=stop)
    joint = "\n\n" if campaign.channel == "email" else "\n"
    return Words(phrases.language, about, f"{text}{joint}{below}", stop, program.name)


def _survey(desk: Desk, reader: Reader) -> str:
    """Where they answer; who only looks sees a link that opens nothing."""
    asked = reader.invitation_id
    link = "" if asked is None else survey_of(desk.keyed, asked)
    return f"{desk.public_url.rstrip('/')}{ASK_PATH}?link={link}"


def each_words(desk: Desk, campaign: Campaign, reader: Reader) -> list[Words]:
    """What this member reads, and after it the same in every other language. Raises: Unwritten."""
    first = said_in(campaign.says, reader.member.locale, desk.program.locale)
    languages = sorted(campaign.says, key=lambda one: (one != first, one))
    return [words_for(desk, campaign, reader, one) for one in languages]


def said_in(says: Mapping[str, Said], locale: str, own: str) -> str:
    """In which of its languages a member reads a campaign.

    Example: a campaign in English and German reaches `de-AT` in German and `tr` in the program's.
    """
    for one in (locale, own):
        language = one.replace("_", "-").partition("-")[0]
        if language in says:
            return language
    return next(iter(says))
