"""Sandboxes: programs to try things in, whose clock the integrator moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from regulars.base.faults import Invalid
from regulars.flows.access.api_keys import CreateKey, create_keys
from regulars.flows.terms.keep_drafts import KeepDraft, keep_draft
from regulars.flows.terms.sandboxes import keep_sandboxes as flows
from regulars.flows.terms.sandboxes.move_clock import MoveClock, move_clock, not_a_sandbox
from regulars.records.access import read as keys
from regulars.records.access.types import Scope
from regulars.records.members.types import Asked
from regulars.records.night.sandbox import read
from regulars.records.night.sandbox.types import Sandbox
from regulars.records.outbox.hooks import read as hooks
from regulars.records.program import read as program
from regulars.records.tills import read as tills
from regulars.surfaces.api.answers import No
from regulars.surfaces.api.call import Call, Operation, Reply, granted
from regulars.surfaces.api.operations.examples import sandboxes as examples
from regulars.surfaces.api.strict.cursors import cursor_of, place_of
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.api.strict.once import Once
from regulars.surfaces.api.wire.parts import PageQuery, instant_of
from regulars.surfaces.api.wire.terms.planning import draft_shown
from regulars.surfaces.api.wire.terms.sandboxes import (
    ClockSent,
    Promoted,
    PromoteSent,
    SandboxesShown,
    SandboxMade,
    SandboxSent,
    SandboxShown,
    ToMakeAnew,
    UnsentPage,
    sandbox_shown,
    unsent_shown,
)

_WRITE: Final = (Scope.PROGRAMS_WRITE,)
_READ: Final = (Scope.PROGRAMS_READ, Scope.PROGRAMS_WRITE)
_FIRST_KEY: Final = "first key"
MOST_PORTIONS: Final = 10_000


async def make(call: Call) -> Reply:
    """A sandbox is founded, published and opened; each in a transaction of its own program."""
    sent: SandboxSent = call.sent
    wish = flows.MakeSandbox(sent.name, call.asked, sent.version)
    async with call.transaction as tx:
        founded = granted(await flows.make_sandbox(tx, wish, call.by))
    where = call.given.database.transaction(founded.program_id)
    async with where as tx:
        if not await program.latest(tx):
            by = call.caller.principal
            await flows.open_sandbox(tx, founded.source, by, call.given.aside)
        there, now = await _own(tx), tx.now
        made = None
        if not founded.replayed:
            made = granted((await create_keys(tx, call.given.random_bytes, [_key(call)]))[0])
    key_id = shown("key", made.key.key_id) if made else None
    body = SandboxMade(sandbox_shown(there, now), key_id, made.shown if made else None)
    return Reply(body, 201, replayed=founded.replayed, location=f"/v1/sandboxes/{sent.name}")


def _key(call: Call) -> CreateKey:
    """A test key that may what its maker may, and no more."""
    scopes = tuple(sorted(call.caller.scopes))
    return CreateKey(
        name=_FIRST_KEY, scopes=scopes, created_by=call.caller.principal, mode="test",
        may=call.caller.scopes, per_minute=call.caller.per_minute,
    )  # fmt: skip


async def listed(call: Call) -> Reply:
    """Every sandbox of the program."""
    async with call.transaction as tx:
        found, now = await read.sandboxes(tx), tx.now
    return Reply(SandboxesShown([sandbox_shown(one, now + one.ahead) for one in found]))


async def one(call: Call) -> Reply:
    """One sandbox."""
    async with call.transaction as tx:
        there, now = await flows.the_sandbox(tx, call.ids["name"]), tx.now
    return Reply(sandbox_shown(there, now + there.ahead))


async def renew(call: Call) -> Reply:
    """A sandbox begins anew."""
    name, by = call.ids["name"], call.caller.principal
    await emptied(call.given.database.transaction, call.caller.program_id, name)
    async with call.transaction as tx:
        there, now = await flows.renew_sandbox(tx, name, call.by, by), tx.now
    call.access.forget()
    return Reply(sandbox_shown(there, now))


async def end(call: Call) -> Reply:
    """A sandbox goes."""
    transaction, name = call.given.database.transaction, call.ids["name"]
    await emptied(transaction, call.caller.program_id, name)
    async with call.transaction as tx:
        gone, now = await flows.end_sandbox(tx, name, call.by), tx.now
    call.access.forget()
    return Reply(sandbox_shown(gone, now + gone.ahead))


async def promote(call: Call) -> Reply:
    """What a sandbox promises becomes a draft of the program."""
    sent: PromoteSent = call.sent
    async with call.transaction as tx:
        there = await flows.the_sandbox(tx, call.ids["name"])
    source, anew = await inside(call.given.database.transaction, there.program_id)
    wish = KeepDraft(sent.draft, source, sent.revision, call.caller.principal)
    async with call.transaction as tx:
        draft, fresh = await keep_draft(tx, wish)
    where = f"/v1/programs/drafts/{draft.name}"
    status = 201 if draft.revision == 1 else 200
    body = Promoted(draft_shown(draft), anew)
    return Reply(body, status, replayed=not fresh, location=where if status == 201 else "")


async def emptied(transaction: Callable[[int], Any], program_id: int, name: str) -> None:
    """A sandbox that is to go is emptied in portions; one that is still filled meanwhile is left to
    the end."""
    for _ in range(MOST_PORTIONS):
        async with transaction(program_id) as tx:
            if await flows.clear_sandbox(tx, name):
                return


async def inside(
    transaction: Callable[[int], Any], program_id: int
) -> tuple[str, list[ToMakeAnew]]:
    """The newest file of a sandbox, and what of it does not come along."""
    async with transaction(program_id) as tx:
        versions = await program.versions(tx)
        opened = [key for key in await keys.keys(tx) if key.is_open]
        heard, stores = await hooks.hooks(tx), await tills.stores(tx)
    anew = [
        *(ToMakeAnew("api_key", key.name, ", ".join(sorted(key.scopes))) for key in opened),
        *(ToMakeAnew("webhook", hook.name, hook.url) for hook in heard),
        *(ToMakeAnew("store", one.code, one.name) for one in stores.values()),
    ]
    return (versions[-1].source if versions else ""), anew


async def clock(call: Call) -> Reply:
    """What the clock of this sandbox shows."""
    async with call.transaction as tx:
        return Reply(sandbox_shown(await _own(tx), tx.now))


async def move(call: Call) -> Reply:
    """The clock of this sandbox goes forward."""
    wish = _wish(call.sent, call.asked)
    async with call.transaction as tx:
        done = granted(await move_clock(tx, wish))
        there, now = await _own(tx), tx.now
    return Reply(sandbox_shown(there, now), 202, replayed=done.replayed)


def _wish(sent: ClockSent, asked: Asked) -> MoveClock:
    """Faults: Invalid unless exactly one way is said."""
    to = instant_of(sent.to, "/to")
    if [to, sent.days, sent.minutes].count(None) != 2:
        raise Invalid("say `to`, `days` or `minutes`, and one of them only", field="/to")
    by = timedelta(days=sent.days or 0, minutes=sent.minutes or 0)
    return MoveClock(asked, to) if to is not None else MoveClock(asked, by=by)


async def unsent(call: Call) -> Reply:
    """What would have been sent to people."""
    query: PageQuery = call.query
    before = place_of(query.cursor, tuple[datetime, UUID])
    async with call.transaction as tx:
        await _own(tx)
        found = await read.unsent(tx, query.limit + 1, before)
    page, more = found[: query.limit], len(found) > query.limit
    cursor = cursor_of((page[-1].written_at, page[-1].delivery_id)) if more else None
    return Reply(UnsentPage([unsent_shown(letter) for letter in page], more, cursor))


async def _own(tx: Any) -> Sandbox:
    """This program as a sandbox. Raises: No where it is none."""
    there = await read.own(tx)
    if there is None:
        raise No(not_a_sandbox())
    return there


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/sandboxes",
        name="make_sandbox",
        tag="Sandboxes",
        says="Make a sandbox of the program, with a test key",
        do=make,
        notes="It promises what the version says, has nobody in it, and a clock of its own. Sent "
        "again under its Idempotency-Key it is the same sandbox, and `key` is null.",
        sent=SandboxSent,
        answers={201: SandboxMade},
        example=examples.WANTED,
        answer_example=examples.MADE,
        codes=("in_a_sandbox", "sandbox_exists", "too_many_sandboxes", "not_found"),
        scopes=_WRITE,
    ),
    Operation(
        method="GET",
        path="/v1/sandboxes",
        name="list_sandboxes",
        tag="Sandboxes",
        says="The sandboxes of the program, oldest first",
        do=listed,
        scopes=_READ,
        answers={200: SandboxesShown},
        answer_example={"items": [examples.SANDBOX]},
    ),
    Operation(
        method="GET",
        path="/v1/sandboxes/{name}",
        name="get_sandbox",
        tag="Sandboxes",
        says="One sandbox, and how far its clock is",
        do=one,
        scopes=_READ,
        codes=("not_found",),
        answers={200: SandboxShown},
        answer_example=examples.SANDBOX,
    ),
    Operation(
        method="POST",
        path="/v1/sandboxes/{name}/renew",
        name="renew_sandbox",
        once=Once.ANEW,
        tag="Sandboxes",
        says="Begin a sandbox anew, as on its first day",
        do=renew,
        notes="Everybody and everything in it goes, and its clock shows our time again. Its terms, "
        "stores, words and keys stay; webhooks are made anew.",
        codes=("not_found",),
        scopes=_WRITE,
        answers={200: SandboxShown},
        answer_example=examples.SANDBOX,
    ),
    Operation(
        method="POST",
        path="/v1/sandboxes/{name}/promote",
        name="promote_sandbox",
        once=Once.AGAIN,
        tag="Sandboxes",
        says="Take home what a sandbox promises, as a draft of the program",
        do=promote,
        notes="The draft is compared and published as any other. `make_anew` lists what does not "
        "come along.",
        sent=PromoteSent,
        answers={201: Promoted, 200: Promoted},
        example={"draft": "spring-menu", "revision": 0},
        answer_example=examples.PROMOTED,
        codes=("not_found", "draft_changed"),
        scopes=_WRITE,
    ),
    Operation(
        method="DELETE",
        path="/v1/sandboxes/{name}",
        name="end_sandbox",
        once=Once.AGAIN,
        tag="Sandboxes",
        says="Delete a sandbox with everything in it",
        do=end,
        codes=("not_found",),
        scopes=_WRITE,
        answers={200: SandboxShown},
        answer_example=examples.SANDBOX,
    ),
    Operation(
        method="GET",
        path="/v1/sandbox",
        name="get_clock",
        tag="Sandboxes",
        says="The sandbox this key opens, and what its clock shows",
        do=clock,
        scopes=_READ,
        codes=("not_a_sandbox",),
        answers={200: SandboxShown},
        answer_example=examples.SANDBOX,
    ),
    Operation(
        method="POST",
        path="/v1/sandbox/clock",
        name="move_clock",
        tag="Sandboxes",
        says="Move the clock of this sandbox forward",
        do=move,
        notes="At most three years at once. Every night on the way is done: points lapse, tiers "
        "are looked at, holds end, members are told. It goes on after this answer; ask "
        "`GET /v1/sandbox` until `moving` is null.",
        sent=ClockSent,
        answers={202: SandboxShown},
        example={"days": 30},
        answer_example=examples.MOVING,
        codes=("not_a_sandbox", "clock_is_moving", "clock_only_forward", "clock_too_far"),
        scopes=_WRITE,
    ),
    Operation(
        method="GET",
        path="/v1/sandbox/unsent",
        name="list_unsent",
        tag="Sandboxes",
        says="Letters and text messages that would have been sent, newest first",
        do=unsent,
        scopes=(Scope.MEMBERS_READ,),
        query=PageQuery,
        answers={200: UnsentPage},
        answer_example=examples.UNSENT,
        codes=("not_a_sandbox", "bad_cursor"),
    ),
)
"""The first are for a key of the program; the last, below `/v1/sandbox`, for one of the sandbox."""
