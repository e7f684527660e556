"""What may be asked of the direct line, and what is answered."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from msgspec import Struct

from regulars.base.faults import Fault, Refused
from regulars.records.benefits.lines.types import LineWay, Task, Word


class WriteWord(Struct, frozen=True):
    """Whoever looks after a member writes to them; `line_id` is the same when it is asked again."""

    line_id: UUID
    member_id: UUID
    staff_id: UUID
    way: LineWay
    says: str


class HearWord(Struct, frozen=True):
    """A member wrote: in their card, or by a letter that came in."""

    line_id: UUID
    member_id: UUID
    way: LineWay
    says: str
    answers: bool = False
    """It answers something we sent: heard also of a member whom nobody looks after."""


class HeedWords(Struct, frozen=True):
    """What a member wrote whom nobody looks after needs no answer."""

    member_id: UUID
    staff_id: UUID


class NoteTask(Struct, frozen=True):
    """Whoever looks after a member means to do something for them by a day."""

    member_id: UUID
    staff_id: UUID
    says: str
    due_on: date
    task_id: UUID | None = None
    """The same when it is asked again; without one each is another."""


class FinishTask(Struct, frozen=True):
    """Somebody did it: whoever looks after the member or, where nobody does, somebody of the store
    or whoever keeps members; with what came of it."""

    member_id: UUID
    staff_id: UUID
    task_id: UUID
    result: str = ""


LineCommand = WriteWord | HearWord
TaskCommand = NoteTask | FinishTask
HeedOutcome = None | Fault
LineOutcome = Word | Refused | Fault
TaskOutcome = Task | Fault
