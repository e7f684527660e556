"""A letter as it travels: headers that nothing can be smuggled into, and the text in two forms."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from html import escape
from typing import Final

from msgspec import Struct

from regulars.surfaces.senders.types import Letter, one_line

RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur"})
_PAGE: Final = """<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>{about}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1a1a1a;background:#fff">
{preview}<div style="max-width:560px;margin:0 auto">{paragraphs}</div></body></html>
"""

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
    utf8 = not letter.to.isascii()
    mail = EmailMessage(policy=SMTPUTF8 if utf8 else SMTP)
    name = one_line(origin.name or letter.shop)
    mail["From"] = Address(name, addr_spec=origin.address)
    # In two parts: as one, letters beyond ASCII before the at sign are refused.
    local, _, domain = letter.to.rpartition("@")
    mail["To"] = Address(username=local, domain=domain)
    if letter.answerable and origin.answers:
        mail["Reply-To"] = Address(addr_spec=origin.answers)
    mail["Subject"] = one_line(letter.about)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{letter.mark}@{origin.address.rpartition('@')[2]}>"
    if letter.stop:
        mail["List-Unsubscribe"] = f"<{one_line(letter.stop)}>"
        if letter.stop.startswith("https://"):
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    elif letter.choose:
        # RFC 2369. A button there is pressed by who is signed in; no letter says the one-click of
        # RFC 8058, as nobody else may take somebody's notices away.
        mail["List-Unsubscribe"] = f"<{one_line(letter.choose)}>"
    if letter.of_list:
        # RFC 2919: by this readers sort all of a kind, however a shop calls itself by then.
        mail["List-Id"] = f"<{one_line(letter.of_list)}.{origin.address.rpartition('@')[2]}>"
    # No out-of-office answers: nobody reads them.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text + "\n", cte="quoted-printable")
    mail.add_alternative(letter.html or _page(letter), subtype="html", cte="quoted-printable")
    for one in letter.files:
        main, _, sub = one.media.partition("/")
        mail.add_attachment(one.content, maintype=main, subtype=sub, filename=one_line(one.name))
    # Last: whatever adds a part takes headers of the content along into the part before it.
    mail["Content-Language"] = letter.language
    return mail


def _page(letter: Letter) -> str:
    direction = "rtl" if letter.language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
    paragraphs = "".join(f"<p>{_linked(part)}</p>" for part in letter.text.split("\n\n"))
    return _PAGE.format(
        language=escape(letter.language, quote=True),
        direction=direction,
        about=escape(one_line(letter.about)),
        preview=_PREVIEW.format(escape(one_line(letter.preview))) if letter.preview else "",
        paragraphs=paragraphs,
    )


def _linked(text: str) -> str:
    """The text as HTML, with what is an address of the web to be clicked."""
    words = []
    for word in text.split(" "):
        plain = escape(word, quote=True).replace("\n", "<br>")
        whole = word.startswith(("https://", "http://")) and "\n" not in word
        words.append(f'<a href="{plain}">{plain}</a>' if whole else plain)
    return " ".join(words)
