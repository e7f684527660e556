"""Somebody makes a hook, changes it, gives it another secret, or asks for what was sent again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from regulars.base.alone import Alone, waiting_for
from regulars.base.faults import Fault, Invalid, NotFound
from regulars.base.tx import Tx, Write
from regulars.flows.batch.askings import each_once
from regulars.flows.telling.follow import LONGEST_TRANSACTION
from regulars.records.access.staff.types import By
from regulars.records.access.staff.write import Done, acted
from regulars.records.activity.types import NOBODY
from regulars.records.members.types import Asked
from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.outbox.following import read as following
from regulars.records.outbox.hooks import read, write
from regulars.records.outbox.hooks.brokers import write as brokers
from regulars.records.outbox.hooks.replays.write import ask, over
from regulars.records.outbox.hooks.rules import OVERLAP
from regulars.records.outbox.hooks.types import FORMS, SQUARE, STANDARD, VENDORS, Entry, Hook
from regulars.records.outbox.retold import types as retold
from regulars.records.outbox.retold import write as retelling
from regulars.records.program import read as programs

MOST_HOOKS: Final = 50
LONGEST_NAME: Final = 80
LONGEST_URL: Final = 2000
WEB: Final = ("https://", "http://")
BROKERS: Final = ("nats://", "nats+tls://", "kafka://", "kafka+tls://")
_LOCK: Final = waiting_for(Alone.HOOKS)


class MakeHook(Struct, frozen=True):
    """Another system wants to hear of events; `since` also of some that happened before."""

    name: str
    url: str
    types: tuple[str, ...]
    by: By
    form: str = STANDARD
    since: datetime | None = None
    asked: Asked = Asked()
    entry: Entry | None = None
    """Of a broker: as whom we come in."""


class ChangeHook(Struct, frozen=True):
    """A hook is another from now on; what is not said stays."""

    hook_id: UUID
    by: By
    name: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    types: tuple[str, ...] | UnsetType = UNSET
    form: str | UnsetType = UNSET
    state: Literal["active", "paused", "deleted"] | UnsetType = UNSET
    entry: Entry | UnsetType | None = UNSET
    """Of a broker: as whom we come in. Its password stays where account and broker do."""


class RotateSecret(Struct, frozen=True):
    """A hook gets another secret; the one before is good beside it for so long."""

    hook_id: UUID
    by: By
    overlap: timedelta = timedelta(days=1)
    asked: Asked = Asked()


class ReplayHook(Struct, frozen=True):
    """Everything since an instant, or since an event, is sent to a hook once more."""

    hook_id: UUID
    by: By
    since: datetime | None = None
    event_id: UUID | None = None


class SendOnceMore(Struct, frozen=True):
    """One event is sent to a hook once more, outside of its line."""

    hook_id: UUID
    event_id: UUID
    by: By


class HookMade(Struct, frozen=True):
    """A new hook; asked for again under its key, the same one."""

    hook: Hook
    replayed: bool = False


HookOutcome = Hook | Fault
MadeOutcome = HookMade | Fault


async def make_hooks(tx: Tx, batch: Sequence[MakeHook]) -> list[MadeOutcome]:
    """Make these hooks, each once; they hear of what is committed from now on.

    Faults, each for its own item: `invalid` name, address, types or form, or more hooks than a
    program can have; `key_reused`.
    """
    await tx.fetch(_LOCK, tx.program_id)
    there = [one.hook_id for one in await read.hooks(tx)]

    async def make(wish: MakeHook) -> tuple[HookMade, UUID] | Fault:
        fault = _wrong(wish) or _too_many(len(there))
        if fault is not None:
            return fault
        made = HookMade(await _make(tx, wish))
        there.append(made.hook.hook_id)
        return made, made.hook.hook_id

    return await each_once(tx, "make_hook", batch, HookMade, make)


async def change_hooks(tx: Tx, batch: Sequence[ChangeHook]) -> list[HookOutcome]:
    """Each of these is another from now on; made active again it goes on where it was.

    Faults, each for its own item: `not_found`; `invalid` as when it is made.
    """
    return [await _changed(tx, one) for one in batch]


async def rotate_secrets(tx: Tx, batch: Sequence[RotateSecret]) -> list[MadeOutcome]:
    """Each of these has another secret from now on; the one before signs beside it for a while.

    Asked for again under its key, it is not changed again.
    Faults, each for its own item: `not_found`; `invalid` overlap, or one while the one
    before it runs; `key_reused`.
    """
    await tx.fetch(_LOCK, tx.program_id)

    async def rotate(wish: RotateSecret) -> tuple[HookMade, UUID] | Fault:
        made = await _rotated(tx, wish)
        return made if isinstance(made, Fault) else (made, made.hook.hook_id)

    return await each_once(tx, "rotate_secret", batch, HookMade, rotate)


async def replay_hooks(tx: Tx, batch: Sequence[ReplayHook]) -> list[HookOutcome]:
    """What each of these was sent since then is to be sent once more, in the order of each member.

    Order: it is written down, and the worker moves it back portion by portion (`move_back`).
    Keeps: ids and bodies are the same as the first time, so whoever has something leaves it out.
    Faults, each for its own item: `not_found`; `invalid` when it is forgotten by now.
    """
    outcomes: list[HookOutcome] = []
    for one in batch:
        hook = (await read.some_hooks(tx, [one.hook_id], held=True)).get(one.hook_id)
        if hook is None:
            outcomes.append(_missing())
            continue
        await read.reach(tx, hook.hook_id)  # held: nothing is forgotten meanwhile
        since = await _since(tx, one)
        if isinstance(since, Fault):
            outcomes.append(since)
            continue
        told = Done(one.by, "hook.replayed", "hook", hook.hook_id.hex, {}, {"since": str(since)})
        await tx.write([*ask(tx, hook.hook_id, since), *acted(tx, [told])])
        outcomes.append((await read.some_hooks(tx, [hook.hook_id]))[hook.hook_id])
    return outcomes


async def send_once_more(tx: Tx, batch: Sequence[SendOnceMore]) -> list[HookOutcome]:
    """Each of these events is sent once more; what waits is on its way anyway.

    Faults, each for its own item: `not_found`; `invalid` for what still waits.
    """
    outcomes: list[HookOutcome] = []
    for one in batch:
        hook = (await read.some_hooks(tx, [one.hook_id])).get(one.hook_id)
        found = await read.sending(tx, one.hook_id, one.event_id) if hook else None
        if hook is None or found is None:
            outcomes.append(_missing())
        elif found.state == "waiting":
            outcomes.append(
                Invalid(
                    "This is on its way and is tried by itself",
                    field="/event_id",
                    mend="Wait for it, or look at its tries",
                )
            )
        else:
            told = Done(one.by, "hook.sent_again", "hook", hook.hook_id.hex)
            await tx.write([*write.again(tx, hook.hook_id, found), *acted(tx, [told])])
            outcomes.append(hook)
    return outcomes


async def _make(tx: Tx, wish: MakeHook) -> Hook:
    hook = Hook(
        hook_id=tx.new_id(),
        name=wish.name.strip(),
        url=wish.url,
        form=wish.form,
        state="active",
        reason="",
        secret_number=1,
        old_until=None,
        made_at=tx.now,
        made_by=wish.by.actor,
        types=tuple(sorted(set(wish.types))),
        entry=wish.entry,
    )
    from_tx, cluster, _ = await following.horizon(tx)
    if wish.form == SQUARE:
        await _begin_retelling(tx)
    floor_at = min(wish.since or tx.now, tx.now) - LONGEST_TRANSACTION
    if wish.since is not None:
        first = await read.first_tx(tx, wish.since)
        from_tx = from_tx if first is None else min(first, from_tx)
    told = Done(wish.by, "hook.made", "hook", hook.hook_id.hex, {}, _told(hook))
    await tx.write(
        [
            *write.make(tx, hook),
            *brokers.keep(tx, hook.hook_id, hook.entry),
            *write.wish(tx, hook.hook_id, from_tx, hook.types),
            *write.begin(tx, read.Reach(hook.hook_id, from_tx, NOBODY, cluster, floor_at)),
            *acted(tx, [told]),
        ]
    )
    return hook


async def _begin_retelling(tx: Tx) -> None:
    """Whoever is the first to want it has what happens from now on retold."""
    from_tx, cluster, _ = await following.horizon(tx)
    floor_at, ruling = tx.now - LONGEST_TRANSACTION, await programs.ruling(tx)
    begins = retold.Reach(from_tx, NOBODY, cluster, floor_at, ruling)
    await tx.write(retelling.begin(tx, SQUARE, begins))


async def _rotated(tx: Tx, wish: RotateSecret) -> MadeOutcome:
    hook = (await read.some_hooks(tx, [wish.hook_id], held=True)).get(wish.hook_id)
    if hook is None:
        return _missing()
    if not timedelta() <= wish.overlap <= OVERLAP:
        mend = "Say 0 to 168 hours"
        return Invalid(
            "Both secrets are good for a week at most", field="/overlap_hours", mend=mend
        )
    if wish.overlap and hook.old_until is not None and tx.now < hook.old_until:
        mend = (
            f"Wait until {hook.old_until:%Y-%m-%dT%H:%MZ}, or say 0: then only the new one is good"
        )
        return Invalid(
            "The secret before is still good, and a third one would end it",
            field="/overlap_hours",
            mend=mend,
        )
    after = replace(hook, secret_number=hook.secret_number + 1, old_until=tx.now + wish.overlap)
    told = Done(wish.by, "hook.secret_changed", "hook", hook.hook_id.hex)
    await tx.write([*write.change(tx, after), *acted(tx, [told])])
    return HookMade(after)


async def _changed(tx: Tx, wish: ChangeHook) -> HookOutcome:
    if wish.form == SQUARE:  # before any webhook is held, as whoever makes one does
        await tx.fetch(_LOCK, tx.program_id)
    hook = (await read.some_hooks(tx, [wish.hook_id], held=True)).get(wish.hook_id)
    if hook is None:
        return _missing()
    said = {
        name: value
        for name in ("name", "url", "types", "form", "state", "entry")
        if (value := getattr(wish, name)) is not UNSET
    }
    if hook.form in VENDORS and set(said) - {"state"} | {said.get("state")} & {"deleted"}:
        mend = f"Change or end the connection with {hook.form.title()} instead"
        return Invalid(
            f"This is how {hook.form.title()} is told", field=f"/{next(iter(said))}", mend=mend
        )
    after = replace(hook, **said)
    after = replace(after, entry=_entry(hook, after, is_new=wish.entry is not UNSET))
    after = replace(after, name=after.name.strip(), types=tuple(sorted(set(after.types))))
    fault = _wrong(after)
    if fault is not None:
        return fault
    if after.state == "active" and (hook.state != "active" or after.url != hook.url):
        after = replace(after, reason="", failures=0, failing_since=None, rest_until=None)
    if after.state == "deleted":
        after = replace(after, replaying=None)
        await tx.write(over(tx, hook.hook_id))
        after = replace(after, entry=None)
    if after.entry != hook.entry:
        await tx.write(brokers.keep(tx, hook.hook_id, after.entry))
    if after.form == SQUARE != hook.form:
        await _begin_retelling(tx)
    told = Done(wish.by, "hook.changed", "hook", hook.hook_id.hex, _told(hook), _told(after))
    await tx.write([*write.change(tx, after), *acted(tx, [told] if after != hook else [])])
    if after.types != hook.types:
        await tx.write(await _wishes(tx, hook, after))
    return after


async def _wishes(tx: Tx, hook: Hook, after: Hook) -> list[Write]:
    """What it wants and no longer wants, from where its events were not looked at yet."""
    reach = await read.reach(tx, hook.hook_id)
    # Of a transaction that was half looked at, the rest is told as before.
    from_tx = reach.below_tx + (reach.after_id != NOBODY)
    more = sorted(set(after.types) - set(hook.types))
    fewer = sorted(set(hook.types) - set(after.types))
    return [
        *write.unwish(tx, hook.hook_id, from_tx, fewer),
        *write.wish(tx, hook.hook_id, from_tx, more),
    ]


async def _since(tx: Tx, one: ReplayHook) -> datetime | Fault:
    since = one.since
    if one.event_id is not None:
        found = await read.sending(tx, one.hook_id, one.event_id)
        if found is None:
            return _missing()
        since = found.event.recorded_at
    if since is None:
        mend = "Say since when, or since which event"
        return Invalid("Since when is not said", field="/since", mend=mend)
    kept_since = await read.swept_at(tx, one.hook_id)
    if kept_since is not None and since < kept_since:
        mend = f"Say an instant after {kept_since:%Y-%m-%d}"
        return Invalid("What was sent is kept for 90 days", field="/since", mend=mend)
    return since


def _wrong(hook: MakeHook | Hook) -> Fault | None:
    if isinstance(hook, Hook) and hook.form in VENDORS:
        return None
    if not 0 < len(hook.name.strip()) <= LONGEST_NAME or not hook.name.isprintable():
        mend = f"Send 1 to {LONGEST_NAME} characters, as in Warehouse"
        return Invalid("A hook needs a name you know it by", field="/name", mend=mend)
    broker = hook.url.startswith(BROKERS)
    if not (broker or hook.url.startswith(WEB)) or len(hook.url) > LONGEST_URL:
        mend = "Send an address as https://example.org/regulars"
        return Invalid("This is no address events can be sent to", field="/url", mend=mend)
    if hook.form not in FORMS or (broker and hook.form == SQUARE):
        mend = f"Choose from {', '.join(FORMS)}"
        return Invalid("There is no such form", field="/form", mend=mend)
    there_are = retold.RETOLD if hook.form == SQUARE else EVENTS
    unknown = [one for one in hook.types if one not in there_are]
    if unknown or not hook.types:
        says = f"There is no event {unknown[0][:60]!r}" if unknown else "It hears of nothing"
        return Invalid(says, field="/types", mend="Choose types from the reference of events")
    return None


def _too_many(count: int) -> Fault | None:
    if count < MOST_HOOKS:
        return None
    mend = "Delete one that nobody needs"
    return Invalid(f"A program has at most {MOST_HOOKS} webhooks", field="/url", mend=mend)


def _entry(before: Hook, after: Hook, *, is_new: bool) -> Entry | None:
    """As whom we come in from now on.

    Keeps: a password goes with no other machine and no other name than it was entered for.
    """
    if not after.url.startswith(BROKERS):
        return None
    entry = after.entry or Entry()
    if is_new and entry.keys:
        return entry
    was = before.entry or Entry()
    same = (_host(before.url), was.account) == (_host(after.url), entry.account)
    return replace(entry, keys=was.keys if same else b"")


def _host(url: str) -> str:
    """Up to where the host ends, by what it is called: `nats://broker.example.org:4222`."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _missing() -> NotFound:
    return NotFound("There is no such webhook or delivery", field="/webhook_id")


def _told(hook: Hook) -> dict[str, object]:
    """What the audit log says of it; its address stands there without what may be secret."""
    return {
        "host": hook.url.split("?")[0].split("/")[2],
        "types": list(hook.types),
        "form": hook.form,
        "state": hook.state,
    }
