"""What a mail system says of letters it could not deliver (RFC 3464, with codes of RFC 3463)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Final, Literal, NamedTuple, cast
from uuid import UUID

from regulars.surfaces.senders.email.refusals import came_back
from regulars.surfaces.senders.types import one_line

Failed = Literal["soft", "hard"]
LONGEST_REPORT: Final = 4_000_000
"""Reports bring the letter along; ours are far smaller."""
LONGEST_REASON: Final = 300
LONGEST_HEADER: Final = 4_000
LONGEST_HEADERS: Final = 20_000
"""Of one header that we read, and of all of them: what reads them needs the square of their length,
and anybody can send us a mail. Those of a report together are hardly 2,000."""
_MARK = re.compile(r"<([0-9a-f]{32})@[^<>\s]+>")
_HEADER = re.compile(
    rb"^(?:content-[a-z-]+|action|status|diagnostic-code|message-id):[^\n]*(?:\n[ \t][^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


class Returned(NamedTuple):
    """A letter of ours that came back: which delivery it was, why, and whether it is the address
    that is wrong (`hard`) or nothing arrives there for now (`soft`)."""

    delivery_id: UUID
    reason: str
    kind: Failed = "hard"


def returned_by(report: bytes) -> list[Returned]:
    """Which letters a mail says were given up; nothing for any other mail.

    Shape: a `multipart/report` with a `message/delivery-status` and, after it, the letter or its
    headers, whose Message-ID is of our making. Anybody can write such a mail, but nobody else knows
    the number in a Message-ID of ours.
    Example: `Action: delayed` says nothing yet; a status 5.7.1 (they do not like us) says nothing
    of the address; 5.2.2 (its mailbox is full) says that it takes nothing for now.
    """
    if len(report) > LONGEST_REPORT or takes_long(report):
        return []
    try:
        mail = message_from_bytes(report, policy=default)
        if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
            return []
        reasons = [said for part in _parts(mail) for said in _reasons(part)]
        marks = [mark for part in _parts(mail) for mark in _marks(part)]
    except Exception:
        # Anybody may write the mail, and its parser has no list of what it stumbles over (parts in
        # parts in parts are a RecursionError): such a mail says nothing, and is in nobody's way.
        return []
    if not reasons or not marks:
        return []
    return [Returned(marks[-1], *reasons[0])]


def takes_long(report: bytes, read: re.Pattern[bytes] = _HEADER) -> bool:
    """Whether there is more to read in its headers than any mail system writes."""
    lines = report.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lengths = [len(one[0]) for one in read.finditer(lines)]
    return max(lengths, default=0) > LONGEST_HEADER or sum(lengths) > LONGEST_HEADERS


def _parts(mail: Message) -> Iterator[Message]:
    """The parts of a report, not those of the letter in it."""
    yield from cast(list[Message], mail.get_payload())


def _reasons(part: Message) -> Iterator[tuple[str, Failed]]:
    """Why it was given up, for each recipient of whom the report says so, as far as that is the
    address."""
    if part.get_content_type() != "message/delivery-status":
        return
    for one in cast(list[Message], part.get_payload()):
        status = str(one.get("Status", "")).strip()
        _, _, told = str(one.get("Diagnostic-Code", "")).partition(";")
        kind = came_back(status, told.strip())
        if str(one.get("Action", "")).strip().lower() == "failed" and kind in ("hard", "soft"):
            # Systems like to quote the address, which is kept nowhere but with its member.
            said = _ADDRESS.sub("…", one_line(f"{status.split()[0]} {told}"))
            yield said[:LONGEST_REASON], kind


def _marks(part: Message) -> Iterator[UUID]:
    """By which delivery the letter that is sent back was known."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        letters = cast(list[Message], part.get_payload())
        headers = str(letters[0].get("Message-ID", "")) if letters else ""
    elif kind in ("text/rfc822-headers", "message/rfc822-headers"):
        headers = str(cast(EmailMessage, part).get_content())
        headers = next((one for one in _folded(headers) if _is_id(one)), "")
    else:
        return
    found = _MARK.search(headers)
    if found:
        yield UUID(hex=found[1])


def _folded(headers: str) -> list[str]:
    """Headers, each on one line."""
    return re.sub(r"\r?\n[ \t]+", " ", headers).splitlines()


def _is_id(header: str) -> bool:
    return header.lower().startswith("message-id:")
