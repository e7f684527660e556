"""Web shops: a public key for the pages of each, from where they may come, and what to copy."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response

from regulars.base.faults import Fault, NotFound
from regulars.flows.access.api_keys import CreateKey, ShowAt, create_keys, revoke_keys, show_keys_at
from regulars.records.access import read
from regulars.records.access.types import Scope
from regulars.surfaces.api.strict.ids import addressed, shown
from regulars.surfaces.api.strict.once import own_key
from regulars.surfaces.console.door.paper import redirect
from regulars.surfaces.console.form import Form
from regulars.surfaces.console.here import Here

PAGE: Final = "/console/web-shop"
_MAY: Final = frozenset({Scope.ALL})
"""Who comes to these pages may connect a web shop."""


async def web_shops(here: Here, wrong: Any = None, form: Form | None = None) -> Response[str]:
    """Every web shop with what stands on its pages; a form for another one."""
    async with here.transaction as tx:
        kept = [one for one in await read.keys(tx) if one.origins and one.is_open]
    return here.page(
        "team/web_shops.html",
        status=422 if wrong else 200,
        shops=[(shown("key", one.key_id), one, snippet(here.origin, one.shown)) for one in kept],
        wrong=wrong or {},
        name=form.get("name") if form else "",
        origins=form.get("origins") if form else "",
        codes=bool(here.given.channels),
        key=own_key(here.given.random_bytes),
    )


async def make(here: Here, form: Form) -> Response[Any]:
    """A web shop is connected; the same form sent twice connects it once."""
    command = CreateKey(
        name=form.get("name").strip(),
        scopes=(Scope.SHOP,),
        created_by=here.staff.principal,
        may=_MAY,
        asked=here.asked(form.get("key")[:80]),
        origins=tuple(form.get("origins").split()),
        address=here.address,
    )
    async with here.transaction as tx:
        (outcome,) = await create_keys(tx, here.given.random_bytes, [command])
    if isinstance(outcome, Fault):
        return await web_shops(here, wrong=_wrong(here, outcome), form=form)
    return redirect(PAGE)


async def change(here: Here, form: Form) -> Response[Any]:
    """Its pages come from somewhere else, or it is disconnected."""
    key_id = addressed("key", str(form.path["key_id"]))
    async with here.transaction as tx:
        if form.get("end") == "yes":
            outcome: Any = (await revoke_keys(tx, [key_id], here.by))[0]
        else:
            wish = ShowAt(key_id, tuple(form.get("origins").split()), _MAY)
            outcome = (await show_keys_at(tx, [wish], here.by))[0]
    here.house.forget_keys()
    if isinstance(outcome, NotFound):
        raise outcome
    if isinstance(outcome, Fault):
        wrong = {f"origins-{shown('key', key_id)}": _wrong(here, outcome)["origins"]}
        return await web_shops(here, wrong=wrong)
    return redirect(PAGE)


def snippet(home: str, key: str) -> str:
    """What a shop puts on its pages."""
    return f'<script src="{home}/shop/regulars.js" data-key="{key}" defer></script>'


def _wrong(here: Here, fault: Fault) -> dict[str, str]:
    say, field = here.reader.say, fault.field.lstrip("/").split("/")[0]
    if field == "name":
        return {"name": say("Say a name by which you know it again")}
    if field == "origins" and fault.field != "/origins":
        return {"origins": say("Write each in full and with https, as https://shop.example")}
    return {"origins": say("Write where its pages are, as https://shop.example")}
