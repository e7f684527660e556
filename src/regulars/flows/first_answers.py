"""What was asked before gets its first answer again; what is new is kept with its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from regulars.base.faults import KeyReused
from regulars.base.tx import Tx, Write
from regulars.records.once import read, write
from regulars.records.once.types import Known


class FirstAnswers:
    """The keys of one batch: those used before, and those this batch uses.

    Order: ask `given` of each command in turn, `give` its answer, and `writes` at the end.
    """

    def __init__(self, known: dict[UUID, Known]) -> None:
        self._known = known
        self._kept: list[write.Kept] = []

    @classmethod
    async def load(cls, tx: Tx, keys: Iterable[Sequence[UUID]]) -> FirstAnswers:
        """Look up all keys of a batch at once."""
        wanted = {key for of_command in keys for key in of_command}
        return cls(await read.known(tx, list(wanted)))

    def given(self, keys: Sequence[UUID], content: UUID) -> bytes | KeyReused | None:
        """The first answer under any of these keys; a fault when something else was asked."""
        before = [self._known[key] for key in keys if key in self._known]
        if any(known.content != content for known in before):
            return KeyReused(
                "This key, or this receipt, was already used for something else",
                mend="Use a new key for a new request, and send a repeated one unchanged",
            )
        return before[0].answer if before else None

    def give(self, keys: Sequence[UUID], answer: Known) -> None:
        """Remember this answer under these keys, also for the rest of the batch."""
        for key in keys:
            if key not in self._known:
                self._known[key] = answer
                self._kept.append(
                    write.Kept(
                        key, answer.content, answer.member_id, answer.subject_id, answer.answer
                    )
                )

    def writes(self, tx: Tx) -> list[Write]:
        """The keys to be kept with what they stand for."""
        return write.keep(tx, self._kept)
