"""One request as an operation sees it, and what an operation is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct

from regulars.base.faults import Fault, Outage, Refused, StaleTerms
from regulars.base.tx import Tx
from regulars.engine.terms import Terms
from regulars.records.access.staff.types import By
from regulars.records.access.types import Scope
from regulars.records.members.types import Asked
from regulars.surfaces.api.access import Access, Caller
from regulars.surfaces.api.answers import Header, No
from regulars.surfaces.api.strict.once import Once, own_key
from regulars.surfaces.given import Flow, Given

Found = TypeVar("Found")


class Call(Struct, frozen=True):
    """A request whose key, address and body were found to be good."""

    given: Given
    access: Access
    caller: Caller
    ids: Mapping[str, str]
    """What stands in the variable parts of the address."""
    query: Any
    sent: Any
    key: str

    @property
    def asked(self) -> Asked:
        """Who asks, under which key; without one a key of our own, so the gate may try again."""
        return Asked(self.caller.principal, self.key or own_key(self.given.random_bytes))

    @property
    def by(self) -> By:
        """Who asks, as what was done is noted."""
        return By(words=self.caller.principal)

    @property
    def now(self) -> datetime:
        """What the clock of the caller's program shows."""
        return self.given.now(self.caller.program_id)

    @property
    def transaction(self) -> Any:
        """A transaction fenced to the caller's program, for reading."""
        return self.given.database.transaction(self.caller.program_id)

    async def terms(self) -> Terms:
        """The caller's program. Faults: NotFound before its first version."""
        return await self.given.programs.terms(self.caller.program_id)

    async def read(self, look: Callable[[Tx, Terms], Awaitable[Found]]) -> Found:
        """Look at the books with the terms in force, also when a version was just published."""
        for _ in range(3):
            terms = await self.terms()
            try:
                async with self.transaction as tx:
                    return await look(tx, terms)
            except StaleTerms:
                self.given.programs.forget(self.caller.program_id)
        raise Outage("the program changes right now; try again in a moment")

    async def do(self, flow: Flow, command: Any) -> Any:
        """Ask the gate for one command; its outcome when it was done.

        Faults: whatever the flow answers; a refusal is thrown as No.
        """
        outcome = await self.given.gate.submit(self.caller.program_id, flow, command)
        return granted(outcome)


class Reply(Struct, frozen=True):
    """What an operation answers."""

    body: Any
    status: int = 200
    replayed: bool = False
    location: str = ""
    headers: tuple[Header, ...] = ()
    media: str = ""
    """Of a file: what it is; its body is bytes then, and goes out as it is."""


class Operation(Struct, frozen=True, kw_only=True):
    """One thing the API does: its address, who may, what it takes and answers, an example."""

    method: str
    path: str
    name: str
    tag: str
    says: str
    scopes: tuple[Scope, ...]
    """Any one of them is enough."""
    answers: dict[int, Any]
    """The shape of the answer per status."""
    example: Any = None
    answer_example: Any = None
    do: Callable[[Call], Awaitable[Reply]]
    sent: Any = None
    query: Any = None
    codes: tuple[str, ...] = ()
    """Problems of its own, besides those every operation can have."""
    notes: str = ""
    files: tuple[str, ...] = ()
    """What its answer may be instead of JSON, where a file is asked for."""
    body_optional: bool = False
    once: Once = Once.KEY
    """What a second asking means; of GET there is nothing to say."""
    open: Callable[[Any, Any, Mapping[str, str]], Awaitable[Reply]] | None = None
    """Of an address that needs no API key: it is given the door, the request as it came, and what
    stands in the variable parts of its address, and judges by itself who asks."""

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET" and self.once is not Once.LOOKS

    @property
    def keyed(self) -> bool:
        """Whether it takes an Idempotency-Key."""
        return self.writes and self.open is None and self.once in (Once.KEY, Once.PARTS)


def granted(outcome: Any) -> Any:
    """The outcome of a flow when it was done; thrown when it was not."""
    if isinstance(outcome, Fault):
        raise outcome
    if isinstance(outcome, Refused):
        raise No(outcome)
    return outcome
