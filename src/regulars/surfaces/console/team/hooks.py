"""Webhooks: which systems hear of events, what is on its way to them, and what is sent again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from litestar import Response
from msgspec import UNSET

from regulars.base.faults import Fault, NotFound
from regulars.flows.telling.hooks.keep_hooks import (
    ChangeHook,
    MakeHook,
    ReplayHook,
    RotateSecret,
    SendOnceMore,
    change_hooks,
    make_hooks,
    replay_hooks,
    rotate_secrets,
    send_once_more,
)
from regulars.records.access.staff.permissions import Permission
from regulars.records.outbox.events.catalogue import EVENTS
from regulars.records.outbox.hooks import read
from regulars.records.outbox.hooks.types import FORMS, SQUARE, STANDARD, Hook, secrets_of
from regulars.records.outbox.retold.types import RETOLD
from regulars.surfaces.api.strict.ids import addressed, meant, shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.event_words import GROUPS, SAYS
from regulars.surfaces.console.team.hook_reasons import reason_in_words
from regulars.surfaces.console.team.sources.entering import SAYS as ENTRY_SAYS
from regulars.surfaces.console.team.sources.entering import TYPED, entered
from regulars.surfaces.console.words import N
from regulars.surfaces.senders.brokers.operations import tried
from regulars.surfaces.senders.brokers.wishing import entry_at
from regulars.surfaces.senders.hooks.forms import FORMS as WRITTEN
from regulars.surfaces.senders.hooks.forms import secret_as
from regulars.surfaces.senders.hooks.operations import checked_url

PAGE: Final = "/console/webhooks"
MOST: Final = 50
_P: Final = Permission.KEYS_WRITE
STATES: Final = {
    "active": (N("Active"), "good", "circle-check"),
    "paused": (N("Paused"), "warn", "clock"),
    "disabled": (N("Disabled"), "bad", "circle-alert"),
}
WENT: Final = {
    "waiting": (N("On its way"), "warn", "clock"),
    "delivered": (N("Delivered"), "good", "circle-check"),
    "dead": (N("Given up"), "bad", "circle-alert"),
}


async def hooks(here: Here, wrong: Any = None, form: Form | None = None) -> Response[str]:
    """Every webhook and how it fares; a form for another one."""
    async with here.transaction as tx:
        kept, counts = await read.hooks(tx), await read.how_many(tx)
    return here.page(
        "team/hooks.html",
        status=422 if wrong else 200,
        hooks=[(shown("hok", one.hook_id), one, counts.get(one.hook_id, {})) for one in kept],
        hook_states=STATES,
        **_form_of(here, None, wrong, form),
    )


async def hook(
    here: Here, id_: str, wrong: Any = None, form: Form | None = None, heard: Any = None
) -> Response[str]:
    """One webhook: where it goes, its secret, what is on its way, and what was given up."""
    found = await _hook(here, id_)
    state = here.query.get("state", "")
    state = state if state in WENT else ""
    before = meant("evt", here.query.get("before", ""))
    async with here.transaction as tx:
        counts = (await read.how_many(tx, found.hook_id)).get(found.hook_id, {})
        sendings = await read.page(tx, found.hook_id, state, before, MOST + 1)
    rows = [(shown("evt", one.event.event_id), one) for one in sendings[:MOST]]
    secret = secrets_of(here.given.keyed, here.terms.program_id, found, here.now)[0]
    return here.page(
        "team/hook.html",
        status=422 if wrong else 200,
        id=id_,
        hook=found,
        heard=heard,
        secret=secret_as(found.form, secret),
        hook_states=STATES,
        went=WENT,
        saying=reason_in_words,
        state=state,
        counts=counts,
        rows=rows,
        following=rows[-1][0] if len(sendings) > MOST else "",
        **_form_of(here, found, wrong, form),
    )


async def ending(here: Here, id_: str) -> Response[str]:
    """Whether a webhook is really to be deleted, and what is lost with it."""
    found = await _hook(here, id_)
    async with here.transaction as tx:
        waiting = (await read.how_many(tx, found.hook_id)).get(found.hook_id, {}).get("waiting", 0)
    return here.page("team/hook_delete.html", id=id_, hook=found, waiting=waiting)


async def sending(here: Here, id_: str, event: str) -> Response[str]:
    """One event on its way to a webhook: every try, and the very body."""
    found, event_id = await _hook(here, id_), addressed("evt", event)
    async with here.transaction as tx:
        one = await read.sending(tx, found.hook_id, event_id)
        tries = (await read.tries(tx, found.hook_id, [event_id])).get(event_id, [])
    if one is None:
        raise NotFound("There is no such delivery")
    # What a vendor is told is made as it is sent, of what is known then; shown is what happened.
    body = WRITTEN.get(one.form, WRITTEN[STANDARD]).body(one, here.terms.slug)
    return here.page(
        "team/hook_event.html",
        id=id_,
        event=event,
        hook=found,
        one=one,
        tries=tries,
        went=WENT,
        saying=reason_in_words,
        body=body.decode(),
        member=shown("mem", one.event.member_id),
    )


async def make(here: Here, form: Form) -> Response[Any]:
    """Another system hears of events; the same form sent twice makes it once."""
    try:
        url = checked_url(here.given, form.get("url").strip())
        asked = here.asked(form.get("key")[:80])
        written = form.get("form", STANDARD)
        entry = entry_at(here.given, here.terms.program_id, url, entered(form))
        wish = MakeHook(
            form.get("name"), url, form.all("type"), here.by, written, asked=asked, entry=entry
        )
        async with here.transaction as tx:
            (outcome,) = await make_hooks(tx, [wish])
    except Fault as fault:
        outcome = fault
    if isinstance(outcome, Fault):
        return await hooks(here, _wrong(here, outcome), form)
    return redirect(f"{PAGE}/{shown('hok', outcome.hook.hook_id)}")


async def change(here: Here, form: Form) -> Response[Any]:
    """A webhook is another from now on, waits, goes on, or is deleted."""
    id_ = str(form.path["hook_id"])
    hook_id, turn = (await _hook(here, id_)).hook_id, form.get("turn")
    if turn == "test":
        found = await _hook(here, id_)
        return await hook(here, id_, heard=await tried(here.given, here.terms.program_id, found))
    try:
        if turn in ("active", "paused", "deleted"):
            wish = ChangeHook(hook_id, here.by, state=turn)  # type: ignore[arg-type]
        else:
            url = checked_url(here.given, form.get("url").strip())
            types, written = form.all("type"), form.get("form", STANDARD)
            entry = entry_at(here.given, here.terms.program_id, url, entered(form))
            wish = ChangeHook(hook_id, here.by, form.get("name"), url, types, written, UNSET, entry)
        async with here.transaction as tx:
            (outcome,) = await change_hooks(tx, [wish])
    except Fault as fault:
        outcome = fault
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        return await hook(here, id_, _wrong(here, outcome), form)
    return redirect(PAGE if turn == "deleted" else f"{PAGE}/{id_}")


async def rotate(here: Here, form: Form) -> Response[Any]:
    """A webhook gets another secret; the one before is good for a day where that can be."""
    id_ = str(form.path["hook_id"])
    # In Square's form there is room for one signature, so the secret before is over at once.
    lasts = timedelta(days=(await _hook(here, id_)).form != SQUARE)
    asked = here.asked(form.get("key")[:80])
    wish = RotateSecret(addressed("hok", id_), here.by, lasts, asked)
    async with here.transaction as tx:
        (outcome,) = await rotate_secrets(tx, [wish])
    return _done(outcome, id_)


async def replay(here: Here, form: Form) -> Response[Any]:
    """Everything since a day, or since an event, is sent once more."""
    id_ = str(form.path["hook_id"])
    event = meant("evt", form.get("event"))
    since = None if event else _day(here, form.get("since"))
    wish = ReplayHook(addressed("hok", id_), here.by, since, event)
    async with here.transaction as tx:
        (outcome,) = await replay_hooks(tx, [wish])
    if isinstance(outcome, Fault) and not isinstance(outcome, NotFound):
        say = here.reader.say("Say a day of the last three months")
        return await hook(here, id_, {"since": say})
    return _done(outcome, id_)


async def again(here: Here, form: Form) -> Response[Any]:
    """One event is sent once more."""
    id_, event = str(form.path["hook_id"]), str(form.path["event_id"])
    wish = SendOnceMore(addressed("hok", id_), addressed("evt", event), here.by)
    async with here.transaction as tx:
        (outcome,) = await send_once_more(tx, [wish])
    return _done(outcome, f"{id_}/{event}")


async def _hook(here: Here, id_: str) -> Hook:
    hook_id = addressed("hok", id_)
    async with here.transaction as tx:
        found = (await read.some_hooks(tx, [hook_id])).get(hook_id)
    if found is None:
        raise NotFound("There is no such webhook")
    return found


def _form_of(here: Here, kept: Hook | None, wrong: Any, form: Form | None) -> dict[str, Any]:
    """What stands in the form: what was typed, or how it is."""
    typed = form if wrong and form is not None and "url" in form.fields else None
    groups: dict[str, list[tuple[str, str]]] = {}
    square = kept is not None and kept.form == SQUARE
    for one in RETOLD if square else EVENTS:
        group = one.partition(".")[0]
        groups.setdefault(GROUPS.get(group, group), []).append((one, SAYS.get(one, "")))
    return {
        "wrong": wrong or {},
        "name": typed.get("name") if typed else kept.name if kept else "",
        "url": typed.get("url") if typed else kept.url if kept else "",
        "written": typed.get("form") if typed else kept.form if kept else STANDARD,
        "chosen": typed.all("type") if typed else kept.types if kept else (),
        "groups": groups,
        "forms": FORMS,
        "entered": {name: typed.get(name) for name in TYPED} if typed else {},
        "key": own_key(here.given.random_bytes),
    }


def _day(here: Here, typed: str) -> datetime | None:
    """The beginning of a day here."""
    try:
        day = datetime.fromisoformat(typed[:10])
    except ValueError:
        return None
    return day.replace(tzinfo=here.version.zone).astimezone(UTC)


def _done(outcome: Any, place: str) -> Response[Any]:
    if isinstance(outcome, NotFound):
        raise outcome
    return redirect(f"{PAGE}/{place}")


def _wrong(here: Here, fault: Fault) -> dict[str, str]:
    say, field = here.reader.say, fault.field.removeprefix("/broker").lstrip("/")
    words = {
        "name": say("Say a name by which you know it again"),
        "url": say("Write a whole public address, as https://example.org/hook"),
        "types": say("Choose at least one"),
        **{name: say(ENTRY_SAYS[name]) for name in TYPED},
    }
    return {field: words.get(field, here.told(fault))}


PAGES: Final = (
    (PAGE, _P, lambda here, _: hooks(here)),
    (PAGE + "/{hook_id:str}", _P, lambda here, path: hook(here, path["hook_id"])),
    (PAGE + "/{hook_id:str}/delete", _P, lambda here, path: ending(here, path["hook_id"])),
    (
        PAGE + "/{hook_id:str}/{event_id:str}",
        _P,
        lambda here, path: sending(here, path["hook_id"], path["event_id"]),
    ),
)
FORMS_DONE: Final = (
    (PAGE, _P, make),
    (PAGE + "/{hook_id:str}", _P, change),
    (PAGE + "/{hook_id:str}/secret", _P, rotate),
    (PAGE + "/{hook_id:str}/replay", _P, replay),
    (PAGE + "/{hook_id:str}/{event_id:str}", _P, again),
)
