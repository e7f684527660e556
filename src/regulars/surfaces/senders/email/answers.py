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

LONGEST_READ: Final = 400_000
"""So much of a mail is read: what somebody writes comes before what they attach."""
LONGEST_SAID: Final = 1600
MOST_MARKS: Final = 20
_MARK = re.compile(r"<([0-9a-f]{32})@[^<>\s]+>")
_HEAD = re.compile(rb"\r?\n\r?\n")
_READ = re.compile(
    rb"^(?:content-[a-z-]+|auto-submitted|precedence):[^\n]*(?:\n[ \t][^\n]*)*",
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
    body = found.get_body(("plain",)) if marks else None
    says = own_words(str(cast(EmailMessage, body).get_content())) if body is not None else ""
    if not says:
        return None
    letters = tuple(dict.fromkeys(reversed(marks)))
    return Answered(id_of(sha256(b"mail\0" + mail).digest()[:16]), letters, says)


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
    return said != "no" or bulk in ("bulk", "list", "junk", "auto_reply")


def own_words(text: str) -> str:
    """What its writer says, without the letter it answers: up to the first line that quotes, and
    without the line above it that says who wrote that. Half of a letter, as some charsets can
    spell it, is left out: no column keeps it."""
    text = text.encode("utf-8", "ignore").decode()
    kept: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\0", "").split("\n"):
        if line.startswith(">"):
            while kept and not kept[-1].strip():
                kept.pop()
            if kept and kept[-1].rstrip().endswith(":"):
                kept.pop()
            break
        kept.append(line.rstrip())
    return "\n".join(kept).strip()[:LONGEST_SAID]
