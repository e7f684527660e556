"""A replay across machines: parts of the history go to the workers of a dask cluster.

Each part is bytes in and bytes out ([`cluster`](cluster.py)).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from regulars import __version__
from regulars.engine.compiling.compile import Compiled, compile_program
from regulars.engine.replaying.fold import Fold, alone
from regulars.engine.replaying.parting import Part, decide, parted, together
from regulars.engine.replaying.tally import Tally
from regulars.engine.terms import Terms
from regulars.records.activity.happening import Happening
from regulars.records.program.types import Program
from regulars.runtime.checking.cluster import done_by

IN_COLUMNS: Final = "in columns, by the kernel"
NO_KERNEL: Final = "the extra regulars[kernel] is not installed"
EACH: Final = 4
"""Parts for each thread, so that a slow machine holds nobody up for long."""


class Task(msgspec.Struct, frozen=True):
    """A part of a history, and everything that is needed to decide it."""

    version: str
    """Of Regulars: another one might decide otherwise."""
    program: bytes
    since: datetime
    window: tuple[int, int]
    ends: datetime
    warns: tuple[str, ...]
    rows: list[tuple[int, Happening]]
    kernel: bool = False
    """Whether the kernel decides all it can."""


class Reply(msgspec.Struct, frozen=True):
    """What a worker came to: the parts, of whom it decided in columns and of whom not, and why."""

    parts: list[Part]
    in_columns: int = 0
    one_by_one: int = 0
    why: str = ""


_pack = msgspec.msgpack.Encoder().encode
_task = msgspec.msgpack.Decoder(Task).decode
_reply = msgspec.msgpack.Decoder(Reply).decode


def decide_part(told: bytes) -> bytes:
    """What a worker does with a part. Faults: AssertionError where it has another version."""
    task = _task(told)
    assert task.version == __version__, (
        f"this worker has Regulars {__version__}, not {task.version}"
    )
    compiled = compile_program(msgspec.json.decode(task.program, type=Program))
    terms = alone(compiled, task.since)
    no = ""
    if task.kernel:
        found = _in_columns(terms, task)
        if not isinstance(found, str):
            return _pack(found)
        no = found
    fold = Fold(terms, Tally(*task.window), task.warns)
    part = decide(fold, task.rows, task.ends)
    return _pack(Reply([part], 0, len(part.tiers), no))


def _in_columns(terms: Terms, task: Task) -> Reply | str:
    """What kernel and fold come to together, or why the kernel decides nothing of this part."""
    try:
        from regulars.engine.replaying.kernel.apart import parts_of
        from regulars.engine.replaying.kernel.writing import NotPlain
    except ImportError:
        return NO_KERNEL
    warned = (task.window, task.ends, frozenset(task.warns))
    try:
        parts, found = parts_of(terms, task.rows, warned)
    except (NotPlain, ImportError) as no:
        return str(no)
    return Reply(parts, len(found.columns.members), found.many, found.why)


class Ask(msgspec.Struct, frozen=True):
    """What is decided on the machines: since when the terms rule, what counts, until when."""

    since: datetime
    window: tuple[int, int]
    ends: datetime
    warns: frozenset[str]
    kernel: bool = False


def tasks_of(compiled: Compiled, rows: Sequence[Happening], ask: Ask, many: int) -> list[bytes]:
    """The history in so many parts at most, each ready to be sent."""
    program = msgspec.json.encode(compiled.program)
    warns = tuple(sorted(ask.warns))
    return [
        _pack(Task(__version__, program, ask.since, ask.window, ask.ends, warns, part, ask.kernel))
        for part in parted(rows, many)
    ]


def decide_on(
    address: str, compiled: Compiled, rows: Sequence[Happening], ask: Ask
) -> tuple[Fold, str]:
    """Decide a history on the workers of the scheduler at this address; and how that was done.

    Keeps: the answer is the same as on one machine. Faults: Invalid, as `done_by` says.
    """
    # Each part in columns is compiled for itself: then as few as can be.
    each = 1 if ask.kernel else EACH
    done = done_by(
        address, decide_part, lambda at_once: tasks_of(compiled, rows, ask, each * at_once)
    )
    told = [_reply(one) for one in done.said]
    parts = [part for one in told for part in one.parts]
    return together(alone(compiled, ask.since), ask.window, parts), _how(told, done.workers)


def _how(told: Sequence[Reply], many: int) -> str:
    """In how many ways members were decided, and why not all in columns."""
    kernel, others = sum(one.in_columns for one in told), sum(one.one_by_one for one in told)
    why = max(told, key=lambda one: one.one_by_one).why
    if not kernel:
        return f"one by one, on {many} workers" + (f", since {why}" if why else "")
    says = f"{IN_COLUMNS}, on {many} workers"
    return f"{says}, {others:,} members one by one, mostly since {why}" if others else says
