"""A file is brought, its columns are chosen, and it is taken away again."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from regulars.base.faults import Fault, NotFound
from regulars.base.tx import Tx
from regulars.records.errands import read, write
from regulars.records.errands.types import KEPT, Upload

MOST_UPLOADS: Final = 10
"""So many files of a program lie there at once for the same use."""


class TooManyUploads(Fault):
    """So many files lie there already."""

    code = "too_many_uploads"
    category = "conflict"


class UploadInUse(Fault):
    """A job that is open reads this file."""

    code = "upload_in_use"
    category = "conflict"


async def room_for_upload(tx: Tx, use: str) -> None:
    """Whether one more file may come for this: `trial` or `import`; neither is in the other's way.

    Faults: TooManyUploads.
    """
    there = [one for one in await read.uploads(tx) if one.choices.get("for") == use]
    if len(there) >= MOST_UPLOADS:
        raise TooManyUploads("ten files of this shop lie here already; delete one first")


async def keep_upload(tx: Tx, one: Upload) -> Upload:
    """A file that lies there whole is kept for a week. Faults: TooManyUploads."""
    await write.hold_errands(tx)
    await room_for_upload(tx, one.choices["for"])
    await tx.write(write.keep_upload(tx, one))
    return one


async def choose_columns(tx: Tx, upload_id: UUID, choices: dict[str, Any]) -> Upload:
    """Keep which column is which field. Faults: NotFound."""
    found = await read.upload(tx, upload_id)
    if found is None:
        raise NotFound("this file is not here any more; bring it again")
    await tx.write(write.choose(tx, upload_id, choices))
    return found


async def drop_upload(tx: Tx, upload_id: UUID) -> None:
    """Forget that a file lies there; who keeps the folder removes it. Twice is as once.

    Faults: UploadInUse while an errand that is open reads it.
    """
    await write.hold_errands(tx)
    if upload_id.hex in await _being_read(tx):
        raise UploadInUse("this file is being read; stop the job first, or wait for its end")
    await tx.write(write.drop_upload(tx, upload_id))


async def old_uploads(tx: Tx) -> list[UUID]:
    """Forget the files that lie there for longer than a week; which they were.

    Keeps: one that is being read stays until that is over.
    """
    await write.hold_errands(tx)
    late = [one.upload_id for one in await read.uploads(tx) if one.kept_at + KEPT <= tx.now]
    busy = await _being_read(tx) if late else set()
    old = [one for one in late if one.hex not in busy]
    for upload_id in old:
        await tx.write(write.drop_upload(tx, upload_id))
    return old


async def _being_read(tx: Tx) -> set[str]:
    """The files that errands which are open were asked to read."""
    found = await read.errands(tx, "trial", "check", "import")
    asked = [one.ask for one in found if one.is_open]
    files = [each for ask in asked for each in (ask, *ask.get("more", ()))]
    return {str(one.get("upload", "")) for one in files}
