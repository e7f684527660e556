"""Klaviyo: connected with a key, tried, told of everybody or once more, and left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, Invalid, NotFound
from regulars.flows.telling.hooks.klaviyo.keep_link import (
    End,
    Replay,
    Walk,
    connect,
    end,
    replay,
    walk,
)
from regulars.records.access.staff.permissions import Permission
from regulars.records.outbox.klaviyo.bulk import bulk_of
from regulars.records.outbox.klaviyo.types import SHARES
from regulars.surfaces.api.strict.ids import shown
from regulars.surfaces.connect.klaviyo.connecting import (
    Stands,
    Wanted,
    stands,
    tried,
    wish_for,
)
from regulars.surfaces.connect.klaviyo.metrics import METRICS
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here
from regulars.surfaces.console.team.event_words import SAYS
from regulars.surfaces.console.team.hook_reasons import reason_in_words
from regulars.surfaces.console.team.hooks import STATES
from regulars.surfaces.console.words import N

PAGE: Final = "/console/klaviyo"
_P: Final = Permission.KEYS_WRITE
SHARED: Final = {
    "names": N("First and last name, and language"),
    "attributes": N("Attributes, such as the birthday"),
    "values": N("What they are worth, and whether they come again"),
}
_SAID: Final = {
    "address": N("Leave it empty, or write a whole public address"),
    "key": N("Copy the private key from Klaviyo once more"),
    "list_id": N("Copy the list’s id from its address in Klaviyo, as Y6nRLr"),
    "since": N("Say a day of the last three months"),
}


async def page(
    here: Here, wrong: Any = None, form: Form | None = None, told: str | None = None
) -> Response[str]:
    """How the program is connected, how far behind that is, and what is shared."""
    found = await _stands(here)
    link = found.link if found else None
    typed = form if wrong and form is not None and form.get("turn") == "keep" else None
    shares = link.shares if link else SHARES[:1]
    return here.page(
        "sources/klaviyo.html",
        status=422 if wrong else 200,
        found=found,
        wrong=wrong or {},
        told=told,
        bulk=bulk_of(link.bulk) if link else None,
        hook=shown("hok", found.hook.hook_id) if found else "",
        hook_states=STATES,
        saying=reason_in_words,
        shared=SHARED,
        shares=typed.all("share") if typed else shares,
        list_id=typed.get("list_id") if typed else link.list_id if link else "",
        address=typed.get("address") if typed else "",
        takes_yes=typed.get("takes_yes") == "1" if typed else bool(link and link.takes_yes),
        metrics=[(name, SAYS.get(type_, "")) for type_, name in METRICS.items()],
    )


async def act(here: Here, form: Form) -> Response[Any]:
    """Connect, try, tell of everybody, tell once more, or end it."""
    turn = form.get("turn")
    if turn == "try":
        found = await _stands(here)
        if found is None:
            raise NotFound("This program is not connected with Klaviyo")
        return await page(here, told=await tried(here.given, here.terms.program_id, found.link))
    try:
        outcome = await _done(here, form, turn)
    except Invalid as fault:
        outcome = fault
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        field = outcome.field.lstrip("/")
        say = here.reader.say(_SAID[field]) if field in _SAID else here.told(outcome)
        return await page(here, {field: say}, form)
    return redirect(PAGE)


async def _done(here: Here, form: Form, turn: str) -> Any:
    if turn == "keep":
        wanted = Wanted(
            form.get("key"), form.get("address"), form.get("list_id"), form.all("share"),
            form.get("takes_yes") == "1",
        )  # fmt: skip
        wish = wish_for(here.given, here.terms.program_id, wanted, here.by)
        async with here.transaction as tx:
            return (await connect(tx, [wish]))[0]
    if turn == "everybody":
        async with here.transaction as tx:
            return (await walk(tx, [Walk(here.by, form.get("consents") == "1")]))[0]
    if turn == "end":
        async with here.transaction as tx:
            return (await end(tx, [End(here.by)]))[0]
    since = _day(here, form.get("since"))
    if since is None:
        return Invalid("Since when is not said", field="/since")
    async with here.transaction as tx:
        return (await replay(tx, [Replay(here.by, since)]))[0]


async def _stands(here: Here) -> Stands | None:
    try:
        async with here.transaction as tx:
            return await stands(tx)
    except NotFound:
        return None


def _day(here: Here, typed: str) -> datetime | None:
    """The beginning of a day here."""
    try:
        day = datetime.fromisoformat(typed[:10])
    except ValueError:
        return None
    return day.replace(tzinfo=here.version.zone).astimezone(UTC)


PAGES: Final = ((PAGE, _P, lambda here, _: page(here)),)
FORMS_DONE: Final = ((PAGE, _P, act),)
