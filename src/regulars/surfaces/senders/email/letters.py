"""A letter as it travels: headers that nothing can be smuggled into, and the text in two forms."""

from __future__ import annotations

from binascii import b2a_qp
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.generator import BytesGenerator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, Policy
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Final

from msgspec import Struct

from regulars.base.languages import from_the_right
from regulars.surfaces.senders.linking import linked
from regulars.surfaces.senders.types import Letter, one_line

_PAGE: Final = """<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>{about}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1a1a1a;background:#fff">
{preview}<div style="max-width:560px;margin:0 auto">{paragraphs}</div></body></html>
"""

_BETWEEN: Final = "=_part"
"""No part has it: quoted-printable and base64 never have these two signs in a row."""
# An address of the web in a header must not be folded: RFC 2369 knows no encoded words there, and
# who reads `List-Unsubscribe` with one finds no button. So headers go out as they are given, which
# is also ten times as quick, and only words that a person reads are folded (`_words`).
_POLICY: Final = SMTP.clone(refold_source="none")
_UTF8: Final = SMTPUTF8.clone(refold_source="none")
_LINE: Final = 78
# Parsed once: whoever writes the letter out asks for them again and again.
_ALTERNATIVE: Final[str] = _POLICY.header_factory(
    "Content-Type", f'multipart/alternative; boundary="{_BETWEEN}"'
)
_TEXTS: Final[Mapping[str, str]] = {
    kind: _POLICY.header_factory("Content-Type", f'text/{kind}; charset="utf-8"')
    for kind in ("plain", "html")
}
_PARTS: Final[Mapping[str, bytes]] = {
    kind: (
        f'\r\n--{_BETWEEN}\r\nContent-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode()
    for kind in ("plain", "html")
}
_END: Final = f"\r\n--{_BETWEEN}--\r\n".encode()
_PREVIEW: Final = '<div style="display:none;max-height:0;overflow:hidden;opacity:0">{}</div>'


class Origin(Struct, frozen=True):
    """From whom letters come: the address, and a name where the shop's own is not wanted."""

    address: str
    name: str = ""
    answers: str = ""
    """Where answers to letters come in that somebody wrote; nothing where none are read."""


def email_of(letter: Letter, origin: Origin, now: datetime) -> EmailMessage:
    """The letter with its headers; sent twice, it has the same Message-ID and is one letter.

    Assumes: `letter.to` is an address in our one spelling.
    """
    narrow = (letter.to + origin.address).isascii()
    mail = EmailMessage(policy=_POLICY if narrow else _UTF8)
    for name, value in _headers(letter, origin, now):
        mail.set_raw(name, value if value.isascii() else _made(name, value))
    mail.attach(_part(mail.policy, "plain", letter.text + "\n"))
    mail.attach(_part(mail.policy, "html", letter.html or _page(letter)))
    for one in letter.files:
        main, _, sub = one.media.partition("/")
        mail.add_attachment(one.content, maintype=main, subtype=sub, filename=one_line(one.name))
    # Last: whatever adds a part takes headers of the content along into the part before it.
    mail.set_raw("Content-Language", one_line(letter.language))
    return mail


def written(letter: Letter, origin: Origin, now: datetime) -> bytes:
    """The letter as it goes over the wire: byte by byte what `email_of` and `bytes_of` make of it,
    in a third of their time, where nothing is attached.

    Assumes: `letter.to` is an address in our one spelling.
    """
    if letter.files:
        return bytes_of(email_of(letter, origin, now))
    narrow = (letter.to + origin.address).isascii()
    policy = _POLICY if narrow else _UTF8
    whole = [_folded(policy, name, value) for name, value in _headers(letter, origin, now)]
    whole += [
        _folded(policy, "Content-Language", one_line(letter.language)),
        _PARTS["plain"], _encoded(letter.text + "\n"),
        _PARTS["html"], _encoded(letter.html or _page(letter)), _END,
    ]  # fmt: skip
    return b"".join(whole)


@lru_cache(maxsize=64)  # some headers are the same in every letter
def _same(policy: Policy, name: str, value: str) -> bytes:
    folded: bytes = policy.fold_binary(name, value)
    return folded


def _folded(policy: Policy, name: str, value: str) -> bytes:
    if type(value) is str and value.isascii() and value.isprintable():
        return f"{name}: {value}\r\n".encode()
    if name == "Content-Type":
        return _same(policy, name, value)
    folded: bytes = policy.fold_binary(name, value if value.isascii() else _made(name, value))
    return folded


def _encoded(text: str) -> bytes:
    """A text as quoted-printable, as lines travel."""
    lines = "\n".join(text.splitlines()) + "\n"
    return b2a_qp(lines.encode()).replace(b"\n", b"\r\n")


def bytes_of(mail: EmailMessage) -> bytes:
    """The letter as it goes over the wire: what `as_bytes` writes, in two thirds of its time."""
    out = BytesIO()
    _InOneGo(out, mangle_from_=False).flatten(mail)
    return out.getvalue()


class _InOneGo(BytesGenerator):
    """Writes a text at once where Python's own writes line by line, some hundred of each letter."""

    def _write_lines(self, lines: str) -> None:
        if lines:
            same = lines.replace("\r\n", "\n").replace("\r", "\n")
            self.write(same.replace("\n", _POLICY.linesep))


def _headers(letter: Letter, origin: Origin, now: datetime) -> Iterator[tuple[str, str]]:
    """Each on one line, whatever somebody typed. Raises: ValueError for what is no address."""
    ours = origin.address.rpartition("@")[2]
    yield "From", _mailbox("From", one_line(origin.name or letter.shop), origin.address)
    # In two parts: as one, letters beyond ASCII before the at sign are refused.
    local, _, domain = letter.to.rpartition("@")
    yield "To", _words("To", str(Address(username=local, domain=domain)))
    if letter.answerable and origin.answers:
        yield "Reply-To", _mailbox("Reply-To", "", origin.answers)
    yield "Subject", _words("Subject", one_line(letter.about))
    yield "Date", format_datetime(now)
    yield "Message-ID", f"<{one_line(letter.mark)}@{ours}>"
    if letter.stop:
        yield "List-Unsubscribe", f"<{one_line(letter.stop)}>"
        if letter.stop.startswith("https://"):
            yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    elif letter.choose:
        # RFC 2369. A button there is pressed by who is signed in; no letter says the one-click of
        # RFC 8058, as nobody else may take somebody's notices away.
        yield "List-Unsubscribe", f"<{one_line(letter.choose)}>"
    if letter.of_list:
        # RFC 2919: by this readers sort all of a kind, however a shop calls itself by then.
        yield "List-Id", f"<{one_line(letter.of_list)}.{ours}>"
    # No out-of-office answers: nobody reads them.
    yield "Auto-Submitted", "auto-generated"
    yield "MIME-Version", "1.0"
    yield "Content-Type", _ALTERNATIVE


@lru_cache(maxsize=64)
def _mailbox(header: str, name: str, address: str) -> str:
    return _words(header, str(Address(name, addr_spec=address)))


def _words(header: str, value: str) -> str:
    """What a person reads: folded and encoded where it is long or beyond ASCII."""
    short = value.isascii() and len(header) + len(value) + 2 <= _LINE
    return value if short else _made(header, value)


def _made(header: str, value: str) -> str:
    made: str = _POLICY.header_factory(header, value)
    return made


def _part(policy: Policy, kind: str, text: str) -> EmailMessage:
    """A text as quoted-printable."""
    part = EmailMessage(policy)
    part.set_raw("Content-Type", _TEXTS[kind])
    part.set_raw("Content-Transfer-Encoding", "quoted-printable")
    lines = "\n".join(text.splitlines()) + "\n"
    part.set_payload(b2a_qp(lines.encode()).decode("ascii"))
    return part


def _page(letter: Letter) -> str:
    direction = "rtl" if from_the_right(letter.language) else "ltr"
    paragraphs = "".join(f"<p>{linked(part)}</p>" for part in letter.text.split("\n\n"))
    return _PAGE.format(
        language=escape(letter.language, quote=True),
        direction=direction,
        about=escape(one_line(letter.about)),
        preview=_PREVIEW.format(escape(one_line(letter.preview))) if letter.preview else "",
        paragraphs=paragraphs,
    )
