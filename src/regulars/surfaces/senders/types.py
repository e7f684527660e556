"""A letter, and what a sender says of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, Protocol, runtime_checkable
from unicodedata import category

from msgspec import Struct

from regulars.records.outbox.bounces.types import Meant
from regulars.records.outbox.delivery.devices.types import PushDevice
from regulars.records.outbox.delivery.types import Channel


class Attached(Struct, frozen=True):
    """A file that goes with a letter."""

    name: str
    media: str
    content: bytes


class Letter(Struct, frozen=True):
    """A message ready to go: `about` is its subject, which a text message does not have."""

    mark: str
    """The same for each try of one delivery: the Message-ID of a letter, the key of a request."""
    to: str
    about: str
    text: str
    shop: str
    language: str = "en"
    choose: str = ""
    """Where its reader says that they want no more of the kind; nothing for what must be sent."""
    stop: str = ""
    """Where one request, by whoever holds the letter, ends all of the kind (RFC 8058)."""
    html: str = ""
    """Of a letter, how it looks where it is more than its text."""
    preview: str = ""
    """Of a letter, what a list shows beside its subject."""
    files: tuple[Attached, ...] = ()
    """What goes with it; a text message has none."""
    devices: tuple[PushDevice, ...] = ()
    """Of a notice, where it is shown."""
    answerable: bool = False
    """Whether somebody reads what its reader answers."""
    of_list: str = ""
    """Of a letter that one may end, which list it is of (RFC 2919): `campaigns.corner-cafe`."""
    opens: str = ""
    """Of a notice, the page that a touch of it opens."""


class Said(Struct, frozen=True):
    """What came of it: sent; to be tried later; never, as it was refused for good.

    `away` says that the sender as a whole does not answer: the next letter would fare no better.
    `back` says that nobody is at this address, whatever is sent there, that nothing arrives there
    for now, or that its reader wants nothing. `unsure` says that it was under way when the sender
    went away, and may have arrived. `gone` are devices that are no more.
    """

    outcome: Literal["sent", "later", "never"]
    reason: str = ""
    away: bool = False
    back: Meant = ""
    unsure: bool = False
    gone: tuple[PushDevice, ...] = ()


class Sender(Protocol):
    """Carries letters of one channel."""

    @property
    def channel(self) -> Channel: ...

    @property
    def name(self) -> str:
        """What people know it by: `e-mail by mail.example.org`."""

    async def send(self, letters: Sequence[Letter]) -> Sequence[Said]:
        """Send these, one after the other; one answer each. What the world does is no exception."""


@runtime_checkable
class Keyed(Protocol):
    """A sender whose provider takes a key with each message, and sends none twice under it."""

    @property
    def takes_key(self) -> bool: ...


def takes_key(sender: object) -> bool:
    """Whether a message that may have been sent can be tried again without harm."""
    return isinstance(sender, Keyed) and sender.takes_key


SENT: Final = Said("sent")
_BREAKS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """The same on one line: whatever could begin a further header is a space, and signs that turn
    the direction of others are left out, so that nothing reads as what it is not."""
    if text.isprintable():  # none of either is, and nearly all that is written is
        return " ".join(text.split())
    signs = (" " if category(sign) in _BREAKS else sign for sign in text if sign not in _TURNS)
    return " ".join("".join(signs).split())
