"""A message of a campaign becomes a letter: what its shop wrote, in its reader's language, with what
ends it below."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from regulars.base.keyed import Keyed
from regulars.flows.telling.campaigns.filling import values_for
from regulars.flows.telling.campaigns.take_messages import Posting
from regulars.records.access.members.spelling import stop_of
from regulars.records.outbox.campaigns.types import Said
from regulars.records.outbox.campaigns.writing import write
from regulars.records.program.translations import in_language
from regulars.records.program.types import Program
from regulars.surfaces.senders.types import Letter
from regulars.surfaces.senders.words.phrases import phrases_for

STOP_PATH = "/card/stop"
"""Where nothing more of the kind is wished; whoever holds the letter may say so, without signing
in (RFC 8058)."""


class Desk(Struct, frozen=True):
    """What is the same for all letters of one round."""

    program: Program
    keyed: Keyed
    public_url: str


def letter_of(desk: Desk, posting: Posting) -> Letter:
    """What a member reads, by letter or as a text message. Raises: Unwritten.

    Order: in the member's language where the campaign is written in it, else in the program's.
    Keeps: the mark is the same for each try, so a letter sent twice is one letter.
    """
    campaign, member = posting.campaign, posting.reader.member
    own = desk.program.locale
    language = said_in(campaign.says, member.locale, own)
    program = in_language(desk.program, language)
    phrases = phrases_for(language, own)
    base = desk.public_url.rstrip("/")
    values = values_for(posting.reader, program, f"{base}/card")
    said = campaign.says[language]
    text, about = write(said.text, values).strip(), write(said.about, values).strip()
    stop = f"{base}{STOP_PATH}?link={stop_of(desk.keyed, member.id, campaign.channel)}"
    below = phrases.say(f"campaign.{campaign.channel}", shop=program.name, link=stop)
    joint = "\n\n" if campaign.channel == "email" else "\n"
    return Letter(
        posting.due.message_id.hex, posting.address, about, f"{text}{joint}{below}", program.name,
        phrases.language, stop=stop,
    )  # fmt: skip


def said_in(says: Mapping[str, Said], locale: str, own: str) -> str:
    """In which of its languages a member reads a campaign.

    Example: a campaign in English and German reaches `de-AT` in German and `tr` in the program's.
    """
    for one in (locale, own):
        language = one.replace("_", "-").partition("-")[0]
        if language in says:
            return language
    return next(iter(says))
