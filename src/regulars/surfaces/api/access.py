"""Who asks: API keys, remembered for less than a second so that a revoked one ends at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID

from regulars.records.access import read
from regulars.records.access.keys import is_whole
from regulars.records.access.staff.tokens import counted_as
from regulars.records.access.types import ApiKey, Scope, partners_of
from regulars.records.tills import read as tills
from regulars.records.tills.pairing import code_hash, code_meant
from regulars.surfaces.api.faults import MissingScope, NoKey
from regulars.surfaces.api.strict.guesses import Guesses
from regulars.surfaces.given import Database

REMEMBERED_S: Final = 0.9
ASK_AGAIN_S: Final = 0.4
"""A key in use is looked up again in the background, so that nobody waits for it."""
MOST_REMEMBERED: Final = 10_000


class Caller(NamedTuple):
    """Who asks, for which program, and what they may do."""

    program_id: int
    principal: str
    scopes: frozenset[str]
    origins: tuple[str, ...] = ()
    """Of the public key of a web shop: where its pages come from."""
    key_id: UUID | None = None
    per_minute: int = 0
    """Requests a minute, where the key has such a limit; 0 where it has none."""

    def require(self, *needed: Scope) -> None:
        """Any one of these scopes. Faults: MissingScope."""
        scopes = self.scopes
        for scope in needed:
            if scope in scopes:
                return
        if Scope.PARTNERS_TELL in needed and partners_of(scopes):
            return
        if Scope.ALL not in scopes:
            asked = " or ".join(needed)
            raise MissingScope(f"this needs an API key with the scope {asked}", scope=asked)

    @property
    def partners(self) -> frozenset[str] | None:
        """The partners that alone are open to them; nothing where every one is."""
        every = {Scope.ALL, Scope.PARTNERS_WRITE, Scope.PARTNERS_TELL}
        return partners_of(self.scopes) or None if every.isdisjoint(self.scopes) else None


class _Kept(NamedTuple):
    until: float
    again_at: float
    caller: Caller | None


class Access:
    """The keys this process has met lately, by the digest of the key.

    A key is compared by its SHA-256: how long that takes says nothing about any key.
    """

    def __init__(self, database: Database, ticks: Callable[[], float]) -> None:
        self._database = database
        self._ticks = ticks
        self._kept: dict[bytes, _Kept] = {}
        self._asking: dict[bytes, asyncio.Task[Caller | None]] = {}
        self._guesses = Guesses(ticks)

    async def caller(self, authorization: bytes | None, address: Callable[[], str] = str) -> Caller:
        """Who sent this Authorization header, from this address.

        Faults: NoKey. Raises: No for who guesses at codes of pairing.
        """
        if authorization is None or authorization[:7].lower() != b"bearer ":
            raise NoKey("send your API key: `Authorization: Bearer reg_live_…`")
        shown = authorization[7:].strip()
        digest = sha256(shown).digest()
        kept, now = self._kept.get(digest), self._ticks()
        if kept is None or kept.until <= now:
            caller = await self._look_up(shown, digest, address)
        else:
            caller = kept.caller
            if kept.again_at <= now and digest not in self._asking:
                self._ask(digest)
        if caller is None:
            raise NoKey("this API key is unknown or revoked")
        return caller

    def forget(self) -> None:
        """Remember no key: one was revoked through us."""
        self._kept.clear()

    async def _look_up(
        self, shown: bytes, digest: bytes, address: Callable[[], str]
    ) -> Caller | None:
        code = code_meant(shown.decode("latin-1")) if len(shown) < 20 else None
        if code is not None:
            return await self._pairing(code, counted_as(address()))
        # A key with a wrong letter never reaches the database, so guessing costs it nothing.
        if len(shown) > 100 or not is_whole(shown.decode("latin-1")):
            return None
        # Everybody who waits for this key waits for one question; who gives up does not end it.
        return await asyncio.shield(self._asking.get(digest) or self._ask(digest))

    async def _pairing(self, code: str, address: str) -> Caller | None:
        """Whoever shows the code of a pairing may pair, and nothing else. Never remembered.

        A code is short enough to be typed, so guesses are counted; keys are not.
        """
        self._guesses.count(address)
        code_digest = code_hash(code)
        async with self._database.transaction(0) as tx:
            found = await tills.pairing_by_digest(tx, code_digest)
            fits = found is not None and found.is_open(tx.now)
        if found is None:
            return None
        if fits:  # one that was used is no proof that somebody does not guess
            self._guesses.right(address)
        return Caller(found.program_id, code_digest.hex(), frozenset({Scope.TILL_PAIR}))

    def _ask(self, digest: bytes) -> asyncio.Task[Caller | None]:
        task = asyncio.get_running_loop().create_task(self._read(digest))
        self._asking[digest] = task
        task.add_done_callback(lambda done: self._answered(digest, done))
        return task

    def _answered(self, digest: bytes, task: asyncio.Task[Caller | None]) -> None:
        self._asking.pop(digest, None)
        if task.cancelled() or task.exception() is not None:
            return  # who waits sees the outage; who had an answer keeps it until it is too old

    async def _read(self, digest: bytes) -> Caller | None:
        began = self._ticks()
        async with self._database.transaction(0) as tx:
            key = await read.by_digest(tx, digest)
        caller = _caller(key) if key is not None and key.is_open else None
        if len(self._kept) >= MOST_REMEMBERED:
            self._kept.clear()
        self._kept[digest] = _Kept(began + REMEMBERED_S, began + ASK_AGAIN_S, caller)
        return caller


def _caller(key: ApiKey) -> Caller:
    principal, most = f"key_{key.key_id.hex}", key.per_minute
    return Caller(key.program_id, principal, key.scopes, key.origins, key.key_id, most)
