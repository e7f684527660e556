"""Once: which commands of a batch are new, which were answered before, which reuse a key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from regulars.base.faults import Fault, KeyReused, Refused
from regulars.base.named import made
from regulars.base.tx import Tx
from regulars.records.activity.types import NOBODY
from regulars.records.members.erasure.types import FORGOTTEN
from regulars.records.members.types import Asked
from regulars.records.once.read import known
from regulars.records.once.types import Known, digest, idempotency_key
from regulars.records.once.write import Kept, keep

Command = TypeVar("Command", bound=Struct)
_NOBODY = Asked()
_NO = (Fault, Refused)
_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class Asking(Struct, Generic[Command]):
    """One command of a batch on its way to its outcome."""

    place: int
    command: Command
    content: UUID
    keys: list[UUID]
    receipt: UUID | None = None
    """The natural key, which is one of the keys."""
    outcome: Any = None
    amount_minor: int = 0
    """Of an activity that was found to be well told: what it came to."""
    stands: tuple[UUID, UUID, bytes] | None = None
    """Once answered: member, subject and the answer its keys stand for."""
    fresh_keys: list[UUID] = []
    """Keys of an answered request that stand for nothing yet: a receipt under a further key."""
    follows: int | None = None
    """The place of the same request earlier in this batch, whose outcome this one shares."""

    @property
    def open(self) -> bool:
        """Still to be decided."""
        return self.outcome is None and self.follows is None


def askings(
    operation: str | Callable[[Command], str],
    batch: Sequence[Command],
    natural: Callable[[Command], UUID | None],
) -> list[Asking[Command]]:
    """Every command with its keys and a digest of its content.

    The digest leaves out who asks and under which key, so the same receipt under a new key is
    still the same receipt.
    """
    found = []
    for place, command in enumerate(batch):
        asked = command.asked  # type: ignore[attr-defined]
        named = operation if isinstance(operation, str) else operation(command)
        keys = [idempotency_key(asked.principal, named, asked.key)] if asked.key else []
        receipt = natural(command)
        if receipt is not None:
            keys.append(receipt)
        told = command if asked == _NOBODY else replace(command, asked=_NOBODY)
        content = digest(named, _encode(told))
        found.append(Asking(place, command, content, keys, receipt))
    return found


async def sort_out(
    tx: Tx, all_asked: Sequence[Asking[Any]], answer: type, extra: Sequence[UUID] = ()
) -> dict[UUID, Known]:
    """Give commands that were asked before their first answer, or the fault of a reused key.

    Answers what was found, also for the `extra` keys (sales that returns name).
    """
    found = await known(tx, [key for asked in all_asked for key in asked.keys] + list(extra))
    first: dict[UUID, Asking[Any]] = {}
    for asked in all_asked:
        for key in asked.keys:
            before = found.get(key)
            if before is not None and asked.open:
                asked.outcome = _again(asked, before, answer)
                asked.fresh_keys = [key for key in asked.keys if key not in found]
            earlier = first.get(key)
            if earlier is not None and asked.open:
                _follow(asked, earlier)
        if asked.open:  # what was answered already stands for nothing else in this batch
            for key in asked.keys:
                first[key] = asked
    return found


async def look_again(tx: Tx, decided: Sequence[Asking[Any]], answer: type) -> None:
    """What was refused may be the repeat of a request that was done while we waited for the lock.

    Order: after the members are locked and all is decided. Without it a till that asks twice at
    once is told “not enough points” by the second answer although the first had them.
    """
    refused = [one for one in decided if one.keys and isinstance(one.outcome, _NO)]
    found = await known(tx, [key for one in refused for key in one.keys])
    for one in refused:
        for key in one.keys:
            if key in found:
                one.outcome = _again(one, found[key], answer)


async def each_once(
    tx: Tx,
    operation: str,
    batch: Sequence[Command],
    answer: type,
    do: Callable[[Command], Awaitable[tuple[Any, UUID] | Fault]],
) -> list[Any]:
    """Do these one after the other, each once under its key; about no member.

    Assumes: whoever could ask the same at the same time waits for a lock that is held already.
    `do` gives the answer, and the id of what its key stands for from now on.
    """
    asked = askings(operation, batch, lambda _: None)
    await sort_out(tx, asked, answer)
    rows = []
    for item in asked:
        if item.open:
            done = await do(item.command)
            item.outcome = done if isinstance(done, Fault) else done[0]
            if not isinstance(done, Fault):
                rows += kept(item, NOBODY, done[1])
    await tx.write(keep(tx, rows))
    return settle_followers(asked)


def settle_followers(all_asked: Sequence[Asking[Any]]) -> list[Any]:
    """The outcomes in the order they were asked for; repeats get the first one's."""
    for asked in all_asked:
        if asked.follows is not None:
            first = all_asked[asked.follows].outcome
            replayed = hasattr(first, "replayed")
            asked.outcome = replace(first, replayed=True) if replayed else first
    return [asked.outcome for asked in all_asked]


def further_keys(all_asked: Sequence[Asking[Any]]) -> list[Kept]:
    """Rows for keys under which something was asked again that is known by another key."""
    rows: dict[UUID, Kept] = {}
    for asked in all_asked:
        first = asked if asked.follows is None else all_asked[asked.follows]
        fresh = asked.fresh_keys
        if asked.follows is not None:
            fresh = [key for key in asked.keys if key not in first.keys]
        if first.stands is not None:
            rows |= {key: Kept(key, asked.content, *first.stands) for key in fresh}
    return list(rows.values())


def kept(asked: Asking[Any], member_id: UUID, subject_id: UUID) -> list[Kept]:
    """The rows that make this command's keys stand for its answer."""
    answer = _encode(asked.outcome)
    asked.stands = (member_id, subject_id, answer)
    return [made(Kept, (key, asked.content, member_id, subject_id, answer)) for key in asked.keys]


def _again(asked: Asking[Any], before: Known, answer: type) -> Any:
    # Of an erased member the content is forgotten: the key alone says that it was done.
    if before.content not in (asked.content, FORGOTTEN):
        return reused()
    try:
        first: Any = msgspec.msgpack.decode(before.answer, type=answer)
    except msgspec.ValidationError:
        if before.content != FORGOTTEN:
            raise
        return reused()  # a key that both tills and partners use was used by the other one
    asked.stands = (before.member_id, before.subject_id, before.answer)
    return replace(first, replayed=True)


def _follow(asked: Asking[Any], earlier: Asking[Any]) -> None:
    if earlier.content != asked.content:
        asked.outcome = reused()
    elif earlier.follows is not None:
        asked.follows = earlier.follows
    else:
        asked.follows = earlier.place


def reused() -> Fault:
    """The fault for a key or receipt that came with other content before."""
    return KeyReused(
        "this key or receipt was used before with other content; "
        "send the same content again, or a new key for something new"
    )
