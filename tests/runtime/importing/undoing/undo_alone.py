"""Takes one import back in a program of its own, to be killed: `undo_alone.py DSN PROGRAM ID N`.

It prints a line for each batch of N members, and at its end what became of them.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from uuid import UUID

from regulars.runtime.importing import undoing


class Aloud:
    """Says that a batch is done, so that somebody outside knows when to strike."""

    def begins(self, stage: str, total: int) -> None:
        print(f"{total} wait", flush=True)

    def advances(self, by: int) -> None:
        print(by, flush=True)


def main() -> None:
    dsn, program, import_id, batch = sys.argv[1:]
    undoing.BATCH = int(batch)  # type: ignore[misc]
    asked = (int(program), UUID(import_id), "owner")
    done = asyncio.run(undoing.undo_import(dsn, asked, Aloud()))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"done {done.members} {done.others} {sum(done.kept.values())}, {most} MiB", flush=True)


if __name__ == "__main__":
    main()
