"""What an entry in the books did and why, in sentences a member can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from regulars.engine.calendar import local
from regulars.engine.terms import Version
from regulars.engine.words.explain import amount_in_words
from regulars.engine.words.reasons import reason_in_words
from regulars.engine.words.voice import PLAIN, Voice
from regulars.records.ledger.touched.read import Touched
from regulars.records.ledger.types import NEVER, Account, Entry, EntryKind
from regulars.records.program.translations import in_language

_COUNTED: Final = MappingProxyType[EntryKind, Account](
    {
        "earn": Account.ISSUED,
        "return": Account.ISSUED,
        "restate": Account.ISSUED,
        "hold": Account.HELD,
        "capture": Account.REDEEMED,
        "void": Account.HELD,
        "lapse": Account.HELD,
        "expire": Account.EXPIRED,
        "adjust": Account.ADJUSTED,
        "activate": Account.PENDING,
        "cancel": Account.PENDING,
        "open": Account.OPENING,
        "transfer": Account.TRANSFERRED,
        "pool": Account.TRANSFERRED,
        "merge": Account.TRANSFERRED,
        "unmerge": Account.TRANSFERRED,
        "extend": Account.AVAILABLE,
        "postpone": Account.AVAILABLE,
        "reinstate": Account.AVAILABLE,
        "write_off": Account.DEBT,
        "refund": Account.REDEEMED,
        "repay": Account.DEBT,
        "milestone": Account.ISSUED,
    }
)
"""The account whose movement an entry of this kind is about."""
_TWO_WAYS: Final = frozenset(
    {"return", "restate", "milestone", "adjust", "transfer", "pool", "merge", "unmerge"}
)
"""Kinds that give or take: points that leave the program's side came to the member."""


_NONE: Final[Mapping[int, str]] = MappingProxyType({})
_OURS: Final = frozenset({"payment", "stored_value", "payout"})
"""Kinds of redemptions that no reward of the program is behind: their name is ours."""
_IN_PLACE: Final = frozenset({"extend", "postpone"})
"""Kinds that move points from an account to itself, because only their end moves."""


class Booking(NamedTuple):
    """An entry with what it did to lots and, where it has one, the name of its reward."""

    entry: Entry
    touched: Sequence[Touched]
    reward: str = ""
    reward_kind: str = ""


def entry_in_words(
    version: Version, booking: Booking, voice: Voice = PLAIN, wallets: Mapping[int, str] = _NONE
) -> list[str]:
    """What an entry did, with how much of which points, and the reason that was given.

    Shape: `wallets` are the names of all wallets there ever were, by code.
    Order: the movement, then lot after lot as they were touched, then the reason.
    Example: "Lapsed on 2027-02-01: 5 Points." "5 Points, earned on 2026-01-14, …"
    """
    desk = _Desk(version, voice, wallets or version.wallet_ids)
    entry = booking.entry
    lines = [desk.movement(booking, way) for way in ("more", "less")]
    lines += [desk.lot(one) for one in booking.touched]
    if entry.reason:
        said = reason_in_words(entry.actor, entry.reason, voice)
        lines.append(voice.say("entry.reason", reason=said))
    return [line for line in lines if line]


def reward_in_words(kind: str, name: str, voice: Voice) -> str:
    """What a redemption is called: by its own name, or where it is ours in the language asked for.

    Example: money to a bank account is "Paid to a bank account" and "Auf ein Bankkonto ausgezahlt".
    """
    return voice.say(f"reward.{kind}") if kind in _OURS else name


class _Desk:
    """Puts the numbers of one version into phrases."""

    def __init__(self, version: Version, voice: Voice, wallets: Mapping[int, str]) -> None:
        self._version = version
        self._wallets = wallets
        self._program = in_language(version.program, voice.language)
        self._voice = voice

    def movement(self, booking: Booking, way: str) -> str:
        """What came (`more`) or went (`less`) by an entry; nothing where nothing did."""
        entry = booking.entry
        names = self._voice.all_of(list(self._amounts(entry, way)))
        if not names:
            return ""
        key = f"entry.{entry.kind}_{way}" if entry.kind in _TWO_WAYS else f"entry.{entry.kind}"
        ours = f"entry.a_{booking.reward_kind}" if booking.reward_kind in _OURS else ""
        reward = self._voice.say(ours) if ours else booking.reward
        reward = reward or self._voice.say("entry.a_reward")
        return self._voice.say(key, on=self._day(entry.occurred_at), points=names, reward=reward)

    def _amounts(self, entry: Entry, way: str) -> Iterator[str]:
        account = _COUNTED[entry.kind]
        for wallet in dict.fromkeys(side.wallet for side in entry.postings):
            moved = sum(s.amount for s in entry.postings if s[:2] == (wallet, account))
            if entry.kind == "adjust" and not moved:  # worked out by a connected till
                moved = sum(s.amount for s in entry.postings if s[:2] == (wallet, Account.ISSUED))
            if entry.kind in _TWO_WAYS:
                # What leaves the program's side is what the member got.
                points = -moved if way == "more" else moved
            elif entry.kind in _IN_PLACE:
                points = sum(max(s.amount, 0) for s in entry.postings if s.wallet == wallet)
            else:
                points = abs(moved)
            if points > 0 and (way == "more" or entry.kind in _TWO_WAYS):
                yield self._quantity(wallet, points)

    def lot(self, one: Touched) -> str:
        """One lot: how many of its points, when earned, until when they live."""
        key = "entry.lot_for_ever" if one.expires_at >= NEVER else "entry.lot"
        return self._voice.say(
            key,
            points=self._quantity(one.wallet, abs(one.points)),
            on=self._day(one.earned_at),
            ends_on=self._day(one.expires_at) if one.expires_at < NEVER else "",
        )

    def _quantity(self, code: int, points: int) -> str:
        # The wallet may be one of an older version.
        return amount_in_words(self._program, self._wallets[code], points, self._voice)

    def _day(self, at: datetime) -> str:
        day = date.fromordinal(local(self._version.zone, at).day)
        return self._voice.day(day.isoformat())
