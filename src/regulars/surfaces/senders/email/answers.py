"""What members answer to a letter that somebody wrote to them (RFC 5322, 3.6.4)."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from typing import Final, NamedTuple, cast
from uuid import UUID

from regulars.base.ids import id_of
from regulars.surfaces.senders.email.bounces import takes_long
from regulars.surfaces.senders.email.reading import text_of

LONGEST_READ: Final = 400_000
"""So much of a mail is read: what somebody writes comes before what they attach."""
LONGEST_SAID: Final = 1600
MOST_MARKS: Final = 20
_MARK = re.compile(r"<([0-9a-f]{32})@[^<>\s]+>")
_MACHINES: Final = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
_FOLLOWS = re.compile(r"\s*(?:-{3,}[ ]?[^\W\d_][^-]*[^-\s][ ]?-{3,}|_{20,})\s*$")
"""A line that says that the letter follows, as Outlook writes it in each language."""
_HEAD = re.compile(rb"\r?\n\r?\n")
_READ = re.compile(
    rb"^(?:content-[a-z-]+|auto-submitted|precedence|return-path|x-auto[a-z-]+):"
    rb"[^\n]*(?:\n[ \t][^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
"""Headers that are taken apart; what else mail systems write of a mail may be as long as it is."""
_NAMES = re.compile(
    rb"^(?:references|in-reply-to):[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE
)


class Answered(NamedTuple):
    """A mail that answers letters: which of ours, the last one first, and what it says."""

    answer_id: UUID
    """The same whenever this mail is read."""
    letters: tuple[UUID, ...]
    says: str


def answered_by(mail: bytes) -> Answered | None:
    """What a mail answers to a letter of ours; nothing for a report, an automatic answer, or a mail
    without words.

    Assumes: nobody knows the number in a Message-ID of ours but who got the letter and who carried
    it. Example: of `Yes.\\n\\nOn Monday Mia wrote:\\n> Shall I?` it is `Yes.`
    """
    if not can_be_read(mail):
        return None
    try:
        found = message_from_bytes(mail[:LONGEST_READ], policy=default)
        return _answered(mail, found)
    except Exception:
        # Anybody may write the mail; what its parser stumbles over says nothing.
        return None


def can_be_read(mail: bytes) -> bool:
    """Whether there is no more to take apart in its headers than any mail system writes."""
    return not takes_long(mail[:LONGEST_READ], _READ)


def _answered(mail: bytes, found: EmailMessage) -> Answered | None:
    if found.get_content_type() == "multipart/report" or _automatic(found):
        return None
    marks = _marks(mail[:LONGEST_READ])
    says = _says(found) if marks else ""
    if not says:
        return None
    letters = tuple(dict.fromkeys(reversed(marks)))
    return Answered(id_of(sha256(b"mail\0" + mail).digest()[:16]), letters, says)


def _says(found: EmailMessage) -> str:
    """What its writer says, of a mail that has no plain words by those of its HTML."""
    body = cast("EmailMessage | None", found.get_body(("plain", "html")))
    if body is None:
        return ""
    text = str(body.get_content())
    return own_words(text_of(text) if body.get_content_subtype() == "html" else text)


def unread_answer(mail: bytes) -> bool:
    """Whether somebody answered a letter of ours with what we do not read: a picture, a form."""
    if not _marks(mail[:LONGEST_READ]) or answered_by(mail) is not None:
        return False
    try:
        found = message_from_bytes(mail[:LONGEST_READ], policy=default)
        return found.get_content_type() != "multipart/report" and not _automatic(found)
    except Exception:
        return True  # whatever its parser stumbles over, it names a letter of ours


def _marks(mail: bytes) -> list[UUID]:
    """Which letters of ours it names, in its headers' order but what it answers itself last: they
    are found as they stand, since a long talk names many."""
    head = _HEAD.split(mail, maxsplit=1)[0].replace(b"\r\n", b"\n")
    named = sorted((one[0] for one in _NAMES.finditer(head)), key=lambda one: one[:1] in b"iI")
    words = b" ".join(named).decode("ascii", "ignore")
    return [UUID(hex=one) for one in _MARK.findall(words)][-MOST_MARKS:]


def _automatic(found: EmailMessage) -> bool:
    """An answer that nobody wrote: out of office, a list, a machine (RFC 3834)."""
    said = str(found.get("Auto-Submitted", "no")).strip().lower()
    bulk = str(found.get("Precedence", "")).strip().lower()
    if said != "no" or bulk in ("bulk", "list", "junk", "auto_reply"):
        return True
    # Older programs say it in their own way; a mail that nobody may answer has no way back.
    own = [str(found.get(name, "no")).strip().lower() for name in _MACHINES]
    return (
        any(one not in ("no", "none", "") for one in own)
        or str(found.get("Return-Path", "")).strip() == "<>"
    )


def own_words(text: str) -> str:
    """What its writer says, without the letter it answers: up to the first line that quotes or
    says that a letter follows, and without the lines above it that say who wrote that. Half of a
    letter, as some charsets can spell it, is left out: no column keeps it."""
    text = text.encode("utf-8", "ignore").decode()
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\0", "").split("\n"):
        if _FOLLOWS.match(line):
            break
        if line.startswith(">"):
            _without_who_wrote(kept)
            break
        kept.append(line.rstrip())
    return "\n".join(kept).strip()[:LONGEST_SAID]


def _without_who_wrote(kept: list[str]) -> None:
    """Take away the line above what is quoted; broken in two, the address stands in the first."""
    while kept and not kept[-1].strip():
        kept.pop()
    if kept and kept[-1].rstrip().endswith(":"):
        said = kept.pop()
        if kept and "@" in kept[-1] and "@" not in said:
            kept.pop()
