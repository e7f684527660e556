"""From a request to an address of the Square API, or of another beside ours, to its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from regulars.base.faults import NotFound
from regulars.surfaces.api.answers import Answer
from regulars.surfaces.api.call import Call, Operation
from regulars.surfaces.api.door import Door
from regulars.surfaces.api.front.addresses import Here
from regulars.surfaces.api.front.desk import Desk, Manner
from regulars.surfaces.api.front.request import Request
from regulars.surfaces.connect.square.errors import PREFIX, VERSION, code_told, failed
from regulars.surfaces.connect.square.table import SQUARE_OPERATIONS


def _key(operation: Operation, ids: Mapping[str, str], _: bytes | None, sent: Any) -> str:
    """The key in the body holds for one operation on one thing; who asks is looked at elsewhere.

    It begins with a sign that no header can have, so it is nobody's key of the other API.
    """
    key = getattr(sent, "idempotency_key", "")
    # Whoever asks has one program: whether it is called by its name or `main` is the same request.
    of = " ".join(value for name, value in ids.items() if name != "program_id")
    return f" {operation.name} {of} {key}" if key else ""


def _said(call: Call) -> str:
    return getattr(call.sent, "idempotency_key", None) or ""


def _changes(operation: Operation) -> bool:
    """Here questions are sent by POST, too; whoever only looks changes nothing."""
    return operation.writes and not operation.path.endswith(_QUESTIONS)


_QUESTIONS: Final = ("/search", "/batch-retrieve", "/calculate", "/token/status")
# Square's document has no body there either, and Square reads none.
MANNER: Final = Manner(failed, _key, (VERSION,), _said, code_told, _changes, closed=False)


class Beside(NamedTuple):
    """An API of somebody else that is spoken here: below which address, by what, and how."""

    prefix: str
    operations: tuple[Operation, ...]
    manner: Manner


SPOKEN: Final = Beside(PREFIX, SQUARE_OPERATIONS, MANNER)


class Desks:
    """All that is no page: our own API, and those of others beside it."""

    def __init__(self, own: Desk, door: Door, *others: Beside) -> None:
        self._own = own
        self._others = [(one, Desk(one.operations, door, one.manner)) for one in (SPOKEN, *others)]
        self._door = door

    @property
    def addresses(self) -> Desks:
        """Who knows which address is whose."""
        return self

    def find(self, path: str) -> tuple[Here, Mapping[str, str]] | None:
        """What can be done at this address, of whichever API it is."""
        return self._of(path)[1].addresses.find(path)

    async def answer(self, request: Request) -> Answer | None:
        """The answer, or nothing where no API lives at this address."""
        beside, desk = self._of(request.path)
        answer = await desk.answer(request)
        if answer is None and beside is not None:
            nothing = NotFound("there is nothing at this address")
            return beside.manner.failed(nothing, request.path, self._door.given.report)
        return answer

    def _of(self, path: str) -> tuple[Beside | None, Desk]:
        for beside, desk in self._others:
            if path.startswith(f"{beside.prefix}/"):
                return beside, desk
        return None, self._own
