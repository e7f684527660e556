"""Who is signed in, as the pages of the card see them."""

from __future__ import annotations

from typing import Any, NamedTuple

from litestar import Request

from regulars.base.tx import Tx
from regulars.engine.terms import Terms, Version
from regulars.engine.words.voice import Voice
from regulars.flows.access.member_sessions import Inside
from regulars.records.members.types import Member
from regulars.records.program.translations import in_language
from regulars.records.program.types import Program
from regulars.surfaces.languages.voices import voice_for
from regulars.surfaces.signing_in import COOKIE_PLAIN
from regulars.surfaces.ui.coming import asked_for, kept_in
from regulars.surfaces.ui.reader import Reader, language_of

Asked = Request[Any, Any, Any]


class Visit(NamedTuple):
    """A member who looks at their card: who, under which terms, and how they read."""

    member: Member
    session: Inside
    terms: Terms
    version: Version
    program: Program
    """In the reader's language."""
    reader: Reader
    voice: Voice

    def wallet(self, code: int) -> str:
        """The name of a wallet in the program file."""
        return self.terms.wallet_names[code]


def visit_of(request: Asked, member: Member, session: Inside, terms: Terms, tx: Tx) -> Visit:
    """How this member reads: in the language they chose here, else the one the shop knows."""
    version = terms.at(tx.now)
    reader = reader_for(request, version, member)
    program = in_language(version.program, reader.language)
    voice = voice_for(reader.language)
    return Visit(member, session, terms, version, program, reader, voice)


def reader_for(request: Asked, version: Version, member: Member | None = None) -> Reader:
    """Who reads a page of this program, signed in or not."""
    known = "" if member is None else member.locale
    likes = known or request.headers.get("accept-language")
    locale = version.program.locale
    language = language_of(asked_for(request), kept_in(request), likes, locale)
    zone = (member and member.zone) or version.program.zone
    return Reader(language, zone)


def token_of(request: Asked) -> str:
    """What the cookie of a session holds; over TLS one under the safe name alone is believed,
    since any neighbour under the same domain can plant the other."""
    return kept_in(request).get(COOKIE_PLAIN) or ""
