"""What a surface is given by whoever starts it; a surface starts nothing itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from regulars.base.keyed import Keyed
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.access.requests.types import Noted
from regulars.surfaces.api.front.proxies import LOOPBACK, Proxies
from regulars.surfaces.senders.outgoing.fetching import Fetch, fetched
from regulars.surfaces.senders.outgoing.guard import Guard

Flow = Callable[[Tx, Terms, Sequence[Any]], Awaitable[Sequence[Any]]]


class Gate(Protocol):
    """Takes one command and answers with its outcome once that is durable."""

    def submit(self, program_id: int, flow: Flow, command: Any) -> Awaitable[Any]: ...

    async def drain(self) -> None:
        """Wait until everything that was asked for has its outcome."""


class Database(Protocol):
    """Opens transactions fenced to one program; program 0 is none.

    Faults: Outage while the database is away.
    """

    def transaction(self, program_id: int) -> AbstractAsyncContextManager[Tx]: ...


class Programs(Protocol):
    """The terms of programs, compiled once."""

    async def terms(self, program_id: int) -> Terms: ...

    def forget(self, program_id: int) -> None: ...


class AppleKeys(Struct, frozen=True):
    """What passes of Apple Wallet are signed with; PEM, the pass's own certificate first."""

    pass_type: str
    team: str
    certificates: bytes
    key: bytes
    origin: str
    """Where telephones find us."""

    def __repr__(self) -> str:
        return f"AppleKeys({self.pass_type})"


class GoogleKeys(Struct, frozen=True):
    """What links to Google Wallet are signed with; the key is PEM."""

    issuer: str
    account: str
    key: bytes
    origin: str

    def __repr__(self) -> str:
        return f"GoogleKeys({self.issuer})"


class WalletKeys(Struct, frozen=True):
    """The wallets cards can be put into; none until there are keys."""

    apple: AppleKeys | None = None
    google: GoogleKeys | None = None


class Given(Struct, frozen=True):
    """Everything a surface may use."""

    gate: Gate
    front: Database
    """For what every request needs before it can be heard: its key and its program."""
    database: Database
    """For whoever looks, with connections of their own: however many look, tills go on."""
    programs: Programs
    now: Callable[[int], datetime]
    """What the clock of this program shows: a sandbox has one of its own."""
    ticks: Callable[[], float]
    """Seconds that only ever grow, for how long something may be remembered."""
    random_bytes: Callable[[int], bytes]
    report: Callable[[str, BaseException], None]
    """Puts a mistake of ours into the log, with the address it happened at."""
    aside: Callable[..., Awaitable[Any]]
    """Runs a function with its argument beside the work of the tills: one at a time, eight at most
    with those that wait. Who comes beyond that is told to come again (an outage, 503)."""
    keyed: Keyed
    """The keyed digest by which codes, links and addresses of members are known."""
    channels: frozenset[str]
    """By what members can be written to: `email`, `sms`, or nothing until a sender is set up."""
    shown_program: Callable[[], Awaitable[int | None]]
    """The program whose public page this address shows, once there is one."""
    push_key: str = ""
    """What browsers are given of the key that notices to devices come by; none are sent where there
    is none."""
    wallets: WalletKeys = WalletKeys()
    """With what cards are put into the wallets of telephones."""
    uploads: Path | None = None
    """Where files lie that were brought in the console; nobody brings any where there is none."""
    proxies: Proxies = LOOPBACK
    """Whose word is believed about who asks."""
    noted: Callable[[int, Noted], None] | None = None
    """Takes down what was asked of which program, for whoever looks it up later."""
    receivers: Guard = Guard()
    """Where events may be sent."""
    feeds: Path | None = None
    """Below which folder of this machine files with events may lie; nothing: in none."""
    extracts: Path | None = None
    """Below which folder of this machine extracts may be put; nothing: into none."""
    mailgun_key: str = ""
    """With what Mailgun signs what it tells; nothing: nothing of it comes in."""
    sms_token: str = ""
    """With what Twilio signs what it tells; nothing: nothing of it comes in."""
    public_url: str = ""
    """Where members' browsers find it, as links of messages begin; nothing: it is not said."""
    fetch: Fetch = fetched
    """What stands at a public address: certificates of who signs, and yes to who asks for it."""

    def clock(self) -> datetime:
        """The clock of the house, which nobody moves: no program has this number."""
        return self.now(0)
