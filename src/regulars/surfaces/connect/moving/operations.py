"""Imports over HTTP: which there are, what taking one back would come to, and that it is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from regulars.flows.batch.askings import reused
from regulars.flows.errands.keep_errands import AskErrand, ask_errand
from regulars.flows.importing.take_back import check
from regulars.records.access.staff.types import By
from regulars.records.access.types import Scope
from regulars.records.errands import read as errands
from regulars.records.errands.types import Errand
from regulars.records.imports import read
from regulars.records.imports.types import Brought
from regulars.records.once.types import idempotency_key
from regulars.surfaces.api.call import Call, Operation, Reply
from regulars.surfaces.api.strict.ids import addressed, shown

_LATEST: Final = 100
_IMP: Final = "imp_018f3c5e7a1b7cde8f00696d70000000"
_AT: Final = "2026-03-02T12:00:00Z"


class ImportUndoSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole import is to be taken back."""

    dry_run: bool = True
    """Only say what it would come to; `false` takes it back."""


class ImportShown(Struct, frozen=True):
    """Files that were brought over."""

    id: str
    files: list[str]
    begun_at: datetime
    done_at: datetime | None
    taken: int
    """Lines that are in the books."""
    known: int
    """Lines that were known before."""
    left_out: int
    undone_at: datetime | None
    """When all of it that could be was taken back."""


class ImportsShown(Struct, frozen=True):
    """The latest imports."""

    items: list[ImportShown]


class ImportUndoShown(Struct, frozen=True):
    """How far it is: counts of members, nobody's name."""

    import_id: str
    dry_run: bool
    state: str
    """`waiting`, `running`, `done`, `failed` or `stopped`."""
    says: str
    """Why it failed."""
    members: int = 0
    """Whom the import made: they are nobody again."""
    others: int = 0
    """Who were here before, and give its points back."""
    kept: dict[str, int] = {}
    """Who keeps everything, by the reason."""
    points: dict[str, int] = {}
    """Of a dry run: what would go, at the scale of each wallet."""
    purchases: int = 0
    """Of a dry run: what would come back."""
    stays: dict[str, int] = {}
    """Of a dry run: what is nobody's and stays."""
    deeds: int = 0
    """Of a dry run: visits and whatever else would come back, as it drew on what all share."""


async def listed(call: Call) -> Reply:
    """What was brought over, the latest first."""
    async with call.transaction as tx:
        found = await read.latest(tx, _LATEST)
    return Reply(ImportsShown([_import(one) for one in found]))


async def undo(call: Call) -> Reply:
    """The worker weighs an import, or takes it back."""
    sent: ImportUndoSent = call.sent
    import_id = addressed("imp", call.ids["import_id"])
    kind: Any = "undo_check" if sent.dry_run else "undo"
    async with call.transaction as tx:
        await check(tx, import_id)
        found = await read.by_id(tx, import_id)
        assert found is not None, import_id
        who = call.caller.principal
        errand_id = idempotency_key(who, "undo", call.key) if call.key else tx.new_id()
        before = await errands.errand(tx, errand_id)
        if before is not None and (before.kind, before.ask["imported"]) != (kind, import_id.hex):
            raise reused()
        files = found.files.replace("\n", ", ")
        ask = {"imported": import_id.hex, "files": files, "actor": who}
        one = await ask_errand(tx, AskErrand(errand_id, kind, files, ask, By(words=who)))
    return Reply(_undo(import_id, one), 202, replayed=before is not None)


async def how_far(call: Call) -> Reply:
    """What came of the last time that somebody asked."""
    import_id = addressed("imp", call.ids["import_id"])
    async with call.transaction as tx:
        await check(tx, import_id)
        asked = await errands.errands(tx, "undo_check", "undo")
    last = next((one for one in asked if one.ask.get("imported") == import_id.hex), None)
    return Reply(_undo(import_id, last))


def _import(one: Brought) -> ImportShown:
    return ImportShown(
        shown("imp", one.import_id),
        one.files.splitlines(),
        one.begun_at,
        one.done_at,
        one.taken,
        one.known,
        one.left_out,
        one.undone_at,
    )


def _undo(import_id: UUID, one: Errand | None) -> ImportUndoShown:
    id_ = shown("imp", import_id)
    if one is None:
        return ImportUndoShown(id_, True, "stopped", "nobody asked for it yet")
    return ImportUndoShown(
        id_, one.kind == "undo_check", one.state, one.says, **(one.outcome or {})
    )


_TAG: Final = "Imports"
_BACK: Final = {
    "import_id": _IMP, "dry_run": True, "state": "done", "says": "", "members": 1200, "others": 3,
    "kept": {"bought": 4, "spent": 1}, "points": {"points": 45000}, "purchases": 8100,
    "stays": {"sales_to_nobody": 12}, "deeds": 40,
}  # fmt: skip
_CODES: Final = ("unknown_import", "import_not_linked")
OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/imports",
        name="list_imports",
        tag=_TAG,
        says="What was brought over from other systems, the latest hundred",
        scopes=(Scope.BOOKS_READ,),
        answers={200: ImportsShown},
        answer_example={
            "items": [
                {
                    "id": _IMP,
                    "files": ["members.csv"],
                    "begun_at": _AT,
                    "done_at": _AT,
                    "taken": 1204,
                    "known": 0,
                    "left_out": 2,
                    "undone_at": None,
                }
            ]
        },
        do=listed,
    ),
    Operation(
        method="POST",
        path="/v1/imports/{import_id}/undo",
        name="undo_import",
        tag=_TAG,
        says="Say what taking an import back would come to, or take it back",
        notes="The worker does it; ask how far it is. Members whom the import made and with whom "
        "nothing happened since are nobody again; whoever bought or spent something keeps "
        "everything. Nothing is deleted and nobody is told. The scope is that of erasing members.",
        scopes=(Scope.MEMBERS_ERASE,),
        sent=ImportUndoSent,
        answers={202: ImportUndoShown},
        example={"dry_run": True},
        answer_example=_BACK | {"state": "waiting"},
        codes=(*_CODES, "too_many_errands"),
        do=undo,
    ),
    Operation(
        method="GET",
        path="/v1/imports/{import_id}/undo",
        name="get_undo",
        tag=_TAG,
        says="How far taking an import back is, and what came of it",
        scopes=(Scope.MEMBERS_ERASE,),
        answers={200: ImportUndoShown},
        answer_example=_BACK,
        codes=_CODES,
        do=how_far,
    ),
)
